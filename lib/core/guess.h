/* SPDX-License-Identifier: MIT */
/* "Did you mean" for slugs of events. On the way to an error only: it reads some hundred slugs. */
#ifndef CORE_GUESS_H
#define CORE_GUESS_H

#include "core/call.h"

/* Ends a look-up of an event that found nothing: not_found in the field event, which names one with
 * nearly this slug if the caller may see it. */
int guess_event(struct call *c, const char *slug);

#endif
