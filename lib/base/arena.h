/* SPDX-License-Identifier: MIT */
/* Memory that lives as long as one request: many small pieces, freed at once. Not thread-safe. */
#ifndef TIX_BASE_ARENA_H
#define TIX_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* cap_bytes bounds what may be handed out between two resets. NULL when there is no memory. */
struct arena *arena_new(size_t cap_bytes);
void arena_free(struct arena *a);

/* Forget every piece; the first block stays for the next request. */
void arena_reset(struct arena *a);

/* Bytes handed out since the last reset, padding included. */
size_t arena_used(const struct arena *a);

/* Zeroed, aligned to 16. NULL beyond the cap or without memory; size 0 gives a pointer too. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, alloc_size(2)));

/* An array of n elements of size bytes; the product is checked. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* Room for one more element: v itself while n is below *cap, else a copy with twice the room. NULL
 * as above, and then v is as it was. */
void *arena_more(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

/* Copies, NULL as above. Strings get their NUL byte. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
void *arena_memdup(struct arena *a, const void *mem, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For AUTO(arena) of mem.h. */
static inline void auto_arena(struct arena **a)
{
	arena_free(*a);
}

#endif
