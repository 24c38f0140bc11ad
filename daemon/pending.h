/* SPDX-License-Identifier: MIT */
/* Methods whose functions core does not have yet: they are declared weak, and refused while they
 * are not linked. */
#ifndef DAEMON_PENDING_H
#define DAEMON_PENDING_H

#include "core/call.h"

#define METHOD(id, name, perm, flags, since, in_, out_, load, doc, errors)                         \
	__attribute__((weak)) int id(struct call *c, const struct in_ *in, struct out_ *out);
#include "rpc/methods/all.def"
#undef METHOD

#define PENDING_LOAD(s)                                                                            \
	__attribute__((weak)) int s##_load(struct call *c, int64_t id, struct s *out);
PENDING_LOAD(organizer)
PENDING_LOAD(venue)
PENDING_LOAD(event)
PENDING_LOAD(event_import)
PENDING_LOAD(category)
PENDING_LOAD(quota)
PENDING_LOAD(hold)
PENDING_LOAD(order)
#undef PENDING_LOAD

#endif
