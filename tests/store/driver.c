/* SPDX-License-Identifier: MIT */
/* The driver: opening, binding by number, errors and what they undo, transactions, checkpoints;
 * migrations. */
#include <sodium.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <signal.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/ddl.h"
#include "store/migrate.h"
#include "store/path.h"
#include "store/sqlite.h"
#include "tests/store/temp.h"
#include "tests/tap.h"

static struct err err;

static struct db *open_new(const char *name)
{
	char url[512];
	struct db *db = NULL;

	if (db_open(temp_url(url, name), DB_WRITER, true, &db, &err) < 0 ||
	    migrate(db, 1, &err) < 0)
		diag("open %s: %s", name, err.message);
	return db;
}

static void test_open(void)
{
	char url[512], path[512], other[512];
	struct db *db = NULL;
	struct stat st;

	is_int(db_open(temp_url(url, "absent"), DB_WRITER, false, &db, &err), TIX_ENOT_FOUND,
	    "an absent store is not made");
	ok(stat(temp_path(path, "absent"), &st) < 0, "and leaves no file");
	is_int(db_open("postgres:x", DB_WRITER, true, &db, &err), TIX_ECONFIG,
	    "another scheme is refused");
	is_int(db_open("sqlite:/nonexistent/x", DB_WRITER, true, &db, &err), TIX_ECONFIG,
	    "an absent folder is refused");
	is_int(db_open("sqlite:", DB_WRITER, true, &db, &err), TIX_ECONFIG, "no file is refused");
	is_int(db_open(temp_url(url, "new"), DB_WRITER, true, &db, &err), 0, "a store is made");
	db_close(db);
	ok(stat(temp_path(path, "new"), &st) == 0 && (st.st_mode & 0777) == 0600,
	    "only its owner reads it");
	is_int(db_open(url, DB_READER, false, &db, &err), 0, "and opened again");
	ok(db_exec(db, "create table t (x)", &err) < 0, "a reader cannot write");
	db_close(db);
	ok(symlink(path, temp_path(other, "link")) == 0, "a symbolic link");
	ok(db_open(temp_url(url, "link"), DB_WRITER, false, &db, &err) < 0, "is not followed");
	temp_write(temp_path(path, "text"), "this is no database, it is a long text", 38, 0600);
	ok(db_open(temp_url(url, "text"), DB_WRITER, false, &db, &err) < 0,
	    "a text file is refused");
}

static void test_bind(void)
{
	struct db *db = open_new("bind");
	struct q q;
	size_t len;

	for (int i = 0; i < SQL_COUNT; i++) {
		q_start(&q, db, (enum sql_id)i, &err);
		if (!ok(q.failed == 0, "%s prepares", sql_name((enum sql_id)i)))
			diag("%s: %s", sql_text((enum sql_id)i), err.message);
		q_end(&q);
	}
	q_start(&q, db, SQL_meta_add, &err);
	q_str(&q, 1, "colour");
	q_str(&q, 2, "r\xc3\xb6t");
	is_int(q_step(&q), 0, "an insert runs");
	q_end(&q);
	q_start(&q, db, SQL_meta_get, &err);
	q_str(&q, 1, "colour");
	is_int(q_step(&q), 1, "a row is found");
	is_str(q_text(&q, 0), "r\xc3\xb6t", "with its text");
	ok(!q_isnull(&q, 0) && q_blob(&q, 0, &len) && len == 4, "and its bytes");
	is_int(q_step(&q), 0, "then the end");
	q_end(&q);
	q_start(&q, db, SQL_meta_get, &err);
	q_str(&q, 1, "colour");
	q_i64(&q, 2, 1);
	is_int(q_step(&q), TIX_EINTERNAL, "a parameter that is none is our mistake");
	q_end(&q);
	db_close(db);
}

/* Statements that run while tickets are sold or looked for: none may go through a whole table or
 * sort. */
static bool is_hot(const char *name)
{
	static const char *const hot[] = {"hold_", "order_", "orders_", "idem_", "lookup_",
	    "offer_", "person_", "ticket_", "journal_at", "journal_read", "quota_left",
	    "quota_sell", "quota_hold", "quota_convert", "quota_unhold"};

	for (size_t i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		if (strncmp(name, hot[i], strlen(hot[i])) == 0)
			return true;
	}
	return false;
}

