/* SPDX-License-Identifier: MIT */
/* What an undone batch must bring back or leave alone: what the writer remembers of prices, holds
 * and its housekeeping, and more holds that are over than one batch takes along. */
#include <stdlib.h>

#include "base/failpoint.h"
#include "tests/store/sell.h"
#include "tests/tap.h"

#define MINUTE (60 * USEC_PER_SEC)

static struct shop shop;
static struct shop_call k, other;
static int64_t minutes;

static void later(int n)
{
	minutes += n;
	clock_test_set(shop.clock, SELL_START + minutes * MINUTE);
}

struct act_in {
	uint64_t present;
	const char *idempotency_key;
	bool dry_run;
	const char *reason;
	const char *sql; /* what it writes; NULL: nothing */
	int fail;
	const char *field;
};

/* Writes, then fails or not. */
static int run_act(struct call *c, const void *p, void *out)
{
	const struct act_in *in = p;
	int r = in->sql ? db_exec(c->db, in->sql, &c->err) : 0;

	(void)out;
	if (r == 0 && in->sql)
		writer_catalogue_changed(c->writer);
	return r == 0 && in->fail ? err_set(&c->err, in->fail, in->field, "as it was asked") : r;
}

static const struct call_op op_act = {
    .name = "act", .run = run_act, .out_size = sizeof(struct mut_out), .mutates = true};

static int act(struct act_in in)
{
	return shop_run(&shop, &other, &op_act, &in);
}

static int sell(const char *category, int count, const char *email)
{
	struct order_create_in in = shop_order(&k, category, count);

	in.email = email;
	return shop_run(&shop, &k, &op_order_create, &in);
}

static int hold(const char *category, int count)
{
	struct hold_create_in in = shop_hold(&k, category, count);

	in.expires = "+1m";
	return shop_run(&shop, &k, &op_hold_create, &in);
}

static int64_t held(int quota)
{
	return shop_count(&shop, SQL_quota_left, quota, 1);
}

/* A price that was read in a batch which could not be kept is not the price. */
static void test_price(void)
{
	struct act_in in[2] = {{.sql = "update category set price = 1 where id = 1"},
	    {.fail = TIX_EUNAVAILABLE, .field = "disk"}};
	struct shop_call change = {0}, fail = {0};
	struct order_create_in order = shop_order(&k, "std", 1);
	struct call *calls[] = {&change.c, &k.c, &fail.c};

	shop_call(&shop, &change, &op_act, &in[0]);
	shop_call(&shop, &k, &op_order_create, &order);
	shop_call(&shop, &fail, &op_act, &in[1]);
	is_int(writer_batch(shop.w, calls, 3), TIX_EUNAVAILABLE, "a batch for which is no room");
	is_int(sell("std", 1, NULL), 0, "an order after it");
	is_int(k.out.order.total.amount, 4500, "costs what it did before");
	shop_done(&change);
	shop_done(&fail);
}

/* A hold whose end was undone ends with the next batch. */
static void test_end(void)
{
	is_int(hold("std", 2), 0, "a hold");
	later(2);
	is_int(act((struct act_in){
		   .sql = "update category set title = 'x' where id = 1", .fail = TIX_EINTERNAL}),
	    TIX_EINTERNAL, "a batch that swept it is undone");
	is_int(held(1), 2, "it is held again");
	is_int(act((struct act_in){0}), 0, "the next batch");
	is_int(held(1), 0, "ends it");
}

static int lots(int n)
{
	int good = 0;

	for (int i = 0; i < n; i++)
		good += hold("std", 1) == 0;
	return good;
}

/* More holds are over than a batch sweeps before its calls: those are as dead as the others. */
static void test_over(void)
{
	struct order_create_in in = {.pay = pay_kind_cash};
	struct hold_extend_in extend = {0};
	char code[64];

	is_int(lots(300), 300, "300 holds");
	snprintf(code, sizeof(code), "%s", k.out.hold.code);
	later(2);
	in.hold = extend.hold = code;
	is_int(shop_run(&shop, &k, &op_hold_extend, &extend), TIX_EWRONG_STATE,
	    "the last of them is not extended");
	is_int(held(1), 0, "and all come back before that is said");
	is_int(lots(300), 300, "300 more");
	snprintf(code, sizeof(code), "%s", k.out.hold.code);
	later(2);
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EWRONG_STATE,
	    "the last of them is not sold");
	is_int(lots(300), 300, "and 300 more");
	later(2);
	is_int(act((struct act_in){.fail = TIX_ELIMIT}), TIX_ELIMIT, "whatever is refused");
	is_int(held(1), 0, "is so after they came back");
}

