/* SPDX-License-Identifier: MIT */
/* Orders: found while one types by anything that is known of them, each with its sum explained and
 * its history. */
#include "tui/view_orders.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "rpc/rpc.h"
#include "tui/chrome.h"
#include "tui/order_detail.h"
#include "tui/paint.h"
#include "tui/view_journal.h"
#include "tui/words.h"

#define SHOWN 100

struct orders {
	struct query list;
	struct order_detail detail;
	struct m_cursor cursor;
	char find[128];
	bool open; /* the detail follows the cursor; on a wide screen it always does */
};

enum { ORD_CODE, ORD_CREATED, ORD_EVENT, ORD_BUYER, ORD_TICKETS, ORD_TOTAL, ORD_STATE, ORD_BALANCE };

static const struct m_col cols[] = {
    [ORD_CODE] = {"order", 0, 9},
    [ORD_CREATED] = {"created", 0, 12},
    [ORD_EVENT] = {"event", M_GROW | M_WIDE, 6},
    [ORD_BUYER] = {"buyer", M_GROW, 8},
    [ORD_TICKETS] = {"tickets", M_RIGHT, 3},
    [ORD_TOTAL] = {"total", M_RIGHT, 6},
    [ORD_STATE] = {"state", 0, 5},
    [ORD_BALANCE] = {"balance", M_RIGHT, 7},
};

static void init(struct app *app, struct view *v)
{
	struct orders *o = v->state;

	(void)app;
	view_query(v, &o->list, "order.list", ORDER_TOPICS);
	order_detail_init(v, &o->detail);
}

static void ask(struct app *app, struct orders *o)
{
	json_t *params = json_pack("{s:i}", "limit", SHOWN);

	if (app->scope[0])
		json_object_set_new(params, "event", json_string(app->scope));
	if (o->find[0])
		json_object_set_new(params, "find", json_string(o->find));
	query_ask(&app->queries, &o->list, params, app->scope[0] ? app->scope : NULL);
}

static void enter(struct app *app, struct view *v)
{
	struct orders *o = v->state;

	snprintf(app->filter, sizeof(app->filter), "%s", o->find);
	ask(app, o);
}

static void done(struct view *v)
{
	struct orders *o = v->state;

	query_drop(&o->list);
	order_detail_close(&o->detail);
}

static const json_t *rows(const struct orders *o)
{
	return json_object_get(o->list.result, "items");
}

/* Shows the detail of the row under the cursor; before there is one, of the first. A list that answers
 * what was asked before says neither. */
static void follow(struct app *app, struct orders *o)
{
	const char *first = get_text(json_array_get(rows(o), 0), "code");
	const json_t *row;
	bool there = false;
	size_t i;

	if (!o->list.fresh || (!o->open && app->grid.cols < PAINT_WIDE))
		return;
	json_array_foreach(rows(o), i, row)
		there |= strcmp(get_text(row, "code"), o->cursor.id) == 0;
	if (there)
		order_detail_open(app, &o->detail, o->cursor.id);
	else if (first[0])
		order_detail_open(app, &o->detail, first);
	else
		order_detail_close(&o->detail);
}

static unsigned on_message(struct app *app, struct view *v, const json_t *counts)
{
	if (!counts)
		follow(app, v->state);
	return counts ? REPAINT_NOTHING : REPAINT_BODY;
}

static void on_move(struct app *app, struct view *v)
{
	follow(app, v->state);
}

static unsigned on_find(struct app *app, struct view *v, const char *text)
{
	struct orders *o = v->state;
	size_t from = strspn(text, " ");

	snprintf(o->find, sizeof(o->find), "%s", text + from);
	ask(app, o);
	return REPAINT_BODY;
}

static bool on_back(struct app *app, struct view *v)
{
	struct orders *o = v->state;
	bool was = o->open && o->detail.code[0];

	o->open = false;
	if (was && app->grid.cols < PAINT_WIDE)
		order_detail_close(&o->detail);
	return was;
}

static unsigned on_key(struct app *app, struct view *v, enum act act)
{
	struct orders *o = v->state;
	char words[160];

	if (act == ACT_open) {
		o->open = true;
		follow(app, o);
	} else if (act == ACT_journal && o->cursor.id[0]) {
		snprintf(words, sizeof(words), "subject:%s", o->cursor.id);
		journal_show(app, words);
		return REPAINT_ALL;
	} else if (model_chosen(app_focus(app))) {
		app_copy(app, model_chosen(app_focus(app)));
	}
	return REPAINT_BODY;
}

