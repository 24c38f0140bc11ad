/* SPDX-License-Identifier: MIT */
/* Categories: create, change, show, list. Prices that were promised or paid stay with their orders.
 */
#include "core/category.h"

#include <string.h>

#include "base/when.h"
#include "core/amount.h"
#include "core/filter.h"
#include "core/guess.h"
#include "core/page.h"
#include "core/quota_row.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/writer.h"

#define POSITION_MAX 10000

static int show(struct call *c, const struct category_row *row, struct category *out)
{
	out->event = row->event_slug;
	out->name = row->name;
	out->price.amount = row->price;
	snprintf(out->price.currency, sizeof(out->price.currency), "%s", row->currency);
	out->title = row->title;
	out->position = row->position;
	out->sale_from = row->sale_from;
	out->sale_to = row->sale_to;
	out->min = row->min;
	out->max = row->max ? row->max : TIME_NONE;
	out->hidden = row->hidden;
	out->free = row->free;
	out->sale_from_rule = row->from_rule;
	out->sale_to_rule = row->to_rule;
	return row_names(c, SQL_category_quotas, row->id, &out->quotas);
}

int category_load(struct call *c, int64_t id, struct category *out)
{
	struct category_row row;
	int r = category_row_get(c, id, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return call_not_found(c, "name", "category", NULL);
	return show(c, &row, out);
}

struct category_row category_row_new(int64_t event, const char *name, int64_t position)
{
	return (struct category_row){
	    .event = event,
	    .name = name,
	    .position = position,
	    .sale_from = TIME_NONE,
	    .sale_to = TIME_NONE,
	    .min = 1,
	};
}

int category_next_position(struct call *c, int64_t event, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_category_last, &c->err);
	q_i64(&q, 1, event);
	r = q_step(&q);
	if (r == 1 && !q_isnull(&q, 0))
		*ret = q_col(&q, 0) < POSITION_MAX ? q_col(&q, 0) + 1 : POSITION_MAX;
	else
		*ret = 0;
	q_end(&q);
	return r < 0 ? r : 0;
}

static const char *rule_of(const char *text)
{
	return text && when_follows_event(text) ? text : NULL;
}

/* What came in, or the rule that the row has, at the times that the event has now. */
static int apply_sale(struct call *c, const struct event_ref *event,
    const struct category_input *in, struct category_row *row)
{
	const char *from = in->has & CATEGORY_HAS_sale_from ? in->sale_from : row->from_rule;
	const char *to = in->has & CATEGORY_HAS_sale_to ? in->sale_to : row->to_rule;
	int r = 0;

	if (from || (in->has & CATEGORY_HAS_sale_from))
		r = call_when(c, event, from, false, "sale_from", &row->sale_from);
	if (r == 0 && (to || (in->has & CATEGORY_HAS_sale_to)))
		r = call_when(c, event, to, true, "sale_to", &row->sale_to);
	if (r < 0)
		return r;
	row->from_rule = rule_of(from);
	row->to_rule = rule_of(to);
	if (row->sale_from != TIME_NONE && row->sale_to != TIME_NONE &&
	    row->sale_to <= row->sale_from)
		return err_set(&c->err, TIX_EBAD_VALUE,
		    in->has & CATEGORY_HAS_sale_to ? "sale_to" : "sale_from",
		    "the sale would end before it begins");
	return 0;
}

int category_row_apply(struct call *c, const struct event_ref *event,
    const struct category_input *in, struct category_row *row)
{
	struct money price;

	if (in->has & CATEGORY_HAS_price) {
		int r = call_money(c, &in->price, event->currency, "price", &price);

		if (r < 0)
			return r;
		row->price = price.amount;
	}
	if (in->has & CATEGORY_HAS_title)
		row->title = in->title && in->title[0] ? in->title : NULL;
	if (in->has & CATEGORY_HAS_position)
		row->position = in->position;
	if (in->has & CATEGORY_HAS_min)
		row->min = in->min > 0 ? in->min : 1;
	if (in->has & CATEGORY_HAS_max)
		row->max = in->max > 0 ? in->max : 0;
	if (in->has & CATEGORY_HAS_hidden)
		row->hidden = in->hidden;
	if (row->max && row->min > row->max)
		return err_set(&c->err, TIX_EBAD_VALUE, in->has & CATEGORY_HAS_max ? "max" : "min",
		    "the least is more than the most");
	return apply_sale(c, event, in, row);
}

static int insert(struct call *c, const struct category_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_category_add, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, row->event);
	q_str(&q, 3, row->name);
	q_str(&q, 4, row->title);
	q_i64(&q, 5, row->price);
	q_i64(&q, 6, row->position);
	q_time(&q, 7, row->sale_from);
	q_time(&q, 8, row->sale_to);
	q_i64(&q, 9, row->min);
	q_time(&q, 10, row->max ? row->max : TIME_NONE);
	q_i64(&q, 11, row->hidden);
	q_i64(&q, 12, c->now);
	q_str(&q, 13, row->from_rule);
	q_str(&q, 14, row->to_rule);
	return q_finish(&q);
}

