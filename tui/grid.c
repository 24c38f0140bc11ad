/* SPDX-License-Identifier: MIT */
/* Cells and what is drawn into them, cluster by cluster. */
#include "tui/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

bool grid_resize(struct grid *g, int rows, int cols)
{
	rows = rows < 1 ? 1 : rows > GRID_MAX ? GRID_MAX : rows;
	cols = cols < 1 ? 1 : cols > GRID_MAX ? GRID_MAX : cols;
	if (!g->cells || rows != g->rows || cols != g->cols) {
		free(g->cells);
		g->cells = calloc((size_t)rows * (size_t)cols, sizeof(*g->cells));
		g->rows = g->cells ? rows : 0;
		g->cols = g->cells ? cols : 0;
	}
	grid_clear(g);
	return g->cells != NULL;
}

void grid_free(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){0};
}

void grid_clear(struct grid *g)
{
	size_t n = (size_t)g->rows * (size_t)g->cols;

	for (size_t i = 0; i < n; i++)
		g->cells[i] = (struct g_cell){.text = " "};
	g->cursor_y = g->rows - 1;
	g->cursor_x = g->cols - 1;
}

struct g_cell *grid_at(struct grid *g, int y, int x)
{
	if (y < 0 || x < 0 || y >= g->rows || x >= g->cols)
		return NULL;
	return &g->cells[(size_t)y * (size_t)g->cols + (size_t)x];
}

static void set_cell(struct grid *g, int y, int x, unsigned attr, const char *s, size_t len)
{
	struct g_cell *c = grid_at(g, y, x);

	if (!c)
		return;
	*c = (struct g_cell){.attr = (uint8_t)attr};
	memcpy(c->text, s, len);
}

static bool plain_ascii(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)s[i] >= 0x80)
			return false;
	}
	return true;
}

/* One cluster of so many cells; what this grid cannot show is as wide as it would be. */
static void put_cluster(
    struct grid *g, int y, int x, unsigned attr, const char *s, size_t len, int w)
{
	bool shown = len < CELL_TEXT && w <= 2 && (g->utf8 || plain_ascii(s, len)) &&
		     (unsigned char)s[0] >= 0x20 && s[0] != 0x7f;

	for (int i = 0; i < w; i++) {
		if (!shown)
			set_cell(g, y, x + i, attr, "?", 1);
		else
			set_cell(g, y, x + i, attr, s, i == 0 ? len : 0);
	}
}

/* Draws clusters while they fit; the cells used. */
static int put_fitting(struct grid *g, int y, int x, int cells, unsigned attr, const char *text)
{
	size_t len = strlen(text), at = 0;
	int used = 0;

	while (at < len) {
		size_t w, n = text_cluster(text + at, len - at, &w);

		if (used + (int)w > cells)
			break;
		if (w > 0)
			put_cluster(g, y, x + used, attr, text + at, n, (int)w);
		used += (int)w;
		at += n;
	}
	return used;
}

int grid_put(struct grid *g, int y, int x, int cells, unsigned attr, const char *text)
{
	int used;

	if (x >= g->cols || cells <= 0)
		return 0;
	if (cells > g->cols - x)
		cells = g->cols - x;
	if (text_width(text) <= (size_t)cells)
		return put_fitting(g, y, x, cells, attr, text);
	used = put_fitting(g, y, x, cells - 1, attr, text);
	grid_sign(g, y, x + used, attr, "\xE2\x80\xA6", '~');
	return used + 1;
}

void grid_put_right(struct grid *g, int y, int x, int cells, unsigned attr, const char *text)
{
	size_t w = text_width(text);

	if (w < (size_t)(cells > 0 ? cells : 0)) {
		x += cells - (int)w;
		cells = (int)w;
	}
	grid_put(g, y, x, cells, attr, text);
}

void grid_sign(struct grid *g, int y, int x, unsigned attr, const char *utf8, char ascii)
{
	if (g->utf8)
		set_cell(g, y, x, attr, utf8, strlen(utf8));
	else
		set_cell(g, y, x, attr, &ascii, 1);
}

void grid_select(struct grid *g, int y, int x, int cells)
{
	for (int i = 0; i < cells; i++) {
		struct g_cell *c = grid_at(g, y, x + i);

		if (c)
			c->attr |= G_SEL;
	}
}

void grid_row_text(const struct grid *g, int y, struct buf *out)
{
	const struct g_cell *row = &g->cells[(size_t)y * (size_t)g->cols];
	int end = g->cols;

	while (end > 0 && (row[end - 1].text[0] == ' ' && row[end - 1].text[1] == '\0'))
		end--;
	for (int x = 0; x < end; x++)
		buf_puts(out, row[x].text);
}

void grid_text(const struct grid *g, struct buf *out)
{
	for (int y = 0; y < g->rows; y++) {
		grid_row_text(g, y, out);
		buf_putc(out, '\n');
	}
}
