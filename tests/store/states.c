/* SPDX-License-Identifier: MIT */
/* The state machines on a real store, from their table: for each machine an object is brought into
 * each state, and each method of the table is tried on it. It works where there is a row, and the
 * state becomes what the row says; else it is refused with wrong_state that names both states. A
 * row that nothing here passes, a state without a recipe and a method without a call all fail. */
#include "tests/tap.h"
#include "tests/store/desk.h"
#include "base/mem.h"
#include "model/states.h"

#define STEPS 6
#define CODE 64

static struct desk d;
static int made;			      /* names so far */
static bool passed[256]; /* rows */

/* How a machine's state is seen: what shows it, and where. */
static const struct sight {
	const struct enum_set *machine;
	const char *method, *field, *state;
} sights[] = {
    {&enum_set_event_status, "event.show", "event", "status"},
    {&enum_set_order_state, "order.show", "code", "state"},
    {&enum_set_ticket_state, "ticket.show", "ticket", "state"},
    {&enum_set_payment_state, "payment.show", "payment", "state"},
    {&enum_set_refund_state, "refund.show", "refund", "state"},
    {&enum_set_job_state, "job.show", "job", "state"},
};

/* In params $c is the object, $o its order, $n a number of its own. "time" lets two minutes pass,
 * "job" lets jobs work, "sql" does what no method can yet. */
struct act {
	const char *method, *params;
};

#define NEW_EVENT                                                                                  \
	{"event.create", "{'event':'e$n','name':'E','start':'+1m','currency':'EUR'}"},             \
	{                                                                                          \
		"category.create", "{'event':'e$n','name':'ga','price':'5','size':9}"              \
	}
#define ON_SALE                                                                                    \
	NEW_EVENT,                                                                                 \
	{                                                                                          \
		"event.publish", "{'event':'e$n'}"                                                 \
	}
#define IMPORT(status)                                                                             \
	{                                                                                          \
		"event.import", "{'events':[{'event':'e$n','name':'E','start':'+1m','status':'"    \
				status "','categories':[{'name':'ga','price':'5','size':9}]}]}"    \
	}
#define SELL(n, pay)                                                                               \
	{                                                                                          \
		"order.create",                                                                    \
		    "{'event':'gig','line':[{'category':'ga','count':" n "}],'pay':'" pay "'}"     \
	}
#define PLACE                                                                                      \
	{                                                                                          \
		"order.create", "{'event':'gig','line':[{'category':'ga','count':1}],"             \
				"'pay':'bank','expires':'+1m'}"                                    \
	}
#define HOLD                                                                                       \
	{                                                                                          \
		"hold.create",                                                                     \
		    "{'event':'gig','line':[{'category':'ga','count':1}],'expires':'+1m'}"         \
	}
#define PAY(amount)                                                                                \
	{                                                                                          \
		"payment.record", "{'code':'$o','amount':'" amount "','kind':'bank'}"              \
	}
#define CALL_OFF                                                                                   \
	ON_SALE, {"order.create", "{'event':'e$n','line':[{'category':'ga','count':1}],"           \
				  "'pay':'cash'}"},                                                \
	{                                                                                          \
		"event.cancel", "{'event':'e$n','confirm':'e$n'}"                                  \
	}

