/* SPDX-License-Identifier: MIT */
/* One slice of a job, in the transaction that the frame began for it: its items, their rows and the
 * progress are kept together or not at all, so each item is done once, whenever the daemon is
 * killed. */
#include <stdio.h>
#include <string.h>

#include "base/failpoint.h"
#include "core/job_kind.h"
#include "core/redirect.h"
#include "core/rows.h"
#include "core/writer_state.h"

#define SLICE_ITEMS 64
#define SLICE_US 5000	   /* a slice ends after the item that passed this */
#define SLICE_BUSY_US 2000 /* beside sales */
#define LEASE_US (INT64_C(30) * USEC_PER_SEC)

struct slice {
	struct writer *w;
	struct call c;
	struct job_rec job;
	const struct job_ops *ops;
	struct mut_in in; /* the reason, for the journal */
	struct err *err;
	char request[24];
};

static bool free_for(const struct writer *w, int64_t holder, int64_t until)
{
	return holder == 0 || holder == w->job.self || until <= w->due || w->lock_fd >= 0;
}

int64_t job_wait(struct writer *w, int64_t idle, struct err *err)
{
	int64_t first = 0, after = 0, wait = idle;
	struct q q;
	int r;

	q_start(&q, w->db, SQL_job_running, err);
	while ((r = q_step(&q)) == 1) {
		int64_t id = q_col(&q, 0), at = q_col(&q, 1), until = q_col(&q, 3);

		if (!free_for(w, q_col(&q, 2), until))
			at = until;
		if (at > w->due) {
			wait = at - w->due < wait ? at - w->due : wait;
			continue;
		}
		first = first ? first : id;
		if (id > w->job.last && !after)
			after = id;
	}
	q_end(&q);
	w->job.pick = after ? after : first;
	if (r < 0)
		return r;
	return w->job.pick ? 0 : wait;
}

/* The calls of a slice are those of the principal who began the job; the event that they may act
 * for may have another slug by now. 1: ready. */
static int prepare(struct slice *s)
{
	static const struct call_op op = {.name = "job", .mutates = true};
	int r;

	s->ops = job_ops(s->job.kind);
	s->in.reason = s->job.reason;
	snprintf(s->request, sizeof(s->request), "j%lld", (long long)s->job.id);
	s->c.who = &s->job.who;
	s->c.op = &op;
	s->c.in = &s->in;
	s->c.request = s->request;
	r = redirect_scope(&s->c);
	return r < 0 ? r : 1;
}

/* Takes or renews the lease: 1 it is ours. */
static int lease(struct slice *s)
{
	const struct writer *w = s->w;

	return q_run(w->db, SQL_job_take, s->err, 4,
	    (const int64_t[]){
		w->job.self, w->due + LEASE_US, w->job.pick, w->lock_fd >= 0 ? INT64_MAX : w->due});
}

static int next_failed(struct slice *s, int max, int64_t *ret)
{
	struct q q;

	q_start(&q, s->c.db, SQL_job_items_failed, &s->c.err);
	q_i64(&q, 1, s->job.id);
	q_i64(&q, 2, s->job.again);
	q_i64(&q, 3, max);
	return q_ids(&q, max, ret);
}

/* Subjects to come; moves on from what failed to the rest. 0: the end. */
static int next(struct slice *s, int max, int64_t *ret)
{
	int n = 0;

	if (s->job.phase != JOB_ALL)
		n = next_failed(s, max, ret);
	if (n == 0 && s->job.phase == JOB_AGAIN)
		s->job.phase = JOB_ALL;
	if (n == 0 && s->job.phase == JOB_ALL)
		n = s->ops->next(&s->c, &s->job, s->job.cursor, max, ret);
	return n;
}

static int write_item(struct slice *s, int64_t subject, int state)
{
	bool again = s->job.phase != JOB_ALL, failed = state == job_item_state_failed;
	int at = again ? 1 : 3;
	struct q q;

	if (s->ops->brief && !again && !failed)
		return 0;
	q_start(&q, s->c.db, again ? SQL_job_item_set : SQL_job_item_add, s->err);
	q_i64(&q, again ? 5 : 1, s->job.id);
	q_i64(&q, again ? 6 : 2, subject);
	q_i64(&q, at, state);
	q_str(&q, at + 1, failed ? err_info(s->c.err.code)->name : NULL);
	q_str(&q, at + 2, failed && s->c.err.message[0] ? s->c.err.message : NULL);
	if (s->c.seq)
		q_i64(&q, at + 3, s->c.seq);
	else
		q_null(&q, at + 3);
	return q_finish(&q);
}

/* Keeps what became of an item; r as its run returned. */
static int keep_item(struct slice *s, int64_t subject, int r)
{
	int state = r < 0	       ? job_item_state_failed
		    : r == JOB_SKIPPED ? job_item_state_skipped
				       : job_item_state_done;
	int w;

	if (r < 0)
		s->c.seq = 0;
	w = write_item(s, subject, state);
	if (w < 0)
		return w;
	s->job.done += state == job_item_state_done;
	s->job.failed += state == job_item_state_failed;
	s->job.skipped += state == job_item_state_skipped;
	if (s->job.phase == JOB_ALL) {
		s->job.cursor = subject;
	} else {
		s->job.failed--;
		s->job.again = subject;
	}
	return 0;
}

/* One item. What it refuses before it writes becomes its row; when it had written, the slice is
 * lost and will be done again without it. */
