/* SPDX-License-Identifier: MIT */
/* Another event like one that is there. Times move by what the start moves on the wall clock: an
 * end at 18:00 stays one over a change to summer time. Windows that are rules stay rules. */
#include "core/event_clone.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "base/zone.h"
#include "core/category.h"
#include "core/event.h"
#include "core/event_row.h"
#include "core/quota_row.h"
#include "core/redirect.h"
#include "core/scope.h"
#include "core/writer.h"

/* No bound: what does not fit into the call's memory is refused. */
#define ALL_PARTS INT32_MAX

struct copy {
	struct event_row was, now;
	struct event_ref ref; /* of now */
	const struct zone *zone;
	int64_t by; /* what the start moves by the wall clock, microseconds */
	struct quota_row *quotas;
	struct category_row *categories;
	struct text_list *links; /* by category: names of quotas */
	size_t nquotas, ncategories, quotas_cap;
};

static int64_t wall(const struct zone *zone, int64_t at)
{
	struct civil local;

	zone_local(zone, at, &local);
	return civil_seconds(&local) * USEC_PER_SEC + local.us;
}

static int shift(struct call *c, const struct copy *copy, int64_t *at)
{
	int64_t to, seconds;
	struct civil local;

	if (*at == TIME_NONE || copy->by == 0)
		return 0;
	to = wall(copy->zone, *at) + copy->by;
	seconds = to / USEC_PER_SEC - (to % USEC_PER_SEC < 0);
	if (seconds < -86400 || seconds > WHEN_MAX / USEC_PER_SEC)
		return err_set(&c->err, TIX_EBAD_VALUE, "start",
		    "other times would not be within the years 1970 to 9999");
	zone_local(copy->zone, *at, &local);
	civil_from_seconds(seconds, &local);
	local.us = (int)(to - seconds * USEC_PER_SEC);
	zone_utc(copy->zone, &local, at, NULL);
	if (*at < 0 || *at > WHEN_MAX)
		return err_set(&c->err, TIX_EBAD_VALUE, "start",
		    "other times would not be within the years 1970 to 9999");
	return 0;
}

static int find(struct call *c, const struct event_clone_in *in, struct event_row *ret)
{
	struct event_ref ref;
	int r = call_event(c, in->event, &ref);

	if (r == 0)
		r = event_row_get(c, ref.id, ret);
	return r < 0 ? r : 0;
}

static int lay_event(struct call *c, const struct event_clone_in *in, struct copy *copy)
{
	struct event_input name = {.has = in->name ? EVENT_HAS_name : 0, .name = in->name};
	struct event_row *now = &copy->now;
	struct event_ref was = event_row_ref(&copy->was);
	int r = zone_get(copy->was.zone, &copy->zone, &c->err);

	if (r < 0)
		return r;
	now->slug = in->slug;
	now->status = event_status_draft;
	if (in->start)
		r = call_when(c, &was, in->start, false, "start", &now->start);
	if (r < 0)
		return r;
	copy->by = wall(copy->zone, now->start) - wall(copy->zone, was.start);
	r = shift(c, copy, &now->end);
	if (r == 0)
		r = shift(c, copy, &now->doors);
	if (r == 0)
		r = event_row_apply(c, &name, now);
	copy->ref = event_row_ref(now);
	return r;
}

/* Room for one more in an array that doubles; NULL without memory. */
static void *room(struct call *c, void *v, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return v;
	*cap = *cap ? 2 * *cap : 16;
	more = arena_array(c->arena, *cap, size);
	if (more && n)
		memcpy(more, v, n * size);
	return more;
}

static int read_quotas(struct call *c, struct copy *copy)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_list_event, &c->err);
	q_i64(&q, 1, copy->was.id);
	q_str(&q, 2, "");
	q_i64(&q, 3, 0);
	q_i64(&q, 4, copy->was.id);
	q_i64(&q, 5, ALL_PARTS);
	while ((r = q_step(&q)) == 1) {
		struct quota_row *v =
		    room(c, copy->quotas, copy->nquotas, &copy->quotas_cap, sizeof(*copy->quotas));

		r = v ? quota_row_read(c, &q, &v[copy->nquotas]) : row_no_memory(c);
		if (r < 0)
			break;
		copy->quotas = v;
		copy->nquotas++;
	}
	q_end(&q);
	return r;
}

