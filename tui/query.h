/* SPDX-License-Identifier: MIT */
/* A reading call that keeps itself up to date: asked once, and again when the journal says that
 * something it looks at has changed. Never by the clock, and the dearer an answer is, the less
 * often: a twentieth of the daemon's time at most. The last answer stays while the daemon is away. */
#ifndef TUI_QUERY_H
#define TUI_QUERY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct link;

struct query {
	/* What the view sets before query_ask. */
	const char *method;
	const char *topics; /* beginnings of topics that touch it, blanks between: "order. hold." */
	int64_t every_us;   /* not more often than this; 0: as often as it may */
	int64_t again_us;   /* read again so long after each answer, for what the journal does not tell; 0: not */
	const bool *awake;  /* it rests while this is false; NULL: never */

	json_t *result; /* the last good answer; NULL: none yet */
	struct err err; /* of the last answer, code 0: it was good */
	bool fresh;	/* result answers what was asked last, not something before */

	json_t *params;
	char event[104]; /* the event whose records touch it; "" any */
	bool dirty, asked;
	bool told; /* that its answer is slow */
	int64_t asked_at, answered_at; /* by clock_mono */
	int64_t took_us;	       /* what an answer costs; 0: not known */
	struct queries *all;
	struct query *next;
};

struct queries {
	struct link *link;
	struct query *first;
	int under_way;
	void (*answered)(void *ctx, struct query *q); /* or its answer has become slow */
	void *ctx;
};

/* Asks, or asks anew with other params (taken over, not NULL). event: NULL or the only event that
 * matters. With the same params as before nothing is asked that is not due. */
void query_ask(struct queries *all, struct query *q, json_t *params, const char *event);

/* The same where the answer is known already, as a row of a list (borrowed): it is asked for when it
 * changes. */
void query_give(struct queries *all, struct query *q, json_t *params, const char *event,
    const json_t *result);

/* Forgets it; the struct may be used again. */
void query_drop(struct query *q);

/* Asked, and not answered for so long that it is worth a word. */
bool query_slow(const struct query *q, int64_t now);

/* The journal went on; counts as in journal.digest. Everything: all are to be read again. */
void queries_digest(struct queries *all, const json_t *counts);
void queries_all_dirty(struct queries *all);

/* Sends what is due. Returns when it wants to be called again at the latest. */
int64_t queries_turn(struct queries *all, int64_t now);

/* Nothing is under way and nothing is due. */
bool queries_settled(const struct queries *all);

#endif
