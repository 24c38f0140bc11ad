/* SPDX-License-Identifier: MIT */
/* Rows of the catalogue as core works with them: loaded, changed in memory, compared, written.
 * Strings live in the call's arena; NULL is null. Functions that look up return 1 for found, 0 for
 * none, < 0 an error; whether the principal may see the row is the caller's business. */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "base/buf.h"
#include "core/call.h"

struct organizer_row {
	int64_t id, events;
	const char *slug, *name;
};

struct venue_row {
	int64_t id, organizer;
	int64_t latitude, longitude; /* millionths, TIME_NONE unknown */
	const char *organizer_slug, *slug, *name, *address, *city, *country, *zone;
};

struct event_row {
	int64_t id, organizer;
	int64_t venue; /* 0: none */
	int64_t start, end, doors;
	int64_t size, sold, held;
	int status;
	const char *slug, *name, *zone, *currency, *description, *type;
	const char *tags; /* JSON array of text */
	const char *doc;  /* JSON object */
	const char *target; /* JSON array of points, NULL: none */
	const char *organizer_slug;
	const char *venue_slug, *venue_name, *venue_city, *venue_country;
};

struct category_row {
	int64_t id, event, price, position, sale_from, sale_to, min;
	int64_t max; /* 0: none */
	int64_t free;
	bool hidden;
	const char *event_slug, *organizer_slug, *currency, *name, *title;
	const char *from_rule, *to_rule; /* a window that follows the event, as typed; else NULL */
};

struct quota_row {
	int64_t id, event, size, overbook, blocked, held, sold;
	const char *event_slug, *organizer_slug, *name;
};

int organizer_row_find(struct call *c, const char *slug, struct organizer_row *ret);
int organizer_row_get(struct call *c, int64_t id, struct organizer_row *ret);
int venue_row_find(struct call *c, const char *slug, struct venue_row *ret);
int venue_row_get(struct call *c, int64_t id, struct venue_row *ret);
/* A former slug finds it too. */
int event_row_find(struct call *c, const char *slug, struct event_row *ret);
int event_row_get(struct call *c, int64_t id, struct event_row *ret);
int category_row_find(struct call *c, int64_t event, const char *name, struct category_row *ret);
int category_row_get(struct call *c, int64_t id, struct category_row *ret);
int quota_row_find(struct call *c, int64_t event, const char *name, struct quota_row *ret);
int quota_row_get(struct call *c, int64_t id, struct quota_row *ret);

/* The row a list statement stands on. */
int organizer_row_read(struct call *c, struct q *q, struct organizer_row *ret);
int venue_row_read(struct call *c, struct q *q, struct venue_row *ret);
int event_row_read(struct call *c, struct q *q, struct event_row *ret);
int category_row_read(struct call *c, struct q *q, struct category_row *ret);
int quota_row_read(struct call *c, struct q *q, struct quota_row *ret);

/* Null where the store has null, else the arena's copy of a column; TIX_EUNAVAILABLE without
 * memory. */
int row_text(struct call *c, struct q *q, int column, const char **ret);
int row_no_memory(struct call *c);

/* Binds a time or degrees: TIME_NONE as null. */
void q_time(struct q *q, int param, int64_t value);

/* Steps a write once and ends it. */
int q_finish(struct q *q);

/* Ends a read with its first column, of at most max rows; returns how many or < 0. */
int q_ids(struct q *q, int max, int64_t *ret);

/* Names in the first column of a statement about one id. */
int row_names(struct call *c, enum sql_id sql, int64_t id, struct text_list *ret);

/* JSON array of text to a list and back. */
int tags_read(struct call *c, const char *json, struct text_list *ret);
int tags_write(struct call *c, const struct text_list *list, const char **ret);

bool same_text(const char *a, const char *b);

/* What changed, as the journal keeps it: one JSON object of new values, {"bytes": n} for a long
 * one. A buffer of its own: end with diff_done. */
struct diff {
	struct buf b;
	int n;
};

void diff_init(struct diff *d);
void diff_done(struct diff *d);
void diff_text(struct diff *d, const char *field, const char *was, const char *now);
void diff_json(struct diff *d, const char *field, const char *was, const char *now);
void diff_i64(struct diff *d, const char *field, int64_t was, int64_t now);
void diff_time(struct diff *d, const char *field, int64_t was, int64_t now);
const char *diff_end(struct diff *d); /* closes the object; valid until diff_done */

/* The end of a change: its record in the journal, the subject of the call, a word to the writer's
 * caches; ends d. */
struct changed {
	const char *topic, *subject;
	int64_t id;
	int64_t event; /* 0: of no event */
	const char *event_slug;
};
int row_changed(struct call *c, const struct changed *what, struct diff *d);

/* The end of a call that found its subject as it should become: no record. Returns 0. */
int row_unchanged(struct call *c, int64_t id);

#endif
