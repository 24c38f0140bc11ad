/* SPDX-License-Identifier: MIT */
/* What an order has in money once more happened to it than being paid at once: one row of counters,
 * made when it is first needed, guarded like stock; and postings after those of the sale.
 *
 * What an order owes is its total less what was credited, once it was sold or ordered (pay is set);
 * a hold owes nothing. Its balance, captured - refunded - owed, is what the ledger's receivable of
 * it says, with the other sign: whoever changes one posts the other. */
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

/* Below 0 is owed by the buyer, above 0 to them. */
int64_t money_balance(const struct order_rec *row, const struct money_rec *m);

/* enum money_word; 0 where nothing was owed or paid. */
int money_word(const struct order_rec *row, const struct money_rec *m);

/* Adds to the counters, in the row and in m; limit when more would be refunded than was captured.
 * row has the state and the total that the order has afterwards: the word is made of them, so a
 * change of those alone adds {0}. */
int money_move(struct call *c, const struct order_rec *row, struct money_rec *m,
    const struct money_rec *add);

/* Postings that an order may have after its sale. */
#define MONEY_POSTINGS_MAX (ORDER_ROWS - 3)

/* Rows that an order keeps for its end: its sale is taken back, what it has left goes back. */
#define MONEY_END 8

/* limit, when the order has no room for n more postings, beside the two that each of its pending
 * refunds may take when it is withdrawn and, while it is not over, those of its end. */
int money_room(struct call *c, const struct order_rec *row, int64_t n);

/* One posting of an order after its sale: amount goes from credit to debit. 0 posts nothing. */
int money_post(struct call *c, const struct order_rec *row, int debit, int credit, int64_t amount);

/* The order owes less by amount (more where it is negative). */
int money_credit(struct call *c, const struct order_rec *row, int64_t amount);

/* The account that money of a payment_kind is in. */
int money_account(int payment_kind);

#endif
