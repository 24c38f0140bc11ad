/* SPDX-License-Identifier: MIT */
/* What an event sold, by day, hour or category. It reads orders by their index and never writes. */
#ifndef CORE_SALES_H
#define CORE_SALES_H

#include "core/call.h"

int report_sales(struct call *c, const struct report_sales_in *in, struct report_sales *out);

#endif
