/* SPDX-License-Identifier: MIT */
/* The list of orders: what was asked for, and the pages of what is found. A page looks at a bounded
 * number of rows: it may be short and still have a next. */
#include <ctype.h>
#include <string.h>

#include "core/lookup_key.h"
#include "core/odd.h"
#include "core/order.h"
#include "core/order_find.h"
#include "core/order_rec.h"
#include "core/order_since.h"
#include "core/page.h"
#include "core/writer_state.h"

#define SCAN_MAX 1000 /* rows that one page looks at, all over the store */
#define WALK_MAX 3000 /* and side by side */
#define PHONE_LIKE 6  /* digits, from which on a text without letters is a number */

struct list {
	const struct order_list_in *in;
	struct order_find find;
	int64_t one; /* the only candidate; 0: none known, -1: nothing can match */
	int limit;
};

static int read_sort(struct call *c, const char *sort, bool *ret_desc)
{
	*ret_desc = !sort || strcmp(sort, "-created") == 0;
	if (*ret_desc || strcmp(sort, "created") == 0)
		return 0;
	return err_set(&c->err, TIX_EBAD_VALUE, "sort", "sorted by created or -created");
}

/* By halving: created never runs backwards with id. */
int order_newest(struct call *c, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_orders_all_desc, &c->err);
	q_i64(&q, 1, 0);
	q_i64(&q, 2, INT64_MAX);
	q_i64(&q, 3, 1);
	r = q_step(&q);
	*ret = r == 1 ? q_col(&q, 0) : 0;
	q_end(&q);
	return r < 0 ? r : 0;
}

int order_made_within(struct call *c, int64_t at, int64_t low, int64_t high, int64_t *ret)
{
	while (low < high) {
		int64_t middle = low + (high - low) / 2, id = 0;
		bool early = false;
		struct q q;
		int r;

		q_start(&q, c->db, SQL_order_created_from, &c->err);
		q_i64(&q, 1, middle);
		r = q_step(&q);
		if (r == 1) {
			id = q_col(&q, 0);
			early = q_col(&q, 1) < at;
		}
		q_end(&q);
		if (r < 0)
			return r;
		if (early)
			low = id + 1;
		else
			high = middle;
	}
	*ret = low;
	return 0;
}

int order_made_from(struct call *c, int64_t at, int64_t *ret)
{
	int64_t newest;
	int r = order_newest(c, &newest);

	return r < 0 ? r : order_made_within(c, at, 1, newest + 1, ret);
}

/* The bounds that records of the journal set, beside others. */
static int bound_records(struct call *c, struct list *l)
{
	int64_t id;
	int r = 0;

	if (HAS(l->in, order_list_in, after)) {
		r = order_made_upto(c, l->in->after, &id);
		if (r == 0 && id > l->find.above)
			l->find.above = id;
	}
	if (r == 0 && HAS(l->in, order_list_in, upto)) {
		r = order_made_upto(c, l->in->upto, &id);
		if (r == 0 && id + 1 < l->find.below)
			l->find.below = id + 1;
	}
	return r;
}

static int bound_times(struct call *c, struct list *l)
{
	const struct event_ref *event = l->find.event.id ? &l->find.event : NULL;
	int64_t since, until, id;
	int r = call_when(c, event, l->in->since, false, "since", &since);

	if (r == 0)
		r = call_when(c, event, l->in->until, true, "until", &until);
	if (r == 0 && since != TIME_NONE) {
		r = order_made_from(c, since, &id);
		l->find.above = r == 0 ? id - 1 : l->find.above;
	}
	if (r == 0 && until != TIME_NONE) {
		r = order_made_from(c, until, &id);
		l->find.below = r == 0 ? id : l->find.below;
	}
	return r == 0 ? bound_records(c, l) : r;
}

/* Several filters may name one order each: they must name the same. */
static void only(struct list *l, int64_t id)
{
	l->one = l->one == 0 || l->one == id ? id : -1;
}

static int by_code(struct call *c, struct list *l, const char *code, const char *field)
{
	int64_t id = 0;
	int n = 0, r = order_code_id(c, code, field, &id, &n);

	if (r == TIX_ENOT_FOUND) {
		err_clear(&c->err);
		l->one = -1;
		return 0;
	}
	if (r == 0)
		only(l, id);
	return r;
}

