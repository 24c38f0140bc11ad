/* SPDX-License-Identifier: MIT */
/* What models are made of: sections, rows, cells, and the cursor in them. */
#ifndef TUI_SECTION_H
#define TUI_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value means; painters turn it into colour, and into words or signs where there is none. */
enum m_class { M_PLAIN, M_GOOD, M_WARN, M_BAD, M_DIM, M_TITLE, M_CLASSES };

enum m_kind {
	M_LINES, /* rows of one cell, or of a label and a value */
	M_TABLE, /* columns */
	M_SPARK, /* one row of bars, a value each */
	M_CHART, /* lines over time */
};

/* Where a section goes. On a wide screen M_SIDE ones stand right of the others. */
enum m_place { M_MAIN, M_SIDE };

enum m_col_flag {
	M_RIGHT = 1, /* numbers */
	M_BAR = 2,   /* cells are shares, in permille */
	M_GROW = 4,  /* takes what room is left */
	M_WIDE = 8,  /* only on a wide screen */
	M_SIGN = 16, /* a sign beside what its class says: not read aloud */
};

struct m_col {
	const char *label; /* in small letters: linear mode says it as it is */
	unsigned flags;	   /* enum m_col_flag */
	int min;	   /* cells below which it is left out rather than cut */
};

struct m_cell {
	const char *text; /* safe; never NULL */
	enum m_class class;
	int permille; /* of an M_BAR column; -1: nothing to show */
};

struct m_row {
	const char *id; /* what the cursor holds on to; NULL: it passes over this row */
	struct m_cell *cells;
};

/* Where the reader is in a section: kept by the view, moved by the program. It follows its row by
 * id while rows come and go. */
struct m_cursor {
	char id[128];
	size_t row; /* where the id was last */
	size_t top; /* first row that is shown; a painter's */
};

#define M_COLS 16
#define M_SERIES 3
#define M_NO_VALUE INT64_MIN

/* Values at equal distances; M_NO_VALUE leaves a gap. */
struct m_series {
	const char *name;
	char mark; /* its sign in ASCII */
	enum m_class class;
	const int64_t *v;
	size_t n;
};

enum m_keep { M_KEEP_LAST = 1, M_KEEP_REST, M_KEEP_LIST, M_KEEP_FIRST };

struct m_section {
	enum m_kind kind;
	enum m_place place;
	const char *name;  /* of the section, for linear mode and scripts */
	const char *title; /* what stands above it; "": nothing */
	const char *note;  /* beside the title; "": nothing */
	const char *empty; /* what stands where there are no rows; "": nothing, and no section */
	struct m_cursor *cursor; /* NULL: nothing to choose */
	const struct m_col *cols; /* at most M_COLS */
	size_t ncols;
	struct m_row *rows;
	size_t nrows, cap;
	struct m_series series[M_SERIES];
	size_t nseries;
	const char *from, *mid, *to; /* under a spark or chart */
	int keep;		     /* where there is no room for all; 0: a list before the rest */
	int rows_min, rows_max;	     /* of its body; 0: as many as it has */
	bool busy;		     /* an answer is awaited for too long */
	bool stale;		     /* nobody answers: these are old numbers */
	bool filtered;		     /* the filter that is typed applies to it */
	int y, x, height, width;     /* where its rows are on the screen; a painter's */
};

#endif
