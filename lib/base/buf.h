/* SPDX-License-Identifier: MIT */
/* A growable byte buffer with a ceiling, and the JSON string writer. Errors are sticky: write all
 * you want, then look at `failed` once. It never does I/O. */
#ifndef TIX_BASE_BUF_H
#define TIX_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data; /* NULL until the first byte, NUL-terminated afterwards */
	size_t len, cap;
	bool failed; /* out of memory or over max; what was written before stays */
	size_t max;  /* most bytes that len may reach, 0 = no limit */
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);  /* frees the content; the struct may be used again */
void buf_clear(struct buf *b); /* empties, keeps the memory, forgets the failure */

/* The content as a string, "" while empty. Valid until the next write. */
const char *buf_str(const struct buf *b);

/* Hand the content over (malloc'd, NUL-terminated, "" when empty); NULL if failed or no memory. */
char *buf_take(struct buf *b);

void buf_put(struct buf *b, const void *mem, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_i64(struct buf *b, int64_t v); /* decimal */

/* A code point as UTF-8. */
void buf_cp(struct buf *b, uint32_t cp);

/* A JSON string with its quotes. C0, DEL and C1 become \u00XX, a byte that is not UTF-8 becomes
 * U+FFFD. s == NULL writes null. */
void buf_json_str(struct buf *b, const char *s);
void buf_json_strn(struct buf *b, const char *s, size_t len);

/* The same with everything beyond ASCII escaped, for logs. */
void buf_json_ascii(struct buf *b, const char *s, size_t len);

/* Make room for extra bytes in advance; false (and failed) when there is none. */
bool buf_reserve(struct buf *b, size_t extra);

#endif
