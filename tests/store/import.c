/* SPDX-License-Identifier: MIT */
/* Import: new, the same again, a few changed; all or nothing; what a row leaves out; stock that is
 * sold. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#define ROWS 400
#define EDITED 20

static struct desk d;

static json_t *row(int i, bool edited)
{
	json_t *e = json_pack("{s:o, s:o, s:s, s:s, s:o}", "event", json_sprintf("conf-%d", i),
	    "name", json_sprintf("Conférence %d", i), "start", "2026-09-01", "end",
	    edited ? "2026-09-04" : "2026-09-03", "tags",
	    json_pack("[s, s]", "tech", i % 2 ? "odd" : "even"));

	if (i % 10 != 9)
		json_object_set_new(e, "venue",
		    json_pack("{s:s, s:o, s:s, s:s}", "name", "Kongreßhalle", "city",
			json_sprintf("Stadt %d", i % 30), "country", "Germany", "zone",
			"Europe/Berlin"));
	if (i % 4 == 0)
		json_object_set_new(e, "categories",
		    json_pack("[{s:s, s:s, s:i}, {s:s, s:s, s:[s]}]", "name", "ga", "price",
			"99.50", "size", 100, "name", "vip", "price", "250", "quotas", "ga"));
	return e;
}

static json_t *batch(int edited)
{
	json_t *events = json_array();

	for (int i = 0; i < ROWS; i++)
		json_array_append_new(events, row(i, i < edited));
	return json_pack("{s:o}", "events", events);
}

static void counts(
    const json_t *params, int created, int changed, int same, int zoned, const char *name)
{
	is_int(desk_json(&d, "event.import", params), 0, name);
	is_int(desk_int(&d, "created"), created, "created");
	is_int(desk_int(&d, "changed"), changed, "changed");
	is_int(desk_int(&d, "same"), same, "same");
	is_int(desk_int(&d, "zoned"), zoned, "zoned");
}

static void test_three_runs(void)
{
	json_t *first = batch(0), *edited = batch(EDITED);
	int64_t before, took;

	json_object_set_new(first, "idempotency_key", json_string("import-1"));
	before = clock_mono(clock_system());
	counts(first, ROWS, 0, 0, ROWS / 10, "the first run");
	took = clock_mono(clock_system()) - before;
	diag("%d new events in %lld us", ROWS, (long long)took);
	counts(first, ROWS, 0, 0, ROWS / 10, "its key again");
	is_int(desk_int(&d, "replayed"), 1, "is a replay with the same counts");
	json_object_del(first, "idempotency_key");
	before = clock_mono(clock_system());
	counts(first, 0, 0, ROWS, ROWS / 10, "the second run");
	diag("%d same events in %lld us", ROWS, (long long)(clock_mono(clock_system()) - before));
	counts(edited, 0, EDITED, ROWS - EDITED, ROWS / 10, "the third run, edited");
	counts(edited, 0, 0, ROWS, ROWS / 10, "and again");
	json_decref(first);
	json_decref(edited);
	is_int(desk(&d, "event.show", "{'event':'conf-0'}"), 0, "an event of it");
	is_str(desk_text(&d, "zone"), "Europe/Berlin", "takes its venue's zone");
	is_str(desk_text(&d, "start"), "2026-08-31T22:00:00Z", "starts there at 00:00");
	is_str(desk_text(&d, "end"), "2026-09-04T22:00:00Z", "ends as edited, at 24:00");
	is_str(desk_text(&d, "venue.slug"), "kongresshalle-stadt-0",
	    "the venue's slug is made of name and city");
	is_str(desk_text(&d, "currency"), "EUR", "euros where none is named");
	is_int(desk_int(&d, "size"), 100, "with its seats");
	is_int(desk(&d, "category.show", "{'event':'conf-0','name':'vip'}"), 0, "a category");
	is_str(desk_text(&d, "quotas.0"), "ga", "with its link");
	is_int(desk(&d, "venue.list", "{'limit':1000}"), 0, "venues");
	is_int(desk_count(&d, "items"), 27, "are made once");
	is_int(desk(&d, "event.show", "{'event':'conf-9'}"), 0, "an event without venue and zone");
	is_str(desk_text(&d, "zone"), "UTC", "is in UTC");
}

static void one(const char *params, int created, int changed, const char *name)
{
	is_int(desk(&d, "event.import", params), 0, name);
	is_int(desk_int(&d, "created"), created, "created");
	is_int(desk_int(&d, "changed"), changed, "changed");
}

static void test_partial(void)
{
	one("{'events':[{'event':'p','name':'P','start':'2026-05-01','description':'text','type':'"
	    "show','tags':['a'],"
	    "'doc':{'x':1},'doors':'1h before','venue':{'name':'Nord','city':'Ulm','address':'Weg "
	    "1','latitude':48.4,"
	    "'longitude':10.0}}],'zone':'Europe/Paris'}",
	    1, 0, "with everything");
	is_int(desk_int(&d, "zoned"), 1, "the import's zone is taken and counted");
	one("{'events':[{'event':'p','name':'P','start':'2026-05-01','venue':{'name':'Nord','city':"
	    "'Ulm'}}]}",
	    0, 0, "what is absent stays");
	is_int(desk(&d, "event.show", "{'event':'p'}"), 0, "shown");
	is_str(desk_text(&d, "description"), "text", "its description");
	is_str(desk_text(&d, "zone"), "Europe/Paris", "its zone");
	one("{'events':[{'event':'p','name':'P','start':'2026-05-01','description':null,'tags':"
	    "null,'doc':null,"
	    "'doors':null,'venue':null}]}",
	    0, 1, "null clears");
	is_int(desk(&d, "event.show", "{'event':'p'}"), 0, "shown");
	ok(json_is_null(desk_at(&d, "description")) && json_is_null(desk_at(&d, "venue")),
	    "nothing is there");
	is_int(desk(&d, "venue.show", "{'venue':'nord-ulm'}"), 0, "the venue stays");
	is_str(desk_text(&d, "address"), "Weg 1", "as it was");
	is_str(desk_text(&d, "zone"), "Europe/Paris", "with the import's zone");
	one("{'events':[{'event':'q','name':'Q','start':'2026-05-01','venue':{'name':'東京ドーム'}}"
	    ","
	    "{'event':'q','name':'Q2','start':'2026-05-01'}]}",
	    1, 0, "twice in one call is one event");
	is_int(desk_int(&d, "same"), 1, "the other counts as the same");
	is_int(desk(&d, "event.show", "{'event':'q'}"), 0, "shown");
	is_str(desk_text(&d, "name"), "Q2", "the last one wins");
	ok(desk_text(&d, "venue.slug") && strncmp(desk_text(&d, "venue.slug"), "venue-", 6) == 0,
	    "a name without Latin letters gives a slug too");
	one("{'events':[{'event':'p','name':'P','start':'2026-05-01','zone':'Asia/Tokyo'}]}", 0, 1,
	    "another zone");
	is_int(desk(&d, "event.show", "{'event':'p'}"), 0, "moves");
	is_str(desk_text(&d, "start"), "2026-04-30T15:00:00Z", "the start with it");
}

static void refused(const char *params, int code, const char *field)
{
	is_int(desk(&d, "event.import", params), code, field);
	is_str(d.err.field, field, "it names the row and the field");
}

#define OK_ROW "{'event':'n1','name':'N','start':'2026-05-01'},"

static void test_refused(void)
{
	refused("{'events':[" OK_ROW "{'event':'n2','name':'N','start':'soon'}]}", TIX_EBAD_VALUE,
	    "events[1].start");
	is_int(desk(&d, "event.show", "{'event':'n1'}"), TIX_ENOT_FOUND,
	    "nothing of the call is kept");
	refused("{'events':[" OK_ROW
		"{'event':'n2','name':'N','start':'2026-05-01','end':'2026-04-01'}]}",
	    TIX_EBAD_VALUE, "events[1].end");
	refused("{'events':[" OK_ROW
		"{'event':'n2','name':'N','start':'2026-05-01','currency':'QQQ'}]}",
	    TIX_EBAD_VALUE, "events[1].currency");
	refused("{'events':[{'event':'n2','name':'N','start':'2026-05-01','venue':{'name':'V','"
		"zone':'No/Where'}}]}",
	    TIX_EBAD_VALUE, "events[0].venue.zone");
	refused("{'events':[{'event':'n2','name':'N','start':'2026-05-01','venue':{'name':'V','"
		"latitude':1}}]}",
	    TIX_EBAD_VALUE, "events[0].venue.longitude");
	refused("{'events':[{'event':'n2','name':'N','start':'2026-05-01','categories':[{'name':'a'"
		",'price':'1'},"
		"{'name':'b','price':'USD 1'}]}]}",
	    TIX_EBAD_VALUE, "events[0].categories[1].price");
	refused("{'events':[{'event':'n2','name':'N','start':'2026-05-01','categories':[{'name':'a'"
		",'price':'1',"
		"'quotas':['none']}]}]}",
	    TIX_ENOT_FOUND, "events[0].categories[0].quotas");
	desk_as(&d, "other", NULL);
	refused("{'events':[{'event':'conf-1','name':'N','start':'2026-05-01'}]}", TIX_EEXISTS,
	    "events[0].event");
	desk_as(&d, NULL, NULL);
}

static void test_sold(void)
{
	is_int(desk(&d, "event.publish", "{'event':'conf-4'}"), 0, "an event is published");
	is_int(desk(&d, "order.create",
		   "{'event':'conf-4','line':[{'category':'ga','count':5},{'category':'vip','count'"
		   ":2}],'pay':'cash'}"),
	    0, "and sells");
	refused("{'events':[{'event':'conf-4','name':'C','start':'2026-09-01','quotas':[{'name':'"
		"ga','size':6}]}]}",
	    TIX_ELIMIT, "events[0].quotas[0].size");
	refused("{'events':[{'event':'conf-4','name':'C','start':'2026-09-01','currency':'USD'}]}",
	    TIX_EWRONG_STATE, "events[0].currency");
	one("{'events':[{'event':'conf-4','name':'C','start':'2026-09-01','quotas':[{'name':'ga','"
	    "size':7},"
	    "{'name':'all','size':50}],'categories':[{'name':'ga','price':'120','quotas':['all']},"
	    "{'name':'vip','price':'250','quotas':['all','ga']}]}]}",
	    0, 1, "smaller, and a quota for all");
	is_int(desk(&d, "quota.show", "{'event':'conf-4','name':'all'}"), 0, "it");
	is_int(desk_int(&d, "sold"), 7, "counts what was sold before");
	is_int(desk(&d, "quota.show", "{'event':'conf-4','name':'ga'}"), 0, "the old one");
	is_int(desk_int(&d, "free"), 0, "is full");
	is_int(desk(&d, "event.show", "{'event':'conf-4'}"), 0, "the event");
	is_str(desk_text(&d, "status"), "published", "stays published");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "finds nothing");
	if (desk_count(&d, "findings"))
		diag("%s", json_dumps(desk_at(&d, "findings"), 0));
}

/* Two events of one import that lay claim to one slug; an own slug, and one named twice, do no harm. */
static void test_slugs(void)
{
	one("{'events':[{'event':'s1','name':'S','start':'2026-09-01','old_slugs':['s1','s0','s0']}]}",
	    1, 0, "a slug twice");
	refused("{'events':[{'event':'s2','name':'S','start':'2026-09-01','old_slugs':['s3']},"
		"{'event':'s3','name':'S','start':'2026-09-01'}]}",
	    TIX_EEXISTS, "events[0].old_slugs");
	refused("{'events':[{'event':'s3','name':'S','start':'2026-09-01'},"
		"{'event':'s2','name':'S','start':'2026-09-01','old_slugs':['s3']}]}",
	    TIX_EEXISTS, "events[1].old_slugs");
	refused("{'events':[{'event':'s2','name':'S','start':'2026-09-01','old_slugs':['s4']},"
		"{'event':'s3','name':'S','start':'2026-09-01','old_slugs':['s4']}]}",
	    TIX_EEXISTS, "events[1].old_slugs");
	is_int(desk(&d, "audit.run", "{}"), 0, "the audit");
	is_int(desk_int(&d, "ok"), 1, "finds nothing");
	desk_sql(&d, "insert into event_slug (slug, event, at) "
		     "select 's1', id, 1 from event where slug = 'conf-1'");
	is_int(desk(&d, "audit.run", "{}"), 0, "a slug of two");
	is_int(desk_int(&d, "ok"), 0, "is found");
	is_int(desk(&d, "event.set", "{'event':'s1','slug':'s5'}"), 0, "what the audit proposes");
	is_int(desk(&d, "audit.run", "{}"), 0, "mends it");
	is_int(desk_int(&d, "ok"), 1, "wholly");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "import"))
		return done_testing();
	test_three_runs();
	test_partial();
	test_refused();
	test_sold();
	test_slugs();
	desk_close(&d);
	return done_testing();
}
