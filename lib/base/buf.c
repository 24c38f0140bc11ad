/* SPDX-License-Identifier: MIT */
/* Byte buffer and JSON strings. It never does I/O. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define SMALLEST 256U

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
	if (!b)
		return;
	free(b->data);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

const char *buf_str(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
	char *p = NULL;

	if (!b->failed && buf_reserve(b, 0)) {
		p = b->data;
		p[b->len] = '\0';
		b->data = NULL;
	}
	buf_done(b);
	return p;
}

/* Slow path of buf_reserve: need counts the NUL byte. */
static bool grow(struct buf *b, size_t need)
{
	size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap;
	char *p;

	while (cap < need) {
		if (cap > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		cap *= 2;
	}
	p = realloc(b->data, cap);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->data = p;
	b->cap = cap;
	b->data[b->len] = '\0';
	return true;
}

bool buf_reserve(struct buf *b, size_t extra)
{
	if (b->failed)
		return false;
	if (extra > SIZE_MAX - 1 - b->len || (b->max && b->len + extra > b->max)) {
		b->failed = true;
		return false;
	}
	if (b->len + extra + 1 > b->cap)
		return grow(b, b->len + extra + 1);
	return true;
}

void buf_put(struct buf *b, const void *mem, size_t len)
{
	if (len == 0 || !buf_reserve(b, len))
		return;
	memcpy(b->data + b->len, mem, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	if (!buf_reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void buf_i64(struct buf *b, int64_t v)
{
	char tmp[24];
	char *p = tmp + sizeof(tmp);
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (v < 0)
		*--p = '-';
	buf_put(b, p, (size_t)(tmp + sizeof(tmp) - p));
}

void buf_cp(struct buf *b, uint32_t cp)
{
	char tmp[4];

	buf_put(b, tmp, (size_t)utf8_put(cp, tmp));
}

/* Bytes at the start of s that a JSON string takes as they are. */
static size_t plain_run(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\')
			break;
		i++;
	}
	return i;
}

static void put_u(struct buf *b, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char tmp[6] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15],
	    hex[unit & 15]};

	buf_put(b, tmp, 6);
}

static void put_escaped(struct buf *b, uint32_t cp)
{
	switch (cp) {
	case '"':
		buf_put(b, "\\\"", 2);
		return;
	case '\\':
		buf_put(b, "\\\\", 2);
		return;
	case '\n':
		buf_put(b, "\\n", 2);
		return;
	case '\t':
		buf_put(b, "\\t", 2);
		return;
	default:
		break;
	}
	if (cp >= 0x10000) {
		put_u(b, 0xD800 + ((cp - 0x10000) >> 10));
		put_u(b, 0xDC00 + ((cp - 0x10000) & 0x3FF));
		return;
	}
	put_u(b, cp);
}

static void json_string(struct buf *b, const char *s, size_t len, bool ascii)
{
	size_t i = 0;

	buf_putc(b, '"');
	for (;;) {
		size_t run = plain_run(s + i, len - i);
		uint32_t cp;
		int n;

		buf_put(b, s + i, run);
		i += run;
		if (i >= len)
			break;
		n = utf8_next(s + i, len - i, &cp);
		if (n < 0) {
			cp = 0xFFFD;
			n = 1;
		}
		if (cp < 0xA0 || ascii)
			put_escaped(b, cp);
		else
			buf_cp(b, cp);
		i += (size_t)n;
	}
	buf_putc(b, '"');
}

void buf_json_strn(struct buf *b, const char *s, size_t len)
{
	json_string(b, s, len, false);
}

void buf_json_str(struct buf *b, const char *s)
{
	if (!s) {
		buf_puts(b, "null");
		return;
	}
	json_string(b, s, strlen(s), false);
}

void buf_json_ascii(struct buf *b, const char *s, size_t len)
{
	json_string(b, s, len, true);
}
