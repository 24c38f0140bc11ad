/* SPDX-License-Identifier: MIT */
/* The closing of days in currencies of 0, 2, 3 and 4 decimals: every sum as it must be, one day's
 * end the next one's beginning, each account in balance, and nothing lost between two zones. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#define DAY (INT64_C(86400) * USEC_PER_SEC)

static struct desk d;
static int64_t now = DESK_NOW;

/* A ticket at its price in minor units, as it is typed. */
static const struct money_case {
	const char *slug, *currency, *price, *part;
	int64_t minor, part_minor;
} cases[] = {
    {"tokyo", "JPY", "4500", "1000", 4500, 1000},
    {"paris", "EUR", "45.00", "10.01", 4500, 1001},
    {"kuwait", "KWD", "4.505", "1.001", 4505, 1001},
    {"santiago", "CLF", "0.4501", "0.1001", 4501, 1001},
};
#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

static void to(int64_t at)
{
	now = at;
	clock_test_set(d.clock, now);
	db_close(d.reader);
	ok(reader_open(&d.core, &d.reader, &d.err) == 0, "time passes");
	writer_tend(d.writer);
}

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[400];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.250s}", field, value, more);
	return desk(&d, method, params);
}

/* The line of a currency in the reply, 0 where there is none. */
static int64_t line(const char *currency, const char *what, const char *value)
{
	char path[60];

	for (int i = 0; i < desk_count(&d, "items"); i++) {
		snprintf(path, sizeof(path), "items.%d.what", i);
		if (strcmp(desk_text(&d, path), what) != 0)
			continue;
		snprintf(path, sizeof(path), "items.%d.amount.currency", i);
		if (strcmp(desk_text(&d, path), currency) != 0)
			continue;
		snprintf(path, sizeof(path), "items.%d.%s", i, value);
		return desk_int(&d, path);
	}
	return 0;
}

static int64_t amount(const char *currency, const char *what)
{
	return line(currency, what, "amount.amount");
}

/* before + debits - credits = the end. */
static void balanced(const char *currency)
{
	is_int(amount(currency, "receivable"),
	    amount(currency, "receivable_before") + amount(currency, "sold") -
		amount(currency, "taken_back") - amount(currency, "paid_cash") -
		amount(currency, "paid_bank") + amount(currency, "refunds_decided") -
		amount(currency, "refunds_withdrawn"),
	    "what is owed");
	is_int(amount(currency, "payable"),
	    amount(currency, "payable_before") + amount(currency, "refunds_decided") -
		amount(currency, "refunds_withdrawn") - amount(currency, "refunded_cash") -
		amount(currency, "refunded_bank"),
	    "what is to be given back");
}

static void sell(const struct money_case *k, const char *pay, const char *more, char code[32])
{
	char params[200];

	snprintf(params, sizeof(params),
	    "{'event':'%s','line':[{'category':'ga','count':2}],'pay':'%s'%s}", k->slug, pay, more);
	is_int(desk(&d, "order.create", params), 0, "an order");
	snprintf(code, 32, "%s", desk_text(&d, "code"));
	is_int(desk_int(&d, "total.amount"), 2 * k->minor, "at its price");
}

static void set_up(const struct money_case *k)
{
	char params[200];

	snprintf(params, sizeof(params),
	    "{'event':'%s','name':'E','start':'2026-06-13','currency':'%s'}", k->slug, k->currency);
	is_int(desk(&d, "event.create", params), 0, k->currency);
	snprintf(params, sizeof(params), "{'event':'%s','name':'ga','price':'%s','size':100}",
	    k->slug, k->price);
	is_int(desk(&d, "category.create", params), 0, "category");
	is_int(on("event.publish", "event", k->slug, ""), 0, "published");
}

static char waiting[CASES][32], held[CASES][32];

/* One sold, one that waits and is partly paid, one that runs out the next day, one held. */
static void first_day(int i)
{
	const struct money_case *k = &cases[i];
	char code[32], more[100];

	sell(k, "cash", "", code);
	sell(k, "bank", "", waiting[i]);
	snprintf(more, sizeof(more), ",'kind':'bank','amount':'%s'", k->part);
	is_int(on("payment.record", "code", waiting[i], more), 0, "a part");
	sell(k, "bank", ",'expires':'+25h'", code);
	snprintf(more, sizeof(more), ",'kind':'cash','amount':'%s'", k->part);
	is_int(on("payment.record", "code", code, more), 0, "a part of another");
	snprintf(more, sizeof(more),
	    ",'line':[{'category':'ga','count':1}],'expires':'+30h'");
	is_int(on("hold.create", "event", k->slug, more), 0, "a hold");
	snprintf(held[i], sizeof(held[i]), "%s", desk_text(&d, "code"));
}

/* The hold is sold, the waiting one paid too much and the rest given back, a ticket refunded. */
static void second_day(int i)
{
	const struct money_case *k = &cases[i];
	char more[100], refund[64];

	is_int(on("order.create", "hold", held[i], ",'pay':'cash'"), 0, "the hold is sold");
	snprintf(more, sizeof(more), ",'kind':'bank','amount':{'amount':%lld,'currency':'%s'}",
	    (long long)(2 * k->minor), k->currency);
	is_int(on("payment.record", "code", waiting[i], more), 0, "the rest and more");
	is_str(desk_text(&d, "money"), "overpaid", "overpaid");
	is_int(on("refund.create", "code", waiting[i], ""), 0, "what is too much goes back");
	is_int(desk_int(&d, "amount.amount"), k->part_minor, "to the last unit");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.confirm", "refund", refund, ""), 0, "paid out");
	is_int(on("order.cancel", "code", held[i], ""), 0, "the one is cancelled");
	is_int(on("refund.create", "code", held[i], ""), 0, "its money decided");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.withdraw", "refund", refund, ""), 0, "in the wrong way");
	is_int(on("refund.create", "code", held[i], ",'kind':'cash'"), 0, "and decided anew");
}

