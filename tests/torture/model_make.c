/* SPDX-License-Identifier: MIT */
/* Makes up calls: mostly such that can succeed, some that cannot. It looks at the model and never
 * changes it. */
#include "tests/torture/model.h"

#include <stdio.h>
#include <string.h>

#define EVENTS_ALIVE 12 /* in draft or on sale at a time */
#define PARTS 6		/* quotas of an event, and categories */
#define RECENT 3000	/* orders that something is still done with */
#define TRIES 30

int64_t model_chance(struct model *m, int64_t below)
{
	uint64_t v;

	rng_bytes(m->rng, &v, sizeof(v));
	return below > 0 ? (int64_t)(v % (uint64_t)below) : 0;
}

static bool rarely(struct model *m)
{
	return model_chance(m, 25) == 0;
}

static json_t *name_new(struct model *m, const char *prefix)
{
	return json_sprintf("%s%d", prefix, ++m->made);
}

static const char *const cities[] = {"Zażółć", "Łódź", "Straße", "São Paulo", "Ürümqi"};

static json_t *some_text(struct model *m)
{
	return json_sprintf("%s %d", cities[model_chance(m, 5)], (int)model_chance(m, 1000));
}

static json_t *amount(const struct m_event *e, int64_t n)
{
	return json_pack("{s:I, s:s}", "amount", (json_int_t)n, "currency", e->currency);
}

static json_t *later(struct model *m, int64_t minutes)
{
	return json_sprintf("+%dm", (int)(1 + model_chance(m, minutes)));
}

/* An event that is on sale, or now and then any of the last ones; NULL when there is none. */
static struct m_event *some_event(struct model *m, int status)
{
	for (int i = 0; i < 4 * TRIES && m->nevents > 0; i++) {
		int back = (int)model_chance(m, m->nevents < 40 ? m->nevents : 40);
		struct m_event *e = &m->event[m->nevents - 1 - back];

		if (status == 0 || e->status == status || rarely(m))
			return e;
	}
	return NULL;
}

static struct m_order *some_order(struct model *m, int state)
{
	for (int i = 0; i < TRIES && m->norders > 0; i++) {
		int64_t recent = model_chance(m, 10) == 0 ? m->norders : RECENT;
		int64_t back = model_chance(m, m->norders < recent ? m->norders : recent);
		struct m_order *o = &m->order[m->norders - 1 - back];

		if (o->state == state || rarely(m))
			return o;
	}
	return NULL;
}

/* Catalogue. */

json_t *make_organizer_create(struct model *m)
{
	if (m->norganizers >= M_PARTS - 34)
		return NULL;
	return json_pack("{s:o, s:o}", "organizer", name_new(m, "org"), "name", some_text(m));
}

json_t *make_organizer_set(struct model *m)
{
	if (m->norganizers == 0)
		return NULL;
	return json_pack("{s:s, s:o}", "organizer",
	    m->organizer[model_chance(m, m->norganizers)].slug, "name", some_text(m));
}

json_t *make_venue_create(struct model *m)
{
	if (m->nvenues >= M_PARTS - 34)
		return NULL;
	return json_pack("{s:o, s:o, s:s, s:s, s:s}", "venue", name_new(m, "hall"), "name",
	    some_text(m), "zone", "UTC", "city", cities[model_chance(m, 5)], "organizer",
	    "default");
}

json_t *make_venue_set(struct model *m)
{
	if (m->nvenues == 0)
		return NULL;
	return json_pack("{s:s, s:o, s:s}", "venue", m->venue[model_chance(m, m->nvenues)].slug,
	    "name", some_text(m), "city", cities[model_chance(m, 5)]);
}

static const char *const currencies[] = {"EUR", "JPY", "KWD", "CLF", "EUR"};

static json_t *start_new(struct model *m)
{
	return model_chance(m, 3) ? later(m, 600) : later(m, 60 * 24 * 60);
}

