/* SPDX-License-Identifier: MIT */
/* Asks now and then how far a job is; the job does not need us. */
#include "cli/job.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "cli/value.h"

#define FIRST_PAUSE_US 50000
#define PAUSE_US 500000
#define PATIENCE_US (60 * USEC_PER_SEC) /* with a daemon that is gone */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

struct follow {
	struct cli *c;
	const char *job;
	int64_t seen; /* monotonic microseconds */
	struct progress progress;
};

const struct opt *job_opts(const struct rpc_method *m)
{
	static const struct opt detach[] = {
	    {"detach", NULL, "do not wait for the job"}, {NULL, NULL, NULL}};
	static const struct opt wait[] = {{"wait", NULL, "until it has ended"}, {NULL, NULL, NULL}};

	return m->flags & RPC_JOB ? detach : m->id == RPC_job_show ? wait : NULL;
}

static const char *state_of(const json_t *job)
{
	return value_text(job, "state");
}

static bool is_over(const json_t *job)
{
	return strcmp(state_of(job), "running") != 0 && strcmp(state_of(job), "paused") != 0;
}

static int64_t tried(const json_t *job)
{
	return value_i64(job, "done") + value_i64(job, "failed") + value_i64(job, "skipped");
}

/* One look at the job; a daemon that is gone may come again. 1: not now. */
static int ask(struct follow *f, json_t **ret, struct err *e)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "job", f->job);
	int64_t now;
	int r = call(f->c, &rpc_methods[RPC_job_show], params, ret, e);

	now = clock_mono(clock_system());
	if (r == 0)
		f->seen = now;
	return r < 0 && err_info(r)->retryable && now - f->seen < PATIENCE_US ? 1 : r;
}

static int wait_for(struct follow *f, json_t **ret, struct err *e)
{
	int64_t pause = FIRST_PAUSE_US;

	for (;;) {
		AUTO(json) json_t *job = NULL;
		int r = ask(f, &job, e);

		if (r < 0)
			return r;
		if (r == 0 && is_over(job)) {
			*ret = TAKE(job);
			return 0;
		}
		if (r == 0)
			progress_at(&f->progress, tried(job), value_i64(job, "total"),
			    strcmp(state_of(job), "paused") == 0 ? "paused" : "");
		if (interrupted)
			return 1;
		if (!call_pause(f->c, pause))
			return err_set(
			    e, TIX_ETIMEOUT, NULL, "%s has not ended within --timeout", f->job);
		pause = pause * 2 < PAUSE_US ? pause * 2 : PAUSE_US;
	}
}

/* What it came to, in one line. */
static void say_end(struct follow *f, const json_t *job)
{
	const char *error = json_string_value(json_object_get(job, "error"));

	if (f->c->quiet)
		return;
	out_say(f->c, "%s %s: %" PRId64 " done, %" PRId64 " failed, %" PRId64 " skipped%s%s",
	    f->job, state_of(job), value_i64(job, "done"), value_i64(job, "failed"),
	    value_i64(job, "skipped"), error ? ": " : "", error ? error : "");
	if (value_i64(job, "failed") > 0)
		out_hint(f->c, "next: tix job report %s --state failed", f->job);
}

/* ^C leaves the job alone. */
int job_await(struct cli *c, const char *name, json_t **ret, struct err *e)
{
	struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART}, old;
	struct follow f = {.c = c, .job = name, .seen = clock_mono(clock_system())};
	int r;

	progress_begin(&f.progress, c, name);
	interrupted = 0;
	sigaction(SIGINT, &action, &old);
	r = wait_for(&f, ret, e);
	sigaction(SIGINT, &old, NULL);
	progress_end(&f.progress);
	if (r == 0) {
		say_end(&f, *ret);
		if (value_i64(*ret, "failed") > 0 || strcmp(state_of(*ret), "done") != 0)
			c->answer = 1;
		return 0;
	}
	if (r == 1) {
		out_say(c, "%s goes on; tix job show %s", name, name);
		c->answer = 128 + SIGINT;
		return 0;
	}
	err_hint(e, "%s goes on; tix job show %s --wait", name, name);
	return r;
}

int job_follow(
    struct cli *c, const struct rpc_method *m, const struct args *a, json_t **result, struct err *e)
{
	AUTO(json) json_t *job = NULL;
	const char *text = json_string_value(json_object_get(*result, "job"));
	const char *name = text ? arena_strdup(c->arena, text) : NULL;
	int r;

	if (!name || json_is_true(json_object_get(*result, "dry_run")))
		return 0;
	if (m->flags & RPC_JOB ? args_opt(a, "detach") != NULL
			       : m->id != RPC_job_show || !args_opt(a, "wait"))
		return 0;
	r = job_await(c, name, &job, e);
	if (r == 0 && job && m->out == &shape_job_info) {
		json_decref(*result);
		*result = TAKE(job);
	}
	return r;
}
