/* SPDX-License-Identifier: MIT */
/* Orders as they are shown: the row, its lines, tickets, buyer and payments. It reads only. */
#include "core/order.h"
#include "core/order_part.h"

#include <string.h>

#include "core/alias.h"
#include "core/money_rec.h"
#include "core/rows.h"

int64_t order_balance(const struct order_rec *row, int64_t paid)
{
	struct money_rec m = {paid, row->refunded, row->credited, false};

	return money_balance(row, &m);
}

int order_money_word(const struct order_rec *row, int64_t paid)
{
	struct money_rec m = {paid, row->refunded, row->credited, false};

	return money_word(row, &m);
}

int order_fill(struct call *c, const struct order_rec *row, int64_t paid, struct order *out)
{
	out->code = order_code(c, row->id);
	if (!out->code)
		return c->err.code;
	out->event = arena_strdup(c->arena, row->event.slug);
	if (!out->event)
		return call_no_memory(c);
	out->state = row->state;
	out->total = sale_money(&row->event, row->total);
	out->money = order_money_word(row, paid);
	out->paid = sale_money(&row->event, paid - row->refunded);
	out->balance = sale_money(&row->event, order_balance(row, paid));
	out->pay = row->pay;
	out->channel = row->channel;
	out->created = row->created;
	out->expires = row->state == order_state_held || row->state == order_state_pending
			   ? row->expires
			   : TIME_NONE;
	out->note = row->note;
	return 0;
}

int order_paid(struct call *c, int64_t id, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_order_paid, &c->err);
	order_rows(&q, id);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int read_ticket(struct call *c, const struct order_rec *row, struct q *q, struct ticket *t)
{
	char *code = arena_alloc(c->arena, TICKET_CODE_SIZE);
	int64_t id = q_col(q, 0);

	t->n = id % ORDER_ROWS;
	t->category = arena_strdup(c->arena, q_text(q, 1));
	t->price = sale_money(&row->event, q_col(q, 2));
	t->state = (int)q_col(q, 4);
	t->code = code;
	if (!code || !t->category)
		return call_no_memory(c);
	if (ticket_code_encode(&c->core->keys, (uint64_t)id, (unsigned)q_col(q, 3), code) < 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "a ticket's row is damaged");
	return 0;
}

static int read_tickets(struct call *c, const struct order_rec *row, struct shape_list *ret)
{
	size_t n = 0, room = (size_t)row->tickets;
	struct ticket *v = arena_array(c->arena, room, sizeof(*v));
	struct q q;
	int r;

	if (!v)
		return call_no_memory(c);
	q_start(&q, c->db, SQL_order_tickets, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1) {
		/* those that were removed come on top */
		if (n == room) {
			struct ticket *more = arena_array(c->arena, ORDER_ROWS, sizeof(*v));

			if (!more || room == ORDER_ROWS) {
				r = call_no_memory(c);
				break;
			}
			memcpy(more, v, n * sizeof(*v));
			v = more;
			room = ORDER_ROWS;
		}
		r = read_ticket(c, row, &q, &v[n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int read_payments(struct call *c, const struct order_rec *row, struct shape_list *ret)
{
	struct payment *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_order_payments, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1 && n < ORDER_ROWS) {
		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		if (!more) {
			r = call_no_memory(c);
			break;
		}
		v = more;
		v[n].n = q_col(&q, 0) % ORDER_ROWS;
		v[n].kind = (int)q_col(&q, 1);
		v[n].amount = sale_money(&row->event, q_col(&q, 2));
		v[n].state = (int)q_col(&q, 3);
		v[n].at = q_col(&q, 4);
		r = row_text(c, &q, 5, &v[n++].reference);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

int order_buyer(struct call *c, const struct order_rec *row, struct buyer **ret)
{
	struct buyer *b = arena_alloc(c->arena, sizeof(*b));
	struct q q;
	int r;

	if (!b)
		return call_no_memory(c);
	q_start(&q, c->db, SQL_person_get, &c->err);
	q_i64(&q, 1, row->person);
	r = q_step(&q);
	if (r == 1) {
		const char **fields[] = {
		    &b->name, &b->email, &b->phone, &b->country, &b->postcode, &b->locale};

		for (int i = 0; i < 6 && r == 1; i++) {
			const char *text = q_text(&q, i);

			*fields[i] = text ? arena_strdup(c->arena, text) : NULL;
			if (text && !*fields[i])
				r = call_no_memory(c);
		}
		if (!q_isnull(&q, 6)) {
			b->erased = q_col(&q, 6);
			SET(b, buyer, erased);
		}
		*ret = b;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

static int show_row(struct call *c, const struct order_rec *row, struct order *out)
{
	struct sale s;
	int64_t paid = 0;
	int r = order_paid(c, row->id, &paid);

	if (r == 0)
		r = order_fill(c, row, paid, out);
	if (r == 0)
		r = order_rec_lines(c, row, false, &s);
	if (r == 0)
		r = sale_show_lines(c, &s, &out->line);
	return r < 0 ? r : read_tickets(c, row, &out->tickets);
}

int order_load(struct call *c, int64_t id, struct order *out)
{
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0)
		return r < 0 ? r : call_not_found(c, NULL, "order", "");
	return show_row(c, &row, out);
}

/* Where an order came from, if it was made elsewhere. */
static int show_origin(struct call *c, const struct order_rec *row, struct order *out)
{
	int r = alias_made(c, row->id, &out->made);

	if (r <= 0)
		return r;
	SET(out, order, made);
	SET(out, order, old_codes);
	return alias_codes(c, row->id, &out->old_codes);
}

static int show_all(struct call *c, const struct order_rec *row, struct order *out)
{
	int r = show_row(c, row, out);

	if (r == 0 && row->person)
		r = order_buyer(c, row, &out->buyer);
	if (r == 0)
		r = read_payments(c, row, &out->payments);
	if (r == 0)
		r = show_origin(c, row, out);
	SET(out, order, buyer);
	SET(out, order, payments);
	return r;
}

int order_show(struct call *c, const struct order_in *in, struct order *out)
{
	struct order_rec row;
	int n, r = order_rec_find(c, in->code, "code", &row, &n);

	return r < 0 ? r : show_all(c, &row, out);
}

int order_show_id(struct call *c, int64_t id, struct order *out)
{
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0)
		return r < 0 ? r : call_not_found(c, NULL, "order", "");
	return show_all(c, &row, out);
}
