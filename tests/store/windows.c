/* SPDX-License-Identifier: MIT */
/* Windows of sale that follow their event, and those that do not. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void window(const char *name, const char *from, const char *to)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'gig','name':'%s'}", name);
	is_int(desk(&d, "category.show", params), 0, name);
	is_str(desk_text(&d, "sale_from"), from, "sold from");
	is_str(desk_text(&d, "sale_to"), to, "and to");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13 20:00','doors':'2026-06-13 "
		   "19:00','end':'2026-06-13 23:00','zone':'Europe/Berlin','currency':'EUR'}"),
	    0, "an event");
	is_int(desk(&d, "category.create",
		   "{'event':'gig','name':'early','price':'10','size':10,'sale_from':'120d "
		   "before','sale_to':'14d before'}"),
	    0, "a window by days");
	is_str(desk_text(&d, "sale_from_rule"), "120d before", "the rule is told as typed");
	is_str(desk_text(&d, "sale_to_rule"), "14d before", "both");
	is_int(desk(&d, "category.create",
		   "{'event':'gig','name':'late','price':'20','size':10,'sale_from':'2026-05-01','"
		   "sale_to':'doors'}"),
	    0, "a window to the doors");
	ok(json_is_null(desk_at(&d, "sale_from_rule")), "a date is no rule");
	is_int(desk(&d, "category.create",
		   "{'event':'gig','name':'door','price':'25','size':10,'sale_from':'2h before "
		   "doors','sale_to':'end'}"),
	    0, "a window around the evening");
	window("early", "2026-02-13T19:00:00Z", "2026-05-30T18:00:00Z");
	window("late", "2026-04-30T22:00:00Z", "2026-06-13T17:00:00Z");
	window("door", "2026-06-13T15:00:00Z", "2026-06-13T21:00:00Z");
}

static void test_move(void)
{
	is_int(desk(&d, "event.set",
		   "{'event':'gig','start':'2026-07-13 20:00','doors':'2026-07-13 "
		   "18:30','end':'2026-07-13 22:00'}"),
	    0, "the event moves");
	is_str(desk_text(&d, "event"), "gig", "and is shown");
	window("early", "2026-03-15T19:00:00Z", "2026-06-29T18:00:00Z");
	window("late", "2026-04-30T22:00:00Z", "2026-07-13T16:30:00Z");
	window("door", "2026-07-13T14:30:00Z", "2026-07-13T20:00:00Z");
	is_int(desk(&d, "event.set", "{'event':'gig','zone':'UTC'}"), 0, "its zone alone");
	window("early", "2026-03-15T18:00:00Z", "2026-06-29T18:00:00Z");
	is_int(desk(&d, "event.set", "{'event':'gig','zone':'Europe/Berlin'}"), 0, "and back");
	window("early", "2026-03-15T19:00:00Z", "2026-06-29T18:00:00Z");
}

static void test_refused(void)
{
	is_int(desk(&d, "event.set", "{'event':'gig','doors':null}"), TIX_EBAD_VALUE,
	    "doors that a window needs stay");
	ok(strstr(d.err.message, "gig/late"), "it names the category: %s", d.err.message);
	is_int(
	    desk(&d, "event.set",
		"{'event':'gig','start':'2026-04-13 20:00','doors':null,'end':null}"),
	    TIX_EBAD_VALUE, "nor may a window end before it begins");
	window("late", "2026-04-30T22:00:00Z", "2026-07-13T16:30:00Z");
	is_int(desk(&d, "category.set", "{'event':'gig','name':'door','sale_to':'2h hence'}"),
	    TIX_EBAD_VALUE, "a rule must be one");
	is_int(desk(&d, "category.set", "{'event':'gig','name':'door','sale_to':'+300d'}"), 0,
	    "from now is a time");
	ok(json_is_null(desk_at(&d, "sale_to_rule")), "that stays");
	is_int(desk(&d, "category.set", "{'event':'gig','name':'door','sale_from':null}"), 0,
	    "and null is none");
	ok(json_is_null(desk_at(&d, "sale_from_rule")), "not by rule either");
	is_int(
	    desk(&d, "category.set", "{'event':'gig','name':'door','title':'Door'}"), 0, "set");
	ok(json_is_null(desk_at(&d, "sale_from")), "nothing comes back");
}

/* What sales remember moves along. */
static void test_sale(void)
{
	const char *sale = "{'event':'gig','line':[{'category':'early','count':1}],'pay':'cash'}";

	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(desk(&d, "order.create", sale), TIX_EWRONG_STATE, "too early");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','start':'2026-03-01 20:00','doors':'2026-03-01 "
		   "19:00','end':'2026-03-01 23:00'}"),
	    TIX_EBAD_VALUE, "late would end before it begins");
	is_int(desk(&d, "category.set", "{'event':'gig','name':'late','sale_from':null}"), 0,
	    "without its date");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','start':'2026-03-01 20:00','doors':'2026-03-01 "
		   "19:00','end':'2026-03-01 23:00'}"),
	    0, "the event comes nearer");
	is_int(desk(&d, "order.create", sale), 0, "and it is on sale");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "is content");
}

static void test_import(void)
{
	is_int(desk(&d, "event.import",
		   "{'events':[{'event':'gig','name':'Gig','start':'2026-04-01 20:00','doors':"
		   "'2026-04-01 18:00','end':'2026-04-01 23:00','zone':'Europe/Berlin',"
		   "'categories':[{'name':'early','price':'12'},{'name':'new','price':'1','sale_to':"
		   "'1h after start'}]}]}"),
	    0, "an import moves the event");
	is_int(desk_int(&d, "changed"), 1, "once");
	window("early", "2025-12-02T19:00:00Z", "2026-03-18T19:00:00Z");
	is_int(desk_int(&d, "price.amount"), 1200, "with its new price");
	is_str(desk_text(&d, "sale_from_rule"), "120d before", "and its rule");
	is_int(desk(&d, "category.show", "{'event':'gig','name':'late'}"), 0, "one not named");
	is_str(desk_text(&d, "sale_to"), "2026-04-01T16:00:00Z", "moves too");
	is_int(desk(&d, "category.show", "{'event':'gig','name':'new'}"), 0, "a new one");
	is_str(desk_text(&d, "sale_to_rule"), "1h after start", "has its rule");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "is content");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "windows"))
		return done_testing();
	set_up();
	test_move();
	test_refused();
	test_sale();
	test_import();
	desk_close(&d);
	return done_testing();
}