static int run_item(struct slice *s, int64_t subject, bool *ret_last)
{
	struct writer *w = s->w;
	int64_t before = db_changes(w->db);
	int r;

	err_clear(&s->c.err);
	s->c.seq = 0;
	if (subject == w->job.bad && s->job.id == w->job.bad_of) {
		s->c.err = w->job.why;
		w->job.bad_of = 0;
		*ret_last = true;
		return keep_item(s, subject, s->c.err.code);
	}
	r = s->ops->run(&s->c, &s->job, subject);
	if (r >= 0 && FAILPOINT("job.item") < 0)
		r = err_set(&s->c.err, TIX_EINTERNAL, NULL, "failpoint");
	if (r < 0 && s->c.err.code == 0)
		err_set(&s->c.err, r, NULL, NULL);
	if (r < 0 && frame_is_grave(&s->c.err)) {
		*s->err = s->c.err;
		return r;
	}
	if (r < 0 && (!db_in_transaction(w->db) || db_changes(w->db) != before)) {
		*s->err = w->job.why = s->c.err;
		w->job.bad = subject;
		w->job.bad_of = s->job.id;
		w->job.redo = true;
		return r;
	}
	return keep_item(s, subject, r);
}

static bool time_is_up(const struct slice *s, int64_t started)
{
	int64_t max = s->w->job.busy ? SLICE_BUSY_US : SLICE_US;

	return clock_mono(s->w->core->clock) - started >= max;
}

/* How many items a slice may have: a tenth of a second's of a job with a rate. */
static int slice_max(const struct job_rec *job)
{
	if (job->rate == 0 || job->rate / 10 >= SLICE_ITEMS)
		return SLICE_ITEMS;
	return job->rate < 10 ? 1 : (int)(job->rate / 10);
}

/* Returns how many items were done, 0 at the end of the job. */
static int run_items(struct slice *s)
{
	int64_t started = clock_mono(s->w->core->clock), subjects[SLICE_ITEMS];
	int n = next(s, slice_max(&s->job), subjects), i = 0, r = 0;
	bool last = false;

	if (n < 0)
		return n;
	while (r == 0 && i < n && !last && (i == 0 || !time_is_up(s, started)))
		r = run_item(s, subjects[i++], &last);
	return r < 0 ? r : i;
}

static int keep_progress(struct slice *s, int items)
{
	const struct job_rec *job = &s->job;
	int64_t all = job->done + job->failed + job->skipped;
	int64_t next_at = job->rate ? s->w->due + items * USEC_PER_SEC / job->rate : 0;
	const int64_t values[] = {all > job->total ? all : job->total, job->done, job->failed,
	    job->skipped, job->phase, job->cursor, job->again, next_at};
	struct q q;

	if (FAILPOINT("job.slice") < 0)
		return err_set(s->err, TIX_EINTERNAL, NULL, "failpoint");
	q_start(&q, s->w->db, SQL_job_progress, s->err);
	for (int i = 0; i < 8; i++)
		q_i64(&q, i + 1, values[i]);
	q_str(&q, 9, job->mark);
	q_i64(&q, 10, job->id);
	return q_finish(&q);
}

/* Every item was tried: what there is in all is known now. When only failed ones were tried again,
 * the kind says whether there are others: the job is stopped again. */
static int finish(struct slice *s)
{
	struct job_rec *job = &s->job;
	int64_t id;
	int r, rest = 0;

	if (job->phase == JOB_FAILED)
		rest = s->ops->next(&s->c, job, job->cursor, 1, &id);
	if (rest < 0)
		return rest;
	if (!rest)
		job->total = job->done + job->failed + job->skipped;
	r = keep_progress(s, 0);
	if (r == 0)
		r = rest ? job_become(&s->c, job, job_state_stopped, "job.stopped")
			 : job_become(&s->c, job, job_state_done, "job.done");
	return r;
}

/* The kind itself could not go on: nothing of this slice counts. */
static int give_up(struct slice *s, const struct err *why)
{
	struct q q;
	int r;

	q_start(&q, s->w->db, SQL_job_error, s->err);
	q_str(&q, 1, why->message[0] ? why->message : err_info(why->code)->text);
	q_i64(&q, 2, s->job.id);
	r = q_finish(&q);
	return r < 0 ? r : job_become(&s->c, &s->job, job_state_failed, "job.failed");
}

/* before, the items, after. */
static int work(struct slice *s)
{
	int n, r = s->ops->before ? s->ops->before(&s->c, &s->job) : 0;

	if (r < 0)
		return r;
	n = run_items(s);
	if (n >= 0 && s->ops->after)
		r = s->ops->after(&s->c, &s->job);
	if (n < 0 || r < 0)
		return n < 0 ? n : r;
	return n == 0 ? finish(s) : keep_progress(s, n);
}

/* What a slice came to: its own trouble is tried again, the kind's ends the job at the next slice.
 */
static int settle(struct slice *s, int r)
{
	struct writer *w = s->w;

	if (r >= 0)
		return 1;
	if (!w->job.redo && s->err->code == 0 && !frame_is_grave(&s->c.err)) {
		w->job.over = s->job.id;
		w->job.why = s->c.err;
		w->job.redo = true;
	}
	return r;
}

int job_slice(struct writer *w, struct err *err)
{
	struct slice s = {.w = w, .err = err};
	int r;

	frame_own_call(w, &s.c);
	w->job.redo = false;
	r = lease(&s);
	if (r == 1)
		r = job_rec_get(&s.c, w->job.pick, &s.job);
	if (r == 1) {
		w->job.last = s.job.id;
		r = prepare(&s);
	}
	if (r == 1) {
		if (!s.ops) {
			err_set(&w->job.why, TIX_EINTERNAL, NULL, "there is no such kind of job");
			w->job.over = s.job.id;
		}
		if (w->job.over == s.job.id) {
			w->job.over = 0;
			r = give_up(&s, &w->job.why);
		} else {
			r = work(&s);
		}
		r = settle(&s, r);
	}
	if (r < 0 && err->code == 0)
		*err = s.c.err;
	return r;
}
