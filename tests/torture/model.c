/* SPDX-License-Identifier: MIT */
/* Random calls of every method that changes something, from many clients at once, against a plain
 * model. Calls of a round run concurrently; the journal's numbers in their replies tell in which
 * order they took effect, and a refusal must be right in one of the states that were passed. Every
 * thousand calls the whole store is compared with the model.
 * usage: model [--seed N] [--steps N] [--clients N] [--kills N] [--strict] TIXD DIR
 * DIR must be empty. With one client a run is the same each time. --strict fails when there is a
 * method that nothing here calls. */
#include "tests/torture/model_run.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/ids.h"
#include "base/mem.h"
#include "base/when.h"

#define EACH 1000    /* steps between comparisons */
#define DEADLINE_US (60 * USEC_PER_SEC)
#define START (INT64_C(1767225600) * USEC_PER_SEC) /* 2026-01-01T00:00:00Z */

const struct rule rules[] = {
#define RULE(id, method, weight, reply) {method, weight, make_##id, apply_##id, same_##reply},
#include "tests/torture/model.def"
#undef RULE
    {NULL, 0, NULL, NULL, NULL},
};

#define RULES ((int)ARRAY_LEN(rules) - 1)

_Static_assert(RULES <= RULES_MAX, "a run counts calls by rule");

/* Methods that change something and are not called here, with the reason. */
static const char *const left_out[][2] = {
    {"system.clock_set", "called between rounds"},
    {"order.import", "called between rounds: its reply does not tell the new code"},
    {"person.erase", "called between rounds, where the names of others cannot be meant"},
    {"export.run", "tests/cli/job_io.bats compares it with the pages"},
    {"import.begin", "tests/store/job_io compares it with order.import"},
    {"import.add", "tests/store/job_io compares it with order.import"},
    {"bookmark.set", "tests/store/bookmark.c: it touches nothing that is sold"},
    {"job.pause", "called while a job runs"},
    {"job.resume", "called while a job runs"},
    {"job.stop", "called while a job runs"},
    {"job.retry", "called while a job runs"},
};

struct run run;

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "model: seed %" PRIu64 ", step %" PRId64 ": ", run.seed, run.done);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	if (run.pid > 0)
		kill(run.pid, SIGKILL);
	_exit(1);
}

/* The last calls that name the event or the order of a subject. */
static void tell_history(const char *subject)
{
	int64_t first = run.nhistory > HISTORY ? run.nhistory - HISTORY : 0;
	char word[M_NAME];
	int told = 0;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(subject, "/"), subject);
	for (int64_t i = run.nhistory - 1; i >= first && told < 30; i--) {
		if (strstr(run.history[i % HISTORY], word)) {
			fprintf(stderr, "  %s\n", run.history[i % HISTORY]);
			told++;
		}
	}
}

void model_differs(const char *subject, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "model: the last calls of %s, newest first:\n", subject);
	tell_history(subject);
	fail("%s %s", subject, text);
}

/* The daemon. */

static void pause_us(int64_t us)
{
	nanosleep(&(struct timespec){us / USEC_PER_SEC, us % USEC_PER_SEC * 1000}, NULL);
}

static void spawn_tixd(void)
{
	char store[600], log[600], clock[100], at[WHEN_TEXT_MAX];

	snprintf(store, sizeof(store), "sqlite:%s/tix.db", run.dir);
	snprintf(log, sizeof(log), "%s/log", run.dir);
	snprintf(clock, sizeof(clock), "--test-clock=%s", when_rfc3339(run.m.now, at, sizeof(at)));
	run.pid = fork();
	if (run.pid == 0) {
		dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
		execl(run.tixd, "tixd", "--store", store, "--socket", run.socket, clock, NULL);
		_exit(127);
	}
	if (run.pid < 0)
		fail("cannot fork");
}

/* A connection as soon as the daemon answers. */
static struct rpc_client *dial(void)
{
	int64_t begin = clock_mono(clock_system());
	struct rpc_client *rpc = NULL;
	struct err e = {0};

	for (;;) {
		if (rpc_client_open(run.socket, &rpc, &e) == 0) {
			if (rpc_client_call(rpc, "system.hello", NULL, NULL, &e) == 0)
				return rpc;
			rpc_client_free(rpc);
			rpc = NULL;
		}
		if (waitpid(run.pid, NULL, WNOHANG) == run.pid)
			fail("the daemon ended by itself, see %s/log", run.dir);
		if (clock_mono(clock_system()) - begin > DEADLINE_US)
			fail("the daemon does not answer: %s", e.message);
		pause_us(1000);
	}
}

