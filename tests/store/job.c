/* SPDX-License-Identifier: MIT */
/* Jobs: slices, their items once each, pausing, stopping, trying again, what is refused, whose they
 * are, and what happens when the daemon dies between two slices. */
#include "tests/tap.h"
#include "tests/store/desk.h"

#include "base/failpoint.h"
#include "core/job_kind.h"
#include "core/writer_state.h"

static struct desk d;

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[400];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.250s}", field, value, more);
	return desk(&d, method, params);
}

/* An event with n orders of one ticket at 45.00 each. */
static void event_of(const char *slug, int n)
{
	char params[300];

	snprintf(params, sizeof(params),
	    "{'event':'%s','name':'Gig','start':'2026-06-13','currency':'EUR','organizer':'default'"
	    "}",
	    slug);
	is_int(desk(&d, "event.create", params), 0, "event");
	snprintf(
	    params, sizeof(params), "{'event':'%s','name':'ga','price':'45','size':5000}", slug);
	is_int(desk(&d, "category.create", params), 0, "category");
	is_int(on("event.publish", "event", slug, ""), 0, "published");
	for (int i = 0; i < n; i++) {
		int r = on("order.create", "event", slug,
		    ",'line':[{'category':'ga','count':1}],'pay':'cash'");

		if (r < 0)
			ok(false, "order %d", i);
	}
}

/* As the daemon does between batches; whether there is more to do at once, or soon after a batch.
 */
static bool tend(void)
{
	return writer_tend(d.writer) <= 20000;
}

static void tend_all(void)
{
	int n = 0;

	while (tend() && n++ < 1000)
		;
}

static int64_t job_int(const char *job, const char *field)
{
	on("job.show", "job", job, "");
	return desk_int(&d, field);
}

static void job_is(const char *job, const char *state, int done, int failed, int skipped)
{
	is_int(on("job.show", "job", job, ""), 0, job);
	is_str(desk_text(&d, "state"), state, "its state");
	is_int(desk_int(&d, "done"), done, "done");
	is_int(desk_int(&d, "failed"), failed, "failed");
	is_int(desk_int(&d, "skipped"), skipped, "skipped");
}

static const char *cancel(const char *slug, const char *more, char job[24])
{
	char all[200];

	snprintf(all, sizeof(all), ",'confirm':'%s'%s", slug, more);
	is_int(on("event.cancel", "event", slug, all), 0, "called off");
	snprintf(job, 24, "%s", desk_text(&d, "job") ? desk_text(&d, "job") : "none");
	return job;
}

/* Dangerous while there are sales: what is at stake, and what confirms it. */
static void test_confirm(void)
{
	char job[24];

	event_of("empty", 0);
	is_int(on("event.cancel", "event", "empty", ",'dry_run':true"), 0, "tried");
	ok(!desk_at(&d, "confirm"), "nothing is at stake");
	is_int(on("event.cancel", "event", "empty", ",'confirm':'full'"), TIX_EUNCONFIRMED,
	    "a wrong word is refused all the same");
	is_int(on("event.cancel", "event", "empty", ""), 0, "no word is needed");
	is_str(desk_text(&d, "status"), "cancelled", "it is off");
	ok(!desk_at(&d, "job"), "without a job");
	event_of("full", 2);
	is_int(on("event.cancel", "event", "full", ""), TIX_EUNCONFIRMED, "sales need a word");
	is_str(d.err.message, "full has 2 paid orders", "it says why");
	is_str(d.err.field, "confirm", "and names the field");
	ok(strstr(d.err.hint, "--confirm full"), "and the word: %s", d.err.hint);
	is_int(on("event.cancel", "event", "full", ",'confirm':'empty'"), TIX_EUNCONFIRMED,
	    "the wrong word");
	is_int(on("event.cancel", "event", "full", ",'dry_run':true"), 0, "tried");
	is_str(desk_text(&d, "confirm"), "full", "the word");
	is_str(desk_text(&d, "stake"), "full has 2 paid orders", "and what is at stake");
	is_int(on("event.show", "event", "full", ""), 0, "shown");
	is_str(desk_text(&d, "status"), "published", "a trial changes nothing");
	cancel("full", ",'idempotency_key':'k1'", job);
	is_int(on("order.create", "event", "full",
		   ",'line':[{'category':'ga','count':1}],'pay':'cash'"),
	    TIX_EWRONG_STATE, "nothing is sold any more");
	cancel("full", ",'idempotency_key':'k1'", job);
	is_str(job, "j1", "a repeat names the job");
	tend_all();
	job_is("j1", "done", 2, 0, 0);
}

