/* SPDX-License-Identifier: MIT */
/* The law of jobs: what a job says of its items is what their rows say, and each did what the
 * journal has a record of. */
#include <stdio.h>

#include "core/audit_law.h"
#include "core/import_job.h"
#include "core/job_kind.h"

#define JOBS_MAX 64

struct job_sum {
	int64_t id, cursor, total, ended;
	int64_t count[job_item_state_skipped + 1]; /* by its own counters */
	int64_t seen[job_item_state_skipped + 1];  /* by the rows */
	int kind, state;
};

static const char *subject_of(const struct job_sum *job, char out[24])
{
	snprintf(out, 24, "j%lld", (long long)job->id);
	return out;
}

static void check_item(struct auditor *a, struct job_sum *job, struct q *q, int64_t head)
{
	int64_t subject = q_col(q, 0), state = q_col(q, 1), seq = q_col(q, 3);
	char name[24];

	if (!enum_word(&enum_set_job_item_state, (int)state)) {
		audit_find(a, audit_severity_broken, subject_of(job, name),
		    "item %lld is in no known state", (long long)subject);
		return;
	}
	job->seen[state]++;
	if (seq < 0 || seq > head)
		audit_find(a, audit_severity_broken, subject_of(job, name),
		    "item %lld did what record %lld says, which there is not", (long long)subject,
		    (long long)seq);
	if ((state == job_item_state_failed) == q_isnull(q, 2))
		audit_find(a, audit_severity_broken, subject_of(job, name),
		    "item %lld is %s, but %s error is kept", (long long)subject,
		    enum_word(&enum_set_job_item_state, (int)state), q_isnull(q, 2) ? "no" : "an");
	if (subject > job->cursor)
		audit_find(a, audit_severity_broken, subject_of(job, name),
		    "item %lld was tried, the job is at %lld", (long long)subject,
		    (long long)job->cursor);
}

static int read_items(struct auditor *a, struct job_sum *job, int64_t head)
{
	int64_t after = INT64_MIN;
	int max = audit_slice(a), n = max, r = 0;

	while (r >= 0 && n == max) {
		struct q q;

		q_start(&q, a->c->db, SQL_audit_job_items, &a->c->err);
		q_i64(&q, 1, job->id);
		q_i64(&q, 2, after);
		q_i64(&q, 3, max);
		for (n = 0; (r = q_step(&q)) == 1; n++) {
			check_item(a, job, &q, head);
			after = q_col(&q, 0);
		}
		q_end(&q);
		a->law->checked += n;
		audit_pause(a);
	}
	return r < 0 ? r : 0;
}

static void check_job(struct auditor *a, const struct job_sum *job)
{
	const struct job_ops *ops = job_ops(job->kind);
	bool over = job->state != job_state_running && job->state != job_state_paused;
	int64_t all = 0;
	char name[24];

	subject_of(job, name);
	for (int s = job_item_state_done; s <= job_item_state_skipped; s++) {
		all += job->count[s];
		if (ops && ops->brief && s != job_item_state_failed)
			continue;
		if (job->count[s] != job->seen[s])
			audit_find(a, audit_severity_broken, name,
			    "%lld items are %s, by its counter %lld", (long long)job->seen[s],
			    enum_word(&enum_set_job_item_state, s), (long long)job->count[s]);
	}
	if (!ops || !enum_word(&enum_set_job_state, job->state))
		audit_find(a, audit_severity_broken, name, "of no known kind or in no known state");
	if (over != (job->ended != TIME_NONE))
		audit_find(a, audit_severity_broken, name,
		    over ? "over, but it has no end" : "not over, but it has an end");
	if (job->state == job_state_done ? all != job->total : all > job->total)
		audit_find(a, audit_severity_broken, name, "%lld items were tried, in all %lld",
		    (long long)all, (long long)job->total);
}

static int read_jobs(struct auditor *a, int64_t after, struct job_sum *ret)
{
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_jobs, &a->c->err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, JOBS_MAX);
	while (n < JOBS_MAX && (r = q_step(&q)) == 1)
		ret[n++] = (struct job_sum){
		    .id = q_col(&q, 0),
		    .kind = (int)q_col(&q, 1),
		    .state = (int)q_col(&q, 2),
		    .total = q_col(&q, 3),
		    .count = {0, q_col(&q, 4), q_col(&q, 5), q_col(&q, 6)},
		    .cursor = q_col(&q, 7),
		    .ended = q_isnull(&q, 8) ? TIME_NONE : q_col(&q, 8),
		};
	q_end(&q);
	return r < 0 ? r : n;
}

/* Rows of jobs that there are not. */
static int orphans(struct auditor *a)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_job_orphans, &a->c->err);
	q_i64(&q, 1, AUDIT_FINDINGS_MAX);
	while ((r = q_step(&q)) == 1) {
		char name[24];

		snprintf(name, sizeof(name), "j%lld", (long long)q_col(&q, 0));
		audit_find(a, audit_severity_broken, name, "an item without a job");
	}
	q_end(&q);
	return r;
}

/* Lines of imports that are kept although they are done, or of which no import knows. */
static int lines(struct auditor *a)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_job_lines, &a->c->err);
	q_i64(&q, 1, AUDIT_FINDINGS_MAX);
	while ((r = q_step(&q)) == 1) {
		char name[24];

		snprintf(name, sizeof(name), "j%lld", (long long)(q_col(&q, 0) / JOB_LINES));
		audit_find(a, audit_severity_broken, name,
		    "line %lld is kept, and nothing is to be done with it",
		    (long long)(q_col(&q, 0) % JOB_LINES));
	}
	q_end(&q);
	return r;
}

int law_jobs(struct auditor *a)
{
	struct job_sum jobs[JOBS_MAX];
	int64_t after = 0, head = 0;
	int n = JOBS_MAX, r;
	struct q q;

	q_start(&q, a->c->db, SQL_journal_head, &a->c->err);
	r = q_step(&q);
	if (r == 1)
		head = q_col(&q, 0);
	q_end(&q);
	while (r >= 0 && n == JOBS_MAX) {
		n = read_jobs(a, after, jobs);
		for (int i = 0; r >= 0 && i < n; i++) {
			after = jobs[i].id;
			r = read_items(a, &jobs[i], head);
			if (r == 0)
				check_job(a, &jobs[i]);
			a->law->checked++;
		}
		r = n < 0 ? n : r;
	}
	if (r >= 0)
		r = orphans(a);
	return r < 0 ? r : lines(a);
}