/* The new windows; the row keeps its old id until it is written. */
static int lay_category(struct call *c, struct copy *copy, struct category_row *row)
{
	struct category_input nothing = {0};
	char why[sizeof(c->err.message)];
	int r = row->from_rule ? 0 : shift(c, copy, &row->sale_from);

	if (r == 0 && !row->to_rule)
		r = shift(c, copy, &row->sale_to);
	if (r == 0)
		r = category_row_apply(c, &copy->ref, &nothing, row);
	if (r != TIX_EBAD_VALUE)
		return r;
	snprintf(why, sizeof(why), "%s", c->err.message);
	return err_set(&c->err, r, "start", "%s/%s moves with the event: %.120s", copy->was.slug,
	    row->name, why);
}

static int lay_stock(struct call *c, struct copy *copy)
{
	int r = read_quotas(c, copy);

	if (r == 0)
		r = category_row_all(c, copy->was.id, &copy->categories, &copy->ncategories);
	if (r < 0)
		return r;
	copy->links = arena_array(c->arena, copy->ncategories, sizeof(*copy->links));
	if (!copy->links)
		return row_no_memory(c);
	for (size_t i = 0; r == 0 && i < copy->ncategories; i++) {
		r = row_names(c, SQL_category_quotas, copy->categories[i].id, &copy->links[i]);
		if (r == 0)
			r = lay_category(c, copy, &copy->categories[i]);
	}
	return r;
}

static int write_quotas(struct call *c, struct copy *copy)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < copy->nquotas; i++) {
		struct quota_row *row = &copy->quotas[i];

		row->id = writer_next_id(c->writer, TABLE_quota);
		row->event = copy->now.id;
		row->blocked = row->held = row->sold = 0;
		r = quota_row_add(c, &copy->ref, row);
	}
	return r;
}

static int write_links(struct call *c, const struct copy *copy, size_t category)
{
	const struct text_list *names = &copy->links[category];
	size_t k = 0;
	int r = 0;

	/* Both are in order of name. */
	for (size_t i = 0; r == 0 && i < copy->nquotas && k < names->n; i++) {
		if (strcmp(copy->quotas[i].name, names->v[k]) != 0)
			continue;
		r = quota_link_row(c, copy->categories[category].id, copy->quotas[i].id);
		k++;
	}
	return r;
}

static int write_categories(struct call *c, struct copy *copy)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < copy->ncategories; i++) {
		struct category_row *row = &copy->categories[i];
		const char *quotas = NULL;

		if (copy->links[i].n)
			r = tags_write(c, &copy->links[i], &quotas);
		if (r < 0)
			return r;
		row->id = writer_next_id(c->writer, TABLE_category);
		row->event = copy->now.id;
		r = category_row_write(c, &copy->ref, NULL, row, quotas);
		if (r >= 0)
			r = write_links(c, copy, i);
	}
	return r < 0 ? r : 0;
}

/* Where it came from, after all that came. */
static int record(struct call *c, const struct copy *copy)
{
	const struct event_row *row = &copy->now;
	struct diff d;

	diff_init(&d);
	diff_text(&d, "from", NULL, copy->was.slug);
	return row_changed(
	    c, &(struct changed){"event.cloned", row->slug, row->id, row->id, row->slug}, &d);
}

static int write_copy(struct call *c, struct copy *copy)
{
	int r;

	copy->now.id = writer_next_id(c->writer, TABLE_event);
	if (copy->now.id > EVENT_ID_MAX)
		return err_set(&c->err, TIX_ELIMIT, NULL, "a store holds at most %d events",
		    (int)EVENT_ID_MAX);
	copy->ref.id = copy->now.id;
	r = event_row_write(c, NULL, &copy->now);
	if (r >= 0)
		r = write_quotas(c, copy);
	if (r >= 0)
		r = write_categories(c, copy);
	return r < 0 ? r : record(c, copy);
}

int event_clone(struct call *c, const struct event_clone_in *in, struct event *out)
{
	struct copy copy = {0};
	int r = find(c, in, &copy.was);

	if (r < 0)
		return r;
	copy.now = copy.was;
	r = scope_organizer(
	    c, copy.was.organizer_slug, &copy.now.organizer, &copy.now.organizer_slug);
	if (r == 0)
		r = redirect_check(c, NULL, in->slug, "slug");
	if (r == 0)
		r = lay_event(c, in, &copy);
	if (r == 0)
		r = lay_stock(c, &copy);
	if (r == 0)
		r = write_copy(c, &copy);
	return r < 0 ? r : event_load(c, copy.now.id, out);
}
