/* SPDX-License-Identifier: MIT */
/* The state machines as one table, made from model/states.def: core asks it before it changes a state, the manual
 * draws it. It knows no record and never changes anything. */
#ifndef MODEL_STATES_H
#define MODEL_STATES_H

#include "model/shape.h"

struct state_move {
	const struct enum_set *machine;
	int from, to; /* from 0: it is made */
	const char *method;
	const char *stock, *ledger, *tickets; /* what it does to them; "" nothing */
};

/* Grouped by machine; ends with machine NULL. */
extern const struct state_move state_moves[];

/* Whether a method may take a state to another; method NULL: any method. */
bool state_may(const struct enum_set *machine, int from, int to, const char *method);

/* Whether a method may start from a state at all. */
bool state_starts(const struct enum_set *machine, int from, const char *method);

/* The word of a state, "none" for 0 and "unknown" outside the set. */
const char *state_word(const struct enum_set *machine, int state);

#endif
