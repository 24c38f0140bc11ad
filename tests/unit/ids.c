/* SPDX-License-Identifier: MIT */
/* Codes and ids: permutations, MACs, forgiveness in reading, and all that must be refused. */
#include "tests/tap.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"

static struct idkeys keys;

static void permutations(void)
{
	static const int halves[] = {20, 32};
	struct rng *rng = rng_test_new(3);

	for (int k = 0; k < 2; k++) {
		uint64_t mask = halves[k] == 32 ? UINT64_MAX : (UINT64_C(1) << 40) - 1;
		bool good = true;
		int changed = 0;

		for (int i = 0; i < 100000; i++) {
			uint64_t v, e, f;

			rng_bytes(rng, &v, sizeof(v));
			v &= mask;
			e = feistel_encode(keys.code, halves[k], v);
			good = good && e <= mask && feistel_decode(keys.code, halves[k], e) == v;
			f = feistel_encode(keys.code, halves[k], v ^ 1);
			changed += __builtin_popcountll(e ^ f);
		}
		ok(good, "%d bits: decodes what it encodes", 2 * halves[k]);
		changed /= 100000;
		ok(changed >= halves[k] - 2 && changed <= halves[k] + 2,
		    "one bit changes half of them");
	}
	rng_test_free(rng);
}

static void order_codes(void)
{
	static const int64_t ids[] = {0, 1, 2, 1000000, ORDER_ID_MAX};
	char code[ORDER_CODE_SIZE], text[16];
	int64_t id = -7;
	int sub = 9;

	for (size_t i = 0; i < 5; i++) {
		ok(order_code_encode(&keys, ids[i], code) == 0 && strlen(code) == 9 &&
			code[4] == '-',
		    "id %" PRId64 " is %s", ids[i], code);
		ok(order_code_decode(&keys, code, &id, NULL) == 0 && id == ids[i], "and back");
	}
	is_int(order_code_encode(&keys, -1, code), TIX_ELIMIT, "no negative id");
	is_int(order_code_encode(&keys, ORDER_ID_MAX + 1, code), TIX_ELIMIT, "none beyond 40 bits");
	order_code_encode(&keys, 42, code);
	snprintf(text, sizeof(text), "%s/12", code);
	ok(order_code_decode(&keys, text, &id, &sub) == 0 && id == 42 && sub == 12, "CODE/12");
	is_int(
	    order_code_decode(&keys, text, &id, NULL), TIX_EBAD_VALUE, "/12 where none is allowed");
	ok(order_code_decode(&keys, code, &id, &sub) == 0 && sub == 0, "no number is 0");
}

static void forgiveness(void)
{
	static const char *const same[] = {
	    "0110-ABCD", "0110ABCD", "o11oabcd", "OiLo-aBcD", "0-1-1-0-A-B-C-D"};
	static const char *const bad[] = {"", "0110", "0110-ABC", "0110-ABCDE", "0110-ABCU",
	    "0110 ABCD", "-0110-ABCD", "0110-ABCD-", "0110-ABCD/", "0110-ABCD/0", "0110-ABCD/01",
	    "0110-ABCD/-1", "0110-ABCD/1000000", "0110-ABCD/99999999999999999999", "0110-ABCD/1x",
	    "0110-ABCD/p1", "0110-ABC\xC3\x9F", "0110-ABCD\n"};
	int64_t want = 0, id = 0;
	int sub;

	order_code_decode(&keys, same[0], &want, NULL);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		ok(order_code_decode(&keys, same[i], &id, NULL) == 0 && id == want, "same: %s",
		    same[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		id = 77;
		sub = 66;
		ok(order_code_decode(&keys, bad[i], &id, &sub) == TIX_EBAD_VALUE && id == 77 &&
			sub == 66,
		    "refused: case %zu", i);
	}
}

static void ticket_codes(void)
{
	static const struct {
		uint64_t id;
		unsigned generation;
	} rows[] = {{0, 0}, {1, 0}, {1, 1}, {123456789, 5}, {TICKET_ID_MAX, TICKET_GENERATION_MAX}};
	char code[TICKET_CODE_SIZE];
	uint64_t id = 0;
	unsigned gen = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		is_int(
		    ticket_code_encode(&keys, rows[i].id, rows[i].generation, code), 0, "encode");
		ok(strlen(code) == 26 && ticket_code_decode(&keys, code, &id, &gen) == 0 &&
			id == rows[i].id && gen == rows[i].generation,
		    "%s", code);
	}
	is_int(ticket_code_encode(&keys, TICKET_ID_MAX + 1, 0, code), TIX_ELIMIT, "id too large");
	is_int(ticket_code_encode(&keys, 1, TICKET_GENERATION_MAX + 1, code), TIX_ELIMIT,
	    "generation");
}

