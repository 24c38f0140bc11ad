/* SPDX-License-Identifier: MIT */
/* Where the candidates of a search of orders come from, and the look at each. */
#include "core/order_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lookup_key.h"
#include "core/order_rec.h"
#include "core/rows.h"

#define FEW 4096	 /* ids of one filter that are worth being cut with others */
#define FEW_PREFIX 16384 /* a prefix gives its ids in no order: more is worth it */
#define SCRATCH (64U << 10)
#define ENOUGH 256 /* candidates that need no further cutting */

static bool same_email(const void *ctx, const char *text)
{
	return lookup_same(((const struct order_find *)ctx)->email, text);
}

static bool same_phone(const void *ctx, const char *text)
{
	return ((const struct order_find *)ctx)->phone_key == lookup_phone_key(text);
}

/* A word of a name, for persons in no run yet. */
struct word_ctx {
	struct arena *scratch;
	const char *word;
};

static bool has_word(const void *ctx, const char *text)
{
	const struct word_ctx *w = ctx;
	const char *words;

	arena_reset(w->scratch);
	words = lookup_words(w->scratch, text, false);
	return words && lookup_words_match(words, w->word);
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void sort_ids(struct lookup_ids *ids)
{
	int n = 0;

	if (ids->n > 1)
		qsort(ids->v, (size_t)ids->n, sizeof(*ids->v), by_id);
	for (int i = 0; i < ids->n; i++) {
		if (n == 0 || ids->v[n - 1] != ids->v[i])
			ids->v[n++] = ids->v[i];
	}
	ids->n = n;
}

/* The ids of another filter, all of them: sorted, and cut with those that are there. */
static void cut(struct order_find *f, struct lookup_ids *more)
{
	int n = 0;

	sort_ids(more);
	if (!f->listed) {
		memcpy(f->ids.v, more->v, (size_t)more->n * sizeof(*more->v));
		f->ids.n = more->n;
		f->listed = true;
		return;
	}
	for (int i = 0, j = 0; i < f->ids.n && j < more->n;) {
		if (f->ids.v[i] == more->v[j])
			f->ids.v[n++] = more->v[j];
		if (f->ids.v[i] < more->v[j])
			i++;
		else
			j++;
	}
	f->ids.n = n;
}

static bool enough(const struct order_find *f)
{
	return f->listed && f->ids.n <= ENOUGH;
}

static int cut_key(
    struct call *c, struct order_find *f, struct lookup_query *query, struct lookup_ids *room)
{
	int r;

	if (enough(f))
		return 0;
	r = lookup_usable(c, query->kind);
	if (r < 1)
		return r;
	query->above = f->above;
	query->below = f->below;
	query->desc = f->desc;
	room->max = query->low == query->high ? FEW : FEW_PREFIX;
	r = lookup_all(c, query, room);
	if (r == 1)
		cut(f, room);
	else if (r == 0 && query->low == query->high)
		f->key = *query;
	return r < 0 ? r : 0;
}

/* Each word of the name. Scratch and words live as long as the search: a key may be streamed. */
static int cut_words(struct call *c, struct order_find *f, struct lookup_ids *room)
{
	for (const char *s = f->words; *s;) {
		size_t len = strcspn(s, " ");
		bool prefix = s[len - 1] == '*';
		struct word_ctx *ctx = arena_alloc(c->arena, sizeof(*ctx));
		char *word = arena_strndup(c->arena, s, len);
		struct lookup_query query = {.kind = LOOKUP_name, .match = has_word, .ctx = ctx};
		int r;

		if (!ctx || !word)
			return call_no_memory(c);
		ctx->word = word;
		ctx->scratch = f->scratch;
		lookup_word_keys(s, len - prefix, prefix, &query.low, &query.high);
		r = cut_key(c, f, &query, room);
		if (r < 0)
			return r;
		s += len + (s[len] == ' ');
	}
	return 0;
}

static int ids_by(struct call *c, const struct order_find *f, enum sql_id sql, int64_t value,
    int max, int64_t *ret)
{
	struct q q;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, f->above);
	q_i64(&q, 2, f->below);
	if (value)
		q_i64(&q, 3, value);
	q_i64(&q, value ? 4 : 3, max);
	return q_ids(&q, max, ret);
}

