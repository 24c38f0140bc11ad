/* SPDX-License-Identifier: MIT */
/* One method for many ids, over one connection: a bounded number of calls is under way, answers are
 * printed in the order of the ids. An id that is refused is named and the rest goes on; what would
 * refuse any of them ends it, after what is under way has been told. */
#ifndef CLI_MANY_H
#define CLI_MANY_H

#include "cli/args.h"

/* 0 also when ids were refused: c->answer is then the exit status of the first of them. */
int many_run(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e);

/* Whether an error is about this id alone. */
bool many_goes_on(const struct rpc_method *m, const struct err *e);

/* Says that an id was refused, and keeps the exit status. */
void many_refused(struct cli *c, const struct rpc_method *m, const struct args *a, const char *id,
    struct err *e);

#endif