/* Held, complimentary, cancelled and paid orders; the money goes back but for a fee. */
static void test_orders(void)
{
	char job[24], code[32], free_code[32], paid[32];

	event_of("mixed", 3);
	snprintf(paid, sizeof(paid), "%s", desk_text(&d, "code"));
	on("order.create", "event", "mixed", ",'line':[{'category':'ga','count':1}],'pay':'comp'");
	snprintf(free_code, sizeof(free_code), "%s", desk_text(&d, "code"));
	on("order.create", "event", "mixed", ",'line':[{'category':'ga','count':2}],'pay':'cash'");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("order.cancel", "code", code, ""), 0, "one was cancelled before");
	is_int(on("hold.create", "event", "mixed", ",'line':[{'category':'ga','count':2}]"), 0,
	    "a hold");
	is_int(on("event.cancel", "event", "mixed", ""), TIX_EUNCONFIRMED, "it wants a word");
	is_str(d.err.message, "mixed has 4 paid orders and 1 held", "for all that is there");
	cancel("mixed", ",'refund':'bank','keep_fee':'5','reason':'rain'", job);
	tend_all();
	job_is(job, "done", 5, 0, 1);
	is_int(job_int(job, "total"), 6, "in all");
	is_str(desk_text(&d, "reason"), "rain", "its reason");
	on("order.show", "code", paid, "");
	is_str(desk_text(&d, "state"), "cancelled", "a paid order");
	is_int(desk_int(&d, "paid.amount"), 500, "keeps the fee");
	is_int(desk_int(&d, "balance.amount"), 0, "and nothing else");
	on("order.show", "code", free_code, "");
	is_str(desk_text(&d, "state"), "cancelled", "a complimentary order");
	on("order.show", "code", code, "");
	is_int(desk_int(&d, "balance.amount"), 9000, "one that was cancelled before is left alone");
	is_int(desk(&d, "refund.list", "{'event':'mixed'}"), 0, "the refunds");
	is_int(desk_count(&d, "items"), 3, "three");
	is_str(desk_text(&d, "items.0.kind"), "bank", "by transfer");
	is_int(desk(&d, "quota.show", "{'event':'mixed','name':'ga'}"), 0, "the quota");
	is_int(desk_int(&d, "sold") + desk_int(&d, "held"), 0, "is empty");
	is_int(on("order.history", "code", paid, ""), 0, "its history");
	is_str(desk_text(&d, "items.1.topic"), "order.cancelled", "names the deed");
	is_str(desk_text(&d, "items.1.actor"), "owner", "who began it");
	is_str(desk_text(&d, "items.1.request"), job, "the job");
	is_str(desk_text(&d, "items.1.reason"), "rain", "and why");
	is_int(on("job.report", "job", job, ",'limit':4"), 0, "the report");
	is_int(desk_count(&d, "items"), 4, "a page");
	ok(desk_text(&d, "next"), "and a next one");
	is_int(on("job.report", "job", job, ",'state':['skipped']"), 0, "skipped");
	is_int(desk_count(&d, "items"), 1, "one");
	is_str(desk_text(&d, "items.0.subject"), code, "the one that was cancelled before");
	desk_clean(&d, "after a job");
}

