/* SPDX-License-Identifier: MIT */
/* Holds and orders: rows, money, counters exact to the last seat, expiry by the clock, refusals
 * that write nothing. */
#include "tests/store/sell.h"
#include "tests/tap.h"

static struct shop shop;
static struct shop_call k;

static int64_t fact(const char *key)
{
	for (int i = 0; i < k.c.err.nfacts; i++) {
		if (strcmp(k.c.err.facts[i].key, key) == 0)
			return k.c.err.facts[i].value;
	}
	return -1;
}

/* left = size + overbook - blocked - held - sold, as the store has it. */
static void stock_is(int quota, int64_t left, int64_t held, const char *what)
{
	int64_t l = shop_count(&shop, SQL_quota_left, quota, 0),
		h = shop_count(&shop, SQL_quota_left, quota, 1);

	if (!ok(l == left && h == held, "%s", what))
		diag("left %lld held %lld", (long long)l, (long long)h);
}

static int sell(const char *category, int count)
{
	struct order_create_in in = shop_order(&k, category, count);

	return shop_run(&shop, &k, &op_order_create, &in);
}

static int hold(const char *category, int count, const char *expires)
{
	struct hold_create_in in = shop_hold(&k, category, count);

	in.expires = expires;
	return shop_run(&shop, &k, &op_hold_create, &in);
}

static int sell_hold(const char *code, int pay)
{
	struct order_create_in in = {.hold = code, .pay = pay, .email = "Late@Example.org"};

	return shop_run(&shop, &k, &op_order_create, &in);
}

static int show(const char *code)
{
	struct order_in in = {.code = code};

	return shop_run(&shop, &k, &op_order_show, &in);
}

static void keep(char ret[64], const char *code)
{
	snprintf(ret, 64, "%s", code);
}

static void test_direct(void)
{
	struct order_create_in in = shop_order(&k, "std", 2);
	struct order *o = &k.out.order;
	struct ticket *t;
	char code[64], ticket[64], sub[80];
	int64_t id = 0;

	k.line[1] = (struct line_in){.category = "vip", .count = 1};
	in.line.n = 2;
	in.name = "Ada";
	in.email = "ada@example.org";
	in.note = "aisle";
	is_int(shop_run(&shop, &k, &op_order_create, &in), 0, "an order of two categories");
	t = o->tickets.v;
	ok(o->total.amount == 18000 && strcmp(o->total.currency, "EUR") == 0, "has its total");
	ok(o->paid.amount == 18000 && o->balance.amount == 0 && o->state == order_state_paid,
	    "and is paid");
	ok(o->tickets.n == 3 && t[2].n == 3 && strcmp(t[2].category, "vip") == 0 &&
		t[2].price.amount == 9000,
	    "three tickets");
	is_str(o->channel, "box-office", "at the box office");
	ok(o->seq > 0 && (o->present & 1), "with a number of the journal");
	stock_is(1, 7, 0, "the hall has three fewer");
	stock_is(2, 1, 0, "the small quota one");
	keep(code, o->code);
	keep(ticket, t[1].code);
	order_code_decode(&shop.core.keys, code, &id, NULL);
	is_int(shop_count(&shop, SQL_order_paid, id * ORDER_ROWS, 0), 0, "sum of nothing is 0");
	is_int(show(code), 0, "shown by its code");
	ok(o->buyer && strcmp(o->buyer->email, "ada@example.org") == 0 &&
		strcmp(o->note, "aisle") == 0,
	    "with its buyer");
	ok(o->payments.n == 1 && ((struct payment *)o->payments.v)[0].amount.amount == 18000,
	    "and its payment");
	is_int(show(ticket), 0, "shown by a ticket");
	is_str(o->code, code, "it is the same");
	snprintf(sub, sizeof(sub), "%s/3", code);
	is_int(show(sub), 0, "shown by CODE/3");
	snprintf(sub, sizeof(sub), "%s/4", code);
	is_int(show(sub), TIX_ENOT_FOUND, "there is no fourth ticket");
	db_exec(shop.w->db, "update ticket set generation = 1 where id % 1024 = 2", &shop.err);
	is_int(show(ticket), TIX_ENOT_FOUND, "a code that was replaced is not found");
	db_exec(shop.w->db, "update ticket set generation = 0", &shop.err);
	ticket[5] = ticket[5] == '7' ? '8' : '7';
	ok(show(ticket) == TIX_ENOT_FOUND, "a forged ticket is not found");
	is_int(show("nonsense!"), TIX_EBAD_VALUE, "nonsense is no code");
}

