/* SPDX-License-Identifier: MIT */
/* Imports as jobs: the same comes of them as of direct ones, each line is done once, what is
 * refused can be tried again, and no line is kept longer than it is needed. */
#include "tests/tap.h"

#include "tests/store/desk.h"

static struct desk a, b;

static void gig(struct desk *d, const char *slug, int size)
{
	is_int(desk_f(d, "event.import",
		   "{'events':[{'event':'%s','name':'Gig','start':'2026-06-13','status':"
		   "'published','categories':[{'name':'std','price':'45.00','size':%d}]}]}",
		   slug, size),
	    0, "an event");
}

/* Orders as a third store would export them; their codes only need to be codes. */
static json_t *orders(const char *event, int n)
{
	static const struct idkeys other = {.code = {7}};
	json_t *all = json_array();

	for (int i = 0; i < n; i++) {
		char code[ORDER_CODE_SIZE], mail[64];

		order_code_encode(&other, 100 + i, code);
		snprintf(mail, sizeof(mail), "buyer%d@example.org", i);
		json_array_append_new(all,
		    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s},s:[{s:s,s:i,s:s}],"
			      "s:[{s:i,s:s,s:s,s:s}]}",
			"code", code, "event", event, "state", "paid", "pay", "comp", "created",
			"2025-12-01", "total", "0", "credited", "0", "balance", "0", "buyer",
			"name", "Ann Example", "email", mail, "line", "category", "std", "count", 1,
			"price", "0", "tickets", "n", 1, "category", "std", "price", "0", "state",
			"valid"));
	}
	return all;
}

/* All records of an export, without the codes that each store has of its own; the caller's. */
static json_t *export(struct desk *d, const char *kind, const char *method)
{
	json_t *all = json_array(), *params = json_pack("{s:i}", "limit", 100);
	const json_t *next;
	json_t *item;
	size_t i;

	if (kind && desk_f(d, "export.begin", "{'kind':'%s'}", kind) == 0)
		json_object_set(params, "export", (json_t *)desk_at(d, "record"));
	do {
		if (!is_int(desk_json(d, method, params), 0, method))
			break;
		json_array_foreach(json_object_get(d->reply, "items"), i, item)
		{
			json_object_del(item, "code");
			json_array_append(all, item);
		}
		next = json_object_get(d->reply, "next");
		json_object_set(params, "cursor", (json_t *)next);
	} while (json_is_string(next));
	json_decref(params);
	return all;
}

static int add(struct desk *d, const char *job, const json_t *rows, int first, int n)
{
	json_t *lines = json_array();
	json_t *params = json_pack("{s:s,s:o}", "job", job, "lines", lines);
	int r;

	for (int i = 0; i < n; i++)
		json_array_append_new(lines,
		    json_pack("{s:i,s:O}", "line", first + i, "row",
			json_array_get(rows, (size_t)(first + i - 1))));
	r = desk_json(d, "import.add", params);
	json_decref(params);
	return r;
}

/* A job with these lines, which runs once it is tended. */
static void stage(struct desk *d, const char *kind, const json_t *rows, char job[24])
{
	int n = (int)json_array_size(rows);

	is_int(desk_f(d, "import.begin", "{'kind':'%s'}", kind), 0, "begun");
	snprintf(job, 24, "%s", desk_text(d, "job"));
	is_str(desk_text(d, "state"), "paused", "it waits");
	for (int i = 0; i < n; i += 100)
		is_int(add(d, job, rows, i + 1, n - i < 100 ? n - i : 100), 0, "lines");
	is_int(desk_int(d, "total"), n, "all are there");
	is_int(desk_f(d, "job.resume", "{'job':'%s'}", job), 0, "off it goes");
}

static void tend_all(struct desk *d)
{
	for (int i = 0; i < 1000 && writer_tend(d->writer) <= 20000; i++)
		;
}

static void job_is(
    struct desk *d, const char *job, const char *state, int done, int failed, int skipped)
{
	is_int(desk_f(d, "job.show", "{'job':'%s'}", job), 0, job);
	is_str(desk_text(d, "state"), state, "its state");
	is_int(desk_int(d, "done"), done, "done");
	is_int(desk_int(d, "failed"), failed, "failed");
	is_int(desk_int(d, "skipped"), skipped, "skipped");
}

static int64_t kept(struct desk *d)
{
	int64_t n = 0;
	struct q q;

	q_start(&q, d->reader, SQL_job_line_next, &d->err);
	q_i64(&q, 1, 0);
	q_i64(&q, 2, INT64_MAX);
	q_i64(&q, 3, INT64_MAX);
	while (q_step(&q) == 1)
		n++;
	q_end(&q);
	return n;
}

