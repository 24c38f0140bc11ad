/* SPDX-License-Identifier: MIT */
/* From a model to cells: where sections go, which columns there is room for, bars and charts. It
 * reads the model and changes nothing but the `top` of cursors. */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/grid.h"
#include "tui/model.h"

#define PAINT_WIDE 120 /* columns from which sections stand side by side */

/* Draws the model into the rows y to y + rows - 1. focus: the section whose cursor is shown. zoomed:
 * that section alone. */
void paint_model(
    struct grid *g, struct model *m, int y, int rows, struct m_section *focus, bool zoomed);

/* Which row of which section stands at that place; false for none. */
bool paint_hit(const struct model *m, int y, int x, struct m_section **ret, size_t *ret_row);

/* The parts: each fills the given rows. */
void paint_table(struct grid *g, struct m_section *s, int y, int x, int rows, int cols, bool focus);
void paint_spark(struct grid *g, const struct m_section *s, int y, int x, int cols);
void paint_chart(struct grid *g, const struct m_section *s, int y, int x, int rows, int cols);

#endif
