/* SPDX-License-Identifier: MIT */
/* Rows of a page for programs, straight from the text of the reply: no tree of it is built, so that
 * lists of millions go through in flat memory. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli/print.h"

/* Whether what is printed is for a program, so that its rows need no measuring. */
bool rows_plain(const struct cli *c);

#define ROWS_MAX 1000 /* of a page */

/* Where the items of a page are in its text, and the cursor of the next, the caller's: null at the
 * end. TIX_EINTERNAL when it is no page. */
struct rows {
	const char *at;		   /* of the first; a comma is between two */
	const char *end[ROWS_MAX]; /* behind each */
	size_t n;
};
int rows_find(const char *text, size_t len, struct rows *ret, json_t **ret_next, struct err *e);

/* Prints at most max of them, as print_page does. */
int rows_print(struct print *p, const struct rows *rows, size_t max, struct err *e);

#endif
