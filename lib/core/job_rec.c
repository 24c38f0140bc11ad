/* SPDX-License-Identifier: MIT */
/* Jobs as they are kept and shown. It never changes one. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/job_kind.h"
#include "core/export_job.h"
#include "core/order_rec.h"
#include "core/page.h"
#include "core/rows.h"
#include "core/scope.h"

#define STEP 64
#define SCAN_MAX 5000 /* rows one page looks at */

const struct job_ops *job_ops(int kind)
{
#define JOB(kind, next_, run_, name_, before_, after_, brief_)                                     \
	[job_kind_##kind] = {next_, run_, name_, before_, after_, brief_},
	static const struct job_ops kinds[] = {
#include "core/job.def"
	};
#undef JOB

	return kind > 0 && (size_t)kind < ARRAY_LEN(kinds) && kinds[kind].run ? &kinds[kind] : NULL;
}

const char *job_name(struct call *c, int64_t id)
{
	return arena_printf(c->arena, "j%" PRId64, id);
}

const char *job_order_name(struct call *c, int64_t id)
{
	return order_code(c, id);
}

static int read_texts(struct call *c, struct q *q, struct job_rec *job)
{
	const struct {
		int column;
		const char **text;
	} texts[] = {
	    {10, &job->params},
	    {11, &job->mark},
	    {12, &job->reason},
	    {13, &job->error},
	    {24, &job->event_slug},
	    {25, &job->organizer},
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		int r = row_text(c, q, texts[i].column, texts[i].text);

		if (r < 0)
			return r;
	}
	return 0;
}

int job_rec_get(struct call *c, int64_t id, struct job_rec *ret)
{
	struct job_rec job;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_job_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1) {
		job = (struct job_rec){
		    .id = id,
		    .kind = (int)q_col(&q, 1),
		    .state = (int)q_col(&q, 2),
		    .event = q_col(&q, 3),
		    .who = {.id = q_col(&q, 4),
			.uid = (uint32_t)q_col(&q, 5),
			.roles = (unsigned)q_col(&q, 6)},
		    .created = q_col(&q, 14),
		    .ended = q_isnull(&q, 15) ? TIME_NONE : q_col(&q, 15),
		    .total = q_col(&q, 16),
		    .done = q_col(&q, 17),
		    .failed = q_col(&q, 18),
		    .skipped = q_col(&q, 19),
		    .phase = (int)q_col(&q, 20),
		    .cursor = q_col(&q, 21),
		    .again = q_col(&q, 22),
		    .rate = q_col(&q, 23),
		};
		snprintf(job.who.name, sizeof(job.who.name), "%s", q_text(&q, 7));
		snprintf(job.who.organizer, sizeof(job.who.organizer), "%s", q_text(&q, 8));
		snprintf(job.who.event, sizeof(job.who.event), "%s", q_text(&q, 9));
		r = read_texts(c, &q, &job);
		if (r == 0) {
			*ret = job;
			r = 1;
		}
	}
	q_end(&q);
	return r;
}

/* A job of no event belongs to whom it was begun for. */
static bool seen(const struct call *c, const struct job_rec *job)
{
	if (job->event)
		return scope_sees(c->who, job->organizer, job->event_slug);
	return scope_sees(c->who, job->who.organizer[0] ? job->who.organizer : NULL,
	    job->who.event[0] ? job->who.event : NULL);
}

int job_rec_find(struct call *c, const char *text, struct job_rec *ret)
{
	char *end = NULL;
	int64_t id = 0;
	int r = 0;

	errno = 0;
	if ((text[0] | 0x20) == 'j' && text[1] >= '0' && text[1] <= '9')
		id = strtoll(text + 1, &end, 10);
	if (!end || *end || errno)
		return err_set(&c->err, TIX_EBAD_VALUE, "job", "this is no job: one is like j31");
	r = job_rec_get(c, id, ret);
	if (r < 0)
		return r;
	return r == 1 && seen(c, ret) ? 0 : call_not_found(c, "job", "job", text);
}

static int job_out(struct call *c, const struct job_rec *job, struct job_info *out)
{
	out->job = job_name(c, job->id);
	if (!out->job)
		return row_no_memory(c);
	out->kind = job->kind;
	out->event = job->event_slug;
	out->state = job->state;
	out->total = job->total;
	out->done = job->done;
	out->failed = job->failed;
	out->skipped = job->skipped;
	out->rate = job->rate ? job->rate : TIME_NONE;
	out->actor = arena_strdup(c->arena, job->who.name);
	out->reason = job->reason;
	out->error = job->error;
	out->params = job->params;
	out->created = job->created;
	out->ended = job->ended;
	return out->actor ? 0 : row_no_memory(c);
}

int job_load(struct call *c, int64_t id, struct job_info *out)
{
	struct job_rec job;
	int r = job_rec_get(c, id, &job);

	if (r <= 0)
		return r < 0 ? r : call_not_found(c, "job", "job", NULL);
	return job_out(c, &job, out);
}

