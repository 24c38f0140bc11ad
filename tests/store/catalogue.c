/* SPDX-License-Identifier: MIT */
/* Organizers, venues, events and categories: what works, what is refused and by which field, what
 * each may see. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#define EVENT(slug, more)                                                                          \
	"{'event':'" slug "','name':'Event " slug                                                  \
	"','start':'2026-06-13 20:00','currency':'EUR'" more "}"

static struct desk d;

static void refused(const char *method, const char *params, int code, const char *field)
{
	is_int(desk(&d, method, params), code, method);
	is_str(d.err.field, field, "it names the field");
}

static void test_organizers(void)
{
	is_int(desk(&d, "organizer.list", "{}"), 0, "a new store lists");
	is_int(desk_count(&d, "items"), 1, "its one organizer");
	is_int(desk(&d, "organizer.create", "{'organizer':'acme','name':'Acme'}"), 0,
	    "another is made");
	ok(desk_int(&d, "seq") > 0, "with its record");
	refused("organizer.create", "{'organizer':'acme','name':'Acme'}", TIX_EEXISTS, "organizer");
	is_int(desk(&d, "organizer.set", "{'organizer':'acme','name':'Acme Ltd'}"), 0,
	    "it is renamed");
	is_int(desk(&d, "organizer.show", "{'organizer':'acme'}"), 0, "and shown");
	is_str(desk_text(&d, "name"), "Acme Ltd", "by its new name");
	refused("organizer.show", "{'organizer':'none'}", TIX_ENOT_FOUND, "organizer");
	refused("organizer.set", "{'organizer':'none','name':'x'}", TIX_ENOT_FOUND, "organizer");
	is_int(desk(&d, "organizer.list", "{'limit':1}"), 0, "a page of one");
	ok(desk_text(&d, "next") != NULL, "has a next page");
	desk_as(&d, "acme", NULL);
	is_int(desk(&d, "organizer.list", "{}"), 0, "a bound one lists");
	is_int(desk_count(&d, "items"), 1, "himself alone");
	refused("organizer.show", "{'organizer':'default'}", TIX_ENOT_FOUND, "organizer");
	refused("organizer.create", "{'organizer':'x','name':'X'}", TIX_ENOT_PERMITTED, "");
	desk_as(&d, NULL, NULL);
}

static void test_venues(void)
{
	is_int(desk(&d, "venue.create",
		   "{'venue':'hall','name':'Great Hall','city':'Zürich','country':'Switzerland',"
		   "'latitude':47.3769,'longitude':8.5417,'zone':'Europe/"
		   "Zurich','organizer':'default'}"),
	    0, "a venue is made");
	is_str(desk_text(&d, "organizer"), "default", "with its organizer");
	refused("venue.create", "{'venue':'hall','name':'H','zone':'UTC','organizer':'default'}",
	    TIX_EEXISTS, "venue");
	refused("venue.create", "{'venue':'v','name':'H','zone':'UTC'}", TIX_EMISSING, "organizer");
	refused("venue.create", "{'venue':'v','name':'H','zone':'UTC','organizer':'none'}",
	    TIX_ENOT_FOUND, "organizer");
	refused("venue.create", "{'venue':'v','name':'H','zone':'Mars/Base','organizer':'acme'}",
	    TIX_EBAD_VALUE, "zone");
	refused("venue.create",
	    "{'venue':'v','name':'H','zone':'UTC','organizer':'acme','latitude':4}", TIX_EBAD_VALUE,
	    "longitude");
	is_int(desk(&d, "venue.set", "{'venue':'hall','address':'Main 1','country':null}"), 0,
	    "it changes");
	is_str(desk_text(&d, "address"), "Main 1", "what is given");
	ok(json_is_null(desk_at(&d, "country")), "null clears");
	is_str(desk_text(&d, "city"), "Zürich", "the rest stays");
	is_int(desk(&d, "venue.set", "{'venue':'hall','latitude':null,'longitude':null}"), 0,
	    "a place is forgotten");
	ok(json_is_null(desk_at(&d, "latitude")), "it has no latitude");
	refused("venue.set", "{'venue':'none','name':'x'}", TIX_ENOT_FOUND, "venue");
	is_int(desk(&d, "venue.list", "{'city':'zurich'}"), 0,
	    "a city is found, case and marks forgiven");
	is_int(desk_count(&d, "items"), 1, "one venue");
	is_int(desk(&d, "venue.list", "{'city':'zur'}"), 0, "a part of a city");
	is_int(desk_count(&d, "items"), 0, "is none");
	desk_as(&d, "acme", NULL);
	refused("venue.show", "{'venue':'hall'}", TIX_ENOT_FOUND, "venue");
	refused("venue.set", "{'venue':'hall','name':'Mine'}", TIX_ENOT_FOUND, "venue");
	is_int(desk(&d, "venue.list", "{}"), 0, "another organizer lists");
	is_int(desk_count(&d, "items"), 0, "no venue of others");
	desk_as(&d, NULL, NULL);
}

static void test_times(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'fair','name':'Fair','start':'2026-06-13','end':'2026-06-14','doors':'"
		   "2h before',"
		   "'currency':'EUR','venue':'hall','organizer':'default','tags':['open "
		   "air','Küche'],'doc':{'a':[1,2]},"
		   "'type':'fair','description':'Zażółć\\ngęślą'}"),
	    0, "an event with everything");
	is_str(desk_text(&d, "zone"), "Europe/Zurich", "its zone is the venue's");
	is_str(desk_text(&d, "start"), "2026-06-12T22:00:00Z", "a bare date starts at 00:00 there");
	is_str(desk_text(&d, "end"), "2026-06-14T22:00:00Z", "and ends at 24:00");
	is_str(desk_text(&d, "doors"), "2026-06-12T20:00:00Z", "doors count from the start");
	is_str(desk_text(&d, "status"), "draft", "it is a draft");
	is_str(desk_text(&d, "venue.name"), "Great Hall", "with its venue");
	is_str(desk_text(&d, "tags.1"), "Küche", "its tags");
	is_int(desk_int(&d, "doc.a.1"), 2, "its document");
	is_int(desk_int(&d, "size"), 0, "and no seats");
	is_int(desk(&d, "event.create", EVENT("plain", ",'organizer':'default'")), 0,
	    "an event without a venue");
	is_str(desk_text(&d, "zone"), "UTC", "is in UTC");
	is_int(desk(&d, "event.create",
		   EVENT("tokyo", ",'venue':'hall','zone':'Asia/Tokyo','organizer':'acme'")),
	    0, "a zone of its own");
	is_str(desk_text(&d, "start"), "2026-06-13T11:00:00Z", "wins over the venue's");
	refused("event.create", EVENT("plain", ",'organizer':'default'"), TIX_EEXISTS, "event");
	refused("event.create", EVENT("x", ""), TIX_EMISSING, "organizer");
	refused("event.create", EVENT("x", ",'organizer':'default','end':'2026-06-13 19:00'"),
	    TIX_EBAD_VALUE, "end");
	refused("event.create", EVENT("x", ",'organizer':'default','doors':'2026-06-13 21:00'"),
	    TIX_EBAD_VALUE, "doors");
	refused("event.create", EVENT("x", ",'organizer':'default','venue':'none'"), TIX_ENOT_FOUND,
	    "venue");
	refused("event.create", EVENT("x", ",'organizer':'default','zone':'Mars/Base'"),
	    TIX_EBAD_VALUE, "zone");
	refused("event.create",
	    "{'event':'x','name':'X','start':'soon','currency':'EUR','organizer':'default'}",
	    TIX_EBAD_VALUE, "start");
	refused("event.create",
	    "{'event':'x','name':'X','start':'2026-01-02','currency':'XXZ','organizer':'default'}",
	    TIX_EBAD_VALUE, "currency");
}

static void test_set(void)
{
	is_int(desk(&d, "event.set", "{'event':'fair','zone':'UTC'}"), 0, "a new zone alone");
	is_str(desk_text(&d, "start"), "2026-06-12T22:00:00Z", "moves nothing");
	is_int(desk(&d, "event.set",
		   "{'event':'fair','zone':'Asia/Tokyo','start':'2026-06-13 09:00','doors':null}"),
	    0, "zone and start together");
	is_str(desk_text(&d, "start"), "2026-06-13T00:00:00Z", "count in the new zone");
	ok(json_is_null(desk_at(&d, "doors")), "null clears");
	is_int(
	    desk(&d, "event.set", "{'event':'fair','venue':null,'tags':null,'description':null}"),
	    0, "clearing");
	ok(json_is_null(desk_at(&d, "venue")), "the venue is gone");
	is_int(desk_count(&d, "tags"), 0, "and the tags");
	refused("event.set", "{'event':'fair','start':'2026-07-01'}", TIX_EBAD_VALUE, "start");
	refused("event.set", "{'event':'none','name':'x'}", TIX_ENOT_FOUND, "event");
	refused("event.set", "{'event':'fair','currency':'QQQ'}", TIX_EBAD_VALUE, "currency");
	is_int(desk(&d, "event.set", "{'event':'plain','currency':'JPY','idempotency_key':'k1'}"),
	    0, "another currency");
	is_str(desk_text(&d, "currency"), "JPY", "while there are no prices");
	is_int(desk(&d, "event.set", "{'event':'plain','currency':'JPY','idempotency_key':'k1'}"),
	    0, "the same key");
	is_int(desk_int(&d, "replayed"), 1, "is a replay");
	is_int(desk(&d, "event.set", "{'event':'plain','currency':'EUR'}"), 0, "back again");
	is_int(desk(&d, "event.set", "{'event':'plain','name':'Other','dry_run':true}"), 0,
	    "a dry run");
	is_int(desk(&d, "event.show", "{'event':'plain'}"), 0, "keeps");
	is_str(desk_text(&d, "name"), "Event plain", "nothing");
}

static void test_categories(void)
{
	refused("event.publish", "{'event':'plain'}", TIX_EWRONG_STATE, "event");
	ok(strstr(d.err.hint, "tix category create plain/"), "the hint names the command");
	is_int(
	    desk(&d, "category.create",
		"{'event':'plain','name':'ga','price':'45.00','size':100,'title':'General','max':6,"
		"'sale_from':'2026-01-01','sale_to':'2026-06-13','hidden':true}"),
	    0, "a category with a size");
	is_int(desk_int(&d, "price.amount"), 4500, "its price");
	is_str(desk_text(&d, "quotas.0"), "ga", "draws on a quota of its name");
	is_int(desk_int(&d, "free"), 100, "with seats");
	is_str(desk_text(&d, "sale_to"), "2026-06-14T00:00:00Z", "a bare date includes that day");
	is_int(desk_int(&d, "min"), 1, "at least one");
	is_int(desk_int(&d, "position"), 0, "the first");
	is_int(desk(&d, "category.create",
		   "{'event':'plain','name':'vip','price':{'amount':9000,'currency':'EUR'},'quotas'"
		   ":['ga']}"),
	    0, "another on the same quota");
	is_int(desk_int(&d, "position"), 1, "the second");
	ok(json_is_null(desk_at(&d, "max")), "without a most");
	refused(
	    "category.create", "{'event':'plain','name':'vip','price':'1'}", TIX_EEXISTS, "name");
	refused("category.create", "{'event':'plain','name':'x','price':'USD 1'}", TIX_EBAD_VALUE,
	    "price");
	refused("category.create",
	    "{'event':'plain','name':'x','price':{'amount':1,'currency':'USD'}}", TIX_EBAD_VALUE,
	    "price");
	refused("category.create", "{'event':'plain','name':'x','price':'1.005'}", TIX_EBAD_VALUE,
	    "price");
	refused("category.create", "{'event':'plain','name':'x','price':'1','quotas':['none']}",
	    TIX_ENOT_FOUND, "quotas");
	refused("category.create", "{'event':'plain','name':'x','price':'1','min':5,'max':4}",
	    TIX_EBAD_VALUE, "max");
	refused("category.create",
	    "{'event':'plain','name':'x','price':'1','sale_from':'2026-03-02','sale_to':'2026-03-"
	    "01'}",
	    TIX_EBAD_VALUE, "sale_to");
	refused(
	    "category.create", "{'event':'none','name':'x','price':'1'}", TIX_ENOT_FOUND, "event");
	is_int(desk(&d, "category.set",
		   "{'event':'plain','name':'ga','price':'50','max':null,'hidden':false}"),
	    0, "a category changes");
	is_int(desk_int(&d, "price.amount"), 5000, "its price");
	refused(
	    "category.set", "{'event':'plain','name':'none','price':'1'}", TIX_ENOT_FOUND, "name");
	refused("category.set", "{'event':'plain','name':'ga','sale_to':'2025-01-01'}",
	    TIX_EBAD_VALUE, "sale_to");
	is_int(desk(&d, "category.show", "{'event':'plain','name':'vip'}"), 0, "shown");
	is_int(desk(&d, "category.list", "{}"), 0, "all categories");
	is_int(desk_count(&d, "items"), 2, "are two");
	is_int(desk(&d, "category.list", "{'event':'plain','limit':1}"), 0, "a page of one");
	is_str(desk_text(&d, "items.0.name"), "ga", "by position");
	refused("event.set", "{'event':'plain','currency':'JPY'}", TIX_EWRONG_STATE, "currency");
}

/* The names in the list's order, and that their places are 0, 1, 2 ... */
static void order_is(const char *want, const char *what)
{
	char got[100] = "";

	is_int(desk(&d, "category.list", "{'event':'list'}"), 0, what);
	for (int i = 0; i < desk_count(&d, "items"); i++) {
		char path[40];

		snprintf(path, sizeof(path), "items.%d.position", i);
		is_int(desk_int(&d, path), i, "dense");
		snprintf(path, sizeof(path), "items.%d.name", i);
		strncat(got, desk_text(&d, path), 1);
	}
	is_str(got, want, "in order");
}

