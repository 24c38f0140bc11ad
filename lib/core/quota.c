/* SPDX-License-Identifier: MIT */
/* Quotas: create, resize, block, link, show, list. Sales count in them elsewhere, by the same
 * guarded updates. */
#include "core/quota.h"

#include <string.h>

#include "core/block.h"
#include "core/filter.h"
#include "core/guess.h"
#include "core/page.h"
#include "core/quota_row.h"
#include "core/scope.h"
#include "core/writer.h"

static int64_t left(const struct quota_row *row)
{
	return row->size + row->overbook - row->blocked - row->held - row->sold;
}

static int show(struct call *c, const struct quota_row *row, struct quota *out)
{
	out->event = row->event_slug;
	out->name = row->name;
	out->size = row->size;
	out->overbook = row->overbook;
	out->blocked = row->blocked;
	out->held = row->held;
	out->sold = row->sold;
	out->free = left(row);
	return row_names(c, SQL_quota_categories, row->id, &out->categories);
}

/* With who keeps back what. */
static int show_whole(struct call *c, const struct quota_row *row, struct quota *out)
{
	int r = block_list(c, row->id, &out->blocks);

	SET(out, quota, blocks);
	return r < 0 ? r : show(c, row, out);
}

int quota_load(struct call *c, int64_t id, struct quota *out)
{
	struct quota_row row;
	int r = quota_row_get(c, id, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return call_not_found(c, "name", "quota", NULL);
	return show_whole(c, &row, out);
}

static int named(struct call *c, const char *event_slug, const char *name, struct event_ref *event,
    struct quota_row *ret)
{
	int r = call_event(c, event_slug, event);

	if (r < 0)
		return r;
	r = quota_row_find(c, event->id, name, ret);
	if (r < 0)
		return r;
	return r ? 0 : guess_quota(c, event->id, "name", name);
}

/* The named categories. linked: 1 those that draw on the quota already, 0 those that do not; quota
 * 0 is new. */
static int categories_of(struct call *c, const struct event_ref *event, int64_t quota, bool linked,
    const struct text_list *names, int64_t **ret, size_t *ret_n)
{
	int64_t *ids = arena_array(c->arena, names->n, sizeof(*ids));
	size_t n = 0;

	if (!ids)
		return row_no_memory(c);
	for (size_t i = 0; i < names->n; i++) {
		struct category_row row;
		bool twice = false;
		int r = category_row_find(c, event->id, names->v[i], &row);

		if (r == 0)
			return guess_category(c, event->id, "categories", names->v[i]);
		if (r == 1)
			r = quota ? quota_is_linked(c, row.id, quota) : 0;
		if (r < 0)
			return r;
		for (size_t j = 0; j < n; j++)
			twice = twice || ids[j] == row.id;
		if ((r == 1) == linked && !twice)
			ids[n++] = row.id;
	}
	*ret = ids;
	*ret_n = n;
	return 0;
}

int quota_create(struct call *c, const struct quota_create_in *in, struct quota *out)
{
	struct quota_row row = {.name = in->name, .size = in->size, .overbook = in->overbook},
			 other;
	struct quota_taken taken = {0, 0};
	struct event_ref event;
	int64_t *categories;
	size_t n;
	int r = call_event(c, in->event, &event);

	if (r < 0)
		return r;
	r = quota_row_find(c, event.id, in->name, &other);
	if (r < 0)
		return r;
	if (r == 1)
		return err_set(&c->err, TIX_EEXISTS, "name", "%s has a quota %s already",
		    event.slug, in->name);
	row.event = event.id;
	r = categories_of(c, &event, 0, false, &in->categories, &categories, &n);
	if (r == 0)
		r = quota_link_check(c, &row, categories, n, &taken);
	if (r < 0)
		return r;
	row.id = writer_next_id(c->writer, TABLE_quota);
	r = quota_row_add(c, &event, &row);
	if (r == 0)
		r = quota_link_write(c, row.id, categories, n, &taken);
	return r < 0 ? r : quota_load(c, row.id, out);
}

int quota_set(struct call *c, const struct quota_set_in *in, struct quota *out)
{
	struct quota_row was, row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &was);

	if (r < 0)
		return r;
	row = was;
	if (HAS(in, quota_set_in, size))
		row.size = in->size;
	if (HAS(in, quota_set_in, overbook))
		row.overbook = in->overbook;
	r = quota_row_fits(c, &row, HAS(in, quota_set_in, size) ? "size" : "overbook");
	if (r == 0 && row.size == was.size && row.overbook == was.overbook)
		r = row_unchanged(c, row.id);
	else if (r == 0)
		r = quota_row_resize(c, &event, &was, &row);
	return r < 0 ? r : show_whole(c, &row, out);
}

