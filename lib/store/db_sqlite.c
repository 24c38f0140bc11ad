/* SPDX-License-Identifier: MIT */
/* The driver for SQLite: one file with its write-ahead log. It turns result codes into ours and
 * keeps one prepared statement for each name; it never retries, never logs and never builds SQL
 * from data. */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/ddl.h"
#include "store/path.h"
#include "store/sqlite.h"

#define PARAM_MAX 24
#define BUSY_MS 1000
#define FRAME_HEADER 24
#define STEPS_A_LOOK                                                                               \
	4000 /* of the engine, between looks at the deadline; well under a millisecond */
#define APPLICATION_ID 0x74697831 /* marks the file as ours: "tix1" */

enum fixed_stmt { FIXED_BEGIN, FIXED_COMMIT, FIXED_ROLLBACK, FIXED_COUNT };

struct db {
	sqlite3 *h;
	enum db_mode mode;
	const struct clock *clock; /* of the deadline */
	int64_t deadline;	   /* monotonic microseconds, 0: none */
	const char *limit;	   /* what set it */
	int64_t wal_frames; /* as of this handle's last commit; -1: it has not committed yet */
	int page_size;
	sqlite3_stmt *fixed[FIXED_COUNT];
	sqlite3_stmt *stmts[SQL_COUNT];
	int slots[SQL_COUNT][PARAM_MAX + 1];
	char path[DB_PATH_MAX];
};

static const struct {
	const char *name, *text;
} sql_table[SQL_COUNT] = {
#define SQL(id, text) [SQL_##id] = {#id, text},
#include "store/sql/all.def"
#undef SQL
};

const char *sql_name(enum sql_id id)
{
	return sql_table[id].name;
}

const char *sql_text(enum sql_id id)
{
	return sql_table[id].text;
}

static bool out_of_space(int sys)
{
	return sys == ENOSPC || sys == EDQUOT || sys == EFBIG;
}

/* errno of the last failed operation on the store's file or its log. */
static int last_errno(struct db *db)
{
	static const int pointers[] = {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER};
	int sys = sqlite3_system_errno(db->h);

	for (size_t i = 0; sys == 0 && i < ARRAY_LEN(pointers); i++) {
		sqlite3_file *file = NULL;

		if (sqlite3_file_control(db->h, "main", pointers[i], &file) == SQLITE_OK && file &&
		    file->pMethods)
			file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &sys);
	}
	return sys;
}

static int fail_io(struct db *db, int code, const char *what, struct err *err)
{
	int sys = last_errno(db);

	switch (code) {
	case SQLITE_IOERR_NOMEM:
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	case SQLITE_IOERR_READ:
	case SQLITE_IOERR_SHORT_READ:
	case SQLITE_IOERR_LOCK:
	case SQLITE_IOERR_RDLOCK:
	case SQLITE_IOERR_BLOCKED:
		return err_set(err, TIX_EUNAVAILABLE, "disk", "reading the store failed: %s", what);
	case SQLITE_IOERR_FSYNC:
	case SQLITE_IOERR_DIR_FSYNC:
		break;
	default:
		if (out_of_space(sys))
			return err_set(err, TIX_EUNAVAILABLE, "disk", "the disk is full");
	}
	return err_set(err, TIX_ESTOPPED, "disk", "writing the store failed: %s (%s)", what,
	    sys ? strerrorname_np(sys) : "no reason given");
}

static int fail_constraint(int code, const char *what, struct err *err)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return err_set(err, TIX_EEXISTS, NULL, "it exists already");
	case SQLITE_CONSTRAINT_CHECK:
		return err_set(
		    err, TIX_ELIMIT, NULL, "a limit of the store would be broken: %s", what);
	default:
		return err_set(err, TIX_EINTERNAL, NULL, "the store refused a row: %s", what);
	}
}

static int fail_late(const struct db *db, struct err *err)
{
	if (!db->limit)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "it was stopped");
	return err_set(err, TIX_ETIMEOUT, NULL, "reading takes longer than %s allows", db->limit);
}

