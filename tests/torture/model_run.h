/* SPDX-License-Identifier: MIT */
/* One run of the model against a daemon: the calls of a round, what is remembered of earlier ones,
 * and how a call is made that must work. */
#ifndef TESTS_TORTURE_MODEL_RUN_H
#define TESTS_TORTURE_MODEL_RUN_H

#include <sys/types.h>

#include "rpc/client.h"
#include "tests/torture/model.h"

#define CLIENTS_MAX 64
#define ROUND_MAX (2 * CLIENTS_MAX)
#define RULES_MAX 80
#define PAST 256     /* calls that may be repeated */
#define HISTORY 8192 /* calls that are told of after a difference */

struct past {
	const struct rule *rule;
	json_t *in;
	char key[32], code[40];
	int64_t seq;
};

struct op {
	const struct rule *rule;
	json_t *in, *out;
	char key[32];
	bool dry, answered, excused;
	struct past was; /* the call that it repeats; rule NULL: none */
	bool other; /* with other parameters */
	int client, error;
	int64_t id, seq;
	char message[160];
};

struct run {
	const char *tixd, *dir;
	char socket[512];
	uint64_t seed;
	int64_t steps, kills, done, killed, ok[RULES_MAX], refused, dry, repeated, expired, compared;
	int64_t called_off, brought, erased; /* outside of rounds */
	int clients;
	bool strict;
	pid_t pid;
	struct rpc_client *rpc[CLIENTS_MAX];
	struct model m;
	struct past past[PAST];
	int npast, keys;
	char *history[HISTORY];
	int64_t nhistory;
};

extern struct run run;

extern const struct rule rules[]; /* ends with method NULL */

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *fmt, ...);

/* One call that must work. Takes params over; the result is the caller's. */
json_t *must(const char *method, json_t *params);

/* The whole store with the model; every: each order as it is shown, and the audit. */
void compare(bool every);

/* The round in the order in which it took effect. killed: an answer may have been lost, so that
 * only its repeat is known. */
void judge(struct op *v, int n, bool killed);

#endif