static void check_first(const struct money_case *k)
{
	is_int(amount(k->currency, "sold"), 6 * k->minor, "three orders sold");
	is_int(line(k->currency, "sold", "count"), 3, "are three");
	is_int(amount(k->currency, "paid_cash"), 2 * k->minor + k->part_minor, "cash");
	is_int(amount(k->currency, "paid_bank"), k->part_minor, "bank");
	is_int(amount(k->currency, "taken_back"), 0, "nothing taken back");
	is_int(amount(k->currency, "receivable"), 4 * k->minor - 2 * k->part_minor, "owed");
	is_int(amount(k->currency, "payable"), 0, "nothing to be given back");
	is_int(amount(k->currency, "receivable_before"), 0, "nothing before");
	balanced(k->currency);
}

static void check_second(const struct money_case *k)
{
	is_int(amount(k->currency, "sold"), k->minor, "the hold was sold");
	is_int(amount(k->currency, "taken_back"), 3 * k->minor,
	    "the hold and what ran out were taken back");
	is_int(amount(k->currency, "paid_cash"), k->minor, "cash");
	is_int(amount(k->currency, "paid_bank"), 2 * k->minor, "bank");
	is_int(amount(k->currency, "refunds_decided"), 2 * k->minor + 2 * k->part_minor,
	    "decided");
	is_int(amount(k->currency, "refunds_withdrawn"), k->minor, "but for what was withdrawn");
	is_int(amount(k->currency, "refunded_bank"), k->part_minor, "paid out");
	is_int(amount(k->currency, "refunded_cash"), 0, "no cash yet");
	is_int(amount(k->currency, "receivable"), 0, "nobody owes");
	is_int(amount(k->currency, "payable"), k->minor + k->part_minor, "to be given back");
	is_int(amount(k->currency, "receivable_before"), 4 * k->minor - 2 * k->part_minor,
	    "as the day before ended");
	balanced(k->currency);
}

static void close_day(const char *day, const char *more)
{
	is_int(on("report.close", "day", day, more), 0, day);
}

static void test_closings(void)
{
	close_day("2026-01-01", "");
	is_int(desk_count(&d, "items"), CASES * 12, "twelve lines a currency");
	for (int i = 0; i < CASES; i++)
		check_first(&cases[i]);
	close_day("2026-01-02", "");
	for (int i = 0; i < CASES; i++)
		check_second(&cases[i]);
	close_day("2026-01-02", ",'event':'kuwait'");
	is_int(desk_count(&d, "items"), 12, "one event has one currency");
	check_second(&cases[2]);
	is_str(desk_text(&d, "from"), "2026-01-02T00:00:00Z", "its day");
	is_str(desk_text(&d, "to"), "2026-01-03T00:00:00Z", "and its end");
	close_day("2025-12-31", "");
	is_int(amount("EUR", "sold") + amount("EUR", "receivable"), 0, "the day before is empty");
	close_day("2026-01-05", "");
	is_int(amount("EUR", "sold"), 0, "a day to come, too");
	is_int(amount("EUR", "payable"), amount("EUR", "payable_before"), "but for the balances");
}

static void test_refused(void)
{
	is_int(on("report.close", "day", "2026-01-02 10:00", ""), TIX_EBAD_VALUE, "a time");
	is_int(on("report.close", "day", "today", ",'event':'nowhere'"), TIX_ENOT_FOUND, "no event");
	is_int(on("report.close", "day", "today", ",'organizer':'nobody'"), TIX_ENOT_FOUND,
	    "no organizer");
	is_int(on("report.close", "day", "2026-01-01", ",'organizer':'default','limit':13"), 0,
	    "a page");
	is_int(desk_count(&d, "items"), 13, "of thirteen");
	ok(desk_text(&d, "next"), "and more");
	desk_as(&d, "default", "paris");
	close_day("2026-01-02", "");
	is_int(desk_count(&d, "items"), 12, "who is bound to an event sees that alone");
	check_second(&cases[1]);
	is_int(on("report.close", "day", "today", ",'event':'tokyo'"), TIX_ENOT_FOUND,
	    "and no other");
	desk_as(&d, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "close"))
		return done_testing();
	for (int i = 0; i < CASES; i++)
		set_up(&cases[i]);
	to(DESK_NOW + 20 * 3600 * USEC_PER_SEC);
	for (int i = 0; i < CASES; i++)
		first_day(i);
	to(DESK_NOW + DAY + 2 * 3600 * USEC_PER_SEC - 1);
	for (int i = 0; i < CASES; i++)
		second_day(i);
	to(DESK_NOW + DAY + 22 * 3600 * USEC_PER_SEC);
	desk_clean(&d, "after two days");
	test_closings();
	test_refused();
	desk_close(&d);
	return done_testing();
}
