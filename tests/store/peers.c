/* SPDX-License-Identifier: MIT */
/* What other ticket systems are known to get wrong, each case named after the failure, and that it
 * does not happen here. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#define HOUR (INT64_C(3600) * USEC_PER_SEC)

static struct desk d;

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[600];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.450s}", field, value, more);
	return desk(&d, method, params);
}

/* An order of n tickets of a category of an event. */
static int sell(const char *event, const char *category, int n)
{
	char params[300];

	snprintf(params, sizeof(params),
	    "{'event':'%.40s','line':[{'category':'%.40s','count':%d}],'pay':'cash'}", event,
	    category, n);
	return desk(&d, "order.create", params);
}

static int hold(const char *event, const char *category, int n, char code[32])
{
	char params[300];
	int r;

	snprintf(params, sizeof(params),
	    "{'event':'%.40s','line':[{'category':'%.40s','count':%d}]}", event, category, n);
	r = desk(&d, "hold.create", params);
	snprintf(code, 32, "%s", r == 0 ? desk_text(&d, "code") : "");
	return r;
}

static int64_t count(const char *event, const char *quota, const char *what)
{
	char params[200];

	snprintf(params, sizeof(params), "{'event':'%.40s','name':'%.40s'}", event, quota);
	desk(&d, "quota.show", params);
	return desk_int(&d, what);
}

/* It is then: a reader that an audit gave fifteen minutes is opened anew. */
static void at(int64_t now)
{
	clock_test_set(d.clock, now);
	db_close(d.reader);
	if (reader_open(&d.core, &d.reader, &d.err) < 0)
		ok(false, "a reader");
}

static void event(const char *slug, const char *more)
{
	char params[300];

	snprintf(params, sizeof(params),
	    "{'event':'%.40s','name':'E','start':'2026-06-13 20:00','currency':'EUR'%.150s}", slug,
	    more);
	is_int(desk(&d, "event.create", params), 0, "an event");
}

static int make(const char *method, const char *slug, const char *name, const char *more)
{
	char params[400];

	snprintf(
	    params, sizeof(params), "{'event':'%.40s','name':'%.40s'%.250s}", slug, name, more);
	return desk(&d, method, params);
}

static void on_sale(const char *slug)
{
	is_int(on("event.publish", "event", slug, ""), 0, "on sale");
}

/* The seats of a category are the least that its quotas have: one that is empty blocks nobody who
 * does not draw on it. */
static void test_sold_out_while_free_quota_exists(void)
{
	event("two", "");
	make("category.create", "two", "seat", ",'price':'10'");
	make("category.create", "two", "floor", ",'price':'8'");
	make("category.create", "two", "box", ",'price':'50','size':2");
	make("quota.create", "two", "stalls", ",'size':3,'categories':['seat']");
	make("quota.create", "two", "fire", ",'size':5,'categories':['seat','floor']");
	on_sale("two");
	is_int(sell("two", "seat", 6), TIX_ESOLD_OUT, "more than either has");
	ok(strstr(d.err.message, "two/seat has 3 left, 6 asked") != NULL, "the least is left: %s", d.err.message);
	is_int(sell("two", "seat", 3), 0, "all of the stalls");
	is_int(sell("two", "seat", 1), TIX_ESOLD_OUT, "the stalls are full");
	ok(strstr(d.err.message, "two/seat has 0 left, 1 asked") != NULL, "none is left: %s", d.err.message);
	is_int(sell("two", "floor", 2), 0, "there is room on the floor");
	is_int(sell("two", "floor", 1), TIX_ESOLD_OUT, "until the house is full");
	is_int(sell("two", "box", 2), 0, "a quota of its own is asked alone");
	is_int(desk(&d, "category.show", "{'event':'two','name':'seat'}"), 0, "shown");
	is_int(desk_int(&d, "free"), 0, "the least is shown");
	make("quota.set", "two", "fire", ",'size':9");
	is_int(desk(&d, "category.show", "{'event':'two','name':'floor'}"), 0, "shown");
	is_int(desk_int(&d, "free"), 4, "of its own quotas only");
	desk_clean(&d, "two quotas");
}

