/* SPDX-License-Identifier: MIT */
/* Orders and what hangs on them, merged by id: every table is read once, in its own order, without
 * an index. */
#include <stdlib.h>
#include <string.h>

#include "core/audit_law.h"
#include "core/rows.h"

#define ORDER_ROWS 1024

static const enum sql_id statements[WALK_KINDS] = {
    [WALK_LINE] = SQL_audit_lines,
    [WALK_TICKET] = SQL_audit_tickets,
    [WALK_PAYMENT] = SQL_audit_payments,
    [WALK_POSTING] = SQL_audit_postings,
    [WALK_REFUND] = SQL_audit_refunds,
};

/* A table being read: the row it stands on, and the rows of one order. */
struct cursor {
	struct q q;
	struct walk_row at;
	struct walk_row rows[ORDER_ROWS];
	int n;
	bool open, more;
};

struct walk {
	struct auditor *a;
	const struct walker *walkers;
	int nwalkers;
	struct walk_order *orders;
	struct cursor *cursors[WALK_KINDS];
};

static int step(struct cursor *cur)
{
	int r = q_step(&cur->q);

	cur->more = r == 1;
	if (r != 1)
		return r;
	cur->at.id = q_col(&cur->q, 0);
	for (int i = 0; i < 4; i++)
		cur->at.v[i] = q_col(&cur->q, i + 1);
	if (cur->q.id == SQL_audit_postings) {
		const char *currency = q_text(&cur->q, 5);

		memset(cur->at.currency, 0, sizeof(cur->at.currency));
		if (currency)
			strncpy(cur->at.currency, currency, sizeof(cur->at.currency) - 1);
	}
	return 0;
}

static int64_t first_row(int64_t order)
{
	int64_t row;

	return __builtin_mul_overflow(order, ORDER_ROWS, &row) ? INT64_MAX : row;
}

static int64_t last_row(int64_t order)
{
	int64_t row = first_row(order);

	return row > INT64_MAX - ORDER_ROWS ? INT64_MAX : row + ORDER_ROWS - 1;
}

/* The walker whose findings come next. */
static const struct audit_pass *turn(struct walk *k, int i)
{
	k->a->law = k->walkers[i].law;
	k->a->repair = k->walkers[i].repair;
	return k->walkers[i].pass;
}

static void tell_orphan(struct walk *k, enum walk_kind kind, const struct walk_row *row)
{
	for (int i = 0; i < k->nwalkers; i++) {
		const struct audit_pass *pass = turn(k, i);

		if (!(pass->kinds >> kind & 1))
			continue;
		k->a->law->checked++;
		if (pass->orphan)
			pass->orphan(k->a, k->walkers[i].ctx, kind, row);
	}
}

/* Rows of no order before the given id. */
static int skip_orphans(struct walk *k, enum walk_kind kind, int64_t before)
{
	struct cursor *cur = k->cursors[kind];
	int r = 0;

	while (r == 0 && cur->more && cur->at.id < before) {
		tell_orphan(k, kind, &cur->at);
		r = step(cur);
	}
	return r;
}

static int gather(struct walk *k, enum walk_kind kind, int64_t order)
{
	struct cursor *cur = k->cursors[kind];
	int64_t first = first_row(order);
	int r = skip_orphans(k, kind, first);

	cur->n = 0;
	while (r == 0 && cur->more && cur->at.id - first < ORDER_ROWS) {
		cur->rows[cur->n++] = cur->at;
		r = step(cur);
	}
	return r;
}

static int each_order(struct walk *k, const struct walk_order *order)
{
	struct walk_rows rows[WALK_KINDS] = {0};
	int r = 0;

	for (int i = 0; r == 0 && i < WALK_KINDS; i++) {
		if (!k->cursors[i])
			continue;
		r = gather(k, (enum walk_kind)i, order->id);
		rows[i] = (struct walk_rows){k->cursors[i]->rows, k->cursors[i]->n};
	}
	for (int i = 0; r == 0 && i < k->nwalkers; i++) {
		const struct audit_pass *pass = turn(k, i);

		k->a->law->checked++;
		for (int kind = 0; kind < WALK_KINDS; kind++)
			k->a->law->checked += pass->kinds >> kind & 1 ? rows[kind].n : 0;
		r = pass->order(k->a, k->walkers[i].ctx, order, rows);
	}
	return r;
}

