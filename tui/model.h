/* SPDX-License-Identifier: MIT */
/* What a view shows, as labelled values: sections of rows of cells, before anybody knows how wide
 * the screen is. Both painters, the grid and the linear one, read nothing else. All text goes
 * through text_safe on its way in, so that no stranger's byte reaches a painter raw. A model lives
 * in one arena and is made anew for each repaint. */
#ifndef TUI_MODEL_H
#define TUI_MODEL_H

#include "base/arena.h"
#include "tui/section.h"

struct model {
	struct arena *arena;
	struct m_section *v;
	size_t n, cap;
};

void model_init(struct model *m, struct arena *arena);

/* The new section is valid until the next one is added. Strings are copied where they come from
 * strangers (cells, titles, notes); name and cols are the view's constants. */
struct m_section *model_add(struct model *m, enum m_kind kind, const char *name, const char *title);
void model_note(struct model *m, struct m_section *s, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A row of empty cells. */
struct m_row *model_row(struct model *m, struct m_section *s, const char *id);

/* A cell of the row just made. */
void model_cell(struct model *m, struct m_row *row, size_t col, enum m_class class, const char *fmt,
    ...) __attribute__((format(printf, 5, 6)));
void model_bar(struct m_row *row, size_t col, int permille);

/* A row of M_LINES: text alone, or label and value. */
void model_line(struct model *m, struct m_section *s, enum m_class class, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void model_pair(struct model *m, struct m_section *s, const char *label, enum m_class class,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Text made safe, in the arena. */
const char *model_text(struct model *m, const char *s);

/* Whether its columns have names to be shown above them. */
bool model_has_head(const struct m_section *s);

/* Drops the rows of filtered sections in which no cell has the words. */
void model_filter(struct model *m, const char *words);

/* Puts the cursor back on its row; where that is gone, on the one in its place. */
void model_settle(struct m_section *s);

/* Moves it by so many rows that can be chosen. */
void model_move(struct m_section *s, int64_t by);

/* The id under the cursor; NULL: none. */
const char *model_chosen(const struct m_section *s);

#endif