static int update(struct call *c, const struct category_row *row)
{
	struct q q;

	q_start(&q, c->db, SQL_category_set, &c->err);
	q_str(&q, 1, row->title);
	q_i64(&q, 2, row->price);
	q_i64(&q, 3, row->position);
	q_time(&q, 4, row->sale_from);
	q_time(&q, 5, row->sale_to);
	q_i64(&q, 6, row->min);
	q_time(&q, 7, row->max ? row->max : TIME_NONE);
	q_i64(&q, 8, row->hidden);
	q_str(&q, 9, row->from_rule);
	q_str(&q, 10, row->to_rule);
	q_i64(&q, 11, row->id);
	return q_finish(&q);
}

/* currency is the event's: a price in the journal is read by itself. */
static void compare(struct diff *d, const struct category_row *was, const struct category_row *now,
    const char *currency)
{
	diff_text(d, "title", was->title, now->title);
	diff_i64(d, "price", was->price, now->price);
	if (was->price != now->price)
		diff_text(d, "currency", NULL, currency);
	diff_i64(d, "position", was->position, now->position);
	diff_time(d, "sale_from", was->sale_from, now->sale_from);
	diff_time(d, "sale_to", was->sale_to, now->sale_to);
	diff_text(d, "sale_from_rule", was->from_rule, now->from_rule);
	diff_text(d, "sale_to_rule", was->to_rule, now->to_rule);
	diff_i64(d, "min", was->min, now->min);
	diff_i64(d, "max", was->max ? was->max : TIME_NONE, now->max ? now->max : TIME_NONE);
	diff_i64(d, "hidden", was->hidden, now->hidden);
}

int category_row_write(struct call *c, const struct event_ref *event,
    const struct category_row *was, const struct category_row *now, const char *quotas)
{
	static const struct category_row none = {
	    .price = -1,
	    .position = -1,
	    .sale_from = TIME_NONE,
	    .sale_to = TIME_NONE,
	};
	struct changed what = {
	    was ? "category.changed" : "category.created", NULL, now->id, event->id, event->slug};
	struct diff d;
	int r;

	diff_init(&d);
	compare(&d, was ? was : &none, now, event->currency);
	diff_json(&d, "quotas", NULL, quotas);
	if (was && d.n == 0) {
		diff_done(&d);
		return 0;
	}
	what.subject = arena_printf(c->arena, "%s/%s", event->slug, now->name);
	r = what.subject ? 0 : row_no_memory(c);
	if (r == 0)
		r = was ? update(c, now) : insert(c, now);
	if (r < 0) {
		diff_done(&d);
		return r;
	}
	r = row_changed(c, &what, &d);
	return r < 0 ? r : 1;
}

/* The quotas that are named, all of the event. */
static int named_quotas(
    struct call *c, const struct event_ref *event, const struct text_list *names, int64_t *ret)
{
	for (size_t i = 0; i < names->n; i++) {
		struct quota_row quota;
		int r = quota_row_find(c, event->id, names->v[i], &quota);

		if (r < 0)
			return r;
		if (r == 0)
			return guess_quota(c, event->id, "quotas", names->v[i]);
		ret[i] = quota.id;
		for (size_t j = 0; j < i; j++) {
			if (ret[j] == ret[i])
				return err_set(&c->err, TIX_EBAD_VALUE, "quotas",
				    "%s is named twice", names->v[i]);
		}
	}
	return 0;
}

/* Everything that could be refused, before anything is written. */
static int check_new(struct call *c, const struct category_create_in *in,
    const struct event_ref *event, struct category_row *row, int64_t *quotas)
{
	struct category_input input = {0};
	struct category_row other;
	struct quota_row quota;
	int r = category_row_find(c, event->id, in->name, &other);

	if (r < 0)
		return r;
	if (r == 1)
		return err_set(&c->err, TIX_EEXISTS, "name", "%s has a category %s already",
		    event->slug, in->name);
	*row = category_row_new(event->id, in->name, 0);
	r = category_next_position(c, event->id, &row->position);
	CATEGORY_INPUTS(in, category_create_in, &input);
	if (r == 0)
		r = category_row_apply(c, event, &input, row);
	if (r == 0 && HAS(in, category_create_in, size)) {
		r = quota_row_find(c, event->id, in->name, &quota);
		if (r == 1) {
			err_set(&c->err, TIX_EEXISTS, "size", "%s has a quota %s already",
			    event->slug, in->name);
			err_hint(&c->err, "--quotas %s in place of --size draws on it", in->name);
			return TIX_EEXISTS;
		}
	}
	if (r >= 0)
		r = quota_links_fit(
		    c, 0, in->quotas.n + HAS(in, category_create_in, size), "quotas");
	return r < 0 ? r : named_quotas(c, event, &in->quotas, quotas);
}