json_t *make_event_create(struct model *m)
{
	int alive = 0;
	json_t *p;

	for (int i = 0; i < m->nevents; i++)
		alive += m->event[i].status == event_status_draft ||
			 m->event[i].status == event_status_published;
	if (alive >= EVENTS_ALIVE)
		return NULL;
	p = json_pack("{s:o, s:o, s:o, s:s, s:s}", "event", name_new(m, "event"), "name",
	    some_text(m), "start", start_new(m), "currency", currencies[model_chance(m, 5)],
	    "organizer", "default");
	if (rarely(m) && m->nevents > 0)
		json_object_set_new(p, "event", json_string(some_event(m, 0)->slug));
	return p;
}

json_t *make_event_clone(struct model *m)
{
	struct m_event *e = some_event(m, 0);
	json_t *p = e ? make_event_create(m) : NULL, *slug;

	if (!p)
		return NULL;
	slug = json_incref(json_object_get(p, "event"));
	json_object_del(p, "currency");
	json_object_del(p, "organizer");
	json_object_set_new(p, "slug", slug);
	json_object_set_new(p, "event", json_string(rarely(m) ? "nowhere" : e->slug));
	if (model_chance(m, 3) == 0)
		json_object_del(p, "name");
	return p;
}

json_t *make_event_set(struct model *m)
{
	struct m_event *e = some_event(m, 0);
	json_t *p = e ? json_pack("{s:s}", "event", e->slug) : NULL;

	if (!p)
		return NULL;
	if (model_chance(m, 2))
		json_object_set_new(p, "name", some_text(m));
	if (model_chance(m, 2))
		json_object_set_new(p, "start", start_new(m));
	if (model_chance(m, 6) == 0)
		json_object_set_new(p, "currency", json_string(currencies[model_chance(m, 5)]));
	if (model_chance(m, 8) == 0 && e->nformer < M_FORMER / 2)
		json_object_set_new(p, "slug",
		    rarely(m) ? json_string(some_event(m, 0)->slug)
		    : e->nformer && model_chance(m, 2)
			? json_string(e->former[model_chance(m, e->nformer)])
			: name_new(m, "event"));
	if (e->nformer && model_chance(m, 3) == 0)
		json_object_set_new(
		    p, "event", json_string(e->former[model_chance(m, e->nformer)]));
	return p;
}

json_t *make_export_begin(struct model *m)
{
	struct m_event *e = some_event(m, 0);
	json_t *p = json_pack("{s:s}", "kind", model_chance(m, 2) ? "orders" : "attendees");

	if (e && model_chance(m, 2))
		json_object_set_new(p, "event", json_string(rarely(m) ? "nowhere" : e->slug));
	return p;
}

static json_t *event_act(struct model *m, int status)
{
	struct m_event *e = some_event(m, status);

	return e ? json_pack("{s:s}", "event", e->slug) : NULL;
}

json_t *make_event_publish(struct model *m)
{
	return event_act(m, event_status_draft);
}

json_t *make_event_unpublish(struct model *m)
{
	for (int i = 0; i < m->nevents; i++) {
		struct m_event *e = &m->event[i];

		if (e->status == event_status_published && e->alive == 0 && model_chance(m, 2))
			return json_pack("{s:s}", "event", e->slug);
	}
	return event_act(m, event_status_published);
}

json_t *make_event_end(struct model *m)
{
	for (int i = 0; i < m->nevents; i++) {
		struct m_event *e = &m->event[i];

		if (e->status == event_status_published && e->start <= m->now && model_chance(m, 2))
			return json_pack("{s:s}", "event", e->slug);
	}
	return event_act(m, event_status_published);
}

json_t *make_event_cancel(struct model *m)
{
	return event_act(m, model_chance(m, 2) ? event_status_draft : event_status_published);
}

