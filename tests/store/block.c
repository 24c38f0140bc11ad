/* SPDX-License-Identifier: MIT */
/* Blocked seats: who keeps what and why, and which of them come back. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void blocks(int n, int64_t sum)
{
	char path[40];
	int64_t has = 0;

	is_int(desk(&d, "quota.show", "{'event':'gig','name':'ga'}"), 0, "the quota");
	is_int(desk_count(&d, "blocks"), n, "so many blocks");
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "blocks.%d.count", i);
		has += desk_int(&d, path);
	}
	is_int(has, sum, "their sum");
	is_int(desk_int(&d, "blocked"), sum, "is what is blocked");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"),
	    0, "an event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':20}"), 0,
	    "a category");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(
	    desk(&d, "quota.block", "{'event':'gig','name':'ga','count':8,'reason':'press'}"), 0,
	    "eight for the press");
	is_str(desk_text(&d, "blocks.0.reason"), "press", "the reply says why");
	is_str(desk_text(&d, "blocks.0.actor"), "owner", "and who");
	is_str(desk_text(&d, "blocks.0.at"), "2026-01-01T00:00:00Z", "and when");
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'ga','count':2,'reason':'band'}"), 0,
	    "two for the band");
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'ga','count':3}"), 0, "three for no reason");
	ok(json_is_null(desk_at(&d, "blocks.0.reason")), "none is said");
	is_str(desk_text(&d, "blocks.2.reason"), "press", "the newest first");
	blocks(3, 13);
	is_int(desk(&d, "quota.list", "{'event':'gig'}"), 0, "a list");
	ok(!desk_at(&d, "items.0.blocks"), "does not tell them");
}

static void test_unblock(void)
{
	char params[100];
	int64_t press;

	is_int(desk(&d, "quota.show", "{'event':'gig','name':'ga'}"), 0, "shown");
	press = desk_int(&d, "blocks.2.block");
	is_int(desk(&d, "quota.unblock", "{'event':'gig','name':'ga','count':4}"), 0,
	    "four of the newest");
	blocks(2, 9);
	is_int(desk_int(&d, "blocks.0.count"), 1, "one is left to the band");
	snprintf(params, sizeof(params), "{'event':'gig','name':'ga','count':9,'block':%d}",
	    (int)press);
	is_int(desk(&d, "quota.unblock", params), TIX_ELIMIT, "nine of the press");
	is_str(d.err.field, "count", "are too many");
	is_int(desk(&d, "quota.unblock", "{'event':'gig','name':'ga','count':1,'block':999}"),
	    TIX_ENOT_FOUND, "no such block");
	is_str(d.err.field, "block", "by name");
	blocks(2, 9);
	snprintf(params, sizeof(params), "{'event':'gig','name':'ga','count':8,'block':%d}",
	    (int)press);
	is_int(desk(&d, "quota.unblock", params), 0, "eight are all of it");
	blocks(1, 1);
	is_int(desk(&d, "quota.unblock", "{'event':'gig','name':'ga','count':2}"), TIX_ELIMIT,
	    "no more than there are");
	blocks(1, 1);
}

/* A voided ticket's seat that stays kept is a block like any other. */
static void test_void(void)
{
	char params[200];

	is_int(desk(&d, "quota.create",
		   "{'event':'gig','name':'house','size':30,'categories':['ga']}"),
	    0, "another quota");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}"),
	    0, "sold");
	snprintf(params, sizeof(params), "{'ticket':'%s/1','keep_seat':true,'reason':'broken'}",
	    desk_text(&d, "code"));
	is_int(desk(&d, "ticket.void", params), 0, "void, its seat kept");
	blocks(2, 2);
	is_str(desk_text(&d, "blocks.0.reason"), "broken", "with its reason");
	is_int(desk(&d, "quota.show", "{'event':'gig','name':'house'}"), 0, "in each quota");
	is_str(desk_text(&d, "blocks.0.reason"), "broken", "that it draws on");
}

static void test_doctor(void)
{
	is_int(desk(&d, "quota.block", "{'event':'gig','name':'ga','count':18,'reason':'fire'}"), 0,
	    "all the rest");
	is_int(desk(&d, "category.doctor", "{'event':'gig','name':'ga'}"), 0, "the doctor");
	char *all = json_dumps(d.reply, 0);
	ok(all && strstr(all, "are blocked: 18 \\\"fire\\\", owner; 1 \\\"broken\\\", owner"),
	    "says who keeps them: %s", all);
	free(all);
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "is content");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "block"))
		return done_testing();
	set_up();
	test_unblock();
	test_void();
	test_doctor();
	desk_close(&d);
	return done_testing();
}
