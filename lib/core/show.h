/* SPDX-License-Identifier: MIT */
/* What a code stands for. Core does not encode: system.show calls show_find, then the load function
 * of the kind (order_load, hold_load, event_load, category_load, quota_load, venue_load,
 * organizer_load, payment_load, refund_load, job_load, ticket_load) with the id, encodes that
 * shape as the record. The last four want a permission of their own, which is the caller's
 * business. */
#ifndef CORE_SHOW_H
#define CORE_SHOW_H

#include "core/call.h"

enum show_kind {
	SHOW_order,
	SHOW_hold,
	SHOW_event,
	SHOW_category,
	SHOW_quota,
	SHOW_venue,
	SHOW_organizer,
	SHOW_payment,
	SHOW_refund,
	SHOW_job,
	SHOW_ticket,
};

/* Finds what a text names, of what the principal may see: EVENT/NAME (a category before a quota),
 * event, venue or organizer by slug, order or hold by code, a ticket by CODE/n or its own code, a
 * payment CODE/p1, a refund CODE/r1, a job j1. ret_code is what people call it, in the arena: slug,
 * EVENT/NAME, order code or CODE/n. not_found names the field "code". */
int show_find(struct call *c, const char *code, enum show_kind *ret_kind, int64_t *ret_id,
    const char **ret_code);

/* order, hold, event, ... as the wire says. */
const char *show_kind_word(enum show_kind kind);

#endif
