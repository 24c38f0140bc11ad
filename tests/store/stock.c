/* SPDX-License-Identifier: MIT */
/* Quotas: sizes, blocked seats, links with what was sold before, and what is refused. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void refused(const char *method, const char *params, int code, const char *field)
{
	is_int(desk(&d, method, params), code, method);
	is_str(d.err.field, field, "it names the field");
}

static int64_t fact(const char *key)
{
	for (int i = 0; i < d.err.nfacts; i++) {
		if (strcmp(d.err.facts[i].key, key) == 0)
			return d.err.facts[i].value;
	}
	return INT64_MIN;
}

static void counts(const char *quota, int64_t held, int64_t sold, int64_t left)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'gig','name':'%s'}", quota);
	is_int(desk(&d, "quota.show", params), 0, quota);
	is_int(desk_int(&d, "held"), held, "held");
	is_int(desk_int(&d, "sold"), sold, "sold");
	is_int(desk_int(&d, "free"), left, "free");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':10}"), 0,
	    "category ga");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'vip','price':'20','size':5}"), 0,
	    "category vip");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':4}],'pay':'cash'}"),
	    0, "4 sold");
	is_int(desk(&d, "hold.create",
		   "{'event':'gig','line':[{'category':'ga','count':1},{'category':'vip','count':2}"
		   "]}"),
	    0, "3 held");
}

static void test_create(void)
{
	is_int(desk(&d, "quota.create", "{'event':'gig','name':'house','size':20,'overbook':1}"), 0,
	    "a quota");
	is_int(desk_int(&d, "free"), 21, "overbooking is free too");
	ok(desk_int(&d, "seq") > 0, "with its record");
	refused("quota.create", "{'event':'gig','name':'house','size':1}", TIX_EEXISTS, "name");
	refused(
	    "quota.create", "{'event':'none','name':'house','size':1}", TIX_ENOT_FOUND, "event");
	refused("quota.create", "{'event':'gig','name':'x','size':1,'categories':['none']}",
	    TIX_ENOT_FOUND, "categories");
	refused("quota.create", "{'event':'gig','name':'x','size':4,'categories':['ga']}",
	    TIX_ESOLD_OUT, "categories");
	is_int(fact("taken"), 5, "it says what they took");
	is_int(desk(&d, "quota.create", "{'event':'gig','name':'x','size':5,'categories':['ga']}"),
	    0, "just enough");
	is_int(desk_int(&d, "sold"), 4, "what was sold counts");
	is_int(desk_int(&d, "held"), 1, "what is held too");
	is_int(desk_int(&d, "free"), 0, "nothing is left");
	is_int(desk(&d, "category.show", "{'event':'gig','name':'ga'}"), 0, "and of the category");
	is_int(desk_int(&d, "free"), 0, "the least wins");
	refused("order.create", "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}",
	    TIX_ESOLD_OUT, "line");
	is_int(desk(&d, "quota.unlink", "{'event':'gig','name':'x','categories':['ga']}"), 0,
	    "unlinked");
	is_int(desk_int(&d, "sold"), 0, "it counts them no more");
	is_int(desk_count(&d, "categories"), 0, "nor draws anyone on it");
	is_int(desk(&d, "quota.unlink", "{'event':'gig','name':'x','categories':['ga']}"), 0,
	    "unlinked again");
	counts("x", 0, 0, 5);
}

static void test_link(void)
{
	is_int(
	    desk(&d, "quota.link", "{'event':'gig','name':'house','categories':['ga','vip','ga']}"),
	    0, "two are linked");
	is_int(desk_int(&d, "sold"), 4, "sold");
	is_int(desk_int(&d, "held"), 3, "held");
	is_int(desk(&d, "quota.link", "{'event':'gig','name':'house','categories':['ga']}"), 0,
	    "again");
	counts("house", 3, 4, 14);
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'vip','count':1}],'pay':'comp'}"),
	    0, "sold");
	counts("house", 3, 5, 13);
	counts("vip", 2, 1, 2);
	refused("quota.link", "{'event':'gig','name':'none','categories':['ga']}", TIX_ENOT_FOUND,
	    "name");
	refused("quota.link", "{'event':'gig','name':'x','categories':['ga','vip']}", TIX_ESOLD_OUT,
	    "categories");
	clock_test_set(d.clock, DESK_NOW + 700 * USEC_PER_SEC);
	is_int(desk(&d, "quota.link", "{'event':'gig','name':'x','categories':['ga','vip']}"), 0,
	    "holds are over: it fits");
	counts("x", 0, 5, 0);
	counts("house", 0, 5, 16);
	is_int(desk(&d, "quota.unlink", "{'event':'gig','name':'x','categories':['ga','vip']}"), 0,
	    "unlinked");
}

static void test_size(void)
{
	refused("quota.set", "{'event':'gig','name':'ga','size':3}", TIX_ELIMIT, "size");
	is_int(fact("sold"), 4, "it says what is sold");
	is_int(fact("least"), 4, "and the least size");
	is_int(desk(&d, "quota.set", "{'event':'gig','name':'ga','size':3,'overbook':1}"), 0,
	    "overbooking makes it fit");
	is_int(desk_int(&d, "free"), 0, "nothing is left");
	refused("quota.set", "{'event':'gig','name':'ga','overbook':0}", TIX_ELIMIT, "overbook");
	is_int(desk(&d, "quota.set", "{'event':'gig','name':'ga','size':12,'overbook':0}"), 0,
	    "larger");
	refused("quota.set", "{'event':'gig','name':'none','size':3}", TIX_ENOT_FOUND, "name");
}

static void test_block(void)
{
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'ga','count':6}"), 0,
	    "seats are blocked");
	is_int(desk_int(&d, "blocked"), 6, "six");
	is_int(desk_int(&d, "free"), 2, "two are free");
	refused("quota.block", "{'event':'gig','name':'ga','count':3}", TIX_ESOLD_OUT, "count");
	is_int(fact("left"), 2, "it says what is left");
	refused("quota.set", "{'event':'gig','name':'ga','size':9}", TIX_ELIMIT, "size");
	refused("order.create", "{'event':'gig','line':[{'category':'ga','count':3}],'pay':'cash'}",
	    TIX_ESOLD_OUT, "line");
	refused("quota.unblock", "{'event':'gig','name':'ga','count':7}", TIX_ELIMIT, "count");
	is_int(desk(&d, "quota.unblock", "{'event':'gig','name':'ga','count':6}"), 0, "given free");
	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':8}]}"), 0,
	    "all are held");
	refused("quota.block", "{'event':'gig','name':'ga','count':1}", TIX_ESOLD_OUT, "count");
	clock_test_set(d.clock, DESK_NOW + 1400 * USEC_PER_SEC);
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'ga','count':8}"), 0,
	    "a hold that is over gives way");
	counts("ga", 0, 4, 0);
}

/* However many quotas a category is linked to while a hold waits: its end never fails. */
static void test_many(void)
{
	char params[200];
	int n = 0, r = 0;

	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'vip','count':1}]}"), 0,
	    "a hold");
	for (; n < 150 && r == 0; n++) {
		snprintf(params, sizeof(params),
		    "{'event':'gig','name':'many-%d','size':9,'categories':['vip']}", n);
		r = desk(&d, "quota.create", params);
	}
	is_int(r, TIX_ELIMIT, "a category draws on so many quotas");
	is_str(d.err.field, "categories", "and no more");
	clock_test_set(d.clock, DESK_NOW + 2100 * USEC_PER_SEC);
	is_int(desk(&d, "event.set", "{'event':'gig','type':'party'}"), 0, "the hold ends");
	counts("many-0", 0, 1, 8);
	for (int i = 0; i < n - 1; i++) {
		snprintf(params, sizeof(params),
		    "{'event':'gig','name':'many-%d','categories':['vip']}", i);
		if (desk(&d, "quota.unlink", params) < 0)
			ok(false, "unlinked");
	}
}

