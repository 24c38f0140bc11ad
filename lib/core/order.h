/* SPDX-License-Identifier: MIT */
/* Orders: tickets sold, from a hold or directly, with buyer, payment and ledger. */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include "core/order_rec.h"

int order_create(struct call *c, const struct order_create_in *in, struct order *out);
int order_show(struct call *c, const struct order_in *in, struct order *out);
int order_list(struct call *c, const struct order_list_in *in, struct order_page *out);
int order_complete(struct call *c, const struct order_complete_in *in, struct word_page *out);
int order_load(struct call *c, int64_t id, struct order *out);

/* As order_show, by id: whether the principal may see it is the caller's business. */
int order_show_id(struct call *c, int64_t id, struct order *out);

/* The fields of a reply that the row says; lines and tickets are left alone. */
int order_fill(struct call *c, const struct order_rec *row, int64_t paid, struct order *out);

/* Captured payments of an order. */
int order_paid(struct call *c, int64_t id, int64_t *ret);

/* The id of the newest one, 0: there is none. */
int order_newest(struct call *c, int64_t *ret);

/* The first id that was made at or after a time, or one that none was; within: between two ids, the
 * last of which it may be. */
int order_made_from(struct call *c, int64_t at, int64_t *ret);
int order_made_within(struct call *c, int64_t at, int64_t low, int64_t high, int64_t *ret);

/* Its buyer, in the arena; NULL: none. */
int order_buyer(struct call *c, const struct order_rec *row, struct buyer **ret);

/* The balance and the word of money_rec.h, from the row and what was captured. */
int64_t order_balance(const struct order_rec *row, int64_t paid);
int order_money_word(const struct order_rec *row, int64_t paid);

/* New rows: an order or a hold; a hold that was sold; a buyer, whose id the order's row gets. */
int order_write_row(struct call *c, const struct order_rec *row);
int order_write_sold(struct call *c, const struct order_rec *row);
int order_write_person(struct call *c, const struct buyer *b, struct order_rec *row);

/* Whether anything is said of a buyer. */
bool order_is_anybody(const struct buyer *b);

/* Its tickets, all valid, from its lines. */
int order_make_tickets(struct call *c, int64_t id, const struct sale *s);

/* Notes that an order that was there is sold now. */
int order_record_paid(struct call *c, const struct order_rec *row);

#endif
