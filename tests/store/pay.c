/* SPDX-License-Identifier: MIT */
/* Orders that are paid by bank transfer: every way from being placed to being paid, expired,
 * cancelled or refunded, with the audit as the judge. */
#include "tests/tap.h"
#include "tests/store/desk.h"
#include "model/states.h"

#define DAY (INT64_C(86400) * USEC_PER_SEC)

static struct desk d;
static int64_t now = DESK_NOW;

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[400];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.250s}", field, value, more);
	return desk(&d, method, params);
}

/* Time passes; a reader that an audit gave fifteen minutes is opened anew. */
static void pass(int64_t usec)
{
	now += usec;
	clock_test_set(d.clock, now);
	db_close(d.reader);
	ok(reader_open(&d.core, &d.reader, &d.err) == 0, "time passes");
}

/* An order of n tickets at 45.00 that awaits its transfer; its code. */
static const char *place(int n, const char *more, char code[32])
{
	char params[300];

	snprintf(params, sizeof(params),
	    "{'event':'gig','line':[{'category':'ga','count':%d}],'pay':'bank'%.150s}", n, more);
	is_int(desk(&d, "order.create", params), 0, "an order");
	snprintf(code, 32, "%s", desk_text(&d, "code") ? desk_text(&d, "code") : "");
	return code;
}

static int pay(const char *code, const char *amount, const char *more)
{
	char all[200];

	snprintf(all, sizeof(all), ",'kind':'bank','amount':'%.40s'%.120s", amount, more);
	return on("payment.record", "code", code, all);
}

static void order_is(const char *code, const char *state, const char *money, int64_t balance)
{
	const char *word;

	on("order.show", "code", code, "");
	is_str(desk_text(&d, "state"), state, "state");
	word = desk_text(&d, "money");
	is_str(word ? word : "none", money, "money");
	is_int(desk_int(&d, "balance.amount"), balance, "balance");
}

static void stock_is(int64_t held, int64_t sold)
{
	desk(&d, "quota.show", "{'event':'gig','name':'ga'}");
	is_int(desk_int(&d, "held"), held, "held");
	is_int(desk_int(&d, "sold"), sold, "sold");
}

static int listed(const char *words)
{
	char params[100];

	snprintf(params, sizeof(params), "{'money':[%.80s]}", words);
	is_int(desk(&d, "order.list", params), 0, "a list by money");
	return desk_count(&d, "items");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13T20:00','zone':'Europe/Berlin',"
		   "'currency':'EUR'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'45','size':10}"), 0,
	    "category");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
}

static void test_paid(void)
{
	char code[32];
	int64_t total;

	place(2, ",'name':'Ada'", code);
	is_str(desk_text(&d, "state"), "pending", "it waits");
	is_str(desk_text(&d, "money"), "unpaid", "unpaid");
	is_int(desk_int(&d, "balance.amount"), -9000, "and owed");
	is_int(desk_count(&d, "tickets"), 0, "without tickets");
	is_str(desk_text(&d, "expires"), "2026-01-08T00:00:00Z", "for seven days");
	total = desk_int(&d, "total.amount");
	is_int(total, 9000, "at its price");
	stock_is(2, 0);
	order_is(code, "pending", "unpaid", -9000);
	desk_clean(&d, "an order that waits");
	is_int(listed("'unpaid'"), 1, "the unpaid");
	is_int(on("system.show", "code", code, ""), TIX_EUNKNOWN_METHOD, "not at this desk");
	is_int(pay(code, "30", ",'reference':'tickets for Ada'"), 0, "a part of it");
	is_str(desk_text(&d, "order_state"), "pending", "it still waits");
	is_str(desk_text(&d, "money"), "partly_paid", "partly paid");
	is_int(desk_int(&d, "balance.amount"), -6000, "the rest is owed");
	ok(!desk_text(&d, "refund"), "nothing goes back");
	is_int(listed("'partly_paid'"), 1, "the partly paid");
	is_int(listed("'unpaid'"), 0, "the unpaid no more");
	desk_clean(&d, "partly paid");
	is_int(pay(code, "60", ",'dry_run':true"), 0, "the rest, tried");
	is_str(desk_text(&d, "order_state"), "paid", "would sell it");
	order_is(code, "pending", "partly_paid", -6000);
	is_int(pay(code, "60", ""), 0, "the rest");
	is_str(desk_text(&d, "order_state"), "paid", "sells it");
	order_is(code, "paid", "paid", 0);
	is_int(desk_count(&d, "tickets"), 2, "with its tickets");
	is_int(desk_count(&d, "payments"), 2, "and payments");
	is_str(desk_text(&d, "payments.0.reference"), "tickets for Ada", "and what they said");
	is_int(desk_int(&d, "expires"), INT64_MIN, "it ends no more");
	stock_is(0, 2);
	is_int(listed("'partly_paid','unpaid'"), 0, "no work is left");
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.0.topic"), "order.placed", "was placed");
	is_str(desk_text(&d, "items.2.topic"), "payment.recorded", "has both payments");
	is_str(desk_text(&d, "items.3.topic"), "order.paid", "and the sale");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_int(desk_count(&d, "money"), 2, "by both payments");
	is_int(desk_int(&d, "balance.amount"), 0, "with nothing left");
	desk_clean(&d, "paid");
	is_int(pay(code, "0.01", ""), 0, "a cent more");
	order_is(code, "paid", "overpaid", 1);
	is_int(listed("'overpaid','refund_due'"), 1, "is work");
	desk_clean(&d, "overpaid");
	is_int(on("refund.create", "code", code, ""), 0, "it goes back");
	is_int(desk_int(&d, "amount.amount"), 1, "alone");
	order_is(code, "paid", "paid", 0);
	desk_clean(&d, "no more overpaid");
}

