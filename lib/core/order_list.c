/* SPDX-License-Identifier: MIT */
/* Finding orders. One source of candidate ids is chosen (a code, a key, an address, a state, an
 * event, or all), the other filters look at each row. A page looks at a bounded number of rows: it
 * may be short and still have a next. */
#include <stdlib.h>
#include <string.h>

#include "core/lookup.h"
#include "core/order.h"
#include "core/page.h"
#include "core/scope.h"
#include "core/writer_state.h"

#define STEP 128
#define SCAN_MAX 20000

struct list {
	const struct order_list_in *in;
	struct event_ref event; /* id 0: all */
	int64_t above, below;	/* ids, exclusive */
	uint64_t states;	/* bit 1 << state; 0: all */
	int64_t one;		/* the only candidate; 0: none known, -1: nothing can match */
	bool desc;
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
int order_made_from(struct call *c, int64_t at, int64_t *ret)
{
	int64_t low = 1, high = ORDER_ID_MAX;

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

static int bound_times(struct call *c, struct list *l)
{
	const struct event_ref *event = l->event.id ? &l->event : NULL;
	int64_t since, until, id;
	int r = call_when(c, event, l->in->since, false, "since", &since);

	if (r == 0)
		r = call_when(c, event, l->in->until, true, "until", &until);
	if (r == 0 && since != TIME_NONE) {
		r = order_made_from(c, since, &id);
		l->above = r == 0 ? id - 1 : l->above;
	}
	if (r == 0 && until != TIME_NONE) {
		r = order_made_from(c, until, &id);
		l->below = r == 0 ? id : l->below;
	}
	return r;
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
		if (r == 1 &&
		    ((strcmp(q_text(&q, 1), "order.paid") != 0 &&
			 strcmp(q_text(&q, 1), "order.placed") != 0) ||
			strcmp(q_text(&q, 2), code) != 0))
			r = 0;
		q_end(&q);
	}
	if (r >= 0)
		only(l, r == 1 ? id : -1);
	return r < 0 ? r : 0;
}

static int plan(struct call *c, const struct order_list_in *in, struct list *l)
{
	const char *event = in->event ? in->event : c->who->event[0] ? c->who->event : NULL;
	int r;

	*l = (struct list){.in = in,
	    .below = INT64_MAX,
	    .states = in->state,
	    .limit = page_limit(in, order_list_in)};
	r = read_sort(c, in->sort, &l->desc);
	if (r == 0 && event)
		r = call_event(c, event, &l->event);
	if (r == 0)
		r = bound_times(c, l);
	if (r == 0 && in->code)
		r = by_code(c, l, in->code, "code");
	if (r == 0 && in->ticket)
		r = by_code(c, l, in->ticket, "ticket");
	if (r == 0 && in->key)
		r = by_key(c, l);
	return r;
}

static int ids_by(
    struct call *c, const struct list *l, enum sql_id sql, int64_t value, int64_t *ret)
{
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, l->above);
	q_i64(&q, 2, l->below);
	if (value)
		q_i64(&q, 3, value);
	q_i64(&q, value ? 4 : 3, STEP);
	while ((r = q_step(&q)) == 1 && n < STEP)
		ret[n++] = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : n;
}

