/* SPDX-License-Identifier: MIT */
/* Beginning, pausing, stopping jobs. The work itself is done elsewhere, slice by slice. */
#include "core/job.h"

#include <inttypes.h>

#include "core/job_kind.h"
#include "core/journal.h"
#include "core/rows.h"
#include "core/writer.h"

static void bind_who(struct q *q, int first, const struct principal *who)
{
	q_i64(q, first, who->id);
	q_i64(q, first + 1, who->uid);
	q_i64(q, first + 2, who->roles);
	q_str(q, first + 3, who->name);
	q_str(q, first + 4, who->organizer);
	q_str(q, first + 5, who->event);
}

static int insert(struct call *c, const struct job_plan *plan, int64_t id)
{
	const struct mut_in *in = c->in;
	struct q q;

	q_start(&q, c->db, SQL_job_add, &c->err);
	q_i64(&q, 1, id);
	q_i64(&q, 2, plan->kind);
	if (plan->event)
		q_i64(&q, 3, plan->event);
	else
		q_null(&q, 3);
	bind_who(&q, 4, c->who);
	q_str(&q, 10, plan->params);
	q_str(&q, 11, in->reason && *in->reason ? in->reason : NULL);
	q_i64(&q, 12, c->now);
	q_i64(&q, 13, plan->total);
	q_i64(&q, 14, plan->rate);
	q_i64(&q, 15, plan->paused ? job_state_paused : job_state_running);
	return q_finish(&q);
}

int job_start(struct call *c, const struct job_plan *plan, int64_t *ret_id)
{
	int64_t id = writer_next_id(c->writer, TABLE_job);
	const char *name = job_name(c, id);
	const char *data = arena_printf(c->arena, "{\"kind\":\"%s\",\"total\":%" PRId64 "}",
	    enum_word(&enum_set_job_kind, plan->kind), plan->total);
	int r = name && data ? insert(c, plan, id) : row_no_memory(c);

	if (r == 0)
		r = journal_append(c, "job.started", name, plan->event, plan->event_slug, data);
	if (r == 0)
		*ret_id = id;
	return r;
}

int job_become(struct call *c, const struct job_rec *job, int state, const char *topic)
{
	bool over = state != job_state_running && state != job_state_paused;
	const char *name = job_name(c, job->id);
	const char *data = arena_printf(c->arena,
	    "{\"kind\":\"%s\",\"total\":%" PRId64 ",\"done\":%" PRId64 ",\"failed\":%" PRId64
	    ",\"skipped\":%" PRId64 "}",
	    enum_word(&enum_set_job_kind, job->kind), job->total, job->done, job->failed,
	    job->skipped);
	struct q q;
	int r;

	if (!name || !data)
		return row_no_memory(c);
	q_start(&q, c->db, SQL_job_state, &c->err);
	q_i64(&q, 1, state);
	q_time(&q, 2, over ? c->now : TIME_NONE);
	q_i64(&q, 3, job->id);
	q_i64(&q, 4, job->state);
	r = q_finish(&q);
	return r < 0 ? r : journal_append(c, topic, name, job->event, job->event_slug, data);
}

/* A change of state that somebody asks for. */
static int act(struct call *c, const char *text, int state, const char *method, const char *topic,
    struct job_info *out)
{
	struct state_step step = {.subject = text, .field = "job", .to = state, .method = method};
	struct job_rec job;
	int r = job_rec_find(c, text, &job);

	if (r < 0)
		return r;
	step.from = job.state;
	r = call_state(c, &enum_set_job_state, &step);
	if (r == 0)
		r = job_become(c, &job, state, topic);
	c->subject = job.id;
	return r < 0 ? r : job_load(c, job.id, out);
}

int job_pause(struct call *c, const struct job_act_in *in, struct job_info *out)
{
	return act(c, in->job, job_state_paused, "job.pause", "job.paused", out);
}

int job_resume(struct call *c, const struct job_act_in *in, struct job_info *out)
{
	return act(c, in->job, job_state_running, "job.resume", "job.resumed", out);
}

int job_stop(struct call *c, const struct job_act_in *in, struct job_info *out)
{
	return act(c, in->job, job_state_stopped, "job.stop", "job.stopped", out);
}

int job_retry(struct call *c, const struct job_retry_in *in, struct job_info *out)
{
	struct state_step step = {
	    .subject = in->job, .field = "job", .to = job_state_running, .method = "job.retry"};
	struct job_rec job;
	const char *data;
	int r = job_rec_find(c, in->job, &job);

	if (r < 0)
		return r;
	step.from = job.state;
	r = call_state(c, &enum_set_job_state, &step);
	if (r == 0 && job.failed == 0 && (in->failed || job.state == job_state_done))
		r = err_set(&c->err, TIX_EWRONG_STATE, "job", "%s is %s and nothing of it failed",
		    in->job, enum_word(&enum_set_job_state, job.state));
	if (r < 0)
		return r;
	r = q_run(c->db, SQL_job_retry, &c->err, 3,
	    (const int64_t[]){in->failed ? JOB_FAILED : JOB_AGAIN, job.id, job.state});
	c->subject = job.id;
	data = arena_printf(c->arena, "{\"failed\":%" PRId64 "}", job.failed);
	if (r >= 0)
		r = journal_append(
		    c, "job.retried", job_name(c, job.id), job.event, job.event_slug, data);
	return r < 0 ? r : job_load(c, job.id, out);
}
