/* SPDX-License-Identifier: MIT */
/* Taking out what nothing refers to. What was sold, held or is in use stays: the refusal says by
 * what. Ids and journal remain. */
#ifndef CORE_DELETE_H
#define CORE_DELETE_H

#include "core/call.h"

int event_delete(struct call *c, const struct event_act_in *in, struct deleted *out);
int category_delete(struct call *c, const struct category_act_in *in, struct deleted *out);
int quota_delete(struct call *c, const struct quota_act_in *in, struct deleted *out);
int venue_delete(struct call *c, const struct venue_act_in *in, struct deleted *out);
int deleted_load(struct call *c, int64_t id, struct deleted *out);

#endif