static void start(void)
{
	spawn_tixd();
	for (int i = 0; i < run.clients; i++)
		run.rpc[i] = dial();
	rpc_client_timeout(run.rpc[0], 300000);
}

static void stop(int signal)
{
	int status;

	for (int i = 0; i < run.clients; i++) {
		rpc_client_free(run.rpc[i]);
		run.rpc[i] = NULL;
	}
	kill(run.pid, signal);
	waitpid(run.pid, &status, 0);
	run.pid = 0;
	if (signal == SIGTERM && status != 0)
		fail("the daemon ends with status %x", (unsigned)status);
}

json_t *must(const char *method, json_t *params)
{
	json_t *result = NULL;
	struct err e = {0};

	if (rpc_client_call(run.rpc[0], method, params, &result, &e) < 0) {
		char *text = json_dumps(params, JSON_COMPACT);

		model_differs(text, "is refused by %s: %s", method, e.message);
	}
	json_decref(params);
	return result;
}

/* Calls. */

static void name_key(struct op *o)
{
	snprintf(o->key, sizeof(o->key), "%" PRIu64 "-%d", run.seed, ++run.keys);
	json_object_set_new(o->in, "idempotency_key", json_string(o->key));
}

/* Whether two calls ask the same: their keys and reasons do not matter. */
static bool same_call(const struct past *p, const struct past *q)
{
	json_t *a = json_deep_copy(p->in), *b = json_deep_copy(q->in);
	bool same;

	json_object_del(a, "idempotency_key");
	json_object_del(a, "reason");
	json_object_del(b, "idempotency_key");
	json_object_del(b, "reason");
	same = p->rule == q->rule && json_equal(a, b);
	json_decref(a);
	json_decref(b);
	return same;
}

/* An earlier call again: what it was must be the answer, or, with what another call asked, that its
 * key was used. */
static void make_repeat(struct op *o)
{
	const struct past *p;

	p = &run.past[model_chance(&run.m, run.npast)];
	o->was = *p;
	o->rule = p->rule;
	o->in = json_deep_copy(p->in);
	if (model_chance(&run.m, 3) == 0) {
		const struct past *q = &run.past[model_chance(&run.m, run.npast)];

		o->other = !same_call(p, q);
		if (o->other) {
			json_decref(o->in);
			o->rule = q->rule;
			o->in = json_deep_copy(q->in);
		}
	}
	snprintf(o->key, sizeof(o->key), "%s", p->key);
	json_object_set_new(o->in, "idempotency_key", json_string(o->key));
	if (model_chance(&run.m, 3) == 0)
		json_object_set_new(o->in, "reason", json_string("asked again"));
}

static const struct rule *some_rule(void)
{
	int64_t sum = 0, at;
	int i = 0;

	for (int k = 0; k < RULES; k++)
		sum += rules[k].weight;
	at = model_chance(&run.m, sum);
	while (at >= rules[i].weight)
		at -= rules[i++].weight;
	return &rules[i];
}

static void make_op(struct op *o)
{
	*o = (struct op){.seq = 0};
	if (run.npast > 8 && model_chance(&run.m, 30) == 0) {
		make_repeat(o);
		return;
	}
	while (!o->in) {
		o->rule = some_rule();
		o->in = o->rule->make(&run.m);
	}
	name_key(o);
	if (model_chance(&run.m, 20) == 0) {
		o->dry = true;
		json_object_set_new(o->in, "dry_run", json_true());
	}
	if (model_chance(&run.m, 10) == 0)
		json_object_set_new(o->in, "reason", json_string("a reason"));
}

/* How many calls the round has; now and then one is there twice, under way at the same time. */
static int make_round(struct op *v)
{
	int n = 1 + (int)model_chance(&run.m, 2 * run.clients);

	for (int i = 0; i < n; i++) {
		if (i > 0 && !v[i - 1].was.rule && !v[i - 1].dry && model_chance(&run.m, 20) == 0) {
			v[i] = v[i - 1];
			json_incref(v[i].in);
		} else {
			make_op(&v[i]);
		}
		v[i].client = (int)model_chance(&run.m, run.clients);
	}
	return n;
}