static json_t *import_categories(struct model *m, const struct m_event *e)
{
	json_t *v = json_array();
	int n = (int)model_chance(m, 3);

	for (int i = 0; i < n; i++) {
		int at = e->ncategories ? (int)model_chance(m, e->ncategories) : -1;
		json_t *c = json_pack("{s:o, s:o}", "name",
		    at >= 0 && (model_chance(m, 2) || e->ncategories >= PARTS)
			? json_string(e->category[at].name)
			: name_new(m, "c"),
		    "price", amount(e, model_chance(m, 5000)));

		if (model_chance(m, 3) == 0 && e->nquotas < PARTS)
			json_object_set_new(c, "size", json_integer(model_chance(m, 300)));
		if (model_chance(m, 3) == 0 && e->nquotas)
			json_object_set_new(c, "quotas",
			    json_pack("[s]", e->quota[model_chance(m, e->nquotas)].name));
		json_array_append_new(v, c);
	}
	return v;
}

static json_t *import_quotas(struct model *m, const struct m_event *e)
{
	json_t *v = json_array();
	int n = (int)model_chance(m, 3);

	for (int i = 0; i < n; i++) {
		int at = e->nquotas ? (int)model_chance(m, e->nquotas) : -1;

		json_array_append_new(v,
		    json_pack("{s:o, s:I}", "name",
			at >= 0 && (model_chance(m, 3) || e->nquotas >= PARTS)
			    ? json_string(e->quota[at].name)
			    : name_new(m, "q"),
			"size", (json_int_t)model_chance(m, 400)));
	}
	return v;
}

json_t *make_event_import(struct model *m)
{
	static const struct m_event fresh = {.currency = "EUR"};
	const struct m_event *e = some_event(m, 0);
	bool old = e && model_chance(m, 4);
	json_t *row;

	if (!old && model_chance(m, 10))
		return NULL; /* few new ones: those have no end yet */
	e = old ? e : &fresh;
	row = json_pack("{s:o, s:o, s:o, s:s, s:o, s:o}", "event",
	    old ? json_string(e->slug) : name_new(m, "event"), "name", some_text(m), "start",
	    start_new(m), "zone", "UTC", "quotas", import_quotas(m, e), "categories",
	    import_categories(m, e));
	if (!old)
		json_object_set_new(row, "currency", json_string(e->currency));
	return json_pack("{s:[o], s:s}", "events", row, "organizer", "default");
}

static void category_fields(struct model *m, json_t *p)
{
	if (model_chance(m, 6) == 0)
		json_object_set_new(p, "min", json_integer(1 + model_chance(m, 2)));
	if (model_chance(m, 6) == 0)
		json_object_set_new(p, "max", json_integer(1 + model_chance(m, 6)));
	if (model_chance(m, 6) == 0)
		json_object_set_new(p, "title", model_chance(m, 2) ? some_text(m) : json_null());
	if (model_chance(m, 6) == 0)
		json_object_set_new(p, "hidden", json_boolean(model_chance(m, 2)));
	if (model_chance(m, 12) == 0)
		json_object_set_new(
		    p, "sale_from", model_chance(m, 2) ? later(m, 20) : json_null());
	if (model_chance(m, 12) == 0)
		json_object_set_new(
		    p, "sale_to", model_chance(m, 2) ? later(m, 300) : json_null());
}

json_t *make_category_create(struct model *m)
{
	struct m_event *e = some_event(m, model_chance(m, 3) ? event_status_draft : 0);
	json_t *p;

	if (!e || e->ncategories >= PARTS)
		return NULL;
	p = json_pack("{s:s, s:o, s:o}", "event", e->slug, "name", name_new(m, "c"), "price",
	    amount(e, model_chance(m, 8) ? model_chance(m, 20000) : 0));
	category_fields(m, p);
	if (e->nquotas < PARTS && model_chance(m, 3))
		json_object_set_new(p, "size", json_integer(model_chance(m, 300)));
	if (e->nquotas && model_chance(m, 2))
		json_object_set_new(p, "quotas",
		    json_pack("[s]", e->quota[model_chance(m, e->nquotas)].name));
	if (e->ncategories && rarely(m))
		json_object_set_new(p, "name", json_string(e->category[0].name));
	return p;
}

