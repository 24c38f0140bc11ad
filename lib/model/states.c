/* SPDX-License-Identifier: MIT */
/* The moves as a constant array, and the questions about it. */
#include "model/states.h"

#include <string.h>

/* from none is the number 0. */
enum {
	event_status_none,
	order_state_none = 0,
	ticket_state_none = 0,
	payment_state_none = 0,
	refund_state_none = 0,
	job_state_none = 0,
};

const struct state_move state_moves[] = {
#define MOVE(machine, from, to, method, stock, ledger, tickets)                                    \
	{&enum_set_##machine, machine##_##from, machine##_##to, method, stock, ledger, tickets},
#include "model/states.def"
#undef MOVE
    {NULL, 0, 0, NULL, NULL, NULL, NULL},
};

bool state_may(const struct enum_set *machine, int from, int to, const char *method)
{
	for (const struct state_move *m = state_moves; m->machine; m++) {
		if (m->machine == machine && m->from == from && m->to == to &&
		    (!method || strcmp(m->method, method) == 0))
			return true;
	}
	return false;
}

bool state_starts(const struct enum_set *machine, int from, const char *method)
{
	for (const struct state_move *m = state_moves; m->machine; m++) {
		if (m->machine == machine && m->from == from && strcmp(m->method, method) == 0)
			return true;
	}
	return false;
}

const char *state_word(const struct enum_set *machine, int state)
{
	const char *word = enum_word(machine, state);

	return word ? word : state == 0 ? "none" : "unknown";
}
