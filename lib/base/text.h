/* SPDX-License-Identifier: MIT */
/* Strangers' text: checks on the way in, search keys, and harmless output for terminals. Lengths
 * are in code points where a person counts, in terminal cells where a screen does. */
#ifndef TIX_BASE_TEXT_H
#define TIX_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct err;

#define TEXT_SLUG_MAX 100
#define TEXT_EMAIL_MAX 254

/* 0, or TIX_EBAD_VALUE naming the field: invalid UTF-8, C0, DEL or C1 (multiline allows \n and \t),
 * fewer than min_cp or more than max_cp code points. */
int text_check(const char *s, size_t len, int min_cp, int max_cp, bool multiline, const char *field,
    struct err *e);

/* Slug: [a-z0-9-]{1,100}. */
int text_slug_check(const char *s, const char *field, struct err *e);

/* E-mail address, as far as a mail can be sent and no header broken: one @, something on both
 * sides, no white space, controls or specials, at most 254 bytes. Whether it exists is not known
 * here. */
int text_email_check(const char *s, const char *field, struct err *e);

/* NFC form; s itself if it is plain ASCII. NULL for invalid UTF-8 or without memory. */
const char *text_nfc(struct arena *a, const char *s);

/* Search key: compatibility forms, case and marks removed, so that "zazolc" equals the key of the
 * same word with all its Polish letters. NULL for invalid UTF-8 or without memory. */
const char *text_fold(struct arena *a, const char *s);

/* Append a slug made from any text. TIX_EBAD_VALUE, nothing appended, when no letter or digit of
 * ASCII comes out. */
int text_slug(struct buf *b, const char *s);

/* Append text so that a terminal only shows it: controls as ^X or <U+009B>, bidi and zero-width
 * characters as <U+202E>, bytes that are not UTF-8 as \xNN. Joiners within emoji and variation
 * selectors are dropped, so that every terminal counts the same cells. */
void text_safe(struct buf *b, const char *s, size_t len);

/* Terminal cells of valid text (as text_safe writes it), counted by cluster. */
size_t text_width(const char *s);

/* Bytes and cells of the first cluster of s, len > 0. */
size_t text_cluster(const char *s, size_t len, size_t *ret_cells);

/* Append at most `cells` cells of s; what is cut ends in an ellipsis. s as for text_width. */
void text_cut(struct buf *b, const char *s, size_t cells);

#endif
