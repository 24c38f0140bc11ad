/* SPDX-License-Identifier: MIT */
/* What calling an event off does to its orders: a job cancels them, one by one. */
#ifndef CORE_EVENT_CANCEL_H
#define CORE_EVENT_CANCEL_H

#include "core/rows.h"

struct event_stake {
	int64_t orders; /* not over, cancelled and held ones included */
	int64_t sold;	 /* of them paid */
	int64_t pending; /* of them to be paid */
	int64_t held;	 /* of them held */
	int64_t fee;	 /* minor units, kept of each */
};

/* What is there to cancel, and whether the caller has confirmed it; a dry run tells out what there
 * is to confirm. */
int event_stake(struct call *c, const struct event_cancel_in *in, const struct event_row *row,
    struct event_stake *ret, struct event *out);

/* Begins the job, if there is anything to do. */
int event_cancel_orders(struct call *c, const struct event_cancel_in *in,
    const struct event_row *row, const struct event_stake *stake, struct event *out);

#endif
