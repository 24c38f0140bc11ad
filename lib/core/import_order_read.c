/* SPDX-License-Identifier: MIT */
/* One record of an order: names to ids, amounts to numbers, and whether its parts agree. What is
 * taken here passes the audit. */
#include <string.h>

#include "core/import_order.h"
#include "core/import_work.h"
#include "core/money_rec.h"
#include "model/states.h"

/* An amount that may be below 0. */
static int amount_of(struct call *c, const struct coming *o, const struct money_in *in,
    const char *field, int64_t *ret)
{
	struct money_in plus = *in;
	bool below = !in->text && in->money.amount < 0 && in->money.amount > INT64_MIN;
	struct money m;
	int r;

	if (below)
		plus.money.amount = -plus.money.amount;
	r = call_money(c, &plus, o->row.event.currency, field, &m);
	if (r == 0)
		*ret = below ? -m.amount : m.amount;
	return r;
}

static int money_of(struct call *c, const struct coming *o, const struct money_in *in,
    const char *field, int64_t *ret)
{
	struct money m;
	int r = call_money(c, in, o->row.event.currency, field, &m);

	if (r == 0)
		*ret = m.amount;
	return r;
}

static int in_list(struct call *c, const char *list, size_t i, int r)
{
	return r < 0 ? import_prefix(c, list, (int)i, r) : r;
}

/* Rows are numbered in their order, each number once. */
static int ascending(struct call *c, int64_t before, int64_t n)
{
	return n > before ? 0
			  : err_set(&c->err, TIX_EBAD_VALUE, "n",
				"%lld comes after %lld: rows go up by number", (long long)n,
				(long long)before);
}

static int may(struct call *c, const struct enum_set *machine, const char *field, int state)
{
	struct state_step step = {
	    .subject = "it", .field = field, .to = state, .method = "order.import"};

	return call_state(c, machine, &step);
}

static int read_line(
    struct call *c, struct coming *o, const struct import_line *in, struct coming_line *ret)
{
	const struct offer *offer;
	int r = offer_find(c, o->in->event, in->category, &offer);

	if (r < 0)
		return r;
	o->row.event = offer->event;
	*ret = (struct coming_line){.category = offer->category, .count = in->count};
	return money_of(c, o, &in->price, "price", &ret->price);
}

static int read_lines(struct call *c, struct coming *o)
{
	const struct import_line *in = o->in->line.v;
	int64_t sum, total = 0;

	o->nlines = o->in->line.n;
	o->lines = arena_array(c->arena, o->nlines, sizeof(*o->lines));
	if (!o->lines)
		return call_no_memory(c);
	if (o->nlines == 0)
		return err_set(&c->err, TIX_EMISSING, "line", "an order has at least one line");
	for (size_t i = 0; i < o->nlines; i++) {
		struct coming_line *l = &o->lines[i];
		int r = in_list(c, "line", i, read_line(c, o, &in[i], l));

		if (r < 0)
			return r;
		if (__builtin_mul_overflow(l->price, l->count, &sum) ||
		    __builtin_add_overflow(total, sum, &total) || total > CALL_MONEY_MAX)
			return err_set(&c->err, TIX_ELIMIT, "line", "the total is too large");
		o->row.tickets += l->count;
	}
	if (o->row.tickets > SALE_TICKETS_MAX)
		return err_set(&c->err, TIX_ELIMIT, "line", "an order has at most %d tickets",
		    SALE_TICKETS_MAX);
	if (total != o->row.total)
		return err_set(&c->err, TIX_EBAD_VALUE, "total",
		    "it is %lld, the lines come to %lld", (long long)o->row.total,
		    (long long)total);
	return 0;
}

static int read_ticket(
    struct call *c, struct coming *o, const struct import_ticket *in, struct coming_ticket *ret)
{
	const struct offer *offer;
	int r = offer_find(c, o->in->event, in->category, &offer);

	if (r == 0)
		r = may(c, &enum_set_ticket_state, "state", in->state);
	if (r < 0)
		return r;
	*ret = (struct coming_ticket){
	    .n = in->n,
	    .category = offer->category,
	    .generation = in->generation,
	    .state = in->state,
	    .name = in->name,
	    .email = in->email,
	};
	if (o->row.state == order_state_cancelled && in->state == ticket_state_valid)
		return err_set(
		    &c->err, TIX_EWRONG_STATE, "state", "valid, but its order is cancelled");
	return money_of(c, o, &in->price, "price", &ret->price);
}

