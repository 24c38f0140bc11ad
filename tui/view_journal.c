/* SPDX-License-Identifier: MIT */
/* Journal: the newest records as they come, those before them when one goes up, and what each says. */
#include "tui/view_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "rpc/rpc.h"
#include "rpc/said.h"
#include "tui/chrome.h"
#include "tui/view_jobs.h"
#include "tui/view_orders.h"
#include "tui/words.h"

#define PAGE 200
#define KEPT 600	/* while the tail is followed */
#define READ_MAX 3000	/* when one goes up, or a filter looks for more */
#define FOUND_MIN 30	/* with fewer a filter looks further back */
#define SHEET_ROWS 10	/* of a record, before the list gives way no more */
#define EVERY_US 250000 /* the tail is read at most so often */

struct journal {
	struct query tail, older;
	const json_t *taken; /* the answer of tail that is in records */
	json_t *records;     /* dense but for what is not of the event, oldest first */
	int64_t from, upto;  /* records after from, up to upto, were looked at */
	int64_t asked_since, asked_upto, asked_from, asked_to;
	int step; /* records that are looked at when one goes up */
	struct m_cursor cursor, line;
	char find[128], event[104];
	bool still; /* the tail is not followed */
	bool anew;  /* what is asked for takes the place of all records */
	bool raw;
};

enum { REC_SEQ, REC_AT, REC_ACTOR, REC_TOPIC, REC_SUBJECT, REC_WHAT };

static const struct m_col cols[] = {
    [REC_SEQ] = {"seq", M_RIGHT, 3},
    [REC_AT] = {"time", 0, 8},
    [REC_ACTOR] = {"actor", M_GROW, 8},
    [REC_TOPIC] = {"topic", 0, 6},
    [REC_SUBJECT] = {"subject", M_GROW, 9},
    [REC_WHAT] = {"what", M_GROW, 10},
};

static const struct m_col raw_cols[] = {{"", M_GROW, 10}};

static void init(struct app *app, struct view *v)
{
	struct journal *j = v->state;

	(void)app;
	view_query(v, &j->tail, "journal.list", "");
	view_query(v, &j->older, "journal.list", "");
	j->tail.every_us = EVERY_US;
	j->records = json_array();
}

static void forget(struct journal *j)
{
	query_drop(&j->tail);
	query_drop(&j->older);
	json_array_clear(j->records);
	j->taken = NULL;
	j->from = j->upto = -1;
	j->step = PAGE;
}

static void done(struct view *v)
{
	struct journal *j = v->state;

	forget(j);
	json_decref(j->records);
}

static json_t *window(const struct journal *j, int64_t since, int64_t upto, int limit)
{
	json_t *params = json_pack("{s:I, s:i}", "since", (json_int_t)since, "limit", limit);

	if (upto >= 0)
		json_object_set_new(params, "upto", json_integer(upto));
	if (j->event[0])
		json_object_set_new(params, "event", json_string(j->event));
	return params;
}

/* Reads on from the newest record that is there; where too many have come, from one less far back. */
static void ask_tail(struct app *app, struct journal *j)
{
	int64_t head = app->link.seq, cost = j->tail.took_us, since = j->upto;

	if (j->tail.asked || head < 0 || (j->upto >= 0 && j->upto >= head))
		return;
	j->anew = since < 0 || since < head - PAGE;
	if (j->anew)
		since = head > PAGE ? head - PAGE : 0;
	j->asked_since = since;
	j->asked_upto = head;
	query_ask(&app->queries, &j->tail, window(j, since, -1, PAGE), NULL);
	j->tail.took_us = cost; /* another place in the same list costs the same */
}

static void ask_older(struct app *app, struct journal *j)
{
	if (j->older.asked || j->from <= 0 || json_array_size(j->records) >= READ_MAX)
		return;
	j->asked_from = j->from > j->step ? j->from - j->step : 0;
	j->asked_to = j->from;
	query_ask(&app->queries, &j->older, window(j, j->asked_from, j->from, j->step), NULL);
}

/* One word of the filter, folded: [!][actor:|topic:|subject:|request:][!]TEXT. */
static bool has_word(struct arena *a, const json_t *record, const char *word, size_t len)
{
	static const char *const names[] = {"actor", "topic", "subject", "request"};
	bool not = *word == '!', has = false;
	unsigned in = 7; /* bits of names; the last one only where it is named */
	char text[128];

	word += not;
	len -= not;
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (len > n && strncmp(word, names[i], n) == 0 && word[n] == ':') {
			in = 1U << i;
			word += n + 1;
			len -= n + 1;
			break;
		}
	}
	if (len > 0 && *word == '!') {
		not = !not;
		word++;
		len--;
	}
	if (len == 0)
		return true; /* not yet typed to its end */
	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		const char *s = in & 1U << i ? text_fold(a, get_text(record, names[i])) : NULL;

		has |= s && strstr(s, text);
	}
	return has != not;
}

