/* SPDX-License-Identifier: MIT */
/* The two ways of reading a request beside each other: what the short one takes, the long one must
 * take too, to the same struct. Shared by the fuzz target and the generated test. */
#ifndef TESTS_FUZZ_DIFFER_H
#define TESTS_FUZZ_DIFFER_H

#include <string.h>

#include "base/mem.h"
#include "rpc/codec_impl.h"

enum differ {
	DIFFER_NOT_TAKEN,
	DIFFER_SAME,
	DIFFER_WRONG,
};

/* The encoder shows every value, the hash every present field. */
static bool differ_same(const struct rpc_method *m, const void *a, const void *b)
{
	AUTO(buf) struct buf ta = {0};
	AUTO(buf) struct buf tb = {0};
	uint8_t ha[16], hb[16];

	if (rpc_encode(m->in, a, &ta) < 0 || rpc_encode(m->in, b, &tb) < 0 ||
	    rpc_params_hash(m, a, ha) < 0 || rpc_params_hash(m, b, hb) < 0)
		return false;
	return !strcmp(buf_str(&ta), buf_str(&tb)) && !memcmp(ha, hb, 16) &&
	       !memcmp(a, b, sizeof(uint64_t));
}

static enum differ differ(const char *line, size_t len)
{
	struct arena *a = arena_new(64 << 20);
	struct rpc_request fast = {0}, slow = {0};
	enum differ r = DIFFER_NOT_TAKEN;
	struct err e = {0};
	void *in = NULL;

	if (scan_request(line, len, a, &fast)) {
		bool good = parse_request(line, len, &slow, &e) == 0 &&
			    rpc_request_decode(&slow, a, &in, &e) == 0 &&
			    fast.method == slow.method && fast.notification == slow.notification &&
			    !strcmp(fast.id, slow.id) && differ_same(fast.method, fast.in, in);

		r = good ? DIFFER_SAME : DIFFER_WRONG;
		rpc_request_done(&slow);
	}
	arena_free(a);
	return r;
}

#endif
