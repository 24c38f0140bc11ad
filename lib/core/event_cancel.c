/* SPDX-License-Identifier: MIT */
/* Calling off an event that has orders: it is off at once, its orders follow in a job. */
#include "core/event_cancel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/hold.h"
#include "core/job_kind.h"
#include "core/money_rec.h"
#include "core/refund.h"
#include "model/states.h"

static int count(struct call *c, int64_t event, struct event_stake *s)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_event_stake, &c->err);
	q_i64(&q, 1, event);
	while ((r = q_step(&q)) == 1) {
		int state = (int)q_col(&q, 0);

		s->orders += q_col(&q, 1);
		if (state == order_state_held)
			s->held += q_col(&q, 1);
		else if (state == order_state_pending)
			s->pending += q_col(&q, 1);
		else if (state != order_state_cancelled)
			s->sold += q_col(&q, 1);
	}
	q_end(&q);
	return r;
}

static bool is_any(const struct event_stake *s)
{
	return s->sold + s->pending + s->held > 0;
}

/* "fair has 3 paid orders, 1 awaiting payment and 2 held", in the arena. */
static const char *stake_text(
    struct call *c, const struct event_row *row, const struct event_stake *s)
{
	char waits[40] = "", held[40] = "";

	if (s->pending)
		snprintf(waits, sizeof(waits), "%s %" PRId64 " awaiting payment",
		    s->held ? "," : " and", s->pending);
	if (s->held)
		snprintf(held, sizeof(held), " and %" PRId64 " held", s->held);
	return arena_printf(c->arena, "%s has %" PRId64 " paid order%s%s%s", row->slug, s->sold,
	    s->sold == 1 ? "" : "s", waits, held);
}

/* A dry run says what to confirm. */
static int show_stake(
    struct call *c, const struct event_row *row, const char *what, struct event *out)
{
	const struct mut_in *in = c->in;

	if (!in->dry_run)
		return 0;
	out->confirm = arena_strdup(c->arena, row->slug);
	out->stake = what;
	if (!out->confirm)
		return row_no_memory(c);
	SET(out, event, confirm);
	SET(out, event, stake);
	return 0;
}

int event_stake(struct call *c, const struct event_cancel_in *in, const struct event_row *row,
    struct event_stake *ret, struct event *out)
{
	struct event_stake s = {.orders = 0};
	struct money fee = {.amount = 0};
	const char *what;
	int r = count(c, row->id, &s);

	if (r == 0 && HAS(in, event_cancel_in, keep_fee))
		r = call_money(c, &in->keep_fee, row->currency, "keep_fee", &fee);
	s.fee = fee.amount;
	*ret = s;
	if (r < 0 || (!is_any(&s) && !in->confirm))
		return r;
	what = stake_text(c, row, &s);
	if (!what)
		return row_no_memory(c);
	r = call_confirm(c, in->confirm, row->slug, what);
	return r == 0 && is_any(&s) ? show_stake(c, row, what, out) : r;
}

int event_cancel_orders(struct call *c, const struct event_cancel_in *in,
    const struct event_row *row, const struct event_stake *stake, struct event *out)
{
	struct job_plan plan = {.kind = job_kind_event_cancel,
	    .event = row->id,
	    .event_slug = row->slug,
	    .total = stake->orders,
	    .rate = HAS(in, event_cancel_in, rate) ? in->rate : 0};
	int64_t job = 0;
	int r;

	if (!is_any(stake))
		return 0;
	plan.params = arena_printf(
	    c->arena, "{\"refund\":%d,\"keep_fee\":%" PRId64 "}", in->refund, stake->fee);
	if (!plan.params)
		return row_no_memory(c);
	r = job_start(c, &plan, &job);
	if (r < 0)
		return r;
	c->subject = row->id;
	out->job = job_name(c, job);
	SET(out, event, job);
	return out->job ? 0 : row_no_memory(c);
}

int event_cancel_load(struct call *c, int64_t id, struct event *out)
{
	struct q q;
	int r = event_load(c, id, out);

	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_job_of_event, &c->err);
	q_i64(&q, 1, id);
	q_i64(&q, 2, job_kind_event_cancel);
	r = q_step(&q);
	if (r == 1) {
		out->job = job_name(c, q_col(&q, 0));
		SET(out, event, job);
		r = out->job ? 0 : row_no_memory(c);
	}
	q_end(&q);
	return r;
}

int event_cancel_next(
    struct call *c, const struct job_rec *job, int64_t after, int max, int64_t *ret)
{
	struct q q;

	q_start(&q, c->db, SQL_event_orders, &c->err);
	q_i64(&q, 1, job->event);
	q_i64(&q, 2, after);
	q_i64(&q, 3, max);
	return q_ids(&q, max, ret);
}

static int64_t param(const struct job_rec *job, const char *name)
{
	AUTO(json) json_t *v = NULL;

	if (json_parse_strict(job->params, strlen(job->params), JSON_DEPTH_DEFAULT, &v, NULL) < 0)
		return 0;
	return json_integer_value(json_object_get(v, name));
}

static int release(struct call *c, const char *code)
{
	struct hold_act_in in = {.hold = code};
	struct hold out = {.present = 0};

	return hold_release(c, &in, &out);
}

/* Whether nothing is to be done: it is over, or the sweep will see to it. */
static bool is_over(const struct call *c, const struct order_rec *row)
{
	bool waits = row->state == order_state_held || row->state == order_state_pending;

	return (waits && row->expires <= c->due) || row->state == order_state_cancelled ||
	       row->state == order_state_expired || row->state == order_state_released;
}

/* The money that a cancelled order has too much. */
static int give_back(struct call *c, int64_t id, const char *code, int kind)
{
	struct refund_create_in in = {.code = code, .kind = kind};
	struct refund out = {.present = 0};
	struct money_rec m = {0};
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r == 1)
		r = money_rec_get(c, &row, &m);
	if (r < 0 || money_balance(&row, &m) <= 0)
		return r;
	return refund_create(c, &in, &out);
}

/* What is kept of an order: no more than it cost and no more than came in, since who has not paid
 * owes nothing for an event that is off. */
static int64_t fee_of(int64_t fee, const struct order_rec *row, const struct money_rec *m)
{
	int64_t here = m->captured - m->refunded, owed = money_owed(row, m);

	fee = fee < here ? fee : here;
	return fee < owed ? fee : owed;
}

int event_cancel_run(struct call *c, const struct job_rec *job, int64_t id)
{
	struct order_cancel_in in = {.keep_fee.money.amount = param(job, "keep_fee")};
	int kind = (int)param(job, "refund");
	struct order out = {.present = 0};
	struct money_rec m = {0};
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0)
		return r < 0 ? r : JOB_SKIPPED;
	in.code = order_code(c, id);
	if (!in.code)
		return c->err.code;
	if (is_over(c, &row))
		return JOB_SKIPPED;
	if (row.state == order_state_held)
		return release(c, in.code);
	r = money_rec_get(c, &row, &m);
	if (r < 0)
		return r;
	in.keep_fee.money.amount = fee_of(in.keep_fee.money.amount, &row, &m);
	memcpy(in.keep_fee.money.currency, row.event.currency, sizeof(in.keep_fee.money.currency));
	SET(&in, order_cancel_in, keep_fee);
	r = order_cancel(c, &in, &out);
	return r == 0 && kind ? give_back(c, id, in.code, kind) : r;
}
