/* SPDX-License-Identifier: MIT */
/* Colour with a meaning, always beside a word that says the same. Whether a stream shows colour is
 * out_setup's to find out; here is only what looks how. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include <stdbool.h>

struct buf;

enum style { STYLE_PLAIN, STYLE_HEAD, STYLE_GOOD, STYLE_WARN, STYLE_BAD };

/* What a word of a closed set means to a person: states, kinds of money, severities. */
enum style style_of(const char *word);

/* Between these text looks so; both append nothing without colour or when it is plain. */
void style_begin(struct buf *b, bool color, enum style s);
void style_end(struct buf *b, bool color, enum style s);

/* A word of ours in its own style. */
void style_word(struct buf *b, bool color, const char *word);

#endif
