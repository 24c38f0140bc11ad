/* SPDX-License-Identifier: MIT */
/* Where sections go. They stand below each other; on a wide screen those at the side stand beside.
 * When there is not room for all rows the longest lists give way first, then whole sections from
 * below, as they are worth. */
#include "tui/paint.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

#define BOXES_MAX 16
#define LIST_MIN 3 /* rows that a list keeps while another has more */

struct box {
	struct m_section *s;
	int head, body;
};

static bool has_title(const struct m_section *s)
{
	return s->title[0] || s->note[0];
}

static bool is_shown(const struct m_section *s)
{
	return s->kind == M_CHART || s->kind == M_SPARK ? s->nseries > 0
							: s->nrows > 0 || s->empty[0];
}

static struct box box_of(struct m_section *s)
{
	struct box b = {.s = s, .head = has_title(s)};

	switch (s->kind) {
	case M_TABLE:
		b.head += s->nrows > 0 && model_has_head(s);
		b.body = (int)s->nrows;
		break;
	case M_LINES:
		b.body = (int)s->nrows;
		break;
	case M_SPARK:
		b.body = 2;
		break;
	case M_CHART:
		b.body = s->rows_min;
		break;
	}
	if (b.body < 1)
		b.body = 1;
	if (s->rows_max > 0 && b.body > s->rows_max)
		b.body = s->rows_max;
	return b;
}

static int height_of(const struct box *v, int n)
{
	int sum = n > 0 ? n - 1 : 0;

	for (int i = 0; i < n; i++)
		sum += v[i].head + v[i].body;
	return sum;
}

static int least_of(const struct box *b)
{
	if (b->s->kind != M_TABLE && b->s->kind != M_LINES)
		return b->body;
	return b->s->rows_min > 0 ? b->s->rows_min : LIST_MIN;
}

static int least_height(const struct box *v, int n)
{
	int sum = height_of(v, n);

	for (int i = 0; i < n; i++) {
		if (v[i].body > least_of(&v[i]))
			sum -= v[i].body - least_of(&v[i]);
	}
	return sum;
}

/* Takes a row from the longest list that has one to spare. */
static bool take_row(struct box *v, int n)
{
	struct box *longest = NULL;

	for (int i = 0; i < n; i++) {
		if (v[i].body > least_of(&v[i]) && (!longest || v[i].body >= longest->body))
			longest = &v[i];
	}
	if (longest)
		longest->body--;
	return longest != NULL;
}

/* Gives rows that are left to charts, one each in turn. */
static void grow(struct box *v, int n, int rows)
{
	bool more = true;

	while (more && height_of(v, n) < rows) {
		more = false;
		for (int i = 0; i < n && height_of(v, n) < rows; i++) {
			if (v[i].s->kind == M_CHART && v[i].body < v[i].s->rows_max) {
				v[i].body++;
				more = true;
			}
		}
	}
}

/* How much a section is worth where there is no room for all. */
static int worth(const struct m_section *s, const struct m_section *focus)
{
	if (s == focus)
		return INT_MAX;
	return s->keep ? s->keep : s->cursor ? M_KEEP_LIST : M_KEEP_REST;
}

/* Leaves out the last of those that are worth least. */
static int leave_out(struct box *v, int n, const struct m_section *focus)
{
	int at = 0;

	for (int i = 1; i < n; i++) {
		if (worth(v[i].s, focus) <= worth(v[at].s, focus))
			at = i;
	}
	memmove(&v[at], &v[at + 1], (size_t)(n - 1 - at) * sizeof(*v));
	return n - 1;
}

static int fit(struct box *v, int n, int rows, const struct m_section *focus)
{
	while (n > 1 && least_height(v, n) > rows)
		n = leave_out(v, n, focus);
	while (height_of(v, n) > rows && take_row(v, n))
		continue;
	if (n == 1 && v[0].head + v[0].body > rows)
		v[0].body = rows > v[0].head ? rows - v[0].head : 1;
	grow(v, n, rows);
	return n;
}