/* Nobody learns of an event that is not his. */
static void test_near(void)
{
	refused("event.show", "{'event':'lost'}", TIX_ENOT_FOUND, "event");
	ok(strstr(d.err.message, "did you mean list?"), "one is near: %s", d.err.message);
	desk_as(&d, "default", NULL);
	refused("event.show", "{'event':'lost'}", TIX_ENOT_FOUND, "event");
	ok(!strstr(d.err.message, "mean"), "not his: %s", d.err.message);
	refused("event.show", "{'event':'list'}", TIX_ENOT_FOUND, "event");
	ok(!strstr(d.err.message, "mean"), "nor by its own slug: %s", d.err.message);
	desk_as(&d, "acme", NULL);
	refused("event.show", "{'event':'lisst'}", TIX_ENOT_FOUND, "event");
	ok(strstr(d.err.message, "did you mean list?"), "his own: %s", d.err.message);
	desk_as(&d, NULL, NULL);
}

static void move(const char *name, const char *to)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'list','name':'%s',%s}", name, to);
	is_int(desk(&d, "category.move", params), 0, params);
	is_str(desk_text(&d, "name"), name, "it is shown");
}

static void test_order(void)
{
	desk(&d, "event.create",
	    "{'event':'list','name':'L','start':'2026-06-13','currency':'EUR','organizer':'acme'}");
	for (const char *name = "abcd"; *name; name++) {
		char params[100];

		snprintf(params, sizeof(params),
		    "{'event':'list','name':'%c','price':'1','position':%d}", *name,
		    *name < 'c' ? 7 : 9);
		is_int(desk(&d, "category.create", params), 0, "a category");
	}
	move("d", "'before':'b'");
	order_is("adbc", "before");
	move("a", "'after':'b'");
	order_is("dbac", "after");
	move("c", "'position':0");
	order_is("cdba", "to the front");
	move("c", "'position':99");
	order_is("dbac", "to the end");
	move("c", "'after':'a'");
	is_int(desk_int(&d, "unchanged"), 1, "where it is");
	refused("category.move", "{'event':'list','name':'a'}", TIX_EBAD_VALUE, "position");
	refused("category.move", "{'event':'list','name':'a','before':'b','position':1}",
	    TIX_EBAD_VALUE, "position");
	refused("category.move", "{'event':'list','name':'a','before':'a'}", TIX_EBAD_VALUE,
	    "before");
	refused("category.move", "{'event':'list','name':'a','after':'x'}", TIX_ENOT_FOUND,
	    "after");
	refused("category.move", "{'event':'list','name':'x','after':'a'}", TIX_ENOT_FOUND, "name");
	order_is("dbac", "all is as it was");
	is_int(desk(&d, "category.hide", "{'event':'list','name':'a'}"), 0, "hidden");
	is_int(desk_int(&d, "hidden"), 1, "from buyers");
	is_int(desk(&d, "category.hide", "{'event':'list','name':'a'}"), 0, "again");
	is_int(desk_int(&d, "unchanged"), 1, "is no change");
	is_int(desk(&d, "category.unhide", "{'event':'list','name':'a'}"), 0, "shown again");
	is_int(desk_int(&d, "hidden"), 0, "to buyers");
	refused("category.hide", "{'event':'list','name':'x'}", TIX_ENOT_FOUND, "name");
}

