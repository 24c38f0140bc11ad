/* SPDX-License-Identifier: MIT */
/* Fuzz target: any bytes as a line of the socket. Whatever comes out must hold: a refusal makes a
 * reply that is strict JSON, a good request's parameters can be written and read again. Aborts when
 * it does not, or when the two ways of reading a request differ. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "rpc/codec.h"
#include "tests/fuzz/differ.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_parse(const struct buf *b)
{
	AUTO(json) json_t *v = NULL;

	if (b->failed || json_parse_strict(b->data, b->len, RPC_DEPTH + 4, &v, NULL) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 << 20);
	AUTO(buf) struct buf b = {0};
	struct rpc_request r;
	struct err e = {0};
	void *in = NULL;
	int res;

	if (differ((const char *)data, size) == DIFFER_WRONG)
		abort();
	res = rpc_parse((const char *)data, size, a, &r, &e);

	if (res == 0)
		res = rpc_request_decode(&r, a, &in, &e);
	if (res < 0) {
		if (e.code != res || !e.message[0])
			abort();
		rpc_encode_error(&b, r.id, &e, "r");
	} else {
		rpc_encode_reply(&b, r.id, r.method->in, in);
	}
	must_parse(&b);
	rpc_request_done(&r);
	arena_free(a);
	return 0;
}
