/* SPDX-License-Identifier: MIT */
/* Former slugs of events. Each leads to its event as long as that exists, and nobody else gets it.
 */
#ifndef CORE_REDIRECT_H
#define CORE_REDIRECT_H

#include "core/rows.h"

/* The slug that an event has now which once had this one, in the arena. 1 found, 0 none, < 0. */
int redirect_find(struct call *c, const char *slug, const char **ret);

/* A principal bound to an event by a former slug is bound to its present one for this call. */
int redirect_scope(struct call *c);

/* Whether an event (NULL: a new one) may take a slug: exists names who has it, or had it. */
int redirect_check(struct call *c, const struct event_row *event, const char *slug, const char *field);

/* After a check: the event takes the slug, and the one it has in event becomes a former one. */
int redirect_add(struct call *c, const struct event_row *event, const char *slug);

#endif
