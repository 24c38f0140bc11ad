/* SPDX-License-Identifier: MIT */
/* For the tests: what was called and whether each reply is what its method's rows promise. Off
 * unless TIX_TRACE names a file, which then gets one JSON line a call: method, ok, error, and
 * mismatch where a reply breaks its rows. */
#ifndef DAEMON_TRACE_H
#define DAEMON_TRACE_H

#include "rpc/rpc.h"

struct trace;

/* NULL when path is NULL or cannot be opened. */
struct trace *trace_open(const char *path);
void trace_close(struct trace *t);

/* t NULL: does nothing. method NULL: the request named none. line: the whole reply as it will be
 * sent. */
void trace_reply(
    struct trace *t, const struct rpc_method *method, int error, const char *line, size_t len);

#endif
