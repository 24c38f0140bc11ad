/* SPDX-License-Identifier: MIT */
/* The beginning of an export, and events with all that hangs on them. */
#include "core/export.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"
#include "core/category.h"
#include "core/journal.h"
#include "core/page.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/target.h"

#define TOPIC "export.begun"
#define STEP 64

int export_head(struct call *c, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_journal_head, &c->err);
	r = q_step(&q);
	if (r >= 0)
		*ret = r == 1 ? q_col(&q, 0) : 0;
	q_end(&q);
	return r < 0 ? r : 0;
}

static void show(struct export_begin *out, enum export_kind kind, const char *event, int64_t record)
{
	out->kind = (int)kind;
	out->event = event;
	out->record = record;
}

int export_begin(struct call *c, const struct export_begin_in *in, struct export_begin *out)
{
	const char *slug = in->event ? in->event : c->who->event[0] ? c->who->event : NULL;
	const char *kind = enum_word(&enum_set_export_kind, in->kind);
	struct event_ref event = {.id = 0};
	int r = slug ? call_event(c, slug, &event) : 0;

	if (slug)
		slug = arena_strdup(c->arena, event.slug); /* not a former one */
	if (r == 0)
		r = journal_append(c, TOPIC, kind, event.id, slug, NULL);
	c->subject = c->seq;
	if (r == 0)
		show(out, (enum export_kind)in->kind, slug, c->seq);
	return r;
}

/* The record of an export: 1 found. */
static int begun(struct call *c, int64_t seq, struct journal_entry **ret)
{
	int r = seq > 0 ? journal_read(c->db, c->arena, seq - 1, 1, ret, &c->err) : 0;

	return r == 1 && ((*ret)->seq != seq || strcmp((*ret)->topic, TOPIC) != 0) ? 0 : r;
}

int export_begin_load(struct call *c, int64_t seq, struct export_begin *out)
{
	struct journal_entry *e;
	int r = begun(c, seq, &e);

	if (r == 1)
		show(out,
		    (enum export_kind)enum_value(
			&enum_set_export_kind, e->subject, strlen(e->subject)),
		    e->event, seq);
	return r < 0 ? r : 0;
}

int export_check(struct call *c, int64_t record, enum export_kind kind, const char *event)
{
	const char *slug = event ? event : c->who->event[0] ? c->who->event : NULL;
	const char *word = enum_word(&enum_set_export_kind, (int)kind);
	struct journal_entry *e;
	int r = begun(c, record, &e);

	if (r == 1 && strcmp(e->subject, word) == 0 && strcmp(e->actor, c->who->name) == 0 &&
	    same_text(e->event, slug))
		return 0;
	if (r < 0)
		return r;
	err_set(&c->err, TIX_EBAD_VALUE, "export",
	    "record %" PRId64 " does not begin an export of these %s by you", record, word);
	err_hint(&c->err, "export.begin makes one; tix export %s does both", word);
	return TIX_EBAD_VALUE;
}

static int fill_venue(struct call *c, const struct event_row *row, struct export_event *out)
{
	struct venue_row v;
	int r = row->venue ? venue_row_get(c, row->venue, &v) : 0;

	if (r <= 0)
		return r;
	out->venue = arena_alloc(c->arena, sizeof(*out->venue));
	if (!out->venue)
		return row_no_memory(c);
	*out->venue = (struct export_venue){
	    .slug = v.slug,
	    .name = v.name,
	    .address = v.address,
	    .city = v.city,
	    .country = v.country,
	    .latitude = v.latitude,
	    .longitude = v.longitude,
	    .zone = v.zone,
	};
	return 0;
}

