/* SPDX-License-Identifier: MIT */
/* The frame: one transaction around a batch of calls. It decides what is kept; it knows no rule of
 * tickets. */
#include "core/frame.h"

#include <stdatomic.h>
#include <string.h>

#include "base/failpoint.h"
#include "core/lookup.h"
#include "core/redirect.h"
#include "core/writer_state.h"

#define SWEEP_MAX 256  /* due holds that one batch takes along */
#define SLICE_EVERY 64 /* buyers after which a batch takes a slice of the look-up index along */
#define SLICE_MAX 4    /* slices in one batch */
#define REST_SLICES 8  /* slices in one commit while nobody writes: a few milliseconds */
#define SOON (INT64_C(20000)) /* between looks at work that batches take along anyway */
#define STEP USEC_PER_SEC     /* of the wall clock, from which on deadlines do not follow */
#define IDLE (INT64_C(60) * USEC_PER_SEC)

bool frame_is_grave(const struct err *e)
{
	return e->code == TIX_ESTOPPED ||
	       (e->code == TIX_EUNAVAILABLE &&
		   (strcmp(e->field, "disk") == 0 || strcmp(e->field, "store") == 0));
}

static void fail_call(struct call *c, const struct err *e)
{
	c->err = *e;
	c->result = e->code;
	c->seq = 0;
}

static int fail_all(struct writer *w, struct call **calls, int n, const struct err *e)
{
	struct err shown = *e;

	if (e->code == TIX_ESTOPPED && w->stopped.code == 0)
		w->stopped = *e;
	if (shown.hint[0] == '\0' && err_info(shown.code)->retryable)
		err_hint(&shown, "%s; send it again with the same key",
		    shown.code == TIX_ESTOPPED ? "whether it was kept shows after a restart"
					       : "nothing was kept");
	for (int i = 0; i < n; i++)
		fail_call(calls[i], &shown);
	return e->code;
}

static void undo(struct writer *w)
{
	db_rollback(w->db);
	w->now = w->kept;
	if (w->kept.published == 0)
		arena_reset(w->pub_arena); /* or its records would count twice when they come again */
	catalogue_clear(w);
	w->held_checked = 0;
	if (!w->sliced)
		return;
	lookup_undone(w->lookup);
	w->idem.active = false;
}

/* Deadlines are kept by the time since boot, so that setting the wall clock takes no seats away and
 * gives none longer. Small corrections are followed, and all of them while nothing is held. */
void writer_clock(struct writer *w)
{
	int64_t now = clock_now(w->core->clock), boot = clock_mono(w->core->clock);
	int64_t off = w->anchor + boot - now;

	if (now > w->clock)
		w->clock = now;
	if (w->held_checked == INT64_MAX || (off < STEP && off > -STEP)) {
		w->anchor = now - boot;
		off = 0;
	}
	w->due = now + off;
	atomic_store_explicit(&w->core->step, off, memory_order_relaxed);
}

static int begin(struct writer *w, struct err *err)
{
	int r;

	writer_clock(w);
	w->sliced = false;
	catalogue_trim(w);
	r = db_begin(w->db, err);
	if (r == 0 && FAILPOINT("batch.begin") < 0)
		r = err_set(err, TIX_EINTERNAL, NULL, "failpoint");
	return r;
}

static int commit(struct writer *w, struct err *err)
{
	int r = 0;

	if (FAILPOINT("batch.written") < 0)
		r = err_set(err, TIX_EINTERNAL, NULL, "failpoint");
	if (r == 0)
		r = db_commit(w->db, err);
	if (r < 0)
		return r;
	w->unsliced += w->now.next[TABLE_person] - w->kept.next[TABLE_person];
	w->kept = w->now;
	(void)FAILPOINT("batch.committed"); /* what is durable cannot fail any more */
	return 0;
}

void frame_own_call(struct writer *w, struct call *c)
{
	static const struct principal system_principal = {.name = "system"};

	*c = (struct call){.core = w->core,
	    .db = w->db,
	    .writer = w,
	    .who = &system_principal,
	    .arena = w->pub_arena,
	    .now = w->clock,
	    .due = w->due};
}

static bool holds_due(const struct writer *w)
{
	return w->held_checked <= w->due;
}

/* At most max holds that are over, 0: all. Returns how many or < 0. */
static int sweep_some(struct writer *w, int max, struct err *err)
{
	struct call c;
	int r;

	if (!holds_due(w))
		return 0;
	frame_own_call(w, &c);
	r = hold_sweep(&c, max);
	if (r < 0)
		*err = c.err;
	return r;
}

static int sweep(struct writer *w, struct err *err)
{
	return sweep_some(w, SWEEP_MAX, err);
}

