/* SPDX-License-Identifier: MIT */
/* Orders with all that hangs on them, and attendees. Holds are no orders: they stay where they
 * are. */
#include <inttypes.h>
#include <string.h>

#include "core/alias.h"
#include "core/export.h"
#include "core/order.h"
#include "core/order_part.h"
#include "core/order_since.h"
#include "core/page.h"
#include "core/rows.h"

#define STEP ORDER_CHANGED_STEP
#define SCAN_MAX 20000 /* orders one page looks at */

/* What one order gives to a page: 1 when it was taken, 0 when it does not belong there. */
typedef int take_fn(struct call *c, const struct order_rec *row, void *page);

/* A hold that was never sold has no kind of payment. */
static bool is_order(const struct order_rec *row)
{
	return row->pay != 0;
}

static int read_tickets(struct call *c, const struct order_rec *row, struct shape_list *ret)
{
	struct export_ticket *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_export_tickets, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1 && n < ORDER_ROWS) {
		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		if (!more) {
			r = call_no_memory(c);
			break;
		}
		v = more;
		v[n].n = q_col(&q, 0) % ORDER_ROWS;
		v[n].price = sale_money(&row->event, q_col(&q, 2));
		v[n].generation = q_col(&q, 3);
		v[n].state = (int)q_col(&q, 4);
		r = row_text(c, &q, 1, &v[n].category);
		if (r == 0)
			r = row_text(c, &q, 5, &v[n].name);
		if (r == 0)
			r = row_text(c, &q, 6, &v[n].email);
		if (r < 0)
			break;
		n++;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int read_payments(struct call *c, const struct order_rec *row, struct shape_list *ret)
{
	struct export_payment *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_export_payments, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1 && n < ORDER_ROWS) {
		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		if (!more) {
			r = call_no_memory(c);
			break;
		}
		v = more;
		v[n] = (struct export_payment){
		    .n = q_col(&q, 0) % ORDER_ROWS,
		    .kind = (int)q_col(&q, 1),
		    .amount = sale_money(&row->event, q_col(&q, 2)),
		    .state = (int)q_col(&q, 3),
		    .at = q_col(&q, 4),
		    .recorded = q_isnull(&q, 6) ? TIME_NONE : q_col(&q, 6),
		    .refund = q_isnull(&q, 7) ? TIME_NONE : q_col(&q, 7) % ORDER_ROWS,
		};
		r = row_text(c, &q, 5, &v[n++].reference);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int read_refunds(struct call *c, const struct order_rec *row, struct shape_list *ret)
{
	struct export_refund *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_export_refunds, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1 && n < ORDER_ROWS) {
		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		if (!more) {
			r = call_no_memory(c);
			break;
		}
		v = more;
		v[n++] = (struct export_refund){
		    .n = q_col(&q, 0) % ORDER_ROWS,
		    .kind = (int)q_col(&q, 1),
		    .amount = sale_money(&row->event, q_col(&q, 2)),
		    .fee = sale_money(&row->event, q_col(&q, 3)),
		    .credit = sale_money(&row->event, q_col(&q, 4)),
		    .state = (int)q_col(&q, 5),
		    .at = q_col(&q, 6),
		    .done = q_isnull(&q, 7) ? TIME_NONE : q_col(&q, 7),
		    .ticket = q_isnull(&q, 8) ? TIME_NONE : q_col(&q, 8) % ORDER_ROWS,
		};
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

/* The time it was made in the first store. */
static int made(struct call *c, const struct order_rec *row, int64_t *ret)
{
	int r;

	*ret = row->created;
	r = alias_made(c, row->id, ret);
	return r < 0 ? r : 0;
}

static int fill_row(struct call *c, const struct order_rec *row, struct export_order *out)
{
	int64_t paid = 0;
	int r = order_paid(c, row->id, &paid);

	out->code = order_code(c, row->id);
	out->event = arena_strdup(c->arena, row->event.slug);
	if (r < 0 || !out->code || !out->event)
		return r < 0 ? r : call_no_memory(c);
	out->state = row->state;
	out->pay = row->pay;
	out->expires = row->state == order_state_pending ? row->expires : TIME_NONE;
	out->channel = row->channel;
	out->note = row->note;
	out->total = sale_money(&row->event, row->total);
	out->credited = sale_money(&row->event, row->credited);
	out->balance = sale_money(&row->event, order_balance(row, paid));
	return made(c, row, &out->created);
}

static int fill_order(struct call *c, const struct order_rec *row, struct export_order *out)
{
	struct sale s;
	int r;

	*out = (struct export_order){0};
	r = fill_row(c, row, out);
	if (r == 0)
		r = alias_codes(c, row->id, &out->old_codes);
	if (r == 0)
		r = order_rec_lines(c, row, false, &s);
	if (r == 0)
		r = sale_show_lines(c, &s, &out->line);
	if (r == 0)
		r = read_tickets(c, row, &out->tickets);
	if (r == 0)
		r = read_payments(c, row, &out->payments);
	if (r == 0)
		r = read_refunds(c, row, &out->refunds);
	if (r == 0 && row->person)
		r = order_buyer(c, row, &out->buyer);
	return r;
}

/* The place of a list: the last order looked at, or with after the last record. */
struct pager {
	const struct order_export_in *in;
	enum export_kind kind;
	int64_t event; /* 0: all */
	int64_t upto;  /* with by_record: the last record to look at */
	bool by_record;
	size_t limit, start;
	struct page_key key;
	struct page_filter filter;
};

static int open_page(struct call *c, struct pager *p, int64_t *ret_record)
{
	struct event_ref event = {.id = 0};
	int r = p->in->event ? call_event(c, p->in->event, &event) : 0;

	p->event = event.id;
	p->limit = (size_t)page_limit(p->in, order_export_in);
	p->by_record = HAS(p->in, order_export_in, after);
	p->upto = HAS(p->in, order_export_in, upto) ? p->in->upto : INT64_MAX;
	p->key.n[0] = p->by_record ? p->in->after : 0;
	page_filter_init(&p->filter, enum_word(&enum_set_export_kind, (int)p->kind));
	page_filter_str(&p->filter, p->in->event);
	page_filter_i64(&p->filter, p->in->export);
	page_filter_i64(&p->filter, p->by_record ? p->in->after : -1);
	page_filter_i64(&p->filter, p->upto);
	if (r == 0)
		r = export_check(c, p->in->export, p->kind, p->in->event ? event.slug : NULL);
	if (r == 0)
		r = page_open(c, &p->filter, p->in->cursor, &p->key);
	if (r >= 0)
		r = export_head(c, ret_record);
	p->start = arena_used(c->arena);
	return r;
}

int export_order_ids(struct call *c, int64_t event, int64_t after, int max, int64_t *ret)
{
	struct q q;

	q_start(&q, c->db, event ? SQL_orders_event : SQL_orders_all, &c->err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, INT64_MAX);
	if (event)
		q_i64(&q, 3, event);
	q_i64(&q, event ? 4 : 3, max);
	return q_ids(&q, max, ret);
}

/* The next orders, and the places after them. */
static int next_ids(struct call *c, const struct pager *p, struct order_changed *ret)
{
	if (p->by_record)
		return order_changed_next(c, p->key.n[0], p->upto, ret);
	ret->n = export_order_ids(c, p->event, p->key.n[0], STEP, ret->ids);
	if (ret->n < 0)
		return ret->n;
	memcpy(ret->seqs, ret->ids, sizeof(ret->ids));
	ret->looked = ret->n > 0 ? ret->ids[ret->n - 1] : p->key.n[0];
	ret->end = ret->n < STEP;
	return 0;
}

static bool is_asked_for(struct call *c, const struct pager *p, const struct order_rec *row)
{
	return is_order(row) && order_rec_seen(c, row) && (!p->event || row->event.id == p->event);
}

/* Orders from the place on, each to take; 1 when the page is full, 0 at the end. */
static int walk(struct call *c, struct pager *p, take_fn *take, void *page, const size_t *taken)
{
	struct order_changed v = {.end = false};

	for (int scanned = 0; !v.end; scanned += STEP) {
		int r = scanned >= SCAN_MAX ? 1 : next_ids(c, p, &v);

		if (r != 0)
			return r;
		for (int i = 0; i < v.n; i++) {
			struct order_rec row;

			if (*taken >= p->limit ||
			    arena_used(c->arena) - p->start > PAGE_MEMORY_MAX / 4)
				return 1;
			r = order_rec_get(c, v.ids[i], &row);
			if (r == 1 && is_asked_for(c, p, &row))
				r = take(c, &row, page);
			if (r < 0)
				return r;
			p->key.n[0] = v.seqs[i];
		}
		p->key.n[0] = v.looked;
	}
	return 0;
}

static int close_page(struct call *c, const struct pager *p, int full, const char **ret)
{
	if (full == 1) {
		*ret = page_next(c, &p->filter, &p->key);
		return *ret ? 0 : c->err.code;
	}
	return full;
}

static int take_order(struct call *c, const struct order_rec *row, void *page)
{
	struct order_export *out = page;
	struct export_order *items = out->items.v;

	return fill_order(c, row, &items[out->items.n++]);
}

int order_export(struct call *c, const struct order_export_in *in, struct order_export *out)
{
	struct pager p = {.in = in, .kind = export_kind_orders};
	int r = open_page(c, &p, &out->record);

	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, p.limit, sizeof(struct export_order));
	if (!out->items.v)
		return call_no_memory(c);
	r = walk(c, &p, take_order, out, &out->items.n);
	return close_page(c, &p, r, &out->next);
}

static int take_ticket(struct call *c, const struct order_rec *row, const struct buyer *buyer,
    int64_t created, const struct export_ticket *t, struct attendee *out)
{
	*out = (struct attendee){
	    .ticket = arena_printf(c->arena, "%s/%" PRId64, order_code(c, row->id), t->n),
	    .event = arena_strdup(c->arena, row->event.slug),
	    .category = t->category,
	    .price = t->price,
	    .state = t->state,
	    .name = t->name ? t->name
		    : buyer ? buyer->name
			    : NULL,
	    .email = t->email ? t->email
		     : buyer  ? buyer->email
			      : NULL,
	    .buyer = buyer ? buyer->name : NULL,
	    .buyer_email = buyer ? buyer->email : NULL,
	    .created = created,
	    .channel = row->channel,
	};
	return out->ticket && out->event ? 0 : call_no_memory(c);
}

/* All tickets of an order go into one page, which has room for as many more. */
static int take_attendees(struct call *c, const struct order_rec *row, void *page)
{
	struct attendee_export *out = page;
	struct attendee *items = out->items.v;
	struct buyer *buyer = NULL;
	struct shape_list tickets;
	int64_t created;
	int r = made(c, row, &created);

	if (r == 0)
		r = read_tickets(c, row, &tickets);
	if (r == 0 && row->person)
		r = order_buyer(c, row, &buyer);
	for (size_t i = 0; r == 0 && i < tickets.n; i++)
		r = take_ticket(c, row, buyer, created,
		    &((const struct export_ticket *)tickets.v)[i], &items[out->items.n++]);
	return r;
}

int attendee_export(struct call *c, const struct order_export_in *in, struct attendee_export *out)
{
	struct pager p = {.in = in, .kind = export_kind_attendees};
	int r = open_page(c, &p, &out->record);

	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, p.limit + ORDER_ROWS, sizeof(struct attendee));
	if (!out->items.v)
		return call_no_memory(c);
	p.start = arena_used(c->arena);
	r = walk(c, &p, take_attendees, out, &out->items.n);
	return close_page(c, &p, r, &out->next);
}

/* The order, if it is one and the principal's: 1. */
static int one(struct call *c, int64_t id, struct order_rec *ret)
{
	int r = order_rec_get(c, id, ret);

	return r == 1 && !(is_order(ret) && order_rec_seen(c, ret)) ? 0 : r;
}

int export_order_one(struct call *c, int64_t id, struct export_order *ret)
{
	struct order_rec row;
	int r = one(c, id, &row);

	return r <= 0 ? r : fill_order(c, &row, ret) < 0 ? c->err.code : 1;
}

int export_attendees_one(struct call *c, int64_t order, struct attendee_export *ret)
{
	struct order_rec row;
	int r = one(c, order, &row);

	if (r <= 0)
		return r;
	ret->items.v = arena_array(c->arena, ORDER_ROWS, sizeof(struct attendee));
	if (!ret->items.v)
		return call_no_memory(c);
	return take_attendees(c, &row, ret) < 0 ? c->err.code : 1;
}
