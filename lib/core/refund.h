/* SPDX-License-Identifier: MIT */
/* Cancelling and refunding, two things: the one takes seats and tickets back, the other gives money
 * back. What was given back, pending included, never exceeds what was captured. */
#ifndef CORE_REFUND_H
#define CORE_REFUND_H

#include "core/money_rec.h"

int order_cancel(struct call *c, const struct order_cancel_in *in, struct order *out);

int refund_create(struct call *c, const struct refund_create_in *in, struct refund *out);
int refund_confirm(struct call *c, const struct refund_act_in *in, struct refund *out);
int refund_withdraw(struct call *c, const struct refund_act_in *in, struct refund *out);
int refund_show(struct call *c, const struct refund_in *in, struct refund *out);
int refund_list(struct call *c, const struct refund_list_in *in, struct refund_page *out);

/* What an order holds too much, to be given back; ret_id may be NULL. Not the call's subject. */
int refund_pending(struct call *c, const struct order_rec *order, struct money_rec *m, int kind,
    int64_t amount, int64_t *ret_id);

/* The refund that CODE/r1 names, if it is the principal's. */
int refund_find(struct call *c, const char *text, int64_t *ret_id);

/* id: that of the refund's row. */
int refund_load(struct call *c, int64_t id, struct refund *out);

#endif
