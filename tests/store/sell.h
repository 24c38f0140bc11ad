/* SPDX-License-Identifier: MIT */
/* A store with something to sell, and calls on it as the daemon makes them. A test sets the clock
 * and sees the writer. */
#ifndef TESTS_STORE_SELL_H
#define TESTS_STORE_SELL_H

#include <sodium.h>

#include "core/audit.h"
#include "core/frame.h"
#include "core/hold.h"
#include "core/lookup.h"
#include "core/order.h"
#include "core/writer.h"
#include "core/writer_state.h"
#include "tests/store/temp.h"

#define SELL_START (INT64_C(1750000000) * USEC_PER_SEC)

struct shop {
	struct core core;
	struct clock *clock;
	struct writer *w;
	struct db *reader;
	struct err err;
};

static const struct principal shop_owner = {.id = 1, .name = "owner", .roles = ~0U};

__attribute__((unused)) static int shop_open(struct shop *s, const char *name, bool create)
{
	int r;

	if (!s->clock)
		s->clock = clock_test_new(SELL_START);
	s->core.clock = s->clock;
	s->core.hold_default = 600 * USEC_PER_SEC;
	s->core.bank_deadline = 7 * 86400 * USEC_PER_SEC;
	s->core.idem_keep = 7 * 86400 * USEC_PER_SEC;
	temp_url(s->core.store_url, name);
	r = writer_open(&s->core, create, &s->w, &s->err);
	if (r == 0)
		r = reader_open(&s->core, &s->reader, &s->err);
	return r;
}

__attribute__((unused)) static void shop_close(struct shop *s)
{
	db_close(s->reader);
	writer_free(s->w);
	s->reader = NULL;
	s->w = NULL;
}

__attribute__((unused)) static void shop_free(struct shop *s)
{
	shop_close(s);
	clock_test_free(s->clock);
	s->clock = NULL;
}

/* Event "gig" (EUR, published) with quotas hall and small, and categories: std (45.00) on hall, vip
 * (90.00) on hall and small, none on nothing; event "quiet" is a draft. */
__attribute__((unused)) static int shop_stock(struct shop *s, int hall, int small)
{
	char sql[2048];

	snprintf(sql, sizeof(sql),
	    "insert into event (id, organizer, slug, name, tags, status, start_at, zone, currency, "
	    "doc, created) values"
	    " (1, 1, 'gig', 'Gig', '[]', 2, 1800000000000000, 'UTC', 'EUR', '{}', 1),"
	    " (2, 1, 'quiet', 'Quiet', '[]', 1, 1800000000000000, 'UTC', 'EUR', '{}', 1);"
	    "insert into event_fts (rowid, words, place) values"
	    " (1800000000 * 33554432 + 1, 'gig', ''), (1800000000 * 33554432 + 2, 'quiet', '');"
	    "insert into quota (id, event, name, size, overbook, blocked, held, sold, created) "
	    "values"
	    " (1, 1, 'hall', %d, 0, 0, 0, 0, 1), (2, 1, 'small', %d, 0, 0, 0, 0, 1);"
	    "insert into category (id, event, name, price, position, min_count, hidden, created) "
	    "values"
	    " (1, 1, 'std', 4500, 0, 1, 0, 1), (2, 1, 'vip', 9000, 1, 1, 0, 1), (3, 1, 'none', 1, "
	    "2, 1, 0, 1),"
	    " (4, 2, 'std', 100, 0, 1, 0, 1);"
	    "insert into quota_category (category, quota) values (1, 1), (2, 1), (2, 2)",
	    hall, small);
	return db_exec(s->w->db, sql, &s->err);
}

#define SHOP_OP(id, IN, OUT, RELOAD)                                                               \
	__attribute__((unused)) static int run_##id(struct call *c, const void *in, void *out)     \
	{                                                                                          \
		return id(c, in, out);                                                             \
	}                                                                                          \
	__attribute__((unused)) static const struct call_op op_##id = {                            \
	    .name = #id, .run = run_##id, .reload = RELOAD, .out_size = sizeof(struct OUT)}

__attribute__((unused)) static int reload_order(struct call *c, int64_t subject, void *out)
{
	return order_load(c, subject, out);
}

__attribute__((unused)) static int reload_hold(struct call *c, int64_t subject, void *out)
{
	return hold_load(c, subject, out);
}

