/* SPDX-License-Identifier: MIT */
/* Holds and their end. Seats go back when a hold is released, is sold, or runs out: the sweep sees
 * to the last, and to that of orders that were not paid in time. */
#include "core/hold.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"
#include "core/money_rec.h"
#include "core/order_find.h"
#include "core/order_log.h"
#include "core/order.h"
#include "core/page.h"
#include "core/pending.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/writer_state.h"

#define SWEEP_STEP 64
#define PARK (INT64_C(3600) * USEC_PER_SEC) /* until a hold is tried again that cannot be given back */
#define SCAN_MAX 2000 /* holds one page looks at */

static const struct principal sweeper = {.name = "system"};

static int show(struct call *c, const struct order_rec *row, const struct sale *s, struct hold *out)
{
	out->code = order_code(c, row->id);
	out->event = arena_strdup(c->arena, row->event.slug);
	if (!out->code || !out->event)
		return out->code ? call_no_memory(c) : c->err.code;
	out->state = row->state;
	out->total = sale_money(&row->event, row->total);
	out->expires = row->expires;
	out->created = row->created;
	return sale_show_lines(c, s, &out->line);
}

static int read_and_show(struct call *c, const struct order_rec *row, struct hold *out)
{
	struct sale s;
	int r = order_rec_lines(c, row, false, &s);

	return r < 0 ? r : show(c, row, &s, out);
}

int hold_load(struct call *c, int64_t id, struct hold *out)
{
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0)
		return r < 0 ? r : call_not_found(c, NULL, "hold", "");
	return read_and_show(c, &row, out);
}

int hold_alive(
    struct call *c, const struct order_rec *row, const char *field, int to, const char *method)
{
	struct state_step step = {
	    .subject = "the hold", .field = field, .from = row->state, .to = to, .method = method};
	char text[WHEN_TEXT_MAX];
	int r;

	if (row->state == order_state_held && row->expires <= c->due)
		step.from = order_state_expired;
	r = call_state(c, &enum_set_order_state, &step);
	if (r < 0 && step.from == order_state_expired && row->expires != TIME_NONE)
		err_hint(
		    &c->err, "it ran out at %s", when_rfc3339(row->expires, text, sizeof(text)));
	return r;
}

static int record(
    struct call *c, const char *topic, const struct order_rec *row, const char *code, bool later)
{
	char expires[WHEN_TEXT_MAX], *data;
	int r;

	data = arena_printf(c->arena,
	    "{\"tickets\":%" PRId64 ",\"total\":%" PRId64
	    ",\"currency\":\"%s\",\"expires\":\"%s\"}",
	    row->tickets, row->total, row->event.currency,
	    when_rfc3339(row->expires, expires, sizeof(expires)));
	if (!data)
		return call_no_memory(c);
	r = journal_append(c, topic, code, row->event.id, row->event.slug, data);
	return r < 0 || !later ? r : order_later_seq(c, row->id);
}

void hold_due_at(struct call *c, int64_t expires)
{
	if (expires < c->writer->held_checked)
		c->writer->held_checked = expires;
}

static int write_hold(struct call *c, const struct sale *s, const struct order_rec *row)
{
	int r = order_write_row(c, row);

	if (r == 0)
		r = sale_write_lines(c, s, row->id);
	hold_due_at(c, row->expires);
	return r;
}

/* When a hold that was made at created shall end: as asked, else the default from now. */
static int expiry(
    struct call *c, const struct event_ref *event, const char *text, int64_t created, int64_t *ret)
{
	int64_t last = c->core->hold_max ? created + c->core->hold_max : INT64_MAX;
	char shown[WHEN_TEXT_MAX];
	int r = call_when(c, event, text, false, "expires", ret);

	if (r < 0)
		return r;
	if (!text)
		*ret = c->now + c->core->hold_default;
	if (!text && *ret > last && last > c->now)
		*ret = last;
	if (*ret <= c->now)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, "expires", "a hold must end later than now");
	if (*ret > last) {
		err_set(&c->err, TIX_ELIMIT, "expires", "a hold may last until %s, not longer",
		    when_rfc3339(last, shown, sizeof(shown)));
		err_fact(&c->err, "max_seconds", c->core->hold_max / USEC_PER_SEC);
		return TIX_ELIMIT;
	}
	*ret += c->due - c->now;
	return 0;
}

