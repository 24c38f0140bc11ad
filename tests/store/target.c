/* SPDX-License-Identifier: MIT */
/* Targets of sales and the pace: whole numbers, on the line between two points. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#define DAY INT64_C(86400)

static struct desk d;

static void test_line(void)
{
	struct target_point points[] = {{.days = 60, .count = 100}, {.days = 30, .count = 250},
	    {.days = 7, .count = 450}, {.days = 0, .count = 600}};
	struct shape_list list = {points, 4}, none = {0};
	static const struct {
		int64_t before, want;
	} rows[] = {
	    {61 * DAY, TIME_NONE},
	    {60 * DAY + 1, TIME_NONE},
	    {60 * DAY, 100},
	    {60 * DAY - 1, 100},
	    {45 * DAY, 175},
	    {30 * DAY + 1, 249},
	    {30 * DAY, 250},
	    {29 * DAY, 258}, /* 250 + 200 / 23 = 258.7 */
	    {7 * DAY, 450},
	    {DAY / 2, 589}, /* 450 + 150 * 6.5 / 7 = 589.3 */
	    {1, 599},
	    {0, 600},
	    {-DAY, 600},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(target_at(&list, rows[i].before) == rows[i].want, "%lld seconds before: %lld",
		    (long long)rows[i].before,
		    (long long)target_at(&list, rows[i].before));
	is_int(target_at(&none, 0), TIME_NONE, "no points, no target");
	points[0] = (struct target_point){.days = 3650, .count = 0};
	points[1] = (struct target_point){.days = 0, .count = 100000000};
	list.n = 2;
	is_int(target_at(&list, 1825 * DAY), 50000000, "as large as may be");
	is_int(target_at(&list, 1), 99999999, "to the last second");
}

static void test_permille(void)
{
	is_int(target_permille(357, 400), 120, "400 of 357 is 12.0% more");
	is_int(target_permille(100, 100), 0, "exactly");
	is_int(target_permille(3, 2), -333, "a third less");
	is_int(target_permille(3, 4), 333, "a third more");
	is_int(target_permille(2000, 2001), 1, "half a thousandth goes up");
	is_int(target_permille(2000, 1999), -1, "and down");
	is_int(target_permille(100, 0), -1000, "nothing");
	is_int(target_permille(0, 5), TIME_NONE, "of nothing there is no part");
	is_int(target_permille(TIME_NONE, 5), TIME_NONE, "nor of none");
}

static void test_stored(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-03-02','currency':'EUR',"
		   "'target':[{'days':0,'count':600},{'days':60,'count':100},{'days':30,'count':"
		   "250}]}"),
	    0, "an event with a target");
	is_int(desk_int(&d, "target.0.days"), 60, "from far");
	is_int(desk_int(&d, "target.2.count"), 600, "to near");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','target':[{'days':5,'count':2},{'days':5,'count':3}]}"),
	    TIX_EBAD_VALUE, "a day twice");
	is_str(d.err.field, "target", "is refused by name");
	is_int(desk(&d, "event.set",
		   "{'event':'gig','target':[{'days':5,'count':3},{'days':1,'count':2}]}"),
	    TIX_EBAD_VALUE, "sales never shrink");
	is_int(desk(&d, "event.set", "{'event':'gig','target':[{'days':3651,'count':3}]}"),
	    TIX_EBAD_VALUE, "ten years at most");
	is_int(desk(&d, "event.set", "{'event':'gig','target':[{'days':3,'count':-1}]}"),
	    TIX_EBAD_VALUE, "no less than none");
	is_int(desk(&d, "event.set", "{'event':'gig','name':'Other'}"), 0, "another change");
	is_int(desk_count(&d, "target"), 3, "leaves it");
}

static void test_pace(void)
{
	is_int(desk(&d, "category.create",
		   "{'event':'gig','name':'ga','price':'10','size':200}"),
	    0, "a category");
	is_int(desk(&d, "quota.create",
		   "{'event':'gig','name':'house','size':200,'categories':['ga']}"),
	    0, "on two quotas");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
	is_int(desk(&d, "order.create",
		   "{'event':'gig','line':[{'category':'ga','count':112}],'pay':'cash'}"),
	    0, "112 sold");
	is_int(desk(&d, "report.pace", "{'event':'gig'}"), 0, "the pace");
	is_int(desk_int(&d, "days"), 60, "sixty days before");
	is_int(desk_int(&d, "target"), 100, "the first point");
	is_int(desk_int(&d, "sold"), 112, "a ticket counts once");
	is_int(desk_int(&d, "ahead"), 12, "more than aimed at");
	is_int(desk_int(&d, "permille"), 120, "12.0%");
	clock_test_set(d.clock, DESK_NOW + 15 * 86400 * USEC_PER_SEC);
	is_int(desk(&d, "report.pace", "{'event':'gig'}"), 0, "two weeks later");
	is_int(desk_int(&d, "target"), 175, "more is aimed at");
	is_int(desk_int(&d, "permille"), -360, "than is sold");
	is_int(desk(&d, "event.set", "{'event':'gig','target':null}"), 0, "no target");
	is_int(desk_count(&d, "target"), 0, "is none");
	is_int(desk(&d, "report.pace", "{'event':'gig'}"), 0, "the pace");
	ok(json_is_null(desk_at(&d, "target")), "has none");
	ok(json_is_null(desk_at(&d, "permille")), "nor a part of it");
	is_int(desk(&d, "report.pace", "{'event':'none'}"), TIX_ENOT_FOUND, "no such event");
	is_int(desk(&d, "event.import",
		   "{'events':[{'event':'gig','name':'Gig','start':'2026-03-02','target':[{'days':1,"
		   "'count':9}]}]}"),
	    0, "an import sets one");
	is_int(desk_int(&d, "changed"), 1, "that is a change");
	is_int(desk(&d, "event.show", "{'event':'gig'}"), 0, "shown");
	is_int(desk_int(&d, "target.0.count"), 9, "it is there");
}

int main(void)
{
	temp_make();
	test_line();
	test_permille();
	if (!desk_open(&d, "target"))
		return done_testing();
	test_stored();
	test_pace();
	desk_close(&d);
	return done_testing();
}
