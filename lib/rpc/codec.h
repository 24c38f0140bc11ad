/* SPDX-License-Identifier: MIT */
/* What is said, as bytes: requests become checked structs, structs become replies, both by the
 * tables of shapes and methods. Everything from outside is checked here, so that what runs behind
 * it sees only well-formed values. It never does I/O and knows nothing of connections, permissions
 * or stores. */
#ifndef RPC_CODEC_H
#define RPC_CODEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "rpc/rpc.h"

#define RPC_DEPTH 64	 /* deepest nesting of a request */
#define RPC_DOC_DEPTH 32 /* deepest nesting of a free JSON document */
#define RPC_ID_MAX 128	 /* longest request id, as raw JSON text */

/* One request: rpc_parse fills it in any case, rpc_request_done gives back what it holds. */
struct rpc_request {
	char id[RPC_ID_MAX + 1];         /* raw JSON text for the reply; "null": there is none */
	bool notification;               /* good and without id: no reply; what is refused gets one */
	const struct rpc_method *method; /* NULL until it is known */
	json_t *root;                    /* owned */
	const json_t *params;            /* an object within root; NULL: none, or decoded already */
	void *in;                        /* decoded already, in the arena; else NULL */
};

/* One line (its line feed may be there or not) to a request. Refuses: what is not strict JSON
 * (parse, with the field where one can be told), arrays, unknown members, positional parameters,
 * ids that are neither text nor integer, and mutating notifications (invalid_request), unknown
 * methods (unknown_method, with a near name as hint). Plain requests are decoded at once: the
 * arena must live until the request is done with. On failure too ret->id, notification and
 * method hold what could be read, and rpc_request_done must be called. */
int rpc_parse(
    const char *line, size_t len, struct arena *a, struct rpc_request *ret, struct err *e);

/* The request's parameters as a struct of the method's IN shape, in the arena. The request must
 * have a method. */
int rpc_request_decode(const struct rpc_request *r, struct arena *a, void **ret_in, struct err *e);

void rpc_request_done(struct rpc_request *r);

/* Sets unknown_method for a name, with the nearest name as hint; returns it. test: as
 * rpc_describe_json. */
int rpc_unknown_method(const char *name, size_t len, bool test, struct err *e);

/* Parameters to a struct of the shape that the caller zeroed. params NULL: there are none. Text is
 * copied to the arena, as NFC. Refuses unknown fields (unknown_field), absent required ones
 * (missing), and values of the wrong type, form or size (bad_value); the error names the field,
 * nested ones like line[0].count. On failure the struct holds nothing that may be used. */
int rpc_decode(const struct shape *shape, const json_t *params, struct arena *a, void *ret_struct,
    struct err *e);

/* The same from JSON text. */
int rpc_decode_text(
    const struct shape *shape, const char *text, struct arena *a, void *ret_struct, struct err *e);

/* A struct to a JSON object at the end of out: the fields in table order, then those FF_OPT ones
 * whose present bit is set. What is absent is null; what the store should never hold (a number
 * outside its set, a document that is no JSON) is null too; control characters leave escaped.
 * TIX_EUNAVAILABLE when the buffer is full. */
int rpc_encode(const struct shape *shape, const void *in_struct, struct buf *out);

/* Whole lines with their line feed. id_json is raw JSON text, as in struct rpc_request. TIX_EUNAVAILABLE
 * when the buffer is full: it then holds what it held before. After a reply that did not fit it takes a
 * shorter line, after an error or a notification it stays failed: nothing may be left out unnoticed. */
int rpc_encode_reply(
    struct buf *out, const char *id_json, const struct shape *shape, const void *result);
int rpc_encode_error(
    struct buf *out, const char *id_json, const struct err *e, const char *request);
int rpc_encode_note(
    struct buf *out, const char *method, const struct shape *shape, const void *params);

/* The table as text: {"api":1,"methods":[...]}, all methods or one. test: with those that exist
 * only for tests. */
int rpc_describe_json(struct buf *out, const struct rpc_method *only, bool test);

/* The same, but the array of methods alone: the value of struct describe's methods. */
int rpc_describe_methods(struct buf *out, const struct rpc_method *only, bool test);

/* A hash of method and parameters that does not depend on the spelling of the JSON, and not on
 * idempotency_key, dry_run and reason: the same for two calls that mean the same. in: the decoded
 * struct of a mutating method. It needs libsodium, so only the daemon may call it. TIX_EUNAVAILABLE
 * without memory. */
int rpc_params_hash(const struct rpc_method *method, const void *in, uint8_t ret_hash[16]);

#endif