int hold_create(struct call *c, const struct hold_create_in *in, struct hold *out)
{
	struct order_rec row = {.state = order_state_held, .created = c->now};
	struct sale s;
	int r = sale_plan(c, in->event, &in->line, false, &s);

	if (r == 0)
		r = expiry(c, &s.event, in->expires, c->now, &row.expires);
	if (r == 0)
		r = sale_take(c, &s, SALE_HOLD);
	if (r < 0)
		return r;
	row.id = writer_next_id(c->writer, TABLE_order);
	row.event = s.event;
	row.tickets = s.tickets;
	row.total = s.total;
	c->subject = row.id;
	r = write_hold(c, &s, &row);
	if (r == 0)
		r = show(c, &row, &s, out);
	return r < 0 ? r : record(c, "hold.created", &row, out->code, false);
}

int hold_extend(struct call *c, const struct hold_extend_in *in, struct hold *out)
{
	struct order_rec row;
	struct event_ref event;
	int64_t expires, values[2];
	int r = order_rec_find(c, in->hold, "hold", &row, NULL);

	if (r == 0)
		r = hold_alive(c, &row, "hold", order_state_held, "hold.extend");
	if (r == 0)
		r = call_event(c, row.event.slug, &event);
	if (r == 0)
		r = expiry(c, &event, in->expires, row.created, &expires);
	if (r == 0 && in->expires && expires < row.expires)
		r = err_set(&c->err, TIX_EBAD_VALUE, "expires", "the hold lasts longer already");
	if (r < 0)
		return r;
	if (expires > row.expires)
		row.expires = expires;
	values[0] = row.expires;
	values[1] = row.id;
	c->subject = row.id;
	r = q_run(c->db, SQL_hold_extend, &c->err, 2, values);
	if (r >= 0)
		r = read_and_show(c, &row, out);
	return r < 0 ? r : record(c, "hold.extended", &row, out->code, true);
}

/* Ends a hold that is alive: its seats go back. */
static int give_back(struct call *c, struct order_rec *row, int state, const char *topic)
{
	int64_t values[] = {state, row->id};
	const char *code = order_code(c, row->id);
	struct sale s;
	int r = code ? order_rec_lines(c, row, true, &s) : c->err.code;

	if (r == 0)
		r = sale_take(c, &s, SALE_UNHOLD);
	if (r == 0)
		r = q_run(c->db, SQL_hold_end, &c->err, 2, values);
	if (r < 0)
		return r;
	row->state = state;
	return record(c, topic, row, code, true);
}

int hold_release(struct call *c, const struct hold_act_in *in, struct hold *out)
{
	struct order_rec row;
	int r = order_rec_find(c, in->hold, "hold", &row, NULL);

	if (r == 0)
		r = hold_alive(c, &row, "hold", order_state_released, "hold.release");
	if (r == 0)
		r = give_back(c, &row, order_state_released, "hold.released");
	if (r < 0)
		return r;
	c->subject = row.id;
	return read_and_show(c, &row, out);
}

int hold_show(struct call *c, const struct hold_in *in, struct hold *out)
{
	struct order_rec row;
	int r = order_rec_find(c, in->hold, "hold", &row, NULL);

	return r < 0 ? r : read_and_show(c, &row, out);
}

/* Adds the hold to the page if it is the principal's. */
static int list_one(struct call *c, int64_t id, struct hold_page *out)
{
	struct hold *items = out->items.v;
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0 || !order_rec_seen(c, &row))
		return r < 0 ? r : 0;
	return read_and_show(c, &row, &items[out->items.n++]);
}

/* 1: the page is full or long enough. */
static int list_fill(struct call *c, struct order_find *f, struct hold_page *out)
{
	size_t start = arena_used(c->arena);
	int64_t ids[ORDER_FIND_STEP];
	int n, step, scanned = 0;

	do {
		n = order_find_next(c, f, ids, &step);
		for (int i = 0; i < n; i++) {
			int r;

			if (out->items.n == (size_t)f->limit || scanned++ == SCAN_MAX ||
			    arena_used(c->arena) - start > PAGE_TEXT_MAX)
				return 1;
			r = order_find_match(c, f, ids[i]);
			if (r == 1)
				r = list_one(c, ids[i], out);
			if (r < 0)
				return r;
			f->below = ids[i];
		}
	} while (n == step);
	return n < 0 ? n : 0;
}

