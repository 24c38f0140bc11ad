/* SPDX-License-Identifier: MIT */
/* Keeps the write-ahead log small without making writes wait. A thread of its own copies the log
 * into the store; only when it has nearly caught up does the writer pause for the small rest,
 * because SQLite starts the log anew only when a write begins and all of it has been copied. */
#ifndef DAEMON_WAL_H
#define DAEMON_WAL_H

#include "base/err.h"

struct tixd;
struct wal;

/* max: bytes that the log may reach; copying begins at half of it. A copy whose sync fails stops
 * sales. */
int wal_start(
    struct tixd *t, const char *store_url, int64_t max, struct wal **ret, struct err *err);
void wal_stop(struct wal *w);

/* Of the writing thread, between two batches: how large the log is. Returns at once, or after a
 * pause that is short as a rule and never longer than WAL_PAUSE_MS. */
void wal_note(struct wal *w, int64_t bytes);

/* Another limit from now on. */
void wal_limit(struct wal *w, int64_t max);

/* The limit that counts now; from any thread. */
int64_t wal_max(struct wal *w);

#define WAL_PAUSE_MS 10000

#endif
