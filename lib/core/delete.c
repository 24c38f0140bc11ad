/* SPDX-License-Identifier: MIT */
/* Deleting, each kind with its own idea of what refers to it. */
#include "core/delete.h"

#include <string.h>

#include "core/event_row.h"
#include "core/guess.h"
#include "core/scope.h"
#include "core/venue.h"
#include "core/writer.h"

/* Fills the reply and writes the record. */
static int gone(struct call *c, const char *kind, const struct changed *what, struct deleted *out)
{
	struct diff d;

	out->kind = kind;
	out->name = what->subject;
	if (!what->subject)
		return row_no_memory(c);
	diff_init(&d);
	return row_changed(c, what, &d);
}

int deleted_load(struct call *c, int64_t id, struct deleted *out)
{
	char *kind = NULL;
	struct q q;
	int r;

	(void)id;
	q_start(&q, c->db, SQL_journal_at, &c->err);
	q_i64(&q, 1, c->seq);
	r = q_step(&q);
	if (r == 1) {
		const char *topic = q_text(&q, 1);

		kind = arena_strndup(c->arena, topic, strcspn(topic, "."));
		r = kind ? row_text(c, &q, 2, &out->name) : row_no_memory(c);
		out->kind = kind;
	} else if (r == 0) {
		r = call_not_found(c, NULL, "record of it", NULL);
	}
	q_end(&q);
	return r;
}

static int count(struct call *c, enum sql_id sql, int64_t id, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

/* wrong_state when n of something refer to it. */
static int unused(struct call *c, const char *field, const char *name, int64_t n, const char *what,
    const char *fact)
{
	if (n == 0)
		return 0;
	err_set(&c->err, TIX_EWRONG_STATE, field, "%s cannot be deleted: %lld %s%s to it", name,
	    (long long)n, what, n == 1 ? " refers" : "s refer");
	err_fact(&c->err, fact, n);
	return TIX_EWRONG_STATE;
}

static int drop(struct call *c, const enum sql_id *statements, int n, int64_t id)
{
	int r = 0;

	for (int i = 0; r >= 0 && i < n; i++)
		r = q_run(c->db, statements[i], &c->err, 1, &id);
	return r < 0 ? r : 0;
}

static int keep_ids(struct call *c, const enum writer_table *tables, int n)
{
	int r = 0;

	for (int i = 0; r == 0 && i < n; i++)
		r = writer_keep_ids(c->writer, tables[i], &c->err);
	return r;
}

static int event_unused(struct call *c, const struct event_row *row)
{
	int64_t orders = 0, jobs = 0;
	int r;

	if (row->status != event_status_draft)
		return err_set(&c->err, TIX_EWRONG_STATE, "event",
		    "%s is %s: only a draft is deleted", row->slug,
		    enum_word(&enum_set_event_status, row->status));
	r = count(c, SQL_event_order_count, row->id, &orders);
	if (r == 0)
		r = count(c, SQL_event_job_count, row->id, &jobs);
	if (r == 0)
		r = unused(c, "event", row->slug, orders, "order", "orders");
	return r < 0 ? r : unused(c, "event", row->slug, jobs, "job", "jobs");
}

int event_delete(struct call *c, const struct event_act_in *in, struct deleted *out)
{
	static const enum sql_id statements[] = {SQL_event_drop_links, SQL_event_drop_blocks,
	    SQL_event_drop_categories, SQL_event_drop_quotas, SQL_event_drop_slugs, SQL_event_drop};
	static const enum writer_table tables[] = {
	    TABLE_event, TABLE_category, TABLE_quota, TABLE_quota_block};
	struct event_ref event;
	struct event_row row = {0};
	int64_t place;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = event_row_get(c, event.id, &row);
	if (r >= 0)
		r = event_unused(c, &row);
	if (r == 0)
		r = keep_ids(c, tables, 4);
	if (r < 0)
		return r;
	place = event_fts_row(row.start, row.id);
	r = q_run(c->db, SQL_event_fts_drop, &c->err, 1, &place);
	if (r >= 0)
		r = drop(c, statements, 6, row.id);
	/* The record names the event by its number alone: nothing has its slug any more. */
	return r < 0 ? r
		     : gone(c, "event",
			   &(struct changed){"event.deleted", row.slug, row.id, row.id, row.slug},
			   out);
}

int category_delete(struct call *c, const struct category_act_in *in, struct deleted *out)
{
	static const enum sql_id statements[] = {SQL_category_drop_links, SQL_category_drop};
	static const enum writer_table tables[] = {TABLE_category};
	struct category_row row;
	struct event_ref event;
	const char *subject;
	int64_t lines = 0;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = category_row_find(c, event.id, in->name, &row);
	if (r < 0)
		return r;
	if (r == 0)
		return guess_category(c, event.id, "name", in->name);
	subject = arena_printf(c->arena, "%s/%s", event.slug, row.name);
	r = subject ? count(c, SQL_category_orders, row.id, &lines) : row_no_memory(c);
	if (r == 0)
		r = unused(c, "name", subject, lines, "order", "orders");
	if (r == 0)
		r = keep_ids(c, tables, 1);
	if (r == 0)
		r = drop(c, statements, 2, row.id);
	return r < 0 ? r
		     : gone(c, "category",
			   &(struct changed){
			       "category.deleted", subject, row.id, event.id, event.slug},
			   out);
}

int quota_delete(struct call *c, const struct quota_act_in *in, struct deleted *out)
{
	static const enum sql_id statements[] = {SQL_quota_drop_links, SQL_quota_drop};
	static const enum writer_table tables[] = {TABLE_quota};
	struct quota_row row;
	struct event_ref event;
	const char *subject;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = quota_row_find(c, event.id, in->name, &row);
	if (r < 0)
		return r;
	if (r == 0)
		return guess_quota(c, event.id, "name", in->name);
	subject = arena_printf(c->arena, "%s/%s", event.slug, row.name);
	r = subject ? unused(c, "name", subject, row.sold, "sold seat", "sold") : row_no_memory(c);
	if (r == 0)
		r = unused(c, "name", subject, row.held, "held seat", "held");
	if (r == 0)
		r = unused(c, "name", subject, row.blocked, "blocked seat", "blocked");
	if (r == 0)
		r = keep_ids(c, tables, 1);
	if (r == 0)
		r = drop(c, statements, 2, row.id);
	return r < 0
		   ? r
		   : gone(c, "quota",
			 &(struct changed){"quota.deleted", subject, row.id, event.id, event.slug},
			 out);
}

int venue_delete(struct call *c, const struct venue_act_in *in, struct deleted *out)
{
	static const enum sql_id statements[] = {SQL_venue_drop};
	static const enum writer_table tables[] = {TABLE_venue};
	struct venue_row row;
	int64_t events = 0;
	int r = venue_named(c, in->venue, "venue", &row);

	if (r == 0 && c->who->event[0])
		r = err_set(&c->err, TIX_ENOT_PERMITTED, NULL, "you may act for the event %s only",
		    c->who->event);
	if (r == 0)
		r = count(c, SQL_venue_used, row.id, &events);
	if (r == 0)
		r = unused(c, "venue", row.slug, events, "event", "events");
	if (r == 0)
		r = keep_ids(c, tables, 1);
	if (r == 0)
		r = drop(c, statements, 1, row.id);
	return r < 0 ? r
		     : gone(c, "venue",
			   &(struct changed){"venue.deleted", row.slug, row.id, 0, NULL}, out);
}