/* Whether all that are asked for have a part of the index each: what is paid is in none, nor, of
 * money, is what has no word. */
static bool unsold(const struct order_find *f)
{
	return f->states && !((f->states >> order_state_paid) & 1);
}

static bool unsettled(const struct order_find *f)
{
	return f->money && !((f->money >> money_word_paid | f->money) & 1);
}

static int by_id_desc(const void *a, const void *b)
{
	return by_id(b, a);
}

/* The first max ids of several parts of an index. ret has room for max. */
static int ids_by_set(struct call *c, const struct order_find *f, enum sql_id sql, uint64_t set,
    int max, int64_t *ret)
{
	int64_t *all = arena_array(c->arena, 2 * (size_t)max, sizeof(*all));
	int n = 0;

	if (!all)
		return call_no_memory(c);
	for (int s = 1; s < 63; s++) {
		int more = (set >> s) & 1 ? ids_by(c, f, sql, s, max, all + n) : 0;

		if (more < 0)
			return more;
		if (more > 0 && n > 0)
			qsort(all, (size_t)(n + more), sizeof(*all), f->desc ? by_id_desc : by_id);
		n = n + more < max ? n + more : max;
	}
	memcpy(ret, all, (size_t)n * sizeof(*all));
	return n;
}

static int ids_by_states(struct call *c, const struct order_find *f, int max, int64_t *ret)
{
	return ids_by_set(
	    c, f, f->desc ? SQL_orders_state_desc : SQL_orders_state, f->states, max, ret);
}

static int ids_by_money(struct call *c, const struct order_find *f, int max, int64_t *ret)
{
	return ids_by_set(
	    c, f, f->desc ? SQL_orders_money_desc : SQL_orders_money, f->money, max, ret);
}

static int ids_by_event(struct call *c, const struct order_find *f, int max, int64_t *ret)
{
	return ids_by(
	    c, f, f->desc ? SQL_orders_event_desc : SQL_orders_event, f->event.id, max, ret);
}

/* All ids that a source gives, where they are few. */
static int cut_rows(struct call *c, struct order_find *f, struct lookup_ids *room,
    int (*source)(struct call *c, const struct order_find *f, int max, int64_t *ret))
{
	int r = 0;

	if (!enough(f)) {
		r = room->n = source(c, f, FEW + 1, room->v);
		if (r >= 0 && r <= FEW)
			cut(f, room);
	}
	return r < 0 ? r : 0;
}

static int cut_all_rows(struct call *c, struct order_find *f, struct lookup_ids *room)
{
	int r = 0;

	if (unsettled(f))
		r = cut_rows(c, f, room, ids_by_money);
	if (r == 0 && unsold(f))
		r = cut_rows(c, f, room, ids_by_states);
	if (r == 0 && f->event.id)
		r = cut_rows(c, f, room, ids_by_event);
	return r;
}

static int check(struct call *c, struct order_find *f)
{
	if (f->phone) {
		f->phone_key = lookup_phone_key(f->phone);
		if (f->phone_key < 0)
			return err_set(
			    &c->err, TIX_EBAD_VALUE, "phone", "at least four digits of the number");
	}
	if (f->name) {
		f->words = lookup_words(c->arena, f->name, true);
		f->scratch = arena_new(SCRATCH);
		if (!f->words || !f->scratch)
			return call_no_memory(c);
		if (!f->words[0])
			return err_set(&c->err, TIX_EBAD_VALUE, "name", "there is no word in it");
	}
	return scope_of(c, &f->scope);
}

