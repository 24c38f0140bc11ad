/* SPDX-License-Identifier: MIT */
/* A screen in memory: cells that hold one cluster each. Everything is drawn here first; what shows
 * it on a terminal, or writes it as text, comes after. A wide cluster fills two cells, the second of
 * which is empty; nothing is ever drawn over an edge, and no control character gets in. */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define CELL_TEXT 24 /* bytes of a cluster; a longer one becomes a question mark */

#define G_CLASS 7 /* the bits of an attribute that are an enum m_class */
#define G_SEL 8	  /* selected */

struct g_cell {
	char text[CELL_TEXT]; /* "" is the second half of a wide one */
	uint8_t attr;
};

struct grid {
	int rows, cols;
	struct g_cell *cells;
	bool utf8;		/* else what is not ASCII becomes a question mark */
	int cursor_y, cursor_x; /* where the terminal's cursor goes */
};

#define GRID_MAX 1000 /* rows and columns */

/* Resizes and clears. False without memory: then the grid is empty. */
bool grid_resize(struct grid *g, int rows, int cols);
void grid_free(struct grid *g);
void grid_clear(struct grid *g);

struct g_cell *grid_at(struct grid *g, int y, int x);

/* Draws text from x on, at most `cells` wide; what is cut ends in an ellipsis. Returns the cells
 * used. */
int grid_put(struct grid *g, int y, int x, int cells, unsigned attr, const char *text);
/* The same at the right edge of that width. */
void grid_put_right(struct grid *g, int y, int x, int cells, unsigned attr, const char *text);

/* One sign, utf8 or ascii as the grid takes. */
void grid_sign(struct grid *g, int y, int x, unsigned attr, const char *utf8, char ascii);

/* Marks cells of a row as selected. */
void grid_select(struct grid *g, int y, int x, int cells);

/* A row as text, without blanks at its end. */
void grid_row_text(const struct grid *g, int y, struct buf *out);
void grid_text(const struct grid *g, struct buf *out);

#endif
