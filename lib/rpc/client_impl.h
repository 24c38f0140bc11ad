/* SPDX-License-Identifier: MIT */
/* What the files of the client share; nobody else includes this. */
#ifndef RPC_CLIENT_IMPL_H
#define RPC_CLIENT_IMPL_H

#include "base/buf.h"
#include "rpc/client.h"

struct rpc_client {
	int fd;
	int timeout_ms;
	int idle_ms;	       /* between calls of idle while waiting */
	void (*idle)(void *arg); /* NULL: none */
	void *idle_arg;
	int64_t last_id;
	struct buf in; /* what came, from `at` on not looked at */
	struct buf out; /* requests that were not written yet */
	size_t at;
	size_t seen;   /* bytes after `at` known to hold no line feed */
	json_t *notes; /* arrays: what came while something else was waited for */
	json_t *answers;
	char request[64];
	char path[128];
};

/* Microseconds on the monotonic clock at which to give up; INT64_MAX for never. */
int64_t wire_deadline(int timeout_ms);

/* Connect; the descriptor, or TIX_ENO_DAEMON. */
int wire_connect(const char *path, int64_t deadline, struct err *e);

/* Write all; whatever comes meanwhile is read into c->in. */
int wire_write(struct rpc_client *c, const char *data, size_t len, int64_t deadline, struct err *e);

/* The next line, without its line feed; valid until the next call of any wire function. */
int wire_line(
    struct rpc_client *c, int64_t deadline, const char **ret, size_t *ret_len, struct err *e);

#endif