/* A hold that cannot be given back is put off, and not half of it is given back. */
static void test_half(void)
{
	is_int(lots(256), 256, "holds that a batch takes along");
	is_int(hold("vip", 1), 0, "and one that draws on two quotas");
	db_exec(shop.w->db, "update quota set held = 0 where id = 2", &shop.err);
	later(2);
	is_int(sell("std", 5000, NULL), TIX_ELIMIT, "one of them counts too little");
	is_int(held(1), 1, "all others were given back");
	db_exec(shop.w->db, "update quota set held = 1 where id = 2", &shop.err);
	later(61);
	is_int(act((struct act_in){0}), 0, "repaired");
	while (writer_tend(shop.w) == 0)
		;
	ok(held(1) == 0 && held(2) == 0, "all are given back");
}

/* Somebody sets the machine's clock, by hours, while seats are held for a minute. */
static void test_clock(void)
{
	int64_t now = SELL_START + minutes * MINUTE;
	const char *first;

	is_int(hold("std", 3), 0, "a hold");
	clock_test_step(shop.clock, now + 180 * MINUTE);
	is_int(act((struct act_in){0}), 0, "the clock is set forward");
	is_int(held(1), 3, "what is held stays held");
	is_int(shop_audit(&shop, &other, &first), 0, "and the audit does not wonder");
	clock_test_step(shop.clock, now - 182 * MINUTE);
	clock_test_set(shop.clock, now - 180 * MINUTE);
	is_int(act((struct act_in){0}), 0, "the clock is set back");
	is_int(held(1), 0, "the hold ends when it should");
	is_int(hold("std", 1), 0, "a new one");
	ok(k.out.hold.expires == now - 179 * MINUTE, "follows the new clock, as nothing was held");
	clock_test_set(shop.clock, now - 178 * MINUTE);
	ok(writer_tend(shop.w) == 0 && held(1) == 0, "and ends in time");
	later(2);
}

static int runs(void)
{
	struct q q;
	int n = 0;

	q_start(&q, shop.w->db, SQL_lookup_runs, &shop.err);
	q_i64(&q, 1, LOOKUP_email);
	while (q_step(&q) == 1)
		n++;
	q_end(&q);
	return n;
}

/* Orders of an address. */
static int orders_of(const char *email)
{
	struct order_list_in in = {.email = email};

	return shop_run(&shop, &k, &op_order_list, &in) < 0 ? -1 : (int)k.out.orders.items.n;
}

static int found(int from, int to)
{
	char email[40];
	int n = 0;

	for (int i = from; i < to; i++) {
		snprintf(email, sizeof(email), "b%d@example.org", i);
		n += orders_of(email) == 1;
	}
	return n;
}

static void buyers(int from, int to)
{
	char email[40];

	for (int i = from; i < to; i++) {
		snprintf(email, sizeof(email), "b%d@example.org", i);
		if (sell("std", 1, email) < 0)
			ok(false, "an order");
	}
}

/* Dry runs undo nothing of the look-up index: else a client that asks often would starve it. */
static void test_dry_runs(void)
{
	int tended = 0;

	lookup_tune(shop.w->lookup, 20, 5);
	buyers(0, 50);
	for (; tended < 200 && runs() < 2; tended++) {
		act((struct act_in){
		    .sql = "update category set title = 'y' where id = 1", .dry_run = true});
		writer_tend(shop.w);
		writer_tend(shop.w);
	}
	is_int(runs(), 2, "the index grows while dry runs come and go");
	is_int(found(0, 50), 50, "everybody is found");
}

