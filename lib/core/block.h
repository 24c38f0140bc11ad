/* SPDX-License-Identifier: MIT */
/* Seats that are kept back, row by row: by whom and why. quota.blocked is their sum; whoever moves
 * that counter moves these. A reason is text of people: erasing them blanks it. */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include "core/rows.h"

/* A row for seats that were just blocked, with the reason of the call. */
int block_add(struct call *c, int64_t quota, int64_t count);

/* Whether count seats can be taken from a block of the quota: not_found or limit. */
int block_check(struct call *c, const struct quota_row *quota, int64_t block, int64_t count);

/* Takes count seats out of a block, or (0) out of the newest ones; checked before. */
int block_take(struct call *c, int64_t quota, int64_t block, int64_t count);

/* The newest blocks of a quota, at most BLOCKS_MAX. */
#define BLOCKS_MAX 1000
int block_list(struct call *c, int64_t quota, struct shape_list *ret);

#endif
