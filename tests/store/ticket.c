/* SPDX-License-Identifier: MIT */
/* Tickets after the sale, notes, history and explanation of orders. */
#include "base/mem.h"
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;
static char order[32], code[2][64]; /* of the first order */

/* method with {'ticket':'ORDER/n'...}. */
static int on_ticket(const char *method, int n, const char *more)
{
	char params[300];

	snprintf(params, sizeof(params), "{'ticket':'%.20s/%d'%.200s}", order, n, more);
	return desk(&d, method, params);
}

static int on_code(const char *method, const char *field, const char *value)
{
	char params[300];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'}", field, value);
	return desk(&d, method, params);
}

static void stock_is(int64_t sold, int64_t blocked, int64_t free, const char *what)
{
	is_int(desk(&d, "quota.show", "{'event':'gig','name':'ga'}"), 0, what);
	is_int(desk_int(&d, "sold"), sold, "sold");
	is_int(desk_int(&d, "blocked"), blocked, "blocked");
	is_int(desk_int(&d, "free"), free, "free");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':100}"),
	    0, "category");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(
	    desk(&d, "order.create",
		"{'event':'gig','line':[{'category':'ga','count':3}],'pay':'cash','name':'Ann'}"),
	    0, "an order of three");
	snprintf(order, sizeof(order), "%s", desk_text(&d, "code"));
	snprintf(code[0], sizeof(code[0]), "%s", desk_text(&d, "tickets.0.code"));
	snprintf(code[1], sizeof(code[1]), "%s", desk_text(&d, "tickets.1.code"));
}

static void test_holder(void)
{
	is_int(on_ticket("ticket.set", 1, ",'name':'Żółć','email':'z@example.org'"), 0,
	    "a ticket is for somebody");
	is_str(desk_text(&d, "name"), "Żółć", "whose name it says");
	is_str(desk_text(&d, "code"), code[0], "its code is the same");
	is_int(on_ticket("ticket.set", 1, ",'email':null"), 0, "without an address");
	is_int(on_code("ticket.show", "ticket", code[0]), 0, "by its code");
	is_str(desk_text(&d, "name"), "Żółć", "the name stays");
	ok(!desk_text(&d, "email"), "the address is gone");
	is_int(on_ticket("ticket.set", 1, ",'name':null"), 0, "for nobody again");
	is_int(on_ticket("ticket.show", 1, ""), 0, "shown");
	ok(!desk_text(&d, "name"), "without a name");
	is_int(on_ticket("ticket.set", 2, ",'name':'Bo'"), 0, "another is for Bo");
	is_int(on_ticket("ticket.set", 9, ",'name':'Bo'"), TIX_ENOT_FOUND, "there is no ninth");
	is_int(on_code("ticket.show", "ticket", order), TIX_EBAD_VALUE, "an order is no ticket");
}

static void test_reissue(void)
{
	is_int(on_code("ticket.reissue", "ticket", code[0]), 0, "a new code");
	ok(strcmp(desk_text(&d, "code"), code[0]) != 0, "is another one");
	is_int(on_code("ticket.show", "ticket", code[0]), TIX_ENOT_FOUND, "the old one is dead");
	is_int(on_code("ticket.reissue", "ticket", code[0]), TIX_ENOT_FOUND, "and does nothing");
	snprintf(code[0], sizeof(code[0]), "%s", "");
	is_int(on_ticket("ticket.show", 1, ""), 0, "its number finds it");
	snprintf(code[0], sizeof(code[0]), "%s", desk_text(&d, "code"));
	is_int(on_code("order.show", "code", code[0]), 0, "the new code finds the order");
	is_int(on_ticket("ticket.reissue", 1, ",'idempotency_key':'k','dry_run':false"), 0,
	    "again, with a key");
	snprintf(code[0], sizeof(code[0]), "%s", desk_text(&d, "code"));
	is_int(on_ticket("ticket.reissue", 1, ",'idempotency_key':'k','dry_run':false"), 0,
	    "the same key");
	is_str(desk_text(&d, "code"), code[0], "is the same code");
	is_int(desk_int(&d, "replayed"), 1, "replayed");
	is_int(on_ticket("ticket.reissue", 1, ",'dry_run':true"), 0, "tried");
	is_int(on_code("ticket.show", "ticket", code[0]), 0, "a trial kills no code");
}

