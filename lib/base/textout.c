/* SPDX-License-Identifier: MIT */
/* Text on its way to a terminal: sanitised, measured, cut. It never writes to one itself. */
#include "base/text.h"

#include <string.h>

#include <utf8proc.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Marks on one letter beyond this are dropped: they would be drawn over the lines around. */
#define MARKS_MAX 4

static bool is_selector(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

static bool is_pictograph(uint32_t cp)
{
	int c = utf8proc_get_property((utf8proc_int32_t)cp)->boundclass;

	return c == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC || (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

/* Invisible or direction-changing: formats, separators of lines and paragraphs, fillers. */
static bool must_show(uint32_t cp)
{
	if (cp == 0x115F || cp == 0x1160 || cp == 0x3164 || cp == 0xFFA0 || cp == 0x034F)
		return true;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

static bool is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME;
}

static void put_control(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_putc(b, '^');
		buf_putc(b, (char)(cp ^ 0x40));
		return;
	}
	buf_printf(b, "<U+%04X>", (unsigned)cp);
}

/* One code point; prev is the last one that was shown, marks counts those on it. */
static void put_safe(struct buf *b, uint32_t cp, uint32_t *prev, int *marks)
{
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
		put_control(b, cp);
		*prev = 0;
		return;
	}
	if (is_selector(cp) || (cp == 0x200D && is_pictograph(*prev)))
		return;
	if (must_show(cp)) {
		buf_printf(b, "<U+%04X>", (unsigned)cp);
		*prev = 0;
		return;
	}
	if (!is_mark(cp)) {
		*marks = 0;
	} else if (*prev == 0) {
		buf_puts(b, "\xE2\x97\x8C"); /* a dotted circle carries a mark without a letter */
	} else if (++*marks > MARKS_MAX) {
		return;
	}
	buf_cp(b, cp);
	*prev = cp;
}

void text_safe(struct buf *b, const char *s, size_t len)
{
	uint32_t prev = 0;
	int marks = 0;
	size_t i = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0) {
			buf_printf(b, "\\x%02X", (unsigned char)s[i]);
			prev = 0;
			i++;
			continue;
		}
		put_safe(b, cp, &prev, &marks);
		i += (size_t)n;
	}
}

/* As wide as its widest code point, 2 with an emoji selector or as a pair of regional indicators. */
size_t text_cluster(const char *s, size_t len, size_t *ret_cells)
{
	utf8proc_int32_t state = 0;
	uint32_t prev = 0;
	size_t i = 0, cells = 0;
	int regional = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);
		int w;

		if (n < 0) {
			cp = 0xFFFD;
			n = 1;
		}
		if (i > 0 && utf8proc_grapheme_break_stateful(
				 (utf8proc_int32_t)prev, (utf8proc_int32_t)cp, &state))
			break;
		w = utf8proc_charwidth((utf8proc_int32_t)cp);
		regional += cp >= 0x1F1E6 && cp <= 0x1F1FF;
		if (cp == 0xFE0F || regional == 2)
			w = 2;
		if (w > 0 && (size_t)w > cells)
			cells = (size_t)w;
		prev = cp;
		i += (size_t)n;
	}
	*ret_cells = cells;
	return i;
}

size_t text_width(const char *s)
{
	size_t len = strlen(s), i = 0, sum = 0;

	while (i < len) {
		size_t cells;

		if ((unsigned char)s[i] < 0x80 &&
		    (i + 1 == len || (unsigned char)s[i + 1] < 0x80)) {
			i++;
			sum++;
			continue;
		}
		i += text_cluster(s + i, len - i, &cells);
		sum += cells;
	}
	return sum;
}

void text_cut(struct buf *b, const char *s, size_t cells)
{
	size_t len = strlen(s), i = 0, sum = 0;

	if (text_width(s) <= cells) {
		buf_put(b, s, len);
		return;
	}
	if (cells == 0)
		return;
	while (i < len) {
		size_t w, n = text_cluster(s + i, len - i, &w);

		if (sum + w > cells - 1)
			break;
		buf_put(b, s + i, n);
		sum += w;
		i += n;
	}
	buf_puts(b, "\xE2\x80\xA6");
}
