/* SPDX-License-Identifier: MIT */
/* Codes that orders had in other stores. Such a code is kept as the id that it would stand for
 * here: no order ever gets that id, so a code means one order, a native one or an old one's. */
#ifndef CORE_ALIAS_H
#define CORE_ALIAS_H

#include "core/call.h"

/* The order that an old code finds: 1 and its id, 0 none. */
int alias_find(struct call *c, int64_t code, int64_t *ret_order);

/* The old codes of an order, in the arena. */
int alias_codes(struct call *c, int64_t order, struct text_list *ret);

/* Keeps an old code; the caller knows that it means no order yet. */
int alias_add(struct call *c, int64_t code, int64_t order);

/* The least old code from an id on, INT64_MAX: none. */
int alias_next(struct db *db, int64_t from, int64_t *ret, struct err *err);

/* When an order was made in the store that it came from: 1; 0: it was made here. */
int alias_made(struct call *c, int64_t order, int64_t *ret);

#endif