/* So many in one go too. */
static void test_many_at_once(void)
{
	char params[4000], names[2000] = "", one[40];

	for (int i = 0; i < 33; i++) {
		snprintf(one, sizeof(one), "%s'bulk-%d'", i ? "," : "", i);
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s", one);
		snprintf(params, sizeof(params), "{'event':'gig','name':'bulk-%d','size':9}", i);
		if (desk(&d, "quota.create", params) < 0)
			ok(false, "a quota");
	}
	snprintf(params, sizeof(params), "{'event':'gig','name':'wide','price':'1','quotas':[%s]}",
	    names);
	refused("category.create", params, TIX_ELIMIT, "quotas");
	snprintf(params, sizeof(params),
	    "{'events':[{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR',"
	    "'categories':[{'name':'wide','price':'1','quotas':[%s]}]}]}",
	    names);
	refused("event.import", params, TIX_ELIMIT, "events[0].categories[0].quotas");
}

static void test_list(void)
{
	is_int(desk(&d, "quota.list", "{}"), 0, "all quotas");
	is_int(desk_count(&d, "items"), 4, "are four");
	is_int(desk(&d, "quota.list", "{'event':'gig','limit':2}"), 0, "a page");
	is_str(desk_text(&d, "items.1.name"), "house", "by name");
	char params[600];
	snprintf(params, sizeof(params), "{'event':'gig','limit':2,'cursor':'%s'}",
	    desk_text(&d, "next"));
	is_int(desk(&d, "quota.list", params), 0, "the next");
	is_str(desk_text(&d, "items.1.name"), "x", "goes on");
	ok(json_is_null(desk_at(&d, "next")), "to the end");
	snprintf(params, sizeof(params), "{'limit':2,'cursor':'%s'}", "AAAA");
	refused("quota.list", params, TIX_EBAD_VALUE, "cursor");
	refused("quota.list", "{'event':'none'}", TIX_ENOT_FOUND, "event");
	desk_as(&d, "other", NULL);
	is_int(desk(&d, "quota.list", "{}"), 0, "another organizer");
	is_int(desk_count(&d, "items"), 0, "sees none");
	refused("quota.block", "{'event':'gig','name':'ga','count':1}", TIX_ENOT_FOUND, "event");
	desk_as(&d, NULL, NULL);
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "finds nothing");
	if (desk_count(&d, "findings"))
		diag("%s", json_dumps(desk_at(&d, "findings"), 0));
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "stock"))
		return done_testing();
	set_up();
	test_create();
	test_link();
	test_size();
	test_block();
	test_list();
	test_many();
	test_many_at_once();
	desk_close(&d);
	return done_testing();
}
