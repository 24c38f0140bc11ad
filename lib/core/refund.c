/* SPDX-License-Identifier: MIT */
/* Giving money back: planned and checked as a whole, then written pending; a person who has paid it
 * out confirms it, one who sees that it was a mistake withdraws it. */
#include "core/refund.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/amount.h"
#include "core/money_rec.h"
#include "core/odd.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/order_part.h"
#include "core/page.h"
#include "core/pending.h"
#include "core/refund_kept.h"
#include "core/rows.h"
#include "core/ticket.h"

#define STEP 64
#define POSTINGS_MAX 4 /* the order owes less, it is decided, both are taken back */
#define POSTINGS_BACK 1 /* it is taken back, the order owes again; not paid out */
#define SCAN_MAX 2000 /* rows one page looks at */

/* A refund as it is kept. */
struct refund_rec {
	int64_t id, amount, fee, credit, at, done;
	int64_t ticket; /* number in the order, 0: none */
	int kind, state;
};

/* A refund on its way. */
struct plan {
	struct order_rec order;
	struct money_rec money;
	struct ticket_rec ticket;
	struct refund_rec r;
	bool voids;
};

static int rec_get(struct call *c, int64_t id, struct refund_rec *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_refund_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1)
		*ret = (struct refund_rec){
		    .id = id,
		    .kind = (int)q_col(&q, 0),
		    .amount = q_col(&q, 1),
		    .fee = q_col(&q, 2),
		    .credit = q_col(&q, 3),
		    .state = (int)q_col(&q, 4),
		    .at = q_col(&q, 5),
		    .done = q_isnull(&q, 6) ? TIME_NONE : q_col(&q, 6),
		    .ticket = q_col(&q, 7) % ORDER_ROWS,
		};
	q_end(&q);
	return r;
}

/* What was refunded of the order before this one. */
static int before(struct call *c, int64_t id, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_refund_before, &c->err);
	q_i64(&q, 1, id / ORDER_ROWS * ORDER_ROWS);
	q_i64(&q, 2, id);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int show(
    struct call *c, const struct order_rec *order, const struct refund_rec *f, struct refund *out)
{
	int64_t paid = 0, earlier = 0;
	int r = order_paid(c, order->id, &paid);

	if (r == 0)
		r = before(c, f->id, &earlier);
	if (r < 0)
		return r;
	out->refund = order_part_name(c, f->id, PART_REFUND);
	out->order = order_code(c, order->id);
	out->event = arena_strdup(c->arena, order->event.slug);
	if (!out->refund || !out->order || !out->event)
		return call_no_memory(c);
	if (f->ticket)
		out->ticket = arena_printf(c->arena, "%s/%" PRId64, out->order, f->ticket);
	out->kind = f->kind;
	out->state = f->state;
	out->captured = sale_money(&order->event, paid);
	out->refunded_before = sale_money(&order->event, earlier);
	out->fee = sale_money(&order->event, f->fee);
	out->amount = sale_money(&order->event, f->amount);
	out->keeps = sale_money(&order->event,
	    paid - earlier - (f->state == refund_state_withdrawn ? 0 : f->amount));
	out->at = f->at;
	out->done = f->done;
	return 0;
}

int refund_load(struct call *c, int64_t id, struct refund *out)
{
	struct order_rec order;
	struct refund_rec f;
	int r = order_rec_get(c, id / ORDER_ROWS, &order);

	if (r == 1)
		r = rec_get(c, id, &f);
	if (r <= 0)
		return r < 0 ? r : call_not_found(c, "refund", "refund", NULL);
	return show(c, &order, &f, out);
}

/* CODE/r1 of the principal's. */
static int find(struct call *c, const char *text, struct order_rec *order, struct refund_rec *ret)
{
	int64_t id;
	int r = order_part_find(c, text, PART_REFUND, "refund", order, &id);

	if (r == 0)
		r = rec_get(c, id, ret);
	if (r == 0)
		return call_not_found(c, "refund", "refund", text);
	return r < 0 ? r : 0;
}

