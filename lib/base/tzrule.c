/* SPDX-License-Identifier: MIT */
/* POSIX TZ strings as they stand at the end of TZif files, with RFC 8536's wider hours. */
#include "base/tzfile.h"

#include <string.h>

#include "base/civil.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of at most three digits; false when there is none or it is beyond max. */
static bool number(const char **p, int max, int *ret)
{
	int v = 0, n = 0;

	for (; is_digit(**p) && n < 3; (*p)++, n++)
		v = v * 10 + (**p - '0');
	if (n == 0 || v > max)
		return false;
	*ret = v;
	return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool hms(const char **p, int max_hours, int32_t *ret)
{
	int h = 0, m = 0, s = 0, sign = 1;

	if (**p == '+' || **p == '-')
		sign = *(*p)++ == '-' ? -1 : 1;
	if (!number(p, max_hours, &h))
		return false;
	if (**p == ':') {
		(*p)++;
		if (!number(p, 59, &m))
			return false;
	}
	if (**p == ':') {
		(*p)++;
		if (!number(p, 59, &s))
			return false;
	}
	*ret = sign * (h * 3600 + m * 60 + s);
	return true;
}

/* "CEST" or "<+03>". */
static bool abbr(const char **p, char out[8])
{
	bool quoted = **p == '<';
	size_t n = 0;

	if (quoted)
		(*p)++;
	for (; **p; (*p)++) {
		char c = **p;
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';

		if (!letter && !(quoted && (is_digit(c) || c == '+' || c == '-')))
			break;
		if (n < 7)
			out[n++] = c;
	}
	out[n] = '\0';
	if (quoted && *(*p)++ != '>')
		return false;
	return n >= 3;
}

static bool change(const char **p, struct tz_change *c)
{
	c->time = 7200;
	if (**p == 'M') {
		(*p)++;
		c->kind = 'M';
		if (!number(p, 12, &c->month) || c->month < 1 || *(*p)++ != '.')
			return false;
		if (!number(p, 5, &c->week) || c->week < 1 || *(*p)++ != '.')
			return false;
		if (!number(p, 6, &c->day))
			return false;
	} else {
		c->kind = **p == 'J' ? 'J' : 'D';
		if (**p == 'J')
			(*p)++;
		if (!number(p, 365, &c->day) || (c->kind == 'J' && c->day < 1))
			return false;
	}
	if (**p != '/')
		return true;
	(*p)++;
	return hms(p, 167, &c->time);
}

int tz_rule_parse(const char *text, struct tz_rule *ret)
{
	struct tz_rule r = {.present = true};
	const char *p = text;

	if (!*p) {
		*ret = (struct tz_rule){0};
		return 0;
	}
	if (!abbr(&p, r.std.abbr) || !hms(&p, 24, &r.std.offset))
		return -1;
	r.std.offset = -r.std.offset; /* POSIX counts westwards */
	if (*p) {
		r.has_dst = true;
		if (!abbr(&p, r.dst.abbr))
			return -1;
		r.dst.offset = -r.std.offset - 3600;
		if (*p != ',' && !hms(&p, 24, &r.dst.offset))
			return -1;
		r.dst.offset = -r.dst.offset;
		if (*p++ != ',' || !change(&p, &r.to_dst) || *p++ != ',' || !change(&p, &r.to_std))
			return -1;
	}
	if (*p)
		return -1;
	*ret = r;
	return 0;
}

/* Days since 1970 of a change in a year. */
static int64_t change_day(const struct tz_change *c, int year)
{
	int64_t first, day;
	int length;

	if (c->kind == 'D')
		return civil_days(year, 1, 1) + c->day;
	if (c->kind == 'J') {
		bool leap = civil_month_length(year, 2) == 29;

		return civil_days(year, 1, 1) + c->day - 1 + (leap && c->day >= 60);
	}
	first = civil_days(year, c->month, 1);
	length = civil_month_length(year, c->month);
	day = (c->day - civil_weekday(first) + 7) % 7 + (c->week - 1) * 7;
	if (day >= length)
		day -= 7;
	return first + day;
}

void tz_rule_year(const struct tz_rule *r, int year, int64_t *ret_to_dst, int64_t *ret_to_std)
{
	*ret_to_dst = change_day(&r->to_dst, year) * 86400 + r->to_dst.time - r->std.offset;
	*ret_to_std = change_day(&r->to_std, year) * 86400 + r->to_std.time - r->dst.offset;
}
