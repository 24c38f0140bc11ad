/* SPDX-License-Identifier: MIT */
/* Orders beside the journal: those that were made up to a record, and those that changed after one. A record is a
 * place that a clock cannot blur: many orders may have one time. */
#ifndef CORE_ORDER_SINCE_H
#define CORE_ORDER_SINCE_H

#include "core/call.h"

/* The last id that was made up to this record: 0 where there is none. */
int order_made_upto(struct call *c, int64_t seq, int64_t *ret);

#define ORDER_CHANGED_STEP 128

/* Orders by their last records. */
struct order_changed {
	int64_t ids[ORDER_CHANGED_STEP], seqs[ORDER_CHANGED_STEP];
	int n;
	int64_t looked; /* the last record that was looked at */
	bool end;	/* there are no more up to upto */
};

/* Of the next records after one, up to upto: the orders of which a record is the last, so that each comes once. */
int order_changed_next(struct call *c, int64_t after, int64_t upto, struct order_changed *ret);

#endif