static int reload(struct call *c)
{
	return c->op->reload ? c->op->reload(c, c->subject, c->out) : 0;
}

/* Marks what every reply of a mutating method says. */
static void mark_reply(struct call *c, bool dry, bool replayed)
{
	struct mut_out *out = c->out;

	if (!c->op->mutates)
		return;
	out->odd_times = c->odd;
	if (c->odd.n)
		out->present |= UINT64_C(1) << IX_mut_out_odd_times;
	if (c->unchanged) {
		out->unchanged = true;
		out->present |= UINT64_C(1) << IX_mut_out_unchanged;
		c->seq = c->seq ? c->seq : c->writer->now.seq;
	}
	if (dry) {
		out->dry_run = true;
		out->present |= UINT64_C(1) << IX_mut_out_dry_run;
	}
	if (replayed) {
		out->replayed = true;
		out->present |= UINT64_C(1) << IX_mut_out_replayed;
	}
	if (c->seq && !dry) {
		out->seq = c->seq;
		out->present |= UINT64_C(1) << IX_mut_out_seq;
	}
}

static int pass(struct call *c, int failpoint)
{
	return failpoint < 0 ? err_set(&c->err, TIX_EINTERNAL, NULL, "failpoint") : 0;
}

static int run_call(struct writer *w, struct call *c, bool dry)
{
	bool replayed = false;
	int r;

	c->writer = w;
	c->db = w->db;
	c->core = w->core;
	c->now = w->clock;
	c->due = w->due;
	c->subject = 0;
	c->seq = 0;
	c->unchanged = false;
	c->odd = (struct shape_list){0};
	err_clear(&c->err);
	memset(c->out, 0, c->op->out_size);
	r = redirect_scope(c);
	if (r == 0)
		r = idem_find(c, &replayed);
	if (r == 0)
		r = replayed ? reload(c) : c->op->run(c, c->in, c->out);
	if (r == 0)
		r = pass(c, FAILPOINT("batch.called"));
	if (r == 0 && !replayed && !dry)
		r = idem_keep(c);
	if (r == 0)
		r = pass(c, FAILPOINT("batch.keyed"));
	if (r < 0 && c->err.code == 0)
		err_set(&c->err, r, NULL, NULL);
	c->result = r < 0 ? r : 0;
	if (r >= 0)
		mark_reply(c, dry, replayed);
	return c->result;
}

/* Runs a call in the open transaction. 0: it went well or wrote nothing; 1: it failed after it
 * wrote; < 0: grave. */
static int try_call(struct writer *w, struct call *c, bool dry, struct err *err)
{
	int64_t before = db_changes(w->db);
	int r = run_call(w, c, dry);

	if (r == 0)
		return 0;
	if (frame_is_grave(&c->err)) {
		*err = c->err;
		return r;
	}
	return !db_in_transaction(w->db) || db_changes(w->db) != before;
}

/* Runs calls in the open transaction, as try_call. Nobody is refused for the sake of a hold that is
 * over: when a batch did not take all of those along, it does so now, and the call is tried again.
 */
static int run_calls(struct writer *w, struct call **calls, int n, bool dry, struct err *err)
{
	int r = 0;

	for (int i = 0; i < n && r == 0; i++) {
		r = try_call(w, calls[i], dry, err);
		if (r != 0 || calls[i]->result == 0 || !holds_due(w))
			continue;
		r = sweep_some(w, 0, err);
		if (r >= 0)
			r = try_call(w, calls[i], dry, err);
	}
	return r;
}

/* The look-up index grows along with the orders, without commits of its own. */
static int slice(struct writer *w, struct err *err)
{
	int64_t last = w->kept.next[TABLE_person] - 1;
	int r = 1;

	if (w->unsliced > SLICE_MAX * SLICE_EVERY)
		w->unsliced = SLICE_MAX * SLICE_EVERY;
	w->sliced = w->sliced || w->unsliced >= SLICE_EVERY;
	for (; r == 1 && w->unsliced >= SLICE_EVERY; w->unsliced -= SLICE_EVERY)
		r = lookup_slice(w->lookup, w->db, last, false, err);
	return r;
}

/* One transaction. Returns as run_calls; when 1, nothing was kept and the call that failed has its
 * error. */
static int run_group(struct writer *w, struct call **calls, int n, bool dry)
{
	struct err err = {0};
	int r = begin(w, &err);

	if (r == 0)
		r = sweep(w, &err);
	if (r >= 0)
		r = run_calls(w, calls, n, dry, &err);
	if (r == 1 || (r == 0 && dry)) {
		undo(w);
		return r;
	}
	if (r == 0)
		r = slice(w, &err);
	if (r >= 0)
		r = commit(w, &err);
	if (r < 0) {
		undo(w);
		return fail_all(w, calls, n, &err);
	}
	return 0;
}