static void test_two_refunds_exceed_the_payment(void)
{
	char code[32];

	is_int(sell("two", "floor", 2), 0, "16.00");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("refund.create", "code", code, ",'amount':'10'"), 0, "10.00 is pending");
	is_int(
	    on("refund.create", "code", code, ",'amount':'10'"), TIX_ELIMIT, "and counts as spent");
	is_int(on("refund.create", "code", code, ",'amount':'6'"), 0, "the rest");
	is_int(on("refund.create", "code", code, ""), TIX_ELIMIT, "no more");
	desk_clean(&d, "refunds");
}

static void test_cancelled_twice(void)
{
	int64_t sold = count("two", "fire", "sold");
	char code[32];

	is_int(sell("two", "floor", 2), 0, "two");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled");
	is_int(on("order.cancel", "code", code, ""), TIX_EWRONG_STATE, "once");
	is_int(count("two", "fire", "sold"), sold, "its seats are back once");
	desk_clean(&d, "cancelled");
}

/* Its seats went to somebody else meanwhile. */
static void test_expired_hold_sold_a_minute_later(void)
{
	char code[32];

	event("late", "");
	make("category.create", "late", "seat", ",'price':'10','size':2");
	on_sale("late");
	is_int(hold("late", "seat", 2, code), 0, "both are held");
	is_int(sell("late", "seat", 1), TIX_ESOLD_OUT, "nothing is left");
	at(clock_now(d.clock) + 11 * 60 * USEC_PER_SEC);
	is_int(sell("late", "seat", 2), 0, "the hold is over: sold");
	is_int(on("order.create", "hold", code, ",'pay':'cash'"), TIX_EWRONG_STATE,
	    "not to the holder as well");
	ok(strstr(d.err.message, "is expired") != NULL, "which it says: %s", d.err.message);
	is_int(count("late", "seat", "sold"), 2, "two are sold");
	desk_clean(&d, "a late buyer");
}

static int pay(const char *code, const char *amount)
{
	char more[100];

	snprintf(more, sizeof(more), ",'kind':'bank','amount':'%.20s'", amount);
	return on("payment.record", "code", code, more);
}

/* The money of an order comes a minute after its time was over: its seats are taken again where
 * there are any, else the money is to be given back. Seats are sold once. */
static void test_expired_order_paid_a_minute_later(void)
{
	static const char place[] = "{'event':'bank','line':[{'category':'seat','count':2}],"
				    "'pay':'bank','expires':'+1h'}";
	char code[32], other[32];

	d.core.bank_deadline = 24 * HOUR;
	event("bank", "");
	make("category.create", "bank", "seat", ",'price':'10','size':2");
	on_sale("bank");
	is_int(desk(&d, "order.create", place), 0, "an order that waits");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	at(clock_now(d.clock) + HOUR + 60 * USEC_PER_SEC);
	is_int(pay(code, "20"), 0, "paid a minute late");
	is_str(desk_text(&d, "order_state"), "paid", "with its seats, which were free");
	is_int(count("bank", "seat", "sold"), 2, "two are sold");
	is_int(count("bank", "seat", "held"), 0, "none is held");
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled");
	is_int(desk(&d, "order.create", place), 0, "another that waits");
	snprintf(other, sizeof(other), "%s", desk_text(&d, "code"));
	at(clock_now(d.clock) + HOUR + 60 * USEC_PER_SEC);
	is_int(sell("bank", "seat", 1), 0, "one seat goes");
	is_int(pay(other, "20"), 0, "paid a minute late");
	is_str(desk_text(&d, "order_state"), "expired", "without its seats");
	ok(desk_text(&d, "refund") != NULL, "its money is to be given back");
	is_int(desk_int(&d, "balance.amount"), 0, "all of it");
	is_int(count("bank", "seat", "sold"), 1, "one is sold");
	desk_clean(&d, "late money");
}

