/* SPDX-License-Identifier: MIT */
/* Words that could be typed next: codes by their beginning, found by decoding and by going through
 * the orders, are the same ones; nobody is offered what is not his. */
#include "tests/tap.h"
#include "core/writer.h"
#include "tests/store/desk.h"

#define N 1100 /* more than there are codes with the same six characters */

static struct desk d;
static char codes[N][16];

static bool set_up(void)
{
	is_int(desk(&d, "organizer.create", "{'organizer':'acme','name':'A'}"), 0, "an organizer");
	is_int(desk(&d, "organizer.create", "{'organizer':'other','name':'O'}"), 0, "another");
	for (int i = 0; i < 2; i++) {
		is_int(desk_f(&d, "event.create",
			   "{'event':'%s','name':'Gig','start':'2026-06-13','currency':'EUR','organizer':'%s'}",
			   i ? "gig-two" : "gig", i ? "other" : "acme"),
		    0, "an event");
		is_int(desk_f(&d, "category.create", "{'event':'%s','name':'ga','price':'10','size':5000}",
			   i ? "gig-two" : "gig"),
		    0, "with a category");
		is_int(desk_f(&d, "event.publish", "{'event':'%s'}", i ? "gig-two" : "gig"), 0, "on sale");
	}
	for (int i = 0; i < N; i++) {
		int r = desk_f(&d, "order.create",
		    "{'event':'%s','line':[{'category':'ga','count':1}],'pay':'cash'}", i % 11 ? "gig" : "gig-two");

		if (r < 0)
			return false;
		snprintf(codes[i], sizeof(codes[i]), "%s", desk_text(&d, "code"));
	}
	return true;
}

static bool offered(const char *code)
{
	for (int i = 0; i < desk_count(&d, "items"); i++) {
		char path[40];

		snprintf(path, sizeof(path), "items.%d.word", i);
		if (strcmp(desk_text(&d, path), code) == 0)
			return true;
	}
	return false;
}

/* All codes that begin so, and only those, in either way of finding them. */
static void test_beginnings(void)
{
	int missing = 0, wrong = 0;

	for (int i = 0; i < N; i += 37) {
		for (int len = 1; len <= 9; len++) {
			int want = 0;

			for (int k = 0; k < N; k++)
				want += strncmp(codes[k], codes[i], (size_t)len) == 0;
			desk_f(&d, "order.complete", "{'prefix':'%.*s','limit':1000}", len, codes[i]);
			wrong += desk_count(&d, "items") != want;
			missing += !offered(codes[i]);
		}
	}
	is_int(missing, 0, "each order is offered by each beginning of its code");
	is_int(wrong, 0, "and with it those that begin alike, no others");
	is_int(desk_f(&d, "order.complete", "{'prefix':'%.4s%.4s'}", codes[5], codes[5] + 5), 0, "without dash");
	ok(offered(codes[5]), "it is the same");
	is_int(desk(&d, "order.complete", "{'prefix':'U'}"), 0, "a letter that no code has");
	is_int(desk_count(&d, "items"), 0, "offers nothing");
	is_int(desk_f(&d, "order.complete", "{'prefix':'%s0'}", codes[5]), 0, "more than a code");
	is_int(desk_count(&d, "items"), 0, "offers nothing");
	is_int(desk(&d, "order.complete", "{'limit':7}"), 0, "without a beginning");
	is_int(desk_count(&d, "items"), 7, "the newest");
	is_str(desk_text(&d, "items.0.word"), codes[N - 1], "come first");
	is_int(desk(&d, "order.complete", "{'cursor':'x'}"), TIX_EBAD_VALUE, "there are no pages");
	is_int(desk(&d, "order.complete", "{'event':'none'}"), TIX_ENOT_FOUND, "no such event");
}

static void test_holds(void)
{
	char code[16];

	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}"), 0, "a hold");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(desk_f(&d, "order.complete", "{'prefix':'%s'}", code), 0, "by its code");
	is_int(desk_count(&d, "items"), 0, "is no order");
}

static void test_scope(void)
{
	is_int(desk(&d, "order.complete", "{'event':'gig-two','limit':1000}"), 0, "of one event");
	is_int(desk_count(&d, "items"), N / 11, "only its orders");
	desk_as(&d, "other", NULL);
	is_int(desk(&d, "order.complete", "{'limit':1000}"), 0, "an organizer");
	is_int(desk_count(&d, "items"), N / 11, "is offered his own");
	is_int(desk_f(&d, "order.complete", "{'prefix':'%s'}", codes[1]), 0, "by a code that is not his");
	is_int(desk_count(&d, "items"), 0, "nothing");
	is_int(desk(&d, "event.complete", "{'prefix':'gig'}"), 0, "events");
	is_int(desk_count(&d, "items"), 1, "his own");
	is_str(desk_text(&d, "items.0.word"), "gig-two", "by slug");
	desk_as(&d, NULL, NULL);
	is_int(desk(&d, "event.complete", "{'prefix':'gig-'}"), 0, "the owner");
	is_int(desk_count(&d, "items"), 1, "by what it begins with");
	is_int(desk(&d, "event.complete", "{}"), 0, "without");
	is_int(desk_count(&d, "items"), 2, "all");
	is_str(desk_text(&d, "items.0.doc"), "Gig", "with their names");
	is_int(desk(&d, "event.complete", "{'prefix':'\xc3\xa4'}"), 0, "no letter of a slug");
	is_int(desk_count(&d, "items"), 0, "nothing");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "complete") || !set_up())
		return done_testing();
	test_beginnings();
	test_holds();
	test_scope();
	desk_close(&d);
	return done_testing();
}
