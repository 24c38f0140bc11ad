/* SPDX-License-Identifier: MIT */
/* Watching over a job that a call began. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "cli/args.h"

/* --detach, --wait: what a method takes that is no field of it; NULL: nothing. */
const struct opt *job_opts(const struct rpc_method *m);

/* Waits for the job that the reply of a call names, if it is to be waited for. *result becomes the
 * job as it is then where it was one; c->answer becomes 1 when items failed. */
int job_follow(struct cli *c, const struct rpc_method *m, const struct args *a, json_t **result,
    struct err *e);

/* Waits for a job until it has ended, as job_follow does. *ret stays NULL when ^C came first. */
int job_await(struct cli *c, const char *name, json_t **ret, struct err *e);

#endif
