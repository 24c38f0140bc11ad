/* SPDX-License-Identifier: MIT */
/* The handlers that the daemon itself has; all others are functions of lib/core. */
#ifndef DAEMON_METHODS_H
#define DAEMON_METHODS_H

#include "core/call.h"

int system_hello(struct call *c, const struct hello_in *in, struct hello *out);
int system_status(struct call *c, const struct none *in, struct status *out);
int system_doctor(struct call *c, const struct none *in, struct doctor *out);
int system_show(struct call *c, const struct show_in *in, struct show *out);
int system_clock_set(struct call *c, const struct clock_in *in, struct clock_out *out);
int db_status(struct call *c, const struct none *in, struct db_status *out);
int rpc_describe(struct call *c, const struct describe_in *in, struct describe *out);

/* In follow.c: need the connection, which is the job's of the call. */
int journal_follow(struct call *c, const struct journal_follow_in *in, struct journal_follow *out);
int journal_unfollow(struct call *c, const struct journal_unfollow_in *in, struct none *out);

/* In backup.c. */
int db_backup(struct call *c, const struct db_backup_in *in, struct db_backup *out);

#endif
