/* SPDX-License-Identifier: MIT */
/* The narrow driver: what core needs of a database, the same for every engine. Statements are named
 * (store/sql/all.def), written once with $1 $2 ..., prepared at open and bound by number; results
 * are read by column from 0. A handle belongs to one thread. Nothing here retries, logs or knows
 * what a ticket is. Errors: 0 or TIX_E...; UNAVAILABLE for disk full (err.field "disk") and what
 * may pass, TIMEOUT after a deadline, STOPPED for a failed sync or a damaged file, INTERNAL for our
 * own mistakes, EXISTS for a unique index and LIMIT for a CHECK, both of which undo only their
 * statement. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum sql_id {
#define SQL(id, text) SQL_##id,
#include "store/sql/all.def"
#undef SQL
	SQL_COUNT
};

enum db_mode {
	DB_WRITER, /* the one that writes: no automatic checkpoint, full sync */
	DB_READER, /* reads snapshots */
	DB_ADMIN,  /* migrations, checkpoints */
};

struct db;

/* Opens what url names ("sqlite:FILE"). The file must exist unless create. Statements are prepared
 * lazily, each once. */
int db_open(const char *url, enum db_mode mode, bool create, struct db **ret, struct err *err);
void db_close(struct db *db);

/* A transaction: BEGIN IMMEDIATE for a writer, a snapshot for a reader. */
int db_begin(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

struct clock;

/* From mono_us of the clock on (0: never) what runs on this handle ends with TIMEOUT, which names
 * limit; also a statement that is under way. For readers: a snapshot that is kept lets the log
 * grow. clock and limit must outlive the deadline. */
void db_deadline(struct db *db, const struct clock *clock, int64_t mono_us, const char *limit);

/* Rows changed since the handle was opened: tells whether a call has written already. */
int64_t db_changes(const struct db *db);

/* A running statement; always end it with q_end, whatever happened. Binding never fails here: a
 * failure is kept and comes out of q_step. Text and blobs are not copied: they must live until
 * q_end. Results of q_text and q_blob live until the next q_step or q_end. */
struct q {
	struct db *db;
	void *stmt;
	const int *slots;
	struct err *err;
	enum sql_id id;
	int failed;
	bool points; /* something bound lies in the caller's memory */
};

void q_start(struct q *q, struct db *db, enum sql_id id, struct err *err);
void q_i64(struct q *q, int param, int64_t value);
void q_null(struct q *q, int param);
void q_str(struct q *q, int param, const char *text); /* NULL binds null */
void q_mem(struct q *q, int param, const void *data, size_t len);
int q_step(struct q *q);		/* 1 a row, 0 the end, < 0 an error */
int64_t q_col(struct q *q, int column); /* null is 0 */
bool q_isnull(struct q *q, int column);
const char *q_text(struct q *q, int column); /* null is NULL */
const void *q_blob(struct q *q, int column, size_t *ret_len);
void q_end(struct q *q);

/* Start, bind the given integers in order, step once and end: for guarded updates and inserts of
 * numbers. Returns rows changed or < 0. */
int q_run(struct db *db, enum sql_id id, struct err *err, int n, const int64_t *values);

/* SQL text that is not in the table: pragmas, and tests. The other takes portable DDL (store/ddl.h). */
int db_exec(struct db *db, const char *sql, struct err *err);
int db_ddl(struct db *db, const char *sql, struct err *err);

/* Whether triggers run: only a copy that nobody uses yet may do without. */
int db_triggers(struct db *db, bool on, struct err *err);

/* Moves the log into the file, off the writer; returns frames left in *ret_left. Sizes in bytes. */
int db_checkpoint(struct db *db, int64_t *ret_left, struct err *err);
int64_t db_wal_bytes(struct db *db);

/* Moves all of it and cuts it to nothing; waits that long for readers of older views. *ret_done
 * tells whether they let it. */
int db_empty_log(struct db *db, int wait_ms, bool *ret_done, struct err *err);

/* The engine's own quick check of the file and of all references, within the transaction: calls
 * each for what is wrong, at most max times a check; ret_checked counts tables looked at. */
int db_check(struct db *db, int max, void (*each)(void *ctx, const char *subject, const char *what),
    void *ctx, int64_t *ret_checked, struct err *err);

/* Asks go_on now and then while a statement runs; not 0 ends it with UNAVAILABLE. NULL: no more. */
void db_pace(struct db *db, int (*go_on)(void *ctx), void *ctx);

/* Copies all of the store, as the transaction that runs sees it, to a file that does not exist.
 * Writers are not held up, and go_on is asked as above. */
int db_copy(struct db *db, const char *path, int (*go_on)(void *ctx), void *ctx, struct err *err);

struct db_info {
	int64_t bytes, wal_bytes; /* of the files */
	int64_t page_size, pages, free_pages;
};

int db_info(struct db *db, struct db_info *ret, struct err *err);

const char *sql_name(enum sql_id id);
const char *sql_text(enum sql_id id);

#endif
