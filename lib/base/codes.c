/* SPDX-License-Identifier: MIT */
/* Order and ticket codes: keyed permutations and MACs. For the daemon, which holds the keys. */
#include "base/ids.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/err.h"

#define ROUNDS 10

_Static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8, "SipHash-2-4");

static void derive(const uint8_t master[32], const char *label, uint8_t *ret, size_t len)
{
	if (crypto_generichash(ret, len, (const uint8_t *)label, strlen(label), master, 32) != 0)
		abort();
}

void idkeys_derive(const uint8_t master[32], struct idkeys *ret)
{
	derive(master, "tix order code 1", ret->code, sizeof(ret->code));
	derive(master, "tix ticket code 1", ret->ticket, sizeof(ret->ticket));
	derive(master, "tix ticket mac 1", ret->mac, sizeof(ret->mac));
	derive(master, "tix journal chain 1", ret->chain, sizeof(ret->chain));
	derive(master, "tix key check 1", ret->check, sizeof(ret->check));
}

static void put_be(uint64_t v, uint8_t *out, int bytes)
{
	for (int i = 0; i < bytes; i++)
		out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
}

static uint64_t siphash(const uint8_t key[16], const uint8_t *mem, size_t len)
{
	uint8_t out[8];
	uint64_t v = 0;

	crypto_shorthash(out, mem, len, key);
	for (int i = 0; i < 8; i++)
		v = v << 8 | out[i];
	return v;
}

static uint64_t round_of(const uint8_t key[16], int round, uint64_t half)
{
	uint8_t in[5];

	in[0] = (uint8_t)round;
	put_be(half, in + 1, 4);
	return siphash(key, in, sizeof(in));
}

uint64_t feistel_encode(const uint8_t key[16], int half, uint64_t v)
{
	uint64_t mask = (UINT64_C(1) << half) - 1;
	uint64_t left = v >> half & mask, right = v & mask;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t next = left ^ (round_of(key, i, right) & mask);

		left = right;
		right = next;
	}
	return left << half | right;
}

uint64_t feistel_decode(const uint8_t key[16], int half, uint64_t v)
{
	uint64_t mask = (UINT64_C(1) << half) - 1;
	uint64_t left = v >> half & mask, right = v & mask;

	for (int i = ROUNDS - 1; i >= 0; i--) {
		uint64_t before = right ^ (round_of(key, i, left) & mask);

		right = left;
		left = before;
	}
	return left << half | right;
}

int order_code_encode(const struct idkeys *keys, int64_t id, char out[ORDER_CODE_SIZE])
{
	uint64_t v;

	if (id < 0 || id > ORDER_ID_MAX)
		return TIX_ELIMIT;
	v = feistel_encode(keys->code, 20, (uint64_t)id);
	b32_put(v >> 20, 4, out);
	out[4] = '-';
	b32_put(v, 4, out + 5);
	out[9] = '\0';
	return 0;
}

/* Collect exactly n digits from *p, dashes between them skipped. */
static bool scan_b32(const char **p, int n, uint8_t *ret)
{
	for (int i = 0; i < n; (*p)++) {
		int v;

		if (**p == '-' && i > 0)
			continue;
		v = b32_value(**p);
		if (v < 0)
			return false;
		ret[i++] = (uint8_t)v;
	}
	return true;
}

/* "/n", n from 1 to 999999 without leading zeros; nothing gives 0. */
static bool scan_sub(const char *p, int *ret_sub)
{
	int v = 0;

	if (!*p)
		return true;
	if (!ret_sub || *p++ != '/' || *p == '0')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (*p - '0');
		if (v > 999999)
			return false;
	}
	*ret_sub = v;
	return !*p && v > 0;
}

int order_code_decode(const struct idkeys *keys, const char *text, int64_t *ret_id, int *ret_sub)
{
	uint8_t digits[8];
	uint64_t v = 0;
	int sub = 0;

	if (!scan_b32(&text, 8, digits) || !scan_sub(text, ret_sub ? &sub : NULL))
		return TIX_EBAD_VALUE;
	for (int i = 0; i < 8; i++)
		v = v << 5 | digits[i];
	*ret_id = (int64_t)feistel_decode(keys->code, 20, v);
	if (ret_sub)
		*ret_sub = sub;
	return 0;
}

static uint64_t ticket_mac(const struct idkeys *keys, uint64_t block)
{
	uint8_t in[8];

	put_be(block, in, 8);
	return siphash(keys->mac, in, sizeof(in));
}

int ticket_code_encode(
    const struct idkeys *keys, uint64_t id, unsigned generation, char out[TICKET_CODE_SIZE])
{
	uint64_t block, mac;

	if (id > TICKET_ID_MAX || generation > TICKET_GENERATION_MAX)
		return TIX_ELIMIT;
	block = feistel_encode(keys->ticket, 32, id << 14 | generation);
	mac = ticket_mac(keys, block);
	/* 128 bits in 26 digits, so the first one is below 8; the 14th holds bits of both halves.
	 */
	b32_put(block >> 1, 13, out);
	b32_put((block & 1) << 4 | mac >> 60, 1, out + 13);
	b32_put(mac, 12, out + 14);
	out[26] = '\0';
	return 0;
}

int ticket_code_decode(
    const struct idkeys *keys, const char *text, uint64_t *ret_id, unsigned *ret_generation)
{
	uint8_t digits[26], want[8], got[8];
	uint64_t block = 0, mac = 0, plain;

	if (!scan_b32(&text, 26, digits) || *text || digits[0] > 7)
		return TIX_EBAD_VALUE;
	for (int i = 0; i < 13; i++)
		block = block << 5 | digits[i];
	block = block << 1 | digits[13] >> 4;
	mac = digits[13] & 15;
	for (int i = 14; i < 26; i++)
		mac = mac << 5 | digits[i];
	put_be(ticket_mac(keys, block), want, 8);
	put_be(mac, got, 8);
	if (sodium_memcmp(want, got, 8) != 0)
		return TIX_ENOT_FOUND;
	plain = feistel_decode(keys->ticket, 32, block);
	*ret_id = plain >> 14;
	*ret_generation = (unsigned)(plain & TICKET_GENERATION_MAX);
	return 0;
}
