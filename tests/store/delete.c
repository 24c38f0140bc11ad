/* SPDX-License-Identifier: MIT */
/* What nothing refers to can be taken out; the rest stays and says why. */
#include "tests/tap.h"
#include "core/writer.h"
#include "tests/store/desk.h"

static struct desk d;

static void refused(const char *method, const char *params, const char *fact, int64_t n)
{
	int64_t has = -1;

	is_int(desk(&d, method, params), TIX_EWRONG_STATE, method);
	for (int i = 0; i < d.err.nfacts; i++) {
		if (strcmp(d.err.facts[i].key, fact) == 0)
			has = d.err.facts[i].value;
	}
	is_int(has, n, fact);
}

static void gone(const char *method, const char *params, const char *name)
{
	is_int(desk(&d, method, params), 0, method);
	is_str(desk_text(&d, "name"), name, "it says what");
}

static void set_up(void)
{
	is_int(desk(&d, "venue.create", "{'venue':'hall','name':'Hall','zone':'UTC'}"), 0, "a venue");
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR','venue':"
		   "'hall'}"),
	    0, "an event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':9}"), 0,
	    "a category");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'vip','price':'20','size':5}"), 0,
	    "another");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
}

static void test_used(void)
{
	refused("venue.delete", "{'venue':'hall'}", "events", 1);
	is_int(desk(&d, "event.delete", "{'event':'gig'}"), TIX_EWRONG_STATE, "on sale it stays");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}"),
	    0, "sold");
	refused("category.delete", "{'event':'gig','name':'ga'}", "orders", 1);
	refused("quota.delete", "{'event':'gig','name':'ga'}", "sold", 1);
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'vip','count':2}"), 0, "blocked");
	refused("quota.delete", "{'event':'gig','name':'vip'}", "blocked", 2);
	is_int(desk(&d, "quota.unblock", "{'event':'gig','name':'vip','count':2}"), 0, "unblocked");
	gone("quota.delete", "{'event':'gig','name':'vip'}", "gig/vip");
	gone("category.delete", "{'event':'gig','name':'vip'}", "gig/vip");
	is_int(desk(&d, "category.delete", "{'event':'gig','name':'vip'}"), TIX_ENOT_FOUND,
	    "it is gone");
	is_int(desk(&d, "category.show", "{'event':'gig','name':'ga'}"), 0, "the other stays");
}

static void test_event(void)
{
	int64_t id;

	is_int(desk(&d, "event.create",
		   "{'event':'draft','name':'Draft','start':'2026-06-13','currency':'EUR'}"),
	    0, "a draft");
	is_int(desk(&d, "category.create", "{'event':'draft','name':'ga','price':'1','size':9}"), 0,
	    "with a category");
	is_int(desk(&d, "quota.block", "{'event':'draft','name':'ga','count':2}"), 0, "and a block");
	is_int(desk(&d, "event.set", "{'event':'draft','slug':'second'}"), 0, "renamed");
	is_int(desk(&d, "event.delete", "{'event':'draft','idempotency_key':'k'}"), 0, "deleted");
	is_str(desk_text(&d, "name"), "second", "by its slug of now");
	is_int(desk(&d, "event.delete", "{'event':'draft','idempotency_key':'k'}"), 0, "again");
	is_int(desk_int(&d, "replayed"), 1, "is a replay");
	is_str(desk_text(&d, "kind"), "event", "that says what it was");
	is_int(desk(&d, "event.show", "{'event':'draft'}"), TIX_ENOT_FOUND, "no slug leads there");
	is_int(desk(&d, "event.list", "{'words':'draft'}"), 0, "nor does the search");
	is_int(desk_count(&d, "items"), 0, "find it");
	writer_free(d.writer);
	is_int(writer_open(&d.core, false, &d.writer, &d.err), 0, "after a restart");
	id = writer_next_id(d.writer, TABLE_event);
	is_int(id, 3, "its number is not given again");
	is_int(desk(&d, "event.create",
		   "{'event':'draft','name':'New','start':'2026-06-13','currency':'EUR'}"),
	    0, "but its slug is free");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "is content");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "delete"))
		return done_testing();
	set_up();
	test_used();
	test_event();
	desk_close(&d);
	return done_testing();
}
