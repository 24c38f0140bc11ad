/* SPDX-License-Identifier: MIT */
/* Each reason why something does not sell, made on purpose: the doctor names it and the command
 * that helps, and says nothing where nothing is wrong. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void did(const char *method, const char *params)
{
	if (!is_int(desk(&d, method, params), 0, method))
		diag("%s", params);
}

/* Whether a finding says what; its hint must be the one given. */
static void found(const char *severity, const char *what, const char *hint)
{
	const json_t *f = NULL, *v = desk_at(&d, "findings");

	for (size_t i = 0; i < json_array_size(v) && !f; i++) {
		const char *s = json_string_value(json_object_get(json_array_get(v, i), "what"));

		if (s && strstr(s, what))
			f = json_array_get(v, i);
	}
	if (!ok(f, "it says: %s", what)) {
		char *all = json_dumps(d.reply, 0);

		diag("%s", all);
		free(all);
		return;
	}
	is_str(json_string_value(json_object_get(f, "severity")), severity, severity);
	is_str(json_string_value(json_object_get(f, "hint")), hint, hint ? hint : "no hint");
}

static void category(const char *name)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'fair','name':'%.60s'}", name);
	is_int(desk(&d, "category.doctor", params), 0, name);
}

static void healthy(const char *what)
{
	ok(json_is_true(desk_at(&d, "ok")), "%s: nothing to say", what);
	is_int(desk_count(&d, "findings"), 0, "no findings");
}

static void test_event(void)
{
	did("event.create", "{'event':'fair','name':'Fair','start':'2026-06-13','currency':'EUR'}");
	did("event.doctor", "{'event':'fair'}");
	found("problem", "the event is a draft", "tix event publish fair");
	found("problem", "no category", "tix category create fair/ga --price 10.00 --size 100");
	did("category.create", "{'event':'fair','name':'ga','price':'45','size':10}");
	did("event.publish", "{'event':'fair'}");
	did("event.doctor", "{'event':'fair'}");
	healthy("an event on sale");
	is_int(desk_int(&d, "quotas.0.free"), 10, "with its sums");
	is_int(desk(&d, "event.doctor", "{'event':'fare'}"), TIX_ENOT_FOUND, "another event");
	is_int(desk(&d, "category.doctor", "{'event':'fair','name':'x'}"), TIX_ENOT_FOUND,
	    "no such category");
	category("ga");
	healthy("a category on sale");
	is_int(desk_int(&d, "free"), 10, "and what is left");
}

/* As in the example of the manual: size 100, 8 blocked, 88 sold, 4 held. */
static void test_sold_out(void)
{
	did("category.create", "{'event':'fair','name':'student','price':'30','size':100}");
	did("quota.block", "{'event':'fair','name':'student','count':8}");
	did("order.create",
	    "{'event':'fair','line':[{'category':'student','count':88}],'pay':'cash'}");
	did("hold.create",
	    "{'event':'fair','line':[{'category':'student','count':2}],'expires':'+5m'}");
	did("hold.create", "{'event':'fair','line':[{'category':'student','count':1}]}");
	did("hold.create", "{'event':'fair','line':[{'category':'student','count':1}]}");
	category("student");
	ok(json_is_false(desk_at(&d, "ok")), "not ok");
	is_int(desk_int(&d, "free"), 0, "none left");
	is_int(desk_int(&d, "quotas.0.size"), 100, "size");
	is_int(desk_int(&d, "quotas.0.blocked"), 8, "blocked");
	is_int(desk_int(&d, "quotas.0.sold"), 88, "sold");
	is_int(desk_int(&d, "quotas.0.held"), 4, "held");
	is_int(desk_int(&d, "quotas.0.free"), 0, "free");
	ok(json_is_true(desk_at(&d, "quotas.0.decides")), "it decides");
	is_int(desk_int(&d, "quotas.0.holds"), 3, "holds");
	is_int(desk_int(&d, "quotas.0.next_seats"), 2, "seats of the next");
	is_str(desk_text(&d, "quotas.0.next_expiry"), "2026-01-01T00:05:00Z", "and when");
	is_str(desk_text(&d, "findings.0.severity"), "problem", "the worst comes first");
	found(
	    "problem", "sold out: quota student has none left (88 sold, 4 held, 8 blocked)", NULL);
	found("note", "8 seats of student are blocked", "tix quota unblock fair/student 8");
	found("note", "4 seats of student are in 3 holds; 2 come back at 2026-01-01T00:05:00Z",
	    "tix hold list fair");
	did("event.doctor", "{'event':'fair'}");
	is_int(desk_count(&d, "quotas"), 2, "the event shows both quotas");
	is_str(desk_text(&d, "findings.0.subject"), "fair/student", "and which category it is");
}

/* Sold out while another quota has room: the least decides. */
static void test_two_quotas(void)
{
	did("quota.create", "{'event':'fair','name':'vip','size':1,'categories':['ga']}");
	did("order.create", "{'event':'fair','line':[{'category':'ga','count':1}],'pay':'comp'}");
	category("ga");
	is_int(desk_int(&d, "free"), 0, "none left");
	found("problem", "sold out: quota vip has none left (1 sold, 0 held, 0 blocked)",
	    "tix quota set fair/vip --size 2");
	found("note", "quota ga still has 9, but vip decides", "tix quota show fair/ga");
	did("quota.set", "{'event':'fair','name':'vip','size':2}");
	category("ga");
	healthy("after what it advised");
}