static const struct recipe {
	const struct enum_set *machine;
	const char *state, *suffix; /* of its code after the order's */
	struct act steps[STEPS];
	const char *refused; /* by this method all the same */
	const char *spared;  /* these leave it as it is, for they are about the whole order */
} recipes[] = {
    {&enum_set_event_status, "draft", "", {NEW_EVENT}, 0, 0},
    {&enum_set_event_status, "published", "", {ON_SALE, {"time", 0}}, 0, 0},
    {&enum_set_event_status, "ended", "", {ON_SALE, {"time", 0}, {"event.end", "{'event':'$c'}"}},
	0, 0},
    {&enum_set_event_status, "cancelled", "", {NEW_EVENT, {"event.cancel", "{'event':'$c'}"}}, 0, 0},

    {&enum_set_event_status, "draft", "",
	{{"event.clone", "{'event':'gig','slug':'e$n'}"}}, 0, 0},
    {&enum_set_event_status, "draft", "", {IMPORT("draft")}, 0, 0},
    {&enum_set_event_status, "published", "", {IMPORT("published"), {"time", 0}}, 0, 0},
    {&enum_set_event_status, "published", "",
	{IMPORT("draft"), IMPORT("published"), {"time", 0}}, 0, 0},
    {&enum_set_event_status, "ended", "", {IMPORT("ended")}, 0, 0},
    {&enum_set_event_status, "ended", "", {IMPORT("published"), IMPORT("ended")}, 0, 0},
    {&enum_set_event_status, "cancelled", "", {IMPORT("cancelled")}, 0, 0},

    {&enum_set_order_state, "held", "", {HOLD}, 0, 0},
    {&enum_set_order_state, "released", "", {HOLD, {"hold.release", "{'hold':'$c'}"}},
	"payment.record", 0},
    {&enum_set_order_state, "expired", "", {HOLD, {"time", 0}}, "payment.record", 0},
    {&enum_set_order_state, "expired", "", {PLACE, {"time", 0}}, 0, 0},
    {&enum_set_order_state, "pending", "", {PLACE, PAY("2")}, 0, 0},
    {&enum_set_order_state, "paid", "", {SELL("2", "cash")}, 0, 0},
    {&enum_set_order_state, "paid", "",
	{SELL("2", "bank"), PAY("45"), {"order.change", "{'code':'$c','remove':['2']}"}}, 0, 0},
    {&enum_set_order_state, "pending", "",
	{SELL("1", "bank"), PAY("3"), {"refund.create", "{'code':'$c','amount':'1'}"},
	    {"refund.withdraw", "{'refund':'$c/r1'}"}},
	0, 0},
    {&enum_set_order_state, "paid", "",
	{SELL("1", "bank"), PAY("30"), {"refund.create", "{'code':'$c','amount':'10'}"},
	    PAY("20"), {"refund.withdraw", "{'refund':'$c/r1'}"}},
	0, 0},
    {&enum_set_order_state, "paid", "",
	{SELL("1", "cash"), {"refund.create", "{'code':'$c','amount':'1'}"},
	    {"refund.withdraw", "{'refund':'$c/r1'}"}},
	0, 0},
    {&enum_set_order_state, "cancelled", "",
	{SELL("1", "cash"), {"order.cancel", "{'code':'$c'}"},
	    {"refund.create", "{'code':'$c','amount':'1'}"},
	    {"refund.withdraw", "{'refund':'$c/r1'}"}},
	0, 0},
    {&enum_set_order_state, "cancelled", "",
	{SELL("1", "cash"), {"order.cancel", "{'code':'$c'}"}}, 0, 0},

    {&enum_set_ticket_state, "valid", "/1", {SELL("2", "cash")}, 0, 0},
    {&enum_set_ticket_state, "valid", "/1", {SELL("2", "bank"), PAY("90")}, 0, 0},
    {&enum_set_ticket_state, "valid", "/1",
	{SELL("2", "bank"), PAY("80"), {"refund.create", "{'code':'$o','amount':'10'}"},
	    PAY("15"), {"refund.withdraw", "{'refund':'$o/r1'}"}},
	0, 0},
    {&enum_set_ticket_state, "valid", "/2",
	{SELL("1", "cash"),
	    {"order.change", "{'code':'$o','add':[{'category':'ga','count':1}]}"}},
	0, 0},
    {&enum_set_ticket_state, "used", "/1",
	{SELL("2", "cash"),
	    {"sql", "update ticket set state = 2 where id = (select max(id) - 1 from ticket)"}},
	0, 0},
    {&enum_set_ticket_state, "void", "/1",
	{SELL("2", "cash"), {"ticket.void", "{'ticket':'$c'}"}}, 0, "order.cancel refund.create"},
    {&enum_set_ticket_state, "removed", "/1",
	{SELL("2", "cash"), {"order.change", "{'code':'$o','remove':['$c']}"}}, 0, "order.cancel"},

    {&enum_set_payment_state, "captured", "/p1", {SELL("1", "cash")}, 0, 0},
    {&enum_set_payment_state, "captured", "/p1", {PLACE, PAY("45")}, 0, 0},

    {&enum_set_refund_state, "pending", "/r1",
	{SELL("1", "cash"), {"refund.create", "{'code':'$o','amount':'1'}"}}, 0, 0},
    {&enum_set_refund_state, "pending", "/r1", {PLACE, {"time", 0}, PAY("1")}, "refund.withdraw", 0},
    {&enum_set_refund_state, "pending", "/r1", {PLACE, PAY("1"), {"time", 0}}, "refund.withdraw", 0},
    {&enum_set_refund_state, "done", "/r1",
	{SELL("1", "cash"), {"refund.create", "{'code':'$o','amount':'1'}"},
	    {"refund.confirm", "{'refund':'$c'}"}},
	0, 0},

    {&enum_set_refund_state, "withdrawn", "/r1",
	{SELL("1", "cash"), {"refund.create", "{'code':'$o','amount':'1'}"},
	    {"refund.withdraw", "{'refund':'$c'}"}},
	0, 0},

    {&enum_set_job_state, "running", "", {CALL_OFF}, 0, 0},
    {&enum_set_job_state, "running", "",
	{{"export.run", "{'kind':'events','file':'/nonexistent/export'}"}}, 0, 0},
    {&enum_set_job_state, "paused", "", {CALL_OFF, {"job.pause", "{'job':'$c'}"}}, 0, 0},
    {&enum_set_job_state, "paused", "", {{"import.begin", "{'kind':'events'}"}}, 0, 0},
    {&enum_set_job_state, "stopped", "", {CALL_OFF, {"job.stop", "{'job':'$c'}"}}, 0, 0},
    {&enum_set_job_state, "done", "", {CALL_OFF, {"job", 0}}, "job.retry", 0},
    {&enum_set_job_state, "failed", "", {CALL_OFF, {"sql", "update job set state = 4, error = 'x', ended = created "
							   "where id = (select max(id) from job)"}},
	0, 0},
};

