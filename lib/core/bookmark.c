/* SPDX-License-Identifier: MIT */
/* Places of readers in the journal. They are moved by name and never ahead of the journal. */
#include "core/bookmark.h"

#include <inttypes.h>

#include "core/frame.h"
#include "core/page.h"
#include "core/rows.h"

#define BOOKMARKS_MAX 1000 /* of one principal */

struct mark {
	int64_t id, seq, at;
	const char *name;
};

static int read_row(struct call *c, struct q *q, struct mark *ret)
{
	*ret = (struct mark){.id = q_col(q, 0), .seq = q_col(q, 2), .at = q_col(q, 3)};
	return row_text(c, q, 1, &ret->name);
}

static int find(struct call *c, const char *name, struct mark *ret)
{
	struct q q;
	int r, failed = 0;

	q_start(&q, c->db, SQL_bookmark_find, &c->err);
	q_i64(&q, 1, c->who->id);
	q_str(&q, 2, name);
	r = q_step(&q);
	if (r == 1)
		failed = read_row(c, &q, ret);
	q_end(&q);
	return failed < 0 ? failed : r;
}

static void show(const struct mark *m, struct bookmark *out)
{
	out->name = m->name;
	out->record = m->seq;
	out->moved = m->at;
}

static int first_column(struct call *c, enum sql_id sql, int n, int64_t *ret)
{
	struct q q;
	int r;

	*ret = 0;
	q_start(&q, c->db, sql, &c->err);
	if (n > 0)
		q_i64(&q, 1, c->who->id);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int add(struct call *c, struct mark *m)
{
	int64_t count, last;
	struct q q;
	int r = first_column(c, SQL_bookmark_count, 1, &count);

	if (r == 0 && count >= BOOKMARKS_MAX) {
		err_set(&c->err, TIX_ELIMIT, "name", "you have %" PRId64 " bookmarks, and no more are kept",
		    count);
		err_hint(&c->err, "tix bookmark list; take one that nothing uses any more");
		return TIX_ELIMIT;
	}
	if (r == 0)
		r = first_column(c, SQL_bookmark_last, 0, &last);
	if (r < 0)
		return r;
	m->id = last + 1;
	q_start(&q, c->db, SQL_bookmark_add, &c->err);
	q_i64(&q, 1, m->id);
	q_i64(&q, 2, c->who->id);
	q_str(&q, 3, m->name);
	q_i64(&q, 4, m->seq);
	q_i64(&q, 5, m->at);
	return q_finish(&q);
}

static int check(struct call *c, const struct bookmark_set_in *in, const struct mark *m)
{
	uint8_t hash[32];
	int64_t head;

	writer_head(c->writer, &head, hash);
	if (in->seq > head)
		return err_set(&c->err, TIX_EBAD_VALUE, "seq",
		    "the journal ends at record %" PRId64, head);
	if (!HAS(in, bookmark_set_in, was) || in->was == m->seq)
		return 0;
	err_set(&c->err, TIX_EWRONG_STATE, "was", "%s stands at %" PRId64 ", not at %" PRId64, in->name,
	    m->seq, in->was);
	err_hint(&c->err, "another run under this name moved it; --lock keeps them apart");
	return TIX_EWRONG_STATE;
}

int bookmark_set(struct call *c, const struct bookmark_set_in *in, struct bookmark *out)
{
	struct mark m = {.seq = 0};
	int found = find(c, in->name, &m), r;

	r = found < 0 ? found : check(c, in, &m);
	if (r < 0)
		return r;
	c->unchanged = found == 1 && m.seq == in->seq;
	m.name = in->name;
	m.seq = in->seq;
	if (!c->unchanged)
		m.at = c->now;
	if (found == 0)
		r = add(c, &m);
	else if (!c->unchanged)
		r = q_run(c->db, SQL_bookmark_move, &c->err, 3, (const int64_t[]){m.seq, m.at, m.id});
	c->subject = m.id;
	show(&m, out);
	return r < 0 ? r : 0;
}

int bookmark_show(struct call *c, const struct bookmark_in *in, struct bookmark *out)
{
	struct mark m;
	int r = find(c, in->name, &m);

	if (r == 1)
		show(&m, out);
	return r < 0 ? r : r == 1 ? 0 : call_not_found(c, "name", "bookmark", in->name);
}

int bookmark_load(struct call *c, int64_t id, struct bookmark *out)
{
	struct mark m;
	struct q q;
	int r, failed = 0;

	q_start(&q, c->db, SQL_bookmark_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1)
		failed = read_row(c, &q, &m);
	q_end(&q);
	if (r < 1 || failed < 0)
		return failed < 0 ? failed : r < 0 ? r : call_not_found(c, "name", "bookmark", NULL);
	show(&m, out);
	return 0;
}

int bookmark_list(struct call *c, const struct page_in *in, struct bookmark_page *out)
{
	struct page_key key = {.text = ""};
	struct bookmark *items;
	struct page_filter f;
	struct mark m;
	struct q q;
	int limit = page_limit(in, page_in), n = 0, r;

	page_filter_init(&f, "bookmark.list");
	r = page_open(c, &f, in->cursor, &key);
	items = arena_array(c->arena, (size_t)limit, sizeof(*items));
	if (r < 0 || !items)
		return r < 0 ? r : row_no_memory(c);
	q_start(&q, c->db, SQL_bookmark_list, &c->err);
	q_i64(&q, 1, c->who->id);
	q_str(&q, 2, key.text);
	q_i64(&q, 3, limit + 1);
	while ((r = q_step(&q)) == 1) {
		if (n == limit) {
			out->next = page_next(c, &f, &(struct page_key){.text = items[n - 1].name});
			r = out->next ? 0 : c->err.code;
			break;
		}
		r = read_row(c, &q, &m);
		if (r < 0)
			break;
		items[n] = (struct bookmark){.present = 0};
		show(&m, &items[n++]);
	}
	q_end(&q);
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}
