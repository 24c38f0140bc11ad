/* SPDX-License-Identifier: MIT */
/* Backups: made from a running store, proven before they count, and put back. The thread that makes
 * one waits for the disk; the writer never waits for it. */
#ifndef CORE_BACKUP_H
#define CORE_BACKUP_H

#include <stdbool.h>

#include "core/call.h"
#include "store/archive.h"

struct backup {
	struct archive_mark mark; /* the point it stands for; bytes is the size of the store */
	int64_t bytes;		  /* of the file */
	uint8_t sum[ARCHIVE_SUM];
};

/* Copies the store as it is now, proves the copy, compresses it, reads that back, and only then
 * gives it its name. file is an absolute path that does not exist (else TIX_EEXISTS); FILE.copy and
 * FILE.part beside it are its own meanwhile, and never stay. */
int backup_make(const struct core *core, const char *file, const struct pace *pace,
    struct backup *ret, struct err *err);

/* Reads a backup into the new file `to` and proves its checksums, the file's own order and that it
 * ends where it says. core->keys must be those of the store: TIX_ECONFIG with field "key" when they
 * are not. */
int backup_open(
    const struct core *core, const char *file, const char *to, struct backup *ret, struct err *err);

/* All laws of the audit on a store that nobody uses, as of the time of its newest record. What ret
 * points to lives in the arena. */
int backup_audit(const struct core *core, const char *path, int64_t at, struct arena *arena,
    struct audit *ret, struct err *err);

/* What a restore is about, see restore.c. */
struct restore {
	const char *file;    /* the backup */
	const char *key;     /* a key file for a store that has none; NULL */
	const char *confirm; /* what the user says is there; NULL */
	bool yes;
	char found[24];	  /* what is there: the newest record's number, "damaged", or "" */
	char aside[4096]; /* where the store went that was there, or "" */
	struct backup made;
};

/* Puts a backup in the place of a store that no daemon uses, after proving it with the key and by
 * the whole audit. TIX_EUNCONFIRMED unless confirm says what is there. The store that was there is
 * kept under another name. */
int restore_run(struct restore *r, struct core *core, struct err *err);

/* Reads the master key for the store at path: its own key file, else the one named. */
int restore_key(
    struct core *core, const char *path, const char *key, bool *ret_own, struct err *err);

/* Removes a store's file with what SQLite may have left beside it. */
void backup_remove(const char *path);

#endif
