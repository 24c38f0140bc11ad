/* SPDX-License-Identifier: MIT */
#include "core/refund_kept.h"

#include <inttypes.h>

#include "core/order_part.h"
#include "core/rows.h"
#include "core/ticket.h"

/* The pieces in the order in which they are listed. */
struct pieces {
	struct call *c;
	const struct order_rec *order;
	struct ticket_rec *tickets;
	int n;
	int64_t *gone; /* of each ticket: what went back of it, fee included */
	int64_t fees;
	struct refund_piece *v;
	size_t used;
};

/* What earlier refunds and this one took, off which ticket. */
static int read_refunds(struct pieces *p)
{
	struct q q;
	int r;

	q_start(&q, p->c->db, SQL_refund_pieces, &p->c->err);
	order_rows(&q, p->order->id);
	while ((r = q_step(&q)) == 1) {
		int64_t ticket = q_col(&q, 0), fee = q_col(&q, 2);

		p->fees += fee;
		for (int i = 0; i < p->n; i++) {
			if (p->tickets[i].id == ticket)
				p->gone[i] += q_col(&q, 1) + fee;
		}
	}
	q_end(&q);
	return r;
}

static void add(struct pieces *p, const char *what, int64_t amount)
{
	if (amount == 0)
		return;
	p->v[p->used++] = (struct refund_piece){
	    .what = what, .amount = sale_money(&p->order->event, amount)};
}

/* Tickets of an order that is off are worth nothing any more, whatever is kept of it is a rest. */
static int list(struct pieces *p, int64_t keeps)
{
	int64_t left = keeps - p->fees;

	for (int i = 0; i < p->n; i++) {
		const struct ticket_rec *t = &p->tickets[i];
		int64_t worth = t->price - p->gone[i];
		const char *name;

		if (t->state == ticket_state_removed || p->order->state == order_state_cancelled)
			continue;
		name = arena_printf(p->c->arena, "/%" PRId64, t->id % ORDER_ROWS);
		if (!name)
			return call_no_memory(p->c);
		add(p, name, worth);
		left -= worth;
	}
	add(p, "fee", p->fees);
	add(p, "rest", left);
	return 0;
}

int refund_kept(struct call *c, const struct order_rec *order, struct refund *out)
{
	struct pieces p = {.c = c, .order = order};
	int r;

	p.n = ticket_rec_all(c, order->id, &p.tickets);
	if (p.n < 0)
		return p.n;
	p.gone = arena_array(c->arena, (size_t)p.n + 1, sizeof(*p.gone));
	p.v = arena_array(c->arena, (size_t)p.n + 2, sizeof(*p.v));
	if (!p.gone || !p.v)
		return call_no_memory(c);
	r = read_refunds(&p);
	if (r == 0)
		r = list(&p, out->keeps.amount);
	if (r < 0)
		return r;
	out->kept = (struct shape_list){p.v, p.used};
	SET(out, refund, kept);
	return 0;
}
