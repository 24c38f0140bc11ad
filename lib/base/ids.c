/* SPDX-License-Identifier: MIT */
/* Ids and encodings that need no key. */
#include "base/ids.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"

int b32_value(char c)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	const char *p;

	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 32);
	if (c == 'o')
		c = '0';
	if (c == 'i' || c == 'l')
		c = '1';
	p = c ? strchr(digits, c) : NULL;
	return p ? (int)(p - digits) : -1;
}

void b32_put(uint64_t v, int digits, char *out)
{
	while (digits-- > 0) {
		out[digits] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[v & 31];
		v >>= 5;
	}
}

void uuid7_make(const struct clock *clock, const struct rng *rng, uint8_t ret[16])
{
	int64_t us = clock_now(clock);
	uint64_t ms = (uint64_t)(us / 1000);
	unsigned fraction = (unsigned)(us % 1000) * 4096U / 1000U;

	rng_bytes(rng, ret + 8, 8);
	for (int i = 0; i < 6; i++)
		ret[i] = (uint8_t)(ms >> (40 - 8 * i));
	ret[6] = (uint8_t)(0x70 | fraction >> 8);
	ret[7] = (uint8_t)fraction;
	ret[8] = (uint8_t)(0x80 | (ret[8] & 0x3F));
}

static bool dash_before(int byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void uuid_format(const uint8_t in[16], char out[UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (dash_before(i))
			*p++ = '-';
		*p++ = hex[in[i] >> 4];
		*p++ = hex[in[i] & 15];
	}
	*p = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int uuid_parse(const char *text, uint8_t ret[16])
{
	uint8_t tmp[16];
	const char *p = text;

	for (int i = 0; i < 16; i++) {
		int hi, lo;

		if (dash_before(i) && *p++ != '-')
			return TIX_EBAD_VALUE;
		hi = hex_value(*p);
		if (hi < 0)
			return TIX_EBAD_VALUE;
		lo = hex_value(p[1]);
		if (lo < 0)
			return TIX_EBAD_VALUE;
		tmp[i] = (uint8_t)(hi << 4 | lo);
		p += 2;
	}
	if (*p)
		return TIX_EBAD_VALUE;
	memcpy(ret, tmp, sizeof(tmp));
	return 0;
}

static const char b64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void b64url_encode(const void *mem, size_t len, char *out, size_t size)
{
	const uint8_t *in = mem;
	uint32_t acc = 0;
	int bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		acc = acc << 8 | in[i];
		bits += 8;
		while (bits >= 6 && n + 1 < size) {
			bits -= 6;
			out[n++] = b64_digits[acc >> bits & 63];
		}
	}
	if (bits > 0 && n + 1 < size)
		out[n++] = b64_digits[acc << (6 - bits) & 63];
	out[n] = '\0';
}

int b64url_decode(const char *text, void *ret, size_t size, size_t *ret_len)
{
	uint8_t *out = ret;
	uint32_t acc = 0;
	int bits = 0;
	size_t n = 0, i = 0;

	for (; text[i]; i++) {
		const char *p = strchr(b64_digits, text[i]);

		if (!p)
			return TIX_EBAD_VALUE;
		acc = acc << 6 | (uint32_t)(p - b64_digits);
		bits += 6;
		if (bits < 8)
			continue;
		if (n >= size)
			return TIX_EBAD_VALUE;
		bits -= 8;
		out[n++] = (uint8_t)(acc >> bits);
	}
	/* One digit alone holds no byte; bits that were left over must be zero. */
	if (i % 4 == 1 || (acc & ((1U << bits) - 1)))
		return TIX_EBAD_VALUE;
	*ret_len = n;
	return 0;
}
