/* SPDX-License-Identifier: MIT */
/* Jobs: how far each is, what of it failed, and the keys that pause, resume, stop and retry it. */
#include "tui/view_jobs.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rpc/rpc.h"
#include "tui/chrome.h"
#include "tui/job_act.h"
#include "tui/paint.h"
#include "tui/view_journal.h"
#include "tui/view_orders.h"
#include "tui/words.h"

#define SHOWN 100
#define AGAIN_US USEC_PER_SEC /* a running job is looked at so often */
#define PACES 8
#define SPAN_US (5 * USEC_PER_SEC) /* over which a rate is measured */

/* How fast a running job is: what it had tried when, by clock_mono. */
struct pace {
	char job[32];
	int64_t tried, at, rate_milli; /* items in 1,000 seconds; 0: not known */
};

struct jobs {
	struct query list, report;
	const json_t *taken;
	struct m_cursor cursor, item;
	char opened[32]; /* whose failed items are shown; "": none */
	bool open;	 /* on a wide screen they always are */
	struct job_act act;
	struct pace paces[PACES];
};

enum { JOB_NAME, JOB_KIND, JOB_EVENT, JOB_STATE, JOB_DONE, JOB_RATE, JOB_LEFT, JOB_FAILED, JOB_BAR };

static const struct m_col cols[] = {
    [JOB_NAME] = {"job", 0, 3},
    [JOB_KIND] = {"kind", 0, 6},
    [JOB_EVENT] = {"event", M_GROW, 12},
    [JOB_STATE] = {"state", 0, 7},
    [JOB_DONE] = {"tried/total", M_RIGHT, 5},
    [JOB_RATE] = {"rate", M_RIGHT, 4},
    [JOB_LEFT] = {"time left", M_RIGHT, 5},
    [JOB_FAILED] = {"failed", M_RIGHT, 1},
    [JOB_BAR] = {"progress", M_BAR | M_WIDE, 15},
};

enum { ITEM_SUBJECT, ITEM_ERROR, ITEM_MESSAGE };

static const struct m_col item_cols[] = {
    {"item", M_GROW, 9}, {"error", 0, 6}, {"what was wrong", M_GROW, 10}};

static int64_t tried(const json_t *job)
{
	return get_int(job, "done") + get_int(job, "failed") + get_int(job, "skipped");
}

static bool is_state(const json_t *job, const char *state)
{
	return strcmp(get_text(job, "state"), state) == 0;
}

static const json_t *rows(const struct jobs *j)
{
	return json_object_get(j->list.result, "items");
}

static const json_t *find(const struct jobs *j, const char *name)
{
	const json_t *job;
	size_t i;

	json_array_foreach(rows(j), i, job)
	{
		if (strcmp(get_text(job, "job"), name) == 0)
			return job;
	}
	return NULL;
}

static void init(struct app *app, struct view *v)
{
	struct jobs *j = v->state;

	(void)app;
	view_query(v, &j->list, "job.list", "job.");
	view_query(v, &j->report, "job.report", "job.");
}

static void done(struct view *v)
{
	struct jobs *j = v->state;

	job_act_done(&j->act);
	query_drop(&j->list);
	query_drop(&j->report);
}

/* Shows what failed of the job under the cursor, or of the first. */
static void follow(struct app *app, struct jobs *j)
{
	const char *name = find(j, j->cursor.id) ? j->cursor.id : get_text(json_array_get(rows(j), 0), "job");

	if (!*name || (!j->open && app->grid.cols < PAINT_WIDE)) {
		j->opened[0] = '\0';
		return;
	}
	if (strcmp(j->opened, name) != 0)
		query_drop(&j->report);
	snprintf(j->opened, sizeof(j->opened), "%.31s", name);
	query_ask(&app->queries, &j->report,
	    json_pack("{s:s, s:[s], s:i}", "job", name, "state", "failed", "limit", SHOWN), NULL);
}

static void enter(struct app *app, struct view *v)
{
	struct jobs *j = v->state;
	json_t *params = json_pack("{s:i}", "limit", SHOWN);

	if (app->scope[0])
		json_object_set_new(params, "event", json_string(app->scope));
	query_ask(&app->queries, &j->list, params, NULL);
	/* Another job may have been chosen elsewhere. */
	if (j->list.fresh)
		follow(app, j);
}

/* The place of a running job; NULL: more of them run than are measured. */
static struct pace *pace_of(struct jobs *j, const char *name)
{
	struct pace *old = NULL;

	for (size_t i = 0; i < PACES; i++) {
		struct pace *p = &j->paces[i];

		if (strcmp(p->job, name) == 0)
			return p;
		if (!p->job[0] || !find(j, p->job) || !is_state(find(j, p->job), "running"))
			old = p;
	}
	if (old) {
		*old = (struct pace){0};
		snprintf(old->job, sizeof(old->job), "%s", name);
	}
	return old;
}

