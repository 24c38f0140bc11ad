/* SPDX-License-Identifier: MIT */
/* Money that comes in after an order was made. */
#ifndef CORE_PAYMENT_H
#define CORE_PAYMENT_H

#include "core/call.h"

int payment_record(struct call *c, const struct payment_record_in *in, struct receipt *out);
int payment_show(struct call *c, const struct payment_in *in, struct receipt *out);
int payment_list(struct call *c, const struct payment_list_in *in, struct payment_page *out);

/* The payment that CODE/p1 names, if it is the principal's. */
int payment_find(struct call *c, const char *text, int64_t *ret_id);

/* id: that of the payment's row. */
int payment_load(struct call *c, int64_t id, struct receipt *out);

#endif