static void test_life(void)
{
	is_int(desk(&d, "event.publish", "{'event':'plain'}"), 0, "with a quota it is published");
	is_str(desk_text(&d, "status"), "published", "and says so");
	is_int(desk_int(&d, "size"), 100, "with its seats");
	refused("event.publish", "{'event':'plain'}", TIX_EWRONG_STATE, "event");
	is_int(desk(&d, "event.unpublish", "{'event':'plain'}"), 0, "and taken back");
	refused("event.unpublish", "{'event':'plain'}", TIX_EWRONG_STATE, "event");
	is_int(desk(&d, "event.publish", "{'event':'plain'}"), 0, "published again");
	is_int(desk(&d, "order.create",
		   "{'event':'plain','line':[{'category':'ga','count':2}],'pay':'cash'}"),
	    0, "something is sold");
	refused("event.unpublish", "{'event':'plain'}", TIX_EWRONG_STATE, "event");
	refused("event.set", "{'event':'plain','currency':'USD'}", TIX_EWRONG_STATE, "currency");
	is_int(desk(&d, "event.show", "{'event':'plain'}"), 0, "shown");
	is_int(desk_int(&d, "sold"), 2, "with what is sold");
	is_int(
	    desk(&d, "category.show", "{'event':'plain','name':'vip'}"), 0, "the other category");
	is_int(desk_int(&d, "free"), 98, "has less too");
}