static void test_refused(void)
{
	static const struct {
		const char *more;
		int r;
	} deadlines[] = {
	    {",'expires':'2026-06-14'", TIX_EBAD_VALUE},
	    {",'expires':'2025-12-31'", TIX_EBAD_VALUE},
	    {",'expires':'2026-06-13'", TIX_EBAD_VALUE},
	    {",'expires':'rubbish'", TIX_EBAD_VALUE},
	};
	char code[32], params[200];

	for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++) {
		snprintf(params, sizeof(params),
		    "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'bank'%s}",
		    deadlines[i].more);
		is_int(desk(&d, "order.create", params), deadlines[i].r, deadlines[i].more);
	}
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash','expires':'+1d'}"),
	    TIX_EBAD_VALUE, "cash has no deadline");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'comp'}"),
	    0, "a complimentary one");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(pay(code, "1", ""), TIX_EWRONG_STATE, "takes no money");
	desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(pay(code, "1", ""), TIX_EWRONG_STATE, "nor does a hold");
	on("hold.release", "hold", code, "");
	is_int(pay(code, "1", ""), TIX_EWRONG_STATE, "nor what it was");
	place(1, ",'expires':'2026-02-01'", code);
	is_str(desk_text(&d, "expires"), "2026-02-01T23:00:00Z", "to the end of a day");
	is_int(pay(code, "0", ""), TIX_EBAD_VALUE, "nothing");
	is_int(pay(code, "USD 3", ""), TIX_EBAD_VALUE, "another currency");
	is_int(pay(code, "3", ",'at':'2026-05-05'"), TIX_EBAD_VALUE, "money of the future");
	is_int(pay(code, "9999999999999.99", ""), 0, "very much");
	is_int(pay(code, "0.02", ""), TIX_ELIMIT, "too much");
	is_int(on("refund.create", "code", code, ""), 0, "goes back");
	order_is(code, "paid", "paid", 0);
	is_int(on("order.extend", "code", code, ""), TIX_EWRONG_STATE, "it waits no more");
	is_int(on("hold.extend", "hold", code, ""), TIX_EWRONG_STATE, "it is no hold");
	desk_clean(&d, "after refusals");
}

/* One that is over has expired before its money comes, however many holds are over too. */
static void test_behind_holds(void)
{
	char code[32];

	is_int(desk(&d, "quota.set", "{'event':'gig','name':'ga','size':400}"), 0, "seats");
	for (int i = 0; i < 260; i++)
		desk(&d, "hold.create",
		    "{'event':'gig','line':[{'category':'ga','count':1}],'expires':'+1h'}");
	place(1, "", code);
	pass(8 * DAY);
	is_int(pay(code, "45", ""), 0, "paid late");
	order_is(code, "paid", "paid", 0);
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.1.topic"), "order.expired", "says that it was over");
	desk_clean(&d, "after many ends");
}

