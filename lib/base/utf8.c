/* SPDX-License-Identifier: MIT */
/* UTF-8 decoding, checking and counting, byte by byte after a fast run over ASCII. */
#include "base/utf8.h"

#include <string.h>

static bool is_cont(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* Length that a lead byte announces, 0 when it is no lead byte. */
static int lead_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xC2 && c <= 0xDF)
		return 2;
	if (c >= 0xE0 && c <= 0xEF)
		return 3;
	if (c >= 0xF0 && c <= 0xF4)
		return 4;
	return 0;
}

int utf8_next(const char *s, size_t len, uint32_t *ret_cp)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	uint32_t cp;
	int n;

	if (len == 0)
		return -1;
	n = lead_length(p[0]);
	if (n == 1) {
		*ret_cp = p[0];
		return 1;
	}
	if (n == 0 || (size_t)n > len)
		return -1;
	cp = p[0] & (0x7FU >> n);
	for (int i = 1; i < n; i++) {
		if (!is_cont(p[i]))
			return -1;
		cp = cp << 6 | (p[i] & 0x3FU);
	}
	if (cp < least[n] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return -1;
	*ret_cp = cp;
	return n;
}

int utf8_put(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

/* Bytes of plain ASCII at the start of s, eight at a time. */
static size_t ascii_run(const char *s, size_t len)
{
	size_t i = 0;

	while (i + 8 <= len) {
		uint64_t w;

		memcpy(&w, s + i, 8);
		if (w & 0x8080808080808080ULL)
			break;
		i += 8;
	}
	while (i < len && !((unsigned char)s[i] & 0x80))
		i++;
	return i;
}

bool utf8_valid(const char *s, size_t len)
{
	size_t i = 0;

	while ((i += ascii_run(s + i, len - i)) < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0)
			return false;
		i += (size_t)n;
	}
	return true;
}

size_t utf8_count(const char *s, size_t len)
{
	size_t count = 0, i = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		i += n > 0 ? (size_t)n : 1;
		count++;
	}
	return count;
}

size_t utf8_trim(const char *s, size_t len)
{
	size_t i = len;

	/* Go back to the last lead byte and see whether its sequence is whole. */
	while (i > 0 && len - i < 3 && is_cont((unsigned char)s[i - 1]))
		i--;
	if (i == 0)
		return len;
	int want = lead_length((unsigned char)s[i - 1]);
	if (want > 1 && (size_t)want > len - (i - 1))
		return i - 1;
	return len;
}