/* A category with tickets sold and held, in order and out of it, goes to another quota. */
static void test_category_moved_between_quotas(void)
{
	char code[32], held[32], waits[32];

	event("move", "");
	make("category.create", "move", "seat", ",'price':'10'");
	make("category.create", "move", "other", ",'price':'10'");
	make("quota.create", "move", "old", ",'size':10,'categories':['seat','other']");
	make("quota.create", "move", "new", ",'size':6,'categories':['other']");
	on_sale("move");
	is_int(sell("move", "other", 1), 0, "one of the other");
	is_int(sell("move", "seat", 4), 0, "four");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("order.change", "code", code, ",'remove':['4']"), 0, "three after a change");
	is_int(hold("move", "seat", 1, held), 0, "one is held");
	is_int(desk(&d, "order.create",
		   "{'event':'move','line':[{'category':'seat','count':1}],'pay':'bank'}"),
	    0, "one waits for its money");
	snprintf(waits, sizeof(waits), "%s", desk_text(&d, "code"));
	is_int(make("quota.link", "move", "new", ",'categories':['seat']"), 0, "they fit: linked");
	is_int(desk_int(&d, "sold"), 4, "sold there");
	is_int(desk_int(&d, "held"), 2, "held there");
	is_int(make("quota.unlink", "move", "old", ",'categories':['seat']"), 0, "unlinked");
	is_int(desk_int(&d, "sold"), 1, "the other's stays");
	is_int(desk_int(&d, "held"), 0, "none is held");
	desk_clean(&d, "moved");
	is_int(sell("move", "seat", 1), TIX_ESOLD_OUT, "the new one is full");
	is_int(make("quota.link", "move", "old", ",'categories':['seat']"), 0, "and back");
	is_int(on("hold.release", "hold", held, ""), 0, "released in both");
	is_int(pay(waits, "10"), 0, "paid in both");
	is_int(on("order.cancel", "code", waits, ""), 0, "and cancelled");
	is_int(count("move", "new", "held"), 0, "here");
	is_int(count("move", "old", "held"), 0, "and there");
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled in both");
	is_int(count("move", "new", "sold"), 1, "the other's is left here");
	is_int(count("move", "old", "sold"), 1, "and there");
	is_int(make("quota.set", "move", "new", ",'size':1"), 0, "small");
	is_int(sell("move", "other", 1), TIX_ESOLD_OUT, "the least wins");
	make("quota.create", "move", "tiny", ",'size':0");
	is_int(make("quota.link", "move", "tiny", ",'categories':['other']"), TIX_ESOLD_OUT,
	    "what is sold does not fit: not linked");
	desk_clean(&d, "moved back");
}

/* What was agreed stays the instant it was; only what is said of it follows the zone. */
/* The same in one step, while it is on sale. */
static void test_category_moved_in_one_step(void)
{
	char held[32];

	event("step", "");
	make("category.create", "step", "seat", ",'price':'10'");
	make("category.create", "step", "other", ",'price':'10'");
	make("quota.create", "step", "old", ",'size':10,'categories':['seat','other']");
	make("quota.create", "step", "new", ",'size':6");
	make("quota.create", "step", "tiny", ",'size':4");
	on_sale("step");
	is_int(sell("step", "seat", 4), 0, "four");
	is_int(sell("step", "other", 1), 0, "one of the other");
	is_int(hold("step", "seat", 1, held), 0, "one is held");
	is_int(make("quota.move", "step", "old", ",'categories':['seat'],'to':'tiny'"),
	    TIX_ESOLD_OUT, "five do not fit into four");
	is_int(count("step", "old", "sold"), 5, "nothing has moved");
	is_int(make("quota.move", "step", "old", ",'categories':['seat','seat'],'to':'new'"), 0,
	    "into six they do");
	is_str(desk_text(&d, "name"), "new", "which is shown");
	is_int(desk_int(&d, "sold"), 4, "sold there");
	is_int(desk_int(&d, "held"), 1, "held there");
	is_int(count("step", "old", "sold"), 1, "the other's stays");
	is_int(count("step", "old", "held"), 0, "none is held");
	desk_clean(&d, "moved in one step");
	is_int(make("quota.move", "step", "old", ",'categories':['seat'],'to':'new'"), 0, "again");
	is_int(desk_int(&d, "unchanged"), 1, "there is nothing to do");
	is_int(make("quota.move", "step", "tiny", ",'categories':['other'],'to':'new'"),
	    TIX_ENOT_FOUND, "it draws on neither");
	is_int(make("quota.move", "step", "old", ",'categories':['other'],'to':'old'"),
	    TIX_EBAD_VALUE, "nor from one to the same");
	is_int(make("quota.move", "step", "old", ",'categories':['other'],'to':'none'"),
	    TIX_ENOT_FOUND, "nor to none");
	is_int(sell("step", "seat", 2), TIX_ESOLD_OUT, "one is left");
	is_int(make("quota.link", "step", "old", ",'categories':['seat']"), 0, "in both");
	is_int(make("quota.move", "step", "old", ",'categories':['seat','other'],'to':'new'"), 0,
	    "one that draws on both leaves one");
	is_int(desk_int(&d, "sold"), 5, "counted once");
	is_int(count("step", "old", "sold"), 0, "all have left");
	is_int(on("hold.release", "hold", held, ""), 0, "released");
	is_int(count("step", "new", "held"), 0, "where it went");
	desk_clean(&d, "all moved");
}