static int fill_blocks(struct call *c, int64_t quota, struct shape_list *ret)
{
	struct export_block *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_export_blocks, &c->err);
	q_i64(&q, 1, quota);
	q_i64(&q, 2, INT32_MAX);
	while ((r = q_step(&q)) == 1) {
		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		if (!more) {
			r = row_no_memory(c);
			break;
		}
		v = more;
		v[n] = (struct export_block){.count = q_col(&q, 0), .at = q_col(&q, 3)};
		r = row_text(c, &q, 1, &v[n].reason);
		if (r == 0)
			r = row_text(c, &q, 2, &v[n].actor);
		if (r < 0)
			break;
		n++;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int fill_quotas(struct call *c, int64_t event, struct shape_list *ret)
{
	struct export_quota *v = NULL, *more;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_list_event, &c->err);
	q_i64(&q, 1, event);
	q_str(&q, 2, "");
	q_i64(&q, 3, 0);
	q_i64(&q, 4, event);
	q_i64(&q, 5, INT32_MAX);
	while ((r = q_step(&q)) == 1) {
		struct quota_row row;

		more = arena_more(c->arena, v, n, &cap, sizeof(*v));
		r = more ? quota_row_read(c, &q, &row) : row_no_memory(c);
		if (r < 0)
			break;
		v = more;
		v[n] = (struct export_quota){
		    .name = row.name, .size = row.size, .overbook = row.overbook};
		r = fill_blocks(c, row.id, &v[n++].blocks);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

/* As an import takes it; NULL: none. */
static const char *window_text(struct call *c, const char *rule, int64_t at)
{
	char text[WHEN_TEXT_MAX];

	if (rule || at == TIME_NONE)
		return rule;
	return arena_strdup(c->arena, when_rfc3339(at, text, sizeof(text)));
}

static int fill_category(struct call *c, const struct category_row *row,
    const struct export_event *event, struct export_category *out)
{
	struct money price = {.amount = row->price};

	memcpy(price.currency, event->currency, sizeof(price.currency));
	*out = (struct export_category){
	    .name = row->name,
	    .price = price,
	    .title = row->title,
	    .position = row->position,
	    .sale_from = window_text(c, row->from_rule, row->sale_from),
	    .sale_to = window_text(c, row->to_rule, row->sale_to),
	    .min = row->min,
	    .max = row->max ? row->max : TIME_NONE,
	    .hidden = row->hidden,
	};
	return row_names(c, SQL_category_quotas, row->id, &out->quotas);
}

static int fill_categories(struct call *c, int64_t event, struct export_event *out)
{
	struct category_row *rows;
	struct export_category *v;
	size_t n = 0;
	int r = category_row_all(c, event, &rows, &n);

	v = arena_array(c->arena, n, sizeof(*v));
	if (r >= 0 && !v)
		r = row_no_memory(c);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = fill_category(c, &rows[i], out, &v[i]);
	out->categories = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int fill_event(struct call *c, const struct event_row *row, struct export_event *out)
{
	int r;

	*out = (struct export_event){
	    .event = row->slug,
	    .name = row->name,
	    .status = row->status,
	    .start = row->start,
	    .end = row->end,
	    .doors = row->doors,
	    .zone = row->zone,
	    .currency = row->currency,
	    .organizer = row->organizer_slug,
	    .description = row->description,
	    .type = row->type,
	    .doc = row->doc,
	};
	r = tags_read(c, row->tags, &out->tags);
	if (r == 0)
		r = target_read(c, row->target, &out->target);
	if (r == 0)
		r = row_names(c, SQL_export_slugs, row->id, &out->old_slugs);
	if (r == 0)
		r = fill_venue(c, row, out);
	if (r == 0)
		r = fill_quotas(c, row->id, &out->quotas);
	return r < 0 ? r : fill_categories(c, row->id, out);
}

int export_event_one(struct call *c, int64_t id, struct export_event *ret)
{
	struct event_row row;
	int r = event_row_get(c, id, &row);

	if (r == 1 && !scope_sees(c->who, row.organizer_slug, row.slug))
		return 0;
	if (r == 1)
		r = fill_event(c, &row, ret) < 0 ? c->err.code : 1;
	return r;
}

static int ids_of(struct call *c, const struct scope *scope, int64_t after, int max, int64_t *ret)
{
	struct q q;

	q_start(&q, c->db, SQL_export_events, &c->err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, scope->organizer);
	q_i64(&q, 3, scope->event);
	q_i64(&q, 4, max);
	return q_ids(&q, max, ret);
}

int export_ids(
    struct call *c, enum export_kind kind, int64_t event, int64_t after, int max, int64_t *ret)
{
	struct scope scope;
	int r;

	if (kind != export_kind_events)
		return export_order_ids(c, event, after, max, ret);
	r = scope_of(c, &scope);
	if (event)
		scope.event = event;
	return r < 0 ? r : ids_of(c, &scope, after, max, ret);
}

static int fill(struct call *c, const struct scope *scope, size_t limit, int64_t *after,
    struct event_export *out)
{
	size_t start = arena_used(c->arena);
	struct export_event *items = out->items.v;
	int64_t ids[STEP];
	int n = STEP;

	while (n == STEP) {
		n = ids_of(c, scope, *after, STEP, ids);
		for (int i = 0; i < n; i++) {
			struct event_row row;
			int r;

			if (out->items.n == limit || arena_used(c->arena) - start > PAGE_TEXT_MAX)
				return 1;
			r = event_row_get(c, ids[i], &row);
			if (r == 1)
				r = fill_event(c, &row, &items[out->items.n++]);
			if (r < 0)
				return r;
			*after = ids[i];
		}
	}
	return n < 0 ? n : 0;
}

int event_export(struct call *c, const struct event_export_in *in, struct event_export *out)
{
	struct page_key key = {{0, 0}, NULL};
	size_t limit = (size_t)page_limit(in, event_export_in);
	struct event_ref event;
	struct page_filter f;
	struct scope scope;
	int r = scope_of(c, &scope);

	page_filter_init(&f, "event.export");
	page_filter_str(&f, in->event);
	if (r == 0 && in->event)
		r = call_event(c, in->event, &event);
	if (r == 0 && in->event)
		scope.event = event.id;
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r >= 0)
		r = export_head(c, &out->record);
	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, limit, sizeof(struct export_event));
	if (!out->items.v)
		return row_no_memory(c);
	r = fill(c, &scope, limit, &key.n[0], out);
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
