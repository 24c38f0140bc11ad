/* SPDX-License-Identifier: MIT */
/* Lists of text as the store keeps them: a JSON array of strings. */
#ifndef TIX_BASE_TEXTLIST_H
#define TIX_BASE_TEXTLIST_H

#include <stddef.h>

struct arena;
struct buf;
struct err;

/* Append the array to b. */
void textlist_write(struct buf *b, const char *const *v, size_t n);

/* The array and its strings go into the arena; NULL is an empty list. TIX_EPARSE for anything but
 * an array of strings, TIX_EUNAVAILABLE without memory. */
int textlist_read(
    struct arena *a, const char *json, const char ***ret_v, size_t *ret_n, struct err *e);

#endif
