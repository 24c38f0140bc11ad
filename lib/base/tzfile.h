/* SPDX-License-Identifier: MIT */
/* A zone's data as read from a TZif file and its rule for the years after. For zone.c and its
 * tests. */
#ifndef TIX_BASE_TZFILE_H
#define TIX_BASE_TZFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tz_type {
	int32_t offset; /* seconds east of UTC */
	char abbr[8];
};

/* One change of the year: kind 'J' (day 1 to 365, no leap day), 'D' (0 to 365), 'M' (month, week,
 * weekday). */
struct tz_change {
	char kind;
	int month, week, day;
	int32_t time; /* seconds after local midnight, may be negative or beyond a day */
};

struct tz_rule {
	bool present, has_dst;
	struct tz_type std, dst;
	struct tz_change to_dst, to_std;
};

struct tz_data {
	size_t n_at, n_types;
	int64_t *at;	/* seconds, ascending; freed by tz_done */
	uint8_t *index; /* type from at[i] on */
	struct tz_type *types;
	struct tz_rule rule; /* from the last at[] on */
};

/* Parse a whole TZif file (version 2 or later). 0 or -1; nothing to free on failure. */
int tz_parse(const void *file, size_t size, struct tz_data *ret);
void tz_done(struct tz_data *tz);

/* Parse a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3"; "" gives present = false. */
int tz_rule_parse(const char *text, struct tz_rule *ret);

/* The two changes of a year in UTC seconds; only for rules with has_dst. */
void tz_rule_year(const struct tz_rule *r, int year, int64_t *ret_to_dst, int64_t *ret_to_std);

/* The type in force at t. */
const struct tz_type *tz_type_at(const struct tz_data *tz, int64_t t);

#endif
