/* SPDX-License-Identifier: MIT */
/* Following the daemon's state. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include "cli/args.h"

/* Until ^C, --count or --timeout; returns the exit status. */
int status_follow(struct cli *c, const struct args *a);

#endif
