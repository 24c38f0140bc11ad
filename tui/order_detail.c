/* SPDX-License-Identifier: MIT */
/* An order's sections, from order.show, order.explain and order.history. */
#include "tui/order_detail.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "rpc/said.h"
#include "tui/words.h"

enum { SUM_WHAT, SUM_COUNT, SUM_PRICE, SUM_AMOUNT, SUM_WHY };

static const struct m_col sum_cols[] = {{"sum", M_GROW, 10}, {"count", M_RIGHT, 3}, {"price", M_RIGHT, 6},
    {"amount", M_RIGHT, 6}, {"why", M_GROW, 10}};

enum { TIC_N, TIC_CATEGORY, TIC_PRICE, TIC_STATE, TIC_CODE };

static const struct m_col ticket_cols[] = {{"ticket", 0, 3}, {"category", M_GROW, 6},
    {"price", M_RIGHT, 6}, {"state", 0, 5}, {"code", 0, 26}};

enum { LOG_AT, LOG_TOPIC, LOG_ACTOR, LOG_DATA };

static const struct m_col log_cols[] = {
    {"at", 0, 16}, {"what", 0, 8}, {"by", M_GROW, 6}, {"change", M_GROW, 10}};

void order_detail_init(struct view *v, struct order_detail *d)
{
	view_query(v, &d->show, "order.show", ORDER_TOPICS);
	view_query(v, &d->explain, "order.explain", ORDER_TOPICS);
	view_query(v, &d->history, "order.history", ORDER_TOPICS);
}

void order_detail_open(struct app *app, struct order_detail *d, const char *code)
{
	if (strcmp(d->code, code) == 0)
		return;
	order_detail_close(d);
	snprintf(d->code, sizeof(d->code), "%s", code);
	query_ask(&app->queries, &d->show, json_pack("{s:s}", "code", code), NULL);
	query_ask(&app->queries, &d->explain, json_pack("{s:s}", "code", code), NULL);
	query_ask(&app->queries, &d->history, json_pack("{s:s, s:i}", "code", code, "limit", 200), NULL);
}

void order_detail_close(struct order_detail *d)
{
	d->code[0] = '\0';
	query_drop(&d->show);
	query_drop(&d->explain);
	query_drop(&d->history);
}

static void put_buyer(struct model *m, struct m_section *s, const json_t *order)
{
	const json_t *b = json_object_get(order, "buyer");

	if (*get_text(b, "name"))
		model_pair(m, s, "buyer", M_PLAIN, "%s", get_text(b, "name"));
	if (*get_text(b, "email"))
		model_pair(m, s, "email", M_PLAIN, "%s", get_text(b, "email"));
	if (*get_text(b, "phone"))
		model_pair(m, s, "phone", M_PLAIN, "%s", get_text(b, "phone"));
	if (json_object_get(b, "erased"))
		model_pair(m, s, "buyer", M_DIM, "erased");
	if (*get_text(order, "note"))
		model_pair(m, s, "note", M_PLAIN, "%s", get_text(order, "note"));
}

static enum m_class money_class(const char *word)
{
	return strcmp(word, "overpaid") == 0 || strcmp(word, "refund_due") == 0 ||
		       strcmp(word, "partly_paid") == 0
		   ? M_WARN
		   : M_PLAIN;
}

static void put_head(struct app *app, const struct order_detail *d, struct model *m)
{
	const json_t *order = d->show.result;
	const struct zone *z = app_zone(app, app->scope_zone);
	struct m_section *s = model_add(m, M_LINES, "order", "");
	const char *money = get_text(order, "money"), *pay = get_text(order, "pay");
	char at[WORDS_MAX], title[96];

	snprintf(title, sizeof(title), "ORDER %s", d->code);
	s->title = model_text(m, title);
	s->place = M_SIDE;
	app_mark(app, m, s, &d->show);
	if (!order || d->show.err.code)
		return;
	model_note(m, s, "%s  %s%s%s", get_text(order, "event"), pay, *pay ? ", " : "",
	    get_text(order, "channel"));
	model_pair(m, s, "state", money_class(money), "%s%s%s", get_text(order, "state"),
	    *money && strcmp(money, get_text(order, "state")) != 0 ? ", " : "",
	    strcmp(money, get_text(order, "state")) != 0 ? money : "");
	model_pair(m, s, "made", M_PLAIN, "%s", words_day(z, get_time(order, "created"), at));
	if (get_time(order, "expires") != NO_TIME)
		model_pair(m, s, "until", M_WARN, "%s", words_day(z, get_time(order, "expires"), at));
	put_buyer(m, s, order);
}

