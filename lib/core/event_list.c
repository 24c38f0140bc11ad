/* SPDX-License-Identifier: MIT */
/* The list and the search of events, by start, from a place on. Words and cells are looked up in
 * the full-text table, whose rows lie in the order of the starts; nothing is ever sorted or
 * counted. A page looks at a bounded number of rows: it may be short and still have a next. */
#include "core/event.h"

#include <string.h>

#include "base/text.h"
#include "core/event_row.h"
#include "core/event_search.h"
#include "core/odd.h"
#include "core/page.h"
#include "core/venue.h"

/* Text of one page: a page of long descriptions ends early, so that the reply fits into a frame. */
#define PAGE_BYTES (256u << 10)
#define SCAN_MAX 1000 /* rows that one page looks at */
#define WITHIN 25     /* kilometres */

/* A place in degrees, or where a venue is. */
static int read_near(struct call *c, const struct event_list_in *in, struct event_search *s)
{
	struct venue_row venue;
	int r;

	if (!in->near)
		return HAS(in, event_list_in, within)
			   ? err_set(&c->err, TIX_EMISSING, "near", "within what of where?")
			   : 0;
	s->within = HAS(in, event_list_in, within) ? in->within : WITHIN;
	if (geo_parse(in->near, &s->near))
		return 0;
	if (strchr(in->near, ',') || text_slug_check(in->near, "near", NULL) < 0)
		return err_set(&c->err, TIX_EBAD_VALUE, "near",
		    "neither degrees, as in 52.52,13.40, nor a venue");
	r = venue_named(c, in->near, "near", &venue);
	if (r < 0)
		return r;
	if (venue.latitude == TIME_NONE || venue.longitude == TIME_NONE)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, "near", "where %s is was never said", in->near);
	s->near = (struct geo){venue.latitude, venue.longitude};
	return 0;
}

static int read_filters(struct call *c, const struct event_list_in *in, struct event_search *s)
{
	int r = read_near(c, in, s);

	if (r == 0 && in->type) {
		s->type = text_fold(c->arena, in->type);
		r = s->type ? 0 : row_no_memory(c);
	}
	if (r == 0 && in->price_min)
		r = amount_bound_read(c, ">=", in->price_min, "price_min", &s->price_min);
	if (r == 0 && in->price_max)
		r = amount_bound_read(c, "<=", in->price_max, "price_max", &s->price_max);
	return r;
}

static int make_search(struct call *c, const struct event_list_in *in, struct event_search *s)
{
	struct venue_row venue;
	int64_t since = TIME_NONE, until = TIME_NONE;
	int r;

	*s = (struct event_search){
	    .tag = in->tag,
	    .status = HAS(in, event_list_in, status) ? in->status : EVENT_ALL_STATES,
	    .since = INT64_MIN,
	    .after_start = INT64_MIN,
	    .before = INT64_MAX,
	    .limit = page_limit(in, event_list_in),
	};
	r = scope_of(c, &s->scope);
	if (r == 0)
		r = call_when(c, NULL, in->since, false, "since", &since);
	if (r == 0)
		r = call_when(c, NULL, in->until, true, "until", &until);
	if (r == 0 && in->venue) {
		r = venue_named(c, in->venue, "venue", &venue);
		if (r == 0)
			s->venue = venue.id;
	}
	if (r == 0)
		r = read_filters(c, in, s);
	if (r == 0)
		r = event_search_match(c, in, s);
	if (since != TIME_NONE) {
		s->since = since;
		s->after_start = since - 1;
		s->after_id = INT64_MAX;
	}
	if (until != TIME_NONE)
		s->before = until;
	return r;
}

/* The only state that is asked for, 0 when there are several. */
static int one_state(const struct event_search *s)
{
	return s->status && !(s->status & (s->status - 1)) ? __builtin_ctzll(s->status) : 0;
}

static void start_words(struct q *q, struct call *c, const struct event_search *s)
{
	int64_t before =
	    s->before == INT64_MAX ? INT64_MAX : event_fts_row(s->before, 0) + EVENT_ID_MAX + 1;
	int64_t after = -1;

	/* Rows of one second are in the order of their ids. */
	if (s->after_start != INT64_MIN && s->after_id == INT64_MAX)
		after = event_fts_row(s->after_start + 1, 0) - 1;
	else if (s->after_start != INT64_MIN)
		after = event_fts_row(s->after_start, s->after_id);
	q_start(q, c->db, SQL_event_scan_words, &c->err);
	q_i64(q, 1, after);
	q_str(q, 2, s->match);
	q_i64(q, 3, before);
	q_i64(q, 4, SCAN_MAX + 1);
}

static void start_plain(struct q *q, struct call *c, const struct event_search *s)
{
	enum sql_id sql = SQL_event_scan;
	int64_t value = 0;

	if (s->scope.event) {
		sql = SQL_event_scan_one;
		value = s->scope.event;
	} else if (s->venue) {
		sql = SQL_event_scan_venue;
		value = s->venue;
	} else if (one_state(s)) {
		sql = SQL_event_scan_status;
		value = one_state(s);
	} else if (s->scope.organizer) {
		sql = SQL_event_scan_organizer;
		value = s->scope.organizer;
	}
	q_start(q, c->db, sql, &c->err);
	q_i64(q, 1, s->after_start);
	q_i64(q, 2, s->after_id);
	q_i64(q, 3, s->before);
	q_i64(q, 4, SCAN_MAX + 1);
	if (sql != SQL_event_scan)
		q_i64(q, 5, value);
}