/* As the event starts it is too late to sell. */
static void test_at_start(void)
{
	char params[300], start[WHEN_TEXT_MAX], code[32];

	snprintf(params, sizeof(params),
	    "{'event':'sharp','name':'Sharp','start':'%s','currency':'EUR'}",
	    when_rfc3339(now + DAY, start, sizeof(start)));
	is_int(desk(&d, "event.create", params), 0, "an event of tomorrow");
	desk(&d, "category.create", "{'event':'sharp','name':'ga','price':'9','size':2}");
	desk(&d, "event.publish", "{'event':'sharp'}");
	is_int(desk(&d, "order.create",
		   "{'event':'sharp','line':[{'category':'ga','count':1}],'pay':'bank',"
		   "'expires':'+2h'}"),
	    0, "an order that waits");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	pass(DAY);
	is_int(pay(code, "9", ""), 0, "its money comes as the event starts");
	is_str(desk_text(&d, "order_state"), "expired", "too late");
	ok(desk_text(&d, "refund"), "it goes back");
	desk_clean(&d, "at the start");
}

/* Each refund that is pending can be paid out, and what is left go back in the end. */
static void test_refunds_often(void)
{
	char code[32], text[80];
	int n = 0, done = 0;

	place(1, "", code);
	is_int(pay(code, "40", ""), 0, "a part");
	while (n < 1100 && on("refund.create", "code", code, ",'amount':'0.01'") == 0)
		n++;
	ok(n > 300 && n < 400, "refunds end after %d", n);
	for (int i = 1; i <= n; i++) {
		snprintf(text, sizeof(text), "%.32s/r%d", code, i);
		done += on("refund.confirm", "refund", text, "") == 0;
	}
	is_int(done, n, "all are paid out");
	is_int(on("order.cancel", "code", code, ""), 0, "it is cancelled");
	is_int(on("refund.create", "code", code, ""), 0, "the rest goes back");
	snprintf(text, sizeof(text), "%.32s/r%d", code, n + 1);
	is_int(on("refund.confirm", "refund", text, ""), 0, "and is paid out");
	desk_clean(&d, "after very many refunds");
}

/* What cannot be counted is refused, and the sums of a day still can. */
static void test_large(void)
{
	char code[32];

	place(1, "", code);
	is_int(pay(code, "10000000000000.01", ""), TIX_EBAD_VALUE, "more than one thing may cost");
	is_int(pay(code, "10000000000000.00", ""), 0, "as much as one may");
	place(1, "", code);
	is_int(pay(code, "10000000000000.00", ""), 0, "twice");
	is_int(desk(&d, "report.close", "{'day':'today'}"), 0, "the day is closed");
	is_int(desk(&d, "category.create",
		   "{'event':'gig','name':'gold','price':'9000000000000.00','size':9}"),
	    0, "a dear ticket");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'gold','count':2}],'pay':'cash'}"),
	    TIX_ELIMIT, "two are too dear");
	desk_clean(&d, "after large amounts");
}

/* An order whose money moved too often takes no more, but can always come to its end: a sweep that
 * failed would hold up all else. */
static void test_often(void)
{
	char code[2][32], text[80];
	int n = 0, r = 0;

	is_int(desk(&d, "quota.set", "{'event':'gig','name':'ga','size':100}"), 0, "more seats");
	place(20, "", code[0]);
	place(20, "", code[1]);
	while (n < 1100 && (r = pay(code[0], "0.01", "")) == 0)
		n++;
	is_int(r, TIX_ELIMIT, "no more");
	ok(n > 1000, "after a thousand: %d", n);
	is_str(d.err.field, "code", "which names the order");
	for (int i = 0; i < n; i++)
		pay(code[1], "0.01", "");
	do
		r = on("refund.create", "code", code[0], ",'amount':'0.01'");
	while (r == 0);
	is_int(r, TIX_ELIMIT, "nor gives any back while it waits");
	is_int(on("order.cancel", "code", code[1], ""), 0, "it can be cancelled");
	is_int(on("refund.create", "code", code[1], ""), 0, "and its money go back");
	snprintf(text, sizeof(text), "%.32s/r1", code[1]);
	is_int(on("refund.confirm", "refund", text, ""), 0, "and be paid out");
	pass(8 * DAY);
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}"),
	    0, "others are sold");
	order_is(code[0], "expired", "refunded", 0);
	for (int i = 1; i < 9; i++) {
		snprintf(text, sizeof(text), "%.32s/r%d", code[0], i);
		r = on("refund.confirm", "refund", text, "");
		if (r == TIX_ENOT_FOUND)
			break;
		is_int(r, 0, "what it had is paid out");
	}
	is_int(r, TIX_ENOT_FOUND, "all of it");
	desk_clean(&d, "after very many payments");
}

