/* SPDX-License-Identifier: MIT */
/* Sales by day, hour and category: the lines add up to the whole, over cancellations, refunds with and
 * without a ticket, changes, a zone's midnight and pages. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void at(const char *time)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t us;

	ok(when_parse(time, &ctx, &us, NULL, NULL, NULL) == 0, "%s", time);
	clock_test_set(d.clock, us);
	db_close(d.reader);
	ok(reader_open(&d.core, &d.reader, &d.err) == 0, "time passes");
	writer_tend(d.writer);
}

static void sell(const char *category, int count, char code[32])
{
	char params[200];

	snprintf(params, sizeof(params),
	    "{'event':'fair','line':[{'category':'%s','count':%d}],'pay':'cash'}", category, count);
	is_int(desk(&d, "order.create", params), 0, "an order");
	snprintf(code, 32, "%s", desk_text(&d, "code"));
}

static int act(const char *method, const char *code, const char *sub, const char *more)
{
	char params[200];

	snprintf(params, sizeof(params), "{'code':'%s%s'%s}", code, sub, more);
	return desk(&d, method, params);
}

static const char *key(int i)
{
	char path[40];

	snprintf(path, sizeof(path), "items.%d.key", i);
	return desk_text(&d, path);
}

/* The line i is this; amounts in minor units. */
static void line(int i, const char *name, int64_t orders, int64_t tickets, int64_t amount, int64_t refunded)
{
	char path[40];

	if (name)
		is_str(key(i), name, "its key");
	snprintf(path, sizeof(path), "items.%d.orders", i);
	is_int(desk_int(&d, path), orders, "orders");
	snprintf(path, sizeof(path), "items.%d.tickets", i);
	is_int(desk_int(&d, path), tickets, "tickets");
	snprintf(path, sizeof(path), "items.%d.amount.amount", i);
	is_int(desk_int(&d, path), amount, "amount");
	snprintf(path, sizeof(path), "items.%d.refunded.amount", i);
	is_int(desk_int(&d, path), refunded, "refunded");
}

/* The lines come to the sums of the whole. */
static void adds_up(const char *what)
{
	static const char *const sums[] = {"amount.amount", "refunded.amount"};

	for (size_t k = 0; k < 2; k++) {
		int64_t sum = 0;

		for (int i = 0; i < desk_count(&d, "items"); i++) {
			char path[60];

			snprintf(path, sizeof(path), "items.%d.%s", i, sums[k]);
			sum += desk_int(&d, path);
		}
		is_int(sum, desk_int(&d, sums[k]), what);
	}
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'fair','name':'F','start':'2026-06-13','currency':'EUR','zone':'Europe/Berlin'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'fair','name':'ga','price':'45','size':100}"), 0, "ga");
	is_int(desk(&d, "category.create", "{'event':'fair','name':'student','price':'30','size':100}"), 0,
	    "student");
	is_int(desk(&d, "event.publish", "{'event':'fair'}"), 0, "on sale");
}

static void two_days(void)
{
	char code[32];

	at("2026-06-01T21:30:00Z"); /* 23:30 in Berlin */
	sell("ga", 2, code);
	is_int(act("refund.create", code, "/1", ",'keep_fee':'5.00','void_ticket':true"), 0, "a ticket back");
	at("2026-06-01T22:10:00Z"); /* the next day there */
	sell("student", 3, code);
	is_int(act("refund.create", code, "", ",'amount':'10'"), 0, "a part of the whole back");
	at("2026-06-02T08:00:00Z");
	sell("ga", 4, code);
	is_int(act("order.cancel", code, "", ",'keep_fee':'20.00'"), 0, "cancelled for a fee");
	sell("ga", 1, code);
	is_int(desk(&d, "order.create",
		   "{'event':'fair','line':[{'category':'ga','count':9}],'pay':'bank'}"),
	    0, "one that waits counts for nothing");
}

static void by_time(void)
{
	is_int(desk(&d, "report.sales", "{'event':'fair'}"), 0, "by day");
	is_int(desk_count(&d, "items"), 2, "two days, by the event's clock");
	line(0, "2026-06-01", 1, 1, 9000 - 4000, 4000);
	line(1, "2026-06-02", 2, 4, 9000 - 1000 + 2000 + 4500, 1000);
	is_int(desk_int(&d, "orders"), 3, "three stand");
	adds_up("days");
	is_int(desk(&d, "report.sales", "{'event':'fair','by':'hour'}"), 0, "by hour");
	is_int(desk_count(&d, "items"), 3, "three hours with orders");
	is_str(key(1), "2026-06-02 00:00", "the first after midnight");
	line(2, "2026-06-02 10:00", 1, 1, 6500, 0);
	adds_up("hours");
	is_int(desk(&d, "report.sales", "{'event':'fair','since':'2026-06-02','until':'2026-06-02'}"), 0,
	    "a day alone");
	is_int(desk_count(&d, "items"), 1, "is one line");
	line(0, "2026-06-02", 2, 4, 14500, 1000);
}

static void by_category(void)
{
	is_int(desk(&d, "report.sales", "{'event':'fair','by':'category'}"), 0, "by category");
	is_int(desk_count(&d, "items"), 3, "and what is of none");
	line(0, "ga", 2, 2, 9000 - 4000 + 4500, 4000); /* what was cancelled is no longer its own */
	line(1, "student", 1, 3, 9000, 0);
	line(2, NULL, 0, 0, -1000 + 2000, 1000);
	is_int(desk_int(&d, "tickets"), 5, "five admit");
	adds_up("categories");
}

/* A day on which all was cancelled still has its fee, and the lines come to the sum. */
static void cancelled_alone(void)
{
	char code[32];

	at("2026-06-03T08:00:00Z");
	sell("ga", 1, code);
	is_int(act("order.cancel", code, "", ",'keep_fee':'7.00'"), 0, "cancelled for a fee");
	is_int(desk(&d, "report.sales", "{'event':'fair'}"), 0, "by day");
	is_int(desk_count(&d, "items"), 3, "three days");
	line(2, "2026-06-03", 0, 0, 700, 0);
	adds_up("days");
	is_int(desk(&d, "report.sales", "{'event':'fair','limit':2}"), 0, "two of the days");
	is_int(desk_int(&d, "amount.amount"), 5000 + 14500 + 700, "and the sum of all");
	is_int(desk(&d, "report.sales", "{'event':'fair','since':'2026-03-29 02:30'}"), 0,
	    "since a time that the clock skips");
	is_str(desk_text(&d, "odd_times.0.field"), "since", "is told");
}

static void pages(void)
{
	char params[300];

	is_int(desk(&d, "report.sales", "{'event':'fair','by':'hour','limit':2}"), 0, "a page");
	is_int(desk_count(&d, "items"), 2, "of two");
	snprintf(params, sizeof(params), "{'event':'fair','by':'hour','limit':2,'cursor':'%s'}",
	    desk_text(&d, "next"));
	is_int(desk(&d, "report.sales", params), 0, "the next");
	is_int(desk_count(&d, "items"), 1, "has the rest");
	is_str(key(0), "2026-06-02 10:00", "which is the last");
	is_int(desk_int(&d, "orders"), 3, "and the same sums");
	is_int(desk(&d, "report.sales", "{'event':'none'}"), TIX_ENOT_FOUND, "no such event");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "sales"))
		return done_testing();
	set_up();
	two_days();
	by_time();
	by_category();
	pages();
	cancelled_alone();
	desk_clean(&d, "after sales");
	desk_close(&d);
	return done_testing();
}
