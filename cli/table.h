/* SPDX-License-Identifier: MIT */
/* Tables for a terminal: columns that fit its width. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/print.h"
#include "cli/style.h"

/* Finds the columns and their widths by the first max items. What a line has no room for gives way
 * step by step: zones of times, the insides of records, columns that say nothing or the same in
 * every row, then free text, then the last column. The first column and those of --fields stay. */
void table_fit(struct print *p, const json_t *items, size_t max);

void table_header(struct print *p);
void table_row(struct print *p, const json_t *record);

/* Appends the cell of a table: harmless, on one line, not cut. */
void table_cell(struct cli *c, struct buf *b, const struct col *col, const json_t *record);

/* How the text of a cell looks. */
enum style table_style(const struct col *col, const char *text);

#endif