static void send_round(struct op *v, int n)
{
	for (int i = 0; i < n; i++) {
		v[i].id = -1;
		if (!v[i].answered && rpc_client_send(run.rpc[v[i].client], v[i].rule->method,
					  v[i].in, &v[i].id, NULL) < 0)
			v[i].id = -1;
	}
}

static void take_answer(struct op *o, int error, json_t *out, const struct err *e)
{
	if (error < 0 && err_info(error)->retryable)
		return;
	o->answered = true;
	o->error = error;
	o->out = out;
	o->seq = json_integer_value(json_object_get(out, "seq"));
	snprintf(o->message, sizeof(o->message), "%.*s", (int)sizeof(o->message) - 1,
	    error ? e->message : "");
}

/* What the daemon answers on one connection, until all is there or it is gone. */
static void recv_client(struct op *v, int n, int client)
{
	int waiting = 0;

	for (int i = 0; i < n; i++)
		waiting += v[i].client == client && !v[i].answered && v[i].id >= 0;
	while (waiting > 0) {
		struct err e = {0};
		json_t *out = NULL;
		int64_t id = -1;
		int r = rpc_client_recv(run.rpc[client], &id, &out, &e);

		if (id < 0)
			return;
		for (int i = 0; i < n; i++) {
			if (v[i].client == client && v[i].id == id && !v[i].answered)
				take_answer(&v[i], r, out, &e);
		}
		waiting--;
	}
}

static bool recv_round(struct op *v, int n)
{
	bool complete = true;

	for (int i = 0; i < run.clients; i++)
		recv_client(v, n, i);
	for (int i = 0; i < n; i++)
		complete = complete && v[i].answered;
	return complete;
}

/* After a kill: what was acknowledged is in v already. */
static void bring_back(void)
{
	int status = 0;

	for (int i = 0; i < run.clients; i++)
		rpc_client_free(run.rpc[i]);
	if (waitpid(run.pid, &status, 0) != run.pid || !WIFSIGNALED(status))
		fail("the daemon ended by itself, see %s/log", run.dir);
	start();
	run.killed++;
}

/* What is under way when the daemon is killed is asked again with the same key. */
static void play_ops(struct op *v, int n, bool murder)
{
	int64_t begin = clock_mono(clock_system());
	bool complete;

	send_round(v, n);
	if (murder) {
		pause_us(model_chance(&run.m, 4000));
		kill(run.pid, SIGKILL);
	}
	complete = recv_round(v, n);
	if (murder)
		bring_back();
	while (!complete) {
		if (clock_mono(clock_system()) - begin > DEADLINE_US)
			fail("no answer in time, see %s/log", run.dir);
		send_round(v, n);
		complete = recv_round(v, n);
	}
	judge(v, n, murder);
	run.done += n;
}

static void drop_ops(struct op *v, int n)
{
	for (int i = 0; i < n; i++) {
		json_decref(v[i].in);
		json_decref(v[i].out);
	}
}

static void play_round(bool murder)
{
	static struct op v[ROUND_MAX];
	int n = make_round(v);

	play_ops(v, n, murder);
	drop_ops(v, n);
}

static const struct rule *rule_of(const char *method)
{
	int i = 0;

	while (strcmp(rules[i].method, method) != 0)
		i++;
	return &rules[i];
}

/* An event with all its orders is called off by a job. Nothing else runs meanwhile: who of the two
 * comes first could not be told. */

/* A call that may come too late for the job. */
static void act_on_job(const char *method, const char *job)
{
	json_t *in = json_pack("{s:s}", "job", job), *out = NULL;
	struct err e = {0};
	int r = rpc_client_call(run.rpc[0], method, in, &out, &e);

	if (r < 0 && r != TIX_EWRONG_STATE)
		model_differs(job, "%s: %s", method, e.message);
	json_decref(in);
	json_decref(out);
}

static void wait_job(const char *job, int64_t items)
{
	int64_t begin = clock_mono(clock_system());
	bool over = false;

	while (!over) {
		json_t *j = must("job.show", json_pack("{s:s}", "job", job));
		int64_t n = json_integer_value(json_object_get(j, "done")) +
			    json_integer_value(json_object_get(j, "skipped"));

		over = strcmp(json_string_value(json_object_get(j, "state")), "done") == 0;
		if (over && n != items)
			model_differs(job, "did %" PRId64 " items of %" PRId64, n, items);
		if (!over && clock_mono(clock_system()) - begin > DEADLINE_US)
			model_differs(job, "is not done but %s",
			    json_string_value(json_object_get(j, "state")));
		json_decref(j);
	}
}

