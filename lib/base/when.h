/* SPDX-License-Identifier: MIT */
/* What people write for a time: one grammar for every field, flag and filter. */
#ifndef TIX_BASE_WHEN_H
#define TIX_BASE_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct zone;

#define WHEN_UNKNOWN INT64_MIN
#define WHEN_MAX INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */
#define WHEN_TEXT_MAX 64

/* What a time may refer to. start, doors and end are WHEN_UNKNOWN where no event is meant. */
struct when_ctx {
	const struct zone *zone; /* for times without an offset; NULL = UTC */
	int64_t now;
	int64_t start, doors, end;
	bool end_of_day; /* a bare day means its end, 24:00 */
	bool look_back;	 /* "7d" without a sign lies before now, as for --since */
};

/* Accepted:
 *   2026-06-13, today, yesterday, tomorrow      a day
 *   2026-06-13 20:00[:30[.5]], also with T      local time, 24:00 allowed
 *   2026-06-13T20:00:00Z, ...+02:00             RFC 3339
 *   now, start, doors, end
 *   30s 10m 2h 7d 2w, with + or -               from now; d and w by the calendar
 *   "14d before", "2h after doors"              from the start or what is named
 * ret_echo (may be NULL): the local time happens twice or never, show what it became. Anything
 * else, or outside of 1970 to 9999, is TIX_EBAD_VALUE. */
int when_parse(const char *text, const struct when_ctx *ctx, int64_t *ret_us, bool *ret_echo,
    const char *field, struct err *e);

/* Whether a text that when_parse took is told from start, doors or end of an event, and so moves
 * with them. */
bool when_follows_event(const char *text);

/* "2026-06-13T18:00:00Z", microseconds only when there are some. Years 0 to 9999.
 * Returns out, which needs 28 bytes (else it is empty). */
const char *when_rfc3339(int64_t us, char *out, size_t size);

/* The same in local time, with its offset: "2026-06-13T20:00:00+02:00". Returns out, which needs 33
 * bytes. */
const char *when_rfc3339_local(const struct zone *zone, int64_t us, char *out, size_t size);

/* "Sat 13 Jun 2026 20:00 CEST". zone NULL = UTC. Returns out. */
const char *when_show(const struct zone *zone, int64_t us, char *out, size_t size);

#endif
