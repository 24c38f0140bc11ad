/* SPDX-License-Identifier: MIT */
/* The laws of what is beside the orders: keys of calls, persons, codes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit_law.h"
#include "core/rows.h"

#define ORDER_ROWS 1024
#define KEY_MAX 200
#define CODES_ALL                                                                                  \
	20000 /* up to so many orders every code is made and read back, then one in SAMPLE */
#define SAMPLE 61

/* A key as people know it: 16 bytes are a UUID, others are the text itself. */
static void key_text(const uint8_t *key, size_t len, char *out, size_t size)
{
	if (len == 16 && size >= UUID_SIZE)
		uuid_format(key, out);
	else
		snprintf(out, size, "%.*s", (int)len, (const char *)key);
}

struct key_slice {
	int64_t principal;
	uint8_t key[KEY_MAX];
	size_t len;
};

static int read_keys(struct auditor *a, struct key_slice *at, int max)
{
	struct key_slice next = *at;
	char subject[KEY_MAX + 1];
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_keys, &a->c->err);
	q_i64(&q, 1, at->principal);
	q_mem(&q, 2, at->key, at->len);
	q_i64(&q, 3, max);
	while ((r = q_step(&q)) == 1) {
		const uint8_t *key = q_blob(&q, 1, &next.len);

		next.principal = q_col(&q, 0);
		next.len = next.len < KEY_MAX ? next.len : KEY_MAX;
		if (key)
			memcpy(next.key, key, next.len);
		n++;
		if (!q_isnull(&q, 3))
			continue;
		key_text(next.key, next.len, subject, sizeof(subject));
		audit_find(a, audit_severity_broken, subject,
		    "its record %lld is not in the journal", (long long)q_col(&q, 2));
	}
	q_end(&q);
	*at = next;
	a->law->checked += n;
	return r < 0 ? r : n;
}

int law_keys(struct auditor *a)
{
	struct key_slice at = {.principal = INT64_MIN};
	int max = audit_slice(a), n;

	do {
		n = read_keys(a, &at, max);
		audit_pause(a);
	} while (n == max);
	return n < 0 ? n : 0;
}

/* Orders and the person that each names: that row is there and names the order. */
static int order_persons(struct auditor *a, int64_t *after, int max)
{
	char code[32];
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_order_persons, &a->c->err);
	q_i64(&q, 1, *after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		n++;
		*after = q_col(&q, 0);
		if (q_isnull(&q, 1))
			continue;
		if (q_isnull(&q, 2))
			audit_find(a, audit_severity_broken, audit_order(a, *after, code),
			    "its buyer, person %lld, is not there", (long long)q_col(&q, 1));
		else if (q_col(&q, 2) != *after)
			audit_find(a, audit_severity_broken, audit_order(a, *after, code),
			    "its buyer is that of another order");
	}
	q_end(&q);
	a->law->checked += n;
	return r < 0 ? r : n;
}

/* Persons and the order that each belongs to. */
static int persons(struct auditor *a, int64_t *after, int max)
{
	char subject[40];
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_persons, &a->c->err);
	q_i64(&q, 1, *after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		n++;
		*after = q_col(&q, 0);
		snprintf(subject, sizeof(subject), "person/%lld", (long long)*after);
		if (q_col(&q, 3))
			audit_find(a, audit_severity_broken, subject,
			    "it was erased, but something is kept of it");
		if (!q_isnull(&q, 2) && q_col(&q, 2) == *after)
			continue;
		audit_find(a, audit_severity_broken, subject, "no order names it as its buyer");
	}
	q_end(&q);
	a->law->checked += n;
	return r < 0 ? r : n;
}

static int in_slices(struct auditor *a, int (*slice)(struct auditor *a, int64_t *after, int max))
{
	int64_t after = INT64_MIN;
	int max = audit_slice(a), n;

	do {
		n = slice(a, &after, max);
		audit_pause(a);
	} while (n == max);
	return n < 0 ? n : 0;
}

/* Orders that name a person. */
static int count_buyers(struct auditor *a, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_buyers, &a->c->err);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

/* Each person found good belongs to an order of its own: as many of them as orders that name one,
 * and the orders need not be looked at one by one. */