/* As many tickets as each line says, of its category and price; removed ones are no part of it. */
static int match_lines(struct call *c, const struct coming *o)
{
	for (size_t i = 0; i < o->nlines; i++) {
		const struct coming_line *l = &o->lines[i];
		int64_t n = 0;

		for (size_t k = 0; k < o->ntickets; k++) {
			const struct coming_ticket *t = &o->tickets[k];

			n += t->category == l->category && t->price == l->price &&
			     t->state != ticket_state_removed;
		}
		if (n != l->count)
			return err_set(&c->err, TIX_EBAD_VALUE, "tickets",
			    "%lld of the category and price of a line of %lld", (long long)n,
			    (long long)l->count);
	}
	return 0;
}

static int read_tickets(struct call *c, struct coming *o)
{
	const struct import_ticket *in = o->in->tickets.v;
	int64_t total = 0, last = 0, count = 0;

	o->ntickets = o->in->tickets.n;
	o->tickets = arena_array(c->arena, o->ntickets, sizeof(*o->tickets));
	if (!o->tickets)
		return call_no_memory(c);
	for (size_t i = 0; i < o->ntickets; i++) {
		int r = ascending(c, last, in[i].n);

		if (r == 0)
			r = read_ticket(c, o, &in[i], &o->tickets[i]);
		if (r < 0)
			return in_list(c, "tickets", i, r);
		last = in[i].n;
		if (in[i].state == ticket_state_removed)
			continue;
		count++;
		if (__builtin_add_overflow(total, o->tickets[i].price, &total))
			return err_set(&c->err, TIX_ELIMIT, "tickets", "the total is too large");
	}
	if (count != o->row.tickets)
		return err_set(&c->err, TIX_EBAD_VALUE, "tickets", "%lld, the lines have %lld",
		    (long long)count, (long long)o->row.tickets);
	if (total != o->row.total)
		return err_set(&c->err, TIX_EBAD_VALUE, "tickets",
		    "they come to %lld, the total is %lld", (long long)total,
		    (long long)o->row.total);
	return match_lines(c, o);
}

static int read_payment(
    struct call *c, struct coming *o, const struct import_payment *in, struct coming_payment *ret)
{
	int r = may(c, &enum_set_payment_state, "state", in->state);

	*ret = (struct coming_payment){.n = in->n,
	    .kind = in->kind,
	    .state = in->state,
	    .reference = in->reference,
	    .refund = in->refund};
	if (r == 0)
		r = money_of(c, o, &in->amount, "amount", &ret->amount);
	if (r == 0 && ret->amount == 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, "amount", "a payment is of more than 0");
	if (r == 0)
		r = call_when(c, &o->row.event, in->at, false, "at", &ret->at);
	if (r == 0)
		r = call_when(c, &o->row.event, in->recorded, false, "recorded", &ret->recorded);
	if (r == 0 && ret->recorded == TIME_NONE && (in->reference || in->refund))
		r = err_set(&c->err, TIX_EMISSING, "recorded", "missing");
	if (r == 0 && in->state == payment_state_captured &&
	    (o->captured += ret->amount) > CALL_MONEY_MAX)
		r = err_set(&c->err, TIX_ELIMIT, "amount", "the sum is too large");
	return r;
}

static int read_payments(struct call *c, struct coming *o)
{
	const struct import_payment *in = o->in->payments.v;
	int64_t last = 0;

	o->npayments = o->in->payments.n;
	o->payments = arena_array(c->arena, o->npayments, sizeof(*o->payments));
	if (!o->payments)
		return call_no_memory(c);
	for (size_t i = 0; i < o->npayments; i++) {
		int r = ascending(c, last, in[i].n);

		if (r == 0)
			r = read_payment(c, o, &in[i], &o->payments[i]);
		if (r < 0)
			return in_list(c, "payments", i, r);
		last = in[i].n;
	}
	if (o->row.pay == pay_kind_comp && (o->npayments > 0 || o->row.total > 0))
		return err_set(&c->err, TIX_EBAD_VALUE, "pay",
		    "complimentary orders cost nothing and have no payments");
	return 0;
}

