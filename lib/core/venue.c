/* SPDX-License-Identifier: MIT */
/* Venues: create, change, show, list. */
#include "core/venue.h"

#include <string.h>

#include "base/text.h"
#include "base/zone.h"
#include "core/event_row.h"
#include "core/filter.h"
#include "core/guess.h"
#include "core/page.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/writer.h"

static void show(const struct venue_row *row, struct venue *out)
{
	out->venue = row->slug;
	out->name = row->name;
	out->address = row->address;
	out->city = row->city;
	out->country = row->country;
	out->latitude = row->latitude;
	out->longitude = row->longitude;
	out->zone = row->zone;
	out->organizer = row->organizer_slug;
}

/* Who is bound to one event sees its venue only. */
static int visible(struct call *c, const struct venue_row *row)
{
	struct event_ref ref;
	struct q q;
	int r;

	if (!c->who->event[0])
		return scope_sees(c->who, row->organizer_slug, NULL);
	r = call_event(c, c->who->event, &ref);
	if (r == TIX_ENOT_FOUND) {
		err_clear(&c->err);
		return 0;
	}
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_venue_at_event, &c->err);
	q_i64(&q, 1, ref.id);
	q_i64(&q, 2, row->id);
	r = q_step(&q);
	q_end(&q);
	return r;
}

int venue_named(struct call *c, const char *slug, const char *field, struct venue_row *ret)
{
	struct venue_row row;
	int r = venue_row_find(c, slug, &row);

	if (r == 1)
		r = visible(c, &row);
	if (r < 0)
		return r;
	if (r == 0)
		return guess_venue(c, field, slug);
	*ret = row;
	return 0;
}

int venue_row_check(struct call *c, const struct venue_row *row)
{
	const struct zone *zone;
	int r;

	if ((row->latitude == TIME_NONE) != (row->longitude == TIME_NONE))
		return err_set(&c->err, TIX_EBAD_VALUE,
		    row->latitude == TIME_NONE ? "latitude" : "longitude",
		    "latitude and longitude go together");
	r = zone_get(row->zone, &zone, &c->err);
	if (r < 0)
		err_set(&c->err, r, "zone", "no time zone %s", row->zone);
	return r;
}

static int insert(struct call *c, const struct venue_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_venue_add, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, row->organizer);
	q_str(&q, 3, row->slug);
	q_str(&q, 4, row->name);
	q_str(&q, 5, row->address);
	q_str(&q, 6, row->city);
	q_str(&q, 7, row->country);
	q_time(&q, 8, row->latitude);
	q_time(&q, 9, row->longitude);
	q_str(&q, 10, row->zone);
	q_i64(&q, 11, c->now);
	return q_finish(&q);
}

static int update(struct call *c, const struct venue_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_venue_set, &c->err);
	q_str(&q, 1, row->name);
	q_str(&q, 2, row->address);
	q_str(&q, 3, row->city);
	q_str(&q, 4, row->country);
	q_time(&q, 5, row->latitude);
	q_time(&q, 6, row->longitude);
	q_str(&q, 7, row->zone);
	q_i64(&q, 8, row->id);
	return q_finish(&q);
}

static void compare(struct diff *d, const struct venue_row *was, const struct venue_row *now)
{
	diff_text(d, "name", was->name, now->name);
	diff_text(d, "address", was->address, now->address);
	diff_text(d, "city", was->city, now->city);
	diff_text(d, "country", was->country, now->country);
	diff_i64(d, "latitude", was->latitude, now->latitude);
	diff_i64(d, "longitude", was->longitude, now->longitude);
	diff_text(d, "zone", was->zone, now->zone);
}

static bool same_place(const struct venue_row *a, const struct venue_row *b)
{
	return same_text(a->name, b->name) && same_text(a->city, b->city) &&
	       same_text(a->country, b->country) && a->latitude == b->latitude &&
	       a->longitude == b->longitude;
}

int venue_row_write(
    struct call *c, const struct venue_row *was, const struct venue_row *now)
{
	static const struct venue_row none = {.latitude = TIME_NONE, .longitude = TIME_NONE};
	struct changed what = {
	    was ? "venue.changed" : "venue.created", now->slug, now->id, 0, NULL};
	struct diff d;
	int r;

	diff_init(&d);
	compare(&d, was ? was : &none, now);
	if (was && d.n == 0) {
		diff_done(&d);
		return 0;
	}
	r = was ? update(c, now) : insert(c, now);
	if (r == 0 && was && !same_place(was, now))
		r = event_index_venue(c, now->id);
	if (r < 0) {
		diff_done(&d);
		return r;
	}
	r = row_changed(c, &what, &d);
	return r < 0 ? r : 1;
}

#define TAKE_TEXT(in, shape, row, field)                                                           \
	do {                                                                                       \
		if (HAS(in, shape, field))                                                         \
			(row)->field = (in)->field && (in)->field[0] ? (in)->field : NULL;         \
	} while (0)
#define TAKE_VALUE(in, shape, row, field)                                                          \
	do {                                                                                       \
		if (HAS(in, shape, field))                                                         \
			(row)->field = (in)->field;                                                \
	} while (0)