static void disturb_job(const char *job, bool murder)
{
	int64_t how = model_chance(&run.m, 3);

	if (murder) {
		kill(run.pid, SIGKILL);
		bring_back();
	} else if (how == 1) {
		act_on_job("job.pause", job);
		act_on_job("job.resume", job);
	} else if (how == 2) {
		act_on_job("job.stop", job);
		act_on_job("job.retry", job);
	}
}

/* Orders that the job looks at: all but holds and orders that are over. */
static int64_t items_of(const struct m_event *e)
{
	int64_t n = 0;

	for (int i = 0; i < run.m.norders; i++) {
		const struct m_order *o = &run.m.order[i];

		n += &run.m.event[o->event] == e && o->state != order_state_expired &&
		     o->state != order_state_released;
	}
	return n;
}

static void call_off(struct m_event *e, bool murder)
{
	int64_t fee = model_chance(&run.m, 2) ? model_chance(&run.m, 3000) : 0, items = items_of(e);
	int refund = (int)model_chance(&run.m, 3); /* not at all, or one of the two kinds */
	struct op v[1] = {{.rule = rule_of("event.cancel")}};
	const char *job;

	v[0].in = json_pack("{s:s, s:s}", "event", e->slug, "confirm", e->slug);
	if (refund)
		json_object_set_new(v[0].in, "refund",
		    json_string(enum_word(&enum_set_refund_kind, refund)));
	if (fee)
		json_object_set_new(v[0].in, "keep_fee",
		    json_pack("{s:I, s:s}", "amount", (json_int_t)fee, "currency", e->currency));
	name_key(&v[0]);
	play_ops(v, 1, murder && model_chance(&run.m, 2));
	job = json_string_value(json_object_get(v[0].out, "job"));
	if (!job)
		model_differs(e->slug, "is called off and there is no job");
	disturb_job(job, murder && model_chance(&run.m, 2));
	wait_job(job, items);
	model_call_off(&run.m, e, refund, fee);
	run.called_off++;
	drop_ops(v, 1);
}

static void maybe_call_off(bool murder)
{
	for (int i = 0; i < run.m.nevents; i++) {
		struct m_event *e = &run.m.event[i];

		if (e->status == event_status_published && e->alive > 0 &&
		    model_chance(&run.m, 4) == 0) {
			call_off(e, murder);
			return;
		}
	}
}

/* The sweep runs by itself, soon. */
static void wait_expired(const struct m_order *o)
{
	int64_t begin = clock_mono(clock_system());
	bool held = true;

	while (held) {
		json_t *j = must("order.show", json_pack("{s:s}", "code", o->code));

		held = strcmp(json_string_value(json_object_get(j, "state")), "expired") != 0;
		json_decref(j);
		if (held && clock_mono(clock_system()) - begin > DEADLINE_US)
			model_differs(o->code, "is over and still held");
	}
	run.expired++;
}

/* While nothing is under way. */
static void move_clock(void)
{
	int64_t minutes = model_chance(&run.m, 8) ? 1 + model_chance(&run.m, 15) : 180;
	int64_t now = run.m.now + minutes * 60 * USEC_PER_SEC;
	int was[4096], n = 0;
	char at[WHEN_TEXT_MAX];

	for (int i = 0; i < run.m.norders && n < (int)ARRAY_LEN(was); i++) {
		const struct m_order *o = &run.m.order[i];

		if ((o->state == order_state_held || o->state == order_state_pending) &&
		    o->expires <= now)
			was[n++] = i;
	}
	json_decref(must("system.clock_set",
	    json_pack("{s:s}", "now", when_rfc3339(now, at, sizeof(at)))));
	model_time(&run.m, now);
	for (int i = 0; i < n; i++)
		wait_expired(&run.m.order[was[i]]);
}