static void test_replay(void)
{
	struct order_create_in in = shop_order(&k, "std", 1);
	char code[64];

	in.idempotency_key = "sell-1";
	is_int(shop_run(&shop, &k, &op_order_create, &in), 0, "an order with a key");
	keep(code, k.out.order.code);
	is_int(shop_run(&shop, &k, &op_order_create, &in), 0, "again");
	ok(k.out.order.replayed && strcmp(k.out.order.code, code) == 0, "is shown again");
	ok(k.out.order.tickets.n == 1 && k.out.order.total.amount == 4500, "whole");
	stock_is(1, 6, 0, "and sold once");
}

static void test_comp(void)
{
	struct order_create_in in = shop_order(&k, "std", 1);
	struct order *o = &k.out.order;

	in.pay = pay_kind_comp;
	is_int(shop_run(&shop, &k, &op_order_create, &in), 0, "a complimentary order");
	ok(o->total.amount == 0 && ((struct ticket *)o->tickets.v)[0].price.amount == 0,
	    "costs nothing");
	is_int(show(o->code), 0, "shown");
	ok(o->payments.n == 0 && o->pay == pay_kind_comp && !o->buyer, "without payment or buyer");
	stock_is(1, 5, 0, "but takes its seat");
}

static void test_refused(void)
{
	struct order_create_in in = shop_order(&k, "std", 6);
	int64_t head, after;
	uint8_t hash[32];

	writer_head(shop.w, &head, hash);
	is_int(
	    shop_run(&shop, &k, &op_order_create, &in), TIX_ESOLD_OUT, "six of five are not sold");
	is_int(fact("left"), 5, "five are left");
	is_int(sell("vip", 2), TIX_ESOLD_OUT, "the smallest quota counts");
	is_int(fact("left"), 1, "and says so");
	is_int(sell("none", 1), TIX_ESOLD_OUT, "a category without quota is not sold");
	is_int(fact("left"), 0, "nothing of it is left");
	is_int(sell("absent", 1), TIX_ENOT_FOUND, "an absent category is not found");
	in = shop_order(&k, "std", 1);
	in.event = "absent";
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_ENOT_FOUND, "nor an absent event");
	is_str(k.c.err.field, "event", "by its field");
	in.event = "quiet";
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EWRONG_STATE, "a draft is not sold");
	ok(strstr(k.c.err.message, "draft") != NULL, "the state is named");
	in.event = NULL;
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EMISSING,
	    "an event or a hold is needed");
	in = shop_order(&k, "std", 1);
	in.line.n = 0;
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EMISSING, "and a line");
	in = shop_order(&k, "std", 1);
	k.line[1] = k.line[0];
	in.line.n = 2;
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EBAD_VALUE,
	    "a category twice is refused");
	is_int(sell("std", 1001), TIX_ELIMIT, "more than 1000 tickets too");
	writer_head(shop.w, &after, hash);
	is_int(after, head, "refusals write nothing");
	stock_is(1, 5, 0, "and take nothing");
}

static void test_bounds(void)
{
	db_exec(
	    shop.w->db, "update category set min_count = 2, max_count = 3 where id = 1", &shop.err);
	writer_catalogue_changed(shop.w);
	is_int(sell("std", 1), TIX_ELIMIT, "fewer than the least");
	is_int(fact("min"), 2, "which is named");
	is_int(sell("std", 4), TIX_ELIMIT, "more than the most");
	is_int(fact("max"), 3, "which is named");
	db_exec(shop.w->db,
	    "update category set min_count = 1, max_count = null, sale_from = 1750000060000000, "
	    "sale_to = 1750000120000000 where id = 1",
	    &shop.err);
	writer_catalogue_changed(shop.w);
	is_int(sell("std", 1), TIX_EWRONG_STATE, "before the sale");
	clock_test_set(shop.clock, SELL_START + 60 * USEC_PER_SEC);
	is_int(sell("std", 1), 0, "in it");
	clock_test_set(shop.clock, SELL_START + 120 * USEC_PER_SEC);
	is_int(sell("std", 1), TIX_EWRONG_STATE, "at its end");
	db_exec(shop.w->db, "update category set sale_from = null, sale_to = null where id = 1",
	    &shop.err);
	writer_catalogue_changed(shop.w);
	stock_is(1, 4, 0, "four are left");
}

