/* SPDX-License-Identifier: MIT */
/* Finding the ids of orders by filters. Each filter that has an index gives its ids; those that are
 * few are cut with each other, and the rest of the filters looks at the rows. Where all are many,
 * the ids of one of them come in order, a step at a time. */
#ifndef CORE_ORDER_FIND_H
#define CORE_ORDER_FIND_H

#include "core/amount.h"
#include "core/lookup.h"
#include "core/scope.h"

#define ORDER_FIND_STEP 1024

struct order_find {
	struct event_ref event; /* id 0: all */
	uint64_t states;	/* bit 1 << state; 0: all */
	uint64_t money;		/* words likewise: where ids come from; the caller compares them */
	const char *email, *phone, *name;
	struct amount_filter total;
	int64_t above, below; /* ids, exclusive; the caller moves them past what it has seen */
	bool desc;
	int limit;

	/* the rest is made by order_find_start */
	struct scope scope;
	const char *words;     /* of name */
	struct arena *scratch; /* to fold one name at a time */
	int64_t phone_key;
	bool listed; /* ids holds all candidates */
	struct lookup_ids ids;
	struct lookup_query key; /* else one key to stream by; kind 0: none */
};

/* Checks the filters and chooses where the ids come from; order_find_done whatever it returns. */
int order_find_start(struct call *c, struct order_find *f);
void order_find_done(struct order_find *f);

/* The next candidates in order; fewer than *ret_step: the last. Returns how many or < 0. */
int order_find_next(
    struct call *c, struct order_find *f, int64_t ret[ORDER_FIND_STEP], int *ret_step);

/* Whether candidates are all orders, one beside the other: a look at each costs a fraction of
 * others. */
bool order_find_walks(const struct order_find *f);

/* Whether an order is there and passes all filters: 1, else 0. */
int order_find_match(struct call *c, struct order_find *f, int64_t id);

#endif
