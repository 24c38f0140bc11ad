/* SPDX-License-Identifier: MIT */
/* The seats that orders of a call take: sold by their tickets, held where they are not paid yet.
 * Together with those before them they must be there. */
#include "core/import_order.h"

static int64_t needed(const struct sale *needs, int64_t quota)
{
	for (int i = 0; i < needs->nneeds; i++) {
		if (needs->needs[i].quota == quota)
			return needs->needs[i].count;
	}
	return 0;
}

static int check_left(struct call *c, const struct coming *o, const struct arrival *a,
    const char *category, int64_t quota)
{
	int64_t left = 0, count = needed(&a->sold, quota) + needed(&a->held, quota);
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_left, &c->err);
	q_i64(&q, 1, quota);
	r = q_step(&q);
	if (r == 1)
		left = q_col(&q, 0);
	q_end(&q);
	if (r < 0 || count <= left)
		return r < 0 ? r : 0;
	err_set(&c->err, TIX_ESOLD_OUT, "line", "not enough of %s left in %s", category,
	    o->row.event.slug);
	err_fact(&c->err, "left", left);
	return TIX_ESOLD_OUT;
}

static int take(struct call *c, const struct coming *o, struct arrival *a, struct sale *needs,
    const char *category, int64_t count)
{
	const struct offer *offer;
	int r = offer_find(c, o->in->event, category, &offer);

	if (r == 0)
		r = sale_need(c, needs, offer->quotas, offer->nquotas, count);
	for (int i = 0; r == 0 && i < offer->nquotas; i++)
		r = check_left(c, o, a, category, offer->quotas[i]);
	return r;
}

static int take_tickets(struct call *c, const struct coming *o, struct arrival *a)
{
	const struct import_ticket *in = o->in->tickets.v;
	int r = 0;

	for (size_t i = 0; i < o->ntickets && r == 0; i++) {
		if (in[i].state == ticket_state_valid || in[i].state == ticket_state_used)
			r = take(c, o, a, &a->sold, in[i].category, 1);
	}
	return r;
}

static int take_lines(struct call *c, const struct coming *o, struct arrival *a)
{
	const struct import_line *in = o->in->line.v;
	int r = 0;

	for (size_t i = 0; i < o->nlines && r == 0; i++)
		r = take(c, o, a, &a->held, in[i].category, in[i].count);
	return r;
}

int coming_seats(struct call *c, const struct coming *o, struct arrival *a)
{
	if (o->row.state == order_state_paid)
		return take_tickets(c, o, a);
	return o->row.state == order_state_pending ? take_lines(c, o, a) : 0;
}