/* Of what was paid too much no fee may be kept beyond what the order cost. */
static void test_fee(void)
{
	char code[32];

	place(1, "", code);
	is_int(pay(code, "75", ""), 0, "30 too much");
	is_int(on("order.cancel", "code", code, ",'keep_fee':'45'"), 0, "all of it is kept");
	is_int(on("refund.create", "code", code, ",'keep_fee':'10'"), TIX_ELIMIT, "not more");
	is_str(d.err.field, "keep_fee", "by its fee");
	is_int(on("refund.create", "code", code, ""), 0, "what was too much goes back");
	is_int(desk_int(&d, "amount.amount"), 3000, "as 30");
	order_is(code, "cancelled", "paid", 0);
	desk_clean(&d, "after fees");
}

/* An event does not go back to draft, nor away, under an order that waits. */
static void test_event(void)
{
	char code[32];

	desk(&d, "event.create",
	    "{'event':'small','name':'Small','start':'2026-06-13','currency':'EUR'}");
	desk(&d, "category.create", "{'event':'small','name':'ga','price':'9','size':2}");
	desk(&d, "event.publish", "{'event':'small'}");
	is_int(desk(&d, "order.create",
		   "{'event':'small','line':[{'category':'ga','count':1}],'pay':'bank'}"),
	    0, "an order that waits");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(desk(&d, "event.unpublish", "{'event':'small'}"), TIX_EWRONG_STATE, "no draft");
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled");
	is_int(desk(&d, "event.unpublish", "{'event':'small'}"), 0, "now it may");
}

static void test_replay(void)
{
	char code[32], first[64];

	place(1, "", code);
	is_int(pay(code, "20", ",'idempotency_key':'one'"), 0, "a payment");
	snprintf(first, sizeof(first), "%s", desk_text(&d, "payment"));
	is_int(pay(code, "20", ",'idempotency_key':'one'"), 0, "again, the same key");
	is_str(desk_text(&d, "payment"), first, "is the same payment");
	is_int(desk_int(&d, "replayed"), 1, "a replay");
	order_is(code, "pending", "partly_paid", -2500);
	is_int(on("payment.show", "payment", first, ""), 0, "shown");
	is_int(desk_int(&d, "amount.amount"), 2000, "as it is");
	is_int(on("payment.show", "payment", code, ""), TIX_EBAD_VALUE, "an order is no payment");
	is_int(on("order.cancel", "code", code, ",'keep_fee':'5'"), 0, "cancelled for a fee");
	order_is(code, "cancelled", "refund_due", 1500);
	is_int(on("refund.create", "code", code, ""), 0, "the rest goes back");
	is_int(desk_int(&d, "amount.amount"), 1500, "but for the fee");
	order_is(code, "cancelled", "paid", 0);
	is_int(pay(code, "45", ""), 0, "a transfer for what was cancelled");
	ok(desk_text(&d, "refund"), "goes back at once");
	order_is(code, "cancelled", "paid", 0);
	desk_clean(&d, "after a cancellation");
}

/* At the deadline it is over, a moment before it is not. */
static void test_deadline(void)
{
	char code[32];

	stock_is(0, 4);
	place(3, ",'expires':'+1h'", code);
	is_int(on("order.extend", "code", code, ",'expires':'+30m'"), TIX_EBAD_VALUE, "no less");
	is_int(on("order.extend", "code", code, ",'expires':'start'"), 0, "up to the start");
	is_int(on("order.extend", "code", code, ""), 0, "a week is less");
	is_str(desk_text(&d, "expires"), "2026-06-13T18:00:00Z", "and makes it no shorter");
	is_int(on("order.cancel", "code", code, ""), 0, "that one is cancelled");
	place(3, ",'expires':'+1h'", code);
	is_int(on("order.extend", "code", code, ",'expires':'+2h'"), 0, "an hour more");
	pass(7200 * USEC_PER_SEC - 1);
	is_int(pay(code, "40", ""), 0, "a part in time");
	is_str(desk_text(&d, "order_state"), "pending", "a moment before");
	pass(1);
	is_int(on("order.extend", "code", code, ""), TIX_EWRONG_STATE, "then it is over");
	ok(strstr(d.err.message, "is expired"), "by name: %s", d.err.message);
	writer_tend(d.writer);
	order_is(code, "expired", "refunded", 0);
	is_int(desk_count(&d, "tickets"), 0, "no tickets");
	stock_is(0, 4);
	is_int(desk(&d, "refund.list", "{'event':'gig','state':['pending']}"), 0, "the list");
	is_str(desk_text(&d, "items.4.kind"), "bank", "of finance");
	desk_clean(&d, "expired");
	is_int(pay(code, "135", ""), 0, "all of it, late");
	is_str(desk_text(&d, "order_state"), "paid", "sells it all the same");
	ok(!desk_text(&d, "refund"), "nothing goes back");
	order_is(code, "paid", "paid", 0);
	is_int(desk_count(&d, "tickets"), 3, "with tickets");
	stock_is(0, 7);
	desk_clean(&d, "paid late");
}

