/* SPDX-License-Identifier: MIT */
/* Searching the look-up index from any handle: the newest persons in their rows, the others in the
 * sorted runs. */
#include <string.h>

#include "core/lookup.h"

#define RUNS_MAX 256

/* Persons in no run that one search looks at; a name is folded, and once for each of its words. */
static const int newest_max[LOOKUP_KINDS] = {24576, 4096, 16384};

/* The best max ids so far, in order; a new one goes to its place or is dropped. */
struct best {
	int64_t *v;
	int n, max;
	bool desc;
};

static bool before(const struct best *b, int64_t x, int64_t y)
{
	return b->desc ? x > y : x < y;
}

static void offer(struct best *b, int64_t id)
{
	int i = b->n;

	while (i > 0 && before(b, id, b->v[i - 1]))
		i--;
	if (i == b->max || (i > 0 && b->v[i - 1] == id))
		return;
	if (b->n < b->max)
		b->n++;
	memmove(b->v + i + 1, b->v + i, (size_t)(b->n - i - 1) * sizeof(*b->v));
	b->v[i] = id;
}

/* The runs of a kind, and up to which person they go. Returns how many or < 0. */
static int read_runs(struct call *c, enum lookup_kind kind, int64_t *ret, int64_t *ret_upto)
{
	int n = 0, r;
	struct q q;

	*ret_upto = 0;
	q_start(&q, c->db, SQL_lookup_runs, &c->err);
	q_i64(&q, 1, kind);
	while ((r = q_step(&q)) == 1 && n < RUNS_MAX) {
		ret[n++] = q_col(&q, 0);
		*ret_upto = q_col(&q, 3);
	}
	q_end(&q);
	return r < 0 ? r : n;
}

/* Persons in no run, one by one: take returns whether it wants more. */
static int find_newest(struct call *c, const struct lookup_query *query, int64_t upto,
    bool (*take)(void *out, int64_t id), void *out)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_lookup_persons, &c->err);
	q_i64(&q, 1, upto);
	q_i64(&q, 2, INT64_MAX);
	q_i64(&q, 3, INT64_MAX);
	while ((r = q_step(&q)) == 1) {
		const char *text = q_text(&q, 1 + (int)query->kind);
		int64_t id = q_col(&q, 1);

		if (text && id > query->above && id < query->below &&
		    query->match(query->ctx, text) && !take(out, id))
			break;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

int lookup_usable(struct call *c, enum lookup_kind kind)
{
	int64_t runs[RUNS_MAX], upto, last = 0;
	struct q q;
	int r = read_runs(c, kind, runs, &upto);

	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_max_person, &c->err);
	r = q_step(&q);
	if (r == 1)
		last = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : last - upto <= newest_max[kind - LOOKUP_email];
}

static bool take_best(void *out, int64_t id)
{
	offer(out, id);
	return true;
}

static int find_run(struct call *c, const struct lookup_query *query, int64_t run, struct best *b)
{
	int64_t above = query->above, below = query->below;
	struct q q;
	int r;

	/* What comes behind all that are found already is of no use. */
	if (b->n == b->max && b->desc && b->v[b->n - 1] > above)
		above = b->v[b->n - 1];
	if (b->n == b->max && !b->desc && b->v[b->n - 1] < below)
		below = b->v[b->n - 1];
	q_start(&q, c->db, query->desc ? SQL_lookup_find_desc : SQL_lookup_find, &c->err);
	q_i64(&q, 1, query->kind);
	q_i64(&q, 2, run);
	q_i64(&q, 3, query->low);
	q_i64(&q, 4, above);
	q_i64(&q, 5, below);
	q_i64(&q, 6, b->max);
	while ((r = q_step(&q)) == 1)
		offer(b, q_col(&q, 0));
	q_end(&q);
	return r;
}

int lookup_find(struct call *c, const struct lookup_query *query, struct lookup_ids *ret)
{
	struct best best = {.v = ret->v, .max = ret->max, .desc = query->desc};
	int64_t runs[RUNS_MAX], upto;
	int n = read_runs(c, query->kind, runs, &upto);
	int r = n < 0 ? n : find_newest(c, query, upto, take_best, &best);

	for (int i = 0; r >= 0 && i < n; i++)
		r = find_run(c, query, runs[query->desc ? n - 1 - i : i], &best);
	ret->n = best.n;
	return r < 0 ? r : 0;
}

static bool take_all(void *out, int64_t id)
{
	struct lookup_ids *ids = out;

	if (ids->n < ids->max)
		ids->v[ids->n] = id;
	return ids->n++ < ids->max;
}

static int all_of_run(
    struct call *c, const struct lookup_query *query, int64_t run, struct lookup_ids *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_lookup_between, &c->err);
	q_i64(&q, 1, query->kind);
	q_i64(&q, 2, run);
	q_i64(&q, 3, query->low);
	q_i64(&q, 4, query->high);
	q_i64(&q, 5, query->above);
	q_i64(&q, 6, query->below);
	q_i64(&q, 7, ret->max - ret->n + 1);
	while ((r = q_step(&q)) == 1)
		take_all(ret, q_col(&q, 0));
	q_end(&q);
	return r;
}

int lookup_all(struct call *c, const struct lookup_query *query, struct lookup_ids *ret)
{
	int64_t runs[RUNS_MAX], upto;
	int n = read_runs(c, query->kind, runs, &upto), r = n < 0 ? n : 0;

	ret->n = 0;
	for (int i = 0; r >= 0 && i < n && ret->n <= ret->max; i++)
		r = all_of_run(c, query, runs[i], ret);
	if (r >= 0 && ret->n <= ret->max)
		r = find_newest(c, query, upto, take_all, ret);
	if (r < 0)
		return r;
	return ret->n <= ret->max;
}
