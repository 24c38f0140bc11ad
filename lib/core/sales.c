/* SPDX-License-Identifier: MIT */
/* Sales of an event. Orders are made in the order of their ids, so that a day is a range of ids:
 * its ends are found by halving, and between them the event's own index is added up. Days in which
 * nothing was ordered cost nothing and are not there. */
#include "core/sales.h"

#include <string.h>

#include "base/zone.h"
#include "core/odd.h"
#include "core/order.h"
#include "core/page.h"
#include "core/rows.h"

#define DAY_SECONDS INT64_C(86400)
#define HOUR_US (3600 * USEC_PER_SEC)

struct sums {
	int64_t orders, tickets, amount, refunded;
};

struct sales {
	struct event_ref event;
	const struct zone *zone;
	int64_t first, end; /* ids of orders: end is the first beyond */
	struct sums all;
};

/* What is sold between two ids, of the event. */
static int add_up(struct call *c, const struct sales *s, int64_t first, int64_t end, struct sums *ret)
{
	struct q q;
	int r;

	*ret = (struct sums){0};
	q_start(&q, c->db, SQL_sales_orders, &c->err);
	q_i64(&q, 1, s->event.id);
	q_i64(&q, 2, first);
	q_i64(&q, 3, end);
	r = q_step(&q);
	if (r == 1)
		*ret = (struct sums){q_col(&q, 0), 0, q_col(&q, 1), q_col(&q, 2)};
	q_end(&q);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_sales_tickets, &c->err);
	q_i64(&q, 1, s->event.id);
	q_i64(&q, 2, first);
	q_i64(&q, 3, end);
	r = q_step(&q);
	if (r == 1)
		ret->tickets = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static struct money money_of(const struct sales *s, int64_t amount)
{
	struct money m = {.amount = amount};

	memcpy(m.currency, s->event.currency, sizeof(m.currency));
	return m;
}

static struct sales_line line_of(const struct sales *s, const char *key, int64_t from, struct sums sums)
{
	return (struct sales_line){.key = key,
	    .from = from,
	    .orders = sums.orders,
	    .tickets = sums.tickets,
	    .amount = money_of(s, sums.amount),
	    .refunded = money_of(s, sums.refunded)};
}

/* The beginning of the day or hour that a time is in, and of the next. */
static void span_of(const struct sales *s, bool hour, int64_t at, int64_t *ret_from, int64_t *ret_to)
{
	struct civil local;

	zone_local(s->zone, at, &local);
	if (hour) {
		*ret_from = at - ((int64_t)local.mi * 60 + local.s) * USEC_PER_SEC - local.us;
		*ret_to = *ret_from + HOUR_US;
		return;
	}
	local.h = local.mi = local.s = local.us = 0;
	zone_utc(s->zone, &local, ret_from, NULL);
	local.d++;
	zone_utc(s->zone, &local, ret_to, NULL);
}

static const char *key_of(struct call *c, const struct sales *s, bool hour, int64_t from)
{
	struct civil t;

	zone_local(s->zone, from, &t);
	return hour ? arena_printf(c->arena, "%04d-%02d-%02d %02d:00", t.y, t.m, t.d, t.h)
		    : arena_printf(c->arena, "%04d-%02d-%02d", t.y, t.m, t.d);
}

/* The next order of the event from an id on, and when it was made; 0: there is none. */
static int next_order(struct call *c, const struct sales *s, int64_t from, int64_t *ret_at)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_sales_next, &c->err);
	q_i64(&q, 1, s->event.id);
	q_i64(&q, 2, from);
	q_i64(&q, 3, s->end);
	r = q_step(&q);
	if (r == 1)
		*ret_at = q_col(&q, 0);
	q_end(&q);
	return r;
}

/* Lines of days or hours from an id on; *from is where the next page begins, 0: nowhere. */
static int by_time(struct call *c, const struct sales *s, bool hour, int64_t *from, int limit,
    struct shape_list *ret)
{
	struct sales_line *v = arena_array(c->arena, (size_t)limit, sizeof(*v));
	int64_t id = *from ? *from : s->first, at = 0;
	int n = 0, r = v ? 0 : call_no_memory(c);

	*from = 0;
	while (r == 0 && (r = next_order(c, s, id, &at)) == 1) {
		int64_t begin, to, end;
		struct sums sums;

		if (n == limit) {
			*from = id;
			break;
		}
		span_of(s, hour, at, &begin, &to);
		r = order_made_within(c, to, id, s->end, &end);
		if (r == 0)
			r = add_up(c, s, id, end, &sums);
		if (r == 0 && (sums.orders || sums.amount || sums.refunded))
			v[n++] = line_of(s, key_of(c, s, hour, begin), begin, sums);
		id = end;
	}
	*ret = (struct shape_list){v, (size_t)n};
	return r < 0 ? r : 0;
}