static int tagged(struct call *c, const char *json, const char *tag)
{
	struct text_list tags;
	int r;

	if (!tag)
		return 1;
	if (!strstr(json, tag) && !strpbrk(tag, "\"\\/"))
		return 0; /* only what JSON may write in another way needs to be read */
	r = tags_read(c, json, &tags);
	for (size_t i = 0; r == 0 && i < tags.n; i++) {
		if (strcmp(tags.v[i], tag) == 0)
			return 1;
	}
	return r;
}

static int has_type(struct call *c, const char *type, const char *want)
{
	const char *folded;

	if (!want || !type)
		return !want;
	folded = text_fold(c->arena, type);
	return folded ? strcmp(folded, want) == 0 : row_no_memory(c);
}

static bool is_near(struct q *q, const struct event_search *s)
{
	if (s->within <= 0)
		return true;
	return !q_isnull(q, 8) && !q_isnull(q, 9) &&
	       geo_within(s->near, (struct geo){q_col(q, 8), q_col(q, 9)}, s->within);
}

static int priced(struct call *c, int64_t event, const char *currency, struct event_search *s)
{
	bool found = false;
	struct q q;
	int r = 0;

	if (!s->price_min.op[0] && !s->price_max.op[0])
		return 1;
	q_start(&q, c->db, SQL_event_prices, &c->err);
	q_i64(&q, 1, event);
	while (!found && (r = q_step(&q)) == 1)
		found = amount_matches(&s->price_min, currency, q_col(&q, 0)) &&
			amount_matches(&s->price_max, currency, q_col(&q, 0));
	q_end(&q);
	return r < 0 ? r : found;
}

/* The row that the scan stands on: 1 when it passes all filters. */
static int matches(struct call *c, struct q *q, struct event_search *s)
{
	int r;

	/* A place in the full-text table is a second: since and until may fall into one. */
	if (q_col(q, 1) >= s->before || q_col(q, 1) < s->since)
		return 0;
	if (!((s->status >> q_col(q, 2)) & 1) ||
	    (s->scope.organizer && q_col(q, 3) != s->scope.organizer) ||
	    (s->scope.event && q_col(q, 0) != s->scope.event) ||
	    (s->venue && q_col(q, 4) != s->venue) || !is_near(q, s))
		return 0;
	r = has_type(c, q_text(q, 5), s->type);
	if (r == 1)
		r = tagged(c, q_text(q, 6), s->tag);
	if (r == 1)
		r = name_filter_matches(c, &s->name, q_text(q, 10));
	return r == 1 ? priced(c, q_col(q, 0), q_text(q, 7), s) : r;
}

static size_t bytes_of(const struct event_row *row)
{
	return strlen(row->doc) + strlen(row->tags) + strlen(row->name) +
	       (row->description ? strlen(row->description) : 0);
}

/* One row of the scan: 1 when the page is full without it. */
static int take(
    struct call *c, struct q *q, struct event_search *s, size_t *bytes, struct event_page *out)
{
	struct event event = {0};
	struct event_row row;
	int r = matches(c, q, s);

	if (r < 1)
		return r;
	if (out->items.n == (size_t)s->limit)
		return 1;
	r = event_row_get(c, q_col(q, 0), &row);
	if (r < 1)
		return r;
	*bytes += bytes_of(&row);
	if (out->items.n > 0 && *bytes > PAGE_BYTES)
		return 1;
	r = event_out(c, &row, &event);
	if (r == 0)
		((struct event *)out->items.v)[out->items.n++] = event;
	return r;
}

static int take_rows(struct call *c, struct q *q, struct event_search *s,
    const struct page_filter *f, struct event_page *out)
{
	struct page_key last = {0};
	size_t bytes = 0;
	int n = 0, r;

	out->items.v = arena_array(c->arena, (size_t)s->limit, sizeof(struct event));
	if (!out->items.v)
		return row_no_memory(c);
	while ((r = q_step(q)) == 1) {
		r = n++ < SCAN_MAX && arena_used(c->arena) < PAGE_MEMORY_MAX
			? take(c, q, s, &bytes, out)
			: 1;
		if (r < 0)
			break;
		if (r == 1) {
			out->next = page_next(c, f, &last);
			r = out->next ? 0 : c->err.code;
			break;
		}
		last.n[0] = q_col(q, 1);
		last.n[1] = q_col(q, 0);
	}
	return r < 0 ? r : 0;
}

static void digest(
    const struct event_list_in *in, const struct event_search *s, struct page_filter *f)
{
	page_filter_init(f, "event.list");
	page_filter_str(f, in->words);
	page_filter_str(f, in->name);
	page_filter_str(f, in->place);
	page_filter_i64(f, (int64_t)s->status);
	page_filter_str(f, in->since);
	page_filter_str(f, in->until);
	page_filter_str(f, in->venue);
	page_filter_str(f, in->tag);
	page_filter_str(f, in->type);
	page_filter_str(f, in->near);
	page_filter_i64(f, s->within);
	page_filter_str(f, in->price_min);
	page_filter_str(f, in->price_max);
}

int event_list(struct call *c, const struct event_list_in *in, struct event_page *out)
{
	struct page_key key;
	struct page_filter f;
	struct event_search s;
	struct q q;
	int r = make_search(c, in, &s);

	if (r == 0)
		r = name_filter_read(c, in->name, "name", &s.name);
	if (r < 0) {
		name_filter_done(&s.name);
		return r;
	}
	ODD_TELL(c, out, event_page);
	digest(in, &s, &f);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0) {
		name_filter_done(&s.name);
		return r;
	}
	if (r == 1) {
		s.after_start = key.n[0];
		s.after_id = key.n[1];
	}
	if (s.match)
		start_words(&q, c, &s);
	else
		start_plain(&q, c, &s);
	r = take_rows(c, &q, &s, &f, out);
	q_end(&q);
	name_filter_done(&s.name);
	return r;
}
