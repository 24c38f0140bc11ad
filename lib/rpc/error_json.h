/* SPDX-License-Identifier: MIT */
/* What a program that was asked for JSON writes to stderr when it fails: one object, one line. */
#ifndef RPC_ERROR_JSON_H
#define RPC_ERROR_JSON_H

#include "base/buf.h"
#include "base/err.h"

/* request: what the daemon called it; NULL or "" where none was asked. */
void rpc_error_json(struct buf *b, const struct err *e, const char *request);

#endif