/* What was taken off orders as a whole belongs to no category: a line without a key. */
static int rest_line(struct call *c, const struct sales *s, struct shape_list *list, size_t cap)
{
	struct sales_line *v = list->v, *more;
	struct sums rest = {0, 0, s->all.amount, s->all.refunded};

	for (size_t i = 0; i < list->n; i++) {
		rest.amount -= v[i].amount.amount;
		rest.refunded -= v[i].refunded.amount;
	}
	if (rest.amount == 0 && rest.refunded == 0)
		return 0;
	more = arena_more(c->arena, v, list->n, &cap, sizeof(*v));
	if (!more)
		return call_no_memory(c);
	more[list->n++] = line_of(s, NULL, TIME_NONE, rest);
	list->v = more;
	return 0;
}

/* All in one page. */
static int by_category(struct call *c, struct sales *s, struct shape_list *ret)
{
	struct sales_line *v = NULL, *more;
	size_t cap = 0;
	struct q q;
	int r;

	*ret = (struct shape_list){NULL, 0};
	r = add_up(c, s, s->first, s->end, &s->all);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_sales_categories, &c->err);
	q_i64(&q, 1, s->event.id);
	q_i64(&q, 2, s->first);
	q_i64(&q, 3, s->end);
	while ((r = q_step(&q)) == 1) {
		const char *name = arena_strdup(c->arena, q_text(&q, 0));
		struct sums sums = {q_col(&q, 1), q_col(&q, 2), q_col(&q, 3) - q_col(&q, 4),
		    q_col(&q, 5)};

		more = arena_more(c->arena, v, ret->n, &cap, sizeof(*v));
		if (!name || !more) {
			r = call_no_memory(c);
			break;
		}
		ret->v = v = more;
		v[ret->n++] = line_of(s, name, TIME_NONE, sums);
	}
	q_end(&q);
	return r < 0 ? r : rest_line(c, s, ret, cap);
}

static int plan(struct call *c, const struct report_sales_in *in, struct sales *s)
{
	int64_t since = TIME_NONE, until = TIME_NONE;
	int r = call_event(c, in->event, &s->event);

	if (r == 0)
		r = zone_get(s->event.zone, &s->zone, &c->err);
	if (r == 0)
		r = call_when(c, &s->event, in->since, false, "since", &since);
	if (r == 0)
		r = call_when(c, &s->event, in->until, true, "until", &until);
	s->first = 1;
	if (r == 0)
		r = order_newest(c, &s->end);
	s->end++;
	if (r == 0 && since != TIME_NONE)
		r = order_made_from(c, since, &s->first);
	if (r == 0 && until != TIME_NONE)
		r = order_made_from(c, until, &s->end);
	return r;
}

/* The sums of all lines: those of this page where there is no other. */
static int sum_up(struct call *c, struct sales *s, const struct shape_list *lines, bool alone)
{
	const struct sales_line *v = lines->v;

	if (!alone)
		return add_up(c, s, s->first, s->end, &s->all);
	for (size_t i = 0; i < lines->n; i++) {
		s->all.orders += v[i].orders;
		s->all.tickets += v[i].tickets;
		s->all.amount += v[i].amount.amount;
		s->all.refunded += v[i].refunded.amount;
	}
	return 0;
}

int report_sales(struct call *c, const struct report_sales_in *in, struct report_sales *out)
{
	struct page_key key = {{0, 0}, NULL};
	struct page_filter f;
	struct sales s = {.first = 0};
	int limit = page_limit(in, report_sales_in), r = plan(c, in, &s);

	page_filter_init(&f, "report.sales");
	page_filter_i64(&f, s.event.id);
	page_filter_i64(&f, in->by);
	page_filter_str(&f, in->since);
	page_filter_str(&f, in->until);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	ODD_TELL(c, out, report_sales);
	if (key.n[0] < 0)
		key.n[0] = 0;
	if (in->by == sales_by_category)
		r = by_category(c, &s, &out->items);
	else
		r = by_time(c, &s, in->by == sales_by_hour, &key.n[0], limit, &out->items);
	if (r == 0 && in->by != sales_by_category)
		r = sum_up(c, &s, &out->items, !in->cursor && key.n[0] == 0);
	if (r < 0)
		return r;
	out->orders = s.all.orders;
	out->tickets = s.all.tickets;
	out->amount = money_of(&s, s.all.amount);
	out->refunded = money_of(&s, s.all.refunded);
	if (in->by == sales_by_category || key.n[0] == 0)
		return 0;
	out->next = page_next(c, &f, &key);
	return out->next ? 0 : c->err.code;
}
