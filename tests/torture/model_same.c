/* SPDX-License-Identifier: MIT */
/* Compares what the store shows with the model, field by field. */
#include "tests/torture/model.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"

static const char *text(const json_t *j, const char *field)
{
	const char *v = json_string_value(json_object_get(j, field));

	return v ? v : "";
}

static void same_text(const char *subject, const json_t *j, const char *field, const char *model)
{
	if (strcmp(text(j, field), model) != 0)
		model_differs(
		    subject, "%s is \"%s\", in the model \"%s\"", field, text(j, field), model);
}

static void same_word(
    const char *subject, const json_t *j, const char *field, const struct enum_set *set, int model)
{
	const char *word = enum_word(set, model);

	same_text(subject, j, field, word ? word : "");
}

static void same_int(const char *subject, const json_t *j, const char *field, int64_t model)
{
	const json_t *v = json_object_get(j, field);

	if (json_is_object(v))
		v = json_object_get(v, "amount");
	if (json_is_boolean(v) ? json_is_true(v) != model : json_integer_value(v) != model)
		model_differs(subject, "%s is %" JSON_INTEGER_FORMAT ", in the model %" PRId64,
		    field, json_is_boolean(v) ? json_is_true(v) : json_integer_value(v), model);
}

static void same_time(const char *subject, const json_t *j, const char *field, int64_t model)
{
	char at[WHEN_TEXT_MAX] = "";

	if (model != M_NEVER)
		when_rfc3339(model, at, sizeof(at));
	same_text(subject, j, field, at);
}

static void same_place(const struct m_place *v, int n, const char *slug, const json_t *j)
{
	int i = 0;

	while (i < n && strcmp(v[i].slug, slug) != 0)
		i++;
	if (i == n)
		model_differs(slug, "is not in the model");
	same_text(slug, j, "name", v[i].name);
}

void same_organizer(struct model *m, const json_t *j)
{
	same_place(m->organizer, m->norganizers, text(j, "organizer"), j);
}

void same_venue(struct model *m, const json_t *j)
{
	same_place(m->venue, m->nvenues, text(j, "venue"), j);
}

static struct m_event *event_of(struct model *m, const json_t *j)
{
	struct m_event *e = model_event(m, text(j, "event"));

	if (!e)
		model_differs(text(j, "event"), "is not in the model");
	return e;
}

void same_event(struct model *m, const json_t *j)
{
	struct m_event *e = event_of(m, j);
	int64_t size = 0, held = 0, sold = 0;

	for (int i = 0; i < e->nquotas; i++) {
		size += e->quota[i].size;
		held += model_held(e, i);
		sold += model_sold(e, i);
	}
	same_word(e->slug, j, "status", &enum_set_event_status, e->status);
	same_text(e->slug, j, "name", e->name);
	same_text(e->slug, j, "currency", e->currency);
	same_time(e->slug, j, "start", e->start);
	same_int(e->slug, j, "size", size);
	same_int(e->slug, j, "held", held);
	same_int(e->slug, j, "sold", sold);
}

void same_import(struct model *m, const json_t *j)
{
	(void)m;
	if (json_integer_value(json_object_get(j, "created")) +
		json_integer_value(json_object_get(j, "changed")) +
		json_integer_value(json_object_get(j, "same")) !=
	    1)
		model_differs("import", "is of one event and counts otherwise");
}

/* What is deleted is gone: nothing but the word is left to compare. */
void same_deleted(struct model *m, const json_t *j)
{
	(void)m;
	if (!text(j, "kind")[0] || !text(j, "name")[0])
		model_differs("deleted", "does not say what it was");
}

void same_export(struct model *m, const json_t *j)
{
	(void)m;
	if (!json_integer_value(json_object_get(j, "record")))
		model_differs("export", "has no record");
}

/* Names of what is linked: the bits of the model, in any order. */
static void same_links(const char *subject, const json_t *names, int expected)
{
	if ((int)json_array_size(names) != expected)
		model_differs(subject, "is linked to %zu, in the model to %d",
		    json_array_size(names), expected);
}