/* One call or more for each method of the table. */
static const struct probe {
	const struct enum_set *machine;
	struct act act;
} probes[] = {
    {&enum_set_event_status, {"event.publish", "{'event':'$c'}"}},
    {&enum_set_event_status, {"event.unpublish", "{'event':'$c'}"}},
    {&enum_set_event_status, {"event.end", "{'event':'$c'}"}},
    {&enum_set_event_status, {"event.cancel", "{'event':'$c'}"}},
    {&enum_set_order_state, {"hold.extend", "{'hold':'$c'}"}},
    {&enum_set_order_state, {"hold.release", "{'hold':'$c'}"}},
    {&enum_set_order_state, {"order.create", "{'hold':'$c','pay':'cash'}"}},
    {&enum_set_order_state, {"order.create", "{'hold':'$c','pay':'bank'}"}},
    {&enum_set_order_state,
	{"order.change", "{'code':'$c','add':[{'category':'ga','count':1}]}"}},
    {&enum_set_order_state, {"order.extend", "{'code':'$c'}"}},
    {&enum_set_order_state, PAY("1")},
    {&enum_set_order_state, PAY("100")},
    {&enum_set_order_state, {"order.cancel", "{'code':'$c'}"}},
    {&enum_set_order_state, {"refund.create", "{'code':'$c','amount':'1'}"}},
    {&enum_set_ticket_state, {"ticket.transfer", "{'ticket':'$c','name':'Bo'}"}},
    {&enum_set_ticket_state, {"ticket.reissue", "{'ticket':'$c'}"}},
    {&enum_set_ticket_state, {"ticket.void", "{'ticket':'$c'}"}},
    {&enum_set_ticket_state,
	{"order.change", "{'code':'$o','exchange':[{'ticket':'$c','category':'vip'}]}"}},
    {&enum_set_ticket_state, {"order.change", "{'code':'$o','remove':['$c']}"}},
    {&enum_set_ticket_state, {"order.cancel", "{'code':'$o'}"}},
    {&enum_set_ticket_state, {"refund.create", "{'code':'$c','void_ticket':true}"}},
    {&enum_set_refund_state, {"refund.confirm", "{'refund':'$c'}"}},
    {&enum_set_refund_state, {"refund.withdraw", "{'refund':'$c'}"}},
    {&enum_set_job_state, {"job.pause", "{'job':'$c'}"}},
    {&enum_set_job_state, {"job.resume", "{'job':'$c'}"}},
    {&enum_set_job_state, {"job.stop", "{'job':'$c'}"}},
    {&enum_set_job_state, {"job.retry", "{'job':'$c'}"}},
};