/* What an SQLite error means to a caller. */
static int fail(struct db *db, int rc, struct err *err)
{
	const char *what = db->h ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc);
	int code = db->h ? sqlite3_extended_errcode(db->h) : rc;

	if ((code & 0xff) != (rc & 0xff))
		code = rc;
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return fail_constraint(code, what, err);
	case SQLITE_FULL:
		return err_set(err, TIX_EUNAVAILABLE, "disk", "the disk is full");
	case SQLITE_IOERR:
		return fail_io(db, code, what, err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(
		    err, TIX_ESTOPPED, "store", "the store %s is damaged: %s", db->path, what);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(err, TIX_EUNAVAILABLE, "disk",
		    "the store %s can be read but not written", db->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(
		    err, TIX_EBUSY, "store", "the store %s is locked by another program", db->path);
	case SQLITE_INTERRUPT:
		return fail_late(db, err);
	case SQLITE_NOMEM:
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	case SQLITE_CANTOPEN:
		return err_set(err, TIX_EUNAVAILABLE, "store", "cannot open the store %s: %s",
		    db->path, out_of_space(last_errno(db)) ? "the disk is full" : what);
	default:
		return err_set(err, TIX_EINTERNAL, NULL, "the store failed: %s (%d)", what, code);
	}
}

int db_exec(struct db *db, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc, err);
}

int db_triggers(struct db *db, bool on, struct err *err)
{
	int rc = sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_TRIGGER, (int)on, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc, err);
}

/* One number that a pragma or a simple query answers. */
static int query_int(struct db *db, const char *sql, int64_t *ret, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : fail(db, rc, err);
}

static int note_wal(void *ctx, sqlite3 *h, const char *name, int frames)
{
	struct db *db = ctx;

	(void)h;
	(void)name;
	db->wal_frames = frames;
	return SQLITE_OK;
}

/* The file is ours, or empty and then marked so; it may be empty but for its header when its making
 * was cut short. */
static int check_mark(struct db *db, bool create, struct err *err)
{
	int64_t mark = 0, tables = 0;
	int r = query_int(db, "pragma application_id", &mark, err);

	if (r == 0)
		r = query_int(db, "select count(*) from sqlite_master", &tables, err);
	if (r < 0)
		return r;
	if (mark == APPLICATION_ID)
		return 0;
	if (tables > 0 || mark != 0 || !create)
		return err_set(err, TIX_ECONFIG, "store", "%s is not a store of tix", db->path);
	/* 1953069105 is APPLICATION_ID */
	return db_exec(db, "pragma journal_mode=wal; pragma application_id=1953069105", err);
}

static int configure(struct db *db, bool create, struct err *err)
{
	static const char *const by_mode[] = {
	    [DB_WRITER] = "pragma cache_size=-12288",
	    [DB_READER] = "pragma cache_size=-3072; pragma query_only=on",
	    [DB_ADMIN] = "pragma cache_size=-1024",
	};
	int64_t page_size = 4096;
	int r;

	sqlite3_extended_result_codes(db->h, 1);
	sqlite3_busy_timeout(db->h, BUSY_MS);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	r = check_mark(db, create, err);
	if (r == 0)
		r = db_exec(db,
		    "pragma synchronous=full; pragma wal_autocheckpoint=0; pragma "
		    "cell_size_check=on; "
		    "pragma secure_delete=on; pragma temp_store=memory; pragma mmap_size=0",
		    err);
	if (r == 0)
		r = db_exec(db, by_mode[db->mode], err);
	if (r == 0)
		r = query_int(db, "pragma page_size", &page_size, err);
	db->page_size = (int)page_size;
	sqlite3_wal_hook(db->h, note_wal, db); /* after the pragma, which sets a hook of its own */
	return r;
}

/* SQLite would create the file readable to everybody. */
static int create_file(const char *path, struct err *err)
{
	AUTO(fd) int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(err, out_of_space(errno) ? TIX_EUNAVAILABLE : TIX_ECONFIG, "store",
		    "cannot create the store %s: %s", path, strerrordesc_np(errno));
	return 0;
}

