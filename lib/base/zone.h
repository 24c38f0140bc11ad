/* SPDX-License-Identifier: MIT */
/* IANA time zones from the system's zoneinfo files, without libc's global TZ. */
#ifndef TIX_BASE_ZONE_H
#define TIX_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/civil.h"

struct err;
struct zone;

/* Find a zone by name ("Europe/Berlin", "UTC"). Read once and kept for the life of the process;
 * safe from any thread. TIX_EBAD_VALUE for a name that is none, TIX_EUNAVAILABLE when the file
 * cannot be read. */
int zone_get(const char *name, const struct zone **ret, struct err *e);

/* UTC itself, without any file. */
const struct zone *zone_utc0(void);

const char *zone_name(const struct zone *z);

/* The local time at an instant (UTC microseconds). */
void zone_local(const struct zone *z, int64_t utc_us, struct civil *ret);

/* The instant of a local time; offset and abbr of c are not read, d may be outside of its month and
 * h may be 24. A time that happens twice is the first one; a time that never happens is read with
 * the offset before the gap. ret_odd (may be NULL) says that it was one of the two. */
void zone_utc(const struct zone *z, const struct civil *c, int64_t *ret_us, bool *ret_odd);

/* Whether the local time at an instant comes a second time, as where clocks are put back; *ret is
 * then the later instant. */
bool zone_again(const struct zone *z, int64_t utc_us, int64_t *ret);

#endif
