/* SPDX-License-Identifier: MIT */
/* Numbers and spans of time written as text. Strict: nothing before, nothing behind, no overflow.
 */
#ifndef TIX_BASE_NUM_H
#define TIX_BASE_NUM_H

#include <stdint.h>

/* Decimal digits, a minus where min is negative. TIX_EBAD_VALUE for anything else or beyond the
 * bounds. */
int num_parse(const char *text, int64_t min, int64_t max, int64_t *ret);

/* A span such as "500ms", "30s", "10m", "2h", "7d", "2w" in microseconds; a day is 24 hours here.
 * TIX_EBAD_VALUE for anything else, also for a number without a unit. */
int num_parse_span(const char *text, int64_t *ret_us);

/* "10,000", as a person reads it. */
#define NUM_GROUPED_MAX 32
const char *num_grouped(int64_t v, char out[NUM_GROUPED_MAX]);

#endif