int db_open(const char *url, enum db_mode mode, bool create, struct db **ret, struct err *err)
{
	struct db *db;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_PRIVATECACHE;
	struct stat st;
	int r, rc;

	sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
	    0); /* no lock around each malloc; without effect after the first open */
	db = calloc(1, sizeof(*db));
	if (!db)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	db->mode = mode;
	db->wal_frames = -1;
	r = db_path(url, db->path, err);
	if (r == 0 && lstat(db->path, &st) < 0) {
		if (create)
			r = create_file(db->path, err);
		else
			r = err_set(err, TIX_ENOT_FOUND, "store", "there is no store %s", db->path);
	}
	if (r == 0) {
		rc = sqlite3_open_v2(db->path, &db->h, flags, NULL);
		r = rc == SQLITE_OK ? 0 : fail(db, rc, err);
	}
	if (r == 0 && mode != DB_READER && sqlite3_db_readonly(db->h, "main") == 1)
		r = fail(db, SQLITE_READONLY, err);
	if (r == 0)
		r = configure(db, create, err);
	if (r < 0) {
		db_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(db->stmts[i]);
	for (int i = 0; i < FIXED_COUNT; i++)
		sqlite3_finalize(db->fixed[i]);
	sqlite3_close(db->h);
	free(db);
}

static int run_fixed(struct db *db, enum fixed_stmt which, const char *sql, struct err *err)
{
	int rc = SQLITE_OK;

	if (!db->fixed[which])
		rc = sqlite3_prepare_v3(
		    db->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &db->fixed[which], NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(db->fixed[which]);
		if (rc == SQLITE_DONE)
			rc = SQLITE_OK;
	}
	if (rc != SQLITE_OK) {
		int r = fail(db, rc, err);

		sqlite3_reset(db->fixed[which]);
		return r;
	}
	sqlite3_reset(db->fixed[which]);
	return 0;
}

int db_begin(struct db *db, struct err *err)
{
	return run_fixed(db, FIXED_BEGIN, db->mode == DB_READER ? "begin" : "begin immediate", err);
}

int db_commit(struct db *db, struct err *err)
{
	if (!db_in_transaction(db))
		return err_set(err, TIX_EUNAVAILABLE, "store", "the store undid the transaction");
	return run_fixed(db, FIXED_COMMIT, "commit", err);
}

void db_rollback(struct db *db)
{
	if (db_in_transaction(db))
		run_fixed(db, FIXED_ROLLBACK, "rollback", NULL);
}

static int is_late(void *ctx)
{
	const struct db *db = ctx;

	return db->deadline != 0 && clock_mono(db->clock) >= db->deadline;
}

void db_deadline(struct db *db, const struct clock *clock, int64_t mono_us, const char *limit)
{
	if ((mono_us != 0) != (db->deadline != 0))
		sqlite3_progress_handler(
		    db->h, STEPS_A_LOOK, mono_us != 0 ? is_late : NULL, mono_us != 0 ? db : NULL);
	db->clock = clock;
	db->deadline = mono_us;
	db->limit = limit;
}

bool db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->h);
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_total_changes64(db->h);
}

/* Prepares a statement and notes which of SQLite's slots each $n has: slots count by first
 * appearance. */
static int prepare(struct db *db, enum sql_id id)
{
	int rc = sqlite3_prepare_v3(
	    db->h, sql_table[id].text, -1, SQLITE_PREPARE_PERSISTENT, &db->stmts[id], NULL);
	int n;

	if (rc != SQLITE_OK)
		return rc;
	n = sqlite3_bind_parameter_count(db->stmts[id]);
	for (int slot = 1; slot <= n; slot++) {
		const char *name = sqlite3_bind_parameter_name(db->stmts[id], slot);
		long number = name && name[0] == '$' ? strtol(name + 1, NULL, 10) : 0;

		if (number < 1 || number > PARAM_MAX)
			return SQLITE_MISUSE;
		db->slots[id][number] = slot;
	}
	return SQLITE_OK;
}

void q_start(struct q *q, struct db *db, enum sql_id id, struct err *err)
{
	int rc = SQLITE_OK;

	if (!db->stmts[id])
		rc = prepare(db, id);
	*q = (struct q){
	    .db = db, .stmt = db->stmts[id], .slots = db->slots[id], .err = err, .id = id};
	if (rc == SQLITE_OK && is_late(db)) /* many short statements never get to the handler */
		q->failed = fail_late(db, err);
	if (rc != SQLITE_OK) {
		q->failed = fail(db, rc, err);
		sqlite3_finalize(db->stmts[id]);
		db->stmts[id] = NULL;
		q->stmt = NULL;
	}
}

static int slot_of(struct q *q, int param)
{
	return param >= 1 && param <= PARAM_MAX ? q->slots[param] : 0;
}

