/* SPDX-License-Identifier: MIT */
/* Errors in the words of who typed: the flag or argument instead of the field, and for every error
 * what to do next. It asks nobody. */
#ifndef CLI_BLAME_H
#define CLI_BLAME_H

#include "cli/args.h"

/* Rewrites what the daemon says of a field to speak of what was typed for it: --price "45,00": ...,
 * --line "ga:0": count: ... The field itself stays as it is on the wire. */
void blame(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e);

/* Gives an error that has no hint one that helps, by its name, its field and the command. */
void advise(struct cli *c, struct err *e);

#endif
