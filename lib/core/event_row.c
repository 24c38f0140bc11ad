/* SPDX-License-Identifier: MIT */
/* One event from what came in to the store. It decides nothing about who may do so. */
#include "core/event_row.h"

#include <string.h>

#include "base/geo.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/zone.h"
#include "core/target.h"
#include "core/writer.h"

/* Memory for the words of one event: a description of 20,000 letters, folded, and to spare. */
#define INDEX_ARENA (4u << 20)

struct event_row event_row_new(void)
{
	return (struct event_row){
	    .start = TIME_NONE,
	    .end = TIME_NONE,
	    .doors = TIME_NONE,
	    .status = event_status_draft,
	    .zone = "UTC",
	    .tags = "[]",
	    .doc = "{}",
	};
}

struct event_ref event_row_ref(const struct event_row *row)
{
	struct event_ref ref = {
	    .id = row->id,
	    .organizer = row->organizer,
	    .status = row->status,
	    .start = row->start,
	    .doors = row->doors,
	    .end = row->end,
	};

	snprintf(ref.slug, sizeof(ref.slug), "%s", row->slug ? row->slug : "");
	snprintf(ref.zone, sizeof(ref.zone), "%s", row->zone ? row->zone : "");
	snprintf(ref.currency, sizeof(ref.currency), "%s", row->currency ? row->currency : "");
	return ref;
}

static int apply_times(struct call *c, const struct event_input *in, struct event_row *row)
{
	struct event_ref ref = event_row_ref(row);
	int r = 0;

	if (in->has & EVENT_HAS_start)
		r = call_when(c, &ref, in->start, false, "start", &row->start);
	ref.start = row->start;
	if (r == 0 && (in->has & EVENT_HAS_end))
		r = call_when(c, &ref, in->end, true, "end", &row->end);
	ref.end = row->end;
	if (r == 0 && (in->has & EVENT_HAS_doors))
		r = call_when(c, &ref, in->doors, false, "doors", &row->doors);
	if (r < 0)
		return r;
	if (row->end != TIME_NONE && row->end <= row->start)
		return err_set(&c->err, TIX_EBAD_VALUE, in->has & EVENT_HAS_end ? "end" : "start",
		    "the event would end before it starts");
	if (row->doors != TIME_NONE && row->doors > row->start)
		return err_set(&c->err, TIX_EBAD_VALUE,
		    in->has & EVENT_HAS_doors ? "doors" : "start",
		    "the doors would open after the start");
	return 0;
}

static const char *filled(const char *text)
{
	return text && text[0] ? text : NULL;
}

int event_row_apply(struct call *c, const struct event_input *in, struct event_row *row)
{
	const struct zone *zone;

	if (zone_get(row->zone, &zone, &c->err) < 0)
		return err_set(&c->err, TIX_EBAD_VALUE, "zone", "no time zone %s", row->zone);
	if (in->has & EVENT_HAS_name)
		row->name = in->name;
	if (in->has & EVENT_HAS_description)
		row->description = filled(in->description);
	if (in->has & EVENT_HAS_type)
		row->type = filled(in->type);
	if (in->has & EVENT_HAS_doc)
		row->doc = in->doc ? in->doc : "{}";
	if (in->has & EVENT_HAS_currency) {
		if (currency_exponent(in->currency) < 0) {
			const char *near = currency_near(in->currency);

			err_set(&c->err, TIX_EBAD_VALUE, "currency", "no ISO 4217 code: %s",
			    in->currency);
			if (near)
				err_hint(&c->err, "did you mean %s?", near);
			return TIX_EBAD_VALUE;
		}
		row->currency = in->currency;
	}
	if (in->has & EVENT_HAS_tags) {
		int r = tags_write(c, &in->tags, &row->tags);

		if (r < 0)
			return r;
	}
	if (in->has & EVENT_HAS_target) {
		int r = target_write(c, &in->target, &row->target);

		if (r < 0)
			return r;
	}
	return apply_times(c, in, row);
}

static int any(struct call *c, enum sql_id sql, int64_t id)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	q_end(&q);
	return r;
}

int event_currency_check(struct call *c, const struct event_row *was, const char *currency)
{
	int r;

	if (strcmp(was->currency, currency) == 0)
		return 0;
	r = any(c, SQL_event_moneyed, was->id);
	if (r == 1)
		return err_set(&c->err, TIX_EWRONG_STATE, "currency",
		    "tickets of %s were sold or are held in %s", was->slug, was->currency);
	if (r == 0 && currency_exponent(currency) != currency_exponent(was->currency))
		r = any(c, SQL_event_priced, was->id);
	if (r == 1) {
		err_set(&c->err, TIX_EWRONG_STATE, "currency",
		    "prices in %s cannot become prices in %s", was->currency, currency);
		err_hint(&c->err, "%s has other decimals: create a new event", currency);
		return TIX_EWRONG_STATE;
	}
	return r;
}