static bool matches(struct arena *a, const json_t *record, const char *folded)
{
	for (const char *p = folded; *p;) {
		size_t len = strcspn(p, " ");

		if (len > 0 && !has_word(a, record, p, len))
			return false;
		p += len + (p[len] == ' ');
	}
	return true;
}

static const char *fold(struct app *app, const struct journal *j)
{
	const char *folded = j->find[0] ? text_fold(app->arena, j->find) : "";

	return folded ? folded : "";
}

/* The record at the end of the list that is nearer: by is 1 from the oldest, -1 from the newest. */
static const json_t *end_of(struct app *app, const struct journal *j, int by)
{
	const char *words = fold(app, j);
	size_t n = json_array_size(j->records);

	for (size_t i = 0; i < n; i++) {
		const json_t *record = json_array_get(j->records, by > 0 ? i : n - 1 - i);

		if (matches(app->arena, record, words))
			return record;
	}
	return NULL;
}

/* A filter that finds little looks further back, as far as records are kept. */
static void look_back(struct app *app, struct journal *j)
{
	const char *words = fold(app, j);
	size_t found = 0, n = json_array_size(j->records);

	for (size_t i = 0; i < n && *words && found < FOUND_MIN; i++)
		found += matches(app->arena, json_array_get(j->records, i), words);
	if (*words && found < FOUND_MIN)
		ask_older(app, j);
}

static bool is_at(const struct journal *j, const json_t *record)
{
	return record && strtoll(j->cursor.id, NULL, 10) == get_int(record, "seq");
}

static void to_newest(struct app *app, struct journal *j)
{
	const json_t *last = end_of(app, j, -1);

	if (last)
		snprintf(j->cursor.id, sizeof(j->cursor.id), "%lld", (long long)get_int(last, "seq"));
}

static const json_t *chosen(const struct journal *j)
{
	int64_t seq = strtoll(j->cursor.id, NULL, 10);
	const json_t *record;
	size_t i;

	json_array_foreach(j->records, i, record)
	{
		if (get_int(record, "seq") == seq)
			return record;
	}
	return NULL;
}

static void take_tail(struct app *app, struct journal *j)
{
	const json_t *items = json_object_get(j->tail.result, "items"), *record;
	size_t i;

	j->taken = j->tail.result;
	if (j->anew) {
		json_array_clear(j->records);
		query_drop(&j->older);
		j->from = j->upto = j->asked_since;
		j->anew = false;
	}
	json_array_foreach(items, i, record)
	{
		if (get_int(record, "seq") <= j->upto)
			continue;
		j->upto = get_int(record, "seq");
		json_array_append(j->records, (json_t *)(uintptr_t)record);
	}
	if (!json_is_string(json_object_get(j->tail.result, "next")) && j->asked_upto > j->upto)
		j->upto = j->asked_upto;
	if (j->still)
		return;
	while (json_array_size(j->records) > (j->find[0] ? READ_MAX : KEPT)) {
		j->from = get_int(json_array_get(j->records, 0), "seq");
		json_array_remove(j->records, 0);
	}
	to_newest(app, j);
	ask_tail(app, j);
	look_back(app, j);
}

static void take_older(struct app *app, struct journal *j)
{
	json_t *items = json_object_get(j->older.result, "items");

	if (j->asked_to != j->from) {
		query_drop(&j->older); /* the list begins elsewhere by now */
		return;
	}
	/* Without its newest there would be a gap: less at once then. */
	if (json_is_string(json_object_get(j->older.result, "next")) && j->step > 1) {
		j->step /= 2;
		query_drop(&j->older);
		ask_older(app, j);
		return;
	}
	j->cursor.top += json_array_size(items); /* the rows that are seen stay where they are */
	for (size_t n = json_array_size(items); n > 0; n--)
		json_array_insert(j->records, 0, json_array_get(items, n - 1));
	j->from = j->asked_from;
	query_drop(&j->older);
	if (!j->still)
		to_newest(app, j);
	look_back(app, j);
}

/* Before anything else is asked: what was asked for says where the records belong. */
static void take(struct app *app, struct journal *j)
{
	if (j->tail.result && j->tail.result != j->taken)
		take_tail(app, j);
	if (j->older.result)
		take_older(app, j);
}

static void enter(struct app *app, struct view *v)
{
	struct journal *j = v->state;

	if (strcmp(j->event, app->scope) != 0 || (app->link.seq >= 0 && j->upto > app->link.seq) ||
	    !j->taken)
		forget(j);
	snprintf(j->event, sizeof(j->event), "%s", app->scope);
	snprintf(app->filter, sizeof(app->filter), "%s", j->find);
	take(app, j);
	if (!j->still || !j->taken)
		ask_tail(app, j);
}