/* The subject of the caller's own key, if what the key did was to sell. */
static int by_key(struct call *c, struct list *l)
{
	uint8_t key[200];
	int64_t id = 0, seq = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_idem_get, &c->err);
	q_i64(&q, 1, c->who->id);
	q_mem(&q, 2, key, idem_bytes(l->in->key, key));
	r = q_step(&q);
	if (r == 1) {
		id = q_col(&q, 1);
		seq = q_col(&q, 2);
	}
	q_end(&q);
	if (r == 1) {
		const char *code = order_code(c, id);

		q_start(&q, c->db, SQL_journal_at, &c->err);
		q_i64(&q, 1, seq);
		r = code ? q_step(&q) : c->err.code;
		if (r == 1 && ((strcmp(q_text(&q, 1), "order.paid") != 0 &&
				   strcmp(q_text(&q, 1), "order.placed") != 0) ||
				  strcmp(q_text(&q, 2), code) != 0))
			r = 0;
		q_end(&q);
	}
	if (r >= 0)
		only(l, r == 1 ? id : -1);
	return r < 0 ? r : 0;
}

static bool like_phone(const char *text)
{
	int digits = 0;

	for (; *text; text++) {
		if (isdigit((unsigned char)*text))
			digits++;
		else if (!strchr(" +-/().", *text))
			return false;
	}
	return digits >= PHONE_LIKE;
}

/* The catch-all as a filter of its own beside the others. */
static int as_buyer(struct call *c, struct list *l, const char *text)
{
	struct order_find *f = &l->find;

	if (strchr(text, '@')) {
		if (f->email && !lookup_same(f->email, text))
			l->one = -1;
		f->email = text;
	} else if (like_phone(text)) {
		if (f->phone && lookup_phone_key(f->phone) != lookup_phone_key(text))
			l->one = -1;
		f->phone = text;
	} else {
		f->name = arena_printf(c->arena, "%s %s*", f->name ? f->name : "", text);
		if (!f->name)
			return call_no_memory(c);
	}
	return 0;
}

/* What it looks like, it is; a code only where an order has it. */
static int by_anything(struct call *c, struct list *l, const char *text)
{
	struct order_rec rec;
	int64_t id = 0;
	int n, r = order_code_id(c, text, "find", &id, &n);

	if (r == TIX_ENOT_FOUND || r == TIX_EBAD_VALUE) {
		err_clear(&c->err);
		return as_buyer(c, l, text);
	}
	if (r == 0)
		r = order_rec_get(c, id, &rec);
	if (r == 1)
		only(l, id);
	return r == 0 ? as_buyer(c, l, text) : r < 0 ? r : 0;
}

static int plan(struct call *c, const struct order_list_in *in, struct list *l)
{
	const char *event = in->event ? in->event : c->who->event[0] ? c->who->event : NULL;
	int r;

	*l = (struct list){.in = in, .limit = page_limit(in, order_list_in)};
	l->find = (struct order_find){.below = INT64_MAX,
	    .states = in->state,
	    .money = in->money,
	    .email = in->email,
	    .phone = in->phone,
	    .name = in->name,
	    .limit = l->limit};
	r = read_sort(c, in->sort, &l->find.desc);
	if (r == 0 && event)
		r = call_event(c, event, &l->find.event);
	if (r == 0)
		r = bound_times(c, l);
	if (r == 0 && in->code)
		r = by_code(c, l, in->code, "code");
	if (r == 0 && in->ticket)
		r = by_code(c, l, in->ticket, "ticket");
	if (r == 0 && in->key)
		r = by_key(c, l);
	if (r == 0 && in->total)
		r = amount_filter_read(
		    c, in->total, event ? l->find.event.currency : NULL, "total", &l->find.total);
	return r == 0 && in->find ? by_anything(c, l, in->find) : r;
}