static bool plan_is_good(const char *name, const char *step)
{
	if (strcmp(name, "lookup_runs") == 0)
		return true; /* a few dozen rows */
	if (strcmp(step, "SCAN orders USING INDEX orders_due") == 0)
		return true; /* stops at the first */
	return strncmp(step, "SCAN", 4) != 0 && strncmp(step, "USE TEMP", 8) != 0;
}

static void test_plans(void)
{
	char path[512], text[4096];
	sqlite3_stmt *st = NULL;
	sqlite3 *h = NULL;

	db_close(open_new("plans"));
	ok(sqlite3_open(temp_path(path, "plans"), &h) == SQLITE_OK, "a store to look at");
	for (int i = 0; i < SQL_COUNT; i++) {
		const char *name = sql_name((enum sql_id)i);
		bool good = true;

		if (!is_hot(name))
			continue;
		snprintf(text, sizeof(text), "explain query plan %s", sql_text((enum sql_id)i));
		sqlite3_prepare_v2(h, text, -1, &st, NULL);
		while (sqlite3_step(st) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(st, 3);

			if (!plan_is_good(name, step)) {
				diag("%s: %s", name, step);
				good = false;
			}
		}
		sqlite3_finalize(st);
		ok(good, "%s finds its rows by an index", name);
	}
	sqlite3_close(h);
}

static int add_meta(struct db *db, const char *key)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_meta_add, &err);
	q_str(&q, 1, key);
	q_str(&q, 2, "x");
	r = q_step(&q);
	q_end(&q);
	return r;
}

static bool has_meta(struct db *db, const char *key)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_meta_get, &err);
	q_str(&q, 1, key);
	r = q_step(&q);
	q_end(&q);
	return r == 1;
}

static void test_errors(void)
{
	struct db *db = open_new("errors");
	int64_t before;

	is_int(db_begin(db, &err), 0, "begin");
	is_int(add_meta(db, "one"), 0, "a row");
	before = db_changes(db);
	is_int(add_meta(db, "one"), TIX_EEXISTS, "the same key again exists");
	is_int(db_changes(db), before, "and counts no change");
	is_int(
	    db_exec(db,
		"insert into quota (id, event, name, size, overbook, blocked, held, sold, created)"
		" values (1, 1, 'q', 1, 0, 0, 1, 1, 1)",
		&err),
	    TIX_ELIMIT, "a CHECK is a limit");
	is_int(db_exec(db, "insert into organizer values (1, 'a', 'A', 'text')", &err),
	    TIX_EINTERNAL, "a text in a number is our mistake");
	ok(db_in_transaction(db), "the transaction lives");
	is_int(db_commit(db, &err), 0, "commit");
	ok(has_meta(db, "one"), "what went before is kept");
	is_int(db_exec(db,
		   "insert into venue values (1, 77, 'v', 'V', null, null, null, null, null, "
		   "'UTC', 1)",
		   &err),
	    TIX_EINTERNAL, "a foreign key holds");
	is_int(db_begin(db, &err), 0, "begin again");
	is_int(add_meta(db, "two"), 0, "a row");
	db_rollback(db);
	ok(!has_meta(db, "two") && !db_in_transaction(db), "rolled back");
	db_close(db);
}

static void test_snapshots(void)
{
	struct db *db = open_new("snap"), *reader = NULL, *admin = NULL;
	char url[512];
	int64_t left = -1;

	is_int(db_open(temp_url(url, "snap"), DB_READER, false, &reader, &err), 0, "a reader");
	is_int(db_begin(reader, &err), 0, "begins");
	ok(!has_meta(reader, "later"), "and sees nothing yet");
	is_int(add_meta(db, "later"), 0, "the writer writes meanwhile");
	ok(!has_meta(reader, "later"), "the snapshot stays");
	is_int(db_commit(reader, &err), 0, "until it ends");
	ok(has_meta(reader, "later"), "then it shows");
	ok(db_wal_bytes(db) > 0, "the log has bytes");
	is_int(db_open(url, DB_ADMIN, false, &admin, &err), 0, "an admin handle");
	is_int(db_checkpoint(admin, &left, &err), 0, "checkpoints");
	is_int(left, 0, "all of it");
	db_close(admin);
	db_close(reader);
	db_close(db);
}

