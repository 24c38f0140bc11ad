/* SPDX-License-Identifier: MIT */
/* Changing what an order has: tickets added, removed and exchanged in one call. */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/order_rec.h"

int order_change(struct call *c, const struct order_change_in *in, struct order *out);

#endif
