/* SPDX-License-Identifier: MIT */
/* The full-text part of a search of events. */
#include "core/event_search.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/rows.h"

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
static void put_marks(struct buf *b, const struct event_search *s)
{
	bool any = false;

	if (s->scope.organizer)
		buf_printf(b, " AND marks : \"o%lld\"", (long long)s->scope.organizer);
	if (s->venue)
		buf_printf(b, " AND marks : \"v%lld\"", (long long)s->venue);
	if (s->status == EVENT_ALL_STATES)
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

/* The cells around the place; a clause by itself. */
static int put_cells(struct call *c, struct buf *b, const struct event_search *s)
{
	AUTO(buf) struct buf cells;

	buf_init(&cells, 0);
	if (s->within > 0 && geo_cover(&cells, s->near, s->within) > 0)
		buf_printf(b, "%smarks : (%s)", b->len ? " AND " : "", buf_str(&cells));
	return cells.failed ? row_no_memory(c) : 0;
}

int event_search_match(struct call *c, const struct event_list_in *in, struct event_search *s)
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
	if (r == 0 && in->type && has_words(in->type))
		r = put_clause(c, &b, "words : ", in->type, true);
	if (r == 0)
		r = put_cells(c, &b, s);
	if (r < 0 || b.len == 0)
		return r;
	put_marks(&b, s);
	s->match = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	return s->match ? 0 : row_no_memory(c);
}