int hold_list(struct call *c, const struct hold_list_in *in, struct hold_page *out)
{
	struct page_key key = {{INT64_MAX, 0}, NULL};
	struct order_find find = {.states = UINT64_C(1) << order_state_held,
	    .desc = true,
	    .limit = page_limit(in, hold_list_in)};
	struct page_filter f;
	int r = in->event ? call_event(c, in->event, &find.event) : 0;

	page_filter_init(&f, "hold.list");
	page_filter_str(&f, in->event);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, (size_t)find.limit, sizeof(struct hold));
	if (!out->items.v)
		return call_no_memory(c);
	find.below = key.n[0];
	r = order_find_start(c, &find);
	if (r == 0)
		r = list_fill(c, &find, out);
	order_find_done(&find);
	key.n[0] = find.below;
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}

/* Whether its seats can go back: the rows say what was taken, and the quotas count as much. A store
 * that somebody edited may say otherwise. 1, 0 or < 0. */
static int returnable(struct call *c, const struct order_rec *row)
{
	struct sale s;
	int r = order_rec_lines(c, row, true, &s);

	for (int i = 0; r == 0 && i < s.nneeds; i++) {
		struct q q;

		q_start(&q, c->db, SQL_quota_left, &c->err);
		q_i64(&q, 1, s.needs[i].quota);
		r = q_step(&q);
		if (r >= 0)
			r = r == 1 && q_col(&q, 1) >= s.needs[i].count ? 0 : TIX_EINTERNAL;
		q_end(&q);
	}
	if (r == 0 && row->state == order_state_pending)
		r = money_room(c, row, 0);
	if (r != TIX_EINTERNAL && r != TIX_ELIMIT)
		return r < 0 ? r : 1;
	err_clear(&c->err);
	return 0;
}

/* Nothing else waits for one hold that cannot be given back: it is tried again later. */
static int park(struct call *c, struct order_rec *row)
{
	const char *code = order_code(c, row->id);
	int64_t values[] = {c->due + PARK, row->id};
	int r = code ? q_run(c->db, SQL_hold_park, &c->err, 2, values) : c->err.code;

	if (r < 0)
		return r;
	row->expires = c->due + PARK;
	return record(c, "hold.parked", row, code, true);
}

static int expire(struct call *c, int64_t id)
{
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r == 1) {
		r = returnable(c, &row);
		if (r == 0)
			return park(c, &row);
	}
	if (r == 1 && row.state == order_state_pending)
		return pending_expire(c, &row);
	return r <= 0 ? r : give_back(c, &row, order_state_expired, "hold.expired");
}

/* The earliest end of what is still held. */
static int next_due(struct call *c)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_hold_next_due, &c->err);
	r = q_step(&q);
	if (r >= 0)
		c->writer->held_checked = r == 1 ? q_col(&q, 0) : INT64_MAX;
	q_end(&q);
	return r < 0 ? r : 0;
}

static int sweep_step(struct call *c, int max)
{
	int64_t ids[SWEEP_STEP];
	struct q q;
	int n, r = 0;

	if (max == 0 || max > SWEEP_STEP)
		max = SWEEP_STEP;
	q_start(&q, c->db, SQL_hold_due, &c->err);
	q_i64(&q, 1, c->due);
	q_i64(&q, 2, max);
	n = q_ids(&q, max, ids);
	for (int i = 0; r >= 0 && i < n; i++)
		r = expire(c, ids[i]);
	return r < 0 ? r : n;
}

int hold_sweep(struct call *c, int max)
{
	struct call own = *c;
	int done = 0, n = 1;

	if (c->writer->held_checked > c->due)
		return 0;
	own.who = &sweeper;
	own.op = NULL;
	own.request = NULL;
	while (n > 0 && (max == 0 || done < max)) {
		n = sweep_step(&own, max ? max - done : 0);
		done += n > 0 ? n : 0;
	}
	if (n == 0)
		n = next_due(&own);
	if (n < 0)
		c->err = own.err;
	return n < 0 ? n : done;
}