static void bound(struct q *q, int rc)
{
	if (rc != SQLITE_OK && q->failed == 0)
		q->failed =
		    err_set(q->err, TIX_EINTERNAL, NULL, "statement %s: a value does not bind: %s",
			sql_table[q->id].name, sqlite3_errstr(rc));
}

void q_i64(struct q *q, int param, int64_t value)
{
	if (q->failed == 0)
		bound(q, sqlite3_bind_int64(q->stmt, slot_of(q, param), value));
}

void q_null(struct q *q, int param)
{
	if (q->failed == 0)
		bound(q, sqlite3_bind_null(q->stmt, slot_of(q, param)));
}

void q_str(struct q *q, int param, const char *text)
{
	if (!text) {
		q_null(q, param);
	} else if (q->failed == 0) {
		q->points = true;
		bound(q, sqlite3_bind_text(q->stmt, slot_of(q, param), text, -1, SQLITE_STATIC));
	}
}

void q_mem(struct q *q, int param, const void *data, size_t len)
{
	if (q->failed)
		return;
	q->points = true;
	bound(q,
	    sqlite3_bind_blob64(q->stmt, slot_of(q, param), data ? data : "", len, SQLITE_STATIC));
}

int q_step(struct q *q)
{
	int rc;

	if (q->failed)
		return q->failed;
	rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	q->failed = fail(q->db, rc, q->err);
	return q->failed;
}

int64_t q_col(struct q *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

bool q_isnull(struct q *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

const char *q_text(struct q *q, int column)
{
	return (const char *)sqlite3_column_text(q->stmt, column);
}

const void *q_blob(struct q *q, int column, size_t *ret_len)
{
	const void *data = sqlite3_column_blob(q->stmt, column);

	*ret_len = (size_t)sqlite3_column_bytes(q->stmt, column);
	return data;
}

void q_end(struct q *q)
{
	if (!q->stmt)
		return;
	sqlite3_reset(q->stmt);
	if (q->points)
		sqlite3_clear_bindings(q->stmt); /* nothing may point to what the caller frees */
	q->stmt = NULL;
}

int q_run(struct db *db, enum sql_id id, struct err *err, int n, const int64_t *values)
{
	int64_t before = sqlite3_total_changes64(db->h);
	struct q q;
	int r;

	q_start(&q, db, id, err);
	for (int i = 0; i < n; i++)
		q_i64(&q, i + 1, values[i]);
	r = q_step(&q);
	q_end(&q);
	return r < 0 ? r : (int)(sqlite3_total_changes64(db->h) - before);
}

int db_ddl(struct db *db, const char *sql, struct err *err)
{
	AUTO(buf) struct buf ours;
	AUTO(buf) struct buf b;

	buf_init(&ours, 1 << 20);
	buf_init(&b, 1 << 20);
	ddl_for(sql, "sqlite", &ours);
	sqlite_ddl(buf_str(&ours), &b);
	if (ours.failed || b.failed)
		return err_set(err, TIX_EINTERNAL, NULL, "a migration is too large");
	return db_exec(db, buf_str(&b), err);
}

int db_checkpoint(struct db *db, int64_t *ret_left, struct err *err)
{
	int log = 0, done = 0;
	int rc = sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_PASSIVE, &log, &done);

	if (rc != SQLITE_OK)
		return fail(db, rc, err);
	*ret_left = log - done;
	return 0;
}

int db_empty_log(struct db *db, int wait_ms, bool *ret_done, struct err *err)
{
	int rc;

	sqlite3_busy_timeout(db->h, wait_ms);
	rc = sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db->h, BUSY_MS);
	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
		return fail(db, rc, err);
	*ret_done = rc == SQLITE_OK;
	if (rc == SQLITE_OK)
		db->wal_frames = 0;
	return 0;
}

int64_t db_wal_bytes(struct db *db)
{
	char name[DB_PATH_MAX + 8];
	struct stat st;

	if (db->wal_frames >= 0)
		return db->wal_frames * (db->page_size + FRAME_HEADER);
	snprintf(name, sizeof(name), "%s-wal", db->path);
	return stat(name, &st) == 0 ? st.st_size : 0;
}

struct check {
	int max;
	void (*each)(void *ctx, const char *subject, const char *what);
	void *ctx;
};

