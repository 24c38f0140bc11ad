/* SPDX-License-Identifier: MIT */
/* Event: one event with its categories, the quotas that they share, and its newest orders. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rpc/rpc.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/event_chart.h"
#include "tui/view_orders.h"
#include "tui/words.h"

#define NEWEST 30

struct event_view {
	char slug[104];
	struct query show, pace, categories, quotas, newest, by_day, by_category;
	struct m_cursor category, order;
	int range; /* of the chart, 0 is all */
};

enum { CAT_NAME, CAT_PRICE, CAT_SIZE, CAT_BLOCKED, CAT_SOLD, CAT_HELD, CAT_FREE, CAT_SIGN, CAT_REVENUE, CAT_REFUNDED,
	CAT_TITLE };

static const struct m_col category_cols[] = {
    [CAT_NAME] = {"category", M_GROW, 8},
    [CAT_PRICE] = {"price", M_RIGHT, 5},
    [CAT_SIZE] = {"size", M_RIGHT, 4},
    [CAT_BLOCKED] = {"blocked", M_RIGHT, 4},
    [CAT_SOLD] = {"sold", M_RIGHT, 4},
    [CAT_HELD] = {"held", M_RIGHT, 4},
    [CAT_FREE] = {"free", M_RIGHT, 4},
    [CAT_SIGN] = {"", M_SIGN, 1},
    [CAT_REVENUE] = {"revenue", M_RIGHT, 8},
    [CAT_REFUNDED] = {"refunded", M_RIGHT, 5},
    [CAT_TITLE] = {"title", M_GROW | M_WIDE, 8},
};

enum { ORD_AT, ORD_CODE, ORD_TICKETS, ORD_TOTAL, ORD_STATE, ORD_BUYER };

static const struct m_col order_cols[] = {
    [ORD_AT] = {"at", 0, 8},
    [ORD_CODE] = {"order", 0, 9},
    [ORD_TICKETS] = {"tickets", M_RIGHT, 3},
    [ORD_TOTAL] = {"total", M_RIGHT, 6},
    [ORD_STATE] = {"state", 0, 5},
    [ORD_BUYER] = {"buyer", M_GROW, 8},
};

static void init(struct app *app, struct view *v)
{
	struct event_view *e = v->state;

	(void)app;
	view_query(v, &e->show, "event.show", SALE_TOPICS);
	view_query(v, &e->pace, "report.pace", SALE_TOPICS);
	view_query(v, &e->categories, "category.list", SALE_TOPICS);
	view_query(v, &e->quotas, "quota.list", SALE_TOPICS);
	view_query(v, &e->by_day, "report.sales", "order. ticket. refund.");
	view_query(v, &e->by_category, "report.sales", "order. ticket. refund.");
	view_query(v, &e->newest, "order.list", ORDER_TOPICS);
}

static void forget(struct event_view *e)
{
	struct query *all[] = {&e->show, &e->pace, &e->categories, &e->quotas, &e->newest, &e->by_day,
	    &e->by_category};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		query_drop(all[i]);
}

static json_t *of_event(const char *slug, int limit)
{
	json_t *params = json_pack("{s:s}", "event", slug);

	if (limit > 0)
		json_object_set_new(params, "limit", json_integer(limit));
	return params;
}

static void enter(struct app *app, struct view *v)
{
	struct event_view *e = v->state;
	struct queries *all = &app->queries;
	const char *slug = app->scope[0] ? app->scope : e->slug;

	if (!slug[0])
		return;
	if (strcmp(slug, e->slug) != 0)
		forget(e);
	if (slug != e->slug)
		snprintf(e->slug, sizeof(e->slug), "%s", slug);
	if (!app->scope[0])
		app_set_scope(app, e->slug);
	query_ask(all, &e->show, of_event(e->slug, 0), e->slug);
	query_ask(all, &e->pace, of_event(e->slug, 0), e->slug);
	query_ask(all, &e->categories, of_event(e->slug, 1000), e->slug);
	query_ask(all, &e->quotas, of_event(e->slug, 1000), e->slug);
	if (app_may(app, RPC_report_sales)) {
		query_ask(all, &e->by_day, event_chart_params(app, e->slug, e->range), e->slug);
		query_ask(all, &e->by_category,
		    json_pack("{s:s, s:s}", "event", e->slug, "by", "category"), e->slug);
	}
	if (app_may(app, RPC_order_list))
		query_ask(all, &e->newest, of_event(e->slug, NEWEST), e->slug);
}

static void done(struct view *v)
{
	forget(v->state);
}

static unsigned on_message(struct app *app, struct view *v, const json_t *counts)
{
	struct event_view *e = v->state;

	if (counts || !e->show.result)
		return REPAINT_NOTHING;
	app->scope_zone = zone_of(e->show.result, app->home);
	return REPAINT_BODY | REPAINT_HEAD;
}