/* Setting the wall clock neither ends an order that waits nor lets it wait longer. */
static void test_wall_clock(void)
{
	char code[32];

	is_int(desk(&d, "quota.set", "{'event':'gig','name':'ga','size':12}"), 0, "more seats");
	place(1, ",'expires':'+1h'", code);
	clock_test_step(d.clock, now + 3 * 3600 * USEC_PER_SEC);
	db_close(d.reader);
	ok(reader_open(&d.core, &d.reader, &d.err) == 0, "the wall clock leaps");
	writer_tend(d.writer);
	order_is(code, "pending", "unpaid", -4500);
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled in time");
	clock_test_step(d.clock, now);
	now += DAY;
	pass(0);
	writer_tend(d.writer);
	desk_clean(&d, "after a leap of the wall clock");
}

static void test_too_late(void)
{
	char code[32], other[32], refund[64];

	place(3, ",'expires':'+1h'", code);
	pass(3600 * USEC_PER_SEC);
	place(1, "", other);
	order_is(code, "expired", "none", 0);
	is_int(pay(code, "100", ""), 0, "a part, late");
	is_str(desk_text(&d, "order_state"), "expired", "sells nothing");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.show", "refund", refund, ""), 0, "it goes back");
	is_int(desk_int(&d, "amount.amount"), 10000, "as it came");
	is_int(pay(code, "135", ""), 0, "all, but a seat is gone");
	is_str(desk_text(&d, "order_state"), "expired", "sells nothing");
	ok(desk_text(&d, "refund"), "it goes back");
	order_is(code, "expired", "refunded", 0);
	stock_is(1, 7);
	is_int(on("refund.confirm", "refund", refund, ""), 0, "paid out");
	desk_clean(&d, "too late");
	is_int(on("order.cancel", "code", other, ""), 0, "the other is cancelled");
	order_is(other, "cancelled", "none", 0);
	stock_is(0, 7);
	is_int(pay(code, "135", ""), 0, "then there are seats");
	is_str(desk_text(&d, "order_state"), "paid", "and it has them");
	stock_is(0, 10);
	desk_clean(&d, "after all");
}

/* Several words come merged by order, page by page, both ways. */
static void test_words(void)
{
	char codes[4][32], cursor[200] = "", params[400];
	int seen = 0;

	desk(&d, "event.create",
	    "{'event':'tour','name':'Tour','start':'2026-06-13','currency':'EUR'}");
	desk(&d, "category.create", "{'event':'tour','name':'ga','price':'9','size':9}");
	desk(&d, "event.publish", "{'event':'tour'}");
	for (int i = 0; i < 4; i++) {
		desk(&d, "order.create",
		    "{'event':'tour','line':[{'category':'ga','count':1}],'pay':'bank'}");
		snprintf(codes[i], sizeof(codes[i]), "%s", desk_text(&d, "code"));
		if (i % 2)
			pay(codes[i], i == 1 ? "5" : "10", "");
	}
	for (int i = 0; i < 4; i++) {
		snprintf(params, sizeof(params),
		    "{'event':'tour','money':['unpaid','partly_paid','overpaid'],'limit':1,"
		    "'sort':'created'%s%s%s}",
		    *cursor ? ",'cursor':'" : "", cursor, *cursor ? "'" : "");
		is_int(desk(&d, "order.list", params), 0, "a page");
		seen += desk_count(&d, "items") == 1 &&
			strcmp(desk_text(&d, "items.0.code"), codes[i]) == 0;
		snprintf(cursor, sizeof(cursor), "%s",
		    desk_text(&d, "next") ? desk_text(&d, "next") : "");
	}
	is_int(seen, 4, "four pages of one, in order");
	is_int(desk(&d, "order.list", "{'event':'tour','money':['overpaid','unpaid']}"), 0, "newest");
	is_str(desk_text(&d, "items.0.code"), codes[3], "first");
	is_str(desk_text(&d, "items.2.code"), codes[0], "oldest last");
	is_int(desk(&d, "order.list", "{'event':'tour','money':['overpaid','paid']}"), 0, "paid, too");
	is_int(desk_count(&d, "items"), 1, "is another way to look");
}

