/* SPDX-License-Identifier: MIT */
/* Organizers: create, rename, show, list. Nothing is ever deleted here. */
#include "core/organizer.h"

#include "core/filter.h"
#include "core/guess.h"
#include "core/page.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/writer.h"

static void show(const struct organizer_row *row, struct organizer *out)
{
	out->organizer = row->slug;
	out->name = row->name;
	out->events = row->events;
}

static int find(struct call *c, const char *slug, struct organizer_row *ret)
{
	int r = 0;

	if (!c->who->organizer[0] ||
	    scope_sees(c->who, slug, c->who->event[0] ? c->who->event : NULL))
		r = organizer_row_find(c, slug, ret);
	if (r < 0)
		return r;
	return r ? 0 : guess_organizer(c, "organizer", slug);
}

int organizer_create(struct call *c, const struct organizer_create_in *in, struct organizer *out)
{
	struct organizer_row row;
	struct diff d;
	struct q q;
	int r;

	if (c->who->organizer[0] || c->who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL,
		    "only who acts for all may add an organizer");
	r = organizer_row_find(c, in->organizer, &row);
	if (r < 0)
		return r;
	if (r == 1)
		return err_set(&c->err, TIX_EEXISTS, "organizer",
		    "there is an organizer %s already", in->organizer);
	row = (struct organizer_row){
	    .id = writer_next_id(c->writer, TABLE_organizer),
	    .slug = in->organizer,
	    .name = in->name,
	};
	q_start(&q, c->db, SQL_organizer_add, &c->err);
	q_i64(&q, 1, row.id);
	q_str(&q, 2, row.slug);
	q_str(&q, 3, row.name);
	q_i64(&q, 4, c->now);
	r = q_finish(&q);
	if (r < 0)
		return r;
	diff_init(&d);
	diff_text(&d, "name", NULL, row.name);
	r = row_changed(c, &(struct changed){"organizer.created", row.slug, row.id, 0, NULL}, &d);
	if (r == 0)
		show(&row, out);
	return r;
}

int organizer_set(struct call *c, const struct organizer_set_in *in, struct organizer *out)
{
	struct organizer_row row;
	struct diff d;
	struct q q;
	int r = find(c, in->organizer, &row);

	if (r < 0)
		return r;
	if (c->who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL,
		    "you may act for the event %s only", c->who->event);
	if (!HAS(in, organizer_set_in, name) || same_text(row.name, in->name)) {
		show(&row, out);
		return row_unchanged(c, row.id);
	}
	diff_init(&d);
	diff_text(&d, "name", row.name, in->name);
	row.name = in->name;
	q_start(&q, c->db, SQL_organizer_rename, &c->err);
	q_str(&q, 1, row.name);
	q_i64(&q, 2, row.id);
	r = q_finish(&q);
	if (r < 0) {
		diff_done(&d);
		return r;
	}
	r = row_changed(c, &(struct changed){"organizer.changed", row.slug, row.id, 0, NULL}, &d);
	if (r == 0)
		show(&row, out);
	return r;
}

int organizer_show(struct call *c, const struct organizer_in *in, struct organizer *out)
{
	struct organizer_row row;
	int r = find(c, in->organizer, &row);

	if (r == 0)
		show(&row, out);
	return r;
}

int organizer_load(struct call *c, int64_t id, struct organizer *out)
{
	struct organizer_row row;
	int r = organizer_row_get(c, id, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return call_not_found(c, "organizer", "organizer", NULL);
	show(&row, out);
	return 0;
}

static int list_rows(struct call *c, struct q *q, const struct page_filter *f,
    const struct name_filter *name, int limit, struct organizer_page *out)
{
	struct organizer *items = arena_array(c->arena, (size_t)limit, sizeof(*items));
	struct organizer_row row;
	int n = 0, r;

	if (!items)
		return row_no_memory(c);
	while ((r = q_step(q)) == 1) {
		r = name_filter_matches(c, name, q_text(q, 2));
		if (r == 1)
			r = organizer_row_read(c, q, &row) < 0 ? c->err.code : 1;
		if (r < 0)
			break;
		if (r == 0)
			continue;
		if (n == limit) {
			out->next =
			    page_next(c, f, &(struct page_key){.text = items[n - 1].organizer});
			r = out->next ? 0 : c->err.code;
			break;
		}
		show(&row, &items[n++]);
	}
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}

int organizer_list(
    struct call *c, const struct organizer_list_in *in, struct organizer_page *out)
{
	struct page_key key = {.text = ""};
	struct name_filter name;
	struct page_filter f;
	struct scope scope;
	struct q q;
	int limit = page_limit(in, organizer_list_in), r;

	page_filter_init(&f, "organizer.list");
	page_filter_str(&f, in->name);
	r = page_open(c, &f, in->cursor, &key);
	if (r >= 0)
		r = scope_of(c, &scope);
	if (r < 0)
		return r;
	r = name_filter_read(c, in->name, "name", &name);
	if (r == 0) {
		q_start(&q, c->db, SQL_organizer_list, &c->err);
		q_str(&q, 1, key.text);
		q_i64(&q, 2, scope.organizer);
		q_i64(&q, 3, in->name ? FILTER_ALL : limit + 1);
		r = list_rows(c, &q, &f, &name, limit, out);
		q_end(&q);
	}
	name_filter_done(&name);
	return r;
}