int quota_show(struct call *c, const struct quota_in *in, struct quota *out)
{
	struct quota_row row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &row);

	return r < 0 ? r : show_whole(c, &row, out);
}

static int moved(struct call *c, const struct event_ref *event, const struct quota_row *row,
    const char *topic, int64_t count, struct quota *out)
{
	struct changed what = {topic, NULL, row->id, event->id, event->slug};
	struct diff d;
	int r;

	diff_init(&d);
	diff_i64(&d, "count", -1, count);
	diff_i64(&d, "blocked", -1, row->blocked);
	what.subject = arena_printf(c->arena, "%s/%s", event->slug, row->name);
	if (!what.subject) {
		diff_done(&d);
		return row_no_memory(c);
	}
	r = row_changed(c, &what, &d);
	return r < 0 ? r : show_whole(c, row, out);
}

int quota_block(struct call *c, const struct quota_block_in *in, struct quota *out)
{
	struct quota_row row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &row);

	if (r < 0)
		return r;
	r = q_run(c->db, SQL_quota_block, &c->err, 2, (const int64_t[]){in->count, row.id});
	if (r < 0)
		return r;
	if (r == 0) {
		err_set(&c->err, TIX_ESOLD_OUT, "count", "%s has %lld seats left", row.name,
		    (long long)left(&row));
		err_fact(&c->err, "left", left(&row));
		return TIX_ESOLD_OUT;
	}
	row.blocked += in->count;
	r = block_add(c, row.id, in->count);
	if (r < 0)
		return r;
	return moved(c, &event, &row, "quota.blocked", in->count, out);
}

int quota_unblock(struct call *c, const struct quota_unblock_in *in, struct quota *out)
{
	struct quota_row row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &row);

	if (r == 0 && in->block)
		r = block_check(c, &row, in->block, in->count);
	if (r < 0)
		return r;
	r = q_run(c->db, SQL_quota_unblock, &c->err, 2, (const int64_t[]){in->count, row.id});
	if (r < 0)
		return r;
	if (r == 0) {
		err_set(&c->err, TIX_ELIMIT, "count", "%s has %lld blocked seats", row.name,
		    (long long)row.blocked);
		err_fact(&c->err, "blocked", row.blocked);
		return TIX_ELIMIT;
	}
	row.blocked -= in->count;
	r = block_take(c, row.id, in->block, in->count);
	if (r < 0)
		return r;
	return moved(c, &event, &row, "quota.unblocked", in->count, out);
}

/* The record of a link: all categories that the call named. */
static int linked(struct call *c, const struct event_ref *event, const struct quota_row *row,
    const char *topic, const struct text_list *names)
{
	struct changed what = {topic, NULL, row->id, event->id, event->slug};
	const char *json;
	struct diff d;
	int r = tags_write(c, names, &json);

	if (r < 0)
		return r;
	what.subject = arena_printf(c->arena, "%s/%s", event->slug, row->name);
	if (!what.subject)
		return row_no_memory(c);
	diff_init(&d);
	diff_json(&d, "categories", NULL, json);
	return row_changed(c, &what, &d);
}

