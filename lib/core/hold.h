/* SPDX-License-Identifier: MIT */
/* Holds: seats kept for a while at a promised price. A hold is an order in state held. */
#ifndef CORE_HOLD_H
#define CORE_HOLD_H

#include "core/order_rec.h"

int hold_create(struct call *c, const struct hold_create_in *in, struct hold *out);
int hold_extend(struct call *c, const struct hold_extend_in *in, struct hold *out);
int hold_release(struct call *c, const struct hold_act_in *in, struct hold *out);
int hold_show(struct call *c, const struct hold_in *in, struct hold *out);
int hold_list(struct call *c, const struct hold_list_in *in, struct hold_page *out);
int hold_load(struct call *c, int64_t id, struct hold *out);

/* wrong_state unless it is held, not over, and the method may take it to a state. */
int hold_alive(
    struct call *c, const struct order_rec *row, const char *field, int to, const char *method);

/* Something ends then: the sweep must wake for it. */
void hold_due_at(struct call *c, int64_t expires);

#endif
