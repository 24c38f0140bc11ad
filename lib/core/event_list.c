/* SPDX-License-Identifier: MIT */
/* The list and the search of events, by start, from a place on. Words are looked up in the
 * full-text table, whose rows lie in the order of the starts; nothing is ever sorted or counted. */
#include "core/event.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/event_row.h"
#include "core/page.h"
#include "core/scope.h"
#include "core/venue.h"

/* Text of one page: a page of long descriptions ends early, so that the reply fits into a frame. */
#define PAGE_BYTES (256u << 10)
#define ALL_STATES (~UINT64_C(0) >> 1)
#define NO_LIMIT (INT64_C(1) << 40)

struct search {
	const char *match; /* the full-text query; NULL: none */
	const char *tag;
	int64_t after_start, after_id, before;
	int64_t venue;
	uint64_t status;
	struct scope scope;
	int limit;
};

/* Words as quoted strings, which have no syntax; a star at the end of a word makes it a prefix. */
static void put_words(struct buf *b, const char *folded)
{
	for (const char *s = folded; *s;) {
		size_t len, n;

		s += strspn(s, " \t\n");
		len = strcspn(s, " \t\n");
		n = len;
		while (n && s[n - 1] == '*')
			n--;
		if (n) {
			buf_puts(b, " \"");
			for (size_t i = 0; i < n; i++) {
				if (s[i] == '"')
					buf_putc(b, '"');
				buf_putc(b, s[i]);
			}
			buf_puts(b, n < len ? "\"*" : "\"");
		}
		s += len;
	}
}

/* One clause of the query, joined by AND. */
static int put_clause(
    struct call *c, struct buf *b, const char *column, const char *text, bool phrase)
{
	AUTO(buf) struct buf words;
	const char *folded = text_fold(c->arena, text);

	buf_init(&words, 0);
	if (!folded)
		return row_no_memory(c);
	if (phrase) {
		buf_puts(&words, "\"");
		for (const char *s = folded; *s; s++)
			buf_puts(&words, *s == '"' ? "\"\"" : (char[]){*s, 0});
		buf_puts(&words, "\"");
	} else {
		put_words(&words, folded);
	}
	if (words.len)
		buf_printf(b, "%s%s(%s)", b->len ? " AND " : "", column, buf_str(&words));
	return words.failed || b->failed ? row_no_memory(c) : 0;
}

