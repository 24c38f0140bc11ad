/* SPDX-License-Identifier: MIT */
/* The model's sales: holds, orders, tickets, refunds, and what the clock does to them. */
#include "tests/torture/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"

#define HOLD_US (600 * USEC_PER_SEC)
#define DAY_US (86400 * USEC_PER_SEC)
#define WEEK_US (7 * DAY_US)

/* Order code, or CODE/n: *ret_n is n, 0 without. */
struct m_order *model_order(const struct model *m, const char *code, int *ret_n)
{
	char text[M_NAME];
	const json_t *at;
	char *slash;

	*ret_n = 0;
	if (!code)
		return NULL;
	model_copy(text, code);
	slash = strchr(text, '/');
	if (slash) {
		*slash++ = '\0';
		*ret_n = (int)strtol(slash + (*slash == 'r' || *slash == 'p'), NULL, 10);
	}
	at = json_object_get(m->orders, text);
	return at ? &m->order[json_integer_value(at)] : NULL;
}

int64_t model_owed(const struct m_order *o)
{
	return o->pay ? o->total - o->credited : 0; /* a hold owes nothing */
}

int model_money(const struct m_order *o)
{
	int64_t here = o->captured - o->refunded;
	bool lives = o->state == order_state_pending || o->state == order_state_paid;

	if (!o->pay)
		return 0;
	if (here > model_owed(o))
		return lives ? money_word_overpaid : money_word_refund_due;
	if (here < model_owed(o))
		return here > 0 ? money_word_partly_paid : money_word_unpaid;
	if (model_owed(o) > 0 || o->total == 0)
		return money_word_paid;
	return o->captured > 0 ? money_word_refunded : 0;
}

static bool reserved(const struct m_order *o)
{
	return o->state == order_state_held || o->state == order_state_pending;
}

int64_t model_balance(const struct m_order *o)
{
	return o->captured - o->refunded - model_owed(o);
}

/* The seats of an order, by what they are: held ones with its lines, sold ones with its tickets. */
void model_count(struct model *m, const struct m_order *o, int sign)
{
	struct m_event *e = &m->event[o->event];

	if (reserved(o) || o->state == order_state_paid)
		e->alive += sign;
	for (int i = 0; reserved(o) && i < o->nlines; i++)
		e->category[o->line[i].category].held += sign * o->line[i].count;
	for (int i = 0; o->state == order_state_paid && i < o->ntickets; i++) {
		if (o->ticket[i].state == ticket_state_valid)
			e->category[o->ticket[i].category].sold += sign;
	}
}

static void set_state(struct model *m, struct m_order *o, int state)
{
	model_count(m, o, -1);
	o->state = state;
	model_count(m, o, 1);
}

void model_void(struct model *m, struct m_order *o, struct m_ticket *t)
{
	model_count(m, o, -1);
	t->state = ticket_state_void;
	model_count(m, o, 1);
}

void model_add_refund(struct m_order *o, const struct m_refund *r)
{
	o->refund = realloc(o->refund, ((size_t)o->nrefunds + 1) * sizeof(*o->refund));
	if (!o->refund)
		abort();
	o->refund[o->nrefunds++] = *r;
	o->refunded += r->amount;
}

static void add_payment(struct m_order *o, int kind, int64_t amount)
{
	o->payment = realloc(o->payment, ((size_t)o->npayments + 1) * sizeof(*o->payment));
	if (!o->payment)
		abort();
	o->payment[o->npayments++] = (struct m_payment){.kind = kind, .amount = amount};
	o->captured += amount;
}

/* What an order that is over has too much is to be given back, up to an amount; 0 or its number. */
static int give_back(struct m_order *o, int kind, int64_t most)
{
	struct m_refund r = {.kind = kind, .state = refund_state_pending};

	r.amount = model_balance(o) < most ? model_balance(o) : most;
	if (r.amount <= 0)
		return 0;
	model_add_refund(o, &r);
	return o->nrefunds;
}

