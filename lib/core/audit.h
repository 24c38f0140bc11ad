/* SPDX-License-Identifier: MIT */
/* The audit: proves on a live store what the rules promise. Each law reads one snapshot of its own,
 * in slices, and says what it looked at and what is wrong; nothing is ever repaired here. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/call.h"

/* A reading method; ends and begins the transaction of c->db between laws. */
int audit_run(struct call *c, const struct audit_run_in *in, struct audit *out);

#endif