/* One state that is not paid has an index of its own; several states look at all. */
static int single_state(const struct list *l)
{
	for (int s = order_state_held; s <= order_state_pending; s++) {
		if (s != order_state_paid && l->states == UINT64_C(1) << s)
			return s;
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Each word has its own run of the index: the first STEP of all of them, in order. */
static int by_money(struct call *c, const struct list *l, int64_t *ret)
{
	enum sql_id sql = l->desc ? SQL_orders_money_desc : SQL_orders_money;
	int64_t all[7 * STEP];
	int n = 0, out;

	for (int word = money_word_unpaid; word <= money_word_refunded; word++) {
		int r = (l->in->money >> word) & 1 ? ids_by(c, l, sql, word, all + n) : 0;

		if (r < 0)
			return r;
		n += r;
	}
	qsort(all, (size_t)n, sizeof(all[0]), by_id);
	out = n < STEP ? n : STEP;
	for (int i = 0; i < out; i++)
		ret[i] = all[l->desc ? n - 1 - i : i];
	return out;
}

/* The next candidates between above and below, in order; fewer than STEP: the last. */
static int candidates(struct call *c, const struct list *l, int64_t *ret)
{
	int state = single_state(l);

	if (l->one) {
		ret[0] = l->one;
		return l->one > l->above && l->one < l->below;
	}
	if (l->in->email) {
		struct lookup_query query = {
		    LOOKUP_email, l->in->email, l->above, l->below, l->desc, STEP};

		return lookup_find(c, &query, ret);
	}
	if (l->in->money && !((l->in->money >> money_word_paid) & 1))
		return by_money(c, l, ret);
	if (state)
		return ids_by(c, l, l->desc ? SQL_orders_state_desc : SQL_orders_state, state, ret);
	if (l->event.id)
		return ids_by(
		    c, l, l->desc ? SQL_orders_event_desc : SQL_orders_event, l->event.id, ret);
	return ids_by(c, l, l->desc ? SQL_orders_all_desc : SQL_orders_all, 0, ret);
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

static bool matches(const struct call *c, const struct list *l, const struct order_rec *rec,
    const struct order_row *item)
{
	if (l->states && !((l->states >> rec->state) & 1))
		return false;
	if (l->event.id && rec->event.id != l->event.id)
		return false;
	if (l->in->money && !((l->in->money >> item->money) & 1))
		return false;
	if (l->in->email && (!item->email || !lookup_same(item->email, l->in->email)))
		return false;
	return order_rec_seen(c, rec);
}

/* Fills the item if the order matches: 1. */
static int look_at(struct call *c, const struct list *l, int64_t id, struct order_row *item)
{
	struct order_rec rec;
	int64_t paid = 0;
	int r = order_rec_get(c, id, &rec);

	*item = (struct order_row){0};
	if (r == 1) {
		r = read_person(c, &rec, item);
		if (r == 0)
			r = order_paid(c, id, &paid);
		item->money = order_money_word(&rec, paid);
		if (r == 0 && !matches(c, l, &rec, item))
			return 0;
		if (r < 0)
			return r;
		item->code = order_code(c, id);
		item->event = arena_strdup(c->arena, rec.event.slug);
		if (!item->code || !item->event)
			return call_no_memory(c);
		item->created = rec.created;
		item->tickets = rec.tickets;
		item->total = sale_money(&rec.event, rec.total);
		item->balance = sale_money(&rec.event, order_balance(&rec, paid));
		item->state = rec.state;
		r = 1;
	}
	return r;
}

static size_t bytes_of(const struct order_row *item)
{
	return (item->name ? strlen(item->name) : 0) + (item->email ? strlen(item->email) : 0);
}

/* Candidates of one step; moves the bound past each. 1: the page is full or long enough, 0: there
 * are no more. */
static int fill(struct call *c, struct list *l, struct order_page *out)
{
	struct order_row *items = out->items.v;
	int64_t ids[STEP];
	size_t bytes = 0;
	int scanned = 0;

	while (scanned < SCAN_MAX && arena_used(c->arena) < PAGE_MEMORY_MAX) {
		int n = candidates(c, l, ids);

		for (int i = 0; i < n; i++) {
			struct order_row item;
			int r = look_at(c, l, ids[i], &item);

			if (r < 0)
				return r;
			bytes += r == 1 ? bytes_of(&item) : 0;
			if (r == 1 && (out->items.n == (size_t)l->limit ||
					  (out->items.n > 0 && bytes > PAGE_TEXT_MAX)))
				return 1;
			if (r == 1)
				items[out->items.n++] = item;
			*(l->desc ? &l->below : &l->above) = ids[i];
		}
		if (n < STEP)
			return n < 0 ? n : 0;
		scanned += n;
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
	page_filter_str(f, in->since);
	page_filter_str(f, in->until);
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
	digest_filters(in, &f);
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	bound = l.desc ? &l.below : &l.above;
	if (r == 1 && (l.desc ? key.n[0] < *bound : key.n[0] > *bound))
		*bound = key.n[0];
	out->items.v = arena_array(c->arena, (size_t)l.limit, sizeof(struct order_row));
	if (!out->items.v)
		return call_no_memory(c);
	if (l.one < 0)
		return 0;
	r = fill(c, &l, out);
	if (r == 1) {
		key.n[0] = *bound;
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
