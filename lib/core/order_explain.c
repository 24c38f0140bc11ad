/* SPDX-License-Identifier: MIT */
/* How the amounts of an order come about: each line, each movement of money. It reads only. */
#include <inttypes.h>

#include "core/order.h"
#include "core/order_log.h"
#include "core/order_part.h"

/* Room for lines that are added one by one. */
struct adder {
	struct call *c;
	const struct event_ref *event;
	struct explain_line *v;
	size_t n, max;
};

static int add(struct adder *a, const char *what, int64_t amount, const char *why)
{
	if (!what || !why || a->n == a->max)
		return call_no_memory(a->c);
	a->v[a->n++] = (struct explain_line){
	    .what = what,
	    .count = TIME_NONE,
	    .price = sale_money(a->event, amount),
	    .amount = sale_money(a->event, amount),
	    .why = why,
	};
	return 0;
}

static int add_lines(struct adder *a, const struct order_rec *row)
{
	struct sale s;
	int r = order_rec_lines(a->c, row, false, &s);

	for (int i = 0; r >= 0 && i < s.nlines; i++) {
		const struct sale_line *l = &s.lines[i];

		r = add(a, l->name, l->price * l->count,
		    row->pay == pay_kind_comp ? "complimentary" : "the price of that day");
		if (r < 0)
			break;
		a->v[a->n - 1].count = l->count;
		a->v[a->n - 1].price = sale_money(a->event, l->price);
	}
	return r < 0 ? r : 0;
}

static int add_payments(struct adder *a, int64_t order)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_order_payments, &a->c->err);
	order_rows(&q, order);
	while ((r = q_step(&q)) == 1) {
		const char *kind = enum_word(&enum_set_payment_kind, (int)q_col(&q, 1));
		const char *reference = q_text(&q, 5);

		r = add(a,
		    arena_printf(a->c->arena, "%s /p%" PRId64,
			enum_word(&enum_set_payment_state, (int)q_col(&q, 3)),
			q_col(&q, 0) % ORDER_ROWS),
		    q_col(&q, 2),
		    arena_printf(a->c->arena, "%s%s%s", kind ? kind : "unknown",
			reference ? ": " : "", reference ? reference : ""));
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

/* A fee kept and money given back, each with its code. */
static int add_refunds(struct adder *a, int64_t order)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_order_refunds, &a->c->err);
	order_rows(&q, order);
	while ((r = q_step(&q)) == 1) {
		const char *state = enum_word(&enum_set_refund_state, (int)q_col(&q, 4));
		const char *kind = enum_word(&enum_set_refund_kind, (int)q_col(&q, 3));

		bool counts = q_col(&q, 4) != refund_state_withdrawn;

		r = add(a,
		    arena_printf(a->c->arena, "refund /r%" PRId64, q_col(&q, 0) % ORDER_ROWS),
		    counts ? -q_col(&q, 1) : 0, arena_printf(a->c->arena, "%s, %s", kind, state));
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

static int open_list(struct adder *a, size_t max)
{
	a->n = 0;
	a->max = max;
	a->v = arena_array(a->c->arena, max, sizeof(*a->v));
	return a->v ? 0 : call_no_memory(a->c);
}

int order_explain(struct call *c, const struct order_in *in, struct explain *out)
{
	struct adder a = {.c = c};
	struct order_rec row;
	int64_t paid = 0;
	int n, r = order_rec_find(c, in->code, "code", &row, &n);

	a.event = &row.event;
	if (r == 0)
		r = order_paid(c, row.id, &paid);
	if (r == 0)
		r = open_list(&a, SALE_LINES_MAX);
	if (r == 0)
		r = add_lines(&a, &row);
	if (r < 0)
		return r;
	out->items = (struct shape_list){a.v, a.n};
	r = open_list(&a, 4 * ORDER_ROWS);
	if (r == 0)
		r = add_payments(&a, row.id);
	if (r == 0)
		r = add_refunds(&a, row.id);
	if (r == 0 && row.credited)
		r = add(&a, "credited", row.credited,
		    row.state == order_state_cancelled ? "cancelled"
		    : row.state == order_state_expired ? "its time was over"
						       : "owed no more");
	if (r < 0)
		return r;
	out->money = (struct shape_list){a.v, a.n};
	out->code = order_code(c, row.id);
	out->event = arena_strdup(c->arena, row.event.slug);
	out->state = row.state;
	out->total = sale_money(&row.event, row.total);
	out->balance = sale_money(&row.event, order_balance(&row, paid));
	out->captured = sale_money(&row.event, paid);
	out->refunded = sale_money(&row.event, row.refunded);
	return out->code && out->event ? 0 : call_no_memory(c);
}
