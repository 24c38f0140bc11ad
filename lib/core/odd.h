/* SPDX-License-Identifier: MIT */
/* Local times that happen twice or never: what a call met of them, for its reply to tell. A
 * mutating method's reply gets them from the frame. */
#ifndef CORE_ODD_H
#define CORE_ODD_H

#include "core/call.h"

/* Keeps one, that was taken as at in the zone; each once, and not too many. */
int odd_keep(
    struct call *c, const struct zone *zone, const char *text, const char *field, int64_t at);

/* Puts what call_when met so far into a reply that says so: ODD_TELL(c, out, order_page). */
#define ODD_TELL(c, out, shape)                                                                    \
	do {                                                                                       \
		(out)->odd_times = (c)->odd;                                                       \
		if ((c)->odd.n)                                                                    \
			SET(out, shape, odd_times);                                                \
	} while (0)

#endif
