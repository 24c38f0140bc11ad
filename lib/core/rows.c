/* SPDX-License-Identifier: MIT */
/* Columns to rows and back. It knows no rules and never writes. */
#include "core/rows.h"

#include <string.h>

#include "base/mem.h"
#include "base/textlist.h"
#include "base/when.h"
#include "core/journal.h"
#include "core/redirect.h"
#include "core/writer.h"

int row_no_memory(struct call *c)
{
	return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "the call needs too much memory");
}

int row_text(struct call *c, struct q *q, int column, const char **ret)
{
	const char *text = q_text(q, column);

	if (text) {
		text = arena_strdup(c->arena, text);
		if (!text)
			return row_no_memory(c);
	}
	*ret = text;
	return 0;
}

/* Several columns at once. */
static int texts(struct call *c, struct q *q, int n, const int *columns, const char **const *rets)
{
	for (int i = 0; i < n; i++) {
		int r = row_text(c, q, columns[i], rets[i]);

		if (r < 0)
			return r;
	}
	return 0;
}
#define TEXTS(c, q, columns, ...)                                                                  \
	texts(c, q, ARRAY_LEN(columns), columns, (const char **const[]){__VA_ARGS__})

static int64_t time_col(struct q *q, int column)
{
	return q_isnull(q, column) ? TIME_NONE : q_col(q, column);
}

int organizer_row_read(struct call *c, struct q *q, struct organizer_row *ret)
{
	static const int columns[] = {1, 2};

	ret->id = q_col(q, 0);
	ret->events = q_col(q, 3);
	return TEXTS(c, q, columns, &ret->slug, &ret->name);
}

int venue_row_read(struct call *c, struct q *q, struct venue_row *ret)
{
	static const int columns[] = {2, 3, 4, 5, 6, 7, 10};

	ret->id = q_col(q, 0);
	ret->organizer = q_col(q, 1);
	ret->latitude = time_col(q, 8);
	ret->longitude = time_col(q, 9);
	return TEXTS(c, q, columns, &ret->organizer_slug, &ret->slug, &ret->name, &ret->address,
	    &ret->city, &ret->country, &ret->zone);
}

int event_row_read(struct call *c, struct q *q, struct event_row *ret)
{
	static const int columns[] = {1, 3, 7, 8, 9, 10, 11, 12, 14, 16, 17, 18, 19, 23};

	ret->id = q_col(q, 0);
	ret->status = (int)q_col(q, 2);
	ret->start = q_col(q, 4);
	ret->end = time_col(q, 5);
	ret->doors = time_col(q, 6);
	ret->organizer = q_col(q, 13);
	ret->venue = q_col(q, 15);
	ret->size = q_col(q, 20);
	ret->sold = q_col(q, 21);
	ret->held = q_col(q, 22);
	return TEXTS(c, q, columns, &ret->slug, &ret->name, &ret->zone, &ret->currency,
	    &ret->description, &ret->type, &ret->tags, &ret->doc, &ret->organizer_slug,
	    &ret->venue_slug, &ret->venue_name, &ret->venue_city, &ret->venue_country,
	    &ret->target);
}

int category_row_read(struct call *c, struct q *q, struct category_row *ret)
{
	static const int columns[] = {2, 3, 4, 5, 6, 15, 16};

	ret->id = q_col(q, 0);
	ret->event = q_col(q, 1);
	ret->price = q_col(q, 7);
	ret->position = q_col(q, 8);
	ret->sale_from = time_col(q, 9);
	ret->sale_to = time_col(q, 10);
	ret->min = q_col(q, 11);
	ret->max = q_col(q, 12);
	ret->hidden = q_col(q, 13) != 0;
	ret->free = q_col(q, 14);
	return TEXTS(c, q, columns, &ret->event_slug, &ret->organizer_slug, &ret->currency,
	    &ret->name, &ret->title, &ret->from_rule, &ret->to_rule);
}

int quota_row_read(struct call *c, struct q *q, struct quota_row *ret)
{
	static const int columns[] = {2, 3, 4};

	ret->id = q_col(q, 0);
	ret->event = q_col(q, 1);
	ret->size = q_col(q, 5);
	ret->overbook = q_col(q, 6);
	ret->blocked = q_col(q, 7);
	ret->held = q_col(q, 8);
	ret->sold = q_col(q, 9);
	return TEXTS(c, q, columns, &ret->event_slug, &ret->organizer_slug, &ret->name);
}

/* One row by id (name NULL), by name (id 0), or by both. */
#define ROW_LOOKUP(kind)                                                                           \
	static int kind##_row_one(                                                                 \
	    struct call *c, enum sql_id sql, int64_t id, const char *name, struct kind##_row *ret) \
	{                                                                                          \
		struct kind##_row row = {0};                                                       \
		struct q q;                                                                        \
		int r;                                                                             \
                                                                                                   \
		q_start(&q, c->db, sql, &c->err);                                                  \
		if (id)                                                                            \
			q_i64(&q, 1, id);                                                          \
		if (name)                                                                          \
			q_str(&q, id ? 2 : 1, name);                                               \
		r = q_step(&q);                                                                    \
		if (r == 1) {                                                                      \
			r = kind##_row_read(c, &q, &row);                                          \
			if (r == 0) {                                                              \
				*ret = row;                                                        \
				r = 1;                                                             \
			}                                                                          \
		}                                                                                  \
		q_end(&q);                                                                         \
		return r;                                                                          \
	}                                                                                          \
	int kind##_row_get(struct call *c, int64_t id, struct kind##_row *ret)                     \
	{                                                                                          \
		return kind##_row_one(c, SQL_##kind##_get, id, NULL, ret);                         \
	}