int order_find_start(struct call *c, struct order_find *f)
{
	struct lookup_ids room = {0};
	int r = check(c, f);

	/* A state, an event or a word alone comes in order anyway. */
	if (r < 0 || (!f->email && !f->phone && !f->words &&
			 (f->event.id != 0) + unsold(f) + unsettled(f) < 2))
		return r;
	room.v = arena_array(c->arena, FEW_PREFIX + 1, sizeof(*room.v));
	f->ids.v = arena_array(c->arena, FEW_PREFIX + 1, sizeof(*f->ids.v));
	if (!room.v || !f->ids.v)
		return call_no_memory(c);
	if (f->words)
		r = cut_words(c, f, &room);
	if (r == 0 && f->phone) {
		struct lookup_query query = {.kind = LOOKUP_phone,
		    .low = f->phone_key,
		    .high = f->phone_key,
		    .match = same_phone,
		    .ctx = f};

		r = cut_key(c, f, &query, &room);
	}
	if (r == 0 && f->email) {
		struct lookup_query query = {.kind = LOOKUP_email, .match = same_email, .ctx = f};

		query.low = query.high = lookup_email_key(f->email);
		r = cut_key(c, f, &query, &room);
	}
	return r < 0 ? r : cut_all_rows(c, f, &room);
}

void order_find_done(struct order_find *f)
{
	arena_free(f->scratch);
}

static int next_listed(const struct order_find *f, int64_t *ret)
{
	int n = 0;

	for (int i = 0; i < f->ids.n && n < ORDER_FIND_STEP; i++) {
		int64_t id = f->ids.v[f->desc ? f->ids.n - 1 - i : i];

		if (id > f->above && id < f->below)
			ret[n++] = id;
	}
	return n;
}

int order_find_next(
    struct call *c, struct order_find *f, int64_t ret[ORDER_FIND_STEP], int *ret_step)
{
	/* A plain page reads no more than it shows. */
	int step = f->limit < ORDER_FIND_STEP ? f->limit + 1 : ORDER_FIND_STEP;
	int r;

	if (f->listed || f->key.kind)
		step = ORDER_FIND_STEP;
	*ret_step = step;
	if (f->listed)
		return next_listed(f, ret);
	if (f->key.kind) {
		struct lookup_ids ids = {ret, 0, step};

		f->key.above = f->above;
		f->key.below = f->below;
		r = lookup_find(c, &f->key, &ids);
		return r < 0 ? r : ids.n;
	}
	if (unsettled(f))
		return ids_by_money(c, f, step, ret);
	if (unsold(f))
		return ids_by_states(c, f, step, ret);
	if (f->event.id)
		return ids_by_event(c, f, step, ret);
	return ids_by(c, f, f->desc ? SQL_orders_all_desc : SQL_orders_all, 0, step, ret);
}

bool order_find_walks(const struct order_find *f)
{
	return !f->listed && !f->key.kind && !unsettled(f) && !unsold(f) && !f->event.id;
}

static bool buyer_matches(
    const struct order_find *f, const char *name, const char *email, const char *phone)
{
	if (f->email && (!email || !lookup_same(email, f->email)))
		return false;
	if (f->phone && (!phone || lookup_phone_key(phone) != f->phone_key))
		return false;
	if (f->words) {
		struct word_ctx ctx = {f->scratch, f->words};

		return name && has_word(&ctx, name);
	}
	return true;
}

int order_find_match(struct call *c, struct order_find *f, int64_t id)
{
	bool fits = false;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_order_peek, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1)
		fits = (!f->event.id || q_col(&q, 0) == f->event.id) &&
		       (!f->states || ((f->states >> q_col(&q, 1)) & 1)) &&
		       (!f->scope.organizer || q_col(&q, 4) == f->scope.organizer) &&
		       (!f->scope.event || q_col(&q, 0) == f->scope.event) &&
		       amount_matches(&f->total, q_text(&q, 3), q_col(&q, 2)) &&
		       buyer_matches(f, q_text(&q, 5), q_text(&q, 6), q_text(&q, 7));
	q_end(&q);
	return r < 0 ? r : r == 1 && fits;
}
