/* SPDX-License-Identifier: MIT */
/* The writer from inside, for the frame and what it is made of. Other core functions see writer.h.
 */
#ifndef CORE_WRITER_STATE_H
#define CORE_WRITER_STATE_H

#include "core/frame.h"
#include "core/writer.h"

struct catalogue;
struct lookup;

/* What a rollback must bring back. */
struct writer_mark {
	int64_t next[TABLE_COUNT];
	int64_t alias; /* no order may get this id: it is an old code, the least from next on */
	int64_t seq;
	int64_t erasures; /* since the start, see writer_erased */
	uint8_t hash[32];
	int published;
};

struct writer {
	struct core *core;
	struct db *db;
	int lock_fd;
	struct writer_mark now;	 /* as the transaction sees it */
	struct writer_mark kept; /* as committed */
	int64_t clock;		 /* newest time given to a batch: never goes back */
	int64_t anchor;		 /* the clock of deadlines less the time since boot */
	int64_t due;		 /* the clock of deadlines, for this batch */
	int64_t held_checked;	 /* no hold is due before this time; 0: not known */
	struct arena *pub_arena; /* what published points into */
	struct journal_entry *published;
	int published_cap;
	struct catalogue *catalogue; /* what sales remember of the catalogue; NULL: nothing yet */
	struct lookup *lookup;
	int64_t unsliced;   /* persons committed since the look-up index took its last slice */
	bool sliced;	    /* this transaction holds a slice of housekeeping: undone with it */
	int64_t purged;     /* erasures that are gone from the log too */
	bool busy;	    /* a batch ran since the last housekeeping */
	struct err stopped; /* code 0 while it runs */
	struct idem_sweep {
		int64_t principal, cutoff, next_at;
		uint8_t key[200];
		size_t key_len;
		bool active;
	} idem;
	struct {
		int64_t self;		 /* who holds a lease: this process */
		int64_t pick, last;	 /* the job whose turn it is, and whose it was */
		int64_t bad, bad_of;	 /* an item of a job that failed after it had written */
		int64_t over;		 /* a job that cannot go on */
		struct err why;		 /* what was wrong with either */
		bool redo;		 /* the slice is to be done again, knowing that */
		bool busy;		 /* beside sales */
	} job;
};

/* What ends more than the call that met it. */
bool frame_is_grave(const struct err *e);

/* A call of the writer's own, for what happens without being asked. */
void frame_own_call(struct writer *w, struct call *c);

/* Microseconds until a job has work, at most idle; 0: now, that job is picked. */
int64_t job_wait(struct writer *w, int64_t idle, struct err *err);

/* One slice of the job that was picked, in the running transaction; 1, or 0 when it is another's.
 */
int job_slice(struct writer *w, struct err *err);

/* Reads the clocks for a batch. */
void writer_clock(struct writer *w);

/* Frame-internal: one call's way through its idempotency key. */
int idem_find(struct call *c, bool *ret_replayed);
int idem_keep(struct call *c);
/* One slice of forgetting old keys, in the running transaction. Returns whether there is more to do
 * now. */
int idem_slice(struct writer *w, struct err *err);

/* Gives back the seats of holds that are over, at most max of them; 0: all. Returns how many or
 * < 0. */
int hold_sweep(struct call *c, int max);

/* The journal's part of the frame: makes room in published, forgets what a rollback undid. */
void journal_reset(struct writer *w);

/* At the start: empties the log of what a process before had erased. */
int purge_left_over(struct writer *w, struct err *err);

/* Forgets all; between batches forgets when it has grown too large. */
void catalogue_clear(struct writer *w);
void catalogue_trim(struct writer *w);

/* The key of a call as the store keeps it: a UUID as 16 bytes, others as they are, a text of 16
 * bytes with a NUL behind it. Returns its length. */
size_t idem_bytes(const char *text, uint8_t ret[200]);

/* Files beside the store, see files.c. */
int store_lock(const char *path, int *ret_fd, struct err *err);
int store_key(const char *path, bool fresh, uint8_t ret[32], struct err *err);
/* The key of any file; and the key of a store that has none yet. */
int store_key_file(const char *file, uint8_t ret[32], struct err *err);
int store_key_add(const char *path, const uint8_t master[32], struct err *err);
bool store_fresh(const char *path);
int store_sync_folder(const char *path, struct err *err);

#endif