int refund_find(struct call *c, const char *text, int64_t *ret_id)
{
	struct order_rec order;
	struct refund_rec f;
	int r = find(c, text, &order, &f);

	if (r == 0)
		*ret_id = f.id;
	return r;
}

/* The ticket whose money goes back: once only. */
static int plan_ticket(struct call *c, const struct refund_create_in *in, int n, struct plan *p)
{
	struct state_step step = {.subject = in->code,
	    .field = "void",
	    .to = ticket_state_void,
	    .method = "refund.create"};
	int64_t id = p->order.id * ORDER_ROWS + n;
	int r = ticket_rec_get(c, id, &p->ticket);

	if (r == 0)
		return call_not_found(c, "code", "ticket", in->code);
	p->r.ticket = n;
	step.from = p->ticket.state;
	p->voids = in->void_ticket;
	if (r == 1 && p->voids && p->ticket.state != ticket_state_void)
		r = call_state(c, &enum_set_ticket_state, &step);
	p->voids = p->voids && p->ticket.state == ticket_state_valid;
	if (r < 0)
		return r;
	r = ticket_refunded(c, id);
	if (r == 1)
		return err_set(&c->err, TIX_ELIMIT, "code", "%s was refunded already", in->code);
	return r;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Whether it is of what the order has too much first; the money of a ticket that is part of an
 * order goes back for the ticket, whatever else is due. */
static bool of_balance(const struct plan *p)
{
	if (p->order.state == order_state_cancelled)
		return true;
	return money_balance(&p->order, &p->money) > 0 &&
	       (p->r.ticket == 0 || p->ticket.state == ticket_state_removed);
}

/* What the order owes less by it: what goes beyond that which it has too much, fee included; the
 * fee is owed again. One that awaits its money stays as dear as it is. */
static int64_t credit_of(const struct plan *p)
{
	int64_t balance = money_balance(&p->order, &p->money);
	int64_t spare = balance > 0 ? balance : 0, beyond = p->r.amount + p->r.fee - spare;

	if (p->order.state == order_state_pending)
		return 0;
	return of_balance(p) ? (beyond > 0 ? beyond : 0) - p->r.fee
			     : least(p->r.amount, money_owed(&p->order, &p->money));
}

/* What the refund is of: the ticket, the amount, all that is there, or what a cancelled order has
 * too much. */
static int plan_amount(struct call *c, const struct refund_create_in *in, struct plan *p)
{
	bool amount = HAS(in, refund_create_in, amount), fee = HAS(in, refund_create_in, keep_fee);
	struct money given = {.amount = 0}, kept = {.amount = 0};
	bool cancelled = p->order.state == order_state_cancelled;
	int64_t base = p->money.captured - p->money.refunded;
	int r = 0;

	if (amount && fee)
		return err_set(&c->err, TIX_EBAD_VALUE, "keep_fee",
		    "an amount is what goes back: leave the fee out of it");
	if (amount)
		r = call_money(c, &in->amount, p->order.event.currency, "amount", &given);
	if (r == 0 && amount && given.amount == 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "amount", "nothing is no refund");
	if (r == 0 && fee)
		r = call_money(c, &in->keep_fee, p->order.event.currency, "keep_fee", &kept);
	if (r < 0)
		return r;
	if (p->r.ticket)
		base = p->ticket.price;
	else if (of_balance(p))
		base = money_balance(&p->order, &p->money);
	if (kept.amount > 0 && !cancelled && of_balance(p))
		return err_set(&c->err, TIX_EBAD_VALUE, "keep_fee",
		    "what was paid too much goes back without a fee");
	if (p->r.ticket && given.amount > base)
		return err_set(&c->err, TIX_ELIMIT, "amount", "more than the ticket cost");
	p->r.fee = kept.amount;
	p->r.amount = amount ? given.amount : base - kept.amount;
	if (p->r.amount <= 0)
		return err_set(&c->err, TIX_ELIMIT, amount ? "amount" : "code",
		    "nothing is left to give back");
	p->r.credit = credit_of(p);
	if (p->money.credited + p->r.credit < 0)
		return err_set(&c->err, TIX_ELIMIT, "keep_fee",
		    "more would be kept than the order cost");
	return 0;
}

static int plan_refund(struct call *c, const struct refund_create_in *in, struct plan *p)
{
	struct state_step step = {.subject = in->code, .field = "code", .method = "refund.create"};
	int n = 0, r = order_rec_find(c, in->code, "code", &p->order, &n);

	if (r < 0)
		return r;
	step.from = step.to = pending_state(c, &p->order);
	r = call_state(c, &enum_set_order_state, &step);
	if (r == 0)
		r = money_rec_get(c, &p->order, &p->money);
	if (r == 0)
		r = money_room(c, &p->order, POSTINGS_MAX);
	if (r == 0 && n > 0)
		r = plan_ticket(c, in, n, p);
	if (r == 0 && n == 0 && in->void_ticket)
		r = err_set(&c->err, TIX_EBAD_VALUE, "void_ticket",
		    "name the ticket, CODE/n; tix order cancel voids all");
	if (r == 0)
		r = plan_amount(c, in, p);
	p->r.kind = in->kind			     ? in->kind
		    : p->order.pay == pay_kind_bank ? refund_kind_bank
						    : refund_kind_cash;
	p->r.state = refund_state_pending;
	p->r.at = c->now;
	p->r.done = TIME_NONE;
	return r;
}

static int write_void(struct call *c, const struct plan *p)
{
	struct sale s;
	int r;

	if (!p->voids)
		return 0;
	r = ticket_seat(c, &p->order, &p->ticket, &s);
	if (r == 0)
		r = sale_take(c, &s, SALE_UNSELL);
	if (r == 0)
		r = q_run(c->db, SQL_ticket_void, &c->err, 1, &p->ticket.id);
	return r < 0 ? r : 0;
}

static int write_row(struct call *c, const struct plan *p)
{
	const struct refund_rec *f = &p->r;
	struct q q;

	q_start(&q, c->db, SQL_refund_add, &c->err);
	q_i64(&q, 1, f->id);
	q_i64(&q, 2, f->kind);
	q_i64(&q, 3, f->amount);
	q_i64(&q, 4, f->fee);
	q_i64(&q, 5, f->credit);
	q_i64(&q, 6, f->state);
	q_i64(&q, 7, f->at);
	if (f->ticket)
		q_i64(&q, 8, p->ticket.id);
	else
		q_null(&q, 8);
	return q_finish(&q);
}

static int record(struct call *c, const struct plan *p, const char *topic)
{
	const struct refund_rec *f = &p->r;

	return order_later(c, &p->order, topic, order_part_name(c, f->id, PART_REFUND),
	    arena_printf(c->arena,
		"{\"amount\":%" PRId64 ",\"fee\":%" PRId64
		",\"currency\":\"%s\",\"kind\":\"%s\",\"ticket\":%" PRId64 ",\"void\":%s}",
		f->amount, f->fee, p->order.event.currency,
		enum_word(&enum_set_refund_kind, f->kind), f->ticket, p->voids ? "true" : "false"));
}

/* The row, its record and its postings; the counters first, since they may refuse. */
static int write_refund(struct call *c, struct plan *p)
{
	struct money_rec add = {.refunded = p->r.amount, .credited = p->r.credit};
	int r = order_part_next(c, p->order.id, SQL_refund_last, "refund", &p->r.id);

	if (r == 0)
		r = money_move(c, &p->order, &p->money, &add);
	if (r == 0)
		r = write_void(c, p);
	if (r == 0)
		r = write_row(c, p);
	if (r == 0)
		r = record(c, p, "refund.created");
	if (r == 0)
		r = money_credit(c, &p->order, p->r.credit);
	return r < 0 ? r
		     : money_post(c, &p->order, account_receivable, account_refunds_payable,
			   p->r.amount);
}

int refund_pending(struct call *c, const struct order_rec *order, struct money_rec *m, int kind,
    int64_t amount, int64_t *ret_id)
{
	struct plan p = {.order = *order, .money = *m};
	int r;

	p.r = (struct refund_rec){.amount = amount,
	    .kind = kind,
	    .state = refund_state_pending,
	    .at = c->now,
	    .done = TIME_NONE};
	r = write_refund(c, &p);
	if (r == 0)
		*m = p.money;
	if (r == 0 && ret_id)
		*ret_id = p.r.id;
	return r;
}

int refund_create(struct call *c, const struct refund_create_in *in, struct refund *out)
{
	struct plan p = {.voids = false};
	int r = plan_refund(c, in, &p);

	if (r == 0)
		r = write_refund(c, &p);
	c->subject = p.r.id;
	if (r == 0)
		r = show(c, &p.order, &p.r, out);
	if (r < 0)
		return r;
	out->seats = p.voids;
	SET(out, refund, seats);
	if (p.r.ticket) {
		out->category = p.ticket.category_name;
		out->price = sale_money(&p.order.event, p.ticket.price);
		SET(out, refund, category);
		SET(out, refund, price);
	}
	return refund_kept(c, &p.order, out);
}

int refund_confirm(struct call *c, const struct refund_act_in *in, struct refund *out)
{
	struct state_step step = {.subject = in->refund,
	    .field = "refund",
	    .to = refund_state_done,
	    .method = "refund.confirm"};
	struct plan p = {.voids = false};
	int r = find(c, in->refund, &p.order, &p.r);

	if (r < 0)
		return r;
	step.from = p.r.state;
	r = call_state(c, &enum_set_refund_state, &step);
	if (r == 0)
		r = q_run(c->db, SQL_refund_done, &c->err, 2, (const int64_t[]){c->now, p.r.id});
	if (r < 0)
		return r;
	p.r.state = refund_state_done;
	p.r.done = c->now;
	c->subject = p.r.id;
	r = record(c, &p, "refund.done");
	if (r == 0)
		r = money_post(c, &p.order, account_refunds_payable,
		    p.r.kind == refund_kind_cash ? account_cash : account_bank, p.r.amount);
	return r < 0 ? r : show(c, &p.order, &p.r, out);
}

/* A decision is taken back: the order must still be one that a refund can be decided of. */
static int plan_withdraw(struct call *c, const struct refund_act_in *in, struct plan *p)
{
	struct state_step step = {.subject = in->refund,
	    .field = "refund",
	    .to = refund_state_withdrawn,
	    .method = "refund.withdraw"};
	int64_t credited;
	int r = find(c, in->refund, &p->order, &p->r);

	if (r < 0)
		return r;
	step.from = p->r.state;
	r = call_state(c, &enum_set_refund_state, &step);
	step.subject = order_code(c, p->order.id);
	step.from = step.to = pending_state(c, &p->order);
	if (r == 0)
		r = step.subject ? call_state(c, &enum_set_order_state, &step) : c->err.code;
	if (r == 0)
		r = money_rec_get(c, &p->order, &p->money);
	if (r == 0)
		r = money_room(c, &p->order, POSTINGS_BACK);
	credited = p->money.credited - p->r.credit;
	if (r < 0 || (credited >= 0 && credited <= p->order.total))
		return r;
	err_set(&c->err, TIX_ELIMIT, "refund", "a later refund counts on it");
	err_hint(&c->err, "withdraw the later one first");
	return TIX_ELIMIT;
}

/* What refund.create did to the money is undone. A ticket that was voided with it stays void: its
 * seat may be somebody else's by now. */
int refund_withdraw(struct call *c, const struct refund_act_in *in, struct refund *out)
{
	struct plan p = {.voids = false};
	int r = plan_withdraw(c, in, &p);
	struct money_rec back = {.refunded = -p.r.amount, .credited = -p.r.credit};

	if (r == 0)
		r = money_move(c, &p.order, &p.money, &back);
	if (r == 0)
		r = q_run(c->db, SQL_refund_withdraw, &c->err, 1, &p.r.id);
	if (r < 0)
		return r;
	p.r.state = refund_state_withdrawn;
	c->subject = p.r.id;
	r = record(c, &p, "refund.withdrawn");
	if (r == 0)
		r = money_credit(c, &p.order, -p.r.credit);
	if (r == 0)
		r = money_post(
		    c, &p.order, account_refunds_payable, account_receivable, p.r.amount);
	if (r == 0)
		r = pending_settle(c, &p.order, &p.money);
	return r < 0 ? r : show(c, &p.order, &p.r, out);
}

int refund_show(struct call *c, const struct refund_in *in, struct refund *out)
{
	struct order_rec order;
	struct refund_rec f;
	int r = find(c, in->refund, &order, &f);

	return r < 0 ? r : show(c, &order, &f, out);
}

static int list_ids(struct call *c, uint64_t states, int64_t after, int64_t *ret)
{
	bool pending = states == UINT64_C(1) << refund_state_pending;
	struct q q;

	q_start(&q, c->db, pending ? SQL_refunds_pending : SQL_refunds_all, &c->err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, STEP);
	return q_ids(&q, STEP, ret);
}

struct listing {
	const struct refund_list_in *in;
	int64_t event, since, until; /* event 0: all */
	struct amount_filter amount;
};

static bool list_wants(const struct listing *l, const struct refund_rec *f)
{
	return (!l->in->state || (l->in->state >> f->state & 1)) &&
	       (!l->in->kind || (l->in->kind >> f->kind & 1)) && f->at >= l->since &&
	       f->at < l->until;
}

/* The refund into the page if it is asked for and the principal's. */
static int list_one(
    struct call *c, struct listing *l, int64_t id, struct refund_page *out)
{
	struct refund *items = out->items.v;
	struct order_rec order;
	struct refund_rec f;
	int r = order_rec_get(c, id / ORDER_ROWS, &order);

	if (r == 1)
		r = rec_get(c, id, &f);
	if (r <= 0 || !order_rec_seen(c, &order) || !list_wants(l, &f) ||
	    (l->event && l->event != order.event.id) ||
	    !amount_matches(&l->amount, order.event.currency, f.amount))
		return r < 0 ? r : 0;
	return show(c, &order, &f, &items[out->items.n++]);
}

static int list_fill(
    struct call *c, struct listing *l, int64_t *after, struct refund_page *out)
{
	size_t limit = (size_t)page_limit(l->in, refund_list_in);
	int64_t ids[STEP];
	int n = STEP;

	for (int scanned = 0; n == STEP && scanned < SCAN_MAX; scanned += n) {
		n = list_ids(c, l->in->state, *after, ids);
		for (int i = 0; i < n; i++) {
			int r;

			if (out->items.n == limit || arena_used(c->arena) > PAGE_MEMORY_MAX)
				return 1;
			r = list_one(c, l, ids[i], out);
			if (r < 0)
				return r;
			*after = ids[i];
		}
	}
	return n < 0 ? n : n == STEP;
}

static int list_plan(struct call *c, struct listing *l, struct page_filter *f)
{
	const struct refund_list_in *in = l->in;
	struct event_ref event = {.id = 0};
	const struct event_ref *zone = in->event ? &event : NULL;
	int r = zone ? call_event(c, in->event, &event) : 0;

	if (r == 0)
		r = call_when(c, zone, in->since, false, "since", &l->since);
	if (r == 0)
		r = call_when(c, zone, in->until, true, "until", &l->until);
	if (r == 0 && in->amount)
		r = amount_filter_read(
		    c, in->amount, zone ? event.currency : NULL, "amount", &l->amount);
	l->until = l->until == TIME_NONE ? INT64_MAX : l->until;
	l->event = event.id;
	page_filter_init(f, "refund.list");
	page_filter_str(f, in->event);
	page_filter_i64(f, (int64_t)in->state);
	page_filter_i64(f, (int64_t)in->kind);
	page_filter_str(f, in->amount);
	page_filter_str(f, in->since);
	page_filter_str(f, in->until);
	return r;
}

int refund_list(struct call *c, const struct refund_list_in *in, struct refund_page *out)
{
	struct page_key key = {{0, 0}, NULL};
	struct listing l = {.in = in};
	struct page_filter f;
	int r = list_plan(c, &l, &f);

	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	ODD_TELL(c, out, refund_page);
	out->items.v =
	    arena_array(c->arena, (size_t)page_limit(in, refund_list_in), sizeof(struct refund));
	if (!out->items.v)
		return call_no_memory(c);
	r = list_fill(c, &l, &key.n[0], out);
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
