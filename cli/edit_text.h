/* SPDX-License-Identifier: MIT */
/* A record as text that a person edits, "field: value" lines, and what became of it. It asks
 * nobody and opens no file. */
#ifndef CLI_EDIT_TEXT_H
#define CLI_EDIT_TEXT_H

#include "cli/args.h"

#define EDIT_FIELDS 64

/* The fields of NOUN.set that a record has, by their number in its IN shape. Strings are in the
 * arena; NULL: not shown, or not in the text. "" is nothing. */
struct edit_values {
	const char *v[EDIT_FIELDS];
};

/* What a record says of each field. id: its own slug as typed. */
void edit_read_record(struct cli *c, const struct rpc_method *set, const json_t *record,
    struct edit_values *ret);

/* Appends the lines, each with what the field is as a comment. */
void edit_write(struct buf *b, const struct rpc_method *set, const struct edit_values *values);

/* The text of a person: bad_value with the number of the line. A line that is missing is NULL. */
int edit_parse(struct cli *c, const struct rpc_method *set, const struct edit_values *shown,
    const char *text, struct edit_values *ret, struct err *e);

#endif