static void equal(const char *kind, const char *method)
{
	json_t *x = export(&a, kind, method), *y = export(&b, kind, method);

	ok(json_array_size(x) > 0, "there are some");
	ok(json_equal(x, y), "%s: the same in both stores", method);
	json_decref(x);
	json_decref(y);
}

/* The daemon dies and comes again. */
static void restart(struct desk *d)
{
	writer_free(d->writer);
	is_int(writer_open(&d->core, false, &d->writer, &d->err), 0, "the daemon comes again");
}

static void test_equal(void)
{
	json_t *rows = orders("gig", 250), *params = json_pack("{s:o}", "orders", rows);
	char job[24];
	int64_t done;
	int tries = 0;

	gig(&a, "gig", 300);
	gig(&b, "gig", 300);
	is_int(desk_json(&a, "order.import", params), 0, "directly");
	stage(&b, "orders", rows, job);
	is_int(kept(&b), 250, "all lines are kept");
	do {
		writer_tend(b.writer);
		desk_f(&b, "job.show", "{'job':'%s'}", job);
		done = desk_int(&b, "done");
	} while (done == 0 && ++tries < 20);
	ok(done > 0 && done < 250, "a slice: %d", (int)done);
	is_int(kept(&b), 250 - done, "those that are done are not");
	desk_clean(&b, "in the middle");
	is_int(add(&b, job, rows, 250, 1), TIX_EWRONG_STATE, "it takes no more");
	is_int(desk_f(&b, "job.pause", "{'job':'%s'}", job), 0, "paused");
	is_int(add(&b, job, rows, 250, 1), TIX_EBAD_VALUE, "no line twice");
	restart(&b);
	tend_all(&b);
	is_int(kept(&b), 250 - done, "it waits");
	is_int(desk_f(&b, "job.resume", "{'job':'%s'}", job), 0, "resumed");
	writer_tend(b.writer);
	restart(&b);
	tend_all(&b);
	job_is(&b, job, "done", 250, 0, 0);
	is_int(kept(&b), 0, "no line is kept");
	equal("orders", "order.export");
	stage(&b, "orders", rows, job);
	tend_all(&b);
	job_is(&b, job, "done", 0, 0, 250);
	equal("orders", "order.export");
	desk_clean(&b, "after an import twice");
	json_decref(params);
}

static void test_events(void)
{
	json_t *rows = export(&a, NULL, "event.export");
	char job[24];

	json_object_set_new(json_array_get(rows, 0), "name", json_string("Another"));
	json_array_append_new(
	    rows, json_pack("{s:s,s:s,s:s}", "event", "e2", "name", "E", "start", "2026-07-01"));
	json_array_append_new(rows, json_pack("{s:s,s:s}", "event", "e3", "name", "no start"));
	json_array_append_new(rows, json_pack("{s:s,s:s}", "colour", "red", "name", "E"));
	is_int(desk_f(&b, "import.begin", "{'kind':'orders','zone':'Europe/Warsaw'}"), TIX_EBAD_VALUE,
	    "no zone of orders");
	is_int(desk_f(&b, "import.begin", "{'kind':'events','zone':'Europe/Warsaw','organizer':"
				       "'default'}"),
	    0, "begun");
	snprintf(job, sizeof(job), "%s", desk_text(&b, "job"));
	is_int(add(&b, job, rows, 1, 4), 0, "lines");
	desk_f(&b, "job.resume", "{'job':'%s'}", job);
	tend_all(&b);
	job_is(&b, job, "done", 2, 2, 0);
	is_int(desk_f(&b, "job.report", "{'job':'%s','state':['failed']}", job), 0, "refused");
	is_str(desk_text(&b, "items.0.subject"), "3", "by number");
	is_str(desk_text(&b, "items.0.error"), "missing", "why");
	ok(strstr(desk_text(&b, "items.0.message"), "start"), "which field");
	is_str(desk_text(&b, "items.1.error"), "unknown_field", "and the other");
	is_int(desk_f(&b, "event.show", "{'event':'e2'}"), 0, "a new event");
	is_str(desk_text(&b, "zone"), "Europe/Warsaw", "in the zone of the import");
	is_int(desk_f(&b, "event.show", "{'event':'gig'}"), 0, "an old one");
	is_str(desk_text(&b, "name"), "Another", "changed");
	desk_clean(&b, "with refused lines");
	json_decref(rows);
}

