/* SPDX-License-Identifier: MIT */
/* Records and lists in every mode. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "cli/value.h"

#define LEFT_MAX 6

/* A list that comes in pages. */
struct print {
	struct cli *c;
	const struct shape *shape;
	struct cols cols;
	size_t width[COLS_MAX];	     /* of a table */
	size_t ncols;		     /* of them fit */
	size_t dropped;		     /* default ones that do not */
	const char *left[LEFT_MAX];  /* the names of the first of those */
	const struct zone *cut_zone; /* of times that are shown without it; NULL */
	size_t rows;
	bool begun;
};

/* shape: of one record. --fields is read here. */
int print_open(struct print *p, struct cli *c, const struct shape *shape, struct err *e);
void print_page(struct print *p, const json_t *items, size_t max);
void print_end(struct print *p, const json_t *next);

/* One record: what a change or a show answers. */
int print_record(struct cli *c, const struct rpc_method *m, const json_t *record, struct err *e);

/* One field a line, for a person. */
void print_block(struct cli *c, const struct shape *shape, const json_t *record);

/* A cell of TSV or CSV. */
void print_cell(struct cli *c, const char *s, size_t len, bool number);

/* A row of TSV or CSV from n cells; numbers are never taken for formulas. */
void print_cells(struct cli *c, const char *const *cell, const bool *number, size_t n);

/* The same for their names: a header, which CSV always has and TSV with --header. */
void print_names(struct cli *c, const char *const *name, size_t n);

/* A list that is no reply of the daemon, in JSON or, one a line, in JSON lines. */
void print_items(struct cli *c, const json_t *items);

/* What a person reads of one record; false when there is nothing special for this shape. */
bool print_sentence(struct cli *c, const struct rpc_method *m, const json_t *record);

#endif
