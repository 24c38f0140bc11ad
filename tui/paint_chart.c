/* SPDX-License-Identifier: MIT */
/* Charts: braille dots where the terminal has them, one sign a cell where not. */
#include "tui/paint.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define AXIS_MAX 10

/* The value at column `at` of `of`, of a series that is stretched or squeezed to it; the largest
 * where several fall together. */
static int64_t sample(const struct m_series *s, int at, int of)
{
	int64_t best = M_NO_VALUE;
	size_t from, to;

	if (s->n == 0 || of <= 0)
		return M_NO_VALUE;
	if ((size_t)of >= s->n) {
		from = of > 1 ? (size_t)at * (s->n - 1) / (size_t)(of - 1) : 0;
		return s->v[from];
	}
	from = (size_t)at * s->n / (size_t)of;
	to = (size_t)(at + 1) * s->n / (size_t)of;
	for (size_t i = from; i < to; i++) {
		if (s->v[i] > best)
			best = s->v[i];
	}
	return best;
}

static int64_t largest(const struct m_section *s)
{
	int64_t max = 0;

	for (size_t k = 0; k < s->nseries; k++) {
		for (size_t i = 0; i < s->series[k].n; i++) {
			if (s->series[k].v[i] > max)
				max = s->series[k].v[i];
		}
	}
	return max;
}

static void paint_ticks(struct grid *g, const struct m_section *s, int y, int x, int cols)
{
	int mid = (int)text_width(s->mid);

	grid_put(g, y, x, cols, M_DIM, s->from);
	grid_put(g, y, x + (cols - mid) / 2, cols, M_DIM, s->mid);
	grid_put_right(g, y, x, cols, M_DIM, s->to);
}

/* Where a value stands, in dots from below. */
static int height(int64_t value, int64_t max, int dots)
{
	int64_t h = max > 0 ? (value * (dots - 1) + max / 2) / max : 0;

	return h < 0 ? 0 : h >= dots ? dots - 1 : (int)h;
}

void paint_spark(struct grid *g, const struct m_section *s, int y, int x, int cols)
{
	static const char *const blocks[] = {"\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83",
	    "\xE2\x96\x84", "\xE2\x96\x85", "\xE2\x96\x86", "\xE2\x96\x87", "\xE2\x96\x88"};
	static const char ascii[] = "_.-=#";
	const struct m_series *v = &s->series[0];
	int64_t max = largest(s);
	int width = (int)v->n < cols - 2 ? (int)v->n : cols - 2;

	for (int i = 0; i < width; i++) {
		int64_t value = sample(v, i, width);

		if (value != M_NO_VALUE)
			grid_sign(g, y, x + 2 + i, s->stale ? M_DIM : v->class,
			    blocks[height(value, max, 8)], ascii[height(value, max, 5)]);
	}
	paint_ticks(g, s, y + 1, x + 2, width);
}

static void plot_ascii(struct grid *g, const struct m_series *s, int64_t max, int y, int x, int rows,
    int cols, bool stale)
{
	for (int i = 0; i < cols; i++) {
		int64_t value = sample(s, i, cols);
		char sign[2] = {s->mark, '\0'};

		if (value != M_NO_VALUE)
			grid_put(g, y + rows - 1 - height(value, max, rows), x + i, 1,
			    stale ? M_DIM : s->class, sign);
	}
}

/* Sets one dot of a cell that may hold others. */
static void put_dot(struct grid *g, int y, int x, int dx, int dy, unsigned attr)
{
	static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	struct g_cell *c = grid_at(g, y, x);
	const unsigned char *t = c ? (const unsigned char *)c->text : NULL;
	uint32_t cp = 0x2800;
	AUTO(buf) struct buf b = {0};

	if (!c)
		return;
	if (t[0] == 0xE2 && (t[1] & 0xFC) == 0xA0)
		cp = 0x2800U | (uint32_t)(t[1] & 3) << 6 | (t[2] & 0x3F);
	else
		c->attr = (uint8_t)attr;
	cp |= bits[dy][dx];
	buf_init(&b, 0);
	buf_cp(&b, cp);
	snprintf(c->text, sizeof(c->text), "%s", buf_str(&b));
}

static void plot_braille(struct grid *g, const struct m_series *s, int64_t max, int y, int x, int rows,
    int cols, bool stale)
{
	int before = -1;

	for (int i = 0; i < cols * 2; i++) {
		int64_t value = sample(s, i, cols * 2);
		int h, from;

		if (value == M_NO_VALUE) {
			before = -1;
			continue;
		}
		h = height(value, max, rows * 4);
		from = before < 0 ? h : before;
		/* A step is drawn as a line, so that the curve hangs together. */
		for (int k = from < h ? from + 1 : h; k <= h; k++)
			put_dot(g, y + rows - 1 - k / 4, x + i / 2, i % 2, 3 - k % 4,
			    stale ? M_DIM : s->class);
		before = h;
	}
}

static int paint_axis(struct grid *g, int64_t max, int y, int x, int rows)
{
	int width = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < rows; i++) {
			bool named = i == 0 || i == rows - 1 || (rows > 4 && i == rows / 2);
			int64_t value = max * (rows - 1 - i) / (rows > 1 ? rows - 1 : 1);
			char text[24];
			int n = snprintf(text, sizeof(text), "%lld", (long long)value);

			if (named && pass == 0)
				width = n > width ? n : width;
			if (named && pass == 1)
				grid_put_right(g, y + i, x, width, M_DIM, text);
			if (pass == 1)
				grid_put(g, y + i, x + width, 1, M_DIM, i == rows - 1 ? "+" : "|");
		}
	}
	return width + 1;
}

void paint_chart(struct grid *g, const struct m_section *s, int y, int x, int rows, int cols)
{
	int64_t max = largest(s);
	int plot = rows - 1, left;

	if (plot < 2 || cols < 16)
		return;
	if (max < plot - 1)
		max = plot - 1;
	left = paint_axis(g, max, y, x, plot);
	for (size_t k = s->nseries; k-- > 0;) {
		if (g->utf8)
			plot_braille(g, &s->series[k], max, y, x + left, plot, cols - left, s->stale);
		else
			plot_ascii(g, &s->series[k], max, y, x + left, plot, cols - left, s->stale);
	}
	paint_ticks(g, s, y + plot, x + left, cols - left);
}
