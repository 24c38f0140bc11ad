/* SPDX-License-Identifier: MIT */
/* What happens to an order after it was made, and how to find it again. The first record of an
 * order is found by the time it was made; each later one has a row of (order, seq), so that a plain
 * sale pays nothing for its history. */
#ifndef CORE_ORDER_LOG_H
#define CORE_ORDER_LOG_H

#include "core/order_rec.h"

/* Notes the call's newest record as a later one of the order. */
int order_later_seq(struct call *c, int64_t order);

/* Appends a later record of an order; subject is its code, or CODE/n. data is a JSON object. */
int order_later(struct call *c, const struct order_rec *row, const char *topic, const char *subject,
    const char *data);

/* The number of the first record at or after a time, past the last where there is none. */
int order_log_from(struct call *c, int64_t at, int64_t *ret);

int order_note(struct call *c, const struct order_note_in *in, struct order *out);
int order_history(struct call *c, const struct order_history_in *in, struct journal_page *out);
int ticket_history(struct call *c, const struct ticket_history_in *in, struct journal_page *out);
int order_explain(struct call *c, const struct order_in *in, struct explain *out);

#endif