/* {event, name} of a category; NULL without one. */
static json_t *some_category(struct model *m)
{
	struct m_event *e = some_event(m, event_status_published);

	if (!e || e->ncategories == 0)
		return NULL;
	return json_pack("{s:s, s:s}", "event", e->slug, "name",
	    rarely(m) ? "nobody" : e->category[model_chance(m, e->ncategories)].name);
}

json_t *make_category_set(struct model *m)
{
	json_t *p = some_category(m);

	if (!p)
		return NULL;
	category_fields(m, p);
	if (model_chance(m, 2))
		json_object_set_new(p, "price",
		    amount(
			model_event(m, json_string_value(json_object_get(p, "event"))),
			model_chance(m, 20000)));
	return p;
}

json_t *make_category_move(struct model *m)
{
	json_t *p = some_category(m);
	struct m_event *e;

	if (!p)
		return NULL;
	e = model_event(m, json_string_value(json_object_get(p, "event")));
	if (model_chance(m, 2))
		json_object_set_new(p, "position", json_integer(model_chance(m, PARTS)));
	else
		json_object_set_new(p, "before",
		    json_string(e->category[model_chance(m, e->ncategories)].name));
	return p;
}

json_t *make_category_hide(struct model *m)
{
	return some_category(m);
}

json_t *make_category_unhide(struct model *m)
{
	return some_category(m);
}

json_t *make_event_delete(struct model *m)
{
	return event_act(m, event_status_draft);
}

json_t *make_venue_delete(struct model *m)
{
	if (m->nvenues == 0)
		return NULL;
	return json_pack("{s:s}", "venue", m->venue[model_chance(m, m->nvenues)].slug);
}

json_t *make_category_delete(struct model *m)
{
	return some_category(m);
}

/* Quotas. */

/* {event, name} of a quota; *ret_e NULL without one. */
static json_t *some_quota(struct model *m, struct m_event **ret_e, int *ret_i)
{
	struct m_event *e = some_event(m, event_status_published);

	*ret_e = e && e->nquotas ? e : NULL;
	if (!*ret_e)
		return NULL;
	*ret_i = (int)model_chance(m, e->nquotas);
	return json_pack(
	    "{s:s, s:s}", "event", e->slug, "name", rarely(m) ? "nothing" : e->quota[*ret_i].name);
}

static json_t *some_names(struct model *m, const struct m_event *e)
{
	json_t *v = json_array();

	for (int i = 0; i < e->ncategories; i++) {
		if (model_chance(m, e->ncategories) == 0)
			json_array_append_new(v, json_string(e->category[i].name));
	}
	if (json_array_size(v) == 0 && e->ncategories)
		json_array_append_new(v, json_string(e->category[0].name));
	if (json_array_size(v) == 0 || rarely(m))
		json_array_append_new(v, json_string("nobody"));
	return v;
}

json_t *make_quota_create(struct model *m)
{
	struct m_event *e = some_event(m, 0);
	json_t *p;

	if (!e || e->nquotas >= PARTS)
		return NULL;
	p = json_pack("{s:s, s:o, s:I}", "event", e->slug, "name", name_new(m, "q"), "size",
	    (json_int_t)model_chance(m, 500));
	if (model_chance(m, 3) == 0)
		json_object_set_new(p, "overbook", json_integer(model_chance(m, 20)));
	if (model_chance(m, 2))
		json_object_set_new(p, "categories", some_names(m, e));
	if (e->nquotas && rarely(m))
		json_object_set_new(p, "name", json_string(e->quota[0].name));
	return p;
}