static void test_void(void)
{
	stock_is(3, 0, 97, "three are sold");
	is_int(on_ticket("ticket.void", 2, ",'reason':'lost'"), 0, "voided");
	is_str(desk_text(&d, "state"), "void", "and says so");
	stock_is(2, 0, 98, "its seat is back");
	is_int(on_ticket("ticket.void", 3, ",'keep_seat':true"), 0, "voided without its seat");
	stock_is(1, 1, 98, "which is blocked");
	is_int(on_ticket("ticket.void", 2, ""), TIX_EWRONG_STATE, "not twice");
	ok(strstr(d.err.message, "is void") && strstr(d.err.message, "cannot make it void"),
	    "both states are named: %s", d.err.message);
	is_int(on_ticket("ticket.reissue", 2, ""), TIX_EWRONG_STATE, "no new code");
	is_int(on_ticket("ticket.set", 2, ",'name':'Eve'"), TIX_EWRONG_STATE, "for nobody now");
	is_int(on_code("order.show", "code", order), 0, "the order");
	is_str(desk_text(&d, "state"), "paid", "is paid as before");
	is_str(desk_text(&d, "tickets.1.state"), "void", "its ticket is void");
}

static void test_list(void)
{
	char params[200], *next;

	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':2}],'pay':'comp'}"),
	    0, "another order");
	is_int(desk(&d, "ticket.list", "{'event':'gig'}"), 0, "the door's list");
	is_int(desk_count(&d, "items"), 5, "has all five");
	is_str(desk_text(&d, "items.1.name"), "Bo", "with names");
	is_int(desk(&d, "ticket.list", "{'event':'gig','state':['valid']}"), 0, "the valid ones");
	is_int(desk_count(&d, "items"), 3, "are three");
	is_str(desk_text(&d, "items.0.buyer"), "Ann", "with who bought them");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'vip','price':'20','size':2}"), 0,
	    "another category");
	is_int(desk(&d, "ticket.list", "{'event':'gig','category':'vip'}"), 0, "its list");
	is_int(desk_count(&d, "items"), 0, "is empty");
	is_int(desk(&d, "ticket.list", "{'event':'gig','category':'ga','state':['void']}"), 0,
	    "the void ones of a category");
	is_int(desk_count(&d, "items"), 2, "are two");
	is_int(desk(&d, "ticket.list", "{'event':'gig','category':'none'}"), TIX_ENOT_FOUND,
	    "of none");
	is_int(desk(&d, "ticket.list", "{'event':'gig','limit':3}"), 0, "a page");
	next = strdup(desk_text(&d, "next"));
	snprintf(params, sizeof(params), "{'event':'gig','limit':3,'cursor':'%s'}", next);
	is_int(desk(&d, "ticket.list", params), 0, "the next page");
	is_int(desk_count(&d, "items"), 2, "has the rest");
	ok(!desk_text(&d, "next"), "and is the last");
	snprintf(params, sizeof(params), "{'event':'gig','state':['void'],'cursor':'%s'}", next);
	is_int(desk(&d, "ticket.list", params), TIX_EBAD_VALUE, "a cursor of another filter");
	free(next);
	desk_as(&d, "nobody", NULL);
	is_int(desk(&d, "ticket.list", "{'event':'gig'}"), TIX_ENOT_FOUND, "not another's");
	is_int(on_ticket("ticket.void", 1, ""), TIX_ENOT_FOUND, "nor to be voided");
	desk_as(&d, NULL, NULL);
}

