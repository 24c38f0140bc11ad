/* SPDX-License-Identifier: MIT */
/* Single tickets after the sale: who they are for, new codes, void, the door's list. */
#ifndef CORE_TICKET_H
#define CORE_TICKET_H

#include "core/order_rec.h"

int ticket_show(struct call *c, const struct ticket_in *in, struct pass *out);
int ticket_list(struct call *c, const struct ticket_list_in *in, struct ticket_page *out);
int ticket_set(struct call *c, const struct ticket_set_in *in, struct pass *out);
int ticket_transfer(struct call *c, const struct ticket_transfer_in *in, struct pass *out);
int ticket_reissue(struct call *c, const struct ticket_act_in *in, struct pass *out);
int ticket_void(struct call *c, const struct ticket_void_in *in, struct pass *out);

/* id: that of the ticket's row. */
int ticket_load(struct call *c, int64_t id, struct pass *out);

/* A ticket as it is kept. */
struct ticket_rec {
	int64_t id, price, category;
	unsigned generation;
	int state;
	bool held; /* somebody said who it is for */
	const char *category_name, *name, *email;
	const char *buyer; /* not read with all of an order */
};

/* The row of a ticket; 1 found, 0 none. */
int ticket_rec_get(struct call *c, int64_t id, struct ticket_rec *ret);

/* All tickets of an order by number, in the arena, those that are no longer part of it included;
 * how many. */
int ticket_rec_all(struct call *c, int64_t order, struct ticket_rec **ret);

/* The ticket of an order that CODE/n, a ticket code or a bare number names. */
int ticket_number(
    struct call *c, const struct order_rec *order, const char *text, const char *field, int *ret);

/* Whether the money of a ticket went back already. */
int ticket_refunded(struct call *c, int64_t id);

/* The seat of one ticket into a sale, to be moved with sale_take. */
int ticket_seat(
    struct call *c, const struct order_rec *order, const struct ticket_rec *t, struct sale *ret);

#endif
