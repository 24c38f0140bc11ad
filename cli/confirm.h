/* SPDX-License-Identifier: MIT */
/* Before a change that cannot be undone: a person is shown what it would do and asked. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "cli/cli.h"

/* 0 when the call may be made; params gets the value that a dangerous one wants. */
int confirm(struct cli *c, const struct rpc_method *m, json_t *params, struct err *e);

#endif
