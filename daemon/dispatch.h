/* SPDX-License-Identifier: MIT */
/* From a line to a call: who may, what it means, where it runs. Handlers see checked structs only.
 * Loop thread. */
#ifndef DAEMON_DISPATCH_H
#define DAEMON_DISPATCH_H

#include <stdbool.h>

#include "daemon/conn.h"
#include "daemon/job.h"

/* Runs one line of a connection. True when it was a valid request. */
bool dispatch_line(struct conn *c, const char *line, size_t len);

/* Answers a job's call with what call.result and call.err say, and ends the job. */
void dispatch_reply(struct job *j);

/* What the frame needs of a method. */
extern const struct call_op dispatch_ops[RPC_COUNT];

#endif