/* Who has not paid owes nothing for an event that is off; who paid a part owes no more than that. */
static void test_unpaid(void)
{
	char job[24], code[2][32];

	event_of("waits", 1);
	for (int i = 0; i < 2; i++) {
		on("order.create", "event", "waits",
		    ",'line':[{'category':'ga','count':1}],'pay':'bank'");
		snprintf(code[i], sizeof(code[i]), "%s", desk_text(&d, "code"));
	}
	on("hold.create", "event", "waits", ",'line':[{'category':'ga','count':1}]");
	is_int(on("payment.record", "code", code[1], ",'kind':'bank','amount':'3'"), 0, "a part");
	is_int(on("event.cancel", "event", "waits", ""), TIX_EUNCONFIRMED, "it wants a word");
	is_str(d.err.message, "waits has 1 paid order, 2 awaiting payment and 1 held",
	    "and says who has paid");
	cancel("waits", ",'refund':'bank','keep_fee':'5'", job);
	tend_all();
	job_is(job, "done", 4, 0, 0);
	for (int i = 0; i < 2; i++) {
		on("order.show", "code", code[i], "");
		is_str(desk_text(&d, "state"), "cancelled", "cancelled");
		is_int(desk_int(&d, "balance.amount"), 0, "nothing is owed");
		is_int(desk_int(&d, "paid.amount"), i ? 300 : 0, "what came is kept as the fee");
	}
	desk_clean(&d, "after a job on unpaid orders");
}

/* While the job that calls its orders off waits, money sells no ticket of the event any more; it
 * goes back with the order. */
static void test_paid_meanwhile(void)
{
	char job[24], code[2][32];

	event_of("late", 0);
	for (int i = 0; i < 2; i++) {
		on("order.create", "event", "late",
		    ",'line':[{'category':'ga','count':1}],'pay':'bank'");
		snprintf(code[i], sizeof(code[i]), "%s", desk_text(&d, "code"));
	}
	is_int(on("payment.record", "code", code[1], ",'kind':'bank','amount':'50'"), 0, "paid");
	is_int(on("order.change", "code", code[0], ",'add':[{'category':'ga','count':1}]"), 0,
	    "two are wanted");
	cancel("late", ",'refund':'bank'", job);
	is_int(on("job.pause", "job", job, ""), 0, "paused");
	is_int(on("payment.record", "code", code[0], ",'kind':'bank','amount':'90'"), 0, "paid");
	is_str(desk_text(&d, "order_state"), "pending", "but not sold");
	is_int(on("order.doctor", "code", code[0], ""), 0, "asked");
	ok(strstr(desk_text(&d, "findings.0.what"), "called off"), "doctor says why");
	is_int(on("job.resume", "job", job, ""), 0, "resumed");
	tend_all();
	for (int i = 0; i < 2; i++) {
		on("order.show", "code", code[i], "");
		is_str(desk_text(&d, "state"), "cancelled", "cancelled");
		is_int(desk_int(&d, "balance.amount"), 0, "its money goes back");
	}
	desk_clean(&d, "after money for an event that is off");
}

/* The event that a principal may act for gets another slug while its job runs. */
static void test_renamed(void)
{
	const struct principal was = d.who;
	char job[24];

	event_of("old-slug", 3);
	snprintf(d.who.event, sizeof(d.who.event), "old-slug");
	cancel("old-slug", "", job);
	d.who = was;
	is_int(on("event.set", "event", "old-slug", ",'slug':'new-slug'"), 0, "renamed");
	tend_all();
	job_is(job, "done", 3, 0, 0);
}

