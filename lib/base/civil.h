/* SPDX-License-Identifier: MIT */
/* Calendar arithmetic of the proleptic Gregorian calendar; it knows no zones. */
#ifndef TIX_BASE_CIVIL_H
#define TIX_BASE_CIVIL_H

#include <stdint.h>

/* A local time with what its zone says about it. */
struct civil {
	int y, m, d; /* month and day from 1 */
	int h, mi, s, us;
	int offset;   /* seconds east of UTC */
	char abbr[8]; /* as in "CEST", "+03" */
};

/* Days since 1970-01-01. m must be 1 to 12; d may be outside of its month. */
int64_t civil_days(int y, int m, int d);
void civil_from_days(int64_t days, int *ret_y, int *ret_m, int *ret_d);

/* 0 = Sunday. */
int civil_weekday(int64_t days);
int civil_month_length(int y, int m);

/* Seconds since 1970-01-01 00:00 as if the local time were UTC. */
int64_t civil_seconds(const struct civil *c);

/* The fields y to s of that; us, offset and abbr are left alone. */
void civil_from_seconds(int64_t seconds, struct civil *ret);

#endif
