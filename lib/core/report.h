/* SPDX-License-Identifier: MIT */
/* Sums for finance. They read the ledger and never write. */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/call.h"

int report_close(struct call *c, const struct report_close_in *in, struct report_close *out);

#endif
