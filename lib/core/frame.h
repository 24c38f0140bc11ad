/* SPDX-License-Identifier: MIT */
/* The frame: runs calls in transactions. Core functions never begin or commit; this does. One struct writer exists per
 * process; it owns the writing handle, the next ids, the journal's head and the caches, and belongs to one thread. */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include "core/call.h"
#include "core/journal.h"

/* Opens the store (made with its key file when absent and create is set), takes its lock, migrates it, loads heads
 * and counters, fills core->keys. Errors name what is wrong: locked (by which pid), newer than the program, wrong or
 * missing key file, read-only. core must outlive the writer. */
int writer_open(struct core *core, bool create, struct writer **ret, struct err *err);
void writer_free(struct writer *w);

/* A handle for a reading thread on the same store. */
int reader_open(const struct core *core, struct db **ret, struct err *err);

/* Runs calls as one batch: sweeps due holds, runs each, commits once, fills result, err and out of each. An error after a
 * call's first write rolls the batch back and runs its calls one by one. dry_run calls run alone and are rolled back.
 * Failures are in the calls; also returns what a failed commit or sync was (STOPPED: no more writes from this
 * process; UNAVAILABLE: disk full, the next batch may succeed). */
int writer_batch(struct writer *w, struct call **calls, int n);

/* Housekeeping, a bounded slice of work in transactions of its own: due holds, sorted runs, old idempotency keys.
 * Returns microseconds until it wants to be called again (0: more to do now), or < 0 as writer_batch. */
int64_t writer_tend(struct writer *w);

/* What the last batch or tend committed to the journal, valid until the next. */
int writer_published(struct writer *w, const struct journal_entry **ret);

/* The head of the chain as last committed. */
void writer_head(const struct writer *w, int64_t *ret_seq, uint8_t ret_hash[32]);

/* Size of the write-ahead log. */
int64_t writer_wal_bytes(struct writer *w);

/* Between batches: whether the log may still hold what was erased; and empties it. 1: done, or
 * nothing to do; 0: readers still need it after that many milliseconds, ask again later. */
bool writer_unpurged(const struct writer *w);
int writer_purge(struct writer *w, int wait_ms, struct err *err);

/* Runs one reading call in a snapshot of db; fills result, err and out. */
void reader_run(struct call *c);

#endif