void model_time(struct model *m, int64_t now)
{
	m->now = now;
	for (int i = 0; i < m->norders; i++) {
		struct m_order *o = &m->order[i];

		if (!reserved(o) || o->expires > now)
			continue;
		set_state(m, o, order_state_expired);
		o->touched = true;
		if (!o->pay)
			continue;
		o->credited = o->total;
		give_back(o, refund_kind_bank, INT64_MAX);
	}
}

/* Selling. */

/* Published, and not a day after its start: none of these events has an end of its own. */
static bool sells(const struct model *m, const struct m_event *e)
{
	return e->status == event_status_published && m->now < e->start + DAY_US;
}

void model_window(struct step *s, const struct m_event *e, const struct m_category *c)
{
	if (!sells(s->m, e))
		step_wrong(s, TIX_EWRONG_STATE);
	if (c->sale_from != M_NEVER && s->m->now < c->sale_from)
		step_wrong(s, TIX_EWRONG_STATE);
	if (c->sale_to != M_NEVER && s->m->now >= c->sale_to)
		step_wrong(s, TIX_EWRONG_STATE);
}

/* count: what an order has of it in the end. */
void model_bounds(struct step *s, const struct m_category *c, int64_t count)
{
	if (count < c->min || (c->max && count > c->max))
		step_wrong(s, TIX_ELIMIT);
	if (!c->quotas)
		step_wrong(s, TIX_ESOLD_OUT);
}

/* Lines of a call to an order on its way. */
static void take_lines(struct step *s, const struct m_event *e, bool free, struct m_order *o)
{
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(s->in, "line"), i, v) {
		struct m_line *l = &o->line[o->nlines];

		l->category = model_category(e, json_string_value(json_object_get(v, "category")));
		if (l->category < 0) {
			step_wrong(s, TIX_ENOT_FOUND);
			continue;
		}
		l->count = json_integer_value(json_object_get(v, "count"));
		l->price = free ? 0 : e->category[l->category].price;
		o->total += l->price * l->count;
		for (int k = 0; k < o->nlines; k++) {
			if (o->line[k].category == l->category)
				step_wrong(s, TIX_EBAD_VALUE);
		}
		o->nlines++;
		model_window(s, e, &e->category[l->category]);
		model_bounds(s, &e->category[l->category], l->count);
	}
	if (!sells(s->m, e))
		step_wrong(s, TIX_EWRONG_STATE);
}

static void check_seats(struct step *s, const struct m_event *e, const struct m_order *o)
{
	for (int q = 0; q < e->nquotas; q++) {
		int64_t need = 0;

		for (int i = 0; i < o->nlines; i++)
			need += e->category[o->line[i].category].quotas >> q & 1 ? o->line[i].count
										: 0;
		if (need > 0 && need > model_free(e, q))
			step_wrong(s, TIX_ESOLD_OUT);
	}
}

