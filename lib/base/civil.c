/* SPDX-License-Identifier: MIT */
/* Days and dates, by eras of 400 years that begin in March. */
#include "base/civil.h"

#include <stdbool.h>

#define DAYS_OF_ERA 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t civil_days(int y, int m, int d)
{
	int64_t year = m <= 2 ? y - 1 : y;
	int64_t era = floor_div(year, 400);
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       DAYS_TO_1970;
}

void civil_from_days(int64_t days, int *ret_y, int *ret_m, int *ret_d)
{
	int64_t z = days + DAYS_TO_1970;
	int64_t era = floor_div(z, DAYS_OF_ERA);
	int64_t of_era = z - era * DAYS_OF_ERA;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	*ret_d = (int)(of_year - (153 * month + 2) / 5 + 1);
	*ret_m = (int)(month < 10 ? month + 3 : month - 9);
	*ret_y = (int)(year + era * 400 + (*ret_m <= 2));
}

int civil_weekday(int64_t days)
{
	int64_t w = (days + 4) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w);
}

int civil_month_length(int y, int m)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : days[m - 1];
}

int64_t civil_seconds(const struct civil *c)
{
	return civil_days(c->y, c->m, c->d) * 86400 + c->h * 3600 + c->mi * 60 + c->s;
}

void civil_from_seconds(int64_t seconds, struct civil *ret)
{
	int64_t days = floor_div(seconds, 86400);
	int rest = (int)(seconds - days * 86400);

	civil_from_days(days, &ret->y, &ret->m, &ret->d);
	ret->h = rest / 3600;
	ret->mi = rest / 60 % 60;
	ret->s = rest % 60;
}