static void test_zone_changed_after_sales(void)
{
	static const char *const fields[] = {"sale_from", "sale_to"};
	char *was[4], code[32], held[32], *made, *until;
	char *start;

	event("zone", ",'zone':'Europe/Berlin','end':'2026-06-13 23:00'");
	start = strdup(desk_text(&d, "start"));
	is_str(start, "2026-06-13T18:00:00Z", "20:00 in Berlin");
	make("category.create", "zone", "seat",
	    ",'price':'10','size':9,'sale_from':'2025-12-01 10:00','sale_to':'1h before start'");
	for (int i = 0; i < 2; i++)
		was[i] = strdup(desk_text(&d, fields[i]));
	on_sale("zone");
	is_int(sell("zone", "seat", 1), 0, "sold");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	made = strdup(desk_text(&d, "created"));
	is_int(hold("zone", "seat", 1, held), 0, "held");
	until = strdup(desk_text(&d, "expires"));
	is_int(on("event.set", "event", "zone", ",'zone':'America/New_York'"), 0, "in New York");
	is_str(desk_text(&d, "start"), start, "it starts when it started");
	make("category.show", "zone", "seat", "");
	for (int i = 0; i < 2; i++)
		is_str(desk_text(&d, fields[i]), was[i], fields[i]);
	on("order.show", "code", code, "");
	is_str(desk_text(&d, "created"), made, "the order was made when it was made");
	on("hold.show", "hold", held, "");
	is_str(desk_text(&d, "expires"), until, "the hold ends when it ends");
	is_int(on("event.set", "event", "zone", ",'start':'2026-06-13 20:00','end':null"), 0,
	    "what is typed now");
	is_str(desk_text(&d, "start"), "2026-06-14T00:00:00Z", "is New York's time");
	make("category.show", "zone", "seat", "");
	is_str(desk_text(&d, "sale_from"), was[0], "the sale began when it was said to");
	is_str(desk_text(&d, "sale_to"), "2026-06-13T23:00:00Z", "and ends an hour before the start");
	at(clock_now(d.clock) + 11 * 60 * USEC_PER_SEC);
	is_int(sell("zone", "seat", 9), TIX_ESOLD_OUT, "nine are too many");
	is_int(sell("zone", "seat", 8), 0, "the hold ended in time");
	for (int i = 0; i < 2; i++)
		free(was[i]);
	free(made);
	free(until);
	free(start);
	desk_clean(&d, "another zone");
}

static void test_price_edited_during_a_hold(void)
{
	char code[32];

	event("price", "");
	make("category.create", "price", "seat", ",'price':'10','size':20");
	on_sale("price");
	is_int(hold("price", "seat", 2, code), 0, "held at ten");
	is_int(make("category.set", "price", "seat", ",'price':'99'"), 0, "99 now");
	is_int(on("hold.show", "hold", code, ""), 0, "shown");
	is_int(desk_int(&d, "total.amount"), 2000, "still twenty");
	is_int(on("hold.extend", "hold", code, ",'expires':'+20m'"), 0, "extended");
	is_int(desk_int(&d, "total.amount"), 2000, "still twenty");
	is_int(on("order.create", "hold", code, ",'pay':'cash'"), 0, "sold");
	is_int(desk_int(&d, "total.amount"), 2000, "for twenty");
	is_int(desk_int(&d, "tickets.1.price.amount"), 1000, "each for ten");
	is_int(sell("price", "seat", 1), 0, "the next");
	is_int(desk_int(&d, "total.amount"), 9900, "pays 99");
	desk_clean(&d, "another price");
}

/* What somebody bought is not deleted, not even what a change took out of their order; keys of the
 * store refuse it, too. */
