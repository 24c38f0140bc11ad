/* SPDX-License-Identifier: MIT */
/* What the files of the generator share: words of the tables as mdoc on stdout. */
#ifndef MAN_GEN_H
#define MAN_GEN_H

#include "rpc/rpc.h"

/* Text that cannot be taken for a request. */
void put_text(const char *s);

/* A line of text, broken between words before column 80 and after sentences. */
void put_line(const char *s);

/* "text, 1 to 200": what a field takes. */
void put_type(const struct shape_field *f);

/* The parts of the pages of nouns; 1 when no method is of the noun, said on stderr. */
int put_nouns(const char *none);
int put_synopsis(const char *noun);
int put_verbs(const char *noun);
int put_exits(const char *noun);

#endif
