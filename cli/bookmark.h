/* SPDX-License-Identifier: MIT */
/* --since @NAME: from where the last run under NAME ended up to what the journal has now. The daemon keeps the place,
 * and it moves when this run ends with 0 or 1 and all that it printed got out. */
#ifndef CLI_BOOKMARK_H
#define CLI_BOOKMARK_H

#include "cli/args.h"

/* Whether a value of --since is a bookmark. */
bool bookmark_is(const char *since);

/* Looks up "@NAME": c->mark says then from where to where this run goes. */
int bookmark_open(struct cli *c, const char *since, struct err *e);

/* The same for a list: takes --since @NAME out of the flags; *ret_bounds holds what goes into the call in its place,
 * NULL where no bookmark was given. */
int bookmark_list(struct cli *c, const struct rpc_method *m, const struct args *a, json_t **ret_bounds, struct err *e);

/* At the end of a run: moves it where that is due. */
int bookmark_close(struct cli *c, int status, struct err *e);

#endif