/* Rows that need more than a call. */
static const struct {
	const struct enum_set *machine;
	const char *from, *to, *method, *where;
} elsewhere[] = {
    {&enum_set_job_state, "running", "failed", "job", "tests/store/job"},
    {&enum_set_job_state, "running", "stopped", "job", "tests/store/job"},
    {&enum_set_job_state, "done", "running", "job.retry", "tests/store/job"},
};

static const struct sight *sight_of(const struct enum_set *machine)
{
	for (size_t i = 0; i < ARRAY_LEN(sights); i++) {
		if (sights[i].machine == machine)
			return &sights[i];
	}
	return NULL;
}

static int state_of(const struct enum_set *machine, const char *code)
{
	const struct sight *s = sight_of(machine);
	char params[200];
	const char *word;

	if (!s || !code[0])
		return 0;
	snprintf(params, sizeof(params), "{'%s':'%s'}", s->field, code);
	if (desk(&d, s->method, params) < 0)
		return 0;
	word = desk_text(&d, s->state);
	for (const struct enum_word *w = machine->words; w->word; w++) {
		if (word && strcmp(w->word, word) == 0)
			return w->value;
	}
	return -1;
}

static void fill(const char *from, const char *code, char *to, size_t size)
{
	size_t len = 0;

	for (; from && *from && len + 1 < size; from++) {
		if (*from != '$') {
			to[len++] = *from;
			continue;
		}
		from++;
		if (*from == 'c')
			len += (size_t)snprintf(to + len, size - len, "%s", code);
		else if (*from == 'o')
			len += (size_t)snprintf(
			    to + len, size - len, "%.*s", (int)strcspn(code, "/"), code);
		else
			len += (size_t)snprintf(to + len, size - len, "%d", made);
	}
	to[len] = '\0';
}

static int run(const struct act *a, const char *code)
{
	char params[400];

	fill(a->params, code, params, sizeof(params));
	if (strcmp(a->method, "sql") == 0) {
		desk_sql(&d, params);
		return 0;
	}
	if (strcmp(a->method, "time") == 0)
		clock_test_set(d.clock, clock_now(d.clock) + 120 * USEC_PER_SEC);
	else if (strcmp(a->method, "job") != 0)
		return desk(&d, a->method, params);
	for (int i = 0; i < 100; i++)
		writer_tend(d.writer);
	return 0;
}

/* A move that happened is one of the table; now it was passed. */
static bool pass(const struct enum_set *machine, int from, int to, const char *method)
{
	for (size_t i = 0; state_moves[i].machine; i++) {
		const struct state_move *m = &state_moves[i];

		if (m->machine == machine && m->from == from && m->to == to &&
		    strcmp(m->method, method) == 0) {
			passed[i] = true;
			return true;
		}
	}
	return false;
}

/* An object in the state of a recipe; its code. */
static bool bring(const struct recipe *r, char code[CODE])
{
	code[0] = '\0';
	made++;
	for (int i = 0; i < STEPS && r->steps[i].method; i++) {
		int from = state_of(r->machine, code), to;

		if (run(&r->steps[i], code) < 0)
			return false;
		if (r->machine == &enum_set_job_state && desk_text(&d, "job"))
			snprintf(code, CODE, "%s", desk_text(&d, "job"));
		else if (i == 0 && r->machine == &enum_set_event_status)
			snprintf(code, CODE, "e%d", made);
		else if (i == 0 && r->machine != &enum_set_job_state)
			snprintf(code, CODE, "%s%s", desk_text(&d, "code"), r->suffix);
		to = state_of(r->machine, code);
		if (to > 0)
			pass(r->machine, from, to, r->steps[i].method);
	}
	return strcmp(state_word(r->machine, state_of(r->machine, code)), r->state) == 0;
}