/* The ticket of a refund is there, and no refund before that counts was of it. */
static int check_ticket(struct call *c, const struct coming *o, size_t n, int64_t ticket)
{
	bool found = false;

	for (size_t i = 0; i < o->ntickets; i++)
		found = found || o->tickets[i].n == ticket;
	if (!found)
		return call_not_found(c, "ticket", "such ticket", NULL);
	for (size_t i = 0; i < n; i++) {
		if (o->refunds[i].ticket == ticket && o->refunds[i].state != refund_state_withdrawn)
			return err_set(&c->err, TIX_ELIMIT, "ticket", "it was refunded already");
	}
	return 0;
}

static int read_refund(struct call *c, struct coming *o, const struct import_refund *in, size_t i)
{
	struct coming_refund *f = &o->refunds[i];
	bool counts = in->state != refund_state_withdrawn;
	int r = may(c, &enum_set_refund_state, "state", in->state);

	*f = (struct coming_refund){
	    .n = in->n, .kind = in->kind, .state = in->state, .ticket = in->ticket};
	if (r == 0)
		r = money_of(c, o, &in->amount, "amount", &f->amount);
	if (r == 0)
		r = money_of(c, o, &in->fee, "fee", &f->fee);
	if (r == 0)
		r = amount_of(c, o, &in->credit, "credit", &f->credit);
	if (r == 0)
		r = call_when(c, &o->row.event, in->at, false, "at", &f->at);
	if (r == 0)
		r = call_when(c, &o->row.event, in->done, false, "done", &f->done);
	if (r == 0 && (f->done != TIME_NONE) != (in->state == refund_state_done))
		r = err_set(&c->err, TIX_EBAD_VALUE, "done", "a refund that is done says when");
	if (r == 0 && (f->amount == 0 || (counts && f->amount > o->captured - o->row.refunded)))
		r = err_set(&c->err, TIX_ELIMIT, "amount", "more than is left to give back, or 0");
	if (r == 0 && f->ticket)
		r = check_ticket(c, o, counts ? i : 0, f->ticket);
	if (r == 0 && counts)
		o->row.refunded += f->amount;
	return r;
}

/* Its postings fit, and while it is not over so do those of its end. */
static int check_room(struct call *c, const struct coming *o)
{
	bool over =
	    o->row.state == order_state_cancelled || o->row.state == order_state_expired;
	size_t n = 2 + o->npayments + 3 * o->nrefunds + (over ? 0 : MONEY_END / 2);

	if (n > MONEY_POSTINGS_MAX)
		return err_set(
		    &c->err, TIX_ELIMIT, "payments", "money of the order moved too often");
	return 0;
}

static int read_refunds(struct call *c, struct coming *o)
{
	const struct import_refund *in = o->in->refunds.v;
	int64_t last = 0, credit = 0;

	o->nrefunds = o->in->refunds.n;
	o->refunds = arena_array(c->arena, o->nrefunds, sizeof(*o->refunds));
	if (!o->refunds)
		return call_no_memory(c);
	for (size_t i = 0; i < o->nrefunds; i++) {
		int r = ascending(c, last, in[i].n);

		if (r == 0)
			r = read_refund(c, o, &in[i], i);
		if (r == 0 && in[i].state != refund_state_withdrawn &&
		    __builtin_add_overflow(credit, o->refunds[i].credit, &credit))
			r = err_set(&c->err, TIX_ELIMIT, "credit", "the sum is too large");
		if (r < 0)
			return in_list(c, "refunds", i, r);
		last = in[i].n;
	}
	if (o->row.state == order_state_expired)
		credit = o->row.total; /* the sale was taken back as a whole */
	if (o->row.state != order_state_cancelled && credit != o->row.credited)
		return err_set(&c->err, TIX_EBAD_VALUE, "credited",
		    "it is %lld, the rows come to %lld", (long long)o->row.credited,
		    (long long)credit);
	return check_room(c, o);
}

/* It has no tickets yet, or got none in time. */
static bool waits(const struct order_rec *row)
{
	return row->state == order_state_pending || row->state == order_state_expired;
}