static void test_list(void)
{
	is_int(desk(&d, "payment.list", "{'event':'gig','kind':'bank'}"), 0, "transfers");
	ok(desk_count(&d, "items") > 5, "are listed");
	is_int(desk(&d, "payment.list", "{'kind':'bank','since':'2026-01-01T02:00','limit':1}"), 0,
	    "since");
	is_int(desk_count(&d, "items"), 1, "one");
	ok(desk_text(&d, "next"), "there are more");
	is_int(desk(&d, "payment.list", "{'kind':'cash'}"), 0, "cash");
	is_int(desk_count(&d, "items"), 0, "there was none");
	is_int(desk(&d, "payment.list", "{'until':'2025-12-31'}"), 0, "before all");
	is_int(desk_count(&d, "items"), 0, "nothing");
}

/* A plain model of orders, changed by the same random steps. */
enum { BOOK = 150, STEPS = 4000 };
static struct entry {
	char code[20];
	int state;
	int64_t total, owed, captured, given, expires;
	char last[24]; /* the refund that was decided last, while it may be withdrawn */
	int64_t amount, credit;
} book[BOOK];
static uint64_t seed = 20260613;

static int pick(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % (uint64_t)n);
}

static int64_t balance(const struct entry *e)
{
	return e->captured - e->given - e->owed;
}

static bool step_place(struct entry *e)
{
	int n = 1 + pick(4), hours = 1 + pick(72);
	char params[200];

	*e = (struct entry){.state = order_state_pending, .total = n * INT64_C(4500)};
	e->owed = e->total;
	e->expires = now + hours * 3600 * USEC_PER_SEC;
	snprintf(params, sizeof(params),
	    "{'event':'big','line':[{'category':'ga','count':%d}],'pay':'bank','expires':'+%dh'}", n,
	    hours);
	if (desk(&d, "order.create", params) < 0)
		return false;
	snprintf(e->code, sizeof(e->code), "%s", desk_text(&d, "code"));
	return true;
}

/* Hours pass: what is over is over, and its money on its way back. */
static bool step_pass(int n)
{
	pass((1 + pick(12)) * 3600 * USEC_PER_SEC);
	for (int i = 0; i < n; i++) {
		if (book[i].state != order_state_pending || book[i].expires > now)
			continue;
		book[i].state = order_state_expired;
		book[i].owed = 0;
		book[i].given = book[i].captured;
	}
	while (writer_tend(d.writer) == 0)
		;
	return true;
}

static bool step_pay(struct entry *e)
{
	int64_t amount = (1 + pick(180)) * INT64_C(100);
	bool late = e->state == order_state_expired;
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)(amount / 100));
	if (pay(e->code, text, "") < 0)
		return false;
	e->captured += amount;
	if (late && e->captured - e->given >= e->total)
		e->owed = e->total;
	if (balance(e) >= 0 &&
	    (e->state == order_state_pending || (late && e->owed == e->total)))
		e->state = order_state_paid;
	if ((e->state == order_state_expired || e->state == order_state_cancelled) &&
	    balance(e) > 0)
		e->given += balance(e) < amount ? balance(e) : amount;
	return true;
}

static bool step_cancel(struct entry *e)
{
	int64_t fee = pick(2) * INT64_C(1000);
	bool may = (e->state == order_state_pending || e->state == order_state_paid) &&
		   fee <= e->owed;

	if ((on("order.cancel", "code", e->code, fee ? ",'keep_fee':'10'" : "") == 0) != may)
		return false;
	if (may) {
		e->state = order_state_cancelled;
		e->owed = fee;
		e->credit = 0;
	}
	return true;
}