static void test_note(void)
{
	char params[200];
	AUTO(str) char *history = NULL;

	snprintf(params, sizeof(params), "{'code':'%s','note':'aisle, Mr. X'}", order);
	is_int(desk(&d, "order.note", params), 0, "a note");
	is_str(desk_text(&d, "note"), "aisle, Mr. X", "is kept");
	is_int(on_code("order.history", "code", order), 0, "the journal");
	history = json_dumps(d.reply, 0);
	ok(history && !strstr(history, "Mr. X"), "does not repeat it");
	snprintf(params, sizeof(params), "{'code':'%s','note':null}", order);
	is_int(desk(&d, "order.note", params), 0, "cleared");
	ok(!desk_text(&d, "note"), "gone");
}

static void test_history(void)
{
	static const char *const topics[] = {"order.paid", "ticket.changed", "ticket.changed",
	    "ticket.changed", "ticket.changed", "ticket.reissued", "ticket.reissued",
	    "ticket.voided", "ticket.voided", "order.noted", "order.noted"};
	char params[300], path[40];

	is_int(on_code("order.history", "code", order), 0, "what happened to it");
	is_int(desk_count(&d, "items"), 11, "eleven things");
	for (int i = 0; i < 11; i++) {
		snprintf(path, sizeof(path), "items.%d.topic", i);
		is_str(desk_text(&d, path), topics[i], "in order");
	}
	is_str(desk_text(&d, "items.7.reason"), "lost", "with the reason");
	snprintf(params, sizeof(params), "{'code':'%s','limit':4}", order);
	is_int(desk(&d, "order.history", params), 0, "a page of it");
	is_int(desk_count(&d, "items"), 4, "of four");
	snprintf(params, sizeof(params), "{'code':'%s','limit':7,'cursor':'%s'}", order,
	    desk_text(&d, "next"));
	is_int(desk(&d, "order.history", params), 0, "the rest");
	is_int(desk_count(&d, "items"), 7, "is seven");
	ok(!desk_text(&d, "next"), "and the end");
	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}"), 0,
	    "a hold");
	snprintf(params, sizeof(params), "{'hold':'%s','pay':'comp'}", desk_text(&d, "code"));
	clock_test_set(d.clock, DESK_NOW + 60 * USEC_PER_SEC);
	is_int(desk(&d, "order.create", params), 0, "is sold later");
	is_int(on_code("order.history", "code", desk_text(&d, "code")), 0, "its history");
	is_str(desk_text(&d, "items.0.topic"), "hold.created", "begins with the hold");
	is_str(desk_text(&d, "items.1.topic"), "order.paid", "and goes on with the sale");
	is_int(desk_count(&d, "items"), 2, "that is all");
}

static void test_explain(void)
{
	is_int(on_code("order.explain", "code", order), 0, "explained");
	is_int(desk_int(&d, "items.0.count"), 3, "three");
	is_int(desk_int(&d, "items.0.amount.amount"), 3000, "come to 30.00");
	is_int(desk_int(&d, "total.amount"), 3000, "the total");
	is_str(desk_text(&d, "money.0.what"), "captured /p1", "a payment");
	is_int(desk_int(&d, "balance.amount"), 0, "nothing is left");
}

/* Of many orders made at the same time the history finds each. */
static void test_same_time(void)
{
	char codes[700][16];
	int good = 0;

	for (int i = 0; i < 700; i++) {
		desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}");
		snprintf(codes[i], sizeof(codes[i]), "%s", desk_text(&d, "code"));
		on_code("hold.release", "hold", codes[i]);
	}
	for (int i = 0; i < 700; i++) {
		on_code("order.history", "code", codes[i]);
		good += desk_count(&d, "items") == 2 &&
			strcmp(desk_text(&d, "items.0.subject"), codes[i]) == 0 &&
			strcmp(desk_text(&d, "items.1.topic"), "hold.released") == 0;
	}
	is_int(good, 700, "each of 700 holds of one moment has its history");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "ticket"))
		return done_testing();
	set_up();
	test_holder();
	test_reissue();
	test_void();
	test_list();
	test_note();
	test_history();
	test_explain();
	test_same_time();
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_count(&d, "findings"), 0, "finds nothing");
	desk_close(&d);
	return done_testing();
}
