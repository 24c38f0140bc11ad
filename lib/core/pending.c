/* SPDX-License-Identifier: MIT */
/* From an order that was placed to one that is paid, or to its end when its time is over. */
#include "core/pending.h"

#include <inttypes.h>

#include "base/when.h"
#include "core/hold.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/refund.h"
#include "core/rows.h"

#define DAY (INT64_C(86400) * USEC_PER_SEC)

/* The default, whole days by the event's calendar. */
static int usual(struct call *c, const struct event_ref *event, int64_t *ret)
{
	int64_t span = c->core->bank_deadline;
	const char *days;

	*ret = c->now + span;
	if (span % DAY != 0)
		return 0;
	days = arena_printf(c->arena, "+%" PRId64 "d", span / DAY);
	return days ? call_when(c, event, days, false, NULL, ret) : call_no_memory(c);
}

int pending_deadline(struct call *c, const char *slug, const char *text, int64_t *ret)
{
	char start[WHEN_TEXT_MAX];
	struct event_ref event;
	int64_t at;
	int r = call_event(c, slug, &event);

	if (r == 0 && event.start <= c->now)
		r = err_set(&c->err, TIX_EWRONG_STATE, "event",
		    "the event %s has begun: too late for a bank transfer", slug);
	if (r == 0)
		r = text ? call_when(c, &event, text, true, "expires", &at) : usual(c, &event, &at);
	if (r < 0)
		return r;
	if (text && at > event.start)
		return err_set(&c->err, TIX_EBAD_VALUE, "expires", "the event starts at %s",
		    when_rfc3339(event.start, start, sizeof(start)));
	if (at > event.start)
		at = event.start;
	if (at <= c->now)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, "expires", "the deadline must be later than now");
	*ret = at + c->due - c->now;
	return 0;
}

int pending_state(const struct call *c, const struct order_rec *row)
{
	bool over = row->state == order_state_pending && row->expires <= c->due;

	return over ? order_state_expired : row->state;
}

static int record_expired(struct call *c, const struct order_rec *row, int64_t credit)
{
	return order_later(c, row, "order.expired", order_code(c, row->id),
	    arena_printf(c->arena,
		"{\"tickets\":%" PRId64 ",\"credited\":%" PRId64 ",\"currency\":\"%s\"}",
		row->tickets, credit, row->event.currency));
}

int pending_expire(struct call *c, struct order_rec *row)
{
	struct money_rec m = {0};
	int64_t credit, left;
	struct sale s;
	int r = order_rec_lines(c, row, true, &s);

	if (r == 0)
		r = money_rec_get(c, row, &m);
	if (r == 0)
		r = sale_take(c, &s, SALE_UNHOLD);
	if (r == 0)
		r = q_run(c->db, SQL_order_set_state, &c->err, 3,
		    (const int64_t[]){order_state_expired, row->id, row->state});
	if (r < 0)
		return r;
	row->state = order_state_expired;
	credit = money_owed(row, &m);
	r = money_move(c, row, &m, &(struct money_rec){.credited = credit});
	if (r == 0)
		r = record_expired(c, row, credit);
	if (r == 0)
		r = money_credit(c, row, credit);
	left = money_balance(row, &m);
	if (r == 0 && left > 0)
		r = refund_pending(c, row, &m, refund_kind_bank, left, NULL);
	return r;
}

int pending_sold(struct call *c, struct order_rec *row, const struct sale *s)
{
	int r = q_run(c->db, SQL_order_sold, &c->err, 1, &row->id);

	row->state = order_state_paid;
	row->expires = TIME_NONE;
	if (r >= 0)
		r = order_make_tickets(c, row->id, s);
	return r < 0 ? r : order_record_paid(c, row);
}

int pending_settle(struct call *c, struct order_rec *row, const struct money_rec *m)
{
	struct sale s;
	int r;

	if (row->state != order_state_pending || row->event.status == event_status_cancelled ||
	    m->captured - m->refunded < money_owed(row, m))
		return 0;
	r = order_rec_lines(c, row, true, &s);
	if (r == 0)
		r = sale_take(c, &s, SALE_CONVERT);
	return r < 0 ? r : pending_sold(c, row, &s);
}

static int plan_extend(
    struct call *c, const struct order_extend_in *in, struct order_rec *row, int64_t *ret_expires)
{
	struct state_step step = {.subject = in->code,
	    .field = "code",
	    .to = order_state_pending,
	    .method = "order.extend"};
	int n = 0, r = order_rec_find(c, in->code, "code", row, &n);

	if (r < 0)
		return r;
	step.from = pending_state(c, row);
	r = call_state(c, &enum_set_order_state, &step);
	if (r == 0)
		r = pending_deadline(c, row->event.slug, in->expires, ret_expires);
	if (r == 0 && in->expires && *ret_expires < row->expires)
		r = err_set(&c->err, TIX_EBAD_VALUE, "expires", "it may wait longer already");
	return r;
}

int order_extend(struct call *c, const struct order_extend_in *in, struct order *out)
{
	char text[WHEN_TEXT_MAX];
	struct order_rec row;
	int64_t expires;
	int r = plan_extend(c, in, &row, &expires);

	if (r < 0)
		return r;
	if (expires > row.expires)
		row.expires = expires;
	c->subject = row.id;
	r = q_run(c->db, SQL_order_expires, &c->err, 2, (const int64_t[]){row.expires, row.id});
	if (r >= 0)
		r = order_later(c, &row, "order.extended", order_code(c, row.id),
		    arena_printf(c->arena, "{\"expires\":\"%s\"}",
			when_rfc3339(row.expires, text, sizeof(text))));
	return r < 0 ? r : order_load(c, row.id, out);
}