/* A tag of signs alone has no words: then the rows themselves decide. */
static bool has_words(const char *text)
{
	for (; *text; text++) {
		unsigned char ch = (unsigned char)*text;

		if ((ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') ||
		    (ch >= 'a' && ch <= 'z') || ch >= 0x80)
			return true;
	}
	return false;
}

/* The filters as words, so that what a search skips costs it nothing. The rows decide all the same.
 */
static void put_marks(struct buf *b, const struct search *s)
{
	bool any = false;

	if (s->scope.organizer)
		buf_printf(b, " AND marks : \"o%lld\"", (long long)s->scope.organizer);
	if (s->venue)
		buf_printf(b, " AND marks : \"v%lld\"", (long long)s->venue);
	if (s->status == ALL_STATES)
		return;
	for (int i = 0; i < 63; i++) {
		if (s->status >> i & 1) {
			buf_printf(b, "%s\"s%d\"", any ? " OR " : " AND marks : (", i);
			any = true;
		}
	}
	if (any)
		buf_putc(b, ')');
}

static int make_match(struct call *c, const struct event_list_in *in, struct search *s)
{
	AUTO(buf) struct buf b;
	int r = 0;

	buf_init(&b, 0);
	if (in->words)
		r = put_clause(c, &b, "{words place} : ", in->words, false);
	if (r == 0 && in->place)
		r = put_clause(c, &b, "place : ", in->place, false);
	if (r == 0 && in->tag && has_words(in->tag))
		r = put_clause(c, &b, "words : ", in->tag, true);
	if (r < 0 || b.len == 0)
		return r;
	put_marks(&b, s);
	s->match = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	return s->match ? 0 : row_no_memory(c);
}

static int make_search(struct call *c, const struct event_list_in *in, struct search *s)
{
	struct venue_row venue;
	int64_t since = TIME_NONE, until = TIME_NONE;
	int r;

	*s = (struct search){
	    .tag = in->tag,
	    .status = HAS(in, event_list_in, status) ? in->status : ALL_STATES,
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
		r = make_match(c, in, s);
	if (since != TIME_NONE) {
		s->after_start = since - 1;
		s->after_id = INT64_MAX;
	}
	if (until != TIME_NONE)
		s->before = until;
	return r;
}

/* The only state that is asked for, 0 when there are several. */
static int one_state(const struct search *s)
{
	return s->status && !(s->status & (s->status - 1)) ? __builtin_ctzll(s->status) : 0;
}

static enum sql_id plain_statement(const struct search *s)
{
	if (s->scope.event)
		return SQL_event_list_one;
	if (s->venue)
		return SQL_event_list_venue;
	if (one_state(s))
		return SQL_event_list_status;
	return s->scope.organizer ? SQL_event_list_organizer : SQL_event_list;
}

static void start_words(struct q *q, struct call *c, const struct search *s)
{
	int64_t before =
	    s->before == INT64_MAX ? INT64_MAX : event_fts_row(s->before, 0) + EVENT_ID_MAX + 1;
	int64_t after = -1;

	/* Rows of one second are in the order of their ids. */
	if (s->after_start != INT64_MIN && s->after_id == INT64_MAX)
		after = event_fts_row(s->after_start + 1, 0) - 1;
	else if (s->after_start != INT64_MIN)
		after = event_fts_row(s->after_start, s->after_id);
	q_start(q, c->db, SQL_event_list_words, &c->err);
	q_i64(q, 1, after);
	q_str(q, 2, s->match);
	q_i64(q, 8, before);
	q_i64(q, 9, s->tag ? NO_LIMIT : s->limit + 1);
}

static void start_list(struct q *q, struct call *c, const struct search *s)
{
	if (s->match) {
		start_words(q, c, s);
	} else {
		enum sql_id sql = plain_statement(s);
		int at = 8;

		q_start(q, c->db, sql, &c->err);
		q_i64(q, 1, s->after_start);
		q_i64(q, 2, s->after_id);
		if (sql == SQL_event_list_status)
			q_i64(q, at++, one_state(s));
		q_i64(q, at, s->tag ? NO_LIMIT : s->limit + 1);
	}
	q_i64(q, 3, s->before);
	q_i64(q, 4, (int64_t)s->status);
	q_i64(q, 5, s->scope.organizer);
	q_i64(q, 6, s->scope.event);
	q_i64(q, 7, s->venue);
}

static bool tagged(const struct event *event, const char *tag)
{
	for (size_t i = 0; i < event->tags.n; i++) {
		if (strcmp(event->tags.v[i], tag) == 0)
			return true;
	}
	return false;
}

/* Since with microseconds: the second that it falls into begins before it. */
static bool too_early(
    const struct event_list_in *in, const struct search *s, const struct event *event)
{
	return in->since && s->match && s->after_id == INT64_MAX && event->start <= s->after_start;
}

static size_t bytes_of(const struct event_row *row)
{
	return strlen(row->doc) + strlen(row->tags) + strlen(row->name) +
	       (row->description ? strlen(row->description) : 0);
}

static int take_rows(struct call *c, struct q *q, const struct event_list_in *in,
    const struct search *s, const struct page_filter *f, struct event_page *out)
{
	struct event *items = arena_array(c->arena, (size_t)s->limit, sizeof(*items));
	struct page_key last = {0};
	size_t bytes = 0;
	int n = 0, r;

	if (!items)
		return row_no_memory(c);
	while ((r = q_step(q)) == 1) {
		struct event event = {0};
		struct event_row row;

		r = event_row_read(c, q, &row);
		if (r == 0)
			r = event_out(c, &row, &event);
		if (r < 0)
			break;
		if ((s->tag && !tagged(&event, s->tag)) || too_early(in, s, &event))
			continue;
		bytes += bytes_of(&row);
		if (n == s->limit || (n > 0 && bytes > PAGE_BYTES)) {
			out->next = page_next(c, f, &last);
			r = out->next ? 0 : c->err.code;
			break;
		}
		items[n++] = event;
		last.n[0] = row.start;
		last.n[1] = row.id;
	}
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}

int event_list(struct call *c, const struct event_list_in *in, struct event_page *out)
{
	struct page_key key;
	struct page_filter f;
	struct search s;
	struct q q;
	int r = make_search(c, in, &s);

	if (r < 0)
		return r;
	page_filter_init(&f, "event.list");
	page_filter_str(&f, in->words);
	page_filter_str(&f, in->place);
	page_filter_i64(&f, (int64_t)s.status);
	page_filter_str(&f, in->since);
	page_filter_str(&f, in->until);
	page_filter_str(&f, in->venue);
	page_filter_str(&f, in->tag);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	if (r == 1) {
		s.after_start = key.n[0];
		s.after_id = key.n[1];
	}
	start_list(&q, c, &s);
	r = take_rows(c, &q, in, &s, &f, out);
	q_end(&q);
	return r;
}
