/* SPDX-License-Identifier: MIT */
/* Help, all of it from the table of methods. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

struct args;

bool help_is_noun(const char *word);
void help_all(struct cli *c);
void help_noun(struct cli *c, const char *noun);
void help_method(struct cli *c, const struct rpc_method *m);

/* Help of NOUN edit; opts are its flags. */
void help_edit(struct cli *c, const struct rpc_method *set, const struct opt *opts);

/* Help of a command without a noun. */
void help_command(struct cli *c, const char *name);

/* The method of NOUN VERB; NULL: there is none. */
const struct rpc_method *method_find(const char *noun, const char *verb);

/* Runs a method with what was typed. Returns the exit status. */
int method_run(struct cli *c, const struct rpc_method *m, const struct args *a);

#endif
