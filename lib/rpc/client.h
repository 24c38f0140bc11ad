/* SPDX-License-Identifier: MIT */
/* The other side of the socket, for programs that wait: one connection to the daemon, calls with a
 * deadline, several of them under way, notifications kept until they are asked for. It never
 * prints, and never repeats a call by itself. Not thread-safe. */
#ifndef RPC_CLIENT_H
#define RPC_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define RPC_CLIENT_TIMEOUT_MS 30000

struct rpc_client;

/* Where the daemon listens: flag, else TIX_SOCKET, else $XDG_RUNTIME_DIR/tix/tixd.sock if that
 * exists, else /run/tix/tixd.sock. A path of the configuration is passed as flag when TIX_SOCKET is
 * not set. flag may be NULL. TIX_EBAD_VALUE (field socket) when it is too long for a socket. */
int rpc_socket_path(const char *flag, char *out, size_t size, struct err *e);

/* TIX_ENO_DAEMON: "PATH: connection refused", with a hint. *ret is the caller's (rpc_client_free).
 */
int rpc_client_open(const char *path, struct rpc_client **ret, struct err *e);
void rpc_client_free(struct rpc_client *c);

/* The same, but a daemon with a full backlog is waited for only so long. */
int rpc_client_open_within(
    const char *path, int timeout_ms, struct rpc_client **ret, struct err *e);

/* The longest that a send or receive may wait; < 0: for ever. RPC_CLIENT_TIMEOUT_MS at first. */
void rpc_client_timeout(struct rpc_client *c, int timeout_ms);

/* While an answer is waited for, fn(arg) is called every so often; NULL: not. It must not use c. */
void rpc_client_idle(struct rpc_client *c, int every_ms, void (*fn)(void *arg), void *arg);

/* One call and its answer. params (borrowed; NULL: none) is an object. *ret_result (NULL: not
 * wanted) is the caller's. An error of the daemon comes back as its code, with field, message, hint
 * and facts in e; TIX_ENO_DAEMON when the connection is lost and TIX_ETIMEOUT when no answer came
 * in time: then the call may have had its effect. Answers of other calls that come first are
 * dropped: mix it with rpc_client_send only when nothing is under way. */
int rpc_client_call(struct rpc_client *c, const char *method, const json_t *params,
    json_t **ret_result, struct err *e);

/* The same in two halves, for many calls under way. Sending reads what the daemon sends meanwhile.
 */
int rpc_client_send(
    struct rpc_client *c, const char *method, const json_t *params, int64_t *ret_id, struct err *e);

/* The same, but written only by rpc_client_flush (or the next send): many small requests in few
 * writes. */
int rpc_client_queue(
    struct rpc_client *c, const char *method, const json_t *params, int64_t *ret_id, struct err *e);
int rpc_client_flush(struct rpc_client *c, struct err *e);

/* The next answer, of whichever call. *ret_id is the call's, also when the answer is an error; -1
 * when there was no answer: then the result is TIX_ENO_DAEMON, TIX_ETIMEOUT, or what is wrong with
 * what came. */
int rpc_client_recv(struct rpc_client *c, int64_t *ret_id, json_t **ret_result, struct err *e);

/* The result of the only call under way, as text at the end of ret: for large ones, that need no
 * tree. Errors as above. */
struct buf;
int rpc_client_recv_text(struct rpc_client *c, int64_t id, struct buf *ret, struct err *e);

/* The next notification, {"method", "params"}; the caller's. TIX_ETIMEOUT when none came within
 * timeout_ms (< 0: wait for ever; 0: only what is there). Answers that come meanwhile are kept for
 * rpc_client_recv. */
int rpc_client_next(struct rpc_client *c, int timeout_ms, json_t **ret_note, struct err *e);

/* The request id that the daemon gave with the last error, for its log; "" when none. */
const char *rpc_client_request(const struct rpc_client *c);

/* For a poll loop: the socket, and whether something is already here that poll cannot see. */
int rpc_client_fd(const struct rpc_client *c);
bool rpc_client_pending(const struct rpc_client *c);

#endif
