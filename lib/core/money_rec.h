/* SPDX-License-Identifier: MIT */
/* What an order has in money once more happened to it than being paid: one row of counters, made
 * when it is first needed, guarded like stock; and postings after those of the sale. */
#ifndef CORE_MONEY_REC_H
#define CORE_MONEY_REC_H

#include "core/order_rec.h"

struct money_rec {
	int64_t captured;
	int64_t refunded; /* pending ones included */
	int64_t credited; /* what it owes less than its total */
	bool kept;	  /* it has a row of its own */
};

int money_rec_get(struct call *c, const struct order_rec *row, struct money_rec *ret);

/* What the buyer owes in the end. */
int64_t money_owed(const struct order_rec *row, const struct money_rec *m);

/* Adds to the counters; limit when more would be refunded than was captured. */
int money_move(struct call *c, const struct order_rec *row, const struct money_rec *m,
    int64_t refunded, int64_t credited);

/* One posting of an order after its sale: amount goes from credit to debit. 0 posts nothing. */
int money_post(struct call *c, const struct order_rec *row, int debit, int credit, int64_t amount);

/* The order owes less by amount (more where it is negative). */
int money_credit(struct call *c, const struct order_rec *row, int64_t amount);

#endif