static bool step_refund(struct entry *e)
{
	int64_t amount = (1 + pick(60)) * INT64_C(100), spare = balance(e) > 0 ? balance(e) : 0;
	bool may = e->state != order_state_expired && amount <= e->captured - e->given;
	char more[60];

	snprintf(more, sizeof(more), ",'amount':'%lld'", (long long)(amount / 100));
	if ((on("refund.create", "code", e->code, more) == 0) != may)
		return false;
	if (!may)
		return true;
	snprintf(e->last, sizeof(e->last), "%s", desk_text(&d, "refund"));
	e->amount = amount;
	e->credit = e->state != order_state_pending && amount > spare ? amount - spare : 0;
	e->owed -= e->credit;
	e->given += amount;
	return true;
}

/* All that it costs is here. */
static void settle(struct entry *e)
{
	if (e->state == order_state_pending && balance(e) >= 0)
		e->state = order_state_paid;
}

static bool step_withdraw(struct entry *e)
{
	bool may = e->state != order_state_expired;

	if (!e->last[0])
		return true;
	if ((on("refund.withdraw", "refund", e->last, "") == 0) != may)
		return false;
	if (!may)
		return true;
	e->owed += e->credit;
	e->given -= e->amount;
	e->last[0] = '\0';
	settle(e);
	return true;
}

/* A ticket more, or, where none was made yet, one less. */
static bool step_change(struct entry *e)
{
	bool waits = e->state == order_state_pending;
	bool less = waits && e->total > 4500 && pick(2);
	bool may = waits || e->state == order_state_paid;
	const char *more = less ? ",'remove':['1']" : ",'add':[{'category':'ga','count':1}]";

	if ((on("order.change", "code", e->code, more) == 0) != may)
		return false;
	if (!may)
		return true;
	e->total += less ? -4500 : 4500;
	e->owed += less ? -4500 : 4500;
	settle(e);
	return true;
}

static bool agrees(const struct entry *e)
{
	on("order.show", "code", e->code, "");
	return strcmp(desk_text(&d, "state"), state_word(&enum_set_order_state, e->state)) == 0 &&
	       desk_int(&d, "balance.amount") == balance(e) &&
	       desk_int(&d, "paid.amount") == e->captured - e->given;
}

static void test_model(void)
{
	static bool (*const steps[])(struct entry * e) = {
	    step_pay, step_pay, step_pay, step_refund, step_change, step_withdraw, step_cancel};
	int n = 0, wrong = 0, sold = 0, listed_now = 0;

	desk(&d, "event.create",
	    "{'event':'big','name':'Big','start':'2026-12-13','currency':'EUR'}");
	desk(&d, "category.create", "{'event':'big','name':'ga','price':'45','size':2000}");
	desk(&d, "event.publish", "{'event':'big'}");
	for (int i = 0; i < STEPS; i++) {
		struct entry *e = n == 0 || (n < BOOK && pick(15) == 0) ? &book[n++] : NULL;
		bool good;

		if (e)
			good = step_place(e);
		else if (pick(60) == 0)
			good = step_pass(n);
		else
			good = steps[pick(20) == 0 ? 6 : pick(6)](e = &book[pick(n)]);
		if ((!good || (e && !agrees(e))) && wrong++ < 5)
			diag("step %d: %s", i, e ? e->code : "time");
	}
	is_int(wrong, 0, "4,000 random steps did what the model says");
	for (int i = 0; i < n; i++) {
		wrong += !agrees(&book[i]);
		sold += book[i].state == order_state_paid ? (int)(book[i].total / 4500) : 0;
		listed_now += book[i].state == order_state_paid && balance(&book[i]) > 0;
	}
	is_int(wrong, 0, "and each order agrees in the end");
	desk(&d, "quota.show", "{'event':'big','name':'ga'}");
	is_int(desk_int(&d, "sold"), sold, "as many seats are sold");
	is_int(desk(&d, "order.list", "{'event':'big','money':['overpaid'],'limit':1000}"), 0,
	    "the overpaid");
	is_int(desk_count(&d, "items"), listed_now, "are as many");
	desk_clean(&d, "after all that");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "pay"))
		return done_testing();
	set_up();
	test_paid();
	test_refused();
	test_fee();
	test_event();
	test_replay();
	test_deadline();
	test_too_late();
	test_wall_clock();
	test_list();
	test_words();
	test_behind_holds();
	test_at_start();
	test_large();
	test_often();
	test_refunds_often();
	test_model();
	desk_close(&d);
	return done_testing();
}