/* What does not need the event. */
static int read_row(struct call *c, const struct import_order *in, struct coming *o)
{
	o->row = (struct order_rec){
	    .state = in->state,
	    .pay = in->pay,
	    .channel = in->channel,
	    .note = in->note,
	    .created = c->now,
	    .expires = TIME_NONE,
	};
	if (waits(&o->row) && in->pay != pay_kind_bank)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, "pay", "only a bank transfer may come later");
	if ((in->state == order_state_pending) != (in->expires != NULL))
		return err_set(&c->err, TIX_EBAD_VALUE, "expires",
		    "an order that is pending says until when, no other does");
	return may(c, &enum_set_order_state, "state", in->state);
}

static int read_amounts(struct call *c, const struct import_order *in, struct coming *o)
{
	int r = money_of(c, o, &in->total, "total", &o->row.total);

	if (r == 0)
		r = money_of(c, o, &in->credited, "credited", &o->row.credited);
	if (r == 0 && o->row.credited > o->row.total)
		r = err_set(&c->err, TIX_EBAD_VALUE, "credited", "more than the total");
	return r;
}

/* An order that was cancelled before its transfer came never had tickets. */
static bool has_tickets(const struct coming *o)
{
	return !waits(&o->row) && !(o->row.state == order_state_cancelled &&
				      o->row.pay == pay_kind_bank && o->in->tickets.n == 0);
}

static int no_tickets(struct call *c, const struct import_order *in)
{
	if (in->tickets.n == 0)
		return 0;
	return err_set(&c->err, TIX_EBAD_VALUE, "tickets", "an order that was not paid has none");
}

/* What was given back of a payment at once is one of the refunds. */
static int check_links(struct call *c, const struct coming *o)
{
	for (size_t i = 0; i < o->npayments; i++) {
		bool found = o->payments[i].refund == 0;

		for (size_t k = 0; k < o->nrefunds; k++)
			found = found || o->refunds[k].n == o->payments[i].refund;
		if (!found)
			return in_list(
			    c, "payments", i, call_not_found(c, "refund", "such refund", NULL));
	}
	return 0;
}

static int check_balance(struct call *c, const struct import_order *in, const struct coming *o)
{
	int64_t balance, want = o->captured - o->row.refunded - (o->row.total - o->row.credited);
	int r = amount_of(c, o, &in->balance, "balance", &balance);

	if (r == 0 && balance != want)
		r = err_set(&c->err, TIX_EBAD_VALUE, "balance", "it is %lld, the rows come to %lld",
		    (long long)balance, (long long)want);
	return r;
}

/* A buyer that was erased is a row without a name. */
static int read_buyer(struct call *c, const struct import_buyer *in, struct coming *o)
{
	int r = call_when(c, &o->row.event, in ? in->erased : NULL, false, "erased", &o->erased);

	if (r == 0 && o->erased != TIME_NONE &&
	    (in->name || in->email || in->phone || in->postcode))
		r = err_set(
		    &c->err, TIX_EBAD_VALUE, "erased", "but something is given of this person");
	return r < 0 ? import_prefix(c, "buyer", -1, r) : 0;
}

/* The event by itself: its currency is needed before the first line. */
static int read_event(struct call *c, const struct import_order *in, struct coming *o)
{
	const struct import_line *line = in->line.v;
	const struct offer *offer;
	int r;

	if (in->line.n == 0)
		return call_event(c, in->event, &o->row.event);
	r = offer_find(c, in->event, line->category, &offer);
	if (r == 0)
		o->row.event = offer->event;
	return r;
}

int coming_read(struct call *c, const struct import_order *in, struct coming *ret)
{
	int r = read_row(c, in, ret);

	if (r == 0)
		r = read_event(c, in, ret);
	if (r == 0)
		r = call_when(c, &ret->row.event, in->created, false, "created", &ret->created);
	if (r == 0)
		r = call_when(c, &ret->row.event, in->expires, false, "expires", &ret->row.expires);
	if (r == 0)
		r = read_buyer(c, in->buyer, ret);
	if (r == 0)
		r = read_amounts(c, in, ret);
	if (r == 0)
		r = read_lines(c, ret);
	if (r == 0)
		r = has_tickets(ret) ? read_tickets(c, ret) : no_tickets(c, in);
	if (r == 0)
		r = read_payments(c, ret);
	if (r == 0)
		r = read_refunds(c, ret);
	if (r == 0)
		r = check_links(c, ret);
	return r < 0 ? r : check_balance(c, in, ret);
}