/* Whether a refusal names the state that is, and one that the method makes or wants. */
static bool names_both(const struct enum_set *machine, int from, const char *method)
{
	bool other = false;

	for (const struct state_move *m = state_moves; m->machine; m++) {
		if (m->machine == machine && strcmp(m->method, method) == 0)
			other = other || strstr(d.err.message, state_word(machine, m->to)) ||
				strstr(d.err.message, state_word(machine, m->from));
	}
	return other && strstr(d.err.message, state_word(machine, from));
}

static bool among(const char *words, const char *word)
{
	return words && strstr(words, word);
}

static void try(const struct recipe *r, const struct probe *p)
{
	const char *method = p->act.method;
	char code[CODE];
	int from, to, result;
	bool may;

	if (!bring(r, code)) {
		ok(false, "%s %s cannot be made", r->machine->name, r->state);
		return;
	}
	from = state_of(r->machine, code);
	may = state_starts(r->machine, from, method) && !among(r->refused, method);
	result = run(&p->act, code);
	if (result < 0) {
		ok(!may && result == TIX_EWRONG_STATE &&
			(among(r->refused, method) || names_both(r->machine, from, method)),
		    "%s: %s cannot %s: %s", r->machine->name, r->state, method, d.err.message);
		return;
	}
	to = state_of(r->machine, code);
	if (may)
		ok(pass(r->machine, from, to, method), "%s: %s makes %s %s", r->machine->name,
		    method, r->state, state_word(r->machine, to));
	else
		ok(among(r->spared, method) && to == from, "%s: %s leaves %s as it is",
		    r->machine->name, method, r->state);
}

static void test_machine(const struct enum_set *machine)
{
	char code[CODE];

	for (const struct enum_word *w = machine->words; w->word; w++) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(recipes); i++) {
			if (recipes[i].machine != machine || strcmp(recipes[i].state, w->word) != 0)
				continue;
			known = true;
			ok(bring(&recipes[i], code), "%s: %s is made", machine->name, w->word);
			for (size_t k = 0; k < ARRAY_LEN(probes); k++) {
				if (probes[k].machine == machine)
					try(&recipes[i], &probes[k]);
			}
		}
		ok(known, "%s: there is a recipe for %s", machine->name, w->word);
	}
}

/* Imports bring an order as it was: tests/store/inout has one of each state. */
static bool is_elsewhere(const struct state_move *m)
{
	if (strcmp(m->method, "order.import") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
		if (m->machine == elsewhere[i].machine &&
		    strcmp(state_word(m->machine, m->from), elsewhere[i].from) == 0 &&
		    strcmp(state_word(m->machine, m->to), elsewhere[i].to) == 0 &&
		    strcmp(m->method, elsewhere[i].method) == 0)
			return true;
	}
	return false;
}

static void test_rows(void)
{
	for (size_t i = 0; state_moves[i].machine; i++) {
		const struct state_move *m = &state_moves[i];

		if (!is_elsewhere(m))
			ok(passed[i], "%s: %s to %s by %s was passed", m->machine->name,
			    state_word(m->machine, m->from), state_word(m->machine, m->to),
			    m->method);
		ok(sight_of(m->machine), "%s can be seen", m->machine->name);
	}
}

static void set_up(void)
{
	static const char *const calls[][2] = {
	    {"event.create", "{'event':'gig','name':'G','start':'2026-06-13','currency':'EUR'}"},
	    {"category.create", "{'event':'gig','name':'ga','price':'45','size':5000}"},
	    {"category.create", "{'event':'gig','name':'vip','price':'90','size':5000}"},
	    {"event.publish", "{'event':'gig'}"},
	};

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		is_int(desk(&d, calls[i][0], calls[i][1]), 0, calls[i][0]);
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "states"))
		return 1;
	set_up();
	for (size_t i = 0; i < ARRAY_LEN(sights); i++)
		test_machine(sights[i].machine);
	test_rows();
	is_int(desk(&d, "audit.run", "{}"), 0, "audited");
	if (!is_int(desk_count(&d, "findings"), 0, "nothing is wrong"))
		diag("%s: %s", desk_text(&d, "findings.0.subject"),
		    desk_text(&d, "findings.0.message"));
	desk_close(&d);
	temp_clean();
	return done_testing();
}
