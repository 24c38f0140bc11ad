/* SPDX-License-Identifier: MIT */
/* stdout as a buffer, and what people are told on stderr. Nothing else in the program writes. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "cli/cli.h"

/* Looks at the terminal, the environment and the switches: mode, width, colour. */
void out_setup(struct cli *c);

/* Sends what is buffered when it is much, or all of it. A failure is kept in c and ends the program
 * with 74. */
void out_some(struct cli *c);
void out_flush(struct cli *c);

/* The end of the program: sends the rest, waits for the pager. Returns the exit status, 74 when
 * stdout did not take all. */
int out_finish(struct cli *c, int status);

/* Raw bytes to stderr, after what is buffered for stdout; the caller made them harmless. */
void out_err(struct cli *c, const struct buf *b);

/* A line on stderr, made harmless: always, or only when a person sits there. */
void out_say(struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_hint(struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Prints an error as the mode asks, returns its exit status. */
int out_error(struct cli *c, const struct err *e);

/* JSON on one line; control characters leave escaped, everything beyond ASCII too where a person
 * reads. */
void out_json(struct cli *c, struct buf *b, const json_t *v);

/* Text of strangers for a person, harmless. */
void out_safe(struct buf *b, const char *s);

#endif
