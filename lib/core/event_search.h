/* SPDX-License-Identifier: MIT */
/* A search of events as its filters are understood, and its full-text part as a query of the
 * store's own language. */
#ifndef CORE_EVENT_SEARCH_H
#define CORE_EVENT_SEARCH_H

#include "base/geo.h"
#include "core/amount.h"
#include "core/filter.h"
#include "core/scope.h"

#define EVENT_ALL_STATES (~UINT64_C(0) >> 1)

struct event_search {
	const char *match; /* the full-text query; NULL: none */
	const char *tag;
	const char *type;	       /* folded */
	int64_t since, before;	       /* of the start; INT64_MIN and INT64_MAX: any */
	int64_t after_start, after_id; /* the last row of the page before */
	int64_t venue;
	uint64_t status; /* bit 1 << state */
	struct scope scope;
	struct geo near;
	int64_t within; /* kilometres; 0: anywhere */
	struct amount_filter price_min, price_max;
	struct name_filter name;
	int limit;
};

/* Sets match from the rest and the words. */
int event_search_match(struct call *c, const struct event_list_in *in, struct event_search *s);

#endif
