/* SPDX-License-Identifier: MIT */
/* Venues: where events take place. Their names are found by the search of events, which follows
 * every change here. */
#ifndef CORE_VENUE_H
#define CORE_VENUE_H

#include "core/call.h"

struct venue_row;

int venue_create(struct call *c, const struct venue_create_in *in, struct venue *out);
int venue_set(struct call *c, const struct venue_set_in *in, struct venue *out);
int venue_show(struct call *c, const struct venue_in *in, struct venue *out);
int venue_list(struct call *c, const struct venue_list_in *in, struct venue_page *out);
int venue_load(struct call *c, int64_t id, struct venue *out);

/* A venue by slug that the principal may see; not_found with the given field. */
int venue_named(struct call *c, const char *slug, const char *field, struct venue_row *ret);

/* Writes a new venue (was NULL) or what differs, with its record in the journal. Used by import
 * too. The row's id is set already. Returns 1 when something was written, 0 when nothing differs
 * and always is false. */
int venue_row_write(
    struct call *c, const struct venue_row *was, const struct venue_row *now);

/* Latitude and longitude are both there or both not. */
int venue_row_check(struct call *c, const struct venue_row *row);

#endif
