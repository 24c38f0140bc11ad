/* SPDX-License-Identifier: MIT */
/* What the model does to an order that was sold: its tickets one by one, and refunds. */
#include "tests/torture/model.h"

#include <string.h>

/* Tickets. */

/* The ticket of a call, which must be valid. */
static struct m_ticket *the_ticket(struct step *s, struct m_order **ret)
{
	int n;
	struct m_order *o = model_order(s->m, step_text(s, "ticket"), &n);

	*ret = o;
	if (!o || n > o->ntickets) {
		step_wrong(s, TIX_ENOT_FOUND);
		return NULL;
	}
	if (n == 0) {
		step_wrong(s, TIX_EBAD_VALUE);
		return NULL;
	}
	if (o->ticket[n - 1].state != ticket_state_valid)
		step_wrong(s, TIX_EWRONG_STATE);
	return &o->ticket[n - 1];
}

void apply_ticket_set(struct step *s)
{
	struct m_order *o;
	struct m_ticket *t = the_ticket(s, &o);

	if (!step_ok(s))
		return;
	if (json_object_get(s->in, "name"))
		model_copy(t->name, step_text(s, "name"));
	if (json_object_get(s->in, "email"))
		model_copy(t->email, step_text(s, "email"));
}

static void new_code(struct step *s, const struct m_order *o, struct m_ticket *t)
{
	const char *code = json_string_value(json_object_get(s->out, "code"));

	if (!json_object_get(s->out, "replayed") && strcmp(t->code, code) == 0)
		model_differs(o->code, "has a ticket that keeps its code when it gets a new one");
	model_copy(t->code, code);
}

void apply_ticket_reissue(struct step *s)
{
	struct m_order *o;
	struct m_ticket *t = the_ticket(s, &o);

	if (step_ok(s))
		new_code(s, o, t);
}

void apply_ticket_transfer(struct step *s)
{
	struct m_order *o;
	struct m_ticket *t = the_ticket(s, &o);

	if (!step_ok(s))
		return;
	new_code(s, o, t);
	model_copy(t->name, step_text(s, "name"));
	model_copy(t->email, step_text(s, "email"));
}

void apply_ticket_void(struct step *s)
{
	struct m_order *o;
	struct m_ticket *t = the_ticket(s, &o);
	struct m_event *e;

	if (!step_ok(s))
		return;
	model_void(s->m, o, t);
	e = &s->m->event[o->event];
	for (int q = 0; q < e->nquotas; q++) {
		if (json_is_true(json_object_get(s->in, "keep_seat")) &&
		    e->category[t->category].quotas >> q & 1)
			e->quota[q].blocked++;
	}
}

/* Refunds. */

/* Whether a refund is first of what the order has too much. */
static bool of_surplus(const struct m_order *o, const struct m_ticket *t)
{
	return o->state == order_state_cancelled ||
	       (model_balance(o) > 0 && (!t || t->state == ticket_state_removed));
}

/* How much goes back. */
static int64_t amount_of(struct step *s, const struct m_order *o, const struct m_ticket *t)
{
	int64_t base = t ? t->price
		     : of_surplus(o, t) ? model_balance(o)
				      : o->captured - o->refunded;
	int64_t given = model_amount(s, o, "amount", -1), fee = model_amount(s, o, "keep_fee", -1);
	int64_t amount = given >= 0 ? given : base - (fee > 0 ? fee : 0);

	if (given == 0 || (given >= 0 && fee >= 0))
		step_wrong(s, TIX_EBAD_VALUE);
	if (fee > 0 && o->state != order_state_cancelled && of_surplus(o, t))
		step_wrong(s, TIX_EBAD_VALUE);
	if (t && given > base)
		step_wrong(s, TIX_ELIMIT);
	if (amount <= 0 || amount > o->captured - o->refunded)
		step_wrong(s, TIX_ELIMIT);
	return amount;
}

/* What the buyer need not pay any more: what goes back beyond a surplus, never more than is owed.
 * What is kept of a refund is owed again. */
static int64_t credit_of(
    const struct m_order *o, const struct m_ticket *t, const struct m_refund *r)
{
	int64_t surplus = model_balance(o) > 0 ? model_balance(o) : 0;
	int64_t beyond = r->amount + r->fee - surplus;

	if (o->state == order_state_pending)
		return 0;
	if (!of_surplus(o, t))
		return r->amount < model_owed(o) ? r->amount : model_owed(o);
	return (beyond > 0 ? beyond : 0) - r->fee;
}

void apply_refund_create(struct step *s)
{
	struct m_refund r = {.state = refund_state_pending};
	struct m_order *o = model_named(s, &r.ticket);
	struct m_ticket *t = o && r.ticket ? &o->ticket[r.ticket - 1] : NULL;
	bool voids = json_is_true(json_object_get(s->in, "void_ticket"));
	const char *kind = step_text(s, "kind");

	if (!o)
		return;
	if (o->state != order_state_paid && o->state != order_state_cancelled &&
	    o->state != order_state_pending)
		step_wrong(s, TIX_EWRONG_STATE);
	if (t && t->refunded)
		step_wrong(s, TIX_ELIMIT);
	if (voids && !t)
		step_wrong(s, TIX_EBAD_VALUE);
	if (voids && t && t->state == ticket_state_removed)
		step_wrong(s, TIX_EWRONG_STATE);
	r.amount = amount_of(s, o, t);
	r.fee = model_amount(s, o, "keep_fee", 0);
	if (o->credited + credit_of(o, t, &r) < 0) /* more kept than it cost */
		step_wrong(s, TIX_ELIMIT);
	r.kind = (kind ? strcmp(kind, "bank") == 0 : o->pay == pay_kind_bank) ? refund_kind_bank
									      : refund_kind_cash;
	if (!step_ok(s))
		return;
	r.credit = credit_of(o, t, &r);
	o->credited += r.credit;
	if (t)
		t->refunded = true;
	if (voids && t->state == ticket_state_valid)
		model_void(s->m, o, t);
	model_add_refund(o, &r);
}

void apply_refund_confirm(struct step *s)
{
	int n;
	struct m_order *o = model_order(s->m, step_text(s, "refund"), &n);

	if (!o || n > o->nrefunds)
		step_wrong(s, TIX_ENOT_FOUND);
	else if (o->refund[n - 1].state != refund_state_pending)
		step_wrong(s, TIX_EWRONG_STATE);
	if (step_ok(s))
		o->refund[n - 1].state = refund_state_done;
}

void apply_refund_withdraw(struct step *s)
{
	int n;
	struct m_order *o = model_order(s->m, step_text(s, "refund"), &n);
	struct m_refund *r;
	int64_t credited;

	if (!o || n > o->nrefunds) {
		step_wrong(s, TIX_ENOT_FOUND);
		return;
	}
	r = &o->refund[n - 1];
	credited = o->credited - r->credit;
	if (r->state != refund_state_pending || o->state == order_state_expired)
		step_wrong(s, TIX_EWRONG_STATE);
	if (credited < 0 || credited > o->total) /* a later one counts on it */
		step_wrong(s, TIX_ELIMIT);
	if (!step_ok(s))
		return;
	r->state = refund_state_withdrawn;
	o->refunded -= r->amount;
	o->credited = credited;
	if (r->ticket)
		o->ticket[r->ticket - 1].refunded = false;
	model_settle(s, o);
}
