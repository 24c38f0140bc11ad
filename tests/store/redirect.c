/* SPDX-License-Identifier: MIT */
/* Renamed events: the old slug finds them wherever a slug may stand, and is nobody else's. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

#define EVENT(slug) "{'event':'" slug "','name':'Gig','start':'2026-06-13','currency':'EUR'}"

static void set_up(void)
{
	is_int(desk(&d, "event.create", EVENT("gig")), 0, "an event");
	is_int(desk(&d, "event.create", EVENT("other")), 0, "another");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':10}"), 0,
	    "a category");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash',"
		   "'idempotency_key':'k1'}"),
	    0, "sold under its first slug");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','slug':'concert','idempotency_key':'rename'}"),
	    0, "renamed");
	is_str(desk_text(&d, "event"), "concert", "it says the new slug");
}

/* Lists of money find it by the old slug, and other events' by none. */
static void test_money(void)
{
	char params[100];

	snprintf(params, sizeof(params), "{'code':'%.32s','amount':'1'}",
	    desk_text(&d, "items.0.code"));
	is_int(desk(&d, "refund.create", params), 0, "money goes back");
	for (int i = 0; i < 2; i++) {
		const char *method = i ? "refund.list" : "payment.list";

		is_int(desk(&d, method, "{'event':'gig'}"), 0, method);
		is_int(desk_count(&d, "items"), 1, "by the old one");
		is_int(desk(&d, method, "{'event':'other'}"), 0, method);
		is_int(desk_count(&d, "items"), 0, "not of another");
	}
}

static void test_found(void)
{
	is_int(desk(&d, "event.show", "{'event':'gig'}"), 0, "shown by the old one");
	is_str(desk_text(&d, "event"), "concert", "as what it is called now");
	is_int(desk(&d, "category.show", "{'event':'gig','name':'ga'}"), 0, "its category");
	is_str(desk_text(&d, "event"), "concert", "too");
	is_int(desk(&d, "category.list", "{'event':'gig'}"), 0, "a list");
	is_int(desk_count(&d, "items"), 1, "by the old one");
	is_int(desk(&d, "order.list", "{'event':'gig'}"), 0, "orders");
	is_int(desk_count(&d, "items"), 1, "too");
	is_str(desk_text(&d, "items.0.event"), "concert", "with the new slug");
	test_money();
	for (int i = 0; i < 2; i++) {
		is_int(desk(&d, "order.create",
			   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}"),
		    0, "sold by the old one");
		is_str(desk_text(&d, "event"), "concert", "shown by the new one");
		is_int(desk(&d, "order.create",
			   "{'event':'concert','line':[{'category':'ga','count':1}],'pay':'cash'}"),
		    0, "sold by the new one");
	}
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'none','count':1}],'pay':'cash'}"),
	    TIX_ENOT_FOUND, "no such category");
	is_str(d.err.field, "line", "is said of the line");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash',"
		   "'idempotency_key':'k1'}"),
	    0, "the first sale again");
	is_int(desk_int(&d, "replayed"), 1, "is a replay");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','slug':'concert','idempotency_key':'rename'}"),
	    0, "so is the renaming");
	is_int(desk_int(&d, "replayed"), 1, "though its slug is gone");
}

static void refused(const char *method, const char *params, const char *field, const char *says)
{
	is_int(desk(&d, method, params), TIX_EEXISTS, method);
	is_str(d.err.field, field, "it names the field");
	ok(strstr(d.err.message, says), "and who has it: %s", d.err.message);
}

static void test_taken(void)
{
	refused("event.create", EVENT("gig"), "event", "concert");
	refused("event.create", EVENT("concert"), "event", "concert");
	refused("event.set", "{'event':'other','slug':'gig'}", "slug", "concert");
	refused("event.set", "{'event':'other','slug':'concert'}", "slug", "concert");
	is_int(desk(&d, "event.set", "{'event':'concert','slug':'third'}"), 0, "once more");
	is_int(desk(&d, "event.show", "{'event':'gig'}"), 0, "the first");
	is_str(desk_text(&d, "event"), "third", "leads to the third");
	is_int(desk(&d, "event.set", "{'event':'concert','slug':'gig'}"), 0, "and back");
	is_str(desk_text(&d, "event"), "gig", "to the first");
	is_int(desk(&d, "event.show", "{'event':'third'}"), 0, "the third");
	is_str(desk_text(&d, "event"), "gig", "leads back");
	is_int(desk(&d, "event.set", "{'event':'gig','slug':'gig'}"), 0, "the same slug");
	is_int(desk(&d, "event.set", "{'event':'gig','slug':'Not A Slug'}"), TIX_EBAD_VALUE,
	    "it must be one");
	is_int(desk(&d, "event.set", "{'event':'gig','slug':'concert'}"), 0, "renamed for good");
}

static void test_scope(void)
{
	desk_as(&d, "default", "gig");
	is_int(desk(&d, "event.show", "{'event':'concert'}"), 0,
	    "who is bound to the old slug sees the event");
	is_int(desk(&d, "event.show", "{'event':'gig'}"), 0, "by either");
	is_int(desk(&d, "event.show", "{'event':'other'}"), TIX_ENOT_FOUND, "and no other");
	is_int(desk(&d, "event.list", "{}"), 0, "he lists");
	is_int(desk_count(&d, "items"), 1, "it alone");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}"),
	    0, "and sells");
	desk_as(&d, "acme", NULL);
	is_int(desk(&d, "event.show", "{'event':'gig'}"), TIX_ENOT_FOUND,
	    "an old slug shows nothing to others");
	desk_as(&d, NULL, NULL);
}

static void test_import(void)
{
	is_int(desk(&d, "event.import",
		   "{'events':[{'event':'gig','name':'Imported','start':'2026-06-14','zone':'UTC'},"
		   "{'event':'concert','name':'Imported','start':'2026-06-14','type':'gig'}]}"),
	    0, "an import by the old slug and the new");
	is_int(desk_int(&d, "created"), 0, "makes nothing new");
	is_int(desk(&d, "event.show", "{'event':'concert'}"), 0, "the event");
	is_str(desk_text(&d, "name"), "Imported", "took the first");
	is_str(desk_text(&d, "type"), "gig", "and the second");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "is content");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "redirect"))
		return done_testing();
	set_up();
	test_found();
	test_taken();
	test_scope();
	test_import();
	desk_close(&d);
	return done_testing();
}