static void measure(struct jobs *j, const json_t *job)
{
	struct pace *p = pace_of(j, get_text(job, "job"));
	int64_t now = clock_mono(clock_system());

	if (!p)
		return;
	if (p->at == 0 || tried(job) < p->tried || now - p->at > 4 * SPAN_US) {
		p->at = now;
		p->tried = tried(job);
		p->rate_milli = 0;
	} else if (now - p->at >= USEC_PER_SEC / 2) {
		p->rate_milli = (tried(job) - p->tried) * 1000 * USEC_PER_SEC / (now - p->at);
		if (now - p->at >= SPAN_US) {
			p->at = now;
			p->tried = tried(job);
		}
	}
}

static unsigned on_message(struct app *app, struct view *v, const json_t *counts)
{
	struct jobs *j = v->state;
	bool runs = false;
	const json_t *job;
	size_t i;

	if (counts || j->taken == j->list.result)
		return counts ? REPAINT_NOTHING : REPAINT_BODY;
	j->taken = j->list.result;
	json_array_foreach(rows(j), i, job)
	{
		if (is_state(job, "running")) {
			runs = true;
			measure(j, job);
		}
	}
	/* The journal has what a job does, but not how far it is. */
	j->list.again_us = runs ? AGAIN_US : 0;
	follow(app, j);
	return REPAINT_BODY;
}

static void on_move(struct app *app, struct view *v)
{
	follow(app, v->state);
}

static bool on_back(struct app *app, struct view *v)
{
	struct jobs *j = v->state;
	bool was = j->open;

	if (job_act_close(&j->act))
		return true;
	j->open = false;
	follow(app, j);
	return was;
}

/* Items of a cancellation are orders, those of an import its lines. */
static unsigned open_item(struct app *app, struct jobs *j)
{
	if (strcmp(get_text(find(j, j->opened), "kind"), "event_cancel") == 0)
		orders_find(app, j->item.id);
	else
		app_say(app, M_PLAIN, "%s has no view of its own; all that is known of it is here", j->item.id);
	return REPAINT_ALL;
}

static unsigned open_row(struct app *app, struct view *v)
{
	struct jobs *j = v->state;
	struct m_section *s = app_focus(app);

	if (s && s->cursor == &j->item)
		return open_item(app, j);
	j->open = true;
	follow(app, j);
	return REPAINT_BODY;
}

static unsigned on_key(struct app *app, struct view *v, enum act act)
{
	struct jobs *j = v->state;
	const json_t *job = find(j, j->cursor.id);
	char words[64];

	if (j->act.way) {
		if (act == ACT_open)
			job_act_go(&j->act);
		return REPAINT_ALL;
	}
	if (act == ACT_open)
		return open_row(app, v);
	if (!job)
		return REPAINT_NOTHING;
	if (act == ACT_journal) {
		snprintf(words, sizeof(words), "request:%s", get_text(job, "job"));
		journal_show(app, words);
	} else if (act == ACT_copy) {
		app_copy(app, get_text(job, "job"));
	} else {
		job_act_open(app, &j->act, act, job);
	}
	return REPAINT_ALL;
}

/* "40 s", "4 min", "2 h" */
static const char *words_span(int64_t s, char out[WORDS_MAX])
{
	if (s < 120)
		snprintf(out, WORDS_MAX, "%lld s", (long long)s);
	else if (s < 7200)
		snprintf(out, WORDS_MAX, "%lld min", (long long)s / 60);
	else
		snprintf(out, WORDS_MAX, "%lld h", (long long)s / 3600);
	return out;
}

static enum m_class class_of(const json_t *job)
{
	return is_state(job, "failed")	  ? M_BAD
	       : is_state(job, "stopped") ? M_WARN
	       : is_state(job, "paused")  ? M_WARN
	       : is_state(job, "running") ? M_GOOD
					  : M_DIM;
}

static void put_pace(struct jobs *j, struct model *m, struct m_row *r, const json_t *job)
{
	int64_t left = get_int(job, "total") - tried(job);
	char text[WORDS_MAX];

	if (!is_state(job, "running"))
		return;
	for (size_t i = 0; i < PACES; i++) {
		const struct pace *p = &j->paces[i];

		if (strcmp(p->job, get_text(job, "job")) != 0 || p->rate_milli <= 0)
			continue;
		model_cell(m, r, JOB_RATE, M_PLAIN, "%s/s", words_count((p->rate_milli + 500) / 1000, text));
		if (left > 0)
			model_cell(m, r, JOB_LEFT, M_PLAIN, "%s", words_span(left * 1000 / p->rate_milli, text));
	}
}

static void put_job(struct jobs *j, struct model *m, struct m_section *s, const json_t *job)
{
	struct m_row *r = model_row(m, s, get_text(job, "job"));
	int64_t total = get_int(job, "total"), failed = get_int(job, "failed");
	char one[WORDS_MAX], two[WORDS_MAX];

	model_cell(m, r, JOB_NAME, M_PLAIN, "%s", get_text(job, "job"));
	model_cell(m, r, JOB_KIND, M_PLAIN, "%s", get_text(job, "kind"));
	model_cell(m, r, JOB_EVENT, M_PLAIN, "%s", get_text(job, "event"));
	model_cell(m, r, JOB_STATE, class_of(job), "%s", get_text(job, "state"));
	model_cell(m, r, JOB_DONE, M_PLAIN, "%s/%s", words_count(tried(job), one), words_count(total, two));
	if (total > 0)
		model_bar(r, JOB_BAR, (int)(tried(job) * 1000 / total));
	put_pace(j, m, r, job);
	if (failed > 0)
		model_cell(m, r, JOB_FAILED, M_WARN, "%s", words_count(failed, one));
}