void event_row_place(struct event_row *row, const struct venue_row *venue)
{
	row->venue = venue ? venue->id : 0;
	row->venue_slug = venue ? venue->slug : NULL;
	row->venue_name = venue ? venue->name : NULL;
	row->venue_city = venue ? venue->city : NULL;
	row->venue_country = venue ? venue->country : NULL;
}

int64_t event_fts_row(int64_t start, int64_t id)
{
	return (int64_t)((uint64_t)(start / USEC_PER_SEC) << 25 | (uint64_t)(id & EVENT_ID_MAX));
}

/* Folded texts, one after the other. */
static int fold(
    struct call *c, struct arena *a, const char *const *texts, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const char *folded = texts[i] ? text_fold(a, texts[i]) : "";

		if (!folded)
			return row_no_memory(c);
		if (out->len && folded[0])
			buf_putc(out, ' ');
		buf_puts(out, folded);
	}
	return out->failed ? row_no_memory(c) : 0;
}

/* The filters of a search as words: organizer, venue, state, and the cells of the place. */
static int put_marks(struct call *c, const struct event_row *row, struct buf *b)
{
	struct venue_row venue;
	int r = row->venue ? venue_row_get(c, row->venue, &venue) : 0;

	buf_printf(b, "o%lld v%lld s%d", (long long)row->organizer, (long long)row->venue,
	    row->status);
	if (r == 1 && venue.latitude != TIME_NONE && venue.longitude != TIME_NONE)
		geo_marks(b, (struct geo){venue.latitude, venue.longitude});
	if (r < 0)
		return r;
	return b->failed ? row_no_memory(c) : 0;
}

static int add_words(struct call *c, struct arena *a, const struct event_row *row)
{
	AUTO(buf) struct buf marks;
	AUTO(buf) struct buf words;
	AUTO(buf) struct buf place;
	const char *own[] = {row->name, row->type, row->description};
	const char *where[] = {row->venue_name, row->venue_city, row->venue_country};
	struct text_list tags;
	struct q q;
	int r;

	buf_init(&words, 0);
	buf_init(&place, 0);
	buf_init(&marks, 0);
	r = tags_read(c, row->tags, &tags);
	if (r == 0)
		r = fold(c, a, own, ARRAY_LEN(own), &words);
	if (r == 0)
		r = fold(c, a, tags.v, tags.n, &words);
	if (r == 0)
		r = fold(c, a, where, ARRAY_LEN(where), &place);
	if (r == 0)
		r = put_marks(c, row, &marks);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_event_fts_add, &c->err);
	q_i64(&q, 1, event_fts_row(row->start, row->id));
	q_str(&q, 2, buf_str(&words));
	q_str(&q, 3, buf_str(&place));
	q_str(&q, 4, buf_str(&marks));
	return q_finish(&q);
}

static int index_event(struct call *c, const struct event_row *was, const struct event_row *now)
{
	struct arena *a;
	int r = 0;

	if (was)
		r = q_run(c->db, SQL_event_fts_drop, &c->err, 1,
		    (const int64_t[]){event_fts_row(was->start, was->id)});
	if (r < 0)
		return r;
	a = arena_new(INDEX_ARENA);
	r = a ? add_words(c, a, now) : row_no_memory(c);
	arena_free(a);
	return r;
}

static bool same_words(const struct event_row *a, const struct event_row *b)
{
	return event_fts_row(a->start, a->id) == event_fts_row(b->start, b->id) &&
	       a->venue == b->venue && same_text(a->name, b->name) && same_text(a->type, b->type) &&
	       same_text(a->tags, b->tags) && same_text(a->description, b->description) &&
	       same_text(a->venue_name, b->venue_name) && same_text(a->venue_city, b->venue_city) &&
	       same_text(a->venue_country, b->venue_country);
}

