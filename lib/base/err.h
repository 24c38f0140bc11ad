/* SPDX-License-Identifier: MIT */
/* Errors: the codes of err.def and the details of one failure. It reports, it never prints or logs.
 */
#ifndef TIX_BASE_ERR_H
#define TIX_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

/* Row numbers of err.def, from 1; they exist to make the codes below. */
enum err_row {
	ERR_ROW_OK,
#define ERR(id, name, rpc, exit, retry, text) ERR_ROW_##id,
#include "base/err.def"
#undef ERR
	ERR_ROW_COUNT
};

/* What functions return: 0 or one of these, all negative. */
enum tix_err {
	TIX_OK = 0,
#define ERR(id, name, rpc, exit, retry, text) TIX_E##id = -(int)ERR_ROW_##id,
#include "base/err.def"
#undef ERR
};

#define ERR_FACTS_MAX 4

struct err_fact {
	char key[24];
	int64_t value;
};

/* Details of one failure, owned by the caller. All strings are valid UTF-8, cut to fit. */
struct err {
	int code; /* TIX_E..., 0 when nothing failed */
	char field[64];
	char message[512];
	char hint[256];
	struct err_fact facts[ERR_FACTS_MAX];
	int nfacts;
};

struct err_info {
	const char *name;
	int rpc_code;
	int exit_code;
	bool retryable;
	const char *text;
};

/* Every function takes e == NULL and then keeps no details. */

/* Start an error: hint and facts of an earlier one are dropped. field may be NULL, fmt too: then
 * the table's text is the message. Returns code, so that `return err_set(...)` reads well. Bytes
 * that are no valid UTF-8 become '?'. */
int err_set(struct err *e, int code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

void err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Add a fact, or replace the one of that key; beyond ERR_FACTS_MAX it is dropped. */
void err_fact(struct err *e, const char *key, int64_t value);

void err_clear(struct err *e);

/* The row of a code; internal for a code that is none. Never NULL. */
const struct err_info *err_info(int code);

/* The code of a name; TIX_EINTERNAL for a name that this program does not know. */
int err_by_name(const char *name);

/* The code of a JSON-RPC error number, TIX_EINTERNAL when unknown. */
int err_by_rpc_code(int rpc_code);

#endif