static unsigned on_key(struct app *app, struct view *v, enum act act)
{
	struct event_view *e = v->state;
	struct m_section *s = app_focus(app);

	if (act == ACT_open) {
		if (s && s->cursor == &e->order && e->order.id[0])
			orders_show(app, e->order.id);
		else
			app_say(app, M_PLAIN, "Tab goes to the newest orders, Enter opens one");
		return REPAINT_BODY;
	}
	e->range += act == ACT_range_less ? 1 : -1;
	e->range = e->range < 0 ? 0 : e->range >= CHART_RANGES ? CHART_RANGES - 1 : e->range;
	query_ask(&app->queries, &e->by_day, event_chart_params(app, e->slug, e->range), e->slug);
	app_say(app, M_PLAIN, "chart: %s", event_chart_range(e->range));
	return REPAINT_BODY;
}

static const struct view_key keys[] = {{ACT_open, "order", RPC_order_list}, {ACT_range_less, "shorter", RPC_report_sales},
    {ACT_range_more, "longer", RPC_report_sales}, {ACT_zoom, "zoom", RPC_COUNT}, {ACT_NONE, NULL, 0}};

static void put_head(struct app *app, const struct event_view *e, struct model *m)
{
	const json_t *row = e->show.result, *venue = json_object_get(row, "venue");
	const json_t *pace = e->pace.result;
	struct m_section *s = model_add(m, M_LINES, "event", "");
	int64_t start = get_time(row, "start");
	const char *status = get_text(row, "status");
	char a[WORDS_MAX], b[WORDS_MAX], c[WORDS_MAX];

	if (row && e->show.err.code == 0) {
		model_line(m, s, M_TITLE, "%s%s%s   %s   %s, %s", get_text(row, "name"),
		    *get_text(venue, "name") ? ", " : "", get_text(venue, "name"),
		    words_status(status), words_day(app_zone(app, app->scope_zone), start, a),
		    words_distance(start - app_now(app), b));
		model_line(m, s, M_PLAIN, "SOLD %s of %s, held %s", words_count(get_int(row, "sold"), a),
		    words_count(get_int(row, "size"), b), words_count(get_int(row, "held"), c));
	}
	if (s->nrows > 0 && json_is_integer(json_object_get(pace, "target"))) {
		struct m_cell *cell = &s->rows[s->nrows - 1].cells[1];
		const json_t *permille = json_object_get(pace, "permille");

		words_permille(json_integer_value(permille), b);
		cell->text = arena_printf(m->arena, "%s, target now %s%s%s%s", cell->text,
		    words_count(get_int(pace, "target"), a), json_is_integer(permille) ? " (" : "",
		    json_is_integer(permille) ? b : "", json_is_integer(permille) ? ")" : "");
		cell->text = cell->text ? cell->text : "";
		cell->class = get_int(pace, "ahead") < 0 ? M_WARN : M_GOOD;
	}
	app_mark(app, m, s, &e->show);
}

/* The quota that decides how many of a category there are: the one with the least free. */
static const json_t *deciding_quota(const struct event_view *e, const json_t *category)
{
	const json_t *names = json_object_get(category, "quotas"), *name, *quota, *best = NULL;
	size_t i, k;

	json_array_foreach(names, i, name)
	{
		json_array_foreach(json_object_get(e->quotas.result, "items"), k, quota)
		{
			if (strcmp(get_text(quota, "name"), json_string_value(name)) == 0 &&
			    (!best || get_int(quota, "free") < get_int(best, "free")))
				best = quota;
		}
	}
	return best;
}

static void put_count(struct model *m, struct m_row *r, size_t col, int64_t n)
{
	char text[WORDS_MAX];

	model_cell(m, r, col, M_PLAIN, "%s", words_count(n, text));
}

/* Revenue, and what part of all that came in went back: 22 is 2.2 %. */
static void put_revenue(struct model *m, struct m_row *r, const json_t *sums)
{
	const json_t *amount = json_object_get(sums, "amount");
	int64_t back = get_int(json_object_get(sums, "refunded"), "amount");
	int64_t all = get_int(amount, "amount") + back, permille;
	char text[WORDS_MAX];

	if (!sums)
		return;
	model_cell(m, r, CAT_REVENUE, M_PLAIN, "%s", words_money(amount, false, text));
	permille = all > 0 ? (back * 1000 + all / 2) / all : 0;
	model_cell(m, r, CAT_REFUNDED, M_PLAIN, "%lld.%lld%%", (long long)permille / 10,
	    (long long)permille % 10);
}

static const json_t *sales_of(const struct event_view *e, const char *category)
{
	const json_t *line;
	size_t i;

	json_array_foreach(json_object_get(e->by_category.result, "items"), i, line)
	{
		if (strcmp(get_text(line, "key"), category) == 0)
			return line;
	}
	return NULL;
}

