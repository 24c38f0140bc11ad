/* SPDX-License-Identifier: MIT */
/* Look-up of orders by their buyers, off the hot path: by address, by words of the name, by
 * telephone number. The newest persons are searched in their own rows; older ones lie, for each
 * kind, in sorted runs of (key, order), each covering the persons above the run before it. Every so
 * many persons become a run, in slices; FAN neighbouring runs of a level become one of the next.
 * Runs that lookup_run does not name are left-overs and go in slices too. A match is a candidate:
 * the order's row decides. Addresses grow along with sales; names and numbers, which are more work
 * and looked for less often, only while the writer rests. */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "core/call.h"

/* Kept in the store: never to be changed. */
enum lookup_kind { LOOKUP_email = 1, LOOKUP_name = 2, LOOKUP_phone = 3 };
#define LOOKUP_KINDS 3

struct lookup;

int lookup_new(struct lookup **ret, struct err *err);
void lookup_free(struct lookup *l);

/* Smaller runs, for tests: persons in a run, rows in a slice. */
void lookup_tune(struct lookup *l, int run, int slice);

/* Whether a slice would do something; last is the newest person. resting: the writer has time. */
bool lookup_pending(const struct lookup *l, int64_t last, bool resting);

/* One slice of work within the running transaction. Returns 1 when it did something, 0 when there
 * was nothing. */
int lookup_slice(struct lookup *l, struct db *db, int64_t last, bool resting, struct err *err);

/* A transaction with a slice in it was undone: begins again from what the store holds. */
void lookup_undone(struct lookup *l);

/* Takes every key of a person out of all runs, those under way included; before its row is blanked,
 * in the writer's transaction. */
int lookup_forget(struct call *c, int64_t person);

/* Ids of orders. */
struct lookup_ids {
	int64_t *v;
	int n, max; /* room for max */
};

/* Orders with a key from low to high, both inclusive, between above and below, both exclusive. */
struct lookup_query {
	enum lookup_kind kind;
	int64_t low, high;
	bool (*match)(const void *ctx, const char *text); /* for persons that are in no run yet */
	const void *ctx;
	int64_t above, below;
	bool desc; /* the greatest ids first */
};

/* Whether few enough persons are in no run yet: 1, else 0. A long sale without a rest leaves many;
 * then the orders themselves are to be looked at, some in each page. */
int lookup_usable(struct call *c, enum lookup_kind kind);

/* The first max candidates in order of id, of one key only. */
int lookup_find(struct call *c, const struct lookup_query *query, struct lookup_ids *ret);

/* All candidates, in no order and perhaps twice: 1, or 0 when there are more than max. */
int lookup_all(struct call *c, const struct lookup_query *query, struct lookup_ids *ret);

#endif
