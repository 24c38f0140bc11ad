/* SPDX-License-Identifier: MIT */
/* Finding orders: each filter, pages that meet without gap or repeat, cursors of other lists; and
 * the look-up index with small runs across flush, merge, restart and a batch that is undone. */
#include "tests/store/sell.h"
#include "tests/tap.h"

#define N 700

static struct shop shop;
static struct shop_call k;
static char codes[N][16], tickets[N][40], keys[N][24];

/* Order i: every tenth without a buyer; addresses repeat each 50, in changing case; one second
 * apart. */
static int sell(int i)
{
	struct order_create_in in = shop_order(&k, i % 3 ? "std" : "vip", 1);
	char email[64], wide[801];

	for (int n = 0; n < 800; n++)
		wide[n] = "\xf0\x9f\x8e\xab"[n % 4];
	wide[800] = '\0';
	snprintf(
	    email, sizeof(email), i % 2 ? "buyer%d@example.org" : "BUYER%d@Example.ORG", i % 50);
	snprintf(keys[i], sizeof(keys[i]), "key-%d", i);
	in.idempotency_key = keys[i];
	if (i % 10) {
		in.email = email;
		in.name = wide;
	}
	clock_test_set(shop.clock, SELL_START + (i + 1) * USEC_PER_SEC);
	if (shop_run(&shop, &k, &op_order_create, &in) < 0) {
		diag("order %d: %s", i, k.c.err.message);
		return -1;
	}
	snprintf(codes[i], sizeof(codes[i]), "%s", k.out.order.code);
	snprintf(
	    tickets[i], sizeof(tickets[i]), "%s", ((struct ticket *)k.out.order.tickets.v)[0].code);
	return 0;
}

static int list(const struct order_list_in *in)
{
	int r = shop_run(&shop, &k, &op_order_list, in);

	return r < 0 ? r : (int)k.out.orders.items.n;
}

static const char *code_at(int i)
{
	return ((struct order_row *)k.out.orders.items.v)[i].code;
}

/* Pages of limit until the end; how many, -1 when the order is not the one wanted. */
static int walk(struct order_list_in in, int limit, bool desc)
{
	char cursor[512], last_code[16] = "";
	int64_t last = desc ? INT64_MAX : 0, id = 0;
	int n = 0;

	in.limit = limit;
	in.present |= UINT64_C(1) << IX_order_list_in_limit;
	for (int pages = 0; pages < 1000; pages++) {
		if (list(&in) < 0)
			return -2;
		for (size_t i = 0; i < k.out.orders.items.n; i++, n++) {
			snprintf(last_code, sizeof(last_code), "%s", code_at((int)i));
			order_code_decode(&shop.core.keys, last_code, &id, NULL);
			if (desc ? id >= last : id <= last)
				return -1;
			last = id;
		}
		if (!k.out.orders.next)
			return n;
		snprintf(cursor, sizeof(cursor), "%s", k.out.orders.next);
		in.cursor = cursor;
	}
	return -3;
}

static void test_filters(void)
{
	struct order_list_in in = {0};

	is_int(list(&in), 100, "100 without a limit");
	is_str(code_at(0), codes[N - 1], "the newest first");
	in.sort = "created";
	list(&in);
	is_str(code_at(0), codes[0], "or the oldest");
	in.limit = 1000;
	in.present = UINT64_C(1) << IX_order_list_in_limit;
	ok(list(&in) < N && k.out.orders.next, "a page of long names ends early and goes on");
	in.sort = "price";
	is_int(list(&in), TIX_EBAD_VALUE, "not by price");
	in = (struct order_list_in){.code = codes[42]};
	ok(list(&in) == 1 && strcmp(code_at(0), codes[42]) == 0, "by code");
	in.ticket = tickets[42];
	is_int(list(&in), 1, "and its ticket");
	in.ticket = tickets[43];
	is_int(list(&in), 0, "not with another's");
	in = (struct order_list_in){.ticket = tickets[7]};
	ok(list(&in) == 1 && strcmp(code_at(0), codes[7]) == 0, "by ticket");
	in = (struct order_list_in){.key = keys[13]};
	ok(list(&in) == 1 && strcmp(code_at(0), codes[13]) == 0, "by key");
	in.key = "no such key";
	is_int(list(&in), 0, "an unknown key has none");
	in = (struct order_list_in){.event = "quiet"};
	is_int(list(&in), 0, "another event has none");
	in.event = "absent";
	is_int(list(&in), TIX_ENOT_FOUND, "an absent one is not found");
	in = (struct order_list_in){.since = "2025-06-15T15:11:40Z"};
	ok(walk(in, 1000, true) == N - 299, "since a time: %d", walk(in, 1000, true));
	in.until = "2025-06-15T15:11:50Z";
	is_int(walk(in, 1000, true), 10, "until another");
	in = (struct order_list_in){.state = UINT64_C(1) << order_state_held};
	is_int(list(&in), 0, "none is held");
	in.state |= UINT64_C(1) << order_state_paid;
	is_int(walk(in, 1000, true), N, "held or paid: all");
}