void same_category(struct model *m, const json_t *j)
{
	struct m_event *e = event_of(m, j);
	int i = model_category(e, text(j, "name"));
	int64_t free = INT64_MAX;
	struct m_category *c;
	char subject[2 * M_NAME];
	const json_t *v;
	size_t k;

	snprintf(subject, sizeof(subject), "%s/%s", e->slug, text(j, "name"));
	if (i < 0)
		model_differs(subject, "is not in the model");
	c = &e->category[i];
	same_int(subject, j, "price", c->price);
	same_int(subject, j, "min", c->min);
	same_int(subject, j, "max", c->max);
	same_int(subject, j, "hidden", c->hidden);
	same_text(subject, j, "title", c->title);
	same_time(subject, j, "sale_from", c->sale_from);
	same_time(subject, j, "sale_to", c->sale_to);
	for (int q = 0; q < e->nquotas; q++) {
		if (c->quotas >> q & 1 && model_free(e, q) < free)
			free = model_free(e, q);
	}
	same_int(subject, j, "free", c->quotas ? free : 0);
	same_links(subject, json_object_get(j, "quotas"), __builtin_popcountll(c->quotas));
	json_array_foreach (json_object_get(j, "quotas"), k, v) {
		int q = model_quota(e, json_string_value(v));

		if (q < 0 || !(c->quotas >> q & 1))
			model_differs(subject, "draws on %s, in the model not", json_string_value(v));
	}
}

void same_quota(struct model *m, const json_t *j)
{
	struct m_event *e = event_of(m, j);
	int i = model_quota(e, text(j, "name")), links = 0;
	char subject[2 * M_NAME];

	snprintf(subject, sizeof(subject), "%s/%s", e->slug, text(j, "name"));
	if (i < 0)
		model_differs(subject, "is not in the model");
	same_int(subject, j, "size", e->quota[i].size);
	same_int(subject, j, "overbook", e->quota[i].overbook);
	same_int(subject, j, "blocked", e->quota[i].blocked);
	same_int(subject, j, "held", model_held(e, i));
	same_int(subject, j, "sold", model_sold(e, i));
	same_int(subject, j, "free", model_free(e, i));
	for (int c = 0; c < e->ncategories; c++)
		links += (int)(e->category[c].quotas >> i & 1);
	same_links(subject, json_object_get(j, "categories"), links);
}

static struct m_order *order_of(struct model *m, const char *code, int *ret_n)
{
	struct m_order *o = model_order(m, code, ret_n);

	if (!o)
		model_differs(code, "is not in the model");
	return o;
}

static void same_lines(struct model *m, const struct m_order *o, const json_t *j)
{
	const struct m_event *e = &m->event[o->event];
	const json_t *lines = json_object_get(j, "line"), *v;
	size_t i;

	if ((int)json_array_size(lines) != o->nlines)
		model_differs(o->code, "has %zu lines, in the model %d", json_array_size(lines),
		    o->nlines);
	json_array_foreach (lines, i, v) {
		same_text(o->code, v, "category", e->category[o->line[i].category].name);
		same_int(o->code, v, "count", o->line[i].count);
		same_int(o->code, v, "price", o->line[i].price);
	}
}

void same_hold(struct model *m, const json_t *j)
{
	int n;
	struct m_order *o = order_of(m, text(j, "code"), &n);

	same_word(o->code, j, "state", &enum_set_order_state, o->state);
	same_text(o->code, j, "event", m->event[o->event].slug);
	same_int(o->code, j, "total", o->total);
	same_time(o->code, j, "expires", o->expires);
	same_lines(m, o, j);
}

static void same_ticket(
    const struct m_event *e, const struct m_order *o, struct m_ticket *t, const json_t *j)
{
	char subject[M_NAME];

	snprintf(subject, sizeof(subject), "%s/%d", o->code, (int)(t - o->ticket) + 1);
	same_text(subject, j, "category", e->category[t->category].name);
	same_int(subject, j, "price", t->price);
	if (!t->code[0]) /* made by a payment, whose reply does not tell it */
		model_copy(t->code, text(j, "code"));
	same_text(subject, j, "code", t->code);
	same_word(subject, j, "state", &enum_set_ticket_state, t->state);
}

static void same_payments(const struct m_order *o, const json_t *j)
{
	int64_t sum = 0;
	const json_t *v;
	size_t i;

	json_array_foreach (json_object_get(j, "payments"), i, v)
		sum += json_integer_value(json_object_get(json_object_get(v, "amount"), "amount"));
	if (json_object_get(j, "payments") && sum != o->captured)
		model_differs(o->code, "has payments of %" PRId64 ", in the model %" PRId64, sum,
		    o->captured);
}

