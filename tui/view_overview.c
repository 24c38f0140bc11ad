/* SPDX-License-Identifier: MIT */
/* Overview: the events with how they sell, orders by the minute, and what needs a person. */
#include "tui/view_overview.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "rpc/rpc.h"
#include "tui/app.h"
#include "tui/words.h"

#define HOUR_MAX 1000
#define DOCTOR_US (60 * USEC_PER_SEC) /* disks fill and clocks go wrong without a record */
#define DAY_US (86400 * USEC_PER_SEC)

enum { COL_EVENT, COL_STARTS, COL_SOLD, COL_BAR, COL_REVENUE, COL_PACE, COL_STATUS, COL_NAME, COL_PLACE };

static const struct m_col cols[] = {
    [COL_EVENT] = {"event", M_GROW, 12},
    [COL_STARTS] = {"starts", 0, 16},
    [COL_SOLD] = {"sold/size", M_RIGHT, 9},
    [COL_BAR] = {"sell-through", M_BAR, 15},
    [COL_REVENUE] = {"revenue", M_RIGHT, 8},
    [COL_PACE] = {"pace", M_RIGHT, 5},
    [COL_STATUS] = {"status", 0, 9},
    [COL_NAME] = {"name", M_GROW | M_WIDE, 12},
    [COL_PLACE] = {"place", M_GROW | M_WIDE, 10},
};

static void init(struct app *app, struct view *v)
{
	struct overview *o = v->state;

	(void)app;
	view_query(v, &o->events, "event.list", "event. venue.");
	view_query(v, &o->refunds, "refund.list", "refund.");
	view_query(v, &o->due, "order.list", "order.c order.e payment. refund.");
	view_query(v, &o->waiting, "order.list", "order.placed order.e order.c payment.");
	view_query(v, &o->quotas, "quota.list", "quota. category. order. hold. ticket.");
	view_query(v, &o->hour, "order.list", "");
	view_query(v, &o->doctor, "system.doctor", "");
	o->doctor.again_us = DOCTOR_US;
	o->quotas.every_us = o->due.every_us = o->waiting.every_us = USEC_PER_SEC;
}

static void ask_events(struct app *app, struct overview *o)
{
	json_t *params = json_pack("{s:i}", "limit", EVENTS_MAX);
	char since[32];

	if (!o->all) {
		json_object_set_new(params, "status", json_pack("[s]", "published"));
		/* By whole days, so that the question stays the same. */
		when_rfc3339((app_now(app) / DAY_US - 1) * DAY_US, since, sizeof(since));
		json_object_set_new(params, "since", json_string(since));
	}
	query_ask(&app->queries, &o->events, params, NULL);
}

static json_t *hour_params(const struct app *app)
{
	char since[32];

	when_rfc3339((app->minute - MINUTES + 1) * 60 * USEC_PER_SEC, since, sizeof(since));
	return json_pack("{s:s, s:i}", "since", since, "limit", HOUR_MAX);
}

static void enter(struct app *app, struct view *v)
{
	struct overview *o = v->state;
	struct queries *all = &app->queries;

	app_set_scope(app, "");
	ask_events(app, o);
	query_ask(all, &o->quotas, json_pack("{s:i}", "limit", 1000), NULL);
	query_ask(all, &o->doctor, json_object(), NULL);
	if (!app_may(app, RPC_order_list) && app->link.roles)
		return;
	if (!o->hour_taken && app_live(app))
		query_ask(all, &o->hour, hour_params(app), NULL);
	query_ask(all, &o->refunds, json_pack("{s:[s], s:i}", "state", "pending", "limit", 100), NULL);
	query_ask(all, &o->due,
	    json_pack("{s:[s,s], s:i}", "money", "overpaid", "refund_due", "limit", 100), NULL);
	query_ask(all, &o->waiting, json_pack("{s:[s], s:i}", "state", "pending", "limit", 100), NULL);
}

static void free_event(struct overview_event *e)
{
	if (!e)
		return;
	query_drop(&e->show);
	query_drop(&e->pace);
	query_drop(&e->sales);
	free(e);
}

static void done(struct view *v)
{
	struct overview *o = v->state;
	struct query *all[] = {
	    &o->events, &o->refunds, &o->due, &o->waiting, &o->quotas, &o->doctor, &o->hour};

	for (size_t i = 0; i < o->n; i++)
		free_event(o->v[i]);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		query_drop(all[i]);
}