static void put_category(const struct event_view *e, struct model *m, struct m_section *s,
    const json_t *row)
{
	const json_t *quota = deciding_quota(e, row);
	struct m_row *r = model_row(m, s, get_text(row, "name"));
	int64_t free = get_int(row, "free");
	char text[WORDS_MAX];

	model_cell(m, r, CAT_NAME, json_is_true(json_object_get(row, "hidden")) ? M_DIM : M_PLAIN, "%s",
	    get_text(row, "name"));
	model_cell(m, r, CAT_PRICE, M_PLAIN, "%s",
	    words_money(json_object_get(row, "price"), false, text));
	if (quota) {
		put_count(m, r, CAT_SIZE, get_int(quota, "size") + get_int(quota, "overbook"));
		put_count(m, r, CAT_BLOCKED, get_int(quota, "blocked"));
		put_count(m, r, CAT_SOLD, get_int(quota, "sold"));
		put_count(m, r, CAT_HELD, get_int(quota, "held"));
	}
	put_count(m, r, CAT_FREE, free);
	r->cells[CAT_FREE].class = free == 0 ? M_WARN : M_PLAIN;
	if (free == 0)
		model_cell(m, r, CAT_SIGN, M_WARN, "!");
	put_revenue(m, r, sales_of(e, get_text(row, "name")));
	model_cell(m, r, CAT_TITLE, M_DIM, "%s", get_text(row, "title"));
}

/* Its stock as a whole: each quota once, whatever draws on it. */
static void put_total(const struct event_view *e, struct model *m, struct m_section *s)
{
	static const struct {
		size_t col;
		const char *key;
	} sums[] = {{CAT_SIZE, "size"}, {CAT_SIZE, "overbook"}, {CAT_BLOCKED, "blocked"},
	    {CAT_SOLD, "sold"}, {CAT_HELD, "held"}, {CAT_FREE, "free"}};
	const json_t *items = json_object_get(e->quotas.result, "items"), *quota;
	struct m_row *r;
	int64_t sum[CAT_TITLE] = {0};
	size_t i;

	if (json_array_size(items) < 2)
		return;
	json_array_foreach(items, i, quota)
	{
		for (size_t k = 0; k < ARRAY_LEN(sums); k++)
			sum[sums[k].col] += get_int(quota, sums[k].key);
	}
	r = model_row(m, s, NULL);
	model_cell(m, r, CAT_NAME, M_TITLE, "total");
	for (i = CAT_SIZE; i <= CAT_FREE; i++)
		put_count(m, r, i, sum[i]);
	put_revenue(m, r, e->by_category.result);
}

static void put_categories(struct app *app, struct event_view *e, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "categories", "");
	const json_t *row;
	size_t i;

	s->cols = category_cols;
	s->ncols = ARRAY_LEN(category_cols);
	s->cursor = &e->category;
	s->filtered = true;
	s->empty = "no categories: nothing can be sold";
	json_array_foreach(json_object_get(e->categories.result, "items"), i, row)
		put_category(e, m, s, row);
	put_total(e, m, s);
	app_mark(app, m, s, &e->categories);
}

static void put_order(struct app *app, struct model *m, struct m_section *s, const json_t *row)
{
	const char *state = get_text(row, "state"), *name = get_text(row, "name");
	struct m_row *r = model_row(m, s, get_text(row, "code"));
	bool odd = strcmp(state, "cancelled") == 0 || strcmp(state, "expired") == 0;
	char text[WORDS_MAX];

	model_cell(m, r, ORD_AT, M_DIM, "%s",
	    words_second(app_zone(app, app->scope_zone), get_time(row, "created"), text));
	model_cell(m, r, ORD_CODE, M_PLAIN, "%s", get_text(row, "code"));
	put_count(m, r, ORD_TICKETS, get_int(row, "tickets"));
	model_cell(m, r, ORD_TOTAL, M_PLAIN, "%s",
	    words_money(json_object_get(row, "total"), false, text));
	model_cell(m, r, ORD_STATE, odd ? M_DIM : M_PLAIN, "%s", state);
	model_cell(m, r, ORD_BUYER, M_PLAIN, "%s", *name ? name : get_text(row, "email"));
}

static void put_newest(struct app *app, struct event_view *e, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "newest", "NEWEST");
	const json_t *row;
	size_t i;

	s->cols = order_cols;
	s->ncols = ARRAY_LEN(order_cols);
	s->place = M_SIDE;
	s->cursor = &e->order;
	s->filtered = true;
	s->empty = "no order yet";
	json_array_foreach(json_object_get(e->newest.result, "items"), i, row)
		put_order(app, m, s, row);
	app_mark(app, m, s, &e->newest);
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	struct event_view *e = v->state;

	if (!e->slug[0]) {
		struct m_section *s = model_add(m, M_LINES, "event", "");

		s->empty = "no event is chosen: 1, then Enter on one";
		return;
	}
	put_head(app, e, m);
	if (e->show.err.code)
		return;
	event_chart(app, m, e->show.result, &e->by_day, get_int(e->by_category.result, "tickets"),
	    e->range);
	put_categories(app, e, m);
	if (app_may(app, RPC_order_list))
		put_newest(app, e, m);
}

const struct view_ops view_event_ops = {
    .title = "Event",
    .size = sizeof(struct event_view),
    .keys = keys,
    .on_key = on_key,
    .init = init,
    .enter = enter,
    .done = done,
    .on_message = on_message,
    .build = build,
};
