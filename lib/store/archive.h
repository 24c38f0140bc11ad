/* SPDX-License-Identifier: MIT */
/* The file of a backup: one store, compressed. It is a zstd stream that any zstd can read, between
 * two skippable frames: the first says what the store is, the last holds BLAKE2b-256 of all bytes
 * before those 32, so that no bit of the file can change unnoticed. It knows nothing of tables. */
#ifndef STORE_ARCHIVE_H
#define STORE_ARCHIVE_H

#include <stdint.h>

#include "base/err.h"

#define ARCHIVE_SUM 32

/* The point that a backup stands for. */
struct archive_mark {
	int64_t seq, at;   /* newest record of the journal, and its time; 0 when there is none */
	uint8_t hash[32];  /* of that record */
	int64_t schema;	   /* version of the tables */
	int64_t bytes;	   /* size of the store */
	uint8_t check[16]; /* tells which key file belongs to it */
};

/* Asked now and then in long work; not 0 ends it with TIX_EUNAVAILABLE. */
struct pace {
	int (*go_on)(void *ctx);
	void *ctx;
};

/* Writes the file `from` as the backup `to`, which must not exist, and syncs it; ret_bytes is the
 * size of `to`. What is left after a failure is the caller's to remove. */
int archive_pack(const char *from, const char *to, const struct archive_mark *mark,
    const struct pace *pace, uint8_t ret_sum[ARCHIVE_SUM], int64_t *ret_bytes, struct err *err);

/* Reads a backup and proves its checksums; the store goes to `to`, which must not exist, or nowhere
 * when that is NULL. TIX_EBAD_VALUE with field "file" for what is no backup or damaged. */
int archive_unpack(const char *from, const char *to, const struct pace *pace,
    struct archive_mark *ret, uint8_t ret_sum[ARCHIVE_SUM], struct err *err);

#endif