int job_show(struct call *c, const struct job_in *in, struct job_info *out)
{
	struct job_rec job;
	int r = job_rec_find(c, in->job, &job);

	return r < 0 ? r : job_out(c, &job, out);
}

struct listing {
	const struct job_list_in *in;
	int64_t event, before; /* event 0: all */
	size_t limit;
};

/* One step of candidates into the page. 1: the page is full, 0: there are no more, 2: more to
 * look at. */
static int list_step(struct call *c, struct listing *l, struct job_page *out)
{
	struct job_info *items = out->items.v;
	int64_t ids[STEP];
	int n = 0, r;
	struct q q;

	q_start(&q, c->db, SQL_job_list, &c->err);
	q_i64(&q, 1, l->before);
	q_i64(&q, 2, l->event);
	q_i64(&q, 3, STEP);
	while (n < STEP && (r = q_step(&q)) == 1)
		ids[n++] = q_col(&q, 0);
	q_end(&q);
	for (int i = 0; r >= 0 && i < n; i++) {
		struct job_rec job;

		r = job_rec_get(c, ids[i], &job);
		if (r == 1 && seen(c, &job) && (!l->in->state || l->in->state >> job.state & 1) &&
		    (!l->in->kind || l->in->kind >> job.kind & 1)) {
			if (out->items.n == l->limit || arena_used(c->arena) > PAGE_MEMORY_MAX)
				return 1;
			r = job_out(c, &job, &items[out->items.n++]);
		}
		l->before = ids[i];
	}
	return r < 0 ? r : n < STEP ? 0 : 2;
}

int job_list(struct call *c, const struct job_list_in *in, struct job_page *out)
{
	struct listing l = {
	    .in = in, .before = INT64_MAX, .limit = (size_t)page_limit(in, job_list_in)};
	struct page_key key = {{0, 0}, NULL};
	struct event_ref event = {.id = 0};
	struct page_filter f;
	int r = in->event ? call_event(c, in->event, &event) : 0;

	page_filter_init(&f, "job.list");
	page_filter_str(&f, in->event);
	page_filter_i64(&f, (int64_t)in->state);
	page_filter_i64(&f, (int64_t)in->kind);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	l.event = event.id;
	l.before = r == 1 ? key.n[0] : l.before;
	out->items.v = arena_array(c->arena, l.limit, sizeof(struct job_info));
	if (!out->items.v)
		return row_no_memory(c);
	r = 2;
	for (int scanned = 0; r == 2 && scanned < SCAN_MAX; scanned += STEP)
		r = list_step(c, &l, out);
	if (r > 0) {
		key.n[0] = l.before;
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}

static int read_item(struct call *c, const struct job_ops *ops, struct q *q, struct job_item *item)
{
	int r = row_text(c, q, 2, &item->error);

	item->state = (int)q_col(q, 1);
	item->seq = q_isnull(q, 4) ? TIME_NONE : q_col(q, 4);
	if (r == 0)
		r = row_text(c, q, 3, &item->message);
	if (r < 0)
		return r;
	item->subject = ops && ops->name ? ops->name(c, q_col(q, 0))
					 : arena_printf(c->arena, "%" PRId64, q_col(q, 0));
	return item->subject ? 0 : row_no_memory(c);
}

/* 1: there is more after *after. */
static int report_fill(struct call *c, const struct job_rec *job, const struct job_report_in *in,
    int64_t *after, struct job_item_page *out)
{
	bool failed = in->state == UINT64_C(1) << job_item_state_failed;
	struct job_item *items = out->items.v;
	size_t limit = (size_t)page_limit(in, job_report_in);
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, failed ? SQL_job_items_failed : SQL_job_items, &c->err);
	q_i64(&q, 1, job->id);
	q_i64(&q, 2, *after);
	q_i64(&q, 3, SCAN_MAX);
	while ((r = q_step(&q)) == 1) {
		if (out->items.n == limit || arena_used(c->arena) > PAGE_MEMORY_MAX)
			break;
		n++;
		if (!in->state || in->state >> q_col(&q, 1) & 1)
			r = read_item(c, job_ops(job->kind), &q, &items[out->items.n++]);
		if (r < 0)
			break;
		*after = q_col(&q, 0);
	}
	q_end(&q);
	return r < 0 ? r : r == 1 || n == SCAN_MAX;
}

int job_report(struct call *c, const struct job_report_in *in, struct job_item_page *out)
{
	struct page_key key = {{INT64_MIN, 0}, NULL};
	struct page_filter f;
	struct job_rec job;
	int r = job_rec_find(c, in->job, &job);

	page_filter_init(&f, "job.report");
	page_filter_str(&f, in->job);
	page_filter_i64(&f, (int64_t)in->state);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	out->items.v =
	    arena_array(c->arena, (size_t)page_limit(in, job_report_in), sizeof(struct job_item));
	if (!out->items.v)
		return row_no_memory(c);
	r = report_fill(c, &job, in, &key.n[0], out);
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
