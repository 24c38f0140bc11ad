/* SPDX-License-Identifier: MIT */
/* Targets: checked, stored as JSON, read between its points. */
#include "core/target.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "core/rows.h"

#define DAY INT64_C(86400) /* seconds */

static int far_first(const void *a, const void *b)
{
	const struct target_point *x = a, *y = b;

	return (x->days < y->days) - (x->days > y->days);
}

static int check(struct call *c, const struct target_point *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (v[i].days == v[i - 1].days)
			return err_set(&c->err, TIX_EBAD_VALUE, "target",
			    "%lld days before is there twice", (long long)v[i].days);
		if (v[i].count < v[i - 1].count)
			return err_set(&c->err, TIX_EBAD_VALUE, "target",
			    "%lld at %lld days before, but %lld earlier: sales only grow",
			    (long long)v[i].count, (long long)v[i].days,
			    (long long)v[i - 1].count);
	}
	return 0;
}

int target_write(struct call *c, const struct shape_list *in, const char **ret)
{
	AUTO(buf) struct buf b;
	struct target_point *v;
	int r;

	buf_init(&b, 0);
	*ret = NULL;
	if (in->n == 0)
		return 0;
	v = arena_array(c->arena, in->n, sizeof(*v));
	if (!v)
		return row_no_memory(c);
	memcpy(v, in->v, in->n * sizeof(*v));
	qsort(v, in->n, sizeof(*v), far_first);
	r = check(c, v, in->n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < in->n; i++)
		buf_printf(&b, "%c{\"days\":%lld,\"count\":%lld}", i ? ',' : '[',
		    (long long)v[i].days, (long long)v[i].count);
	buf_putc(&b, ']');
	*ret = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	return *ret ? 0 : row_no_memory(c);
}

int target_read(struct call *c, const char *json, struct shape_list *ret)
{
	AUTO(json) json_t *list = NULL;
	struct target_point *v;
	size_t n;

	*ret = (struct shape_list){0};
	if (!json || json_parse_strict(json, strlen(json), JSON_DEPTH_DEFAULT, &list, NULL) < 0)
		return 0;
	n = json_array_size(list);
	v = arena_array(c->arena, n, sizeof(*v));
	if (!v)
		return row_no_memory(c);
	for (size_t i = 0; i < n; i++) {
		const json_t *point = json_array_get(list, i);

		v[i].days = json_integer_value(json_object_get(point, "days"));
		v[i].count = json_integer_value(json_object_get(point, "count"));
	}
	*ret = (struct shape_list){v, n};
	return 0;
}

/* Counts are at most 10^8 and days 3,650: the product fits. */
int64_t target_at(const struct shape_list *points, int64_t before)
{
	const struct target_point *v = points->v;
	size_t i = 0;

	while (i < points->n && v[i].days * DAY >= before)
		i++;
	if (i == 0)
		return TIME_NONE;
	if (i == points->n)
		return v[i - 1].count;
	return v[i - 1].count + (v[i].count - v[i - 1].count) * (v[i - 1].days * DAY - before) /
				    ((v[i - 1].days - v[i].days) * DAY);
}

int64_t target_permille(int64_t target, int64_t sold)
{
	int64_t half;

	if (target == TIME_NONE || target == 0)
		return TIME_NONE;
	half = sold < target ? -target / 2 : target / 2;
	return ((sold - target) * 1000 + half) / target;
}

static int count_sold(struct call *c, int64_t event, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_event_sold, &c->err);
	q_i64(&q, 1, event);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

/* Seconds to go, a begun one counting whole: a point is reached when its day is. */
static int64_t seconds_before(int64_t start, int64_t now)
{
	int64_t us = start - now;

	return us > 0 ? (us + USEC_PER_SEC - 1) / USEC_PER_SEC : us / USEC_PER_SEC;
}

int report_pace(struct call *c, const struct event_in *in, struct sales_pace *out)
{
	struct shape_list points = {0};
	struct event_ref event;
	struct event_row row = {0};
	int64_t before, sold = 0;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = event_row_get(c, event.id, &row);
	if (r >= 0)
		r = target_read(c, row.target, &points);
	if (r == 0)
		r = count_sold(c, event.id, &sold);
	if (r < 0)
		return r;
	before = seconds_before(event.start, c->now);
	out->event = row.slug;
	out->start = event.start;
	out->days = before > 0 ? before / DAY : 0;
	out->sold = sold;
	out->target = target_at(&points, before);
	out->ahead = out->target == TIME_NONE ? TIME_NONE : sold - out->target;
	out->permille = target_permille(out->target, sold);
	return 0;
}
