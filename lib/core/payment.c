/* SPDX-License-Identifier: MIT */
/* Money that comes in: it may sell an order that waits for it, also one whose time is over while
 * there are seats; what an order cannot take is to be given back at once. */
#include "core/payment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/amount.h"
#include "core/hold.h"
#include "core/odd.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/order_part.h"
#include "core/page.h"
#include "core/pending.h"
#include "core/refund.h"
#include "core/rows.h"
#include "core/writer_state.h"
#include "model/states.h"

#define STEP 64
#define POSTINGS_MAX 4 /* it comes, sells again, and goes back, decided and paid out */
#define SCAN_MAX 2000 /* rows one page looks at */

/* A payment as it is kept. */
struct payment_rec {
	int64_t id, amount, at;
	int64_t refund; /* what was given back of it, 0: nothing */
	int kind, state;
	const char *reference; /* in the arena */
};

/* A payment on its way. */
struct taking {
	struct order_rec order;
	struct money_rec money;
	struct payment_rec p;
	struct sale sale;
	bool again; /* it sells an order whose time was over */
};

static int rec_get(struct call *c, int64_t id, struct payment_rec *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_payment_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1) {
		*ret = (struct payment_rec){
		    .id = id,
		    .kind = (int)q_col(&q, 0),
		    .amount = q_col(&q, 1),
		    .state = (int)q_col(&q, 2),
		    .at = q_col(&q, 3),
		    .refund = q_col(&q, 5),
		};
		r = row_text(c, &q, 4, &ret->reference);
		r = r < 0 ? r : 1;
	}
	q_end(&q);
	return r;
}

static int show(struct call *c, const struct order_rec *order, const struct payment_rec *p,
    struct receipt *out)
{
	int64_t paid = 0;
	int r = order_paid(c, order->id, &paid);

	if (r < 0)
		return r;
	out->payment = order_part_name(c, p->id, PART_PAYMENT);
	out->order = order_code(c, order->id);
	out->event = arena_strdup(c->arena, order->event.slug);
	out->refund = p->refund ? order_part_name(c, p->refund, PART_REFUND) : NULL;
	if (!out->payment || !out->order || !out->event || (p->refund && !out->refund))
		return call_no_memory(c);
	out->kind = p->kind;
	out->amount = sale_money(&order->event, p->amount);
	out->state = p->state;
	out->at = p->at;
	out->reference = p->reference;
	out->order_state = order->state;
	out->money = order_money_word(order, paid);
	out->balance = sale_money(&order->event, order_balance(order, paid));
	return 0;
}

int payment_load(struct call *c, int64_t id, struct receipt *out)
{
	struct order_rec order;
	struct payment_rec p;
	int r = order_rec_get(c, id / ORDER_ROWS, &order);

	if (r == 1)
		r = rec_get(c, id, &p);
	if (r <= 0)
		return r < 0 ? r : call_not_found(c, "payment", "payment", "");
	return show(c, &order, &p, out);
}

/* CODE/p1 of the principal's. */
static int find(struct call *c, const char *text, struct order_rec *order, struct payment_rec *ret)
{
	int64_t id;
	int r = order_part_find(c, text, PART_PAYMENT, "payment", order, &id);

	if (r == 0)
		r = rec_get(c, id, ret);
	if (r == 0)
		return call_not_found(c, "payment", "payment", text);
	return r < 0 ? r : 0;
}

int payment_find(struct call *c, const char *text, int64_t *ret_id)
{
	struct order_rec order;
	struct payment_rec p;
	int r = find(c, text, &order, &p);

	if (r == 0)
		*ret_id = p.id;
	return r;
}

int payment_show(struct call *c, const struct payment_in *in, struct receipt *out)
{
	struct order_rec order;
	struct payment_rec p;
	int r = find(c, in->payment, &order, &p);

	return r < 0 ? r : show(c, &order, &p, out);
}

/* Money comes for what was ordered: not for a hold, nor for what is free. */
static int check_order(struct call *c, const char *code, const struct order_rec *row)
{
	struct state_step step = {.subject = code,
	    .field = "code",
	    .from = row->state,
	    .to = row->state,
	    .method = "payment.record"};
	int r = call_state(c, &enum_set_order_state, &step);

	if (r < 0)
		return r;
	if (!row->pay)
		return err_set(&c->err, TIX_EWRONG_STATE, "code",
		    "%s is %s: it was a hold, nothing was ordered", code,
		    state_word(&enum_set_order_state, row->state));
	if (row->pay == pay_kind_comp)
		return err_set(&c->err, TIX_EWRONG_STATE, "code",
		    "%s is complimentary: nothing is to be paid", code);
	return 0;
}

static int check_time(struct call *c, const struct payment_record_in *in, struct taking *t)
{
	struct event_ref event;
	int r = call_event(c, t->order.event.slug, &event);

	if (r == 0)
		r = call_when(c, &event, in->at, false, "at", &t->p.at);
	if (r == 0 && t->p.at > c->now)
		r = err_set(&c->err, TIX_EBAD_VALUE, "at", "a payment does not come in later");
	if (r == 0 && t->p.at == TIME_NONE)
		t->p.at = c->now;
	return r;
}