/* The next orders after an id; how many. */
static int read_orders(struct walk *k, int64_t after, int max)
{
	struct q q;
	int n = 0, r;

	q_start(&q, k->a->c->db, SQL_audit_orders, &k->a->c->err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1 && n < max) {
		k->orders[n++] = (struct walk_order){
		    .id = q_col(&q, 0),
		    .event = q_col(&q, 1),
		    .state = q_col(&q, 2),
		    .tickets = q_col(&q, 3),
		    .total = q_col(&q, 4),
		    .pay = q_col(&q, 5),
		    .person = q_col(&q, 6),
		    .expires = q_col(&q, 7),
		    .captured = q_col(&q, 8),
		    .refunded = q_col(&q, 9),
		    .credited = q_col(&q, 10),
		    .word = q_col(&q, 11),
		};
	}
	q_end(&q);
	return r < 0 ? r : n;
}

static int open_cursors(struct walk *k, int64_t from, int64_t to)
{
	int r = 0;

	for (int i = 0; r == 0 && i < WALK_KINDS; i++) {
		struct cursor *cur = k->cursors[i];

		if (!cur)
			continue;
		q_start(&cur->q, k->a->c->db, statements[i], &k->a->c->err);
		q_i64(&cur->q, 1, from);
		q_i64(&cur->q, 2, to);
		cur->open = true;
		r = step(cur);
	}
	return r;
}

static void close_cursors(struct walk *k)
{
	for (int i = 0; i < WALK_KINDS; i++) {
		if (k->cursors[i] && k->cursors[i]->open) {
			q_end(&k->cursors[i]->q);
			k->cursors[i]->open = false;
		}
	}
}

/* n orders and every row from `from` to the last row of the last of them (or the end of the
 * tables). */
static int walk_slice(struct walk *k, int n, int64_t from, bool last)
{
	int64_t to = last ? INT64_MAX : last_row(k->orders[n - 1].id);
	int r = open_cursors(k, from, to);

	for (int i = 0; r == 0 && i < n; i++)
		r = each_order(k, &k->orders[i]);
	for (int i = 0; r == 0 && i < WALK_KINDS; i++) {
		if (k->cursors[i])
			r = skip_orphans(k, (enum walk_kind)i, INT64_MAX);
	}
	close_cursors(k);
	return r;
}

static int walk_all(struct walk *k)
{
	int64_t after = INT64_MIN, from = INT64_MIN;
	int max = audit_slice(k->a), n = 0, r;

	do {
		n = read_orders(k, after, max);
		if (n < 0)
			return n;
		r = walk_slice(k, n, from, n < max);
		if (r < 0)
			return r;
		if (n > 0) {
			after = k->orders[n - 1].id;
			from = last_row(after);
			from += from < INT64_MAX;
		}
		audit_pause(k->a);
	} while (n == max);
	return 0;
}

int audit_walk(struct auditor *a, const struct walker *walkers, int n)
{
	struct walk k = {.a = a, .walkers = walkers, .nwalkers = n};
	unsigned kinds = 0;
	bool failed = false;
	int r;

	for (int i = 0; i < n; i++)
		kinds |= walkers[i].pass->kinds;
	k.orders = calloc((size_t)audit_slice(a), sizeof(*k.orders));
	for (int i = 0; i < WALK_KINDS; i++) {
		if (!(kinds >> i & 1))
			continue;
		k.cursors[i] = calloc(1, sizeof(*k.cursors[i]));
		failed = failed || !k.cursors[i];
	}
	r = failed || !k.orders ? row_no_memory(a->c) : walk_all(&k);
	for (int i = 0; i < WALK_KINDS; i++)
		free(k.cursors[i]);
	free(k.orders);
	return r;
}