static void put_sum(struct model *m, struct m_section *s, const json_t *line, enum m_class class)
{
	struct m_row *r = model_row(m, s, NULL);
	char text[WORDS_MAX];

	model_cell(m, r, SUM_WHAT, class, "%s", get_text(line, "what"));
	if (json_is_integer(json_object_get(line, "count"))) {
		model_cell(m, r, SUM_COUNT, class, "%s", words_count(get_int(line, "count"), text));
		model_cell(m, r, SUM_PRICE, class, "%s",
		    words_money(json_object_get(line, "price"), false, text));
	}
	model_cell(m, r, SUM_AMOUNT, class, "%s",
	    words_money(json_object_get(line, "amount"), false, text));
	model_cell(m, r, SUM_WHY, M_DIM, "%s", get_text(line, "why"));
}

static void put_end(struct model *m, struct m_section *s, const char *what, const json_t *money,
    const char *why)
{
	struct m_row *r = model_row(m, s, NULL);
	int64_t amount = get_int(money, "amount");
	char text[WORDS_MAX];

	model_cell(m, r, SUM_WHAT, M_TITLE, "%s", what);
	model_cell(m, r, SUM_AMOUNT, *why && amount != 0 ? M_WARN : M_TITLE, "%s",
	    words_money(money, false, text));
	model_cell(m, r, SUM_WHY, M_DIM, "%s", !*why || amount == 0 ? "" : amount < 0 ? "owed by the buyer" : why);
}

static void put_sums(struct app *app, const struct order_detail *d, struct model *m)
{
	const json_t *e = d->explain.result, *line;
	struct m_section *s = model_add(m, M_TABLE, "sum", "");
	size_t i;

	s->cols = sum_cols;
	s->ncols = ARRAY_LEN(sum_cols);
	s->keep = M_KEEP_LIST;
	s->place = M_SIDE;
	if (!e)
		return;
	json_array_foreach(json_object_get(e, "items"), i, line)
		put_sum(m, s, line, M_PLAIN);
	put_end(m, s, "total", json_object_get(e, "total"), "");
	json_array_foreach(json_object_get(e, "money"), i, line)
		put_sum(m, s, line, M_PLAIN);
	put_end(m, s, "balance", json_object_get(e, "balance"), "due to the buyer");
	s->rows_min = (int)s->nrows; /* a sum without its end is none */
	app_mark(app, m, s, &d->explain);
}

static void put_tickets(struct app *app, struct order_detail *d, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "tickets", "");
	const json_t *t;
	size_t i;
	char text[WORDS_MAX];

	s->cols = ticket_cols;
	s->ncols = ARRAY_LEN(ticket_cols);
	s->cursor = &d->ticket;
	s->keep = M_KEEP_LAST;
	s->place = M_SIDE;
	json_array_foreach(json_object_get(d->show.result, "tickets"), i, t)
	{
		struct m_row *r = model_row(m, s, get_text(t, "code"));
		const char *state = get_text(t, "state");
		enum m_class class = strcmp(state, "valid") == 0 ? M_PLAIN : M_DIM;

		model_cell(m, r, TIC_N, class, "/%lld", (long long)get_int(t, "n"));
		model_cell(m, r, TIC_CATEGORY, class, "%s", get_text(t, "category"));
		model_cell(m, r, TIC_PRICE, class, "%s",
		    words_money(json_object_get(t, "price"), false, text));
		model_cell(m, r, TIC_STATE, class, "%s", state);
		model_cell(m, r, TIC_CODE, M_DIM, "%s", get_text(t, "code"));
	}
	s->stale = !app_live(app);
}

static void put_history(struct app *app, struct order_detail *d, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "history", "");
	const json_t *record;
	size_t i;
	char text[WORDS_MAX];

	s->cols = log_cols;
	s->ncols = ARRAY_LEN(log_cols);
	s->cursor = &d->record;
	s->keep = M_KEEP_LAST;
	s->place = M_SIDE;
	json_array_foreach(json_object_get(d->history.result, "items"), i, record)
	{
		struct m_row *r;
		AUTO(buf) struct buf b = {0};

		snprintf(text, sizeof(text), "%lld", (long long)get_int(record, "seq"));
		r = model_row(m, s, text);
		said_data(&b, json_object_get(record, "data"), app_zone(app, app->scope_zone));
		model_cell(m, r, LOG_AT, M_DIM, "%s",
		    words_day(app_zone(app, app->scope_zone), get_time(record, "at"), text));
		model_cell(m, r, LOG_TOPIC, M_PLAIN, "%s", get_text(record, "topic"));
		model_cell(m, r, LOG_ACTOR, M_PLAIN, "%s", get_text(record, "actor"));
		model_cell(m, r, LOG_DATA, M_PLAIN, "%s", buf_str(&b));
	}
	s->stale = !app_live(app);
}

void order_detail_build(struct app *app, struct order_detail *d, struct model *m)
{
	if (!d->code[0])
		return;
	put_head(app, d, m);
	if (d->show.err.code || !d->show.result)
		return;
	put_sums(app, d, m);
	put_history(app, d, m);
	put_tickets(app, d, m);
}
