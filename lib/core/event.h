/* SPDX-License-Identifier: MIT */
/* Events: drafts, their life and the search. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/call.h"

struct event_row;

int event_create(struct call *c, const struct event_create_in *in, struct event *out);
int event_set(struct call *c, const struct event_set_in *in, struct event *out);
int event_publish(struct call *c, const struct event_act_in *in, struct event *out);
int event_unpublish(struct call *c, const struct event_act_in *in, struct event *out);
int event_end(struct call *c, const struct event_act_in *in, struct event *out);
int event_cancel(struct call *c, const struct event_cancel_in *in, struct event *out);
int event_show(struct call *c, const struct event_in *in, struct event *out);
int event_list(struct call *c, const struct event_list_in *in, struct event_page *out);
int event_complete(struct call *c, const struct event_complete_in *in, struct word_page *out);
int event_cancel_load(struct call *c, int64_t id, struct event *out);
int event_load(struct call *c, int64_t id, struct event *out);

/* Fills the shape from a row; strings are shared. */
int event_out(struct call *c, const struct event_row *row, struct event *out);

#endif