static void test_full(void)
{
	struct db *db = open_new("full");
	struct rlimit old, small;
	char big[20000], key[32];
	int r = 0;

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 1 << 20;
	setrlimit(RLIMIT_FSIZE, &small);
	for (int i = 0; i < 200 && r == 0; i++) {
		struct q q;

		snprintf(key, sizeof(key), "k%d", i);
		q_start(&q, db, SQL_meta_add, &err);
		q_str(&q, 1, key);
		q_str(&q, 2, big);
		r = q_step(&q);
		q_end(&q);
	}
	is_int(r, TIX_EUNAVAILABLE, "a file that may not grow is a full disk");
	is_str(err.field, "disk", "which is named");
	ok(has_meta(db, "k0"), "reading goes on");
	setrlimit(RLIMIT_FSIZE, &old);
	is_int(add_meta(db, "after"), 0, "writing goes on once there is room");
	db_close(db);
}

/* A query that would take very long. */
static const char endless[] = "with recursive n(i) as (select 1 union all select i + 1 from n "
			      "where i < 3000000000) select max(i) from n";

static void test_deadline(void)
{
	struct clock *clock = clock_test_new(1000);
	struct db *db = open_new("late");
	int64_t now = clock_mono(clock);

	db_deadline(db, clock, now + 1, "patience");
	ok(has_meta(db, "none") == false && db_exec(db, "select 1", &err) == 0,
	    "before its deadline a handle answers");
	clock_test_set(clock, 1001);
	is_int(db_exec(db, endless, &err), TIX_ETIMEOUT, "a long statement ends at the deadline");
	is_str(err.message, "reading takes longer than patience allows", "which is named");
	ok(err_info(TIX_ETIMEOUT)->retryable, "and may be tried again");
	is_int(add_meta(db, "late"), TIX_ETIMEOUT, "so does the next short one");
	db_deadline(db, clock, 0, NULL);
	is_int(add_meta(db, "late"), 0, "without a deadline there is none");
	db_close(db);
	clock_test_free(clock);
}

static void test_migrate(void)
{
	struct db *db = open_new("migrate");
	int version = 0;
	struct q q;

	is_int(migrate_current(db, &version, &err), 0, "the version is known");
	is_int(version, migrate_version(), "and ours");
	is_int(migrate(db, 2, &err), 0, "a second run does nothing");
	db_exec(db, "insert into migration values (9999, 'later', 'x', 1)", &err);
	is_int(migrate(db, 2, &err), TIX_EVERSION, "a newer store is refused");
	ok(strstr(err.message, "9999") != NULL, "by its number");
	db_exec(db, "delete from migration where version = 9999", &err);
	db_exec(db, "update migration set checksum = 'other' where version = 1", &err);
	is_int(migrate(db, 2, &err), TIX_EVERSION, "a store that others made is refused");
	q_start(&q, db, SQL_migration_last, &err);
	is_int(q_step(&q), 1, "and left alone");
	q_end(&q);
	db_close(db);
}

static void test_ddl(void)
{
	struct buf b;

	buf_init(&b, 0);
	sqlite_ddl(
	    "CREATE TABLE t ( -- clustered\n\tid BIGINT PRIMARY KEY, -- BIGINT\n\tb BYTEA\n);\n"
	    "CREATE TABLE u (\n\tMYBIGINT TEXT\n);\nCREATE VIRTUAL TABLE v USING x (\n\ta\n);\n",
	    &b);
	is_str(buf_str(&b),
	    "CREATE TABLE t ( \n\tid INTEGER PRIMARY KEY, \n\tb BLOB\n) STRICT, WITHOUT ROWID;\n"
	    "CREATE TABLE u (\n\tMYBIGINT TEXT\n) STRICT;\nCREATE VIRTUAL TABLE v USING x "
	    "(\n\ta\n);\n",
	    "types and table ends are translated, comments go");
	buf_clear(&b);
	ddl_for("a\n-- sqlite:\nb\n-- postgres:\nc\n-- other:\nd\n-- all:\n-- no: section\ne",
	    "postgres", &b);
	is_str(buf_str(&b), "a\nc\n-- no: section\ne", "lines of other engines are left out");
	buf_done(&b);
}

int main(void)
{
	if (sodium_init() < 0)
		return 99;
	temp_make();
	test_open();
	test_bind();
	test_plans();
	test_errors();
	test_snapshots();
	test_full();
	test_deadline();
	test_migrate();
	test_ddl();
	return done_testing();
}