static void test_scope(void)
{
	desk_as(&d, "acme", NULL);
	refused("event.show", "{'event':'plain'}", TIX_ENOT_FOUND, "event");
	refused("event.set", "{'event':'plain','name':'Mine'}", TIX_ENOT_FOUND, "event");
	refused(
	    "category.set", "{'event':'plain','name':'ga','price':'1'}", TIX_ENOT_FOUND, "event");
	refused("event.publish", "{'event':'plain'}", TIX_ENOT_FOUND, "event");
	is_int(desk(&d, "event.list", "{}"), 0, "he lists");
	is_int(desk_count(&d, "items"), 1, "his own event");
	is_int(desk(&d, "category.list", "{}"), 0, "and categories");
	is_int(desk_count(&d, "items"), 0, "of his events");
	is_int(desk(&d, "event.create", EVENT("mine", "")), 0, "what he makes");
	is_str(desk_text(&d, "organizer"), "acme", "is his");
	refused("event.create", EVENT("x", ",'organizer':'default'"), TIX_ENOT_FOUND, "organizer");
	desk_as(&d, "default", "plain");
	is_int(desk(&d, "event.list", "{}"), 0, "who has one event");
	is_int(desk_count(&d, "items"), 1, "lists it");
	is_int(desk(&d, "category.list", "{}"), 0, "its categories");
	is_int(desk_count(&d, "items"), 2, "all of them");
	refused("event.show", "{'event':'fair'}", TIX_ENOT_FOUND, "event");
	refused("event.create", EVENT("x", ""), TIX_ENOT_PERMITTED, "");
	refused("venue.show", "{'venue':'hall'}", TIX_ENOT_FOUND, "venue");
	desk_as(&d, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "catalogue"))
		return done_testing();
	test_organizers();
	test_venues();
	test_times();
	test_set();
	test_categories();
	test_life();
	test_scope();
	test_order();
	test_near();
	desk_close(&d);
	return done_testing();
}