static struct overview_event *take_known(struct overview_event **v, size_t n, const char *slug)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i] && strcmp(v[i]->slug, slug) == 0)
			return TAKE(v[i]);
	}
	return NULL;
}

static struct overview_event *make(struct app *app, struct view *v, const json_t *row)
{
	struct overview_event *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	snprintf(e->slug, sizeof(e->slug), "%s", get_text(row, "event"));
	view_query(v, &e->show, "event.show", SALE_TOPICS);
	view_query(v, &e->pace, "report.pace", SALE_TOPICS);
	view_query(v, &e->sales, "report.sales", "order. refund. event.changed");
	if (app_may(app, RPC_report_sales))
		query_ask(&app->queries, &e->sales,
		    json_pack("{s:s, s:s, s:i}", "event", e->slug, "by", "day", "limit", 1), e->slug);
	if (json_array_size(json_object_get(row, "target")) > 0)
		query_ask(&app->queries, &e->pace, json_pack("{s:s}", "event", e->slug), e->slug);
	return e;
}

/* The list has come: its events, with those kept that were there before. */
static void take_list(struct app *app, struct view *v)
{
	struct overview *o = v->state;
	const json_t *items = json_object_get(o->events.result, "items"), *row;
	struct overview_event *old[EVENTS_MAX];
	size_t n = o->n, i;

	memcpy(old, o->v, sizeof(old));
	o->n = 0;
	json_array_foreach(items, i, row)
	{
		struct overview_event *e = take_known(old, n, get_text(row, "event"));

		if (!e)
			e = make(app, v, row);
		if (!e || o->n == EVENTS_MAX)
			break;
		query_give(&app->queries, &e->show, json_pack("{s:s}", "event", e->slug), e->slug, row);
		o->v[o->n++] = e;
	}
	for (i = 0; i < n; i++)
		free_event(old[i]);
	o->more = json_is_string(json_object_get(o->events.result, "next"));
	o->listed = o->events.result;
}

/* Counts what was ordered in the minutes before the program began to count by itself. The newest
 * orders come first: where there are more than a page has, the minutes before them stay unknown. */
static void take_hour(struct app *app, struct overview *o)
{
	const json_t *items = json_object_get(o->hour.result, "items"), *row;
	bool more = json_is_string(json_object_get(o->hour.result, "next"));
	int64_t n[MINUTES] = {0}, first = 0;
	size_t i;

	json_array_foreach(items, i, row)
	{
		const char *state = get_text(row, "state");
		int64_t at = get_time(row, "created") / (60 * USEC_PER_SEC) - app->minute + MINUTES - 1;

		if (at < 0 || at >= MINUTES)
			continue;
		first = more ? at + 1 : 0;
		n[at] += strcmp(state, "held") != 0 && strcmp(state, "released") != 0;
	}
	for (int64_t k = first; k < MINUTES; k++) {
		if (app->minutes[k] == M_NO_VALUE)
			app->minutes[k] = n[k];
	}
	o->hour_taken = true;
	query_drop(&o->hour);
}

static unsigned on_message(struct app *app, struct view *v, const json_t *counts)
{
	struct overview *o = v->state;

	if (counts)
		return REPAINT_BODY; /* orders by the minute */
	if (o->events.result && o->events.result != o->listed)
		take_list(app, v);
	if (o->hour.result && !o->hour_taken)
		take_hour(app, o);
	return REPAINT_BODY;
}

static unsigned on_key(struct app *app, struct view *v, enum act act)
{
	struct overview *o = v->state;

	if (act == ACT_hidden) {
		o->all = !o->all;
		ask_events(app, o);
		app_say(app, M_PLAIN, o->all ? "all events" : "events on sale");
		return REPAINT_BODY;
	}
	if (!o->cursor.id[0])
		return REPAINT_NOTHING;
	app_set_scope(app, o->cursor.id);
	app_show(app, VIEW_event);
	return REPAINT_ALL;
}

const json_t *overview_row(const struct overview *o, const char *slug)
{
	for (size_t i = 0; i < o->n; i++) {
		if (strcmp(o->v[i]->slug, slug) == 0)
			return o->v[i]->show.result;
	}
	return NULL;
}