static void test_referenced_is_deleted(void)
{
	static const char *const deletes[] = {"delete from organizer where id = 1",
	    "delete from event where slug = 'two'", "delete from category where name = 'seat'",
	    "delete from quota where name = 'stalls'",
	    "delete from ticket where id in (select ticket from holder)"};
	struct db *db = NULL;
	struct err err;

	event("gone", "");
	make("category.create", "gone", "seat", ",'price':'10','size':9");
	make("category.create", "gone", "once", ",'price':'10','size':9");
	make("category.create", "gone", "never", ",'price':'10'");
	on_sale("gone");
	is_int(sell("gone", "once", 1), 0, "sold");
	is_int(on("order.change", "code", desk_text(&d, "code"),
		   ",'remove':['1'],'add':[{'category':'seat','count':1}]"),
	    0, "and taken out again");
	is_int(make("category.delete", "gone", "seat", ""), TIX_EWRONG_STATE, "sold");
	is_int(make("category.delete", "gone", "once", ""), TIX_EWRONG_STATE, "its ticket is there");
	is_int(make("category.delete", "gone", "never", ""), 0, "nobody bought it");
	is_int(make("quota.delete", "gone", "seat", ""), TIX_EWRONG_STATE, "a seat is taken");
	is_int(on("event.delete", "event", "gone", ""), TIX_EWRONG_STATE, "it has an order");
	is_int(sell("two", "floor", 1), 0, "sold");
	is_int(on("ticket.set", "ticket", desk_text(&d, "tickets.0.code"), ",'name':'Ann'"), 0,
	    "for Ann");
	is_int(db_open(d.core.store_url, DB_WRITER, false, &db, &err), 0, "the store");
	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]); i++) {
		err_clear(&err);
		ok(db_exec(db, deletes[i], &err) < 0, "%s: %s", deletes[i], err.message);
	}
	db_close(db);
	desk_clean(&d, "all of it is there");
}

/* Seats are not held for ever, however often the hold is extended. */
static void test_held_for_ever(void)
{
	char code[32];

	d.core.hold_max = 2 * HOUR;
	event("long", "");
	make("category.create", "long", "seat", ",'price':'10','size':5");
	on_sale("long");
	is_int(desk(&d, "hold.create",
		   "{'event':'long','line':[{'category':'seat','count':1}],'expires':'+121m'}"),
	    TIX_ELIMIT, "longer than may be");
	is_str(d.err.field, "expires", "by expires");
	is_int(hold("long", "seat", 1, code), 0, "held");
	is_int(on("hold.extend", "hold", code, ",'expires':'+2h'"), 0, "to the last");
	at(clock_now(d.clock) + HOUR);
	is_int(on("hold.extend", "hold", code, ",'expires':'+61m'"), TIX_ELIMIT, "in all");
	is_int(on("hold.extend", "hold", code, ""), 0, "it lasts longer than the default already");
	is_int(on("order.create", "hold", code, ",'pay':'cash'"), 0, "and is sold");
	d.core.hold_max = HOUR / 12;
	is_int(hold("long", "seat", 1, code), 0, "shorter than the default");
	ok(strstr(desk_text(&d, "expires"), ":") != NULL, "until %s", desk_text(&d, "expires"));
	at(clock_now(d.clock) + HOUR / 12);
	is_int(on("order.create", "hold", code, ",'pay':'cash'"), TIX_EWRONG_STATE, "then over");
	d.core.hold_max = 0;
}

/* An event that is over sells nothing, whoever forgot to end it. */
static void test_sold_after_the_end(void)
{
	char code[32], held[32];

	event("over", ",'end':'2026-06-13 23:00'");
	make("category.create", "over", "seat", ",'price':'10','size':9");
	on_sale("over");
	event("day", "");
	make("category.create", "day", "seat", ",'price':'10','size':9");
	on_sale("day");
	at(DESK_NOW + (163 * 24 + 22) * HOUR);
	is_int(sell("over", "seat", 2), 0, "the box office sells while it lasts");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(desk(&d, "hold.create",
		   "{'event':'over','line':[{'category':'seat','count':1}],'expires':'+2h'}"),
	    0, "held");
	snprintf(held, sizeof(held), "%s", desk_text(&d, "code"));
	at(DESK_NOW + (163 * 24 + 23) * HOUR);
	is_int(sell("over", "seat", 1), TIX_EWRONG_STATE, "then no more");
	ok(strstr(d.err.hint, "--end") != NULL, "what to do is said: %s", d.err.hint);
	is_int(on("order.create", "hold", held, ",'pay':'cash'"), TIX_EWRONG_STATE, "nor a hold");
	is_int(on("order.change", "code", code, ",'add':[{'category':'seat','count':1}]"),
	    TIX_EWRONG_STATE, "nor is one added");
	is_int(on("order.change", "code", code, ",'remove':['2']"), 0, "one may go");
	is_int(sell("day", "seat", 1), 0, "without an end it is over a day after its start");
	at(DESK_NOW + (164 * 24 + 20) * HOUR);
	is_int(sell("day", "seat", 1), TIX_EWRONG_STATE, "then");
	is_int(on("event.set", "event", "day", ",'end':'2026-06-15'"), 0, "it lasts longer");
	is_int(sell("day", "seat", 1), 0, "and sells");
	desk_clean(&d, "after the end");
}