static unsigned attr_of(const struct m_section *s, enum m_class class)
{
	return s->stale ? M_DIM : class;
}

static void paint_title(struct grid *g, const struct m_section *s, int y, int x, int cols)
{
	int used = grid_put(g, y, x, cols, attr_of(s, M_TITLE), s->title);

	if (s->busy)
		used += grid_put(g, y, x + used, cols - used, M_DIM, " ...");
	if (s->note[0])
		grid_put(g, y, x + used + (used ? 2 : 0), cols - used - 2, M_DIM, s->note);
}

static void paint_lines(struct grid *g, const struct m_section *s, int y, int x, int rows, int cols)
{
	size_t label = 0;

	for (size_t i = 0; i < s->nrows; i++) {
		size_t w = text_width(s->rows[i].cells[0].text);

		label = w > label ? w : label;
	}
	for (int i = 0; i < rows && i < (int)s->nrows; i++) {
		const struct m_cell *c = s->rows[i].cells;
		int at = label > 0 ? (int)label + 2 : 0;

		grid_put(g, y + i, x, (int)label, attr_of(s, M_DIM), c[0].text);
		grid_put(g, y + i, x + at, cols - at, attr_of(s, c[1].class), c[1].text);
	}
}

static void paint_box(struct grid *g, struct box *b, int y, int x, int cols, bool focus)
{
	struct m_section *s = b->s;
	int title = has_title(s), rows = b->head + b->body - title;

	if (title)
		paint_title(g, s, y, x, cols);
	y += title;
	if (s->nrows == 0 && (s->kind == M_TABLE || s->kind == M_LINES)) {
		grid_put(g, y, x + 2, cols - 2, M_DIM, s->empty);
		return;
	}
	switch (s->kind) {
	case M_LINES:
		paint_lines(g, s, y, x, rows, cols);
		break;
	case M_TABLE:
		paint_table(g, s, y, x, rows, cols, focus);
		break;
	case M_SPARK:
		paint_spark(g, s, y, x, cols);
		break;
	case M_CHART:
		paint_chart(g, s, y, x, rows, cols);
		break;
	}
}

struct area {
	int y, x, rows, cols;
};

static void paint_column(struct grid *g, struct box *v, int n, struct area at,
    const struct m_section *focus)
{
	n = fit(v, n, at.rows, focus);
	for (int i = 0; i < n; i++) {
		paint_box(g, &v[i], at.y, at.x, at.cols, v[i].s == focus);
		at.y += v[i].head + v[i].body + 1;
	}
}

void paint_model(
    struct grid *g, struct model *m, int y, int rows, struct m_section *focus, bool zoomed)
{
	struct box main[BOXES_MAX], side[BOXES_MAX];
	struct area at = {.y = y, .x = 0, .rows = rows, .cols = g->cols};
	bool wide = g->cols >= PAINT_WIDE;
	int n = 0, nside = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct m_section *s = &m->v[i];

		s->height = 0;
		if (!is_shown(s) || (zoomed && focus && s != focus))
			continue;
		if (wide && s->place == M_SIDE && nside < BOXES_MAX)
			side[nside++] = box_of(s);
		else if (n < BOXES_MAX)
			main[n++] = box_of(s);
	}
	if (nside > 0 && n > 0)
		at.cols = g->cols / 2 + g->cols / 16;
	paint_column(g, main, n, at, focus);
	if (n > 0) {
		at.x = at.cols + 2;
		at.cols = g->cols - at.x;
	}
	paint_column(g, side, nside, at, focus);
}

bool paint_hit(const struct model *m, int y, int x, struct m_section **ret, size_t *ret_row)
{
	for (size_t i = 0; i < m->n; i++) {
		struct m_section *s = &m->v[i];
		size_t top = s->cursor ? s->cursor->top : 0;

		if (y < s->y || y >= s->y + s->height || x < s->x || x >= s->x + s->width)
			continue;
		if (top + (size_t)(y - s->y) >= s->nrows)
			return false;
		*ret = s;
		*ret_row = top + (size_t)(y - s->y);
		return true;
	}
	return false;
}
