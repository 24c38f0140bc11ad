/* SPDX-License-Identifier: MIT */
/* What is left of an order's money after a refund, piece by piece. It reads only. */
#ifndef CORE_REFUND_KEPT_H
#define CORE_REFUND_KEPT_H

#include "core/order_rec.h"

/* Fills out->kept, which comes to out->keeps, in the arena. */
int refund_kept(struct call *c, const struct order_rec *order, struct refund *out);

#endif
