/* SPDX-License-Identifier: MIT */
/* Import, second half: the checked working set to the store, as far as it differs. */
#include "core/import_work.h"

#include "core/category.h"
#include "core/event_row.h"
#include "core/quota_row.h"
#include "core/venue.h"
#include "core/writer.h"

static int write_venue(struct call *c, struct work_venue *venue)
{
	int r;

	if (!venue->exists)
		venue->now.id = writer_next_id(c->writer, TABLE_venue);
	r = venue_row_write(c, venue->exists ? &venue->was : NULL, &venue->now);
	venue->changed = r == 1;
	return r < 0 ? r : 0;
}

static int write_blocks(struct call *c, const struct work_quota *quota)
{
	int r = 0;

	if (quota->now.blocked > 0)
		r = q_run(c->db, SQL_quota_block, &c->err, 2,
		    (const int64_t[]){quota->now.blocked, quota->now.id});
	for (size_t i = 0; r >= 0 && i < quota->nblocks; i++) {
		const struct import_block *b = &quota->blocks[i];
		struct q q;

		q_start(&q, c->db, SQL_block_add, &c->err);
		q_i64(&q, 1, writer_next_id(c->writer, TABLE_quota_block));
		q_i64(&q, 2, quota->now.id);
		q_i64(&q, 3, b->count);
		q_str(&q, 4, b->reason);
		q_str(&q, 5, b->actor);
		q_i64(&q, 6, quota->block_at[i]);
		r = q_finish(&q);
	}
	return r < 0 ? r : 0;
}

/* 1 when something was written. */
static int write_quota(struct call *c, const struct event_ref *event, struct work_quota *quota)
{
	int r;

	if (!quota->exists) {
		quota->now.id = writer_next_id(c->writer, TABLE_quota);
		quota->now.event = event->id;
		r = quota_row_add(c, event, &quota->now);
		if (r >= 0)
			r = write_blocks(c, quota);
	} else if (quota->was.size != quota->now.size ||
		   quota->was.overbook != quota->now.overbook) {
		r = quota_row_resize(c, event, &quota->was, &quota->now);
	} else {
		return 0;
	}
	return r < 0 ? r : 1;
}

static const char *quota_names(struct call *c, const struct work_category *category)
{
	const char **v = arena_array(c->arena, category->nlinks, sizeof(*v));
	const char *json = NULL;

	for (size_t i = 0; v && i < category->nlinks; i++)
		v[i] = category->links[i].quota->now.name;
	if (!v || tags_write(c, &(struct text_list){v, category->nlinks}, &json) < 0)
		return NULL;
	return json;
}

static int write_category(
    struct call *c, const struct event_ref *event, struct work_category *category)
{
	const char *quotas = NULL;
	int r;

	if (category->nlinks) {
		quotas = quota_names(c, category);
		if (!quotas)
			return row_no_memory(c);
	}
	if (!category->exists) {
		category->now.id = writer_next_id(c->writer, TABLE_category);
		category->now.event = event->id;
	}
	r = category_row_write(
	    c, event, category->exists ? &category->was : NULL, &category->now, quotas);
	for (size_t i = 0; r >= 0 && i < category->nlinks; i++) {
		const struct work_link *link = &category->links[i];
		struct quota_taken taken = {link->held, link->sold};
		int done = quota_link_write(c, link->quota->now.id, &category->now.id, 1, &taken);

		if (done < 0)
			return done;
		r = 1;
	}
	return r;
}

static int write_stock(struct call *c, struct work_event *event)
{
	struct event_ref ref = event_row_ref(&event->now);
	bool wrote = false;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < event->nquotas; i++) {
		r = write_quota(c, &ref, event->quotas[i]);
		wrote = wrote || r == 1;
	}
	for (size_t i = 0; r >= 0 && i < event->ncategories; i++) {
		r = write_category(c, &ref, event->categories[i]);
		wrote = wrote || r == 1;
	}
	return r < 0 ? r : wrote;
}

static int write_status(struct call *c, struct work_event *event)
{
	struct event_row *row = &event->now;
	struct changed what = {row->status == event_status_ended ? "event.ended"
							      : "event.published",
	    row->slug, row->id, row->id, row->slug};
	struct diff d;
	int r = event_row_status(c, row, row->status);

	if (r < 0)
		return r;
	diff_init(&d);
	diff_text(&d, "status", NULL, enum_word(&enum_set_event_status, row->status));
	return row_changed(c, &what, &d);
}

static int write_slugs(struct call *c, const struct work_event *event)
{
	struct q q;
	int r = 0;

	for (size_t i = 0; r == 0 && i < event->nslugs; i++) {
		q_start(&q, c->db, SQL_event_slug_add, &c->err);
		q_str(&q, 1, event->slugs[i]);
		q_i64(&q, 2, event->now.id);
		q_i64(&q, 3, c->now);
		r = q_finish(&q);
	}
	return r;
}

static int write_event(struct call *c, struct work_event *event, struct event_import *out)
{
	bool changed;
	int r;

	if (event->venue)
		event_row_place(&event->now, &event->venue->now);
	if (!event->exists) {
		event->now.id = writer_next_id(c->writer, TABLE_event);
		if (event->now.id > EVENT_ID_MAX)
			return err_set(&c->err, TIX_ELIMIT, NULL, "a store holds at most %d events",
			    (int)EVENT_ID_MAX);
	}
	r = event_row_write(c, event->exists ? &event->was : NULL, &event->now);
	if (r >= 0 && event->exists && event->was.status != event->now.status) {
		r = write_status(c, event);
		r = r < 0 ? r : 1;
	}
	if (r < 0)
		return r;
	changed = r == 1 || event->nslugs > 0 || (event->venue && event->venue->changed);
	r = write_slugs(c, event);
	if (r == 0)
		r = write_stock(c, event);
	if (r < 0)
		return r;
	if (!event->exists)
		out->created++;
	else if (changed || r == 1)
		out->changed++;
	return 0;
}

int import_write(struct call *c, struct work *w, struct event_import *out)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->nvenues; i++)
		r = write_venue(c, w->venues[i]);
	for (size_t i = 0; r == 0 && i < w->nevents; i++)
		r = write_event(c, w->events[i], out);
	out->same = (int64_t)w->rows - out->created - out->changed;
	return r;
}
