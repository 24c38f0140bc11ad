/* SPDX-License-Identifier: MIT */
/* Searching the look-up index from any handle: the newest persons in their rows, the others in the
 * sorted runs. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/lookup_state.h"

#define RUNS_MAX 256

bool lookup_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a | 0x20) : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b | 0x20) : *b;

		if (x != y)
			return false;
		if (x == '\0')
			return true;
	}
}

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

static int find_newest(
    struct call *c, const struct lookup_query *query, int64_t upto, struct best *b)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_lookup_persons, &c->err);
	q_i64(&q, 1, upto);
	q_i64(&q, 2, INT64_MAX);
	q_i64(&q, 3, INT64_MAX);
	while ((r = q_step(&q)) == 1) {
		const char *text = q_text(&q, 2);
		int64_t id = q_col(&q, 1);

		if (text && id > query->above && id < query->below &&
		    lookup_same(text, query->text))
			offer(b, id);
	}
	q_end(&q);
	return r;
}

static int find_run(
    struct call *c, const struct lookup_query *query, int64_t run, int64_t hash, struct best *b)
{
	struct q q;
	int r;

	q_start(&q, c->db, query->desc ? SQL_lookup_find_desc : SQL_lookup_find, &c->err);
	q_i64(&q, 1, query->kind);
	q_i64(&q, 2, run);
	q_i64(&q, 3, hash);
	q_i64(&q, 4, query->above);
	q_i64(&q, 5, query->below);
	q_i64(&q, 6, query->max);
	while ((r = q_step(&q)) == 1)
		offer(b, q_col(&q, 0));
	q_end(&q);
	return r;
}

int lookup_find(struct call *c, const struct lookup_query *query, int64_t *ret)
{
	struct best best = {.v = ret, .max = query->max, .desc = query->desc};
	int64_t runs[RUNS_MAX], hash = lookup_hash(query->text), upto = 0;
	int n = 0, r;
	struct q q;

	q_start(&q, c->db, SQL_lookup_runs, &c->err);
	q_i64(&q, 1, query->kind);
	while ((r = q_step(&q)) == 1 && n < RUNS_MAX) {
		runs[n++] = q_col(&q, 0);
		upto = q_col(&q, 3);
	}
	q_end(&q);
	if (r == 0)
		r = find_newest(c, query, upto, &best);
	for (int i = 0; r >= 0 && i < n; i++)
		r = find_run(c, query, runs[i], hash, &best);
	return r < 0 ? r : best.n;
}
