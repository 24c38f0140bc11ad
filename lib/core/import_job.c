/* SPDX-License-Identifier: MIT */
/* Lines of an import, staged and then done one by one. What a line says is looked at only when its
 * turn comes. */
#include "core/import_job.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/import.h"
#include "core/import_order.h"
#include "core/job_kind.h"
#include "core/rows.h"

/* A zone and an organizer are words without anything to escape. */
static const char *params_of(struct call *c, const struct import_begin_in *in)
{
	return arena_printf(c->arena, "{\"kind\":\"%s\"%s%s%s%s%s%s}",
	    enum_word(&enum_set_import_kind, in->kind), in->zone ? ",\"zone\":\"" : "",
	    in->zone ? in->zone : "", in->zone ? "\"" : "",
	    in->organizer ? ",\"organizer\":\"" : "", in->organizer ? in->organizer : "",
	    in->organizer ? "\"" : "");
}

int import_begin(struct call *c, const struct import_begin_in *in, struct job_info *out)
{
	struct job_plan plan = {.kind = job_kind_import, .paused = true};
	int64_t id = 0;
	int r;

	if (in->kind == import_kind_orders && (in->zone || in->organizer))
		return err_set(&c->err, TIX_EBAD_VALUE, in->zone ? "zone" : "organizer",
		    "%s goes with events", in->zone ? "zone" : "organizer");
	if (HAS(in, import_begin_in, rate))
		plan.rate = in->rate;
	plan.params = params_of(c, in);
	if (!plan.params)
		return row_no_memory(c);
	r = job_start(c, &plan, &id);
	c->subject = id;
	return r < 0 ? r : job_load(c, id, out);
}

/* The greatest number that the job had. */
static int last_line(struct call *c, const struct job_rec *job, int64_t *ret)
{
	struct q q;
	int r;

	*ret = job->cursor;
	q_start(&q, c->db, SQL_job_line_last, &c->err);
	q_i64(&q, 1, job->id * JOB_LINES + job->cursor);
	q_i64(&q, 2, job->id * JOB_LINES + JOB_LINES - 1);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0) % JOB_LINES;
	q_end(&q);
	return r < 0 ? r : 0;
}

static int check_lines(
    struct call *c, const struct job_rec *job, const struct staged_line *lines, size_t n)
{
	int64_t last;
	int r = last_line(c, job, &last);

	for (size_t i = 0; r == 0 && i < n; i++) {
		if (lines[i].line <= last)
			return err_set(&c->err, TIX_EBAD_VALUE, "lines",
			    "line %" PRId64 " comes after line %" PRId64, lines[i].line, last);
		last = lines[i].line;
	}
	return r;
}

/* An import that waits. */
static int find(struct call *c, const char *text, struct job_rec *ret)
{
	int r = job_rec_find(c, text, ret);

	if (r < 0)
		return r;
	if (ret->kind != job_kind_import)
		return err_set(&c->err, TIX_EWRONG_STATE, "job", "%s is no import", text);
	if (ret->state != job_state_paused)
		return err_set(&c->err, TIX_EWRONG_STATE, "job",
		    "%s is %s: lines are added while it is paused", text,
		    enum_word(&enum_set_job_state, ret->state));
	return 0;
}

int import_add(struct call *c, const struct import_add_in *in, struct job_info *out)
{
	const struct staged_line *lines = in->lines.v;
	struct job_rec job;
	int r = find(c, in->job, &job);

	if (r == 0)
		r = check_lines(c, &job, lines, in->lines.n);
	for (size_t i = 0; r >= 0 && i < in->lines.n; i++) {
		struct q q;

		q_start(&q, c->db, SQL_job_line_add, &c->err);
		q_i64(&q, 1, job.id * JOB_LINES + lines[i].line);
		q_str(&q, 2, lines[i].row);
		r = q_finish(&q);
	}
	if (r >= 0)
		r = q_run(c->db, SQL_job_line_grow, &c->err, 2,
		    (const int64_t[]){(int64_t)in->lines.n, job.id});
	c->subject = job.id;
	return r < 0 ? r : job_load(c, job.id, out);
}

int import_next(struct call *c, const struct job_rec *job, int64_t after, int max, int64_t *ret)
{
	struct q q;
	int n;

	q_start(&q, c->db, SQL_job_line_next, &c->err);
	q_i64(&q, 1, job->id * JOB_LINES + after);
	q_i64(&q, 2, job->id * JOB_LINES + JOB_LINES - 1);
	q_i64(&q, 3, max);
	n = q_ids(&q, max, ret);
	for (int i = 0; i < n; i++)
		ret[i] %= JOB_LINES;
	return n;
}

static int read_line(struct call *c, int64_t id, const char **ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_job_line_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1)
		r = row_text(c, &q, 0, ret) < 0 ? c->err.code : 1;
	q_end(&q);
	return r;
}

static int decode(struct call *c, const struct shape *shape, const char *text, void *ret)
{
	if (!c->core->decode)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "nothing reads records here");
	return c->core->decode(shape, text, c->arena, ret, &c->err);
}

static int do_order(struct call *c, const char *text)
{
	struct import_order row = {.present = 0};
	struct order_import_in in = {.orders = {&row, 1}};
	struct order_import out = {.present = 0};
	int r = decode(c, &shape_import_order, text, &row);

	if (r == 0)
		r = order_import_rows(c, &in, &out);
	return r < 0 ? r : out.same ? JOB_SKIPPED : 0;
}

static int do_event(struct call *c, const json_t *params, const char *text)
{
	struct import_event row = {.present = 0};
	struct event_import_in in = {.events = {&row, 1}};
	struct event_import out = {.present = 0};
	int r = decode(c, &shape_import_event, text, &row);

	in.zone = json_string_value(json_object_get(params, "zone"));
	in.organizer = json_string_value(json_object_get(params, "organizer"));
	if (r == 0)
		r = event_import_rows(c, &in, &out);
	return r < 0 ? r : out.same ? JOB_SKIPPED : 0;
}

int import_run(struct call *c, const struct job_rec *job, int64_t line)
{
	AUTO(json) json_t *params = NULL;
	int64_t id = job->id * JOB_LINES + line;
	const char *text = NULL, *kind;
	int r = read_line(c, id, &text), w;

	if (r <= 0) /* erased meanwhile, with whom it named */
		return r < 0 ? r : JOB_SKIPPED;
	r = json_parse_strict(
	    job->params, strlen(job->params), JSON_DEPTH_DEFAULT, &params, &c->err);
	if (r < 0)
		return r;
	kind = json_string_value(json_object_get(params, "kind"));
	r = kind && strcmp(kind, "orders") == 0 ? do_order(c, text) : do_event(c, params, text);
	if (r < 0)
		return r;
	w = q_run(c->db, SQL_job_line_drop, &c->err, 1, &id);
	return w < 0 ? w : r;
}
