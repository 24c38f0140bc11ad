/* SPDX-License-Identifier: MIT */
/* UTF-8 as bytes: decoding, checking, counting. It knows nothing of what characters mean. */
#ifndef TIX_BASE_UTF8_H
#define TIX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode one code point. Returns the bytes used (1 to 4), or -1 for anything that is not UTF-8:
 * overlong forms, surrogates, above U+10FFFF, cut sequences, len == 0. */
int utf8_next(const char *s, size_t len, uint32_t *ret_cp);

/* Encode one code point (U+FFFD in place of what is none). Returns the bytes written, 1 to 4. */
int utf8_put(uint32_t cp, char out[4]);

bool utf8_valid(const char *s, size_t len);

/* Code points in valid text; each bad byte counts as one. */
size_t utf8_count(const char *s, size_t len);

/* The longest prefix of at most len bytes that does not end within a sequence. */
size_t utf8_trim(const char *s, size_t len);

#endif
