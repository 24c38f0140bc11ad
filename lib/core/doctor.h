/* SPDX-License-Identifier: MIT */
/* Why it is sold out, not on sale or stuck. It looks and explains, and changes nothing. */
#ifndef CORE_DOCTOR_H
#define CORE_DOCTOR_H

#include "core/call.h"

int event_doctor(struct call *c, const struct event_in *in, struct doctor *out);
int category_doctor(struct call *c, const struct category_in *in, struct doctor *out);
int order_doctor(struct call *c, const struct order_in *in, struct doctor *out);

#endif