/* Mostly wider, so that the sale goes on; now and then too narrow. */
json_t *make_quota_set(struct model *m)
{
	struct m_event *e;
	int i;
	json_t *p = some_quota(m, &e, &i);

	if (!p)
		return NULL;
	if (model_chance(m, 5) == 0)
		json_object_set_new(p, "overbook", json_integer(model_chance(m, 20)));
	else if (model_chance(m, 4) == 0)
		json_object_set_new(p, "size", json_integer(model_chance(m, e->quota[i].size + 1)));
	else
		json_object_set_new(
		    p, "size", json_integer(e->quota[i].size + model_chance(m, 60)));
	return p;
}

/* Rather one that has nothing in it. */
json_t *make_quota_delete(struct model *m)
{
	struct m_event *e = some_event(m, 0);

	for (int i = 0; e && i < e->nquotas; i++) {
		if (model_sold(e, i) + model_held(e, i) == 0 || rarely(m))
			return json_pack("{s:s, s:s}", "event", e->slug, "name", e->quota[i].name);
	}
	return NULL;
}

json_t *make_quota_block(struct model *m)
{
	struct m_event *e;
	int i;
	json_t *p = some_quota(m, &e, &i);

	if (p)
		json_object_set_new(p, "count", json_integer(1 + model_chance(m, 12)));
	return p;
}

json_t *make_quota_unblock(struct model *m)
{
	return make_quota_block(m);
}

json_t *make_quota_link(struct model *m)
{
	struct m_event *e;
	int i;
	json_t *p = some_quota(m, &e, &i);

	if (p)
		json_object_set_new(p, "categories", some_names(m, e));
	return p;
}

json_t *make_quota_move(struct model *m)
{
	struct m_event *e;
	int i;
	json_t *p = some_quota(m, &e, &i);
	const char *name = "nobody";

	if (!p)
		return NULL;
	for (int c = 0; c < e->ncategories; c++) {
		if (e->category[c].quotas >> i & 1 && (strcmp(name, "nobody") == 0 || model_chance(m, 2)))
			name = e->category[c].name;
	}
	json_object_set_new(p, "categories", rarely(m) ? some_names(m, e) : json_pack("[s]", name));
	json_object_set_new(
	    p, "to", json_string(e->quota[model_chance(m, e->nquotas)].name));
	return p;
}

json_t *make_quota_unlink(struct model *m)
{
	return make_quota_link(m);
}

/* Sales. */

static json_t *some_lines(struct model *m, const struct m_event *e)
{
	json_t *v = json_array();
	int n = model_chance(m, 4) ? 1 : 2 + (int)model_chance(m, 2);

	for (int i = 0; i < n; i++) {
		const char *name = rarely(m) && rarely(m) ? "nobody"
		    : e->category[model_chance(m, e->ncategories)].name;

		json_array_append_new(v,
		    json_pack("{s:s, s:I}", "category", name, "count",
			(json_int_t)(1 + model_chance(m, 4))));
	}
	return v;
}

static json_t *sale(struct model *m)
{
	struct m_event *e = some_event(m, event_status_published);

	if (!e || e->ncategories == 0)
		return NULL;
	return json_pack("{s:s, s:o}", "event", e->slug, "line", some_lines(m, e));
}

json_t *make_hold_create(struct model *m)
{
	json_t *p = sale(m);

	if (p && model_chance(m, 3) == 0)
		json_object_set_new(p, "expires", rarely(m) ? json_string("-1m") : later(m, 60));
	return p;
}

static json_t *some_hold(struct model *m)
{
	struct m_order *o = some_order(m, order_state_held);

	return o ? json_pack("{s:s}", "hold", o->code) : NULL;
}

json_t *make_hold_extend(struct model *m)
{
	json_t *p = some_hold(m);

	if (p && model_chance(m, 2))
		json_object_set_new(p, "expires", later(m, rarely(m) ? 3000 : 60));
	return p;
}

json_t *make_hold_release(struct model *m)
{
	return some_hold(m);
}

