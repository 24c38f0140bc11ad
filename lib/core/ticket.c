/* SPDX-License-Identifier: MIT */
/* Tickets one by one. The code is no row: it is made from id and generation, so a new generation
 * is the death of the old code. */
#include "core/ticket.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/block.h"
#include "core/filter.h"
#include "core/guess.h"
#include "core/journal.h"
#include "core/order_log.h"
#include "core/order_part.h"
#include "core/page.h"
#include "core/rows.h"
#include "model/states.h"

#define STEP 256
#define SCAN_MAX 4000 /* tickets one page looks at */

static int read_rec(struct call *c, struct q *q, struct ticket_rec *t)
{
	int r = row_text(c, q, 1, &t->category_name);

	t->id = q_col(q, 0);
	t->price = q_col(q, 2);
	t->generation = (unsigned)q_col(q, 3);
	t->state = (int)q_col(q, 4);
	t->held = !q_isnull(q, 5) || !q_isnull(q, 6);
	t->category = q_col(q, 7);
	if (r == 0)
		r = row_text(c, q, 5, &t->name);
	return r < 0 ? r : row_text(c, q, 6, &t->email);
}

static int read_with_buyer(struct call *c, struct q *q, struct ticket_rec *t)
{
	int r = read_rec(c, q, t);

	return r < 0 ? r : row_text(c, q, 8, &t->buyer);
}

int ticket_rec_get(struct call *c, int64_t id, struct ticket_rec *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_ticket_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1) {
		r = read_with_buyer(c, &q, ret);
		r = r < 0 ? r : 1;
	}
	q_end(&q);
	return r;
}

