/* SPDX-License-Identifier: MIT */
/* Folding by words; cells are counted as the terminal does, colours count none. */
#include "cli/fold.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define INDENT 2 /* of what follows where a line has no second part */

/* One line on its way to the screen. */
struct fold {
	struct buf *out;
	size_t width, hang; /* cells */
	size_t at;	    /* cells of the line so far */
	bool fresh;	    /* nothing but its indent is there */
};

static size_t sgr_len(const char *s, size_t len)
{
	size_t n = 2;

	if (len < 3 || s[0] != '\033' || s[1] != '[')
		return 0;
	while (n < len && s[n] != 'm')
		n++;
	return n < len ? n + 1 : 0;
}

/* Cells of a piece of a line. */
static size_t cells(const char *s, size_t len)
{
	AUTO(buf) struct buf plain = {0};

	buf_init(&plain, 0);
	for (size_t i = 0; i < len;) {
		size_t skip = sgr_len(s + i, len - i);

		if (skip == 0)
			buf_putc(&plain, s[i++]);
		i += skip;
	}
	return text_width(buf_str(&plain));
}

/* Bytes up to the next gap: of one space, or, as parts, of two. */
static size_t until_gap(const char *s, size_t len, bool parts)
{
	size_t n = 0;

	while (n < len && !(s[n] == ' ' && (!parts || (n + 1 < len && s[n + 1] == ' '))))
		n++;
	return n;
}

static size_t spaces(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] == ' ')
		n++;
	return n;
}

static void next_line(struct fold *f)
{
	buf_printf(f->out, "\n%*s", (int)f->hang, "");
	f->at = f->hang;
	f->fresh = true;
}

/* A word or part after a gap that only counts within a line. */
static void put(struct fold *f, const char *s, size_t len, size_t gap)
{
	size_t w = cells(s, len);

	if (!f->fresh && f->at + gap + w > f->width)
		next_line(f);
	if (!f->fresh) {
		buf_printf(f->out, "%*s", (int)gap, "");
		f->at += gap;
	}
	if (f->at + w > f->width) {
		AUTO(buf) struct buf word = {0};

		buf_init(&word, 0);
		buf_put(&word, s, len);
		text_cut(f->out, buf_str(&word), f->width - f->at);
		f->at = f->width;
	} else {
		buf_put(f->out, s, len);
		f->at += w;
	}
	f->fresh = false;
}

/* A part whole, if a line can hold it; else by words. */
static void put_part(struct fold *f, const char *s, size_t len, size_t gap)
{
	if (f->hang + cells(s, len) <= f->width) {
		put(f, s, len, gap);
		return;
	}
	while (len > 0) {
		size_t n = until_gap(s, len, false), skip = spaces(s + n, len - n);

		put(f, s, n, gap);
		gap = skip;
		s += n + skip;
		len -= n + skip;
	}
}

static void fold_line(struct buf *out, const char *s, size_t len, size_t width)
{
	size_t lead = spaces(s, len), gap = 0;
	size_t first = until_gap(s + lead, len - lead, true);
	size_t second = lead + first + spaces(s + lead + first, len - lead - first);
	struct fold f = {.out = out, .width = width, .fresh = true};

	f.hang = second < len ? cells(s, second) : lead + INDENT;
	if (f.hang > width / 2)
		f.hang = lead + INDENT;
	if (f.hang > width / 2)
		f.hang = 0;
	if (lead < width) {
		buf_put(out, s, lead);
		f.at = lead;
	}
	s += lead;
	len -= lead;
	while (len > 0) {
		size_t n = until_gap(s, len, true), skip = spaces(s + n, len - n);

		put_part(&f, s, n, gap);
		gap = skip;
		s += n + skip;
		len -= n + skip;
	}
}

void fold_lines(struct buf *b, size_t width)
{
	AUTO(buf) struct buf all = {0};
	const char *s = buf_str(b), *end = s + b->len;

	buf_init(&all, 0);
	while (s < end) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);

		if (len <= width || cells(s, len) <= width)
			buf_put(&all, s, len);
		else
			fold_line(&all, s, len, width);
		if (stop)
			buf_putc(&all, '\n');
		s += len + (stop != NULL);
	}
	if (all.failed)
		return;
	buf_clear(b);
	buf_put(b, buf_str(&all), all.len);
}
