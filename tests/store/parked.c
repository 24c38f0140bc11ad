/* SPDX-License-Identifier: MIT */
/* A hold whose seats cannot be given back, since somebody edited the store, holds up nothing else:
 * it is put off, said once, and tried again later. */
#include "tests/tap.h"
#include "tests/store/desk.h"
#include "core/journal.h"
#include "core/writer_state.h"

#define MINUTE (60 * USEC_PER_SEC)

static struct desk d;

static void did(const char *method, const char *params)
{
	if (!is_int(desk(&d, method, params), 0, method))
		diag("%s", params);
}

static void damage(const char *sql)
{
	struct err err = {0};

	is_int(db_exec(d.writer->db, sql, &err), 0, sql);
}

static int64_t count_of(const char *topic)
{
	char params[100];

	snprintf(params, sizeof(params), "{'topic':['%.60s'],'limit':1000}", topic);
	did("journal.list", params);
	return (int64_t)desk_count(&d, "items");
}

static int64_t held(const char *quota)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'gig','name':'%.60s'}", quota);
	did("quota.show", params);
	return desk_int(&d, "held");
}

int main(void)
{
	char code[32], params[80];
	int64_t wait = 0;

	temp_make();
	if (!desk_open(&d, "parked"))
		return done_testing();
	did("event.create", "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}");
	did("category.create", "{'event':'gig','name':'ga','price':'45','size':10}");
	did("category.create", "{'event':'gig','name':'vip','price':'90','size':10}");
	did("event.publish", "{'event':'gig'}");
	did("hold.create", "{'event':'gig','line':[{'category':'ga','count':2}],'expires':'+1m'}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	did("hold.create", "{'event':'gig','line':[{'category':'vip','count':3}],'expires':'+2m'}");
	damage("update quota set held = 1 where name = 'ga'");
	clock_test_set(d.clock, DESK_NOW + 3 * MINUTE);
	did("order.create", "{'event':'gig','line':[{'category':'vip','count':10}],'pay':'cash'}");
	is_int(held("vip"), 0, "the other hold gave its seats back");
	is_int(count_of("hold.parked"), 1, "the broken one was put off");
	did("order.create", "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}");
	is_int(count_of("hold.parked"), 1, "which is said once");
	for (int i = 0; i < 100 && wait == 0; i++)
		wait = writer_tend(d.writer);
	ok(wait > 0, "housekeeping does not turn around it");
	did("audit.run", "{}");
	ok(desk_count(&d, "findings") > 0, "the audit knows");
	snprintf(params, sizeof(params), "{'code':'%s'}", code);
	did("order.doctor", params);
	ok(strstr(desk_text(&d, "findings.0.what"), "could not be given back"),
	    "and so does the doctor: %s", desk_text(&d, "findings.0.what"));

	db_deadline(d.reader, d.clock, 0, "");
	damage("update quota set held = 2 where name = 'ga'");
	clock_test_set(d.clock, DESK_NOW + 70 * MINUTE);
	did("order.create", "{'event':'gig','line':[{'category':'ga','count':9}],'pay':'cash'}");
	is_int(held("ga"), 0, "repaired, it goes by itself");
	did("audit.run", "{}");
	is_int(desk_count(&d, "findings"), 0, "and all laws hold");
	desk_close(&d);
	return done_testing();
}