static int plan(struct call *c, const struct payment_record_in *in, struct taking *t)
{
	struct money amount = {.amount = 0};
	int n = 0, r = order_rec_find(c, in->code, "code", &t->order, &n);

	if (r == 0 && n > 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "code",
		    "this is one ticket: money comes for the order");
	if (r == 0)
		r = check_order(c, in->code, &t->order);
	if (r == 0)
		r = call_money(c, &in->amount, t->order.event.currency, "amount", &amount);
	if (r == 0 && amount.amount == 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "amount", "nothing is no payment");
	if (r == 0)
		r = check_time(c, in, t);
	if (r == 0)
		r = money_rec_get(c, &t->order, &t->money);
	if (r == 0 && amount.amount > CALL_MONEY_MAX - t->money.captured)
		r = err_set(&c->err, TIX_ELIMIT, "amount", "too much money for one order");
	if (r == 0)
		r = money_room(c, &t->order, POSTINGS_MAX);
	t->p.amount = amount.amount;
	t->p.kind = in->kind;
	t->p.state = payment_state_captured;
	t->p.reference = in->reference;
	return r < 0 ? r : order_part_next(c, t->order.id, SQL_payment_last, "payment", &t->p.id);
}

/* The seats of an order whose time is over, if it still can be had: 1 taken. */
static int take_again(struct call *c, struct taking *t)
{
	int r;

	if (t->order.event.status != event_status_published || t->order.event.start <= c->now ||
	    t->sale.nneeds == 0)
		return 0;
	r = sale_take(c, &t->sale, SALE_SELL);
	if (r != TIX_ESOLD_OUT)
		return r < 0 ? r : 1;
	err_clear(&c->err);
	return 0;
}

/* The seats of one that is over, when all that it costs is here now. */
static int take_seats(struct call *c, struct taking *t)
{
	int64_t here = t->money.captured - t->money.refunded + t->p.amount;
	int r;

	if (t->order.state != order_state_expired || here < t->order.total)
		return 0;
	r = order_rec_lines(c, &t->order, true, &t->sale);
	if (r == 0)
		r = take_again(c, t);
	t->again = r == 1;
	return r < 0 ? r : 0;
}

static int write_row(struct call *c, const struct payment_rec *p)
{
	int64_t values[] = {p->id, p->kind, p->amount, p->state, p->at};
	int r = q_run(c->db, SQL_payment_add, &c->err, 5, values);

	return r < 0 ? r : 0;
}

static int write_note(struct call *c, const struct payment_rec *p)
{
	struct q q;

	q_start(&q, c->db, SQL_payment_note_add, &c->err);
	q_i64(&q, 1, p->id);
	q_i64(&q, 2, c->now);
	q_str(&q, 3, p->reference);
	if (p->refund)
		q_i64(&q, 4, p->refund);
	else
		q_null(&q, 4);
	return q_finish(&q);
}

/* The reference is strangers' text: the journal does without it. */
static int record(struct call *c, const struct taking *t)
{
	return order_later(c, &t->order, "payment.recorded", order_part_name(c, t->p.id, PART_PAYMENT),
	    arena_printf(c->arena,
		"{\"amount\":%" PRId64 ",\"currency\":\"%s\",\"kind\":\"%s\"}", t->p.amount,
		t->order.event.currency, enum_word(&enum_set_payment_kind, t->p.kind)));
}

static int write_payment(struct call *c, struct taking *t)
{
	int64_t again = t->again ? t->money.credited : 0;
	int r;

	if (t->again)
		t->order.state = order_state_paid;
	r = money_move(c, &t->order, &t->money,
	    &(struct money_rec){.captured = t->p.amount, .credited = -again});
	if (r == 0)
		r = write_row(c, &t->p);
	if (r == 0)
		r = record(c, t);
	if (r == 0)
		r = money_post(
		    c, &t->order, money_account(t->p.kind), account_receivable, t->p.amount);
	if (r == 0)
		r = t->again ? pending_sold(c, &t->order, &t->sale)
			     : pending_settle(c, &t->order, &t->money);
	return r < 0 ? r : money_credit(c, &t->order, -again);
}

/* What an order that is over cannot take goes back. */
static int give_back(struct call *c, struct taking *t)
{
	int64_t left = money_balance(&t->order, &t->money);
	int kind = t->p.kind == payment_kind_bank ? refund_kind_bank : refund_kind_cash;

	if (left > t->p.amount)
		left = t->p.amount;
	if (left <= 0 || t->order.state == order_state_paid ||
	    t->order.state == order_state_pending)
		return 0;
	return refund_pending(c, &t->order, &t->money, kind, left, &t->p.refund);
}

/* What is over is swept first: a payment must not lose seats to a hold that is over, nor find its
 * own order waiting. */
