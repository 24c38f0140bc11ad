/* SPDX-License-Identifier: MIT */
/* Changing what an order has. All is planned and checked as one: seats move by what each quota
 * loses or gains in the end, so that an exchange within a full quota needs no free seat. What is
 * added or exchanged costs today's price. A ticket that is removed stays as a row of its own state,
 * one that is exchanged keeps its number and gets a new code. An order that waits for its money has
 * no tickets yet: its tickets are counted along its lines, anew after each change, as they will be
 * made; its seats are held ones, and what is here already may be all that it costs now. */
#include "core/change.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "core/money_rec.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/pending.h"
#include "core/rows.h"
#include "core/ticket.h"

/* A category that the change touches. */
struct touched {
	const struct offer *offer;
	int64_t plus, live; /* tickets that come to it; those it has in the end */
};

/* A ticket as it was, and what becomes of it. */
struct edit {
	struct ticket_rec t;
	const struct offer *to; /* exchanged for it */
	int64_t price;		/* in the end */
	bool removed;
};

/* A change on its way. */
struct plan {
	struct order_rec row;
	struct money_rec money;
	struct edit *edits; /* every ticket, by number */
	int n;
	struct touched *touched;
	int ntouched, room;
	int64_t added;
	struct sale lines; /* in the end */
	struct sale net;   /* what each quota gains, below 0 loses */
};

static int64_t today(const struct plan *p, const struct offer *o)
{
	return p->row.pay == pay_kind_comp ? 0 : o->price;
}

static bool waits(const struct plan *p)
{
	return p->row.state == order_state_pending;
}

/* The tickets that it will have, by its lines. */
static int load_waiting(struct call *c, struct plan *p)
{
	struct sale s;
	int r = order_rec_lines(c, &p->row, false, &s);

	if (r < 0)
		return r;
	p->edits = arena_array(c->arena, (size_t)s.tickets + 1, sizeof(*p->edits));
	if (!p->edits)
		return call_no_memory(c);
	for (int i = 0; i < s.nlines; i++) {
		const struct sale_line *l = &s.lines[i];

		for (int64_t k = 0; k < l->count; k++) {
			struct ticket_rec t = {.id = p->row.id * ORDER_ROWS + p->n + 1,
			    .price = l->price,
			    .category = l->category,
			    .category_name = l->name,
			    .state = ticket_state_valid};

			p->edits[p->n++] = (struct edit){.t = t, .price = t.price};
		}
	}
	return 0;
}

static int load(struct call *c, struct plan *p)
{
	struct ticket_rec *v;
	int n;

	if (waits(p))
		return load_waiting(c, p);
	n = ticket_rec_all(c, p->row.id, &v);
	if (n < 0)
		return n;
	p->edits = arena_array(c->arena, (size_t)n + 1, sizeof(*p->edits));
	if (!p->edits)
		return call_no_memory(c);
	for (int i = 0; i < n; i++)
		p->edits[i] = (struct edit){.t = v[i], .price = v[i].price};
	p->n = n;
	return 0;
}

static int touch(struct call *c, struct plan *p, const struct offer *o, int64_t plus)
{
	for (int i = 0; i < p->ntouched; i++) {
		if (p->touched[i].offer->category == o->category) {
			p->touched[i].plus += plus;
			return 0;
		}
	}
	if (p->ntouched == p->room)
		return call_no_memory(c);
	p->touched[p->ntouched++] = (struct touched){.offer = o, .plus = plus};
	return 0;
}

/* The ticket that is named, if it may leave its category and nothing else happens to it. */
static int take(
    struct call *c, struct plan *p, const char *text, const char *field, int to, struct edit **ret)
{
	struct state_step step = {
	    .subject = text, .field = field, .to = to, .method = "order.change"};
	const struct offer *o;
	struct edit *e = NULL;
	int n = 0, r = ticket_number(c, &p->row, text, field, &n);

	for (int i = 0; r == 0 && i < p->n; i++) {
		if (p->edits[i].t.id % ORDER_ROWS == n)
			e = &p->edits[i];
	}
	if (r == 0 && !e)
		return call_not_found(c, field, "ticket", text);
	if (r == 0 && (e->removed || e->to))
		return err_set(&c->err, TIX_EBAD_VALUE, field, "%s is there twice", text);
	step.from = e ? e->t.state : 0;
	if (r == 0)
		r = call_state(c, &enum_set_ticket_state, &step);
	if (r == 0)
		r = ticket_refunded(c, e->t.id);
	if (r == 1) {
		err_set(
		    &c->err, TIX_EWRONG_STATE, field, "the money of %s went back already", text);
		err_hint(&c->err, "tix ticket void voids it");
		return TIX_EWRONG_STATE;
	}
	if (r == 0)
		r = offer_find(c, p->row.event.slug, e->t.category_name, &o);
	if (r == 0)
		r = touch(c, p, o, 0);
	if (r == 0)
		r = sale_need(c, &p->net, o->quotas, o->nquotas, -1);
	if (r < 0)
		return r;
	*ret = e;
	return 0;
}