json_t *make_order_create(struct model *m)
{
	json_t *p = model_chance(m, 4) ? sale(m) : some_hold(m);

	if (!p)
		return NULL;
	json_object_set_new(p, "pay",
	    json_string(model_chance(m, 12) == 0 ? "comp"
			: model_chance(m, 4)   ? "cash"
					       : "bank"));
	if (model_chance(m, 4) &&
	    (strcmp(json_string_value(json_object_get(p, "pay")), "bank") == 0 || rarely(m)))
		json_object_set_new(p, "expires", later(m, 200));
	if (model_chance(m, 2))
		json_object_set_new(p, "name", some_text(m));
	if (model_chance(m, 8) == 0)
		json_object_set_new(p, "note", some_text(m));
	return p;
}

json_t *make_order_extend(struct model *m)
{
	struct m_order *o = some_order(m, order_state_pending);
	json_t *p = o ? json_pack("{s:s}", "code", o->code) : NULL;

	if (p && model_chance(m, 3))
		json_object_set_new(p, "expires", later(m, 400));
	return p;
}

/* What is missing, or a part of it, or too much. */
json_t *make_payment_record(struct model *m)
{
	static const int states[] = {order_state_pending, order_state_pending, order_state_pending,
	    order_state_expired, order_state_paid, order_state_cancelled};
	struct m_order *o = some_order(m, states[model_chance(m, 6)]);
	int64_t n, rest;

	if (!o || (!o->pay && !rarely(m)))
		return NULL;
	rest = o->state == order_state_expired ? o->total : -model_balance(o);
	n = rest > 0 && model_chance(m, 2) ? rest : 1 + model_chance(m, o->total + 100);
	return json_pack("{s:s, s:o, s:s}", "code", o->code, "amount",
	    amount(&m->event[o->event], n), "kind", model_chance(m, 4) ? "bank" : "cash");
}

json_t *make_order_note(struct model *m)
{
	struct m_order *o = some_order(m, order_state_paid);

	return o ? json_pack("{s:s, s:o}", "code", o->code, "note",
		       model_chance(m, 4) ? some_text(m) : json_null())
		 : NULL;
}

/* One of a sold order, or one that an order that waits will have. */
static int64_t tickets_of(const struct m_order *o)
{
	int64_t n = o->ntickets;

	for (int i = 0; o->state == order_state_pending && i < o->nlines; i++)
		n += o->line[i].count;
	return n;
}

static json_t *some_ticket_of(struct model *m, const struct m_order *o)
{
	int n = 1 + (int)model_chance(m, tickets_of(o) + rarely(m));

	return model_chance(m, 2) ? json_sprintf("%s/%d", o->code, n) : json_sprintf("%d", n);
}

json_t *make_order_change(struct model *m)
{
	struct m_order *o = some_order(
	    m, model_chance(m, 4) ? order_state_paid : order_state_pending);
	const struct m_event *e = o ? &m->event[o->event] : NULL;
	json_t *p;
	int kinds;

	if (!o || tickets_of(o) > 20 || e->ncategories == 0)
		return NULL;
	kinds = 1 + (int)model_chance(m, 7);
	p = json_pack("{s:s}", "code", o->code);
	if (kinds & 1)
		json_object_set_new(p, "add", some_lines(m, e));
	if (kinds & 2 && tickets_of(o))
		json_object_set_new(p, "remove", json_pack("[o]", some_ticket_of(m, o)));
	if (kinds & 4 && tickets_of(o))
		json_object_set_new(p, "exchange",
		    json_pack("[{s:o, s:s}]", "ticket", some_ticket_of(m, o), "category",
			e->category[model_chance(m, e->ncategories)].name));
	if (json_object_size(p) > 1)
		return p;
	json_decref(p);
	return NULL;
}