int payment_record(struct call *c, const struct payment_record_in *in, struct receipt *out)
{
	struct taking t = {.again = false};
	int r = hold_sweep(c, 0);

	if (r >= 0)
		r = plan(c, in, &t);
	if (r == 0)
		r = take_seats(c, &t);
	if (r == 0)
		r = write_payment(c, &t);
	c->subject = t.p.id;
	if (r == 0)
		r = give_back(c, &t);
	if (r == 0)
		r = write_note(c, &t.p);
	return r < 0 ? r : payment_load(c, t.p.id, out);
}

/* Where a page of payments goes on, and what it looks at. */
struct list {
	const struct payment_list_in *in;
	int64_t event, since, until; /* event 0: all */
	int64_t at, after; /* of the last one looked at; at only where they come by time */
	bool by_time;
	struct amount_filter amount;
};

static int list_ids(struct call *c, const struct list *l, int64_t *ret, int64_t *ret_at)
{
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, l->by_time ? SQL_payments_bank : SQL_payments_all, &c->err);
	if (l->by_time) {
		q_i64(&q, 1, l->at);
		q_i64(&q, 2, l->after);
		q_i64(&q, 3, l->until);
		q_i64(&q, 4, STEP);
	} else {
		q_i64(&q, 1, l->after);
		q_i64(&q, 2, STEP);
	}
	while (n < STEP && (r = q_step(&q)) == 1) {
		ret[n] = q_col(&q, 0);
		ret_at[n++] = l->by_time ? q_col(&q, 1) : 0;
	}
	q_end(&q);
	return n < STEP && r < 0 ? r : n;
}

/* The payment into the page if it is asked for and the principal's. */
static int list_one(struct call *c, struct list *l, int64_t id, struct payment_page *out)
{
	struct receipt *items = out->items.v;
	struct order_rec order;
	struct payment_rec p;
	int r = rec_get(c, id, &p);

	if (r <= 0 || p.at < l->since || p.at >= l->until ||
	    (l->in->kind && !(l->in->kind >> p.kind & 1)))
		return r < 0 ? r : 0;
	r = order_rec_get(c, id / ORDER_ROWS, &order);
	if (r <= 0 || !order_rec_seen(c, &order) ||
	    (l->event && l->event != order.event.id) ||
	    !amount_matches(&l->amount, order.event.currency, p.amount))
		return r < 0 ? r : 0;
	return show(c, &order, &p, &items[out->items.n++]);
}

/* 1: the page is full or long enough, 0: there are no more. */
static int list_fill(struct call *c, struct list *l, struct payment_page *out)
{
	size_t limit = (size_t)page_limit(l->in, payment_list_in);
	int64_t ids[STEP], at[STEP];
	int n = STEP;

	for (int scanned = 0; n == STEP && scanned < SCAN_MAX; scanned += n) {
		n = list_ids(c, l, ids, at);
		for (int i = 0; i < n; i++) {
			int r;

			if (out->items.n == limit || arena_used(c->arena) > PAGE_MEMORY_MAX)
				return 1;
			r = list_one(c, l, ids[i], out);
			if (r < 0)
				return r;
			l->after = ids[i];
			l->at = at[i];
		}
	}
	return n < 0 ? n : n == STEP;
}

static int list_open(struct call *c, struct list *l, struct page_filter *f)
{
	struct event_ref event = {.id = 0};
	const struct event_ref *zone = l->in->event ? &event : NULL;
	struct page_key key = {{0, 0}, NULL};
	int r = zone ? call_event(c, l->in->event, &event) : 0;

	if (r == 0)
		r = call_when(c, zone, l->in->since, false, "since", &l->since);
	if (r == 0)
		r = call_when(c, zone, l->in->until, true, "until", &l->until);
	if (r == 0 && l->in->amount)
		r = amount_filter_read(
		    c, l->in->amount, zone ? event.currency : NULL, "amount", &l->amount);
	l->event = event.id;
	l->until = l->until == TIME_NONE ? INT64_MAX : l->until;
	l->by_time = l->in->kind == UINT64_C(1) << payment_kind_bank;
	page_filter_init(f, "payment.list");
	page_filter_str(f, l->in->event);
	page_filter_i64(f, (int64_t)l->in->kind);
	page_filter_str(f, l->in->amount);
	page_filter_str(f, l->in->since);
	page_filter_str(f, l->in->until);
	if (r == 0)
		r = page_open(c, f, l->in->cursor, &key);
	l->after = r == 1 ? key.n[0] : 0;
	l->at = r == 1 ? key.n[1] : l->since;
	return r < 0 ? r : 0;
}

int payment_list(struct call *c, const struct payment_list_in *in, struct payment_page *out)
{
	struct list l = {.in = in};
	struct page_filter f;
	int r = list_open(c, &l, &f);

	if (r < 0)
		return r;
	ODD_TELL(c, out, payment_page);
	out->items.v =
	    arena_array(c->arena, (size_t)page_limit(in, payment_list_in), sizeof(struct receipt));
	if (!out->items.v)
		return call_no_memory(c);
	r = list_fill(c, &l, out);
	if (r == 1) {
		out->next = page_next(c, &f, &(struct page_key){{l.after, l.at}, NULL});
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