static int plan_remove(struct call *c, struct plan *p, const struct text_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct edit *e;
		int r = take(c, p, list->v[i], "remove", ticket_state_removed, &e);

		if (r < 0)
			return r;
		e->removed = true;
	}
	return 0;
}

static int plan_exchange(struct call *c, struct plan *p, const struct shape_list *list)
{
	const struct exchange_in *v = list->v;

	for (size_t i = 0; i < list->n; i++) {
		const struct offer *o;
		struct edit *e;
		int r = take(c, p, v[i].ticket, "exchange", ticket_state_valid, &e);

		if (r == 0)
			r = sale_offer(c, p->row.event.slug, v[i].category, &o);
		if (r == 0 && o->category == e->t.category)
			r = err_set(&c->err, TIX_EBAD_VALUE, "exchange", "%s is %s already",
			    v[i].ticket, o->name);
		if (r == 0 && e->t.generation >= TICKET_GENERATION_MAX)
			r = err_set(&c->err, TIX_ELIMIT, "exchange", "%s was issued too often",
			    v[i].ticket);
		if (r == 0)
			r = touch(c, p, o, 1);
		if (r == 0)
			r = sale_need(c, &p->net, o->quotas, o->nquotas, 1);
		if (r < 0)
			return r;
		e->to = o;
		e->price = today(p, o);
	}
	return 0;
}

static int plan_add(struct call *c, struct plan *p, const struct shape_list *list)
{
	int64_t last = p->n ? p->edits[p->n - 1].t.id % ORDER_ROWS : 0;
	const struct line_in *v = list->v;

	for (size_t i = 0; i < list->n; i++) {
		const struct offer *o;
		int r = sale_offer(c, p->row.event.slug, v[i].category, &o);

		for (size_t k = 0; r == 0 && k < i; k++) {
			if (strcmp(v[k].category, v[i].category) == 0)
				r = err_set(
				    &c->err, TIX_EBAD_VALUE, "add", "%s is there twice", o->name);
		}
		if (r == 0)
			r = touch(c, p, o, v[i].count);
		if (r == 0)
			r = sale_need(c, &p->net, o->quotas, o->nquotas, v[i].count);
		if (r < 0)
			return r;
		p->added += v[i].count;
	}
	if (last + p->added < ORDER_ROWS)
		return 0;
	err_set(&c->err, TIX_ELIMIT, "add",
	    "an order has room for %d tickets, removed ones included", ORDER_ROWS - 1);
	err_fact(&c->err, "max", ORDER_ROWS - 1);
	return TIX_ELIMIT;
}

/* Adds to the line of its category and price, or begins one. */
static int into_line(struct call *c, struct sale_line *v, int *n, const struct sale_line *line)
{
	for (int i = 0; i < *n; i++) {
		if (v[i].category == line->category && v[i].price == line->price) {
			v[i].count += line->count;
			return 0;
		}
	}
	if (*n == SALE_LINES_MAX)
		return err_set(&c->err, TIX_ELIMIT, "add", "an order has at most %d lines", *n);
	v[(*n)++] = *line;
	return 0;
}

/* The lines in the end. Void tickets are part of them: their money stays with the order. */
static int plan_lines(struct call *c, const struct order_change_in *in, struct plan *p)
{
	const struct line_in *add = in->add.v;
	struct sale_line v[SALE_LINES_MAX];
	int n = 0, r = 0;

	for (int i = 0; r == 0 && i < p->n; i++) {
		const struct edit *e = &p->edits[i];
		struct sale_line line = {e->to ? e->to->category : e->t.category, 1, e->price,
		    e->to ? e->to->name : e->t.category_name};

		if (!e->removed && e->t.state != ticket_state_removed)
			r = into_line(c, v, &n, &line);
	}
	for (size_t i = 0; r == 0 && i < in->add.n; i++) {
		const struct offer *o = NULL;

		r = offer_find(c, p->row.event.slug, add[i].category, &o);
		if (r == 0)
			r = into_line(c, v, &n,
			    &(struct sale_line){o->category, add[i].count, today(p, o), o->name});
	}
	if (r == 0 && n == 0) {
		err_set(&c->err, TIX_ELIMIT, "remove", "nothing would be left of the order");
		err_hint(&c->err, "tix order cancel %s", in->code);
		return TIX_ELIMIT;
	}
	p->lines.event = p->row.event;
	for (int i = 0; r == 0 && i < n; i++)
		r = sale_add(c, &p->lines, &v[i]);
	return r;
}

