/* SPDX-License-Identifier: MIT */
/* Values of replies as words: times in a zone, money, counts. Whatever is missing or of another
 * kind becomes "-". The texts are in the buffer that is given, and not made safe: models do that. */
#ifndef TUI_WORDS_H
#define TUI_WORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;

#define WORDS_MAX 64
#define NO_TIME INT64_MIN

/* A member as text, "" when it is none. */
const char *get_text(const json_t *o, const char *key);
int64_t get_int(const json_t *o, const char *key);
int64_t get_time(const json_t *o, const char *key); /* NO_TIME when it is none */

/* {"amount", "currency"}: "16,680.00"; whole: "16,680" without decimals, rounded towards 0. */
const char *words_money(const json_t *money, bool whole, char out[WORDS_MAX]);
const char *words_amount(int64_t amount, const char *currency, bool whole, char out[WORDS_MAX]);
const char *words_count(int64_t n, char out[WORDS_MAX]); /* "1,250" */
const char *words_permille(int64_t permille, char out[WORDS_MAX]); /* "+12%" */

/* "Sun 07 Jun 2026 20:14:05 CEST", "Sat 13 Jun 20:00", "20:14:05", "20:14". */
const char *words_clock(const struct zone *z, int64_t us, char out[WORDS_MAX]);
const char *words_day(const struct zone *z, int64_t us, char out[WORDS_MAX]);
const char *words_second(const struct zone *z, int64_t us, char out[WORDS_MAX]);
const char *words_minute(const struct zone *z, int64_t us, char out[WORDS_MAX]);
const char *words_date(const struct zone *z, int64_t us, char out[WORDS_MAX]); /* "7 Jun" */

/* "in 5 d 23 h", "2 h 10 min ago". */
const char *words_distance(int64_t us, char out[WORDS_MAX]);

/* The status of an event, as one says it. */
const char *words_status(const char *status);

/* The zone of a record's member "zone", else the given one. */
const struct zone *zone_of(const json_t *o, const struct zone *otherwise);

#endif
