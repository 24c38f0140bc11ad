/* SPDX-License-Identifier: MIT */
/* Parts of an order: rows with the ids order * ORDER_ROWS + n, which people call CODE/n (tickets),
 * CODE/pN (payments) and CODE/rN (refunds). */
#ifndef CORE_ORDER_PART_H
#define CORE_ORDER_PART_H

#include "core/order_rec.h"

#define PART_TICKET '\0'
#define PART_PAYMENT 'p'
#define PART_REFUND 'r'

/* Binds the first and the last id that an order's rows can have, as parameters 1 and 2. */
void order_rows(struct q *q, int64_t order);

/* A part as people call it, in the arena; NULL sets c->err. */
const char *order_part_name(struct call *c, int64_t id, char letter);

/* CODE/pN or CODE/rN to the id of a part, which need not exist, and its order, which is the
 * principal's. noun: the field of the call and what a part is called, e.g. payment. */
int order_part_find(struct call *c, const char *text, char letter, const char *noun,
    struct order_rec *ret_order, int64_t *ret_id);

/* The id after the last one, which a statement tells; limit when there is no room. */
int order_part_next(
    struct call *c, int64_t order, enum sql_id last, const char *noun, int64_t *ret_id);

#endif