static void test_state(void)
{
	struct order_list_in in = {.state = UINT64_C(1) << order_state_held};
	struct hold_create_in hold;

	for (int i = 0; i < 5; i++) {
		hold = shop_hold(&k, "std", 1);
		shop_run(&shop, &k, &op_hold_create, &hold);
	}
	is_int(walk(in, 2, true), 5, "five are held, by pages of two");
	ok(list(&in) == 5 && ((struct order_row *)k.out.orders.items.v)[0].balance.amount == 0,
	    "and owe nothing yet");
	in.event = "gig";
	in.sort = "created";
	is_int(walk(in, 2, false), 5, "of the event, the oldest first");
}

static void test_pages(void)
{
	struct order_list_in in = {0};
	char cursor[512];

	is_int(walk(in, 7, true), N, "all by sevens");
	in.event = "gig";
	is_int(walk(in, 128, true), N, "of the event by 128");
	in.sort = "created";
	is_int(walk(in, 1, false), N, "one by one, the oldest first");
	in = (struct order_list_in){.present = UINT64_C(1) << IX_order_list_in_limit, .limit = 5};
	list(&in);
	snprintf(cursor, sizeof(cursor), "%s", k.out.orders.next);
	in.cursor = cursor;
	in.event = "gig";
	is_int(list(&in), TIX_EBAD_VALUE, "a cursor of other filters is refused");
	is_str(k.c.err.field, "cursor", "by its field");
	in.cursor = "AAAA";
	is_int(list(&in), TIX_EBAD_VALUE, "so is a short one");
	in.cursor = "%%%";
	is_int(list(&in), TIX_EBAD_VALUE, "and one that is no base64");
}

/* Each address has N / 50 orders, each tenth address none. */
static void test_emails(const char *when)
{
	char email[64];
	int good = 0;

	for (int i = 0; i < 50; i++) {
		struct order_list_in in = {.email = email};

		snprintf(email, sizeof(email), "Buyer%d@example.org", i);
		good += walk(in, i % 2 ? 3 : 100, true) == (i % 10 ? N / 50 : 0);
		in.sort = "created";
		good += walk(in, 4, false) == (i % 10 ? N / 50 : 0);
	}
	is_int(good, 100, when);
}

static int64_t settle(void)
{
	int64_t wait = 0;

	for (int i = 0; i < 5000 && wait == 0; i++)
		wait = writer_tend(shop.w);
	return wait;
}

static int runs(int64_t *ret_rows)
{
	struct q q;
	int n = 0;

	*ret_rows = 0;
	q_start(&q, shop.w->db, SQL_lookup_runs, &shop.err);
	q_i64(&q, 1, LOOKUP_email);
	while (q_step(&q) == 1) {
		n++;
		*ret_rows += q_col(&q, 2);
	}
	q_end(&q);
	return n;
}

static int64_t rows_kept(void)
{
	int64_t n = 0;
	struct q q;

	for (int64_t run = 0; run >= 0;) {
		q_start(&q, shop.w->db, SQL_lookup_next_run, &shop.err);
		q_i64(&q, 1, LOOKUP_email);
		q_i64(&q, 2, run);
		run = q_step(&q) == 1 ? q_col(&q, 0) : -1;
		q_end(&q);
		if (run < 0)
			break;
		q_start(&q, shop.w->db, SQL_lookup_range, &shop.err);
		q_i64(&q, 1, LOOKUP_email);
		q_i64(&q, 2, run);
		q_i64(&q, 3, 0);
		q_i64(&q, 4, -1);
		q_i64(&q, 5, INT64_MAX);
		q_i64(&q, 6, 1000000);
		while (q_step(&q) == 1)
			n++;
		q_end(&q);
	}
	return n;
}

static void test_lookup(void)
{
	int64_t rows, persons = N - N / 10;
	int n;

	is_int(runs(&rows), 0, "no run yet");
	test_emails("addresses are found in the rows of the persons");
	lookup_tune(shop.w->lookup, 13, 5);
	for (int i = 0; i < 40; i++)
		writer_tend(shop.w);
	n = runs(&rows);
	ok(n > 0 && rows < persons, "part is in %d runs", n);
	test_emails("addresses are found while runs are made");
	shop_close(&shop);
	is_int(shop_open(&shop, "list.db", false), 0, "a restart in the middle");
	lookup_tune(shop.w->lookup, 13, 5);
	test_emails("addresses are found after it");
	for (int i = 0; i < 300; i++)
		writer_tend(shop.w);
	lookup_undone(shop.w->lookup);
	ok(settle() > 0, "housekeeping comes to an end, also after a batch was undone");
	n = runs(&rows);
	ok(n == persons / 13 % 16 + persons / 13 / 16, "runs were merged: %d are left", n);
	is_int(rows, persons / 13 * 13, "they hold all but the newest");
	is_int(rows_kept(), rows, "and nothing is left over");
	test_emails("addresses are found in runs");
}

int main(void)
{
	const char *first;

	temp_make();
	if (!ok(shop_open(&shop, "list.db", true) == 0 && shop_stock(&shop, 10000, 10000) == 0,
		"a shop"))
		return diag("%s", shop.err.message), done_testing();
	for (int i = 0; i < N; i++) {
		if (sell(i) < 0)
			return ok(false, "orders"), done_testing();
	}
	test_filters();
	test_pages();
	test_lookup();
	test_state();
	is_int(shop_audit(&shop, &k, &first), 0, "the audit is clean");
	if (*first)
		diag("%s", first);
	shop_done(&k);
	shop_free(&shop);
	return done_testing();
}
