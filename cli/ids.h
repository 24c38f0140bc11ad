/* SPDX-License-Identifier: MIT */
/* The ids of a command, one after the other: words of the command line, and those on stdin in the
 * place of "-". stdin is read as needed, in bounded memory, however much there is. */
#ifndef CLI_IDS_H
#define CLI_IDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define IDS_WORD_MAX 1024 /* bytes; nothing that long is an id, so the rest of it is dropped */
#define IDS_READ 65536

enum ids_next { IDS_END, IDS_WORD, IDS_WAIT };

struct ids {
	const char **pos;
	size_t npos, at;
	bool reading, ended; /* stdin: being read; read to its end */
	bool skip;	     /* the rest of a line after its first column */
	bool begun;	     /* the line has had a word or a column */
	size_t got, len;     /* of chunk: taken, there */
	size_t nword;
	char word[IDS_WORD_MAX + 1];
	char chunk[IDS_READ];
};

/* pos: the words, which must outlive ids. */
void ids_open(struct ids *s, const char **pos, size_t npos);

/* IDS_WORD: the next, valid until the next call. IDS_WAIT: ids_read must bring more first. Words
 * are parted by blanks and line ends; of a line with tabs only the first column counts, so that
 * what a list prints can be read. A first column that is empty is the id "". */
enum ids_next ids_next(struct ids *s, const char **ret);

/* Whether these words take stdin: one of them is "-". */
bool ids_stdin(const char *const *pos, size_t npos);

/* Reads what there is on stdin, and waits for it. */
int ids_read(struct ids *s, struct err *e);

#endif
