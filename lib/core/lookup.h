/* SPDX-License-Identifier: MIT */
/* Look-up of orders by what is no part of their code, off the hot path. The newest persons are
 * searched in their own rows; older ones lie in sorted runs of (hash, order), each covering the
 * persons above the run before it. Every RUN persons become a run, in slices; FAN neighbouring runs
 * of a level become one of the next. Runs that lookup_run does not name are left-overs and go in
 * slices too. A match is a candidate: the order's row decides. */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "core/call.h"

enum lookup_kind { LOOKUP_email = 1 };

struct lookup;

int lookup_new(struct lookup **ret, struct err *err);
void lookup_free(struct lookup *l);

/* Smaller runs, for tests: persons in a run, rows in a slice. */
void lookup_tune(struct lookup *l, int run, int slice);

/* Whether a slice would do something; last is the newest person. */
bool lookup_pending(const struct lookup *l, int64_t last);

/* One slice of work within the running transaction. Returns 1 when it did something, 0 when there
 * was nothing. */
int lookup_slice(struct lookup *l, struct db *db, int64_t last, struct err *err);

/* A transaction with a slice in it was undone: begins again from what the store holds. */
void lookup_undone(struct lookup *l);

/* Whether two addresses are the same but for the case of ASCII letters. */
bool lookup_same(const char *a, const char *b);

/* Orders whose key may be text. */
struct lookup_query {
	enum lookup_kind kind;
	const char *text;
	int64_t above, below; /* order ids, both exclusive */
	bool desc;	      /* the greatest ids first */
	int max;
};

/* The first max candidates in order of id; ret has room for them. Returns how many or < 0. */
int lookup_find(struct call *c, const struct lookup_query *query, int64_t *ret);

#endif