static unsigned on_message(struct app *app, struct view *v, const json_t *counts)
{
	struct journal *j = v->state;

	if (counts) {
		if (!j->still)
			ask_tail(app, j);
		return REPAINT_NOTHING;
	}
	take(app, j);
	return REPAINT_BODY;
}

/* On the newest row the tail is followed, elsewhere not; above the first there may be more. */
static void on_move(struct app *app, struct view *v)
{
	struct journal *j = v->state;

	if (app_focus(app) && app_focus(app)->cursor != &j->cursor)
		return;
	j->still = !is_at(j, end_of(app, j, -1));
	if (is_at(j, end_of(app, j, 1)))
		ask_older(app, j);
	if (!j->still)
		ask_tail(app, j);
}

static unsigned on_find(struct app *app, struct view *v, const char *text)
{
	struct journal *j = v->state;
	const json_t *record;

	snprintf(j->find, sizeof(j->find), "%s", text);
	record = chosen(j);
	if (!j->still || !record || !matches(app->arena, record, fold(app, j)))
		to_newest(app, j);
	look_back(app, j);
	return REPAINT_BODY;
}

static bool on_back(struct app *app, struct view *v)
{
	struct journal *j = v->state;
	bool was = j->raw;

	(void)app;
	j->raw = false;
	return was;
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Opens what the record is about, where a view has it. */
static void open_subject(struct app *app, const json_t *record)
{
	const char *topic = get_text(record, "topic"), *event = get_text(record, "event");
	char subject[128];

	snprintf(subject, sizeof(subject), "%s", get_text(record, "subject"));
	if (begins(topic, "job.")) {
		jobs_show(app, subject);
	} else if (begins(topic, "order.") || begins(topic, "ticket.") || begins(topic, "refund.") ||
		   begins(topic, "payment.")) {
		subject[strcspn(subject, "/")] = '\0';
		orders_find(app, subject);
	} else if (*event) {
		app_set_scope(app, event);
		app_show(app, VIEW_event);
	} else {
		app_say(app, M_PLAIN, "%s has no view of its own; all that is on record of it is here", subject);
	}
}

static unsigned on_key(struct app *app, struct view *v, enum act act)
{
	struct journal *j = v->state;
	const json_t *record = chosen(j);

	if (act == ACT_follow) {
		j->still = !j->still;
		if (!j->still) {
			to_newest(app, j);
			ask_tail(app, j);
		}
		app_say(app, M_PLAIN, j->still ? "tail off: the list stands still" : "tail on");
	} else if (!record || !matches(app->arena, record, fold(app, j))) {
		return REPAINT_NOTHING;
	} else if (act == ACT_raw) {
		j->raw = !j->raw;
		j->line = (struct m_cursor){0};
	} else if (act == ACT_copy) {
		app_copy(app, get_text(record, "subject"));
	} else {
		open_subject(app, record);
		return REPAINT_ALL;
	}
	return REPAINT_BODY;
}

static void put_record(struct app *app, struct model *m, struct m_section *s, const json_t *record)
{
	const struct zone *z = app_zone(app, app->scope_zone);
	AUTO(buf) struct buf said = {0};
	char text[WORDS_MAX];
	struct m_row *r;

	snprintf(text, sizeof(text), "%lld", (long long)get_int(record, "seq"));
	r = model_row(m, s, text);
	said_data(&said, json_object_get(record, "data"), z);
	model_cell(m, r, REC_SEQ, M_DIM, "%s", text);
	model_cell(m, r, REC_AT, M_PLAIN, "%s", words_second(z, get_time(record, "at"), text));
	model_cell(m, r, REC_ACTOR, M_PLAIN, "%s", get_text(record, "actor"));
	model_cell(m, r, REC_TOPIC, M_PLAIN, "%s", get_text(record, "topic"));
	model_cell(m, r, REC_SUBJECT, M_PLAIN, "%s", get_text(record, "subject"));
	model_cell(m, r, REC_WHAT, M_PLAIN, "%s", buf_str(&said));
}

static void put_list(struct app *app, struct journal *j, struct model *m)
{
	struct m_section *s = model_add(m, M_TABLE, "journal", j->find[0] ? "FILTER" : "JOURNAL");
	const char *words = fold(app, j);
	const json_t *record;
	size_t i, all = json_array_size(j->records);
	char count[WORDS_MAX];

	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = &j->cursor;
	s->rows_min = 5;
	s->keep = M_KEEP_FIRST;
	json_array_foreach(j->records, i, record)
	{
		if (matches(m->arena, record, words))
			put_record(app, m, s, record);
	}
	if (j->find[0])
		model_note(m, s, "%s   %zu of the %s records read   tail %s, at %lld", j->find, s->nrows,
		    words_count((int64_t)all, count), j->still ? "off" : "on", (long long)j->upto);
	else if (j->upto >= 0)
		model_note(m, s, "tail %s, at %lld", j->still ? "off" : "on", (long long)j->upto);
	s->empty = all > 0 ? "none of these records has that; Esc shows all"
			   : "nothing has happened yet";
	app_mark(app, m, s, &j->tail);
	s->busy |= query_slow(&j->older, clock_mono(clock_system()));
	if (app->link.state == LINK_STILL && app->link.seq < 0)
		s->empty = model_text(m, app->link.err.message);
}

/* The hash of the record before, where it is here. */
static const char *hash_before(const struct journal *j, int64_t seq)
{
	const json_t *record;
	size_t i;

	json_array_foreach(j->records, i, record)
	{
		if (get_int(record, "seq") == seq - 1)
			return get_text(record, "hash");
	}
	return "";
}

static void put_pairs(struct app *app, struct journal *j, struct model *m, struct m_section *s,
    const json_t *record)
{
	const struct zone *z = app_zone(app, app->scope_zone);
	const json_t *data = json_object_get(record, "data");
	const char *hash = get_text(record, "hash"), *before = hash_before(j, get_int(record, "seq"));
	char at[WORDS_MAX];
	const char *key;
	json_t *v;

	model_pair(m, s, "by", M_PLAIN, "%s, %s", get_text(record, "actor"),
	    words_clock(z, get_time(record, "at"), at));
	json_object_foreach((json_t *)(uintptr_t)data, key, v)
	{
		AUTO(buf) struct buf value = {0};

		said_value(&value, data, key, z);
		if (value.len > 0 && strcmp(key, "currency") != 0)
			model_pair(m, s, key, M_PLAIN, "%s", buf_str(&value));
	}
	if (*get_text(record, "reason"))
		model_pair(m, s, "reason", M_PLAIN, "%s", get_text(record, "reason"));
	if (*get_text(record, "event"))
		model_pair(m, s, "event", M_PLAIN, "%s", get_text(record, "event"));
	if (*get_text(record, "request"))
		model_pair(m, s, "request", M_DIM, "%s", get_text(record, "request"));
	model_pair(m, s, "hash", M_DIM, "%.16s..%s%.16s%s", hash, *before ? ", after " : "", before,
	    *before ? ".." : "");
}

/* As the daemon sends it, a line each, to be gone through. */
static void put_raw(struct journal *j, struct model *m, struct m_section *s, const json_t *record)
{
	char *text = json_dumps(record, JSON_INDENT(2) | JSON_PRESERVE_ORDER), *rest = text, *line;
	char id[24];

	s->kind = M_TABLE;
	s->cols = raw_cols;
	s->ncols = ARRAY_LEN(raw_cols);
	s->cursor = &j->line;
	while (rest && (line = strsep(&rest, "\n"))) {
		struct m_row *r;

		snprintf(id, sizeof(id), "%zu", s->nrows);
		r = model_row(m, s, id);
		model_cell(m, r, 0, M_PLAIN, "%s", line);
	}
	free(text);
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	struct journal *j = v->state;
	const json_t *record;
	struct m_section *s;
	char title[192];

	put_list(app, j, m);
	record = chosen(j);
	if (!record || !matches(m->arena, record, fold(app, j)))
		return;
	snprintf(title, sizeof(title), "-- %lld  %s  %s", (long long)get_int(record, "seq"),
	    get_text(record, "topic"), get_text(record, "subject"));
	s = model_add(m, M_LINES, "record", title);
	s->place = M_SIDE;
	s->keep = M_KEEP_LIST;
	s->stale = !app_live(app);
	if (j->raw)
		put_raw(j, m, s, record);
	else
		put_pairs(app, j, m, s, record);
	s->rows_min = s->nrows < SHEET_ROWS ? (int)s->nrows : SHEET_ROWS;
}

void journal_show(struct app *app, const char *words)
{
	struct view *v = &app->views[VIEW_journal];
	struct journal *j = v->state;

	snprintf(j->find, sizeof(j->find), "%s", words);
	j->still = j->raw = false;
	app_show(app, VIEW_journal);
	if (j->taken) {
		to_newest(app, j);
		look_back(app, j);
	}
}

static const struct view_key keys[] = {{ACT_open, "subject", RPC_COUNT}, {ACT_follow, "tail", RPC_COUNT},
    {ACT_raw, "raw", RPC_COUNT}, {ACT_copy, "copy", RPC_COUNT}, {ACT_filter, "filter", RPC_COUNT},
    {ACT_NONE, NULL, 0}};

const struct view_ops view_journal_ops = {
    .title = "Journal",
    .size = sizeof(struct journal),
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
