/* SPDX-License-Identifier: MIT */
/* Cancelling an order: seats back, tickets void, the sale taken back but for a fee. The money stays
 * until a refund gives it back. */
#include <inttypes.h>
#include <stdio.h>

#include "core/money_rec.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/pending.h"
#include "core/refund.h"
#include "core/rows.h"
#include "core/ticket.h"

static int refuse_used(struct call *c, int64_t n)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "ticket /%" PRId64, n);
	return call_state(c, &enum_set_ticket_state,
	    &(struct state_step){.subject = subject,
		.field = "code",
		.from = ticket_state_used,
		.to = ticket_state_void,
		.method = "order.cancel"});
}

/* The seats of all valid tickets; a used one is refused. */
static int seats_of(struct call *c, const struct order_rec *row, struct sale *s, int64_t *ret_n)
{
	struct ticket_rec *v;
	int n = ticket_rec_all(c, row->id, &v);

	*s = (struct sale){.event = row->event};
	*ret_n = 0;
	for (int i = 0; i < n; i++) {
		int64_t quotas[OFFER_QUOTAS_MAX];
		int k;

		if (v[i].state == ticket_state_used)
			return refuse_used(c, v[i].id % ORDER_ROWS);
		if (v[i].state != ticket_state_valid)
			continue;
		k = offer_quotas(c, v[i].category, quotas);
		k = k < 0 ? k : sale_need(c, s, quotas, k, 1);
		if (k < 0)
			return k;
		++*ret_n;
	}
	return n < 0 ? n : 0;
}

static int write_cancel(struct call *c, struct order_rec *row, struct money_rec *m,
    const struct sale *s, int64_t credit)
{
	int was = row->state, r;

	row->state = order_state_cancelled;
	r = money_move(c, row, m, &(struct money_rec){.credited = credit});
	if (r == 0 && m->refunded > 0)
		r = q_run(c->db, SQL_refunds_absorb, &c->err, 2,
		    (const int64_t[]){row->id * ORDER_ROWS, row->id * ORDER_ROWS + ORDER_ROWS - 1});
	if (r >= 0)
		r = sale_take(c, s, was == order_state_pending ? SALE_UNHOLD : SALE_UNSELL);
	if (r == 0)
		r = q_run(c->db, SQL_tickets_void, &c->err, 2,
		    (const int64_t[]){row->id * ORDER_ROWS, row->id * ORDER_ROWS + ORDER_ROWS - 1});
	if (r >= 0)
		r = q_run(c->db, SQL_order_set_state, &c->err, 3,
		    (const int64_t[]){order_state_cancelled, row->id, was});
	return r < 0 ? r : 0;
}

int order_cancel(struct call *c, const struct order_cancel_in *in, struct order *out)
{
	struct state_step step = {.subject = in->code,
	    .field = "code",
	    .to = order_state_cancelled,
	    .method = "order.cancel"};
	struct money fee = {.amount = 0};
	struct money_rec m = {0};
	struct order_rec row;
	int64_t tickets = 0, credit;
	struct sale s;
	int n, r = order_rec_find(c, in->code, "code", &row, &n);

	if (r == 0 && n > 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "code",
		    "this is one ticket: tix ticket void, or name the order");
	step.from = r == 0 ? pending_state(c, &row) : 0;
	if (r == 0)
		r = call_state(c, &enum_set_order_state, &step);
	if (r == 0 && HAS(in, order_cancel_in, keep_fee))
		r = call_money(c, &in->keep_fee, row.event.currency, "keep_fee", &fee);
	if (r == 0)
		r = money_rec_get(c, &row, &m);
	if (r == 0 && fee.amount > money_owed(&row, &m))
		r = err_set(&c->err, TIX_ELIMIT, "keep_fee", "more than the order costs");
	if (r == 0)
		r = row.state == order_state_pending ? order_rec_lines(c, &row, true, &s)
						     : seats_of(c, &row, &s, &tickets);
	if (r < 0)
		return r;
	credit = money_owed(&row, &m) - fee.amount;
	r = write_cancel(c, &row, &m, &s, credit);
	c->subject = row.id;
	if (r == 0)
		r = order_later(c, &row, "order.cancelled", order_code(c, row.id),
		    arena_printf(c->arena,
			"{\"tickets\":%" PRId64 ",\"credited\":%" PRId64 ",\"fee\":%" PRId64
			",\"currency\":\"%s\"}",
			tickets, credit, fee.amount, row.event.currency));
	if (r == 0)
		r = money_credit(c, &row, credit);
	return r < 0 ? r : order_load(c, row.id, out);
}