void same_order(struct model *m, const json_t *j)
{
	int n;
	struct m_order *o = order_of(m, text(j, "code"), &n);
	const json_t *tickets = json_object_get(j, "tickets"), *v;
	const json_t *buyer = json_object_get(j, "buyer");
	size_t i;

	same_text(o->code, j, "event", m->event[o->event].slug);
	same_word(o->code, j, "state", &enum_set_order_state, o->state);
	same_word(o->code, j, "pay", &enum_set_pay_kind, o->pay);
	same_word(o->code, j, "money", &enum_set_money_word, model_money(o));
	if (o->state == order_state_pending)
		same_time(o->code, j, "expires", o->expires);
	same_int(o->code, j, "total", o->total);
	same_int(o->code, j, "paid", o->captured - o->refunded);
	same_int(o->code, j, "balance", model_balance(o));
	same_text(o->code, j, "note", o->note);
	if (json_is_object(buyer))
		same_text(o->code, buyer, "name", o->buyer);
	same_lines(m, o, j);
	if ((int)json_array_size(tickets) != o->ntickets)
		model_differs(o->code, "has %zu tickets, in the model %d", json_array_size(tickets),
		    o->ntickets);
	json_array_foreach (tickets, i, v)
		same_ticket(&m->event[o->event], o, &o->ticket[i], v);
	same_payments(o, j);
}

/* A row of order.list. */
void same_row(struct model *m, const json_t *j)
{
	int n;
	struct m_order *o = order_of(m, text(j, "code"), &n);
	int64_t tickets = 0;

	for (int i = 0; i < o->nlines; i++)
		tickets += o->line[i].count;
	same_text(o->code, j, "event", m->event[o->event].slug);
	same_word(o->code, j, "state", &enum_set_order_state, o->state);
	same_word(o->code, j, "money", &enum_set_money_word, model_money(o));
	same_int(o->code, j, "total", o->total);
	same_int(o->code, j, "balance", model_balance(o));
	same_int(o->code, j, "tickets", tickets);
	same_text(o->code, j, "name", o->buyer);
}

void same_pass(struct model *m, const json_t *j)
{
	int n;
	struct m_order *o = order_of(m, text(j, "ticket"), &n);

	if (n < 1 || n > o->ntickets)
		model_differs(text(j, "ticket"), "is not in the model");
	same_ticket(&m->event[o->event], o, &o->ticket[n - 1], j);
	same_text(text(j, "ticket"), j, "name", o->ticket[n - 1].name);
	same_text(text(j, "ticket"), j, "email", o->ticket[n - 1].email);
}

void same_refund(struct model *m, const json_t *j)
{
	const char *code = text(j, "refund");
	int64_t before = 0;
	char ticket[M_NAME] = "";
	struct m_refund *r;
	int n;
	struct m_order *o = order_of(m, code, &n);

	if (n < 1 || n > o->nrefunds)
		model_differs(code, "is not in the model");
	r = &o->refund[n - 1];
	for (int i = 0; i < n - 1; i++)
		before += o->refund[i].state == refund_state_withdrawn ? 0 : o->refund[i].amount;
	if (r->ticket)
		snprintf(ticket, sizeof(ticket), "%s/%d", o->code, r->ticket);
	same_text(code, j, "ticket", ticket);
	same_word(code, j, "kind", &enum_set_refund_kind, r->kind);
	same_word(code, j, "state", &enum_set_refund_state, r->state);
	same_int(code, j, "amount", r->amount);
	same_int(code, j, "fee", r->fee);
	same_int(code, j, "captured", o->captured);
	same_int(code, j, "refunded_before", before);
	same_int(code, j, "keeps",
	    o->captured - before - (r->state == refund_state_withdrawn ? 0 : r->amount));
}

void same_receipt(struct model *m, const json_t *j)
{
	const char *code = text(j, "payment");
	char refund[M_NAME] = "";
	struct m_payment *p;
	int n;
	struct m_order *o = order_of(m, code, &n);

	if (n < 1 || n > o->npayments)
		model_differs(code, "is not in the model");
	p = &o->payment[n - 1];
	if (p->refund)
		snprintf(refund, sizeof(refund), "%s/r%d", o->code, p->refund);
	same_word(code, j, "kind", &enum_set_payment_kind, p->kind);
	same_int(code, j, "amount", p->amount);
	same_text(code, j, "refund", refund);
	same_word(code, j, "order_state", &enum_set_order_state, o->state);
	same_word(code, j, "money", &enum_set_money_word, model_money(o));
	same_int(code, j, "balance", model_balance(o));
}
