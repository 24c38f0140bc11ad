/* SPDX-License-Identifier: MIT */
/* The sales that an event aims at, a curve by days before its start, and how far it is. Whole
 * numbers only. */
#ifndef CORE_TARGET_H
#define CORE_TARGET_H

#include "core/call.h"

/* Points as they came in, in any order, to the JSON that is stored: from far to near, no day twice,
 * no count less than the one before. None gives NULL. */
int target_write(struct call *c, const struct shape_list *in, const char **ret);

/* And back; what is damaged counts as none. */
int target_read(struct call *c, const char *json, struct shape_list *ret);

/* The target before seconds ahead of the start (negative: after it): on the straight line between
 * two points, rounded down; TIME_NONE before the first, the last count after the last. */
int64_t target_at(const struct shape_list *points, int64_t before);

/* How much more than the target was sold, in thousandths of it, rounded away from zero at the
 * half; TIME_NONE without a target or when it is 0. */
int64_t target_permille(int64_t target, int64_t sold);

int report_pace(struct call *c, const struct event_in *in, struct sales_pace *out);

#endif
