/* SPDX-License-Identifier: MIT */
/* The state machines: every pair of states of each is allowed where states.def has a row and
 * refused where it has none; every row is of a method that exists, and can be reached. */
#include "tests/tap.h"

#include <string.h>

#include "base/mem.h"
#include "model/states.h"
#include "rpc/rpc.h"

static const struct row {
	const char *machine, *from, *to, *method;
} rows[] = {
#define MOVE(machine, from, to, method, stock, ledger, tickets) {#machine, #from, #to, method},
#include "model/states.def"
#undef MOVE
};

static const struct enum_set *const machines[] = {
    &enum_set_event_status,
    &enum_set_order_state,
    &enum_set_ticket_state,
    &enum_set_payment_state,
    &enum_set_refund_state,
    &enum_set_job_state,
};

static bool has_row(
    const struct enum_set *machine, const char *from, const char *to, const char *method)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].machine, machine->name) == 0 &&
		    strcmp(rows[i].from, from) == 0 && strcmp(rows[i].to, to) == 0 &&
		    (!method || strcmp(rows[i].method, method) == 0))
			return true;
	}
	return false;
}

static void test_pair(const struct enum_set *machine, int from, const struct enum_word *to)
{
	const char *word = state_word(machine, from);

	is_int(state_may(machine, from, to->value, NULL), has_row(machine, word, to->word, NULL),
	    machine->name);
	for (int i = 0; i < RPC_COUNT; i++) {
		const char *method = rpc_methods[i].name;

		if (state_may(machine, from, to->value, method) !=
		    has_row(machine, word, to->word, method))
			ok(false, "%s: %s to %s by %s", machine->name, word, to->word, method);
		if (state_may(machine, from, to->value, method) &&
		    !state_starts(machine, from, method))
			ok(false, "%s: %s starts from %s", machine->name, method, word);
	}
}

static void test_machine(const struct enum_set *machine)
{
	for (const struct enum_word *to = machine->words; to->word; to++) {
		bool reached = false;

		test_pair(machine, 0, to);
		for (const struct enum_word *from = machine->words; from->word; from++)
			test_pair(machine, from->value, to);
		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			reached = reached || (strcmp(rows[i].machine, machine->name) == 0 &&
						 strcmp(rows[i].to, to->word) == 0);
		/* nobody scans at a door yet */
		if (machine == &enum_set_ticket_state && to->value == ticket_state_used)
			continue;
		ok(reached, "%s: %s can be reached", machine->name, to->word);
	}
	ok(!state_may(machine, 99, machine->words[0].value, NULL), "%s: no state 99",
	    machine->name);
}

static void test_rows(void)
{
	for (const struct state_move *m = state_moves; m->machine; m++) {
		const struct rpc_method *method = rpc_find(m->method, strlen(m->method));

		ok(method ? method->flags & RPC_MUTATES : strcmp(m->method, "time") == 0 ||
				    strcmp(m->method, "job") == 0,
		    "%s to %s: %s can do it", state_word(m->machine, m->from),
		    state_word(m->machine, m->to), m->method);
		if (method)
			ok(m->from == 0 || method->errors >> -TIX_EWRONG_STATE & 1,
			    "%s may refuse with wrong_state", m->method);
	}
	is_str(state_word(&enum_set_order_state, 0), "none", "the state before the first");
	is_str(state_word(&enum_set_order_state, 77), "unknown", "a state outside of the set");
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(machines); i++)
		test_machine(machines[i]);
	test_rows();
	return done_testing();
}