static int64_t category_after(const struct edit *e)
{
	if (e->removed || (e->t.state != ticket_state_valid && e->t.state != ticket_state_used))
		return 0;
	return e->to ? e->to->category : e->t.category;
}

/* What the order has of each category in the end is within its bounds. One that only loses tickets
 * may go altogether. */
static int check_bounds(struct call *c, struct plan *p)
{
	for (int k = 0; k < p->ntouched; k++) {
		struct touched *t = &p->touched[k];
		int r = 0;

		t->live = t->plus;
		for (int i = 0; i < p->n; i++)
			t->live +=
			    !p->edits[i].to && category_after(&p->edits[i]) == t->offer->category;
		if (t->plus > 0)
			r = sale_bounds(c, t->offer, t->live);
		else if (t->live > 0 && t->live < t->offer->min)
			r = sale_bounds(c, t->offer, t->live);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_money(struct call *c, struct plan *p)
{
	int r = money_rec_get(c, &p->row, &p->money);

	if (r == 0)
		r = money_room(c, &p->row, 1);
	if (r < 0 || p->lines.total >= p->money.credited)
		return r;
	err_set(&c->err, TIX_ELIMIT, "remove", "more than it would cost went back already");
	err_fact(&c->err, "credited", p->money.credited);
	err_fact(&c->err, "total", p->lines.total);
	return TIX_ELIMIT;
}

static int plan_order(struct call *c, const struct order_change_in *in, struct plan *p)
{
	struct state_step step = {.subject = in->code, .field = "code", .method = "order.change"};
	int n = 0, r = order_rec_find(c, in->code, "code", &p->row, &n);

	if (r == 0 && n > 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "code",
		    "this is one ticket: name the order, and the ticket in remove or exchange");
	if (r == 0 && in->add.n + in->remove.n + in->exchange.n == 0)
		r = err_set(&c->err, TIX_EMISSING, "add", "say what to add, remove or exchange");
	if (r < 0)
		return r;
	step.from = pending_state(c, &p->row);
	step.to = step.from == order_state_pending ? order_state_pending : order_state_paid;
	return call_state(c, &enum_set_order_state, &step);
}

static int plan(struct call *c, const struct order_change_in *in, struct plan *p)
{
	int r = plan_order(c, in, p);

	p->room = (int)(in->add.n + in->remove.n + 2 * in->exchange.n);
	p->touched = arena_array(c->arena, (size_t)p->room + 1, sizeof(*p->touched));
	if (r == 0 && !p->touched)
		r = call_no_memory(c);
	if (r == 0)
		r = load(c, p);
	if (r == 0)
		r = plan_remove(c, p, &in->remove);
	if (r == 0)
		r = plan_exchange(c, p, &in->exchange);
	if (r == 0)
		r = plan_add(c, p, &in->add);
	if (r == 0)
		r = check_bounds(c, p);
	if (r == 0)
		r = plan_lines(c, in, p);
	return r < 0 ? r : check_money(c, p);
}

/* What quotas lose is taken first: that may be refused, and nothing is written then. */
static int write_seats(struct call *c, const struct plan *p)
{
	for (int sign = 1; sign >= -1; sign -= 2) {
		enum sale_move more = waits(p) ? SALE_HOLD : SALE_SELL;
		enum sale_move less = waits(p) ? SALE_UNHOLD : SALE_UNSELL;
		struct sale s = {.event = p->row.event};
		int r = 0;

		for (int i = 0; i < p->net.nneeds; i++) {
			const struct sale_need *need = &p->net.needs[i];

			if (sign * need->count > 0)
				s.needs[s.nneeds++] =
				    (struct sale_need){need->quota, sign * need->count};
		}
		if (s.nneeds > 0)
			r = sale_take(c, &s, sign > 0 ? more : less);
		if (r < 0)
			return r;
	}
	return 0;
}

static int write_tickets(struct call *c, const struct order_change_in *in, const struct plan *p)
{
	int64_t id = p->n ? p->edits[p->n - 1].t.id : p->row.id * ORDER_ROWS;
	const struct line_in *add = in->add.v;
	int r = 1;

	if (waits(p))
		return 0;
	for (int i = 0; r > 0 && i < p->n; i++) {
		const struct edit *e = &p->edits[i];

		if (e->removed)
			r = q_run(c->db, SQL_ticket_remove, &c->err, 1, &e->t.id);
		else if (e->to)
			r = q_run(c->db, SQL_ticket_exchange, &c->err, 3,
			    (const int64_t[]){e->to->category, e->price, e->t.id});
	}
	for (size_t i = 0; r > 0 && i < in->add.n; i++) {
		const struct offer *o;

		r = offer_find(c, p->row.event.slug, add[i].category, &o);
		for (int64_t k = 0; r >= 0 && k < add[i].count; k++)
			r = q_run(c->db, SQL_ticket_add, &c->err, 3,
			    (const int64_t[]){++id, o->category, today(p, o)});
	}
	if (r == 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "a ticket changed meanwhile");
	return r < 0 ? r : 0;
}

static int write_rows(struct call *c, const struct order_change_in *in, const struct plan *p)
{
	int64_t first = p->row.id * ORDER_ROWS;
	struct money_rec money = p->money;
	struct order_rec row = p->row;
	int r = q_run(
	    c->db, SQL_lines_drop, &c->err, 2, (const int64_t[]){first, first + ORDER_ROWS - 1});

	if (r >= 0)
		r = sale_write_lines(c, &p->lines, p->row.id);
	if (r >= 0)
		r = write_tickets(c, in, p);
	if (r >= 0)
		r = q_run(c->db, SQL_order_change, &c->err, 3,
		    (const int64_t[]){p->lines.total, p->lines.tickets, p->row.id});
	row.total = p->lines.total;
	/* from now on what was captured is no longer what it cost when it was sold */
	if (r >= 0 && p->row.pay != pay_kind_comp)
		r = money_move(c, &row, &money, &(struct money_rec){.captured = 0});
	return r < 0 ? r : 0;
}

/* {"added":{"ga":2},"removed":[3],"exchanged":{"1":"vip"},"difference":..,"total":..,"currency":..}
 */
static int record(struct call *c, const struct order_change_in *in, const struct plan *p)
{
	const struct line_in *add = in->add.v;
	const char *comma = "", *data;
	struct buf b;

	buf_init(&b, 0);
	buf_puts(&b, "{\"added\":{");
	for (size_t i = 0; i < in->add.n; i++)
		buf_printf(&b, "%s\"%s\":%" PRId64, i ? "," : "", add[i].category, add[i].count);
	buf_puts(&b, "},\"removed\":[");
	for (int i = 0; i < p->n; i++) {
		if (p->edits[i].removed) {
			buf_printf(&b, "%s%" PRId64, comma, p->edits[i].t.id % ORDER_ROWS);
			comma = ",";
		}
	}
	comma = "";
	buf_puts(&b, "],\"exchanged\":{");
	for (int i = 0; i < p->n; i++) {
		if (p->edits[i].to) {
			buf_printf(&b, "%s\"%" PRId64 "\":\"%s\"", comma,
			    p->edits[i].t.id % ORDER_ROWS, p->edits[i].to->name);
			comma = ",";
		}
	}
	buf_printf(&b, "},\"difference\":%" PRId64 ",\"total\":%" PRId64 ",\"currency\":\"%s\"}",
	    p->lines.total - p->row.total, p->lines.total, p->row.event.currency);
	data = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	buf_done(&b);
	return order_later(c, &p->row, "order.changed", order_code(c, p->row.id), data);
}

/* What is here already may be all that it costs now. */
static int settle(struct call *c, struct plan *p)
{
	p->row.total = p->lines.total;
	p->row.tickets = p->lines.tickets;
	return pending_settle(c, &p->row, &p->money);
}

int order_change(struct call *c, const struct order_change_in *in, struct order *out)
{
	struct plan *p = arena_alloc(c->arena, sizeof(*p));
	int64_t difference;
	int r = p ? plan(c, in, p) : call_no_memory(c);

	if (r == 0)
		r = write_seats(c, p);
	if (r < 0)
		return r;
	c->subject = p->row.id;
	r = write_rows(c, in, p);
	if (r == 0)
		r = record(c, in, p);
	difference = p->lines.total - p->row.total;
	if (r == 0)
		r = money_credit(c, &p->row, -difference);
	if (r == 0)
		r = settle(c, p);
	if (r == 0)
		r = order_load(c, p->row.id, out);
	out->difference = sale_money(&p->row.event, difference);
	SET(out, order, difference);
	return r;
}