/* Runs without one address in them are merged too. */
static void test_nobody(void)
{
	lookup_tune(shop.w->lookup, 2, 500);
	for (int i = 0; i < 80; i++) {
		struct order_create_in in = shop_order(&k, "std", 1);

		in.name = "Ada";
		if (shop_run(&shop, &k, &op_order_create, &in) < 0)
			ok(false, "an order");
	}
	for (int i = 0; i < 500 && writer_tend(shop.w) == 0; i++)
		;
	ok(runs() < 40, "runs of persons without an address are merged: %d", runs());
	is_int(found(0, 50), 50, "the others are still found");
}

#ifdef TIX_FAILPOINTS
/* A slice that was undone is done again, at each step of a run's making. */
static void test_slices(void)
{
	int last = 50;

	lookup_tune(shop.w->lookup, 20, 5);
	for (int i = 1; i <= 16; i++, last += 20) {
		char setting[40];

		unsetenv("TIX_FAILPOINT");
		failpoint_reset();
		buyers(last, last + 20);
		snprintf(setting, sizeof(setting), "batch.written:%d:err", i);
		setenv("TIX_FAILPOINT", setting, 1);
		failpoint_reset();
		for (int n = 0; n < 40; n++)
			writer_tend(shop.w);
	}
	unsetenv("TIX_FAILPOINT");
	failpoint_reset();
	for (int i = 0; i < 500 && writer_tend(shop.w) == 0; i++)
		;
	is_int(found(0, last), last, "everybody is found after slices that failed");
}
#else
static void test_slices(void)
{
	skip("this build has no failpoints");
}
#endif

/* After a failed sync nobody knows what is kept: nothing is written any more. */
static void test_stopped(void)
{
	int64_t seq, again;
	uint8_t hash[32];

	writer_head(shop.w, &seq, hash);
	is_int(act((struct act_in){.fail = TIX_ESTOPPED, .field = "disk"}), TIX_ESTOPPED,
	    "a failure that stops");
	is_int(sell("std", 1, NULL), TIX_ESTOPPED, "nothing is sold after it");
	ok(writer_tend(shop.w) < 0, "nor swept");
	writer_head(shop.w, &again, hash);
	is_int(again, seq, "nothing was written");
	is_int(found(0, 50), 50, "reading goes on");
}

/* What an undone batch published is forgotten: its calls, run one by one, do not add to it. */
static void test_published(void)
{
	struct order_create_in in[2];
	struct act_in bad = {.sql = "update quota set size = size where id = 1",
	    .fail = TIX_EINTERNAL};
	struct shop_call two[2] = {0};
	struct call *calls[2] = {&two[0].c, &two[1].c};
	size_t alone;

	in[0] = shop_order(&two[0], "std", 1);
	shop_call(&shop, &two[0], &op_order_create, &in[0]);
	writer_batch(shop.w, calls, 1);
	is_int(two[0].c.result, 0, "a sale");
	alone = arena_used(shop.w->pub_arena);
	shop_done(&two[0]);
	in[0] = shop_order(&two[0], "std", 1);
	shop_call(&shop, &two[0], &op_order_create, &in[0]);
	shop_call(&shop, &two[1], &op_act, &bad);
	writer_batch(shop.w, calls, 2);
	is_int(two[0].c.result, 0, "a sale beside one that fails");
	is_int(two[1].c.result, TIX_EINTERNAL, "which fails");
	is_int(arena_used(shop.w->pub_arena), alone, "takes no more memory for its record");
	shop_done(&two[0]);
	shop_done(&two[1]);
}

int main(void)
{
	const char *first;

	temp_make();
	if (!ok(shop_open(&shop, "undo.db", true) == 0 && shop_stock(&shop, 2000, 10) == 0,
		"a shop"))
		return diag("%s", shop.err.message), done_testing();
	test_price();
	test_end();
	test_over();
	test_half();
	test_clock();
	test_dry_runs();
	test_nobody();
	test_slices();
	test_published();
	test_stopped();
	is_int(shop_audit(&shop, &k, &first), 0, "the audit is clean");
	if (*first)
		diag("%s", first);
	shop_done(&k);
	shop_done(&other);
	shop_free(&shop);
	return done_testing();
}