/* The buyer's name and address into the item. */
static int read_person(struct call *c, const struct order_rec *rec, struct order_row *item)
{
	struct q q;
	int r;

	if (!rec->person)
		return 0;
	q_start(&q, c->db, SQL_person_get, &c->err);
	q_i64(&q, 1, rec->person);
	r = q_step(&q);
	if (r == 1) {
		const char *name = q_text(&q, 0), *email = q_text(&q, 1);

		item->name = name ? arena_strdup(c->arena, name) : NULL;
		item->email = email ? arena_strdup(c->arena, email) : NULL;
		if ((name && !item->name) || (email && !item->email))
			r = call_no_memory(c);
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* What of an order that matches is shown. Whether it is the caller's is looked at again. */
static int show(struct call *c, int64_t id, struct order_row *item)
{
	struct order_rec rec;
	int64_t paid = 0;
	int r = order_rec_get(c, id, &rec);

	*item = (struct order_row){0};
	if (r < 1 || !order_rec_seen(c, &rec))
		return r < 0 ? r : 0;
	r = read_person(c, &rec, item);
	if (r == 0)
		r = order_paid(c, id, &paid);
	if (r < 0)
		return r;
	item->money = order_money_word(&rec, paid);
	item->code = order_code(c, id);
	item->event = arena_strdup(c->arena, rec.event.slug);
	if (!item->code || !item->event)
		return call_no_memory(c);
	item->created = rec.created;
	item->tickets = rec.tickets;
	item->total = sale_money(&rec.event, rec.total);
	item->balance = sale_money(&rec.event, order_balance(&rec, paid));
	item->state = rec.state;
	return 1;
}

static size_t bytes_of(const struct order_row *item)
{
	return (item->name ? strlen(item->name) : 0) + (item->email ? strlen(item->email) : 0);
}

static int next(struct call *c, struct list *l, int64_t *ret, int *ret_step)
{
	if (!l->one)
		return order_find_next(c, &l->find, ret, ret_step);
	*ret_step = ORDER_FIND_STEP;
	ret[0] = l->one;
	return l->one > l->find.above && l->one < l->find.below;
}

/* One candidate: 1 when the page is full without it. */
static int take(struct call *c, struct list *l, int64_t id, size_t *bytes, struct order_page *out)
{
	struct order_row *items = out->items.v;
	struct order_row item;
	int r = order_find_match(c, &l->find, id);

	if (r == 1)
		r = show(c, id, &item);
	if (r < 1 || (l->in->money && !((l->in->money >> item.money) & 1)))
		return r < 0 ? r : 0;
	*bytes += bytes_of(&item);
	if (out->items.n == (size_t)l->limit || (out->items.n > 0 && *bytes > PAGE_TEXT_MAX))
		return 1;
	items[out->items.n++] = item;
	return 0;
}

/* Fills the page; moves the bound past each that was looked at. 1: the page is full or long enough,
 * 0: there are no more. */
static int fill(struct call *c, struct list *l, struct order_page *out)
{
	int64_t ids[ORDER_FIND_STEP];
	size_t bytes = 0;
	int scanned = 0, step = 0, max = order_find_walks(&l->find) ? WALK_MAX : SCAN_MAX;

	while (scanned < max && arena_used(c->arena) < PAGE_MEMORY_MAX) {
		int n = next(c, l, ids, &step);

		for (int i = 0; i < n && scanned < max; i++, scanned++) {
			int r = take(c, l, ids[i], &bytes, out);

			if (r != 0)
				return r;
			*(l->find.desc ? &l->find.below : &l->find.above) = ids[i];
		}
		if (n < step && scanned < max)
			return n < 0 ? n : 0;
	}
	return 1;
}

static void digest_filters(const struct order_list_in *in, struct page_filter *f)
{
	page_filter_init(f, "order.list");
	page_filter_str(f, in->event);
	page_filter_i64(f, (int64_t)in->state);
	page_filter_i64(f, (int64_t)in->money);
	page_filter_str(f, in->code);
	page_filter_str(f, in->ticket);
	page_filter_str(f, in->email);
	page_filter_str(f, in->key);
	page_filter_str(f, in->name);
	page_filter_str(f, in->phone);
	page_filter_str(f, in->total);
	page_filter_str(f, in->find);
	page_filter_str(f, in->since);
	page_filter_str(f, in->until);
	page_filter_i64(f, HAS(in, order_list_in, after) ? in->after : -1);
	page_filter_i64(f, HAS(in, order_list_in, upto) ? in->upto : -1);
	page_filter_str(f, in->sort);
}

int order_list(struct call *c, const struct order_list_in *in, struct order_page *out)
{
	struct page_key key = {{0, 0}, NULL};
	struct page_filter f;
	struct list l;
	int64_t *bound;
	int r = plan(c, in, &l);

	if (r < 0)
		return r;
	ODD_TELL(c, out, order_page);
	digest_filters(in, &f);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	bound = l.find.desc ? &l.find.below : &l.find.above;
	if (r == 1 && (l.find.desc ? key.n[0] < *bound : key.n[0] > *bound))
		*bound = key.n[0];
	out->items.v = arena_array(c->arena, (size_t)l.limit, sizeof(struct order_row));
	if (!out->items.v)
		return call_no_memory(c);
	if (l.one < 0)
		return 0;
	r = order_find_start(c, &l.find);
	if (r == 0)
		r = fill(c, &l, out);
	order_find_done(&l.find);
	if (r == 1) {
		key.n[0] = *bound;
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