int ticket_rec_all(struct call *c, int64_t order, struct ticket_rec **ret)
{
	struct ticket_rec *v = NULL;
	int n = 0, room = 0, r;
	struct q q;

	q_start(&q, c->db, SQL_tickets_of, &c->err);
	order_rows(&q, order);
	while ((r = q_step(&q)) == 1) {
		if (n == room) {
			struct ticket_rec *more;

			room = room ? 4 * room : 16;
			more = arena_array(c->arena, (size_t)room, sizeof(*v));
			if (!more) {
				r = call_no_memory(c);
				break;
			}
			if (n > 0)
				memcpy(more, v, (size_t)n * sizeof(*v));
			v = more;
		}
		r = read_rec(c, &q, &v[n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = v;
	return r < 0 ? r : n;
}

int ticket_number(
    struct call *c, const struct order_rec *order, const char *text, const char *field, int *ret)
{
	size_t digits = strspn(text, "0123456789");
	int64_t id = order->id;
	int n = 0, r = 0;

	if (text[digits] == '\0' && digits < 5)
		n = (int)strtol(text, NULL, 10);
	else
		r = order_code_id(c, text, field, &id, &n);
	if (r < 0)
		return r;
	if (n < 1 || id != order->id)
		return err_set(&c->err, TIX_EBAD_VALUE, field, "%s is no ticket of the order", text);
	*ret = n;
	return 0;
}

int ticket_refunded(struct call *c, int64_t id)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_refund_of_ticket, &c->err);
	order_rows(&q, id / ORDER_ROWS);
	q_i64(&q, 3, id);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int show(
    struct call *c, const struct event_ref *event, const struct ticket_rec *t, struct pass *out)
{
	char *code = arena_alloc(c->arena, TICKET_CODE_SIZE);

	out->ticket = order_part_name(c, t->id, PART_TICKET);
	out->event = arena_strdup(c->arena, event->slug);
	if (!code || !out->ticket || !out->event)
		return call_no_memory(c);
	if (ticket_code_encode(&c->core->keys, (uint64_t)t->id, t->generation, code) < 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "a ticket's row is damaged");
	out->code = code;
	out->category = t->category_name;
	out->price = sale_money(event, t->price);
	out->state = t->state;
	out->name = t->name;
	out->email = t->email;
	out->buyer = t->buyer;
	return 0;
}

static int find(struct call *c, const char *code, struct order_rec *order, struct ticket_rec *ret)
{
	int n = 0, r = order_rec_find(c, code, "ticket", order, &n);

	if (r < 0)
		return r;
	if (n == 0)
		return err_set(&c->err, TIX_EBAD_VALUE, "ticket",
		    "this is the whole order: a ticket is like %s/1", code);
	r = ticket_rec_get(c, order->id * ORDER_ROWS + n, ret);
	if (r == 0)
		r = call_not_found(c, "ticket", "ticket", code);
	return r < 0 ? r : 0;
}

/* The same, where the method may take it from its state to another. */
static int may(struct call *c, const char *code, int to, const char *method,
    struct order_rec *order, struct ticket_rec *ret)
{
	struct state_step step = {.subject = code, .field = "ticket", .to = to, .method = method};
	int r = find(c, code, order, ret);

	if (r < 0)
		return r;
	step.from = ret->state;
	return call_state(c, &enum_set_ticket_state, &step);
}

static int record(struct call *c, const struct order_rec *order, const struct ticket_rec *t,
    const char *topic, const char *data)
{
	const char *subject = order_part_name(c, t->id, PART_TICKET);

	if (!subject || !data)
		return call_no_memory(c);
	c->subject = t->id;
	return order_later(c, order, topic, subject, data);
}

int ticket_show(struct call *c, const struct ticket_in *in, struct pass *out)
{
	struct order_rec order;
	struct ticket_rec t;
	int r = find(c, in->ticket, &order, &t);

	return r < 0 ? r : show(c, &order.event, &t, out);
}

int ticket_load(struct call *c, int64_t id, struct pass *out)
{
	struct order_rec order;
	struct ticket_rec t;
	int r = order_rec_get(c, id / ORDER_ROWS, &order);

	if (r == 1)
		r = ticket_rec_get(c, id, &t);
	if (r <= 0)
		return r < 0 ? r : call_not_found(c, "ticket", "ticket", NULL);
	return show(c, &order.event, &t, out);
}

static int write_holder(struct call *c, const struct ticket_rec *t, bool was)
{
	bool empty = !t->name && !t->email;
	struct q q;

	if (empty)
		return was ? q_run(c->db, SQL_holder_drop, &c->err, 1, &t->id) : 0;
	q_start(&q, c->db, was ? SQL_holder_set : SQL_holder_add, &c->err);
	if (was) {
		q_str(&q, 1, t->name);
		q_str(&q, 2, t->email);
		q_i64(&q, 3, t->id);
	} else {
		q_i64(&q, 1, t->id);
		q_str(&q, 2, t->name);
		q_str(&q, 3, t->email);
	}
	return q_finish(&q);
}

int ticket_set(struct call *c, const struct ticket_set_in *in, struct pass *out)
{
	bool name = HAS(in, ticket_set_in, name), email = HAS(in, ticket_set_in, email);
	struct order_rec order;
	struct ticket_rec t;
	int r = find(c, in->ticket, &order, &t);

	if (r == 0 && t.state != ticket_state_valid)
		r = err_set(&c->err, TIX_EWRONG_STATE, "ticket",
		    "%s is %s: only a valid ticket is for somebody", in->ticket,
		    state_word(&enum_set_ticket_state, t.state));
	if (r < 0)
		return r;
	if ((!name || same_text(in->name, t.name)) && (!email || same_text(in->email, t.email))) {
		row_unchanged(c, t.id);
		return show(c, &order.event, &t, out);
	}
	t.name = name ? in->name : t.name;
	t.email = email ? in->email : t.email;
	r = write_holder(c, &t, t.held);
	if (r >= 0)
		r = show(c, &order.event, &t, out);
	return r < 0 ? r
		     : record(c, &order, &t, "ticket.changed",
			   t.name || t.email ? "{\"holder\":true}" : "{\"holder\":false}");
}

/* The next code of a ticket. */
static int new_code(struct call *c, struct ticket_rec *t)
{
	int r = q_run(c->db, SQL_ticket_reissue, &c->err, 1, &t->id);

	t->generation++;
	return r < 0 ? r : 0;
}

static int may_renew(struct call *c, const char *code, const char *method,
    struct order_rec *order, struct ticket_rec *ret)
{
	int r = may(c, code, ticket_state_valid, method, order, ret);

	if (r == 0 && ret->generation >= TICKET_GENERATION_MAX)
		r = err_set(&c->err, TIX_ELIMIT, "ticket", "it was issued too often");
	return r;
}

static int record_code(
    struct call *c, const struct order_rec *order, const struct ticket_rec *t, const char *topic)
{
	return record(c, order, t, topic,
	    arena_printf(c->arena, "{\"generation\":%u}", t->generation));
}

int ticket_transfer(struct call *c, const struct ticket_transfer_in *in, struct pass *out)
{
	struct order_rec order;
	struct ticket_rec t;
	int r = may_renew(c, in->ticket, "ticket.transfer", &order, &t);

	if (r < 0)
		return r;
	t.name = in->name;
	t.email = in->email;
	r = write_holder(c, &t, t.held);
	if (r >= 0)
		r = new_code(c, &t);
	if (r == 0)
		r = show(c, &order.event, &t, out);
	return r < 0 ? r : record_code(c, &order, &t, "ticket.transferred");
}

int ticket_reissue(struct call *c, const struct ticket_act_in *in, struct pass *out)
{
	struct order_rec order;
	struct ticket_rec t;
	int r = may_renew(c, in->ticket, "ticket.reissue", &order, &t);

	if (r == 0)
		r = new_code(c, &t);
	if (r == 0)
		r = show(c, &order.event, &t, out);
	return r < 0 ? r : record_code(c, &order, &t, "ticket.reissued");
}

int ticket_seat(
    struct call *c, const struct order_rec *order, const struct ticket_rec *t, struct sale *ret)
{
	int64_t quotas[OFFER_QUOTAS_MAX];
	int n = offer_quotas(c, t->category, quotas);

	ret->nlines = ret->nneeds = 0;
	ret->tickets = 1;
	ret->total = 0;
	ret->event = order->event;
	return n < 0 ? n : sale_need(c, ret, quotas, n, 1);
}

int ticket_void(struct call *c, const struct ticket_void_in *in, struct pass *out)
{
	struct order_rec order;
	struct ticket_rec t;
	struct sale s;
	int r = may(c, in->ticket, ticket_state_void, "ticket.void", &order, &t);

	if (r == 0)
		r = ticket_seat(c, &order, &t, &s);
	if (r == 0)
		r = sale_take(c, &s, in->keep_seat ? SALE_KEEP : SALE_UNSELL);
	for (int i = 0; r == 0 && in->keep_seat && i < s.nneeds; i++)
		r = block_add(c, s.needs[i].quota, s.needs[i].count);
	if (r == 0)
		r = q_run(c->db, SQL_ticket_void, &c->err, 1, &t.id);
	if (r < 0)
		return r;
	t.state = ticket_state_void;
	r = show(c, &order.event, &t, out);
	return r < 0 ? r
		     : record(c, &order, &t, "ticket.voided",
			   in->keep_seat ? "{\"seat\":\"blocked\"}" : "{\"seat\":\"free\"}");
}

/* The rows of one step after a ticket, into the arena. */
static int list_step(struct call *c, int64_t event, int64_t after, struct ticket_rec *v)
{
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, SQL_ticket_list, &c->err);
	q_i64(&q, 1, event);
	q_i64(&q, 2, after / ORDER_ROWS);
	q_i64(&q, 3, after);
	q_i64(&q, 4, STEP);
	while ((r = q_step(&q)) == 1 && n < STEP) {
		r = read_with_buyer(c, &q, &v[n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : n;
}

/* 1: the page is full or long enough, 0: there are no more. */
static int list_fill(struct call *c, const struct ticket_list_in *in, const struct event_ref *event,
    int64_t category, const struct name_filter *name, int64_t *after, struct ticket_page *out)
{
	struct ticket_rec *v = arena_array(c->arena, STEP, sizeof(*v));
	struct pass *items = out->items.v;
	size_t limit = (size_t)page_limit(in, ticket_list_in);
	int n = v ? STEP : call_no_memory(c);

	for (int scanned = 0; n == STEP && scanned < SCAN_MAX; scanned += n) {
		n = list_step(c, event->id, *after, v);
		for (int i = 0; i < n; i++) {
			bool wanted = (in->state == 0 || (in->state >> v[i].state & 1)) &&
				      (category == 0 || v[i].category == category);
			int r = wanted ? name_filter_matches(
					     c, name, v[i].name ? v[i].name : v[i].buyer)
				       : 0;

			wanted = r == 1;
			if (wanted &&
			    (out->items.n == limit || arena_used(c->arena) > PAGE_MEMORY_MAX))
				return 1;
			if (wanted)
				r = show(c, event, &v[i], &items[out->items.n++]);
			if (r < 0)
				return r;
			*after = v[i].id;
		}
	}
	return n < 0 ? n : n == STEP;
}

int ticket_list(struct call *c, const struct ticket_list_in *in, struct ticket_page *out)
{
	struct page_key key = {{0, 0}, NULL};
	struct event_ref event;
	struct category_row category = {.id = 0};
	struct name_filter name;
	struct page_filter f;
	int r = call_event(c, in->event, &event);

	if (r == 0 && in->category) {
		r = category_row_find(c, event.id, in->category, &category);
		if (r == 0)
			return guess_category(c, event.id, "category", in->category);
	}
	page_filter_init(&f, "ticket.list");
	page_filter_str(&f, in->event);
	page_filter_i64(&f, (int64_t)in->state);
	page_filter_i64(&f, category.id);
	page_filter_str(&f, in->name);
	if (r >= 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	out->items.v =
	    arena_array(c->arena, (size_t)page_limit(in, ticket_list_in), sizeof(struct pass));
	if (!out->items.v)
		return call_no_memory(c);
	r = name_filter_read(c, in->name, "name", &name);
	if (r == 0)
		r = list_fill(c, in, &event, category.id, &name, &key.n[0], out);
	name_filter_done(&name);
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