/* Items that are refused; then only those are tried again. */
static void test_retry(void)
{
	char job[24], code[32];

	event_of("used", 70);
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	desk_sql(&d, "update ticket set state = 2 where id / 1024 = (select max(id) from orders)");
	cancel("used", "", job);
	is_int(on("job.retry", "job", job, ""), TIX_EWRONG_STATE, "a running job is not retried");
	tend_all();
	job_is(job, "done", 69, 1, 0);
	is_int(on("job.report", "job", job, ",'state':['failed']"), 0, "what failed");
	is_int(desk_count(&d, "items"), 1, "one");
	is_str(desk_text(&d, "items.0.subject"), code, "the used one");
	is_str(desk_text(&d, "items.0.error"), "wrong_state", "why");
	ok(strstr(desk_text(&d, "items.0.message"), "is used"), "in words");
	is_int(on("job.retry", "job", job, ",'failed':true"), 0, "again");
	tend_all();
	job_is(job, "done", 69, 1, 0);
	desk_sql(&d, "update ticket set state = 1 where id / 1024 = (select max(id) from orders)");
	is_int(on("job.retry", "job", job, ""), 0, "and again");
	tend_all();
	job_is(job, "done", 70, 0, 0);
	is_int(on("job.report", "job", job, ",'state':['failed']"), 0, "what failed");
	is_int(desk_count(&d, "items"), 0, "nothing");
	is_int(on("job.retry", "job", job, ""), TIX_EWRONG_STATE, "nothing is left to retry");
	desk_clean(&d, "after a retry");
}

static void test_states(void)
{
	char job[24];
	int64_t done;

	event_of("slow", 200);
	cancel("slow", "", job);
	is_int(on("job.resume", "job", job, ""), TIX_EWRONG_STATE, "it is not paused");
	tend();
	done = job_int(job, "done");
	ok(done > 0 && done < 200, "a slice: %d", (int)done);
	is_int(on("job.pause", "job", job, ""), 0, "paused");
	tend_all();
	is_int(job_int(job, "done"), done, "it waits");
	writer_free(d.writer);
	is_int(writer_open(&d.core, false, &d.writer, &d.err), 0, "the daemon comes again");
	tend_all();
	job_is(job, "paused", (int)done, 0, 0);
	is_int(on("job.resume", "job", job, ""), 0, "resumed");
	tend();
	ok(job_int(job, "done") > done, "it goes on");
	is_int(on("job.stop", "job", job, ""), 0, "stopped");
	done = desk_int(&d, "done");
	tend_all();
	job_is(job, "stopped", (int)done, 0, 0);
	is_int(on("job.pause", "job", job, ""), TIX_EWRONG_STATE, "too late for a pause");
	is_int(on("job.retry", "job", job, ",'failed':true"), TIX_EWRONG_STATE, "nothing failed");
	desk_clean(&d, "with a stopped job");
	is_int(on("job.retry", "job", job, ""), 0, "it may go on all the same");
	tend();
	writer_free(d.writer);
	is_int(writer_open(&d.core, false, &d.writer, &d.err), 0, "the daemon comes again");
	tend_all();
	job_is(job, "done", 200, 0, 0);
	is_int(desk(&d, "job.list", "{'event':'slow','state':['done'],'kind':['event_cancel']}"), 0,
	    "listed");
	is_int(desk_count(&d, "items"), 1, "once");
	desk_clean(&d, "after all that");
}

/* A job with a rate waits for its time; another one goes on beside it. */
static void test_rate(void)
{
	char job[24], other[24];

	event_of("calm", 30);
	event_of("quick", 30);
	cancel("calm", ",'rate':100", job);
	cancel("quick", "", other);
	tend_all();
	is_int(job_int(job, "done"), 10, "a tenth of a second's");
	job_is(other, "done", 30, 0, 0);
	clock_test_set(d.clock, clock_now(d.clock) + 99000);
	tend_all();
	is_int(job_int(job, "done"), 10, "not before its time");
	clock_test_set(d.clock, clock_now(d.clock) + 1000);
	tend_all();
	is_int(job_int(job, "done"), 20, "then the next");
	for (int i = 0; i < 3; i++) {
		clock_test_set(d.clock, clock_now(d.clock) + 100000);
		tend_all();
	}
	job_is(job, "done", 30, 0, 0);
}

