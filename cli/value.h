/* SPDX-License-Identifier: MIT */
/* Values of a reply as text: columns of records, for people and for programs. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include "cli/cli.h"

#define COLS_MAX 64

/* A column: a field, or a part of it (venue.city, total.currency). */
struct col {
	const struct shape_field *field;
	const struct shape_field *sub; /* NULL: the field itself */
	const char *part;	       /* of money: amount or currency; NULL */
	char name[64];
};

struct cols {
	struct col v[COLS_MAX];
	size_t n;
	size_t nfirst; /* so many belong to the narrow table */
};

/* A member of a record: "" where it is no text, 0 where it is no whole number. */
const char *value_text(const json_t *record, const char *name);
int64_t value_i64(const json_t *record, const char *name);

/* The field of this name, which has len bytes; NULL: there is none, or no shape. */
const struct shape_field *value_field(const struct shape *shape, const char *name, size_t len);

/* The columns of a shape: all of its default ones, or what --fields names. */
int cols_of(struct cli *c, const struct shape *shape, struct cols *ret, struct err *e);

/* Prints what --fields may name. */
void cols_help(struct cli *c, const struct shape *shape);

/* The zone of a record's times. */
const struct zone *value_zone(struct cli *c, const json_t *record);

/* The same for one field of it; the daemon is asked only where the field is a time. */
const struct zone *value_cell_zone(
    struct cli *c, const struct shape_field *f, const json_t *record);

/* Appends a value in plain text, not yet made harmless. zone NULL: for programs (RFC 3339, plain
 * decimals). */
void value_put(
    struct buf *b, const struct shape_field *f, const json_t *v, const struct zone *zone);

/* The same for a column of a record; times are brief, "2026-06-13 20:00 CEST". */
void value_col(struct buf *b, const struct col *col, const json_t *record, const struct zone *zone);

/* True for types that are aligned to the right, and that no spreadsheet takes for a formula. */
bool value_number(const struct col *col);

/* True for free text, which a table cuts first. */
bool value_elastic(const struct col *col);

/* "120.00" of a money object, "" for anything else; with its currency. */
void value_money(struct buf *b, const json_t *money, bool currency);

#endif