static int run_singly(struct writer *w, struct call **calls, int n)
{
	int r = 0;

	for (int i = 0; i < n && r >= 0; i++) {
		r = run_group(w, calls + i, 1, false);
		if (r < 0)
			fail_all(w, calls + i, n - i, &calls[i]->err);
	}
	return r < 0 ? r : 0;
}

static bool is_dry(const struct call *c)
{
	return c->op->mutates && ((const struct mut_in *)c->in)->dry_run;
}

int writer_batch(struct writer *w, struct call **calls, int n)
{
	int r = 0;

	journal_reset(w);
	if (w->stopped.code)
		return fail_all(w, calls, n, &w->stopped);
	w->busy = true;
	for (int i = 0; i < n && r >= 0;) {
		bool dry = is_dry(calls[i]);
		int m = 1;

		while (!dry && i + m < n && !is_dry(calls[i + m]))
			m++;
		r = run_group(w, calls + i, m, dry);
		if (r == 1 && m > 1)
			r = run_singly(w, calls + i, m);
		i += m;
		if (r < 0)
			fail_all(w, calls + i, n - i, &calls[i - 1]->err);
	}
	return r < 0 ? r : 0;
}

/* A transaction around one piece of housekeeping. */
static int tend_one(
    struct writer *w, int (*step)(struct writer *w, struct err *err), struct err *err)
{
	int done, r = begin(w, err);

	done = r == 0 ? step(w, err) : r;
	r = done >= 0 ? commit(w, err) : done;
	if (r < 0) {
		undo(w);
		if (r == TIX_ESTOPPED && w->stopped.code == 0)
			w->stopped = *err;
		return r;
	}
	return done;
}

static int step_lookup(struct writer *w, struct err *err)
{
	int n = 0, r = 1;

	w->sliced = true;
	while (r == 1 && n < REST_SLICES) {
		r = lookup_slice(w->lookup, w->db, w->kept.next[TABLE_person] - 1, true, err);
		n += r == 1;
	}
	return r < 0 ? r : n > 0;
}

static int step_keys(struct writer *w, struct err *err)
{
	w->sliced = true;
	return idem_slice(w, err);
}

/* Microseconds until the next hold runs out; 0 when one is due. */
static int64_t until_due(struct writer *w, int64_t now, struct err *err)
{
	struct q q;
	int64_t wait = IDLE;
	int r;

	q_start(&q, w->db, SQL_hold_next_due, err);
	r = q_step(&q);
	if (r == 1)
		wait = q_col(&q, 0) > now ? q_col(&q, 0) - now : 0;
	q_end(&q);
	return r < 0 ? r : wait;
}

/* A slice of a job; one that met what it could not undo is done again at once. */
static int tend_job(struct writer *w, bool busy, struct err *err)
{
	int r;

	w->job.busy = busy;
	r = tend_one(w, job_slice, err);
	return r < 0 && w->job.redo ? 1 : r;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t writer_tend(struct writer *w)
{
	struct err err = {0};
	int64_t wait, jobs;
	bool busy = w->busy;
	bool pending = lookup_pending(w->lookup, w->kept.next[TABLE_person] - 1, true);
	int r = 0;

	journal_reset(w);
	w->busy = false;
	if (w->stopped.code)
		return w->stopped.code;
	writer_clock(w);
	wait = until_due(w, w->due, &err);
	jobs = wait >= 0 ? job_wait(w, IDLE, &err) : wait;
	if (jobs < 0)
		return jobs;
	if (wait == 0) {
		r = tend_one(w, sweep, &err);
	} else if (pending && !busy) {
		r = tend_one(w, step_lookup, &err);
	} else if (w->idem.active || w->idem.next_at <= w->clock) {
		r = tend_one(w, step_keys, &err);
	} else if (jobs == 0) {
		r = tend_job(w, busy, &err);
		jobs = busy ? SOON : 0;
	}
	if (r < 0)
		return r;
	if (r > 0 && jobs != SOON)
		return 0;
	wait = least(least(wait, jobs), IDLE);
	return pending ? least(wait, SOON) : wait;
}

void reader_run(struct call *c)
{
	int r;

	err_clear(&c->err);
	c->writer = NULL;
	c->now = clock_now(c->core->clock);
	c->odd = (struct shape_list){0};
	memset(c->out, 0, c->op->out_size);
	r = db_begin(c->db, &c->err);
	if (r == 0) {
		r = redirect_scope(c);
		if (r == 0)
			r = c->op->run(c, c->in, c->out);
		db_rollback(c->db);
	}
	if (r < 0 && c->err.code == 0)
		err_set(&c->err, r, NULL, NULL);
	c->result = r < 0 ? r : 0;
}
