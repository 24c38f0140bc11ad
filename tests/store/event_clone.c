/* SPDX-License-Identifier: MIT */
/* A clone of an event: all of its catalogue, nothing of its sales, its times moved by the wall
 * clock. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void set_up(void)
{
	static const char *const calls[][2] = {
	    {"venue.create", "{'venue':'hall','name':'Hall','city':'Köln','zone':'Europe/Berlin'}"},
	    {"event.create",
		"{'event':'fair','name':'Fair','start':'2026-06-13 20:00','doors':'2026-06-13 "
		"19:00','end':'2026-06-15 02:30','venue':'hall','currency':'EUR','description':"
		"'Lanterns','type':'market','tags':['night'],'doc':{'a':1},'target':[{'days':30,"
		"'count':5}]}"},
	    {"quota.create", "{'event':'fair','name':'house','size':50,'overbook':5}"},
	    {"category.create",
		"{'event':'fair','name':'ga','price':'45','size':20,'quotas':['house'],"
		"'min':2,'max':6,'title':'General','sale_from':'2026-03-01 10:00','sale_to':'2h "
		"before doors'}"},
	    {"category.create", "{'event':'fair','name':'vip','price':'90','quotas':['house'],"
				"'position':0,'hidden':true}"},
	    {"category.set", "{'event':'fair','name':'ga','sale_from':'2026-01-01 00:00'}"},
	    {"quota.block", "{'event':'fair','name':'ga','count':3,'reason':'press'}"},
	    {"event.publish", "{'event':'fair'}"},
	    {"order.create", "{'event':'fair','line':[{'category':'ga','count':2}],'pay':'cash'}"},
	    {"hold.create", "{'event':'fair','line':[{'category':'vip','count':1}]}"},
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		is_int(desk(&d, calls[i][0], calls[i][1]), 0, calls[i][0]);
}

static void test_event(void)
{
	is_int(desk(&d, "event.clone",
		   "{'event':'fair','slug':'fair-2','name':'Fair two','start':'2026-12-13 21:00'}"),
	    0, "cloned");
	is_str(desk_text(&d, "event"), "fair-2", "by its slug");
	is_str(desk_text(&d, "status"), "draft", "a draft");
	is_str(desk_text(&d, "name"), "Fair two", "another name");
	is_str(desk_text(&d, "start"), "2026-12-13T20:00:00Z", "its start, in winter");
	is_str(desk_text(&d, "doors"), "2026-12-13T19:00:00Z", "an hour before");
	is_str(desk_text(&d, "end"), "2026-12-15T02:30:00Z", "the end, by the wall clock");
	is_str(desk_text(&d, "zone"), "Europe/Berlin", "the zone");
	is_str(desk_text(&d, "venue.city"), "Köln", "the venue");
	is_str(desk_text(&d, "currency"), "EUR", "the currency");
	is_str(desk_text(&d, "description"), "Lanterns", "the description");
	is_str(desk_text(&d, "type"), "market", "the type");
	is_str(desk_text(&d, "tags.0"), "night", "the tags");
	is_int(desk_int(&d, "doc.a"), 1, "the document");
	is_int(desk_int(&d, "target.0.count"), 5, "the target");
	is_int(desk_int(&d, "size"), 70, "all seats");
	is_int(desk_int(&d, "sold"), 0, "nothing sold");
	is_int(desk_int(&d, "held"), 0, "nothing held");
	is_int(desk(&d, "order.list", "{'event':'fair-2'}"), 0, "its orders");
	is_int(desk_count(&d, "items"), 0, "are none");
	is_int(desk(&d, "event.list", "{'words':'two lanterns'}"), 0, "by its words");
	is_str(desk_text(&d, "items.0.event"), "fair-2", "it is found");
	is_int(desk(&d, "event.list", "{'words':'lanterns'}"), 0, "by the old words");
	is_int(desk_count(&d, "items"), 2, "both are");
}

static void test_stock(void)
{
	is_int(desk(&d, "category.show", "{'event':'fair-2','name':'ga'}"), 0, "a category");
	is_int(desk_int(&d, "price.amount"), 4500, "its price");
	is_str(desk_text(&d, "title"), "General", "its title");
	is_int(desk_int(&d, "min"), 2, "the least");
	is_int(desk_int(&d, "max"), 6, "the most");
	is_int(desk_int(&d, "position"), 0, "its place");
	is_int(desk_count(&d, "quotas"), 2, "both quotas");
	is_int(desk_int(&d, "free"), 20, "all free");
	is_str(desk_text(&d, "sale_from"), "2026-07-02T23:00:00Z", "183 days and an hour later");
	is_str(desk_text(&d, "sale_to"), "2026-12-13T17:00:00Z", "two hours before the doors");
	is_str(desk_text(&d, "sale_to_rule"), "2h before doors", "by the rule");
	is_int(desk(&d, "category.show", "{'event':'fair-2','name':'vip'}"), 0, "the other");
	is_int(desk_int(&d, "hidden"), 1, "hidden too");
	is_int(desk_count(&d, "quotas"), 1, "one quota");
	is_int(desk(&d, "quota.show", "{'event':'fair-2','name':'house'}"), 0, "a quota");
	is_int(desk_int(&d, "overbook"), 5, "overbooked alike");
	is_int(desk_int(&d, "free"), 55, "empty");
	is_int(desk_count(&d, "categories"), 2, "with both categories");
	is_int(desk(&d, "quota.show", "{'event':'fair-2','name':'ga'}"), 0, "the other");
	is_int(desk_int(&d, "blocked"), 0, "blocks nothing");
	is_int(desk_count(&d, "blocks"), 0, "for nobody");
}

static void test_record(void)
{
	is_int(
	    desk(&d, "journal.list", "{'event':'fair-2','topic':['event.cloned']}"), 0, "journal");
	is_int(desk_count(&d, "items"), 1, "one record");
	is_str(desk_text(&d, "items.0.data.from"), "fair", "of what it came from");
}

static void test_sells(void)
{
	is_int(
	    desk(&d, "category.set", "{'event':'fair-2','name':'ga','sale_from':null}"), 0, "open");
	is_int(desk(&d, "event.publish", "{'event':'fair-2'}"), 0, "published");
	is_int(desk(&d, "order.create",
		   "{'event':'fair-2','line':[{'category':'ga','count':2}],'pay':'cash'}"),
	    0, "sold");
	is_int(desk(&d, "quota.show", "{'event':'fair','name':'ga'}"), 0, "the first one's");
	is_int(desk_int(&d, "sold"), 2, "stays as it was");
}

static void test_same_start(void)
{
	is_int(
	    desk(&d, "event.clone", "{'event':'fair','slug':'same','dry_run':true}"), 0, "tried");
	is_int(desk(&d, "event.show", "{'event':'same'}"), TIX_ENOT_FOUND, "not made");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'same','idempotency_key':'k'}"), 0,
	    "made");
	is_str(desk_text(&d, "start"), "2026-06-13T18:00:00Z", "at the same time");
	is_str(desk_text(&d, "end"), "2026-06-15T00:30:00Z", "to the same end");
	is_str(desk_text(&d, "name"), "Fair", "by the same name");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'same','idempotency_key':'k'}"), 0,
	    "again");
	is_int(desk_int(&d, "replayed"), 1, "is the same");
	is_str(desk_text(&d, "event"), "same", "one");
	is_int(desk(&d, "category.show", "{'event':'same','name':'ga'}"), 0, "a window");
	is_str(desk_text(&d, "sale_from"), "2025-12-31T23:00:00Z", "as it was");
}

static void test_refused(void)
{
	is_int(desk(&d, "event.clone", "{'event':'nowhere','slug':'x'}"), TIX_ENOT_FOUND,
	    "of nothing");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'fair-2'}"), TIX_EEXISTS,
	    "there is one");
	is_int(desk(&d, "event.set", "{'event':'same','slug':'other'}"), 0, "a slug that was");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'same'}"), TIX_EEXISTS,
	    "leads elsewhere");
	is_int(desk(&d, "event.clone", "{'event':'same','slug':'third'}"), 0,
	    "and may be cloned by it");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'x','start':'1970-01-02 00:00'}"),
	    TIX_EBAD_VALUE, "no window before 1970");
	is_str(d.err.field, "start", "it names the start");
	desk_as(&d, NULL, "fair");
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'x'}"), TIX_ENOT_PERMITTED,
	    "who is bound to one event makes no other");
	desk_as(&d, "elsewhere", NULL);
	is_int(desk(&d, "event.clone", "{'event':'fair','slug':'x'}"), TIX_ENOT_FOUND,
	    "nor who may not see it");
	desk_as(&d, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "event_clone"))
		return done_testing();
	set_up();
	test_event();
	test_stock();
	test_record();
	test_sells();
	test_same_start();
	test_refused();
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	if (!is_int(desk_count(&d, "findings"), 0, "is content"))
		diag("%s: %s", desk_text(&d, "findings.0.subject"),
		    desk_text(&d, "findings.0.message"));
	desk_close(&d);
	temp_clean();
	return done_testing();
}