static void test_bounds(void)
{
	did("category.set", "{'event':'fair','name':'ga','min':2}");
	category("ga");
	found(
	    "problem", "1 left, but an order takes at least 2", "tix category set fair/ga --min 1");
	did("category.set", "{'event':'fair','name':'ga','min':1,'hidden':true}");
	category("ga");
	found("note", "hidden", "tix category set fair/ga --no-hidden");
	did("category.set", "{'event':'fair','name':'ga','hidden':false,'sale_from':'2026-02-01'}");
	category("ga");
	found("problem", "not sold before 2026-02-01T00:00:00Z",
	    "tix category set fair/ga --sale-from now");
	did("category.set", "{'event':'fair','name':'ga','sale_from':null,'sale_to':'2025-12-31'}");
	category("ga");
	found("problem", "its sale ended at", "tix category set fair/ga --no-sale-to");
	did("category.set", "{'event':'fair','name':'ga','sale_to':null}");
	did("quota.unlink", "{'event':'fair','name':'vip','categories':['ga']}");
	did("quota.unlink", "{'event':'fair','name':'ga','categories':['ga']}");
	category("ga");
	found("problem", "it draws on no quota", "tix quota link fair/ga --categories ga");
	did("category.create", "{'event':'fair','name':'new','price':'1'}");
	is_int(desk(&d, "category.doctor", "{'event':'fair','name':'new'}"), 0, "one without");
	found("problem", "it draws on no quota",
	    "tix quota create fair/new --size 100 --categories new");
	did("category.delete", "{'event':'fair','name':'new'}");
	did("quota.link", "{'event':'fair','name':'ga','categories':['ga']}");
	category("ga");
	healthy("as it was");
}

static void order(const char *code)
{
	char params[100];

	snprintf(params, sizeof(params), "{'code':'%.60s'}", code);
	is_int(desk(&d, "order.doctor", params), 0, code);
}

static void call_on(const char *method, const char *code, const char *more)
{
	char params[200];

	snprintf(params, sizeof(params), "{'code':'%.60s'%.100s}", code, more);
	did(method, params);
}

static void test_orders(void)
{
	char code[32], hint[80];

	did("hold.create", "{'event':'fair','line':[{'category':'ga','count':1}]}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	order(code);
	snprintf(hint, sizeof(hint), "tix order create --hold %s --pay cash", code);
	found("note", "held, not sold: the seats come back at 2026-01-01T00:10:00Z", hint);
	snprintf(hint, sizeof(hint), "{'hold':'%s'}", code);
	did("hold.release", hint);
	order(code);
	found("note", "it is released: its seats went back", "tix doctor fair");

	did("order.create", "{'event':'fair','line':[{'category':'ga','count':2}],'pay':'cash'}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	order(code);
	healthy("a sold order");
	is_str(desk_text(&d, "facts.0"),
	    "paid, 2 tickets, total 90.00 EUR, captured 90.00 EUR, refunded 0.00 EUR, balance "
	    "0.00 EUR",
	    "how it stands");
	call_on("order.cancel", code, "");
	order(code);
	snprintf(hint, sizeof(hint), "tix refund create %s", code);
	found("warning", "called off, but 90.00 EUR is still here", hint);
	call_on("refund.create", code, "");
	order(code);
	snprintf(hint, sizeof(hint), "tix refund confirm %s/r1", code);
	found("warning", "refund /r1 of 90.00 EUR is decided but not paid out", hint);
	is_int(desk_count(&d, "findings"), 1, "and nothing else");
	is_int(desk(&d, "order.doctor", "{'code':'AAAA-AAAA'}"), TIX_ENOT_FOUND, "no order");
}

/* Over but still on sale; a hold that nobody swept. */
static void test_time(void)
{
	char code[32];

	did("hold.create", "{'event':'fair','line':[{'category':'ga','count':1}]}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	clock_test_set(d.clock, DESK_NOW + INT64_C(200) * 86400 * USEC_PER_SEC);
	did("event.doctor", "{'event':'fair'}");
	found("warning", "is over since", "tix event end fair");
	order(code);
	found("warning", "waits to be swept", "tix doctor");
}

/* Who is bound to one organizer sees nothing of others. */
static void test_scope(void)
{
	desk_as(&d, "other", NULL);
	is_int(desk(&d, "event.doctor", "{'event':'fair'}"), TIX_ENOT_FOUND, "not his event");
	is_int(desk(&d, "category.doctor", "{'event':'fair','name':'ga'}"), TIX_ENOT_FOUND,
	    "nor its category");
	desk_as(&d, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "doctor"))
		return done_testing();
	test_event();
	test_sold_out();
	test_two_quotas();
	test_bounds();
	test_orders();
	test_scope();
	test_time();
	desk_close(&d);
	return done_testing();
}