int quota_link(struct call *c, const struct quota_link_in *in, struct quota *out)
{
	struct quota_taken taken;
	struct quota_row row;
	struct event_ref event;
	int64_t *categories;
	size_t n;
	int r = named(c, in->event, in->name, &event, &row);

	if (r == 0)
		r = categories_of(c, &event, row.id, false, &in->categories, &categories, &n);
	if (r == 0 && n == 0) {
		row_unchanged(c, row.id);
		return quota_load(c, row.id, out);
	}
	if (r == 0)
		r = quota_link_check(c, &row, categories, n, &taken);
	if (r == 0)
		r = quota_link_write(c, row.id, categories, n, &taken);
	if (r == 0)
		r = linked(c, &event, &row, "quota.linked", &in->categories);
	return r < 0 ? r : quota_load(c, row.id, out);
}

int quota_unlink(struct call *c, const struct quota_link_in *in, struct quota *out)
{
	int64_t held = 0, sold = 0, held_sum = 0, sold_sum = 0;
	struct quota_row row;
	struct event_ref event;
	int64_t *categories;
	size_t n = 0;
	int r = named(c, in->event, in->name, &event, &row);

	if (r == 0)
		r = categories_of(c, &event, row.id, true, &in->categories, &categories, &n);
	if (r == 0 && n == 0) {
		row_unchanged(c, row.id);
		return quota_load(c, row.id, out);
	}
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = quota_taken(c, event.id, categories[i], &held, &sold);
		held_sum += held;
		sold_sum += sold;
	}
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = q_run(c->db, SQL_quota_link_drop, &c->err, 2,
		    (const int64_t[]){categories[i], row.id});
	if (r >= 0)
		r = q_run(c->db, SQL_quota_take, &c->err, 3,
		    (const int64_t[]){-held_sum, -sold_sum, row.id});
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL,
		    "%s counts less than its categories took", row.name);
	r = linked(c, &event, &row, "quota.unlinked", &in->categories);
	return r < 0 ? r : quota_load(c, row.id, out);
}

static bool list_wants(const struct quota_row *row, const struct number_filter *free)
{
	int64_t n = left(row);

	return n >= free->least && n <= free->most;
}

static int take_rows(struct call *c, struct q *q, const struct page_filter *f, int limit,
    const struct number_filter *free, struct quota_page *out)
{
	struct quota *items = arena_array(c->arena, (size_t)limit, sizeof(*items));
	struct page_key last = {0};
	struct quota_row row;
	int n = 0, r;

	if (!items)
		return row_no_memory(c);
	while ((r = q_step(q)) == 1) {
		bool wanted;

		r = quota_row_read(c, q, &row);
		wanted = r == 0 && list_wants(&row, free);
		if ((wanted && n == limit) || (r == 0 && arena_used(c->arena) > PAGE_MEMORY_MAX)) {
			out->next = page_next(c, f, &last);
			r = out->next ? 0 : c->err.code;
			break;
		}
		if (wanted)
			r = show(c, &row, &items[n++]);
		if (r < 0)
			break;
		last.n[0] = row.event;
		last.text = row.name;
	}
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}

int quota_list(struct call *c, const struct quota_list_in *in, struct quota_page *out)
{
	struct page_key key = {{-1, -1}, ""};
	struct event_ref event = {0};
	struct number_filter free;
	struct page_filter f;
	struct scope scope;
	struct q q;
	int limit = page_limit(in, quota_list_in), r = scope_of(c, &scope);
	int64_t rows = in->free ? FILTER_ALL : limit + 1;

	if (r == 0 && in->event)
		r = call_event(c, in->event, &event);
	if (r == 0)
		r = number_filter_read(c, in->free, "free", &free);
	if (r < 0)
		return r;
	page_filter_init(&f, "quota.list");
	page_filter_str(&f, in->event);
	page_filter_str(&f, in->free);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	if (!event.id)
		event.id = scope.event;
	q_start(&q, c->db, event.id ? SQL_quota_list_event : SQL_quota_list, &c->err);
	q_i64(&q, 1, key.n[0]);
	q_str(&q, 2, key.text);
	q_i64(&q, 3, scope.organizer);
	q_i64(&q, 4, event.id ? event.id : rows);
	if (event.id)
		q_i64(&q, 5, rows);
	r = take_rows(c, &q, &f, limit, &free, out);
	q_end(&q);
	return r;
}
