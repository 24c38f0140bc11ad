/* SPDX-License-Identifier: MIT */
/* What a person reads of one record: a sentence, sums where money is moved, and what to type next.
 * Nothing of it is for programs. */
#ifndef CLI_SENTENCE_H
#define CLI_SENTENCE_H

#include "cli/print.h"

/* Whether the method has sums that stand before its sentence; they are the same in a dry run. */
bool sums_has(const struct rpc_method *m);

/* Those sums, to c->out. */
void sums_put(struct cli *c, const struct rpc_method *m, const json_t *record);

/* The lines of order.explain, to c->out. */
void sums_explain(struct cli *c, const json_t *record);

/* The command that helps on from here, nothing where none suggests itself. It may ask the daemon.
 */
void next_put(struct cli *c, const struct rpc_method *m, const json_t *record, struct buf *ret);

#endif