static void put_pace(struct model *m, struct m_row *row, const json_t *pace)
{
	const json_t *permille = json_object_get(pace, "permille");
	char text[WORDS_MAX];

	if (!json_is_integer(permille))
		return;
	words_permille(json_integer_value(permille), text);
	model_cell(m, row, COL_PACE, json_integer_value(permille) < 0 ? M_WARN : M_GOOD, "%s", text);
}

static enum m_class status_class(const char *status)
{
	return strcmp(status, "cancelled") == 0 ? M_BAD : strcmp(status, "draft") == 0 ? M_DIM : M_PLAIN;
}

static void put_event(struct app *app, struct model *m, struct m_section *s, struct overview_event *e)
{
	const json_t *row = e->show.result, *venue = json_object_get(row, "venue");
	int64_t size = get_int(row, "size"), sold = get_int(row, "sold");
	struct m_row *r = model_row(m, s, e->slug);
	const char *status = get_text(row, "status");
	char a[WORDS_MAX], b[WORDS_MAX];

	model_cell(m, r, COL_EVENT, M_PLAIN, "%s", e->slug);
	model_cell(m, r, COL_STARTS, M_PLAIN, "%s",
	    words_day(app_zone(app, zone_of(row, app->home)), get_time(row, "start"), a));
	model_cell(m, r, COL_SOLD, M_PLAIN, "%s/%s", words_count(sold, a), words_count(size, b));
	model_bar(r, COL_BAR, size > 0 ? (int)(sold * 1000 / size) : 0);
	if (e->sales.result)
		model_cell(m, r, COL_REVENUE, M_PLAIN, "%s %s",
		    words_money(json_object_get(e->sales.result, "amount"), true, a),
		    get_text(row, "currency"));
	r->cells[COL_BAR].class = size > 0 && sold >= size ? M_GOOD : M_PLAIN;
	put_pace(m, r, e->pace.result);
	model_cell(m, r, COL_STATUS, status_class(status), "%s", words_status(status));
	model_cell(m, r, COL_NAME, M_PLAIN, "%s", get_text(row, "name"));
	model_cell(m, r, COL_PLACE, M_PLAIN, "%s", get_text(venue, "name"));
}

static void put_minutes(struct app *app, struct model *m)
{
	struct m_section *s = model_add(m, M_SPARK, "orders", "ORDERS/MIN");
	const struct zone *z = app_zone(app, NULL);
	char at[WORDS_MAX];
	int peak = MINUTES - 1;

	for (int i = MINUTES - 1; i >= 0; i--) {
		if (app->minutes[i] > app->minutes[peak])
			peak = i;
	}
	s->series[0] = (struct m_series){"orders a minute", '*', M_PLAIN, app->minutes, MINUTES};
	s->nseries = 1;
	s->stale = !app_live(app);
	model_note(m, s, "now %lld, peak %lld at %s", (long long)app->minutes[MINUTES - 1],
	    (long long)app->minutes[peak],
	    words_minute(z, (app->minute - (MINUTES - 1 - peak)) * 60 * USEC_PER_SEC, at));
	s->from = model_text(m, words_minute(z, (app->minute - MINUTES + 1) * 60 * USEC_PER_SEC, at));
	s->mid = model_text(m, words_minute(z, (app->minute - MINUTES / 2) * 60 * USEC_PER_SEC, at));
	s->to = model_text(m, words_minute(z, app->minute * 60 * USEC_PER_SEC, at));
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	struct overview *o = v->state;
	struct m_section *s;

	overview_alerts(app, o, m);
	s = model_add(m, M_TABLE, "events", "");
	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = &o->cursor;
	s->filtered = true;
	s->empty = o->all ? "there are no events" : "nothing is on sale; H shows drafts and past events";
	for (size_t i = 0; i < o->n; i++)
		put_event(app, m, s, o->v[i]);
	if (o->more)
		model_note(m, s, "the first %d by start", EVENTS_MAX);
	app_mark(app, m, s, &o->events);
	put_minutes(app, m);
}

static const struct view_key keys[] = {
    {ACT_open, "event", RPC_COUNT}, {ACT_hidden, "drafts, past", RPC_COUNT}, {ACT_NONE, NULL, 0}};

const struct view_ops view_overview_ops = {
    .title = "Overview",
    .size = sizeof(struct overview),
    .keys = keys,
    .init = init,
    .enter = enter,
    .done = done,
    .on_key = on_key,
    .on_message = on_message,
    .build = build,
};