int venue_create(struct call *c, const struct venue_create_in *in, struct venue *out)
{
	struct venue_row row = {.latitude = TIME_NONE, .longitude = TIME_NONE}, other;
	int r = scope_organizer(c, in->organizer, &row.organizer, &row.organizer_slug);

	if (r < 0)
		return r;
	r = venue_row_find(c, in->venue, &other);
	if (r < 0)
		return r;
	if (r == 1)
		return err_set(
		    &c->err, TIX_EEXISTS, "venue", "there is a venue %s already", in->venue);
	row.slug = in->venue;
	row.name = in->name;
	row.zone = in->zone;
	TAKE_TEXT(in, venue_create_in, &row, address);
	TAKE_TEXT(in, venue_create_in, &row, city);
	TAKE_TEXT(in, venue_create_in, &row, country);
	TAKE_VALUE(in, venue_create_in, &row, latitude);
	TAKE_VALUE(in, venue_create_in, &row, longitude);
	r = venue_row_check(c, &row);
	if (r < 0)
		return r;
	row.id = writer_next_id(c->writer, TABLE_venue);
	r = venue_row_write(c, NULL, &row);
	if (r < 0)
		return r;
	show(&row, out);
	return 0;
}

int venue_set(struct call *c, const struct venue_set_in *in, struct venue *out)
{
	struct venue_row was, row;
	int r = venue_named(c, in->venue, "venue", &was);

	if (r < 0)
		return r;
	if (c->who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL,
		    "you may act for the event %s only", c->who->event);
	row = was;
	TAKE_VALUE(in, venue_set_in, &row, name);
	TAKE_VALUE(in, venue_set_in, &row, zone);
	TAKE_TEXT(in, venue_set_in, &row, address);
	TAKE_TEXT(in, venue_set_in, &row, city);
	TAKE_TEXT(in, venue_set_in, &row, country);
	TAKE_VALUE(in, venue_set_in, &row, latitude);
	TAKE_VALUE(in, venue_set_in, &row, longitude);
	r = venue_row_check(c, &row);
	if (r < 0)
		return r;
	r = venue_row_write(c, &was, &row);
	if (r == 0)
		r = row_unchanged(c, row.id);
	if (r < 0)
		return r;
	show(&row, out);
	return 0;
}

int venue_show(struct call *c, const struct venue_in *in, struct venue *out)
{
	struct venue_row row;
	int r = venue_named(c, in->venue, "venue", &row);

	if (r == 0)
		show(&row, out);
	return r;
}

int venue_load(struct call *c, int64_t id, struct venue *out)
{
	struct venue_row row;
	int r = venue_row_get(c, id, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return call_not_found(c, "venue", "venue", NULL);
	show(&row, out);
	return 0;
}

/* The city as typed, case and marks forgiven. */
static int city_matches(struct call *c, const char *want, const char *city)
{
	const char *folded;

	if (!want)
		return 1;
	if (!city)
		return 0;
	folded = text_fold(c->arena, city);
	return folded ? strcmp(folded, want) == 0 : row_no_memory(c);
}

static int list_rows(struct call *c, struct q *q, const struct page_filter *f, const char *city,
    const struct name_filter *name, int limit, struct venue_page *out)
{
	struct venue *items = arena_array(c->arena, (size_t)limit, sizeof(*items));
	struct venue_row row;
	int n = 0, r = 0;

	if (!items)
		return row_no_memory(c);
	while (r >= 0 && (r = q_step(q)) == 1) {
		r = city_matches(c, city, q_text(q, 6));
		if (r == 1)
			r = name_filter_matches(c, name, q_text(q, 4));
		if (r <= 0)
			continue;
		if (n == limit) {
			out->next = page_next(c, f, &(struct page_key){.text = items[n - 1].venue});
			r = out->next ? 0 : c->err.code;
			break;
		}
		r = venue_row_read(c, q, &row);
		if (r == 0)
			show(&row, &items[n++]);
	}
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}

int venue_list(struct call *c, const struct venue_list_in *in, struct venue_page *out)
{
	struct page_key key = {.text = ""};
	const char *city = NULL;
	struct name_filter name;
	struct page_filter f;
	struct scope scope;
	struct q q;
	int limit = page_limit(in, venue_list_in), r;

	page_filter_init(&f, "venue.list");
	page_filter_str(&f, in->city);
	page_filter_str(&f, in->name);
	r = page_open(c, &f, in->cursor, &key);
	if (r >= 0)
		r = scope_of(c, &scope);
	if (r < 0)
		return r;
	if (in->city) {
		city = text_fold(c->arena, in->city);
		if (!city)
			return row_no_memory(c);
	}
	r = name_filter_read(c, in->name, "name", &name);
	if (r < 0) {
		name_filter_done(&name);
		return r;
	}
	q_start(&q, c->db, SQL_venue_list, &c->err);
	q_str(&q, 1, key.text);
	q_i64(&q, 2, scope.event ? 0 : scope.organizer);
	q_i64(&q, 3, scope.event);
	q_i64(&q, 4, city || in->name ? FILTER_ALL : limit + 1);
	r = list_rows(c, &q, &f, city, &name, limit, out);
	q_end(&q);
	name_filter_done(&name);
	return r;
}
