/* SPDX-License-Identifier: MIT */
/* Strict reading of numbers, and their writing; no locale, no octal, no white space. */
#include "base/num.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* The digits at p, negative so that INT64_MIN fits. NULL when there are none or they do not fit. */
static const char *scan(const char *p, int64_t *ret_negative)
{
	const char *start = p;
	int64_t v = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *p - '0', &v))
			return NULL;
	*ret_negative = v;
	return p == start ? NULL : p;
}

int num_parse(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	const char *end;
	int64_t v = 0;

	end = scan(*text == '-' ? text + 1 : text, &v);
	if (!end || *end)
		return TIX_EBAD_VALUE;
	if (*text != '-' && __builtin_sub_overflow((int64_t)0, v, &v))
		return TIX_EBAD_VALUE;
	if (v < min || v > max)
		return TIX_EBAD_VALUE;
	*ret = v;
	return 0;
}

int num_parse_span(const char *text, int64_t *ret_us)
{
	static const struct {
		const char *unit;
		int64_t us;
	} units[] = {
	    {"ms", INT64_C(1000)},
	    {"s", INT64_C(1000000)},
	    {"m", INT64_C(60000000)},
	    {"h", INT64_C(3600000000)},
	    {"d", INT64_C(86400000000)},
	    {"w", INT64_C(604800000000)},
	};
	int64_t v = 0;
	const char *end = scan(text, &v);

	for (size_t i = 0; end && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) != 0)
			continue;
		if (__builtin_mul_overflow(v, -units[i].us, &v))
			return TIX_EBAD_VALUE;
		*ret_us = v;
		return 0;
	}
	return TIX_EBAD_VALUE;
}

const char *num_grouped(int64_t v, char out[NUM_GROUPED_MAX])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, v), first = v < 0, n = 0;

	for (int i = 0; i < len; i++) {
		if (i > first && (len - i) % 3 == 0)
			out[n++] = ',';
		out[n++] = digits[i];
	}
	out[n] = '\0';
	return out;
}