/* It acts as who began it, and is seen by those who see its event. */
static void test_whose(void)
{
	char job[24];

	is_int(
	    desk(&d, "organizer.create", "{'organizer':'acme','name':'Acme'}"), 0, "an organizer");
	event_of("own", 3);
	desk_as(&d, "default", "own");
	snprintf(d.who.name, sizeof(d.who.name), "organizer.1001");
	cancel("own", "", job);
	desk_as(&d, "acme", NULL);
	is_int(on("job.show", "job", job, ""), TIX_ENOT_FOUND, "not another organizer's");
	is_int(on("job.stop", "job", job, ""), TIX_ENOT_FOUND, "nor to be stopped");
	is_int(desk(&d, "job.list", "{}"), 0, "his list");
	is_int(desk_count(&d, "items"), 0, "is empty");
	desk_as(&d, NULL, NULL);
	snprintf(d.who.name, sizeof(d.who.name), "owner");
	tend_all();
	job_is(job, "done", 3, 0, 0);
	is_str(desk_text(&d, "actor"), "organizer.1001", "who began it");
	is_int(desk(&d, "order.list", "{'event':'own','limit':1}"), 0, "an order");
	is_int(on("order.history", "code", desk_text(&d, "items.0.code"), ""), 0, "its history");
	is_str(desk_text(&d, "items.1.actor"), "organizer.1001", "is his deed");
	is_int(on("job.show", "job", "31", ""), TIX_EBAD_VALUE, "a number is no job");
	is_int(on("job.show", "job", "j999", ""), TIX_ENOT_FOUND, "none of that number");
}

/* Another daemon's lease is left alone until it is over. */
static void test_lease(void)
{
	char job[24];
	int lock = d.writer->lock_fd;

	event_of("leased", 5);
	cancel("leased", "", job);
	desk_sql(&d, "update job set holder = 77, lease_until = 9000000000000000 where state = 1");
	d.writer->lock_fd = -1;
	tend_all();
	is_int(job_int(job, "done"), 0, "it is another's");
	desk_sql(&d, "update job set lease_until = 1 where state = 1");
	tend_all();
	job_is(job, "done", 5, 0, 0);
	d.writer->lock_fd = lock;
}

/* What fails after it has written undoes its slice, not the job. */
static void test_torn(void)
{
	char job[24];

	event_of("torn", 20);
	desk_sql(&d, "create trigger torn before insert on order_record when new.orders = "
		     "(select max(id) - 5 from orders) begin select raise(abort, 'torn'); end");
	cancel("torn", "", job);
	tend_all();
	job_is(job, "done", 19, 1, 0);
	desk_sql(&d, "drop trigger torn");
	desk_clean(&d, "without the half of an item");
	is_int(on("job.retry", "job", job, ""), 0, "again");
	tend_all();
	job_is(job, "done", 20, 0, 0);
	desk_clean(&d, "with the whole of it");
}

#ifdef TIX_FAILPOINTS
/* A slice that fails at a step of its own is done again. */
static void test_steps(void)
{
	static const char *const steps[] = {
	    "job.item:7:err", "job.slice:1:err", "batch.written:1:err"};
	char job[24], slug[24];

	for (int i = 0; i < 3; i++) {
		snprintf(slug, sizeof(slug), "steps%d", i);
		event_of(slug, 20);
		cancel(slug, "", job);
		setenv("TIX_FAILPOINT", steps[i], 1);
		failpoint_reset();
		tend_all();
		unsetenv("TIX_FAILPOINT");
		failpoint_reset();
		tend_all();
		job_is(job, "done", i ? 20 : 19, !i, 0);
		desk_clean(&d, steps[i]);
	}
}
#else
static void test_steps(void)
{
	skip("this build has no failpoints");
}
#endif

