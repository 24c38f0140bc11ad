/* SPDX-License-Identifier: MIT */
/* Lines that fit the screen. */
#ifndef CLI_FOLD_H
#define CLI_FOLD_H

#include <stddef.h>

struct buf;

/* Breaks the lines of b that are wider than width cells, between parts (two spaces) where it can,
 * else between words; what follows is indented to where the second part began. A word that is wider
 * than a line is cut with an ellipsis. b is harmless text and colours of ours. */
void fold_lines(struct buf *b, size_t width);

#endif