json_t *make_order_cancel(struct model *m)
{
	struct m_order *o =
	    some_order(m, model_chance(m, 5) ? order_state_paid : order_state_pending);
	json_t *p = o ? json_pack("{s:s}", "code", o->code) : NULL;

	if (p && model_chance(m, 3) == 0)
		json_object_set_new(p, "keep_fee",
		    amount(&m->event[o->event], model_chance(m, 1 + o->total + o->total / 10)));
	return p;
}

/* A ticket by number, or by what its holder shows. */
static json_t *some_ticket(struct model *m)
{
	struct m_order *o = some_order(m, order_state_paid);
	int n;

	if (!o || (o->ntickets == 0 && !rarely(m)))
		return NULL;
	n = 1 + (int)model_chance(m, o->ntickets + rarely(m));
	return json_pack("{s:o}", "ticket", json_sprintf("%s/%d", o->code, n));
}

json_t *make_ticket_set(struct model *m)
{
	json_t *p = some_ticket(m);

	if (p && model_chance(m, 3))
		json_object_set_new(p, "name", model_chance(m, 4) ? some_text(m) : json_null());
	if (p && model_chance(m, 3) == 0)
		json_object_set_new(p, "email",
		    model_chance(m, 4) ? json_sprintf("p%d@example.org", (int)model_chance(m, 999))
				       : json_null());
	return p;
}

json_t *make_ticket_transfer(struct model *m)
{
	json_t *p = some_ticket(m);

	if (!p)
		return NULL;
	json_object_set_new(p, "name", some_text(m));
	if (model_chance(m, 2))
		json_object_set_new(
		    p, "email", json_sprintf("t%d@example.org", (int)model_chance(m, 999)));
	return p;
}

json_t *make_ticket_reissue(struct model *m)
{
	return some_ticket(m);
}

json_t *make_ticket_void(struct model *m)
{
	json_t *p = some_ticket(m);

	if (p && model_chance(m, 3) == 0)
		json_object_set_new(p, "keep_seat", json_true());
	return p;
}

json_t *make_refund_create(struct model *m)
{
	static const int states[] = {order_state_paid, order_state_paid, order_state_cancelled,
	    order_state_cancelled, order_state_pending};
	struct m_order *o = some_order(m, states[model_chance(m, 5)]);
	struct m_event *e;
	json_t *p;

	if (!o || (o->total == 0 && model_chance(m, 4)))
		return NULL;
	e = &m->event[o->event];
	p = json_pack("{s:s}", "code", o->code);
	if (o->ntickets && model_chance(m, 2))
		json_object_set_new(p, "code",
		    json_sprintf("%s/%d", o->code, (int)(1 + model_chance(m, o->ntickets))));
	if (model_chance(m, 3) == 0)
		json_object_set_new(
		    p, "amount", amount(e, model_chance(m, 1 + o->total + o->total / 10)));
	if (model_chance(m, 5) == 0)
		json_object_set_new(p, "keep_fee", amount(e, model_chance(m, 1 + o->total / 4)));
	if (model_chance(m, 3) == 0)
		json_object_set_new(p, "void_ticket", json_true());
	if (model_chance(m, 3) == 0)
		json_object_set_new(p, "kind", json_string("bank"));
	return p;
}

static json_t *some_refund(struct model *m)
{
	static const int states[] = {order_state_paid, order_state_paid, order_state_cancelled,
	    order_state_cancelled, order_state_pending};

	for (int i = 0; i < 4 * TRIES; i++) {
		struct m_order *o = some_order(m, states[model_chance(m, 5)]);
		int n = o ? o->nrefunds : 0;

		if (n > 0)
			return json_pack("{s:o}", "refund",
			    json_sprintf("%s/r%d", o->code, (int)(1 + model_chance(m, n))));
	}
	return NULL;
}

json_t *make_refund_confirm(struct model *m)
{
	return some_refund(m);
}

json_t *make_refund_withdraw(struct model *m)
{
	return some_refund(m);
}
