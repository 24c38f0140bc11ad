/* SPDX-License-Identifier: MIT */
/* Orders and holds as they are kept: one row read, its lines, its code. */
#ifndef CORE_ORDER_REC_H
#define CORE_ORDER_REC_H

#include "core/sale.h"

struct order_rec {
	int64_t id, created, tickets, total, person,
	    expires;				/* person 0: none; expires TIME_NONE: never */
	int64_t refunded, credited;		/* what went back; what it owes less than total */
	int state, pay;				/* pay 0: not yet */
	struct event_ref event;			/* id, slug, currency, status, start, end only */
	const char *organizer, *channel, *note; /* in the arena */
};

/* 1 found, 0 none. Whether the principal may see it is the caller's business. */
int order_rec_get(struct call *c, int64_t id, struct order_rec *ret);

/* The order that an order code, CODE/n or ticket code names, if it is the principal's; ret_n (may
 * be NULL: such codes are refused) is the number of the ticket, 0 when the order as a whole is
 * meant. */
int order_rec_find(
    struct call *c, const char *code, const char *field, struct order_rec *ret, int *ret_n);

/* The same without reading the order's row: 0 and its id, which need not exist. */
int order_code_id(struct call *c, const char *code, const char *field, int64_t *ret_id, int *ret_n);

/* Lines into a sale, and with needs what they draw on now; s->event is the row's. */
int order_rec_lines(struct call *c, const struct order_rec *row, bool needs, struct sale *s);

/* Its code, in the arena; NULL sets c->err. */
const char *order_code(struct call *c, int64_t id);

bool order_rec_seen(const struct call *c, const struct order_rec *row);

int call_no_memory(struct call *c);

#endif
