/* SPDX-License-Identifier: MIT */
/* Windows of sale that follow their event: "14d before", doors, end. What they come to is kept in
 * the categories, so that a sale resolves nothing; it is worked out anew when the event moves. */
#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include "core/rows.h"

/* Whether the windows of an event's categories still make sense at its new times: bad_value that
 * names the category. Writes nothing. */
int window_check(struct call *c, const struct event_row *event);

/* Moves them, after the check; each category that moves has its record. */
int window_move(struct call *c, const struct event_row *event);

#endif
