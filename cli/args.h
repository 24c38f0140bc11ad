/* SPDX-License-Identifier: MIT */
/* The command line as values: flags are the fields of a shape, a command's own options, and the
 * switches of every command, which go straight into struct cli. It checks form only; what a value
 * means is the daemon's to say. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/cli.h"

struct given {
	const struct shape_field *field; /* or NULL and */
	const struct opt *opt;
	const char *value; /* NULL: a switch without a value */
	bool no;	   /* --no-NAME */
};

struct args {
	struct given *given;
	size_t ngiven;
	const char **pos;
	size_t npos;
	bool help;
};

/* Reads argv[0..argc). shape and opts may be NULL. what: how the command is called, for messages.
 */
int args_parse(struct cli *c, int argc, char **argv, const char *what, const struct shape *shape,
    const struct opt *opts, struct args *ret, struct err *e);

/* Reads switches of every command up to the first word; returns its index, argc when there is none.
 */
int args_leading(struct cli *c, int argc, char **argv, struct args *ret, struct err *e);

/* The last value given for an option or field, NULL when there is none; "" for a switch. */
const char *args_opt(const struct args *a, const char *name);
const struct given *args_field(const struct args *a, const struct shape_field *f);

/* A whole number in a text, within bounds. what names it in the error. */
int args_i64(
    const char *text, int64_t min, int64_t max, const char *what, int64_t *ret, struct err *e);

/* 500ms 30s 5m 2h, in microseconds. */
int args_duration(const char *text, const char *what, int64_t *ret_us, struct err *e);

/* How to print, and when in colour; what names the source in the error. */
int args_set_mode(struct cli *c, const char *value, const char *what, struct err *e);
int args_set_color(struct cli *c, const char *value, const char *what, struct err *e);
const char *args_mode_name(enum out_mode mode);
const char *args_color_name(enum color_when when);

/* After a mistake: how the rest of the line wants errors told. */
void args_seek_mode(struct cli *c, int argc, char **argv);

/* The switches that every command takes. */
extern const struct opt args_globals[];

/* The option or field that a flag without its dashes means; NULL: none. opts and shape may be NULL. */
const struct opt *args_find_opt(const struct opt *opts, const char *name, size_t len);
const struct shape_field *args_find_field(const struct shape *shape, const char *name, size_t len);

/* Fields that tix itself fills in, by a switch of every command. */
bool args_hidden(const struct shape_field *f);

/* The flag of a field, "--sale-from", in the arena. */
const char *args_flag(struct cli *c, const char *field);

#endif