/* Each single wrong digit must be noticed, and other keys read nothing. */
static void forged(void)
{
	char code[TICKET_CODE_SIZE], bad[TICKET_CODE_SIZE + 1];
	struct idkeys other;
	uint8_t master[32] = {9};
	uint64_t id = 5;
	unsigned gen = 5;
	bool noticed = true;

	ticket_code_encode(&keys, 31337, 2, code);
	for (int i = 0; i < 26; i++) {
		for (int v = 0; v < 32; v++) {
			memcpy(bad, code, sizeof(code));
			b32_put((uint64_t)v, 1, bad + i);
			if (strcmp(bad, code) != 0)
				noticed = noticed && ticket_code_decode(&keys, bad, &id, &gen) < 0;
		}
	}
	ok(noticed && id == 5 && gen == 5, "each wrong digit is noticed");
	idkeys_derive(master, &other);
	is_int(ticket_code_decode(&other, code, &id, &gen), TIX_ENOT_FOUND, "another key");
	memcpy(bad, code, 25);
	bad[25] = '\0';
	is_int(ticket_code_decode(&keys, bad, &id, &gen), TIX_EBAD_VALUE, "one digit less");
	snprintf(bad, sizeof(bad), "%s0", code);
	is_int(ticket_code_decode(&keys, bad, &id, &gen), TIX_EBAD_VALUE, "one more");
	memset(bad, 'Z', 26);
	bad[26] = '\0';
	is_int(ticket_code_decode(&keys, bad, &id, &gen), TIX_EBAD_VALUE, "more than 128 bits");
}

/* The 26 digits have two bits more than a code: they must be zero, or one ticket had four codes. */
static void spare_bits(void)
{
	static const char above[] = "8GR";
	char code[TICKET_CODE_SIZE] = "";
	uint64_t id = 0;
	unsigned gen;

	while (code[0] != '0')
		ticket_code_encode(&keys, ++id, 0, code);
	for (int i = 0; i < 3; i++) {
		code[0] = above[i];
		is_int(ticket_code_decode(&keys, code, &id, &gen), TIX_EBAD_VALUE, code);
	}
}

/* The derivation is part of what a store means: it may never change. */
static void fixed(void)
{
	struct idkeys k;
	uint8_t master[32];
	char code[TICKET_CODE_SIZE];

	for (int i = 0; i < 32; i++)
		master[i] = (uint8_t)i;
	idkeys_derive(master, &k);
	order_code_encode(&k, 1, code);
	is_str(code, "S2T2-FXB3", "order 1 under the test key");
	ticket_code_encode(&k, 1, 0, code);
	is_str(code, "6D617Y2DD3M0QJRXHMAEN2Q67B", "ticket 1 under the test key");
}

static void uuids(void)
{
	struct clock *clock = clock_test_new(INT64_C(1781373600123456));
	struct rng *rng = rng_test_new(1);
	uint8_t a[16], b[16];
	char text[UUID_SIZE];
	static const char *const bad[] = {"", "019ec", "019ec1d3-f87b-774b-8000-00000000000",
	    "019ec1d3-f87b-774b-8000-0000000000000", "019ec1d3f87b774b80000000000000000000",
	    "019ec1d3-f87b-774b-8000-00000000000g", "019ec1d3-f87b-774b-80000-0000000000"};

	uuid7_make(clock, rng, a);
	uuid_format(a, text);
	ok(!strncmp(text, "019ec224-", 9) && text[14] == '7' && strchr("89ab", text[19]), "%s",
	    text);
	ok(uuid_parse(text, b) == 0 && !memcmp(a, b, 16), "parses");
	for (char *p = text; *p; p++)
		if (*p >= 'a')
			*p = (char)(*p - 32);
	ok(uuid_parse(text, b) == 0 && !memcmp(a, b, 16), "in capitals too");
	clock_test_set(clock, clock_now(clock) + 1);
	uuid7_make(clock, rng, b);
	ok(memcmp(a, b, 16) < 0, "ordered to the microsecond");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(uuid_parse(bad[i], b), TIX_EBAD_VALUE, "bad UUID");
	clock_test_free(clock);
	rng_test_free(rng);
}

static void base64url(void)
{
	static const char *const bad[] = {
	    "A", "AB", "AAAAA", "AA==", "AA+A", "AA/A", "AA A", "AAB\n", "\xFF\xFF"};
	struct rng *rng = rng_test_new(2);
	uint8_t in[64], out[64];
	char text[B64URL_SIZE(64)];
	size_t len = 0;
	bool good = true;

	for (size_t n = 0; n <= 64; n++) {
		rng_bytes(rng, in, n);
		b64url_encode(in, n, text, B64URL_SIZE(n));
		good = good && b64url_decode(text, out, n, &len) == 0 && len == n &&
		       !memcmp(in, out, n);
	}
	ok(good, "base64url round-trips at each length");
	b64url_encode("\xFB\xFF\xBF", 3, text, sizeof(text));
	is_str(text, "-_-_", "its alphabet");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(
		    b64url_decode(bad[i], out, sizeof(out), &len), TIX_EBAD_VALUE, "bad base64url");
	is_int(b64url_decode("AAAA", out, 2, &len), TIX_EBAD_VALUE, "no room");
	rng_test_free(rng);
}

int main(void)
{
	uint8_t master[32] = {1, 2, 3};

	if (sodium_init() < 0)
		return 1;
	idkeys_derive(master, &keys);
	permutations();
	order_codes();
	forgiveness();
	ticket_codes();
	forged();
	spare_bits();
	fixed();
	uuids();
	base64url();
	return done_testing();
}