/* What a call says; absent without. */
static int64_t expiry(struct step *s, int64_t absent)
{
	struct when_ctx ctx = {
	    .now = s->m->now, .start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	const char *text = step_text(s, "expires");
	int64_t at = absent;

	if (text && when_parse(text, &ctx, &at, NULL, NULL, NULL) < 0)
		abort();
	if (at <= s->m->now)
		step_wrong(s, TIX_EBAD_VALUE);
	return at;
}

/* Until when a hold lasts that was made at created: at most a day in all. */
static int64_t hold_expiry(struct step *s, int64_t created)
{
	int64_t last = created + DAY_US, at = expiry(s, s->m->now + HOLD_US);

	if (!step_text(s, "expires") && at > last && last > s->m->now)
		return last;
	if (at > last)
		step_wrong(s, TIX_ELIMIT);
	return at;
}

/* A new order of this code; state is what model_count() goes by. */
static struct m_order *add_order(struct step *s, const struct m_order *from)
{
	const char *code = json_string_value(json_object_get(s->out, "code"));
	struct model *m = s->m;

	m->order = realloc(m->order, ((size_t)m->norders + 1) * sizeof(*m->order));
	if (!m->order)
		abort();
	if (!code || json_object_get(m->orders, code))
		model_differs(code ? code : "?", "is the code of two orders");
	m->order[m->norders] = *from;
	m->order[m->norders].created = m->now;
	snprintf(m->order[m->norders].code, sizeof(m->order[0].code), "%s", code);
	json_object_set_new(m->orders, code, json_integer(m->norders));
	return &m->order[m->norders++];
}

static struct m_event *the_event(struct step *s, struct m_order *o)
{
	struct m_event *e = model_event(s->m, step_text(s, "event"));

	if (!e)
		step_wrong(s, TIX_ENOT_FOUND);
	else
		o->event = (int)(e - s->m->event);
	return e;
}

void apply_hold_create(struct step *s)
{
	struct m_order o = {.state = order_state_held};
	struct m_event *e = the_event(s, &o);

	if (!e)
		return;
	take_lines(s, e, false, &o);
	check_seats(s, e, &o);
	o.expires = hold_expiry(s, s->m->now);
	if (step_ok(s))
		model_count(s->m, add_order(s, &o), 1);
}

/* The hold that a call names, if it is alive. */
static struct m_order *the_hold(struct step *s)
{
	int n;
	struct m_order *o = model_order(s->m, step_text(s, "hold"), &n);

	if (!o)
		step_wrong(s, TIX_ENOT_FOUND);
	else if (o->state != order_state_held)
		step_wrong(s, TIX_EWRONG_STATE);
	return o;
}

void apply_hold_extend(struct step *s)
{
	struct m_order *o = the_hold(s);
	int64_t at = o ? hold_expiry(s, o->created) : 0;

	if (o && step_text(s, "expires") && at < o->expires)
		step_wrong(s, TIX_EBAD_VALUE);
	if (step_ok(s) && at > o->expires)
		o->expires = at;
}

void apply_hold_release(struct step *s)
{
	struct m_order *o = the_hold(s);

	if (step_ok(s))
		set_state(s->m, o, order_state_released);
}

static void make_tickets(struct step *s, struct m_order *o)
{
	const json_t *tickets = json_object_get(s->out, "tickets");

	for (int i = 0; i < o->nlines; i++) {
		for (int64_t k = 0; k < o->line[i].count; k++) {
			struct m_ticket *t = &o->ticket[o->ntickets];
			const json_t *shown = json_array_get(tickets, (size_t)o->ntickets++);

			*t = (struct m_ticket){.category = o->line[i].category,
			    .state = ticket_state_valid,
			    .price = o->line[i].price};
			model_copy(t->code, json_string_value(json_object_get(shown, "code")));
		}
	}
}

/* Until when a transfer must be here. */
static int64_t deadline(struct step *s, const struct m_event *e)
{
	const char *text = step_text(s, "expires");
	int64_t at = expiry(s, s->m->now + WEEK_US);

	if (e->start <= s->m->now)
		step_wrong(s, TIX_EWRONG_STATE);
	if (text && at > e->start)
		step_wrong(s, TIX_EBAD_VALUE);
	return at < e->start ? at : e->start;
}

/* Whether an order of this kind is to be paid later; when is its deadline. */
static bool waits(struct step *s, const struct m_event *e, int64_t total, int kind, int64_t *when)
{
	*when = M_NEVER;
	if (kind == pay_kind_bank && total > 0) {
		*when = deadline(s, e);
		return true;
	}
	if (step_text(s, "expires"))
		step_wrong(s, TIX_EBAD_VALUE);
	return false;
}

static void place(struct step *s, struct m_order *o, int kind, bool later, int64_t expires)
{
	o->pay = kind;
	o->expires = expires;
	o->state = later ? order_state_pending : order_state_paid;
	if (!later && o->total > 0)
		add_payment(o, payment_kind_cash, o->total);
	model_copy(o->buyer, step_text(s, "name"));
	model_copy(o->note, step_text(s, "note"));
	if (!later)
		make_tickets(s, o);
	model_count(s->m, o, 1);
	s->m->event[o->event].sales++;
}

static void sell_hold(struct step *s, int kind)
{
	struct m_order *o = the_hold(s);
	const struct m_event *e = o ? &s->m->event[o->event] : NULL;
	int64_t expires;
	bool later;

	if (!o)
		return;
	later = waits(s, e, o->total, kind, &expires);
	if (!sells(s->m, e))
		step_wrong(s, TIX_EWRONG_STATE);
	if (!step_ok(s))
		return;
	model_count(s->m, o, -1);
	for (int i = 0; kind == pay_kind_comp && i < o->nlines; i++)
		o->line[i].price = 0;
	o->total = kind == pay_kind_comp ? 0 : o->total;
	place(s, o, kind, later, expires);
}

void apply_order_create(struct step *s)
{
	const char *pay = step_text(s, "pay");
	int kind = strcmp(pay, "comp") == 0   ? pay_kind_comp
		   : strcmp(pay, "bank") == 0 ? pay_kind_bank
					      : pay_kind_cash;
	struct m_order o = {.state = order_state_paid};
	struct m_event *e;
	int64_t expires;
	bool later;

	if (step_text(s, "hold")) {
		sell_hold(s, kind);
		return;
	}
	e = the_event(s, &o);
	if (!e)
		return;
	take_lines(s, e, kind == pay_kind_comp, &o);
	later = waits(s, e, o.total, kind, &expires);
	check_seats(s, e, &o);
	if (step_ok(s))
		place(s, add_order(s, &o), kind, later, expires);
}

/* The order that a call names. */
struct m_order *model_named(struct step *s, int *ret_n)
{
	struct m_order *o = model_order(s->m, step_text(s, "code"), ret_n);

	if (o && *ret_n > o->ntickets)
		o = NULL;
	if (!o)
		step_wrong(s, TIX_ENOT_FOUND);
	return o;
}

/* An amount of a call, in the currency of the order's event; absent without. */
int64_t model_amount(
    struct step *s, const struct m_order *o, const char *field, int64_t absent)
{
	const json_t *v = json_object_get(s->in, field);

	if (!v)
		return absent;
	if (strcmp(json_string_value(json_object_get(v, "currency")),
		s->m->event[o->event].currency) != 0)
		step_wrong(s, TIX_EBAD_VALUE);
	return json_integer_value(json_object_get(v, "amount"));
}

void apply_order_extend(struct step *s)
{
	int n;
	struct m_order *o = model_named(s, &n);
	int64_t at = o ? deadline(s, &s->m->event[o->event]) : 0;

	if (!o)
		return;
	if (o->state != order_state_pending)
		step_wrong(s, TIX_EWRONG_STATE);
	if (step_text(s, "expires") && at < o->expires)
		step_wrong(s, TIX_EBAD_VALUE);
	if (step_ok(s) && at > o->expires)
		o->expires = at;
}

void apply_order_note(struct step *s)
{
	int n;
	struct m_order *o = model_named(s, &n);

	if (step_ok(s))
		model_copy(o->note, step_text(s, "note"));
}

/* Payments. */

/* Whether an order that is over can have its seats again. */
static bool can_return(struct step *s, const struct m_order *o)
{
	const struct m_event *e = &s->m->event[o->event];
	struct step own = {.m = s->m};
	bool any = false;

	for (int i = 0; i < o->nlines; i++)
		any = any || e->category[o->line[i].category].quotas;
	check_seats(&own, e, o);
	return e->status == event_status_published && e->start > s->m->now && any && !own.wrong;
}

/* All that it costs is here now: its tickets are made, their codes are seen later. */
static void sell_pending(struct step *s, struct m_order *o)
{
	struct step blind = {.m = s->m};

	model_count(s->m, o, -1);
	o->state = order_state_paid;
	o->credited = 0;
	make_tickets(&blind, o);
	model_count(s->m, o, 1);
}

/* An event that is off sells nothing more. */
static bool is_off(const struct step *s, const struct m_order *o)
{
	return s->m->event[o->event].status == event_status_cancelled;
}

void model_settle(struct step *s, struct m_order *o)
{
	if (o->state == order_state_pending && !is_off(s, o) && model_balance(o) >= 0)
		sell_pending(s, o);
}

static void take_payment(struct step *s, struct m_order *o, int kind, int64_t amount)
{
	int64_t here = o->captured - o->refunded + amount;
	int back = kind == payment_kind_bank ? refund_kind_bank : refund_kind_cash;
	bool sold = (o->state == order_state_pending && !is_off(s, o) && here >= model_owed(o)) ||
		     (o->state == order_state_expired && here >= o->total && can_return(s, o));

	add_payment(o, kind, amount);
	if (sold)
		sell_pending(s, o);
	else if (o->state == order_state_expired || o->state == order_state_cancelled)
		o->payment[o->npayments - 1].refund = give_back(o, back, amount);
}

void apply_payment_record(struct step *s)
{
	int n;
	struct m_order *o = model_named(s, &n);
	const char *kind = step_text(s, "kind");
	int64_t amount;

	if (!o)
		return;
	amount = model_amount(s, o, "amount", 0);
	if (n > 0 || amount <= 0)
		step_wrong(s, TIX_EBAD_VALUE);
	if (!o->pay || o->pay == pay_kind_comp)
		step_wrong(s, TIX_EWRONG_STATE);
	if (step_ok(s))
		take_payment(s, o,
		    strcmp(kind, "bank") == 0 ? payment_kind_bank : payment_kind_cash, amount);
}

static void cancel(struct model *m, struct m_order *o, int64_t fee)
{
	set_state(m, o, order_state_cancelled);
	o->credited += model_owed(o) - fee;
	for (int i = 0; i < o->nrefunds; i++)
		o->refund[i].credit = 0; /* what is owed now is the fee, whatever was before */
	for (int i = 0; i < o->ntickets; i++) {
		if (o->ticket[i].state == ticket_state_valid)
			o->ticket[i].state = ticket_state_void;
	}
}

void apply_order_cancel(struct step *s)
{
	int n;
	struct m_order *o = model_named(s, &n);
	int64_t fee;

	if (!o)
		return;
	fee = model_amount(s, o, "keep_fee", 0);
	if (n > 0)
		step_wrong(s, TIX_EBAD_VALUE);
	if (o->state != order_state_paid && o->state != order_state_pending)
		step_wrong(s, TIX_EWRONG_STATE);
	if (fee > model_owed(o))
		step_wrong(s, TIX_ELIMIT);
	if (!step_ok(s))
		return;
	cancel(s->m, o, fee);
}

void model_call_off(struct model *m, struct m_event *e, int refund, int64_t fee)
{
	for (int i = 0; i < m->norders; i++) {
		struct m_order *o = &m->order[i];
		int64_t here = o->captured - o->refunded, kept = fee < here ? fee : here;

		if (&m->event[o->event] == e && o->state == order_state_held)
			set_state(m, o, order_state_released);
		if (&m->event[o->event] != e ||
		    (o->state != order_state_paid && o->state != order_state_pending))
			continue;
		cancel(m, o, kept < model_owed(o) ? kept : model_owed(o));
		o->touched = true;
		if (refund)
			give_back(o, refund, INT64_MAX);
	}
}

void model_import(struct model *m, struct m_event *e, int category, int n, int64_t price,
    const json_t *shown)
{
	struct m_order o = {.event = (int)(e - m->event),
	    .state = order_state_paid,
	    .pay = pay_kind_cash,
	    .nlines = 1,
	    .line = {{category, n, price}},
	    .total = n * price,
	    .expires = M_NEVER,
	    .touched = true};
	struct step s = {.m = m, .out = shown};

	add_payment(&o, payment_kind_cash, o.total);
	make_tickets(&s, &o);
	model_count(m, add_order(&s, &o), 1);
	e->sales++;
}
