/* SPDX-License-Identifier: MIT */
/* Calls to the daemon: one connection, an idempotency key for each change, and patience with what
 * passes. */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include "cli/cli.h"

/* Calls the method and waits; params is an object (borrowed, may get a key). A change gets a key,
 * and any call is sent again, with the same key, when the connection is lost or the daemon asks to
 * try later. *ret is the caller's. */
int call(struct cli *c, const struct rpc_method *m, json_t *params, json_t **ret, struct err *e);

/* The same for a method by its wire name, which this program need not know. again: it may be sent
 * twice. */
int call_name(struct cli *c, const char *method, const json_t *params, bool again, json_t **ret,
    struct err *e);

/* Makes sure of a connection that is ready for the method: --timeout is set, and who we are is said
 * where that is needed. */
int call_ready(struct cli *c, const char *method, struct err *e);

/* A call that only reads, in two halves: something else is done while the daemon works. What went
 * wrong with the first is met by the second. Its result comes as text, in ret instead of what was
 * there. */
int call_begin(
    struct cli *c, const struct rpc_method *m, const json_t *params, int64_t *ret_id);
int call_text(struct cli *c, const struct rpc_method *m, json_t *params, int64_t id,
    struct buf *ret, struct err *e);

/* A fresh UUIDv7 as text. */
void call_key(char out[37]);

/* Makes sure of a connection; again may be called after one is lost. */
int call_connect(struct cli *c, struct err *e);
void call_disconnect(struct cli *c);

/* A connection of its own, the caller's. */
int call_open(struct cli *c, struct rpc_client **ret, struct err *e);

/* Microseconds that are left of --timeout; INT64_MAX without it. */
int64_t call_left(const struct cli *c);

/* False when --timeout has passed; else sleeps us microseconds, at most to that time. */
bool call_pause(struct cli *c, int64_t us);

#endif