#define ROW_FIND(kind)                                                                             \
	int kind##_row_find(struct call *c, const char *slug, struct kind##_row *ret)              \
	{                                                                                          \
		return kind##_row_one(c, SQL_##kind##_find, 0, slug, ret);                         \
	}
#define ROW_FIND_IN(kind)                                                                          \
	int kind##_row_find(                                                                       \
	    struct call *c, int64_t event, const char *name, struct kind##_row *ret)               \
	{                                                                                          \
		return kind##_row_one(c, SQL_##kind##_find, event, name, ret);                     \
	}
ROW_LOOKUP(organizer)
ROW_FIND(organizer)
ROW_LOOKUP(venue)
ROW_FIND(venue)
ROW_LOOKUP(event)
int event_row_find(struct call *c, const char *slug, struct event_row *ret)
{
	const char *now;
	int r = event_row_one(c, SQL_event_find, 0, slug, ret);

	if (r == 0)
		r = redirect_find(c, slug, &now);
	else
		return r;
	return r == 1 ? event_row_one(c, SQL_event_find, 0, now, ret) : r;
}
ROW_LOOKUP(category)
ROW_FIND_IN(category)
ROW_LOOKUP(quota)
ROW_FIND_IN(quota)

void q_time(struct q *q, int param, int64_t value)
{
	if (value == TIME_NONE)
		q_null(q, param);
	else
		q_i64(q, param, value);
}

int q_finish(struct q *q)
{
	int r = q_step(q);

	q_end(q);
	return r < 0 ? r : 0;
}

int q_ids(struct q *q, int max, int64_t *ret)
{
	int n = 0, r = 0;

	while (n < max && (r = q_step(q)) == 1)
		ret[n++] = q_col(q, 0);
	q_end(q);
	return r < 0 ? r : n;
}

int row_names(struct call *c, enum sql_id sql, int64_t id, struct text_list *ret)
{
	const char **v = NULL;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, id);
	while ((r = q_step(&q)) == 1) {
		if (n == cap) {
			const char **more = arena_array(c->arena, cap ? cap * 2 : 4, sizeof(*v));

			if (!more) {
				r = row_no_memory(c);
				break;
			}
			if (n)
				memcpy(more, v, n * sizeof(*v));
			cap = cap ? cap * 2 : 4;
			v = more;
		}
		r = row_text(c, &q, 0, &v[n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	if (r < 0)
		return r;
	*ret = (struct text_list){v, n};
	return 0;
}

int tags_read(struct call *c, const char *json, struct text_list *ret)
{
	int r = textlist_read(c->arena, json, &ret->v, &ret->n, &c->err);

	if (r != TIX_EPARSE)
		return r;
	err_clear(&c->err);
	*ret = (struct text_list){0};
	return 0;
}

int tags_write(struct call *c, const struct text_list *list, const char **ret)
{
	AUTO(buf) struct buf b;
	const char *text;

	buf_init(&b, 0);
	textlist_write(&b, list->v, list->n);
	text = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	if (!text)
		return row_no_memory(c);
	*ret = text;
	return 0;
}

bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

void diff_init(struct diff *d)
{
	buf_init(&d->b, 0);
	d->n = 0;
}

void diff_done(struct diff *d)
{
	buf_done(&d->b);
}

/* What is long is told by its size alone: a record must fit into a frame with others. */
#define DIFF_TEXT_MAX 2000

static bool too_long(struct diff *d, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (len > DIFF_TEXT_MAX)
		buf_printf(&d->b, "{\"bytes\":%zu}", len);
	return len > DIFF_TEXT_MAX;
}

static void member(struct diff *d, const char *field)
{
	buf_putc(&d->b, d->n++ ? ',' : '{');
	buf_json_str(&d->b, field);
	buf_putc(&d->b, ':');
}

void diff_text(struct diff *d, const char *field, const char *was, const char *now)
{
	if (same_text(was, now))
		return;
	member(d, field);
	if (!too_long(d, now))
		buf_json_str(&d->b, now);
}

void diff_json(struct diff *d, const char *field, const char *was, const char *now)
{
	if (same_text(was, now))
		return;
	member(d, field);
	if (!too_long(d, now))
		buf_puts(&d->b, now ? now : "null");
}

void diff_i64(struct diff *d, const char *field, int64_t was, int64_t now)
{
	if (was == now)
		return;
	member(d, field);
	if (now == TIME_NONE)
		buf_puts(&d->b, "null");
	else
		buf_i64(&d->b, now);
}

void diff_time(struct diff *d, const char *field, int64_t was, int64_t now)
{
	char text[WHEN_TEXT_MAX];

	if (was == now)
		return;
	member(d, field);
	buf_json_str(&d->b, now == TIME_NONE ? NULL : when_rfc3339(now, text, sizeof(text)));
}

const char *diff_end(struct diff *d)
{
	buf_puts(&d->b, d->n ? "}" : "{}");
	return buf_str(&d->b);
}

int row_changed(struct call *c, const struct changed *what, struct diff *d)
{
	const char *data = diff_end(d);
	int r;

	if (d->b.failed)
		r = row_no_memory(c);
	else
		r = journal_append(
		    c, what->topic, what->subject, what->event, what->event_slug, data);
	diff_done(d);
	if (r < 0)
		return r;
	c->subject = what->id;
	writer_catalogue_changed(c->writer);
	return 0;
}

int row_unchanged(struct call *c, int64_t id)
{
	c->subject = id;
	c->unchanged = true;
	return 0;
}
