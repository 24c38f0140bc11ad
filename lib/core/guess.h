/* SPDX-License-Identifier: MIT */
/* "Did you mean" for names of the catalogue. On the way to an error only: it reads some hundred slugs. */
#ifndef CORE_GUESS_H
#define CORE_GUESS_H

#include "core/call.h"

/* Ends a look-up of an event that found nothing: not_found in the field event, which names one with
 * nearly this slug if the caller may see it. */
int guess_event(struct call *c, const char *slug);

/* The same for the others, in a field. */
int guess_organizer(struct call *c, const char *field, const char *slug);
int guess_venue(struct call *c, const char *field, const char *slug);
int guess_category(struct call *c, int64_t event, const char *field, const char *name);
int guess_quota(struct call *c, int64_t event, const char *field, const char *name);

#endif