static void test_hold(void)
{
	struct hold_extend_in extend = {0};
	struct hold_act_in act = {0};
	struct order *o = &k.out.order;
	char code[64];

	is_int(hold("vip", 1, NULL), 0, "a hold");
	keep(code, k.out.hold.code);
	ok(k.out.hold.expires == SELL_START + 720 * USEC_PER_SEC, "ends in ten minutes");
	stock_is(1, 3, 1, "its seat is held in one quota");
	stock_is(2, 0, 1, "and in the other");
	is_int(sell("vip", 1), TIX_ESOLD_OUT, "nobody else gets it");
	ok(strstr(k.c.err.hint, "1 are held") != NULL, "the hint: %s", k.c.err.hint);
	db_exec(shop.w->db, "update category set price = 99999 where id = 2", &shop.err);
	writer_catalogue_changed(shop.w);
	extend.hold = code;
	extend.expires = "+20m";
	is_int(shop_run(&shop, &k, &op_hold_extend, &extend), 0, "is extended");
	ok(k.out.hold.expires == SELL_START + 1320 * USEC_PER_SEC, "to twenty");
	extend.expires = "+5m";
	is_int(shop_run(&shop, &k, &op_hold_extend, &extend), TIX_EBAD_VALUE, "not shortened");
	is_int(sell_hold(code, pay_kind_cash), 0, "is sold");
	ok(strcmp(o->code, code) == 0 && o->total.amount == 9000, "with its code and its price");
	stock_is(1, 3, 0, "and held no more");
	stock_is(2, 0, 0, "in neither");
	is_int(sell_hold(code, pay_kind_cash), TIX_EWRONG_STATE, "not twice");
	act.hold = code;
	is_int(
	    shop_run(&shop, &k, &op_hold_release, &act), TIX_EWRONG_STATE, "nor released any more");
	is_int(show(code), 0, "shown");
	ok(o->buyer && strcmp(o->buyer->email, "Late@Example.org") == 0, "with its late buyer");
}

static void test_release(void)
{
	struct hold_act_in act = {0};
	struct hold_list_in list = {0};
	char code[64];

	is_int(hold("std", 2, "+1h"), 0, "another hold");
	keep(code, k.out.hold.code);
	is_int(shop_run(&shop, &k, &op_hold_list, &list), 0, "is listed");
	ok(k.out.holds.items.n == 1 && ((struct hold *)k.out.holds.items.v)[0].total.amount == 9000,
	    "alone");
	act.hold = code;
	is_int(shop_run(&shop, &k, &op_hold_release, &act), 0, "is released");
	is_int(k.out.hold.state, order_state_released, "and says so");
	stock_is(1, 3, 0, "its seats are back");
	shop_run(&shop, &k, &op_hold_list, &list);
	is_int(k.out.holds.items.n, 0, "and listed no more");
	is_int(sell_hold(code, pay_kind_cash), TIX_EWRONG_STATE, "it cannot be sold");
	is_int(hold("std", 1, "2001-01-01"), TIX_EBAD_VALUE, "a hold in the past is refused");
}

/* Housekeeping until it has nothing to do; how long it then waits. */
static int64_t settle(void)
{
	int64_t wait = 0;

	for (int i = 0; i < 100 && (wait == 0 || wait == 20000); i++)
		wait = writer_tend(shop.w);
	return wait;
}