static void put_balance(struct model *m, struct m_row *r, const json_t *row)
{
	const json_t *balance = json_object_get(row, "balance");
	const char *word = get_text(row, "money");
	int64_t amount = get_int(balance, "amount");
	char text[WORDS_MAX];

	if (amount != 0)
		model_cell(m, r, ORD_BALANCE, amount > 0 ? M_WARN : M_PLAIN, "%s%s", amount > 0 ? "+" : "",
		    words_money(balance, false, text));
	if (strcmp(word, "overpaid") == 0 || strcmp(word, "refund_due") == 0)
		model_cell(m, r, ORD_STATE, M_WARN, "%s", word);
}

static void put_order(struct app *app, struct model *m, struct m_section *s, const json_t *row)
{
	const char *state = get_text(row, "state"), *name = get_text(row, "name");
	struct m_row *r = model_row(m, s, get_text(row, "code"));
	bool gone = strcmp(state, "paid") != 0 && strcmp(state, "pending") != 0 && strcmp(state, "held") != 0;
	enum m_class class = gone ? M_DIM : M_PLAIN;
	char text[WORDS_MAX];
	const char *day;

	day = words_day(app_zone(app, app->scope_zone), get_time(row, "created"), text);
	model_cell(m, r, ORD_CODE, class, "%s", get_text(row, "code"));
	model_cell(m, r, ORD_CREATED, class, "%s", day + (strlen(day) > 4 ? 4 : 0));
	model_cell(m, r, ORD_EVENT, class, "%s", get_text(row, "event"));
	model_cell(m, r, ORD_BUYER, class, "%s", *name ? name : get_text(row, "email"));
	model_cell(m, r, ORD_TICKETS, class, "%s", words_count(get_int(row, "tickets"), text));
	model_cell(m, r, ORD_TOTAL, class, "%s",
	    words_money(json_object_get(row, "total"), false, text));
	model_cell(m, r, ORD_STATE, class, "%s", state);
	put_balance(m, r, row);
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	struct orders *o = v->state;
	struct m_section *s = model_add(m, M_TABLE, "orders", "FIND");
	bool more = json_is_string(json_object_get(o->list.result, "next"));
	const json_t *row;
	size_t i;

	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = &o->cursor;
	s->rows_min = 4;
	s->keep = M_KEEP_FIRST;
	json_array_foreach(rows(o), i, row)
		put_order(app, m, s, row);
	if (o->list.result)
		model_note(m, s, "%s   %s%zu found, newest first",
		    o->find[0] ? o->find : "/ code, ticket, e-mail, name", more ? "more than " : "",
		    s->nrows);
	s->empty = o->find[0] ? "nothing is found; Esc drops the search" : "there are no orders yet";
	app_mark(app, m, s, &o->list);
	order_detail_build(app, &o->detail, m);
}

/* Opens an order in the list that a search finds, "": the newest. */
static void show(struct app *app, const char *find, const char *code)
{
	struct view *v = &app->views[VIEW_orders];
	struct orders *o = v->state;

	snprintf(o->find, sizeof(o->find), "%s", find);
	snprintf(o->cursor.id, sizeof(o->cursor.id), "%s", code);
	o->open = true;
	app_show(app, VIEW_orders);
}

void orders_show(struct app *app, const char *code)
{
	show(app, "", code);
}

void orders_find(struct app *app, const char *code)
{
	show(app, code, code);
}

static const struct view_key keys[] = {{ACT_open, "detail", RPC_order_show},
    {ACT_journal, "journal", RPC_journal_list}, {ACT_copy, "copy code", RPC_COUNT}, {ACT_filter, "find", RPC_COUNT}, {ACT_NONE, NULL, 0}};

const struct view_ops view_orders_ops = {
    .title = "Orders",
    .size = sizeof(struct orders),
    .keys = keys,
    .init = init,
    .enter = enter,
    .done = done,
    .on_key = on_key,
    .on_message = on_message,
    .on_find = on_find,
    .on_move = on_move,
    .on_back = on_back,
    .build = build,
};
