/* SPDX-License-Identifier: MIT */
/* A chain of blocks with a bump pointer in the newest one. It never gives single pieces back. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN 16U
#define FIRST_BLOCK 8192U
#define LARGEST_STEP 262144U

struct block {
	struct block *older;
	size_t size, used;
	alignas(ARENA_ALIGN) char data[];
};

struct arena {
	struct block *newest, *first;
	size_t cap, used;
};

struct arena *arena_new(size_t cap_bytes)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a)
		a->cap = cap_bytes;
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->newest != a->first) {
		struct block *older = a->newest->older;

		free(a->newest);
		a->newest = older;
	}
	if (a->first)
		a->first->used = 0;
	a->used = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a->first);
	free(a);
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

/* Add a block with room for size bytes, twice as large as the last within limits. */
static struct block *grow(struct arena *a, size_t size)
{
	size_t want = a->newest ? a->newest->size * 2 : FIRST_BLOCK;
	struct block *b;

	if (want > LARGEST_STEP)
		want = LARGEST_STEP;
	if (want < size)
		want = size;
	b = malloc(sizeof(*b) + want);
	if (!b)
		return NULL;
	b->older = a->newest;
	b->size = want;
	b->used = 0;
	a->newest = b;
	if (!a->first)
		a->first = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->newest;
	char *p;

	if (size > a->cap - a->used)
		return NULL;
	size = size ? (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1) : ARENA_ALIGN;
	if (size > a->cap - a->used)
		return NULL;
	if (!b || size > b->size - b->used) {
		b = grow(a, size);
		if (!b)
			return NULL;
	}
	p = b->data + b->used;
	b->used += size;
	a->used += size;
	memset(p, 0, size);
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

void *arena_more(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? 2 * *cap : 4;
	void *bigger;

	if (n < *cap)
		return v;
	bigger = arena_array(a, more, size);
	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, v, n * size);
	*cap = more;
	return bigger;
}

void *arena_memdup(struct arena *a, const void *mem, size_t len)
{
	void *p = arena_alloc(a, len);

	if (p && len)
		memcpy(p, mem, len);
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p;

	if (len == SIZE_MAX)
		return NULL;
	p = arena_alloc(a, len + 1);
	if (p && len)
		memcpy(p, s, len);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return NULL;
	p = arena_alloc(a, (size_t)n + 1);
	if (!p)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}