static void put_pairs(struct app *app, struct model *m, struct m_section *s, const json_t *job)
{
	const struct zone *z = app_zone(app, app->scope_zone);
	char at[WORDS_MAX];

	model_pair(m, s, "begun", M_PLAIN, "%s by %s", words_day(z, get_time(job, "created"), at),
	    get_text(job, "actor"));
	if (get_time(job, "ended") != NO_TIME)
		model_pair(m, s, "ended", M_PLAIN, "%s", words_day(z, get_time(job, "ended"), at));
	model_pair(m, s, "items", M_PLAIN, "%lld done, %lld failed, %lld with nothing to do, of %lld",
	    (long long)get_int(job, "done"), (long long)get_int(job, "failed"),
	    (long long)get_int(job, "skipped"), (long long)get_int(job, "total"));
	if (get_int(job, "rate") > 0)
		model_pair(m, s, "limit", M_PLAIN, "%lld a second", (long long)get_int(job, "rate"));
	if (*get_text(job, "reason"))
		model_pair(m, s, "reason", M_PLAIN, "%s", get_text(job, "reason"));
	if (*get_text(job, "error"))
		model_pair(m, s, "error", M_BAD, "%s", get_text(job, "error"));
}

static void put_report(struct app *app, struct jobs *j, struct model *m)
{
	const json_t *job = find(j, j->opened), *item;
	struct m_section *s;
	size_t i;
	char title[64];

	if (!job)
		return;
	snprintf(title, sizeof(title), "JOB %s", j->opened);
	s = model_add(m, M_LINES, "job", title);
	s->place = M_SIDE;
	put_pairs(app, m, s, job);
	s = model_add(m, M_TABLE, "failed", "FAILED ITEMS");
	s->place = M_SIDE;
	s->cols = item_cols;
	s->ncols = ARRAY_LEN(item_cols);
	s->cursor = &j->item;
	json_array_foreach(json_object_get(j->report.result, "items"), i, item)
	{
		struct m_row *r = model_row(m, s, get_text(item, "subject"));

		model_cell(m, r, ITEM_SUBJECT, M_PLAIN, "%s", get_text(item, "subject"));
		model_cell(m, r, ITEM_ERROR, M_WARN, "%s", get_text(item, "error"));
		model_cell(m, r, ITEM_MESSAGE, M_PLAIN, "%s", get_text(item, "message"));
	}
	if (json_is_string(json_object_get(j->report.result, "next")))
		model_note(m, s, "the first %zu; tix job report %s has all", s->nrows, j->opened);
	s->empty = "no item has failed";
	app_mark(app, m, s, &j->report);
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	struct jobs *j = v->state;
	struct m_section *s = model_add(m, M_TABLE, "jobs", "");
	const json_t *job;
	size_t i;

	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = &j->cursor;
	s->filtered = true;
	s->empty = "there are no jobs; importing, exporting and calling an event off make some";
	json_array_foreach(rows(j), i, job)
		put_job(j, m, s, job);
	if (json_is_string(json_object_get(j->list.result, "next")))
		model_note(m, s, "the newest %d", SHOWN);
	app_mark(app, m, s, &j->list);
	put_report(app, j, m);
	job_act_build(&j->act, m, find(j, j->act.job));
}

void jobs_show(struct app *app, const char *name)
{
	struct view *v = &app->views[VIEW_jobs];
	struct jobs *j = v->state;

	snprintf(j->cursor.id, sizeof(j->cursor.id), "%s", name);
	j->open = true;
	app_show(app, VIEW_jobs);
}

static const struct view_key keys[] = {{ACT_open, "failed", RPC_COUNT},
    {ACT_pause, "pause", RPC_job_pause}, {ACT_stop, "stop", RPC_job_stop},
    {ACT_retry, "retry", RPC_job_retry}, {ACT_journal, "did", RPC_journal_list},
    {ACT_copy, "copy", RPC_COUNT}, {ACT_NONE, NULL, 0}};

static const struct view_key sheet_keys[] = {
    {ACT_open, "do it", RPC_COUNT}, {ACT_back, "leave it", RPC_COUNT}, {ACT_NONE, NULL, 0}};

static const struct view_key *keys_now(const struct view *v)
{
	const struct jobs *j = v->state;

	return j->act.way ? sheet_keys : keys;
}

const struct view_ops view_jobs_ops = {
    .title = "Jobs",
    .size = sizeof(struct jobs),
    .keys = keys,
    .keys_now = keys_now,
    .init = init,
    .enter = enter,
    .done = done,
    .on_key = on_key,
    .on_message = on_message,
    .on_move = on_move,
    .on_back = on_back,
    .build = build,
};
