/* SPDX-License-Identifier: MIT */
/* The laws of stock: counters of quotas against tickets and holds, and holds that should be gone.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "core/audit_law.h"
#include "core/rows.h"

#define GRACE (2 * USEC_PER_SEC) /* a hold may outlive its time by this */

struct count {
	int64_t category, held, sold;
};

struct recount {
	struct count *v;
	size_t n, last;
};

static int load(struct auditor *a, struct recount *rc)
{
	size_t cap = 0;
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_categories, &a->c->err);
	while ((r = q_step(&q)) == 1) {
		if (rc->n == cap) {
			struct count *more =
			    reallocarray(rc->v, cap ? 2 * cap : 256, sizeof(*more));

			if (!more) {
				r = row_no_memory(a->c);
				break;
			}
			cap = cap ? 2 * cap : 256;
			rc->v = more;
		}
		rc->v[rc->n++] = (struct count){q_col(&q, 0), 0, 0};
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* The count of a category, NULL for one that does not exist. Neighbours are mostly of the same one.
 */
static struct count *count_of(struct recount *rc, int64_t category)
{
	size_t low = 0, high = rc->n;

	if (rc->last < rc->n && rc->v[rc->last].category == category)
		return &rc->v[rc->last];
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rc->v[mid].category < category)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == rc->n || rc->v[low].category != category)
		return NULL;
	rc->last = low;
	return &rc->v[low];
}

static int count_order(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *lines = &rows[WALK_LINE], *tickets = &rows[WALK_TICKET];
	struct recount *rc = ctx;
	bool held = o->state == order_state_held || o->state == order_state_pending;
	struct count *count;

	(void)a;
	for (int i = 0; held && i < lines->n; i++) {
		count = count_of(rc, lines->v[i].v[0]);
		if (count)
			count->held += lines->v[i].v[1];
	}
	for (int i = 0; o->state == order_state_paid && i < tickets->n; i++) {
		int64_t state = tickets->v[i].v[3];

		count = state == ticket_state_valid || state == ticket_state_used
			    ? count_of(rc, tickets->v[i].v[0])
			    : NULL;
		if (count)
			count->sold++;
	}
	return 0;
}

static int expected(
    struct auditor *a, struct recount *rc, int64_t quota, int64_t *ret_held, int64_t *ret_sold)
{
	struct q q;
	int r;

	*ret_held = *ret_sold = 0;
	q_start(&q, a->c->db, SQL_audit_links, &a->c->err);
	q_i64(&q, 1, quota);
	while ((r = q_step(&q)) == 1) {
		const struct count *count = count_of(rc, q_col(&q, 0));

		*ret_held += count ? count->held : 0;
		*ret_sold += count ? count->sold : 0;
	}
	q_end(&q);
	return r;
}

static void compare(struct auditor *a, struct q *q, int64_t held, int64_t sold)
{
	int64_t size = q_col(q, 3), overbook = q_col(q, 4), blocked = q_col(q, 5);
	int64_t has_held = q_col(q, 6), has_sold = q_col(q, 7);
	char subject[220];

	snprintf(
	    subject, sizeof(subject), "%s/%s", q_text(q, 1) ? q_text(q, 1) : "?", q_text(q, 2));
	if (has_sold != sold)
		audit_find(a, audit_severity_broken, subject, "sold is %lld, its tickets are %lld",
		    (long long)has_sold, (long long)sold);
	if (has_held != held)
		audit_find(a, audit_severity_broken, subject, "held is %lld, its holds are %lld",
		    (long long)has_held, (long long)held);
	if (blocked != q_col(q, 8))
		audit_find(a, audit_severity_broken, subject,
		    "blocked is %lld, its blocks are %lld", (long long)blocked,
		    (long long)q_col(q, 8));
	if (held + sold + blocked > size + overbook ||
	    has_held + has_sold + blocked > size + overbook)
		audit_find(a, audit_severity_broken, subject,
		    "oversold: %lld held, %lld sold and %lld blocked of %lld and %lld overbooked",
		    (long long)held, (long long)sold, (long long)blocked, (long long)size,
		    (long long)overbook);
}

static int compare_quotas(struct auditor *a, struct recount *rc)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_quotas, &a->c->err);
	while ((r = q_step(&q)) == 1) {
		int64_t held, sold;

		r = expected(a, rc, q_col(&q, 0), &held, &sold);
		if (r < 0)
			break;
		compare(a, &q, held, sold);
		a->law->checked++;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

static int begin_stock(struct auditor *a, void **ret_ctx)
{
	struct recount *rc = calloc(1, sizeof(*rc));

	*ret_ctx = rc;
	return rc ? load(a, rc) : row_no_memory(a->c);
}

static int end_stock(struct auditor *a, void *ctx)
{
	return compare_quotas(a, ctx);
}

static void done_stock(void *ctx)
{
	struct recount *rc = ctx;

	if (rc)
		free(rc->v);
	free(rc);
}

const struct audit_pass pass_stock = {
    .kinds = 1 << WALK_LINE | 1 << WALK_TICKET,
    .begin = begin_stock,
    .order = count_order,
    .end = end_stock,
    .done = done_stock,
};

int law_holds(struct auditor *a)
{
	char code[32], text[WHEN_TEXT_MAX];
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_overdue, &a->c->err);
	q_i64(&q, 1, clock_now(a->c->core->clock) + atomic_load(&a->c->core->step) - GRACE);
	while ((r = q_step(&q)) == 1) {
		if (q_isnull(&q, 1))
			audit_find(a, audit_severity_broken, audit_order(a, q_col(&q, 0), code),
			    "held without an end");
		else
			audit_find(a, audit_severity_broken, audit_order(a, q_col(&q, 0), code),
			    "held, but over since %s",
			    when_rfc3339(q_col(&q, 1), text, sizeof(text)));
	}
	q_end(&q);
	if (r < 0)
		return r;
	q_start(&q, a->c->db, SQL_audit_held_tickets, &a->c->err);
	while ((r = q_step(&q)) == 1) {
		a->law->checked++;
		if (q_col(&q, 1) > 0)
			audit_find(a, audit_severity_broken, audit_order(a, q_col(&q, 0), code),
			    "held, but it has %lld tickets", (long long)q_col(&q, 1));
	}
	q_end(&q);
	return r;
}
