/* SPDX-License-Identifier: MIT */
/* What a principal may see: everything, one organizer, or one event. What he may not see does not
 * exist for him. */
#ifndef CORE_SCOPE_H
#define CORE_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/call.h"

/* Filters of a list: ids, 0 for no bound, -1 for one that does not exist (the list is empty). */
struct scope {
	int64_t organizer, event;
};

/* Whether an event (or, with event NULL, something of the organizer as a whole) is the principal's.
 */
bool scope_sees(const struct principal *who, const char *organizer, const char *event);

int scope_of(struct call *c, struct scope *ret);

/* The organizer that a new venue or event belongs to: the one named, else the principal's, else the
 * only one. Refused for a principal who is bound to a single event. */
int scope_organizer(struct call *c, const char *slug, int64_t *ret_id, const char **ret_slug);

#endif