/* Calls that change nothing leave no trace, and say so; with a key, too. */
static void test_nothing_changed(void)
{
	static const char *const calls[][2] = {
	    {"organizer.set", "'organizer':'default','name':'Default'"},
	    {"venue.set", "'venue':'hall','city':'Bonn'"},
	    {"event.set", "'event':'two','name':'E','description':''"},
	    {"category.set", "'event':'two','name':'box','price':'50'"},
	    {"quota.set", "'event':'two','name':'fire','size':9"},
	    {"quota.link", "'event':'two','name':'fire','categories':['floor']"},
	    {"quota.unlink", "'event':'two','name':'fire','categories':['box']"},
	};
	char params[300], code[32], ticket[40];
	int64_t head;

	is_int(desk(&d, "organizer.set", "{'organizer':'default','name':'Default'}"), 0, "named");
	is_int(
	    desk(&d, "venue.create", "{'venue':'hall','name':'Hall','city':'Bonn','zone':'UTC'}"),
	    0, "a venue");
	head = desk_int(&d, "seq");
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		for (int k = 0; k < 2; k++) {
			snprintf(params, sizeof(params), "{%s,'idempotency_key':'n%zu'}",
			    calls[i][1], i);
			is_int(desk(&d, calls[i][0], params), 0, calls[i][0]);
			is_int(desk_int(&d, "seq"), head, "the newest record is an old one");
			is_int(desk_int(&d, k ? "replayed" : "unchanged"), 1,
			    k ? "replayed" : "it was so already");
		}
	}
	is_int(desk(&d, "event.set", "{'event':'two','name':'F'}"), 0, "a change");
	is_int(desk_int(&d, "seq"), head + 1, "is a record");
	ok(!desk_at(&d, "unchanged"), "and says nothing");
	is_int(sell("late", "seat", 1), TIX_EWRONG_STATE, "it is over");
	is_int(on("event.set", "event", "late", ",'end':'+1d'"), 0, "longer");
	is_int(make("quota.set", "late", "seat", ",'size':9"), 0, "larger");
	is_int(sell("late", "seat", 1), 0, "sold");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("ticket.set", "ticket", ticket, ",'name':'Ann'"), 0, "for Ann");
	head = desk_int(&d, "seq");
	is_int(on("ticket.set", "ticket", ticket, ",'name':'Ann'"), 0, "for Ann again");
	is_int(desk_int(&d, "unchanged"), 1, "it was so already");
	is_int(desk_int(&d, "seq"), head, "no record");
	is_int(on("order.note", "code", code, ",'note':'n'"), 0, "a note");
	is_int(on("order.note", "code", code, ",'note':'n'"), 0, "the same");
	is_int(desk_int(&d, "unchanged"), 1, "it was so already");
	is_int(on("order.note", "code", code, ",'note':'n','dry_run':true"), 0, "tried");
	is_int(desk_int(&d, "unchanged"), 1, "says so too");
	desk_clean(&d, "nothing changed");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "peers"))
		return done_testing();
	test_sold_out_while_free_quota_exists();
	test_two_refunds_exceed_the_payment();
	test_cancelled_twice();
	test_expired_hold_sold_a_minute_later();
	test_expired_order_paid_a_minute_later();
	test_category_moved_between_quotas();
	test_category_moved_in_one_step();
	test_zone_changed_after_sales();
	test_price_edited_during_a_hold();
	test_referenced_is_deleted();
	test_held_for_ever();
	test_sold_after_the_end();
	test_nothing_changed();
	desk_close(&d);
	return done_testing();
}