SHOP_OP(order_show, order_in, order, NULL);
SHOP_OP(order_list, order_list_in, order_page, NULL);
SHOP_OP(hold_show, hold_in, hold, NULL);
SHOP_OP(hold_list, hold_list_in, hold_page, NULL);
SHOP_OP(journal_list, journal_list_in, journal_page, NULL);
SHOP_OP(audit_run, audit_run_in, audit, NULL);

#undef SHOP_OP
#define SHOP_OP(id, RELOAD, OUT)                                                                   \
	__attribute__((unused)) static int run_##id(struct call *c, const void *in, void *out)     \
	{                                                                                          \
		return id(c, in, out);                                                             \
	}                                                                                          \
	__attribute__((unused)) static const struct call_op op_##id = {.name = #id,                \
	    .run = run_##id,                                                                       \
	    .reload = RELOAD,                                                                      \
	    .out_size = sizeof(struct OUT),                                                        \
	    .mutates = true}

SHOP_OP(order_create, reload_order, order);
SHOP_OP(hold_create, reload_hold, hold);
SHOP_OP(hold_extend, reload_hold, hold);
SHOP_OP(hold_release, reload_hold, hold);

/* One call with its memory and room for any reply. */
struct shop_call {
	struct call c;
	union {
		struct order order;
		struct order_page orders;
		struct hold hold;
		struct hold_page holds;
		struct journal_page journal;
		struct audit audit;
	} out;
	struct line_in line[4];
};

__attribute__((unused)) static void shop_call(
    struct shop *s, struct shop_call *k, const struct call_op *op, const void *in)
{
	const struct mut_in *mut = in;

	if (!k->c.arena)
		k->c.arena = arena_new(1 << 22);
	arena_reset(k->c.arena);
	k->c.core = &s->core;
	k->c.op = op;
	k->c.in = in;
	k->c.out = &k->out;
	if (!k->c.who)
		k->c.who = &shop_owner;
	memset(k->c.params, 0, sizeof(k->c.params));
	if (op->mutates && mut->idempotency_key)
		k->c.params[0] = (uint8_t)op->name[0];
}

/* Runs one call: a write as a batch of its own, a read on the reader. */
__attribute__((unused)) static int shop_run(
    struct shop *s, struct shop_call *k, const struct call_op *op, const void *in)
{
	struct call *calls[1] = {&k->c};

	shop_call(s, k, op, in);
	if (op->mutates) {
		writer_batch(s->w, calls, 1);
	} else {
		k->c.db = s->reader;
		reader_run(&k->c);
	}
	return k->c.result;
}

__attribute__((unused)) static void shop_done(struct shop_call *k)
{
	arena_free(k->c.arena);
	*k = (struct shop_call){0};
}

/* Parameters of a sale of count tickets of a category; the line lies in k. */
__attribute__((unused)) static struct order_create_in shop_order(
    struct shop_call *k, const char *category, int count)
{
	k->line[0] = (struct line_in){.category = category, .count = count};
	return (struct order_create_in){.event = "gig", .line = {k->line, 1}, .pay = pay_kind_cash};
}

__attribute__((unused)) static struct hold_create_in shop_hold(
    struct shop_call *k, const char *category, int count)
{
	k->line[0] = (struct line_in){.category = category, .count = count};
	return (struct hold_create_in){.event = "gig", .line = {k->line, 1}};
}

/* One number from the store. */
__attribute__((unused)) static int64_t shop_count(
    struct shop *s, enum sql_id sql, int64_t value, int column)
{
	int64_t n = -1;
	struct q q;

	q_start(&q, s->w->db, sql, &s->err);
	q_i64(&q, 1, value);
	if (q_step(&q) == 1)
		n = q_col(&q, column);
	q_end(&q);
	return n;
}

/* How many findings the audit has, -1 when it could not run; *ret_first says what the first is. */
__attribute__((unused)) static int shop_audit(
    struct shop *s, struct shop_call *k, const char **ret_first)
{
	struct audit_run_in in = {0};

	int r = shop_run(s, k, &op_audit_run, &in);

	*ret_first = "";
	db_deadline(s->reader, s->clock, 0, NULL); /* as the daemon does after each call */
	if (r < 0) {
		*ret_first = k->c.err.message;
		return -1;
	}
	if (k->out.audit.findings.n > 0)
		*ret_first = ((struct audit_finding *)k->out.audit.findings.v)[0].message;
	return (int)k->out.audit.findings.n;
}

#endif
