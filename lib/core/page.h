/* SPDX-License-Identifier: MIT */
/* Pages of lists: a cursor is base64url of a version, a digest of the method and its filters, and
 * the last key shown. A cursor of another filter is refused. Usage:
 *
 *   struct page_filter f;
 *   page_filter_init(&f, "venue.list");
 *   page_filter_str(&f, in->city);
 *   r = page_open(c, &f, in->cursor, &key);  1: go on after key, 0: from the start, < 0: refused
 *   ... select ... where (a, b) > (key) limit page_limit(in, venue_list_in) + 1 ...
 *   out->next = page_next(c, &f, &last);     only when there is more */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include <sodium.h>

#include "core/call.h"

#define PAGE_DEFAULT 100

/* A page ends early, with a next, when its texts would not fit into a frame or the search for it
 * has used so much of the arena. */
#define PAGE_TEXT_MAX (384U << 10)
#define PAGE_MEMORY_MAX (8U << 20)

/* limit of an IN shape that has PAGE(). */
#define page_limit(in, shape) ((int)(HAS(in, shape, limit) ? (in)->limit : PAGE_DEFAULT))

/* The last key of a page: as much of it as the list needs. */
struct page_key {
	int64_t n[2];
	const char *text; /* NULL reads back as "" */
};

struct page_filter {
	crypto_generichash_state state;
};

void page_filter_init(struct page_filter *f, const char *method);
void page_filter_str(struct page_filter *f, const char *text); /* NULL differs from "" */
void page_filter_i64(struct page_filter *f, int64_t value);

/* cursor NULL: 0. The key's text lives in the arena. */
int page_open(
    struct call *c, const struct page_filter *f, const char *cursor, struct page_key *ret);

/* The cursor after last, in the arena; NULL without memory (c->err is set). */
const char *page_next(struct call *c, const struct page_filter *f, const struct page_key *last);

#endif
