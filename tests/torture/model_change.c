/* SPDX-License-Identifier: MIT */
/* The model's change of what an order has: all of it is planned on a copy. */
#include "tests/torture/model.h"

#include <stdlib.h>
#include <string.h>

static int64_t live(const struct m_order *o, int category)
{
	int64_t n = 0;

	for (int i = 0; i < o->ntickets; i++)
		n += o->ticket[i].category == category && o->ticket[i].state == ticket_state_valid;
	return n;
}

/* The ticket that a change names by CODE/n or its number. */
static struct m_ticket *named(struct step *s, struct m_order *o, const char *text, uint64_t *seen)
{
	int n = 0;
	struct m_order *other = strchr(text, '/') ? model_order(s->m, text, &n) : NULL;

	if (!strchr(text, '/'))
		n = (int)strtol(text, NULL, 10);
	if (n < 1 || (other && strcmp(other->code, o->code) != 0)) {
		step_wrong(s, TIX_EBAD_VALUE);
		return NULL;
	}
	if (n > o->ntickets) {
		step_wrong(s, TIX_ENOT_FOUND);
		return NULL;
	}
	if (*seen >> n & 1)
		step_wrong(s, TIX_EBAD_VALUE);
	else if (o->ticket[n - 1].state != ticket_state_valid || o->ticket[n - 1].refunded)
		step_wrong(s, TIX_EWRONG_STATE);
	*seen |= UINT64_C(1) << n;
	return &o->ticket[n - 1];
}

/* What a change adds or exchanges must be on sale; -1 refused. */
static int on_sale(struct step *s, const struct m_event *e, const json_t *v)
{
	int at = model_category(e, json_string_value(json_object_get(v, "category")));

	if (at < 0)
		step_wrong(s, TIX_ENOT_FOUND);
	else
		model_window(s, e, &e->category[at]);
	return at;
}

static void change_old(struct step *s, const struct m_event *e, struct m_order *o, uint64_t *came)
{
	uint64_t seen = 0;
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(s->in, "remove"), i, v) {
		struct m_ticket *t = named(s, o, json_string_value(v), &seen);

		if (t)
			t->state = ticket_state_removed;
	}
	json_array_foreach (json_object_get(s->in, "exchange"), i, v) {
		struct m_ticket *t =
		    named(s, o, json_string_value(json_object_get(v, "ticket")), &seen);
		int at = on_sale(s, e, v);

		if (!t || at < 0)
			continue;
		if (t->category == at)
			step_wrong(s, TIX_EBAD_VALUE);
		t->category = at;
		t->price = o->pay == pay_kind_comp ? 0 : e->category[at].price;
		*came |= UINT64_C(1) << at;
	}
}

static void change_add(struct step *s, const struct m_event *e, struct m_order *o, uint64_t *came)
{
	uint64_t twice = 0;
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(s->in, "add"), i, v) {
		int at = on_sale(s, e, v);

		if (at < 0)
			continue;
		if (twice >> at & 1)
			step_wrong(s, TIX_EBAD_VALUE);
		twice |= UINT64_C(1) << at;
		*came |= twice;
		for (int64_t k = json_integer_value(json_object_get(v, "count")); k > 0; k--) {
			if (o->ntickets == M_TICKETS)
				abort();
			o->ticket[o->ntickets++] = (struct m_ticket){.category = at,
			    .state = ticket_state_valid,
			    .price = o->pay == pay_kind_comp ? 0 : e->category[at].price};
		}
	}
}

/* The lines follow from the tickets, void ones included. */
static void change_lines(struct m_order *o)
{
	o->nlines = 0;
	o->total = 0;
	for (int i = 0; i < o->ntickets; i++) {
		const struct m_ticket *t = &o->ticket[i];
		int k = 0;

		if (t->state == ticket_state_removed)
			continue;
		while (k < o->nlines &&
		       (o->line[k].category != t->category || o->line[k].price != t->price))
			k++;
		if (k == M_LINES)
			abort();
		if (k == o->nlines)
			o->line[o->nlines++] = (struct m_line){t->category, 0, t->price};
		o->line[k].count++;
		o->total += t->price;
	}
}

static void check_change(struct step *s, const struct m_event *e, const struct m_order *was,
    const struct m_order *o, uint64_t came)
{
	for (int c = 0; c < e->ncategories; c++) {
		int64_t n = live(o, c), before = live(was, c);

		if (came >> c & 1)
			model_bounds(s, &e->category[c], n);
		else if (n < before && n > 0 && n < e->category[c].min)
			step_wrong(s, TIX_ELIMIT);
	}
	for (int q = 0; q < e->nquotas; q++) {
		int64_t net = 0;

		for (int c = 0; c < e->ncategories; c++)
			net += e->category[c].quotas >> q & 1 ? live(o, c) - live(was, c) : 0;
		if (net > 0 && net > model_free(e, q))
			step_wrong(s, TIX_ESOLD_OUT);
	}
	if (o->nlines == 0 || o->total < o->credited)
		step_wrong(s, TIX_ELIMIT);
}

/* The tickets that one that waits will have, along its lines. */
static void number(struct m_order *o)
{
	o->ntickets = 0;
	for (int i = 0; i < o->nlines; i++) {
		for (int64_t k = 0; k < o->line[i].count; k++) {
			if (o->ntickets == M_TICKETS)
				abort();
			o->ticket[o->ntickets++] = (struct m_ticket){.category = o->line[i].category,
			    .state = ticket_state_valid,
			    .price = o->line[i].price};
		}
	}
}

void apply_order_change(struct step *s)
{
	const json_t *shown = json_object_get(s->out, "tickets");
	struct m_order *o, copy, was;
	bool later;
	uint64_t came = 0;
	struct m_event *e;
	int n;

	o = model_named(s, &n);
	if (!o)
		return;
	e = &s->m->event[o->event];
	copy = *o;
	if (n > 0)
		step_wrong(s, TIX_EBAD_VALUE);
	later = o->state == order_state_pending;
	if (o->state != order_state_paid && !later)
		step_wrong(s, TIX_EWRONG_STATE);
	if (later)
		number(&copy);
	was = copy;
	change_old(s, e, &copy, &came);
	change_add(s, e, &copy, &came);
	change_lines(&copy);
	check_change(s, e, &was, &copy, came);
	if (!step_ok(s))
		return;
	model_count(s->m, o, -1);
	*o = copy;
	if (later)
		o->ntickets = 0;
	model_count(s->m, o, 1);
	if (later)
		model_settle(s, o);
	for (int i = 0; i < o->ntickets; i++)
		model_copy(o->ticket[i].code, json_string_value(json_object_get(
						  json_array_get(shown, (size_t)i), "code")));
}
