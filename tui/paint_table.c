/* SPDX-License-Identifier: MIT */
/* Tables: as wide as their texts, the growing column cut first, then columns left out from the
 * right. */
#include "tui/paint.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define GAP 2
#define MARGIN 2    /* where the sign of the chosen row stands */
#define BAR_CELLS 10 /* a bar, and " 67%" after it */
#define BAR_TEXT 5
#define ROWS_MEASURED 300

struct table {
	struct m_section *s;
	int width[M_COLS]; /* 0: left out */
};

static int natural(const struct m_section *s, size_t col, int first, int n)
{
	size_t w = text_width(s->cols[col].label);

	if (s->cols[col].flags & M_BAR)
		return BAR_CELLS + BAR_TEXT;
	for (int i = first; i < first + n && i < (int)s->nrows; i++) {
		size_t cell = text_width(s->rows[i].cells[col].text);

		w = cell > w ? cell : w;
	}
	return (int)w;
}

static int total(const struct table *t)
{
	int sum = MARGIN, shown = 0;

	for (size_t i = 0; i < t->s->ncols; i++) {
		sum += t->width[i];
		shown += t->width[i] > 0;
	}
	return sum + (shown > 0 ? (shown - 1) * GAP : 0);
}

/* Takes what is too much from growing columns, as far as they can give. */
static void squeeze(struct table *t, int cols)
{
	for (size_t i = t->s->ncols; i-- > 0;) {
		const struct m_col *c = &t->s->cols[i];
		int over = total(t) - cols, least = c->min > 4 ? c->min : 4;

		if (over <= 0)
			return;
		if (!(c->flags & M_GROW) || t->width[i] <= least)
			continue;
		t->width[i] = t->width[i] - over > least ? t->width[i] - over : least;
	}
}

static void measure(struct table *t, int first, int cols, bool wide)
{
	const struct m_section *s = t->s;

	for (size_t i = 0; i < s->ncols; i++)
		t->width[i] = (s->cols[i].flags & M_WIDE) && !wide
				  ? 0
				  : natural(s, i, first, ROWS_MEASURED);
	squeeze(t, cols);
	for (size_t i = s->ncols; i-- > 1 && total(t) > cols;)
		t->width[i] = 0;
	if (total(t) > cols)
		t->width[0] = cols > MARGIN ? cols - MARGIN : 1;
}

static void paint_bar(struct grid *g, int y, int x, int width, unsigned attr, int permille)
{
	int cells = width - BAR_TEXT, full;
	char text[16];

	if (permille < 0)
		return;
	full = permille * cells / 1000;
	full = full > cells ? cells : full;
	for (int i = 0; i < cells; i++) {
		if (i < full)
			grid_sign(g, y, x + i, attr, "\xE2\x96\x88", '#');
		else
			grid_sign(g, y, x + i, M_DIM, "\xE2\x96\x91", '.');
	}
	snprintf(text, sizeof(text), "%d%%", permille / 10);
	grid_put_right(g, y, x + cells, BAR_TEXT, attr, text);
}

static void paint_row(struct grid *g, const struct table *t, size_t row, int y, int x)
{
	const struct m_section *s = t->s;

	x += MARGIN;
	for (size_t i = 0; i < s->ncols; i++) {
		const struct m_cell *c = &s->rows[row].cells[i];
		unsigned attr = s->stale ? M_DIM : c->class;

		if (t->width[i] == 0)
			continue;
		if (s->cols[i].flags & M_BAR)
			paint_bar(g, y, x, t->width[i], attr, c->permille);
		else if (s->cols[i].flags & M_RIGHT)
			grid_put_right(g, y, x, t->width[i], attr, c->text);
		else
			grid_put(g, y, x, t->width[i], attr, c->text);
		x += t->width[i] + GAP;
	}
}

static void upper(const char *label, char *out, size_t size)
{
	size_t n = 0;

	for (; label[n] && n < size - 1; n++)
		out[n] = (char)(label[n] >= 'a' && label[n] <= 'z' ? label[n] - 32 : label[n]);
	out[n] = '\0';
}

static void paint_head(struct grid *g, const struct table *t, int y, int x)
{
	char label[64];

	x += MARGIN;
	for (size_t i = 0; i < t->s->ncols; i++) {
		if (t->width[i] == 0)
			continue;
		upper(t->s->cols[i].label, label, sizeof(label));
		if (t->s->cols[i].flags & M_RIGHT)
			grid_put_right(g, y, x, t->width[i], M_TITLE, label);
		else
			grid_put(g, y, x, t->width[i], M_TITLE, label);
		x += t->width[i] + GAP;
	}
}

/* The first row to show, so that the cursor is among them. */
static size_t top_of(struct m_section *s, int rows)
{
	struct m_cursor *c = s->cursor;
	size_t shown = rows > 0 ? (size_t)rows : 1;

	if (!c)
		return 0;
	if (c->row < c->top)
		c->top = c->row;
	if (c->row >= c->top + shown)
		c->top = c->row - shown + 1;
	if (s->nrows <= shown)
		c->top = 0;
	else if (c->top > s->nrows - shown)
		c->top = s->nrows - shown;
	return c->top;
}

/* Which rows are shown, where there are more. */
static void paint_extent(struct grid *g, const struct m_section *s, size_t top, int rows, int y, int x,
    int cols)
{
	char text[64];
	int n;

	if (s->nrows <= (size_t)rows)
		return;
	n = snprintf(text, sizeof(text), " %zu-%zu of %zu", top + 1, top + (size_t)rows, s->nrows);
	grid_put_right(g, y, x + cols - n, n, M_DIM, text);
}

static void paint_chosen(struct grid *g, const struct m_section *s, int y, bool focus)
{
	grid_put(g, y, s->x, 1, focus ? M_TITLE : M_DIM, focus ? ">" : "-");
	if (!focus)
		return;
	grid_select(g, y, s->x, s->width);
	g->cursor_y = y;
	g->cursor_x = s->x;
}

void paint_table(struct grid *g, struct m_section *s, int y, int x, int rows, int cols, bool focus)
{
	struct table t = {.s = s};
	int head = model_has_head(s);
	size_t top = top_of(s, rows - head);

	s->y = y + head;
	s->x = x;
	s->height = rows - head;
	s->width = cols;
	measure(&t, (int)top, cols, g->cols >= PAINT_WIDE);
	if (head) {
		paint_head(g, &t, y, x);
		/* In the line above, where there is one: the columns have theirs. */
		paint_extent(g, s, top, s->height, s->title[0] || s->note[0] ? y - 1 : y, x, cols);
	}
	for (int i = 0; i < s->height && top + (size_t)i < s->nrows; i++) {
		size_t row = top + (size_t)i;

		paint_row(g, &t, row, s->y + i, x);
		if (s->cursor && s->cursor->row == row && s->rows[row].id)
			paint_chosen(g, s, s->y + i, focus);
	}
}
