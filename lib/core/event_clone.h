/* SPDX-License-Identifier: MIT */
/* Another event like one that is there: a draft with its catalogue and stock, nothing of its sales.
 */
#ifndef CORE_EVENT_CLONE_H
#define CORE_EVENT_CLONE_H

#include "core/call.h"

int event_clone(struct call *c, const struct event_clone_in *in, struct event *out);

#endif
