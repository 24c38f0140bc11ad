/* SPDX-License-Identifier: MIT */
/* Bookmarks, and the lists that go by records: orders made and changed between two records, exactly, also where a
 * hundred of them have one time and where the clock goes back. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static int64_t head(void)
{
	int64_t last = 0;

	do {
		desk_f(&d, "journal.list", "{'since':%lld,'limit':1000}", (long long)last);
		for (int i = 0, n = desk_count(&d, "items"); i < n; i++)
			last = json_integer_value(
			    json_object_get(json_array_get(desk_at(&d, "items"), (size_t)i), "seq"));
	} while (desk_count(&d, "items") == 1000);
	return last;
}

static void sell(int n)
{
	for (int i = 0; i < n; i++)
		desk(&d, "order.create",
		    "{'event':'gig','line':[{'category':'ga','count':1}],'pay':'cash'}");
}

/* How many orders were made between two records. */
static int made(int64_t after, int64_t upto)
{
	desk_f(&d, "order.list", "{'after':%lld,'upto':%lld,'limit':1000}", (long long)after,
	    (long long)upto);
	return desk_count(&d, "items");
}

/* How many an export between two records has, page by page; -1 when one comes twice. */
static int changed(int64_t after, int64_t upto)
{
	char cursor[600] = "", params[900], seen[4000] = "";
	int n = 0;
	int64_t record;

	desk(&d, "export.begin", "{'kind':'orders'}");
	record = desk_int(&d, "record");
	do {
		snprintf(params, sizeof(params),
		    "{'export':%lld,'after':%lld,'upto':%lld,'limit':3%s%s%s}", (long long)record,
		    (long long)after, (long long)upto, *cursor ? ",'cursor':'" : "", cursor,
		    *cursor ? "'" : "");
		if (desk(&d, "order.export", params) < 0)
			return -2;
		for (int i = 0; i < desk_count(&d, "items"); i++, n++) {
			const char *code = json_string_value(
			    json_object_get(json_array_get(desk_at(&d, "items"), (size_t)i), "code"));

			if (strstr(seen, code))
				return -1;
			if (strlen(seen) < sizeof(seen) - 40)
				strcat(strcat(seen, code), " ");
		}
		snprintf(cursor, sizeof(cursor), "%s", desk_text(&d, "next") ? desk_text(&d, "next") : "");
	} while (*cursor);
	return n;
}

static void bookmarks(void)
{
	int64_t end = head();

	is_int(desk(&d, "bookmark.show", "{'name':'recon'}"), TIX_ENOT_FOUND, "none yet");
	is_int(desk_f(&d, "bookmark.set", "{'name':'recon','seq':%lld,'was':0,'idempotency_key':'k1'}",
		   (long long)end), 0, "made where it is expected at 0");
	is_int(desk_int(&d, "record"), end, "it stands there");
	is_int(head(), end, "the journal knows nothing of it");
	is_int(desk_f(&d, "bookmark.set", "{'name':'recon','seq':%lld,'was':0,'idempotency_key':'k1'}",
		   (long long)end), 0, "the same again with its key");
	is_int(desk_int(&d, "replayed"), 1, "is a repeat");
	is_int(desk(&d, "bookmark.set", "{'name':'recon','seq':1,'was':0}"), TIX_EWRONG_STATE,
	    "not from where it does not stand");
	is_int(desk_f(&d, "bookmark.set", "{'name':'recon','seq':%lld}", (long long)end + 1),
	    TIX_EBAD_VALUE, "not ahead of the journal");
	is_int(desk(&d, "bookmark.set", "{'name':'recon','seq':2,'dry_run':true}"), 0, "a dry run");
	desk(&d, "bookmark.show", "{'name':'recon'}");
	is_int(desk_int(&d, "record"), end, "moves nothing");
	desk_f(&d, "bookmark.set", "{'name':'recon','seq':%lld}", (long long)end);
	is_int(desk_int(&d, "unchanged"), 1, "where it stands it stays");
	desk(&d, "bookmark.set", "{'name':'a','seq':0}");
	desk(&d, "bookmark.list", "{'limit':1}");
	ok(strcmp(desk_text(&d, "items.0.name"), "a") == 0 && desk_text(&d, "next"), "listed by name");
	d.who.id = 2;
	is_int(desk(&d, "bookmark.show", "{'name':'recon'}"), TIX_ENOT_FOUND, "another's is not seen");
	desk(&d, "bookmark.list", "{}");
	is_int(desk_count(&d, "items"), 0, "nor listed");
	d.who.id = 1;
}

static void no_more_than(void)
{
	int r = 0;

	d.who.id = 3;
	for (int i = 0; i < 1000 && r == 0; i++)
		r = desk_f(&d, "bookmark.set", "{'name':'b%d','seq':0}", i);
	is_int(r, 0, "a thousand of them");
	is_int(desk(&d, "bookmark.set", "{'name':'more','seq':0}"), TIX_ELIMIT, "no more");
	is_int(desk(&d, "bookmark.set", "{'name':'b7','seq':1}"), 0, "but those move");
	d.who.id = 1;
}

/* All at one time, the clock standing still and then going back. */
static void orders_by_record(void)
{
	int64_t mark[4];
	char code[40];

	mark[0] = head();
	sell(5);
	mark[1] = head();
	sell(140);
	clock_test_set(d.clock, DESK_NOW - 3600 * USEC_PER_SEC);
	sell(3);
	mark[2] = head();
	clock_test_set(d.clock, DESK_NOW + 3600 * USEC_PER_SEC);
	sell(2);
	mark[3] = head();
	is_int(made(mark[0], mark[1]), 5, "five were made between two records of one time");
	is_int(made(mark[1], mark[2]), 143, "and these after them, though the clock went back");
	is_int(made(mark[2], mark[3]), 2, "and these");
	is_int(made(0, mark[0]), 0, "none before");
	is_int(made(mark[3], mark[3] + 1000), 0, "none after");
	is_int(made(0, mark[3] + 1000), 150, "all in all");
	is_int(changed(mark[0], mark[1]), 5, "an export of those made between");
	is_int(changed(0, mark[3]), 150, "of all, each once");
	desk_f(&d, "order.list", "{'after':%lld,'upto':%lld}", (long long)mark[0], (long long)mark[1]);
	snprintf(code, sizeof(code), "%s", desk_text(&d, "items.0.code"));
	desk_f(&d, "order.note", "{'code':'%s','note':'x'}", code);
	desk_f(&d, "refund.create", "{'code':'%s','amount':'1'}", code);
	is_int(changed(mark[0], mark[1]), 4, "what was changed later comes later");
	is_int(changed(mark[3], head()), 1, "once, for two records");
	is_int(made(mark[3], head()), 0, "but it was not made then");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "bookmark"))
		return done_testing();
	desk(&d, "event.create", "{'event':'gig','name':'G','start':'+30d','currency':'EUR'}");
	desk(&d, "category.create", "{'event':'gig','name':'ga','price':'45','size':1000}");
	desk(&d, "event.publish", "{'event':'gig'}");
	bookmarks();
	no_more_than();
	orders_by_record();
	desk_clean(&d, "the audit");
	desk_sql(&d, "update bookmark set seq = 100000 where name = 'a'");
	desk(&d, "audit.run", "{'law':['journal']}");
	is_int(desk_count(&d, "findings"), 1, "a bookmark beyond the journal is found");
	desk_close(&d);
	return done_testing();
}
