/* SPDX-License-Identifier: MIT */
/* A line of the shell as words: quotes, backslashes, JSON in braces, and where its output goes. It
 * looks at the text alone. */
#ifndef CLI_SHELL_LINE_H
#define CLI_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct shell_word {
	char *text;
	bool bare; /* nothing of it was quoted */
};

struct shell_line {
	struct shell_word *word;
	size_t n, cap;
	const char *file; /* > FILE; NULL: none */
	bool append;	  /* >> */
	const char *pipe; /* | PROGRAM, as sh is to read it; NULL: none */
	bool may_fail;	  /* - before it */
	bool file_open;	  /* the text ends where FILE is typed */
	bool word_open;	  /* the text ends in its last word */
};

/* 0: it is whole. 1: a quote, a brace or a backslash is still open. TIX_EBAD_VALUE otherwise. All in
 * the arena; *ret is filled as far as the text goes, also where it is open. */
int shell_line_split(struct arena *a, const char *text, struct shell_line *ret, struct err *e);

#endif
