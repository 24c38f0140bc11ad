/* SPDX-License-Identifier: MIT */
/* Keys from a file and screens as text, for tests and for documents. The language is in tix-dash(1). */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

struct app;
struct err;

/* Runs it to its end; screens go to out. TIX_ETIMEOUT when a wait was in vain, TIX_EBAD_VALUE for a
 * line that is none. */
int script_run(struct app *app, const char *path, bool linear, FILE *out, struct err *e);

/* "80x24" */
int script_size(const char *text, int *ret_cols, int *ret_rows, struct err *e);

#endif