static void test_expiry(void)
{
	struct order_create_in in;
	char code[64];
	const struct journal_entry *v;

	is_int(hold("std", 3, "+10m"), 0, "a hold of all that is left");
	keep(code, k.out.hold.code);
	is_int(sell("std", 1), TIX_ESOLD_OUT, "nothing is left");
	is_int(settle(), 60 * USEC_PER_SEC, "housekeeping waits its longest");
	clock_test_set(shop.clock, SELL_START + 720 * USEC_PER_SEC - 1);
	is_int(sell("std", 1), TIX_ESOLD_OUT, "until the last microsecond");
	is_int(settle(), 1, "of which housekeeping knows");
	clock_test_set(shop.clock, SELL_START + 720 * USEC_PER_SEC);
	is_int(sell_hold(code, pay_kind_cash), TIX_EWRONG_STATE, "then the hold cannot be sold");
	is_int(sell("std", 1), 0, "but its seats can");
	stock_is(1, 2, 0, "and are back");
	is_int(hold("std", 2, "+1m"), 0, "a hold that nobody asks for");
	clock_test_set(shop.clock, SELL_START + 800 * USEC_PER_SEC);
	is_int(writer_tend(shop.w), 0, "is ended by housekeeping");
	is_int(writer_published(shop.w, &v), 1, "with a record");
	ok(strcmp(v[0].topic, "hold.expired") == 0 && strcmp(v[0].actor, "system") == 0,
	    "of the system");
	stock_is(1, 2, 0, "its seats are back");
	in = (struct order_create_in){.hold = code, .event = "gig", .pay = pay_kind_cash};
	is_int(shop_run(&shop, &k, &op_order_create, &in), TIX_EBAD_VALUE,
	    "a hold and an event are refused");
}

/* A refusal after a sweep of many holds does not undo its neighbours. */
static void test_many(void)
{
	struct order_create_in in[2];
	struct shop_call two[2] = {0};
	struct call *calls[2] = {&two[0].c, &two[1].c};

	db_exec(shop.w->db, "update quota set size = size + 1000 where id = 1", &shop.err);
	for (int i = 0; i < 400; i++)
		hold("std", 1, "+1m");
	clock_test_set(shop.clock, SELL_START + 900 * USEC_PER_SEC);
	for (int i = 0; i < 2; i++) {
		in[i] = shop_order(&two[i], "std", i == 0 ? 1 : 1000);
		shop_call(&shop, &two[i], &op_order_create, &in[i]);
	}
	db_exec(shop.w->db, "update quota set size = size - 600 where id = 1", &shop.err);
	writer_batch(shop.w, calls, 2);
	is_int(two[0].c.result, 0, "one is sold");
	is_int(
	    two[1].c.result, TIX_ESOLD_OUT, "one refused, after all holds that are over came back");
	stock_is(1, 401, 0, "which they did");
	shop_done(&two[0]);
	shop_done(&two[1]);
}

/* The last seats, one a call: exactly as many are sold. */
static void test_exact(void)
{
	int sold = 0, r;

	while ((r = sell("std", 1)) == 0)
		sold++;
	is_int(sold, 401, "exactly what was left is sold");
	is_int(r, TIX_ESOLD_OUT, "then it is sold out");
	is_int(fact("left"), 0, "to the last");
	stock_is(1, 0, 0, "and counted so");
}

static void test_scope(void)
{
	static const struct principal stranger = {.id = 9, .name = "support", .organizer = "other"};
	struct order_list_in list = {0};
	char code[64];

	db_exec(shop.w->db, "update quota set size = size + 1 where id = 1", &shop.err);
	is_int(sell("std", 1), 0, "an order");
	keep(code, k.out.order.code);
	k.c.who = &stranger;
	is_int(show(code), TIX_ENOT_FOUND, "is not there for another organizer");
	is_int(sell("std", 1), TIX_ENOT_FOUND, "who cannot sell it either");
	is_int(shop_run(&shop, &k, &op_order_list, &list), 0, "and lists");
	is_int(k.out.orders.items.n, 0, "nothing");
	k.c.who = NULL;
}

int main(void)
{
	const char *first;

	temp_make();
	if (!ok(shop_open(&shop, "sell.db", true) == 0 && shop_stock(&shop, 10, 2) == 0, "a shop"))
		return diag("%s", shop.err.message), done_testing();
	test_direct();
	test_replay();
	test_comp();
	test_refused();
	test_bounds();
	test_hold();
	test_release();
	test_expiry();
	test_many();
	test_exact();
	test_scope();
	is_int(shop_audit(&shop, &k, &first), 0, "the audit is clean");
	if (*first)
		diag("%s", first);
	shop_done(&k);
	shop_free(&shop);
	return done_testing();
}
