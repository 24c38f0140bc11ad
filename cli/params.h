/* SPDX-License-Identifier: MIT */
/* What was typed as the parameters of a call: positionals and flags become one JSON object by the
 * table. */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

#include "cli/args.h"

/* One call's parameters; *ret is the caller's. pos holds the positionals of this call alone;
 * idempotency_key is left to the call. Refused with the flag's name: what is missing, and what
 * cannot be of its type. */
int params_build(struct cli *c, const struct rpc_method *m, const struct args *a, const char **pos,
    size_t npos, json_t **ret, struct err *e);

/* True when the method takes several ids, one call for each. */
bool params_many(const struct rpc_method *m);

/* Whether field i and the one behind it are typed as one word, EVENT/NAME. */
bool params_pair(const struct shape *s, unsigned i);

/* How many words follow the id or ids: 1 where a value is the point. */
size_t params_values(const struct rpc_method *m);

/* True when these words are several ids, or - for those on stdin, with the value that follows. */
bool params_several(const struct rpc_method *m, const char **pos, size_t npos);

/* "EVENT/NAME", "ORDER [COUNT]": the positionals as help shows them, in the arena. */
const char *params_synopsis(struct cli *c, const struct rpc_method *m);

/* What the field is called where it is typed: a positional's word or "--flag". */
const char *params_name(struct cli *c, const struct shape *shape, const char *field);

/* A file's whole text: PATH, or - for stdin; at most max bytes. In the arena. */
int params_slurp(
    struct cli *c, const char *path, size_t max, const char **ret, size_t *ret_len, struct err *e);

#endif