/* The order of another store: n tickets of a category at a price. Takes nothing over. */
static json_t *foreign_order(const struct m_event *e, const char *code, int category, int n, int64_t price)
{
	const char *name = e->category[category].name, *cur = e->currency;
	json_t *tickets = json_array();
	char at[WHEN_TEXT_MAX];

	when_rfc3339(run.m.now - 86400 * USEC_PER_SEC, at, sizeof(at));
	for (int i = 1; i <= n; i++)
		json_array_append_new(tickets,
		    json_pack("{s:i, s:s, s:{s:I, s:s}, s:s}", "n", i, "category", name, "price",
			"amount", (json_int_t)price, "currency", cur, "state", "valid"));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:I, s:s}, s:{s:I, s:s}, s:{s:I, s:s},"
			 " s:[{s:s, s:i, s:{s:I, s:s}}], s:o,"
			 " s:[{s:i, s:s, s:{s:I, s:s}, s:s, s:s}]}",
	    "code", code, "event", e->slug, "state", "paid", "created", at, "pay", "cash", "total",
	    "amount", (json_int_t)(n * price), "currency", cur, "credited", "amount",
	    (json_int_t)0, "currency", cur, "balance", "amount", (json_int_t)0, "currency", cur,
	    "line", "category", name, "count", n, "price", "amount", (json_int_t)price, "currency",
	    cur, "tickets", tickets, "payments", "n", 1, "kind", "cash", "amount", "amount",
	    (json_int_t)(n * price), "currency", cur, "state", "captured", "at", at);
}

/* Comes twice, is there once, and its old code finds it. */
static void bring_order(struct m_event *e, int category, int n)
{
	int64_t price = 1 + model_chance(&run.m, 5000);
	uint8_t master[32] = {7};
	char code[ORDER_CODE_SIZE];
	struct idkeys keys;
	json_t *in, *out;

	idkeys_derive(master, &keys);
	if (order_code_encode(&keys, INT64_C(1000000) + ++run.keys, code) < 0)
		abort();
	in = foreign_order(e, code, category, n, price);
	for (int i = 0; i < 2; i++) {
		out = must("order.import", json_pack("{s:[O]}", "orders", in));
		if (json_integer_value(json_object_get(out, i ? "same" : "created")) != 1)
			model_differs(code, "is imported otherwise than once");
		json_decref(out);
	}
	out = must("order.show", json_pack("{s:s}", "code", code));
	model_import(&run.m, e, category, n, price, out);
	run.brought++;
	json_decref(out);
	json_decref(in);
}

/* Somebody buys, and is erased. */
static void erase_buyer(struct m_event *e, int category)
{
	struct op v[1] = {{.rule = rule_of("order.create")}};
	char email[64];
	struct m_order *o;
	json_t *out;
	int n;

	snprintf(email, sizeof(email), "gone%d@example.org", ++run.keys);
	v[0].in = json_pack("{s:s, s:[{s:s, s:i}], s:s, s:o, s:s}", "event", e->slug, "line",
	    "category", e->category[category].name, "count", 1, "pay", "cash", "name",
	    json_sprintf("Quxley%d", run.keys), "email", email);
	name_key(&v[0]);
	play_ops(v, 1, false);
	o = model_order(&run.m, json_string_value(json_object_get(v[0].out, "code")), &n);
	if (o) {
		out = must("person.erase", json_pack("{s:s, s:s}", "who", email, "confirm", "1"));
		if (json_integer_value(json_object_get(out, "orders")) != 1)
			model_differs(o->code, "is not the one order that is erased");
		o->buyer[0] = '\0';
		run.erased++;
		json_decref(out);
	}
	drop_ops(v, 1);
}

/* What is done outside of rounds, with an event that has seats. */
static void visit_seats(void)
{
	for (int i = run.m.nevents - 1; i >= 0; i--) {
		struct m_event *e = &run.m.event[i];

		for (int c = 0; c < e->ncategories; c++) {
			int64_t free = INT64_MAX;

			for (int q = 0; q < e->nquotas; q++) {
				if (e->category[c].quotas >> q & 1 && model_free(e, q) < free)
					free = model_free(e, q);
			}
			if (free < 3 || !e->category[c].quotas || model_chance(&run.m, 8))
				continue;
			if (model_chance(&run.m, 3))
				bring_order(e, c, 1 + (int)model_chance(&run.m, 3));
			else
				erase_buyer(e, c);
			return;
		}
	}
}