static int check_file(struct db *db, const struct check *k, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->h, "pragma quick_check", -1, &st, NULL), n = 0;

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW &&
		    strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0 && n++ < k->max)
			k->each(k->ctx, "file", (const char *)sqlite3_column_text(st, 0));
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : fail(db, rc, err);
}

static int check_references(struct db *db, const struct check *k, struct err *err)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->h, "pragma foreign_key_check", -1, &st, NULL), n = 0;

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		char subject[80], what[120];

		rc = sqlite3_step(st);
		if (rc != SQLITE_ROW || n++ >= k->max)
			continue;
		snprintf(subject, sizeof(subject), "%s/%lld",
		    (const char *)sqlite3_column_text(st, 0),
		    (long long)sqlite3_column_int64(st, 1));
		snprintf(what, sizeof(what), "refers to a row of %s that is not there",
		    (const char *)sqlite3_column_text(st, 2));
		k->each(k->ctx, subject, what);
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : fail(db, rc, err);
}

int db_check(struct db *db, int max, void (*each)(void *ctx, const char *subject, const char *what),
    void *ctx, int64_t *ret_checked, struct err *err)
{
	struct check k = {max, each, ctx};
	int r = check_file(db, &k, err);

	if (r == 0)
		r = check_references(db, &k, err);
	return r < 0 ? r
		     : query_int(db, "select count(*) from sqlite_schema where type = 'table'",
			   ret_checked, err);
}

#define PACE_STEPS 20000 /* of the engine's machine between two questions: some 100 us */
#define COPY_PAGES 256	 /* copied between two questions */

void db_pace(struct db *db, int (*go_on)(void *ctx), void *ctx)
{
	sqlite3_progress_handler(db->h, PACE_STEPS, go_on, ctx);
}

/* The copy is synced by whoever keeps it; until then it needs no safety. */
static int open_copy(const char *path, sqlite3 **ret)
{
	int rc = sqlite3_open_v2(path, ret,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE,
	    NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
		    *ret, "pragma journal_mode=off; pragma synchronous=off", NULL, NULL, NULL);
	return rc;
}

static int copy_pages(
    struct db *db, sqlite3 *to, int (*go_on)(void *ctx), void *ctx, struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", db->h, "main");
	int rc = SQLITE_OK, stopped = 0;

	while (b && rc == SQLITE_OK && !stopped) {
		rc = sqlite3_backup_step(b, COPY_PAGES);
		stopped = rc == SQLITE_OK && go_on ? go_on(ctx) : 0;
	}
	sqlite3_backup_finish(b);
	if (stopped)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "it was stopped");
	if (b && rc == SQLITE_DONE)
		return 0;
	rc = sqlite3_errcode(to);
	if (rc == SQLITE_FULL || out_of_space(sqlite3_system_errno(to)))
		return err_set(err, TIX_EUNAVAILABLE, "disk", "the disk is full");
	return err_set(err, TIX_EUNAVAILABLE, "file", "the copy cannot be written: %s",
	    sqlite3_errmsg(to));
}

int db_copy(struct db *db, const char *path, int (*go_on)(void *ctx), void *ctx, struct err *err)
{
	sqlite3 *to = NULL;
	struct err why = {0};
	int r = 0, rc;

	if (create_file(path, &why) < 0)
		return err_set(err,
		    why.code == TIX_ECONFIG ? TIX_EBAD_VALUE : why.code, "file",
		    "the copy cannot be made: %s", strerrordesc_np(errno));
	rc = open_copy(path, &to);
	if (rc == SQLITE_OK)
		r = copy_pages(db, to, go_on, ctx, err);
	else
		r = err_set(err, TIX_EUNAVAILABLE, "file", "the copy cannot be made: %s",
		    sqlite3_errstr(rc));
	sqlite3_close(to);
	return r;
}

int db_info(struct db *db, struct db_info *ret, struct err *err)
{
	struct db_info info = {.page_size = db->page_size, .wal_bytes = db_wal_bytes(db)};
	struct stat st;
	int r = query_int(db, "pragma page_count", &info.pages, err);

	if (r == 0)
		r = query_int(db, "pragma freelist_count", &info.free_pages, err);
	if (r < 0)
		return r;
	info.bytes = stat(db->path, &st) == 0 ? st.st_size : 0;
	*ret = info;
	return 0;
}
