/* SPDX-License-Identifier: MIT */
/* tix NOUN edit ID: change a record in $EDITOR. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "cli/cli.h"

/* NOUN.set, when the noun can be edited; else NULL. */
const struct rpc_method *edit_method(const char *noun);

/* argv: NOUN edit ... */
int cmd_edit(struct cli *c, int argc, char **argv);

#endif
