/* SPDX-License-Identifier: MIT */
/* Orders that await their money: seats are held until a deadline, the sale is posted and owed. They
 * become paid, expire, or are cancelled. */
#ifndef CORE_PENDING_H
#define CORE_PENDING_H

#include "core/money_rec.h"

/* When an order must be paid: as asked, else the default from now, never after its event starts. By
 * the clock of deadlines. */
int pending_deadline(struct call *c, const char *event, const char *text, int64_t *ret);

/* Its state, expired where its time is over though nobody swept yet. */
int pending_state(const struct call *c, const struct order_rec *row);

/* Seats back, the sale taken back; what came is to be given back. The order is pending. */
int pending_expire(struct call *c, struct order_rec *row);

/* The order, whose seats are sold already, is paid: state, tickets and record. */
int pending_sold(struct call *c, struct order_rec *row, const struct sale *s);

/* Sells it at once if it is pending and all that it costs is here. row and m are as they are written
 * now. */
int pending_settle(struct call *c, struct order_rec *row, const struct money_rec *m);

int order_extend(struct call *c, const struct order_extend_in *in, struct order *out);

#endif
