/* SPDX-License-Identifier: MIT */
/* --sort of any list, and how many there are beyond what is shown. */
#ifndef CLI_SORT_H
#define CLI_SORT_H

#include "cli/print.h"

/* Whether tix has to sort this list by itself. What the daemon can do is left to it: then params
 * say so. */
bool sort_wanted(const struct cli *c, const struct rpc_method *m, json_t *params);

/* Reads the whole list and prints it, or the first max rows, in order; SORT_BYTES at most are kept.
 * Refused: a column that there is not. ret_all: how many there are. */
int sort_pages(struct cli *c, const struct rpc_method *m, json_t *params, struct print *p,
    int64_t max, int64_t *ret_all, struct err *e);

/* Tells a person that only shown rows of a list were printed, and of how many: counts on from next
 * for a moment, unless all is known. */
void sort_tell(struct cli *c, const struct rpc_method *m, json_t *params, const json_t *next,
    int64_t shown, int64_t all);

#endif