static int insert(struct call *c, const struct event_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_event_add, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, row->organizer);
	q_str(&q, 3, row->slug);
	q_str(&q, 4, row->name);
	q_str(&q, 5, row->description);
	q_str(&q, 6, row->type);
	q_str(&q, 7, row->tags);
	q_i64(&q, 8, row->status);
	q_i64(&q, 9, row->start);
	q_time(&q, 10, row->end);
	q_time(&q, 11, row->doors);
	q_time(&q, 12, row->venue ? row->venue : TIME_NONE);
	q_str(&q, 13, row->zone);
	q_str(&q, 14, row->currency);
	q_str(&q, 15, row->doc);
	q_i64(&q, 16, c->now);
	q_str(&q, 17, row->target);
	return q_finish(&q);
}

static int update(struct call *c, const struct event_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_event_set, &c->err);
	q_str(&q, 1, row->name);
	q_str(&q, 2, row->description);
	q_str(&q, 3, row->type);
	q_str(&q, 4, row->tags);
	q_i64(&q, 5, row->start);
	q_time(&q, 6, row->end);
	q_time(&q, 7, row->doors);
	q_time(&q, 8, row->venue ? row->venue : TIME_NONE);
	q_str(&q, 9, row->zone);
	q_str(&q, 10, row->currency);
	q_str(&q, 11, row->doc);
	q_str(&q, 12, row->target);
	q_i64(&q, 13, row->id);
	return q_finish(&q);
}

static void compare(struct diff *d, const struct event_row *was, const struct event_row *now)
{
	diff_text(d, "name", was->name, now->name);
	diff_time(d, "start", was->start, now->start);
	diff_time(d, "end", was->end, now->end);
	diff_time(d, "doors", was->doors, now->doors);
	diff_text(d, "zone", was->zone, now->zone);
	diff_text(d, "venue", was->venue_slug, now->venue_slug);
	diff_text(d, "currency", was->currency, now->currency);
	diff_text(d, "description", was->description, now->description);
	diff_text(d, "type", was->type, now->type);
	diff_json(d, "tags", was->tags, now->tags);
	diff_json(d, "doc", was->doc, now->doc);
	if (was->status == 0 && now->status != event_status_draft)
		diff_text(d, "status", NULL, enum_word(&enum_set_event_status, now->status));
	diff_json(d, "target", was->target, now->target);
}

int event_row_write(
    struct call *c, const struct event_row *was, const struct event_row *now)
{
	static const struct event_row none = {
	    .start = TIME_NONE, .end = TIME_NONE, .doors = TIME_NONE};
	struct changed what = {
	    was ? "event.changed" : "event.created", now->slug, now->id, now->id, now->slug};
	struct diff d;
	int r;

	diff_init(&d);
	compare(&d, was ? was : &none, now);
	if (was && d.n == 0) {
		diff_done(&d);
		return 0;
	}
	r = was ? update(c, now) : insert(c, now);
	if (r == 0 && (!was || !same_words(was, now)))
		r = index_event(c, was, now);
	if (r < 0) {
		diff_done(&d);
		return r;
	}
	r = row_changed(c, &what, &d);
	return r < 0 ? r : 1;
}

int event_row_status(struct call *c, struct event_row *row, int status)
{
	int r = q_run(c->db, SQL_event_status, &c->err, 2, (const int64_t[]){status, row->id});

	row->status = status;
	return r < 0 ? r : index_event(c, row, row);
}

static int venue_event_ids(struct call *c, int64_t venue, int64_t **ret, size_t *ret_n)
{
	int64_t *ids = NULL;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_venue_events, &c->err);
	q_i64(&q, 1, venue);
	while ((r = q_step(&q)) == 1) {
		if (n == cap) {
			int64_t *more = reallocarray(ids, cap ? cap * 2 : 64, sizeof(*ids));

			if (!more) {
				r = row_no_memory(c);
				break;
			}
			ids = more;
			cap = cap ? cap * 2 : 64;
		}
		ids[n++] = q_col(&q, 0);
	}
	q_end(&q);
	*ret = ids;
	*ret_n = n;
	return r < 0 ? r : 0;
}

int event_index_venue(struct call *c, int64_t venue)
{
	struct arena *mine = c->arena, *scratch = arena_new(INDEX_ARENA);
	struct event_row row;
	int64_t *ids = NULL;
	size_t n = 0;
	int r = scratch ? venue_event_ids(c, venue, &ids, &n) : row_no_memory(c);

	/* Rows of many events would not fit into the call's arena: one at a time. */
	c->arena = scratch;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		arena_reset(scratch);
		r = event_row_get(c, ids[i], &row);
		if (r == 1)
			r = index_event(c, &row, &row);
	}
	c->arena = mine;
	arena_free(scratch);
	free(ids);
	return r < 0 ? r : 0;
}