/* Every method that changes something is called, or is left out for a reason. */
static void check_methods(void)
{
	json_t *all_methods = must("rpc.describe", json_object());
	const json_t *v, *flag;
	size_t i, k;

	json_array_foreach (json_object_get(all_methods, "methods"), i, v) {
		const char *name = json_string_value(json_object_get(v, "name"));
		bool mutates = false, known = false;

		json_array_foreach (json_object_get(v, "flags"), k, flag)
			mutates = mutates || strcmp(json_string_value(flag), "MUTATES") == 0;
		for (int r = 0; r < RULES; r++)
			known = known || strcmp(rules[r].method, name) == 0;
		for (k = 0; k < ARRAY_LEN(left_out); k++)
			known = known || strcmp(left_out[k][0], name) == 0;
		if (mutates && !known && run.strict)
			fail("%s changes something and is not in model.def", name);
		if (mutates && !known)
			printf("not called: %s\n", name);
	}
	json_decref(all_methods);
}

static void report(int64_t began)
{
	double seconds = (double)(clock_mono(clock_system()) - began) / USEC_PER_SEC;

	printf("seed %" PRIu64 ": %" PRId64 " calls of %d clients in %.1f s, %" PRId64
	       " kills: %" PRId64 " refused, %" PRId64 " tried, %" PRId64 " repeated; %d orders, %"
	       PRId64 " holds ran out, %" PRId64 " rows compared\n",
	    run.seed, run.done, run.clients, seconds, run.killed, run.refused, run.dry,
	    run.repeated, run.m.norders, run.expired, run.compared);
	printf("%" PRId64 " events called off with their orders, %" PRId64
	       " orders of another store, %" PRId64 " persons erased\n",
	    run.called_off, run.brought, run.erased);
	for (int i = 0; i < RULES; i++)
		printf("%s %" PRId64 "\n", rules[i].method, run.ok[i]);
	if (run.steps >= 20000 && (!run.called_off || !run.brought || !run.erased))
		fail("something was never done outside of rounds");
	for (int i = 0; i < RULES; i++) {
		if (run.ok[i] == 0 && run.steps >= 20000)
			fail("%s never worked", rules[i].method);
	}
}

static void play(void)
{
	int64_t began = clock_mono(clock_system()), compared = 0;

	while (run.done < run.steps) {
		bool murder = run.kills > run.killed &&
			      run.done > run.steps * (run.killed + 1) / (run.kills + 1);

		play_round(murder);
		if (model_chance(&run.m, 20) == 0)
			move_clock();
		if (model_chance(&run.m, 60) == 0)
			maybe_call_off(run.kills > 0);
		if (model_chance(&run.m, 30) == 0)
			visit_seats();
		if (murder || run.done / EACH > compared) {
			compare(murder);
			compared = run.done / EACH;
		}
	}
	compare(true);
	stop(SIGTERM);
	start(); /* the same after a restart */
	compare(true);
	check_methods();
	stop(SIGTERM);
	report(began);
}

static int options(int argc, char **argv)
{
	static const struct option names[] = {
	    {"seed", required_argument, NULL, 's'},
	    {"steps", required_argument, NULL, 'n'},
	    {"clients", required_argument, NULL, 'c'},
	    {"kills", required_argument, NULL, 'k'},
	    {"strict", no_argument, NULL, 'x'},
	    {NULL, 0, NULL, 0},
	};
	int o;

	run.seed = (uint64_t)clock_now(clock_system());
	run.steps = 5000;
	run.clients = 16;
	while ((o = getopt_long(argc, argv, "", names, NULL)) >= 0) {
		if (o == 's')
			run.seed = strtoull(optarg, NULL, 10);
		else if (o == 'n')
			run.steps = strtoll(optarg, NULL, 10);
		else if (o == 'c')
			run.clients = (int)strtol(optarg, NULL, 10);
		else if (o == 'k')
			run.kills = strtoll(optarg, NULL, 10);
		else if (o == 'x')
			run.strict = true;
		else
			return 2;
	}
	if (argc - optind != 2 || run.clients < 1 || run.clients > CLIENTS_MAX || run.steps < 1)
		return 2;
	run.tixd = argv[optind];
	run.dir = argv[optind + 1];
	snprintf(run.socket, sizeof(run.socket), "%s/sock", run.dir);
	return 0;
}

int main(int argc, char **argv)
{
	if (options(argc, argv) != 0) {
		fputs("usage: model [--seed N] [--steps N] [--clients N] [--kills N] [--strict] "
		      "TIXD DIR\n",
		    stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	run.m = (struct model){.rng = rng_test_new(run.seed), .now = START, .orders = json_object()};
	run.m.organizer[run.m.norganizers++] = (struct m_place){"default", "Default"};
	printf("seed %" PRIu64 "\n", run.seed);
	start();
	play();
	return 0;
}