static int link_new(struct call *c, const struct category_create_in *in,
    const struct event_ref *event, const struct category_row *row, const int64_t *quotas)
{
	int r = 0;

	if (HAS(in, category_create_in, size)) {
		struct quota_row quota = {.event = event->id, .name = in->name, .size = in->size};

		quota.id = writer_next_id(c->writer, TABLE_quota);
		r = quota_row_add(c, event, &quota);
		if (r == 0)
			r = quota_link_row(c, row->id, quota.id);
	}
	for (size_t i = 0; r == 0 && i < in->quotas.n; i++)
		r = quota_link_row(c, row->id, quotas[i]);
	return r;
}

int category_create(struct call *c, const struct category_create_in *in, struct category *out)
{
	const char *quotas_json = NULL;
	struct event_ref event;
	struct category_row row;
	int64_t *quotas;
	int r = call_event(c, in->event, &event);

	if (r < 0)
		return r;
	quotas = arena_array(c->arena, in->quotas.n, sizeof(*quotas));
	if (!quotas)
		return row_no_memory(c);
	r = check_new(c, in, &event, &row, quotas);
	if (r == 0 && in->quotas.n)
		r = tags_write(c, &in->quotas, &quotas_json);
	if (r < 0)
		return r;
	row.id = writer_next_id(c->writer, TABLE_category);
	r = category_row_write(c, &event, NULL, &row, quotas_json);
	if (r >= 0)
		r = link_new(c, in, &event, &row, quotas);
	c->subject = row.id;
	return r < 0 ? r : category_load(c, row.id, out);
}

static int named(struct call *c, const char *event_slug, const char *name, struct event_ref *event,
    struct category_row *ret)
{
	int r = call_event(c, event_slug, event);

	if (r < 0)
		return r;
	r = category_row_find(c, event->id, name, ret);
	if (r < 0)
		return r;
	return r ? 0 : guess_category(c, event->id, "name", name);
}

int category_set(struct call *c, const struct category_set_in *in, struct category *out)
{
	struct category_input input = {0};
	struct category_row was, row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &was);

	if (r < 0)
		return r;
	row = was;
	CATEGORY_INPUTS(in, category_set_in, &input);
	r = category_row_apply(c, &event, &input, &row);
	if (r < 0)
		return r;
	r = category_row_write(c, &event, &was, &row, NULL);
	if (r == 0)
		r = row_unchanged(c, row.id);
	return r < 0 ? r : show(c, &row, out);
}

int category_show(struct call *c, const struct category_in *in, struct category *out)
{
	struct category_row row;
	struct event_ref event;
	int r = named(c, in->event, in->name, &event, &row);

	return r < 0 ? r : show(c, &row, out);
}

/* The last key: the event, and the position above the id. */
#define POSITION_SHIFT 40
#define ID_MASK ((INT64_C(1) << POSITION_SHIFT) - 1)

static int take_rows(struct call *c, struct q *q, const struct page_filter *f, int limit,
    struct amount_filter *price, struct category_page *out)
{
	struct category *items = arena_array(c->arena, (size_t)limit, sizeof(*items));
	struct page_key last = {0};
	struct category_row row;
	int n = 0, r;

	if (!items)
		return row_no_memory(c);
	while ((r = q_step(q)) == 1) {
		bool wanted;

		r = category_row_read(c, q, &row);
		wanted = r == 0 && amount_matches(price, row.currency, row.price);
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
		last.n[1] = row.position << POSITION_SHIFT | row.id;
	}
	out->items = (struct shape_list){items, (size_t)n};
	return r < 0 ? r : 0;
}

int category_list(struct call *c, const struct category_list_in *in, struct category_page *out)
{
	struct page_key key = {{-1, -1}, NULL};
	struct amount_filter price = {.op = ""};
	struct event_ref event = {0};
	struct page_filter f;
	struct scope scope;
	struct q q;
	int limit = page_limit(in, category_list_in), r = scope_of(c, &scope);
	int64_t rows = in->price ? FILTER_ALL : limit + 1;

	if (r == 0 && in->event)
		r = call_event(c, in->event, &event);
	if (r == 0 && in->price)
		r = amount_filter_read(
		    c, in->price, in->event ? event.currency : NULL, "price", &price);
	if (r < 0)
		return r;
	page_filter_init(&f, "category.list");
	page_filter_str(&f, in->event);
	page_filter_str(&f, in->price);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	if (!event.id)
		event.id = scope.event;
	q_start(&q, c->db, event.id ? SQL_category_list_event : SQL_category_list, &c->err);
	q_i64(&q, 1, key.n[0]);
	q_i64(&q, 2, key.n[1] < 0 ? -1 : key.n[1] >> POSITION_SHIFT);
	q_i64(&q, 3, key.n[1] < 0 ? -1 : key.n[1] & ID_MASK);
	q_i64(&q, 4, scope.organizer);
	q_i64(&q, 5, event.id ? event.id : rows);
	if (event.id)
		q_i64(&q, 6, rows);
	r = take_rows(c, &q, &f, limit, &price, out);
	q_end(&q);
	return r;
}