int law_persons(struct auditor *a)
{
	int64_t buyers = 0, before = a->law->findings, good;
	int r = in_slices(a, persons);

	good = a->law->checked - (a->law->findings - before);
	if (r == 0)
		r = count_buyers(a, &buyers);
	if (r == 0 && buyers != good)
		r = in_slices(a, order_persons);
	else
		a->law->checked += buyers;
	return r;
}

static void check_code(struct auditor *a, const struct walk_order *o)
{
	char code[ORDER_CODE_SIZE], subject[32];
	int64_t id;

	if (order_code_encode(&a->c->core->keys, o->id, code) == 0 &&
	    order_code_decode(&a->c->core->keys, code, &id, NULL) == 0 && id == o->id)
		return;
	audit_find(a, audit_severity_broken, audit_order(a, o->id, subject),
	    "no code stands for order %lld", (long long)o->id);
}

static void check_ticket_code(struct auditor *a, const struct walk_row *t, bool fully)
{
	char code[TICKET_CODE_SIZE], order[32], subject[48];
	int64_t generation_kept = t->v[2];
	unsigned generation;
	uint64_t id;

	if (generation_kept >= 0 && generation_kept <= (int64_t)TICKET_GENERATION_MAX &&
	    t->id > 0 && (uint64_t)t->id <= TICKET_ID_MAX && t->id % ORDER_ROWS != 0) {
		if (!fully)
			return;
		if (ticket_code_encode(
			&a->c->core->keys, (uint64_t)t->id, (unsigned)generation_kept, code) == 0 &&
		    ticket_code_decode(&a->c->core->keys, code, &id, &generation) == 0 &&
		    id == (uint64_t)t->id && generation == (unsigned)generation_kept)
			return;
	}
	snprintf(subject, sizeof(subject), "%s/%lld", audit_order(a, t->id / ORDER_ROWS, order),
	    (long long)(t->id % ORDER_ROWS));
	audit_find(a, audit_severity_broken, subject,
	    "no code stands for this ticket, generation %lld", (long long)generation_kept);
}

static int check_codes(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *tickets = &rows[WALK_TICKET];
	int64_t *seen = ctx;
	bool fully = (*seen)++ < CODES_ALL || o->id % SAMPLE == 0;

	if (fully || o->id < 0 || o->id > ORDER_ID_MAX)
		check_code(a, o);
	for (int i = 0; i < tickets->n; i++)
		check_ticket_code(a, &tickets->v[i], fully);
	return 0;
}

/* Old codes: each finds an order that was imported, and is the code of no other. */
static int aliases(struct auditor *a, int64_t *after, int max)
{
	char code[32], order[32];
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_aliases, &a->c->err);
	q_i64(&q, 1, *after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		n++;
		*after = q_col(&q, 0);
		audit_order(a, *after, code);
		if (q_isnull(&q, 2))
			audit_find(a, audit_severity_broken, code,
			    "an old code of %s, which was not imported",
			    audit_order(a, q_col(&q, 1), order));
		if (!q_isnull(&q, 3))
			audit_find(a, audit_severity_broken, code,
			    "an old code of %s and the code of an order here",
			    audit_order(a, q_col(&q, 1), order));
	}
	q_end(&q);
	a->law->checked += n;
	return r < 0 ? r : n;
}

static int imported(struct auditor *a, int64_t *after, int max)
{
	char code[32];
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_imported, &a->c->err);
	q_i64(&q, 1, *after);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		n++;
		*after = q_col(&q, 0);
		audit_order(a, *after, code);
		if (q_isnull(&q, 1))
			audit_find(a, audit_severity_broken, code,
			    "imported, but there is no such order");
		if (q_isnull(&q, 2))
			audit_find(a, audit_severity_broken, code,
			    "imported, but no old code finds it");
	}
	q_end(&q);
	a->law->checked += n;
	return r < 0 ? r : n;
}

static int end_codes(struct auditor *a, void *ctx)
{
	int r = in_slices(a, aliases);

	(void)ctx;
	return r < 0 ? r : in_slices(a, imported);
}

static int begin_codes(struct auditor *a, void **ret_ctx)
{
	*ret_ctx = calloc(1, sizeof(int64_t));
	return *ret_ctx ? 0 : row_no_memory(a->c);
}

const struct audit_pass pass_codes = {
    .kinds = 1 << WALK_TICKET,
    .begin = begin_codes,
    .order = check_codes,
    .end = end_codes,
    .done = free,
};