/* A kind that this program does not have. */
static void test_unknown(void)
{
	char job[24];

	event_of("odd", 1);
	cancel("odd", "", job);
	desk_sql(&d, "update job set kind = 99 where state = 1");
	tend_all();
	is_int(desk(&d, "job.list", "{'event':'odd'}"), 0, "listed");
	is_str(desk_text(&d, "items.0.state"), "failed", "it failed as a whole");
	ok(desk_text(&d, "items.0.error"), "and says why");
	desk_sql(&d, "update job set kind = 1 where kind = 99");
	is_int(on("job.retry", "job", job, ""), 0, "again");
	tend_all();
	job_is(job, "done", 1, 0, 0);
}

/* Writes no record while it is told to refuse. */
static bool refuses;

static int encode(const struct shape *shape, const void *record, struct buf *out)
{
	return refuses ? TIX_EINTERNAL : rpc_encode(shape, record, out);
}

static const char *export(const char *event, const char *file, const char *more, char job[24])
{
	char path[512], params[700];

	snprintf(params, sizeof(params), "{'kind':'orders','event':'%s','file':'%s'%s}", event,
	    temp_path(path, file), more);
	is_int(desk(&d, "export.run", params), 0, "an export");
	snprintf(job, 24, "%s", desk_text(&d, "job") ? desk_text(&d, "job") : "none");
	return job;
}

/* How many lines a file has, -1: there is none. */
static int lines(const char *file)
{
	char path[512];
	FILE *f = fopen(temp_path(path, file), "r");
	int c, n = f ? 0 : -1;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

/* As if time went by for a job with a rate. */
static void hurry(void)
{
	for (int i = 0; i < 20; i++) {
		desk_sql(&d, "update job set next_at = 0");
		tend_all();
	}
}

/* A file has its name when all is in it, however often that was tried; and never loses it. */
static void test_export(void)
{
	char job[24];

	d.core.encode = encode;
	event_of("out", 70);
	refuses = true;
	export("out", "refused", "", job);
	tend_all();
	job_is(job, "done", 0, 70, 0);
	is_int(lines("refused"), -1, "no file: its lines are missing");
	is_int(lines("refused.part"), 0, "but what there is of it");
	refuses = false;
	is_int(on("job.retry", "job", job, ",'failed':true"), 0, "again");
	tend_all();
	job_is(job, "done", 70, 0, 0);
	is_int(lines("refused"), 70, "now it is whole");
	is_int(lines("refused.part"), -1, "and has its name");
	refuses = true;
	export("out", "stopped", ",'rate':100", job);
	tend();
	refuses = false;
	is_int(on("job.stop", "job", job, ""), 0, "stopped in the middle");
	is_int(on("job.retry", "job", job, ",'failed':true"), 0, "only what failed");
	hurry();
	is_int(on("job.show", "job", job, ""), 0, job);
	is_str(desk_text(&d, "state"), "stopped", "the rest is still to do");
	is_int(lines("stopped"), -1, "so that it has no name");
	is_int(on("job.retry", "job", job, ""), 0, "the rest");
	hurry();
	job_is(job, "done", 70, 0, 0);
	is_int(lines("stopped"), 70, "all of them");
	event_of("none", 0);
	export("none", "empty", "", job);
	tend_all();
	is_int(lines("empty"), 0, "an empty one has its name too");
	desk_sql(&d, "update job set state = 1 where id = (select max(id) from job)");
	tend_all();
	job_is(job, "done", 0, 0, 0);
	is_int(lines("empty"), 0, "also when the daemon was killed after it gave that");
	d.core.encode = rpc_encode;
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "job"))
		return 1;
	test_confirm();
	test_orders();
	test_unpaid();
	test_paid_meanwhile();
	test_renamed();
	test_retry();
	test_states();
	test_rate();
	test_whose();
	test_lease();
	test_torn();
	test_steps();
	test_unknown();
	test_export();
	desk_close(&d);
	return done_testing();
}