/* What failed keeps its line, until it went or its person was erased. */
static void test_retry(void)
{
	json_t *rows = orders("later", 40);
	char job[24];

	for (size_t i = 0; i < 40; i++) {
		char code[ORDER_CODE_SIZE];

		order_code_encode(&(struct idkeys){.code = {9}}, (int64_t)(5000 + i), code);
		json_object_set_new(json_array_get(rows, i), "code", json_string(code));
	}
	stage(&b, "orders", rows, job);
	tend_all(&b);
	job_is(&b, job, "done", 0, 40, 0);
	is_int(kept(&b), 42, "all lines are kept, with those of the events");
	desk_clean(&b, "nothing went");
	is_int(desk_f(&b, "person.erase", "{'who':'buyer39@example.org','confirm':'1','reason':'x'}"),
	    0, "a buyer is erased");
	is_int(kept(&b), 41, "with the line");
	gig(&b, "later", 30);
	is_int(desk_f(&b, "job.retry", "{'job':'%s','failed':true}", job), 0, "again");
	tend_all(&b);
	job_is(&b, job, "done", 30, 9, 1);
	is_int(desk_f(&b, "job.report", "{'job':'%s','state':['failed']}", job), 0, "refused");
	is_str(desk_text(&b, "items.0.error"), "sold_out", "there are no more seats");
	is_int(desk_f(&b, "quota.set", "{'event':'later','name':'std','size':39}"), 0, "more seats");
	is_int(desk_f(&b, "job.retry", "{'job':'%s'}", job), 0, "again");
	tend_all(&b);
	job_is(&b, job, "done", 39, 0, 1);
	is_int(kept(&b), 2, "no line is kept");
	desk_clean(&b, "all went");
	json_decref(rows);
}

/* A person of whom only a line of an import tells. */
static void test_erase(void)
{
	json_t *rows = orders("gig", 300), *one = json_array();
	char job[24];

	json_array_append(one, json_array_get(rows, 299));
	is_int(desk_f(&b, "import.begin", "{'kind':'orders'}"), 0, "begun");
	snprintf(job, sizeof(job), "%s", desk_text(&b, "job"));
	is_int(add(&b, job, one, 1, 1), 0, "a line");
	is_int(kept(&b), 3, "is kept");
	is_int(desk_f(&b, "person.erase", "{'who':'nobody@example.org','confirm':'0','reason':'x'}"),
	    TIX_ENOT_FOUND, "nobody");
	is_int(desk_f(&b, "person.erase", "{'who':'buyer299@example.org','confirm':'0','reason':'x'}"),
	    0, "erased");
	is_int(kept(&b), 2, "it is gone");
	is_int(desk_f(&b, "job.resume", "{'job':'%s'}", job), 0, "resumed");
	tend_all(&b);
	job_is(&b, job, "done", 0, 0, 0);
	desk_clean(&b, "without the line");
	json_decref(one);
	json_decref(rows);
}

static void test_whose(void)
{
	json_t *rows = orders("gig", 1);
	char job[24];

	is_int(desk_f(&b, "import.begin", "{'kind':'orders'}"), 0, "begun");
	snprintf(job, sizeof(job), "%s", desk_text(&b, "job"));
	is_int(desk_f(&b, "organizer.create", "{'organizer':'acme','name':'Acme'}"), 0, "another");
	desk_as(&b, "acme", NULL);
	is_int(add(&b, job, rows, 1, 1), TIX_ENOT_FOUND, "not another organizer's");
	is_int(desk_f(&b, "import.begin", "{'kind':'orders'}"), 0, "his own");
	snprintf(job, sizeof(job), "%s", desk_text(&b, "job"));
	json_object_set_new(json_array_get(rows, 0), "code", json_string("7K2M-9QXD"));
	is_int(add(&b, job, rows, 1, 1), 0, "a line");
	is_int(desk_f(&b, "job.resume", "{'job':'%s'}", job), 0, "resumed");
	tend_all(&b);
	desk_as(&b, NULL, NULL);
	job_is(&b, job, "done", 0, 1, 0);
	is_int(desk_f(&b, "job.report", "{'job':'%s'}", job), 0, "why");
	is_str(desk_text(&b, "items.0.error"), "not_found", "the event is not his");
	json_decref(rows);
}

int main(void)
{
	temp_make();
	if (!ok(desk_open(&a, "a") && desk_open(&b, "b"), "two stores"))
		return done_testing();
	test_equal();
	test_events();
	test_retry();
	test_erase();
	test_whose();
	desk_close(&a);
	desk_close(&b);
	return done_testing();
}
