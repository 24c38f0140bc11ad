/* SPDX-License-Identifier: MIT */
/* A backup is a snapshot's pages, checked as a store of their own. Nothing here holds a lock that
 * a sale needs: it reads one snapshot, for as long as its pace allows. */
#include "core/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/audit.h"
#include "core/frame.h"
#include "core/writer_state.h"
#include "store/migrate.h"
#include "store/path.h"

struct names {
	char copy[DB_PATH_MAX], part[DB_PATH_MAX];
};

struct complaints {
	char first[200];
	int n;
};

static int name_files(const char *file, struct names *ret, struct err *err)
{
	struct stat st;
	int a = snprintf(ret->copy, sizeof(ret->copy), "%s.copy", file);
	int b = snprintf(ret->part, sizeof(ret->part), "%s.part", file);

	if (file[0] != '/')
		return err_set(err, TIX_EBAD_VALUE, "file", "%.200s does not begin with /", file);
	if (a < 0 || b < 0 || a >= DB_PATH_MAX - 16 || b >= DB_PATH_MAX - 16)
		return err_set(err, TIX_EBAD_VALUE, "file", "the path is too long");
	if (lstat(file, &st) == 0)
		return err_set(err, TIX_EEXISTS, "file", "%.300s exists already", file);
	return 0;
}

void backup_remove(const char *path)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
	char name[DB_PATH_MAX + 16];

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
		unlink(name);
	}
}

/* What a store says of itself, in the transaction that runs. */
static int read_mark(struct db *db, struct archive_mark *ret, struct err *err)
{
	struct archive_mark m = {0};
	const char *check;
	const void *hash;
	int schema = 0, r = migrate_current(db, &schema, err);
	size_t len = 0;
	struct q q;

	if (r < 0)
		return r;
	m.schema = schema;
	q_start(&q, db, SQL_journal_head, err);
	r = q_step(&q);
	if (r == 1) {
		m.seq = q_col(&q, 0);
		m.at = q_col(&q, 2);
		hash = q_blob(&q, 1, &len);
		if (len == sizeof(m.hash))
			memcpy(m.hash, hash, len);
	}
	q_end(&q);
	if (r < 0)
		return r;
	q_start(&q, db, SQL_meta_get, err);
	q_str(&q, 1, "key_check");
	r = q_step(&q);
	check = r == 1 ? q_text(&q, 0) : NULL;
	if (check)
		sodium_hex2bin(m.check, sizeof(m.check), check, strlen(check), NULL, NULL, NULL);
	q_end(&q);
	if (r >= 0)
		*ret = m;
	return r < 0 ? r : 0;
}

static int take_copy(const struct core *core, const struct names *names, const struct pace *pace,
    struct archive_mark *ret, struct err *err)
{
	struct db *db = NULL;
	int r = reader_open(core, &db, err);

	if (r == 0)
		r = db_begin(db, err);
	if (r == 0)
		r = read_mark(db, ret, err); /* its first read fixes the snapshot */
	if (r == 0)
		r = db_copy(db, names->copy, pace->go_on, pace->ctx, err);
	if (db)
		db_rollback(db);
	db_close(db);
	return r;
}

static void complaint(void *ctx, const char *subject, const char *what)
{
	struct complaints *c = ctx;

	if (c->n++ == 0)
		snprintf(c->first, sizeof(c->first), "%s: %s", subject, what);
}

static bool same_mark(const struct archive_mark *a, const struct archive_mark *b)
{
	return a->seq == b->seq && a->at == b->at && a->schema == b->schema &&
	       memcmp(a->hash, b->hash, sizeof(a->hash)) == 0 &&
	       memcmp(a->check, b->check, sizeof(a->check)) == 0;
}

/* The file is whole, all references hold, and its journal ends where it should. */
static int prove_store(
    const char *path, const struct pace *pace, const struct archive_mark *want, struct err *err)
{
	char url[DB_PATH_MAX + 16];
	struct complaints found = {.n = 0};
	struct archive_mark have = {0};
	struct db *db = NULL;
	int64_t tables;
	int r;

	snprintf(url, sizeof(url), "sqlite:%s", path);
	r = db_open(url, DB_READER, false, &db, err);
	if (r == 0 && pace)
		db_pace(db, pace->go_on, pace->ctx);
	if (r == 0)
		r = db_begin(db, err);
	if (r == 0)
		r = read_mark(db, &have, err);
	if (r == 0)
		r = db_check(db, 10, complaint, &found, &tables, err);
	if (db)
		db_rollback(db);
	db_close(db);
	if (r < 0)
		return r;
	if (found.n > 0)
		return err_set(
		    err, TIX_EBAD_VALUE, "file", "the store in it is damaged: %s", found.first);
	if (!same_mark(&have, want))
		return err_set(err, TIX_EBAD_VALUE, "file",
		    "the store in it ends at record %lld, not at %lld as it says",
		    (long long)have.seq, (long long)want->seq);
	return 0;
}

/* Never over a file that came there meanwhile. */
static int give_name(const char *part, const char *file, struct err *err)
{
	int r = renameat2(AT_FDCWD, part, AT_FDCWD, file, RENAME_NOREPLACE);

	if (r < 0 && (errno == EINVAL || errno == ENOSYS)) {
		r = link(part, file);
		if (r == 0)
			unlink(part);
	}
	if (r < 0)
		return err_set(err, errno == EEXIST ? TIX_EEXISTS : TIX_EUNAVAILABLE, "file",
		    "cannot give the backup its name %.300s: %s", file, strerrordesc_np(errno));
	return store_sync_folder(file, err);
}

static int pack(
    const struct names *names, const struct pace *pace, struct backup *b, struct err *err)
{
	struct archive_mark again;
	uint8_t sum[ARCHIVE_SUM];
	int r = archive_pack(names->copy, names->part, &b->mark, pace, b->sum, &b->bytes, err);

	if (r == 0)
		r = archive_unpack(names->part, NULL, pace, &again, sum, err);
	if (r < 0)
		return r;
	b->mark.bytes = again.bytes;
	if (!same_mark(&again, &b->mark) || memcmp(sum, b->sum, sizeof(sum)) != 0)
		return err_set(err, TIX_EUNAVAILABLE, "disk",
		    "the backup reads back otherwise than it was written");
	return 0;
}

int backup_make(const struct core *core, const char *file, const struct pace *pace,
    struct backup *ret, struct err *err)
{
	struct backup b = {0};
	struct names names;
	int r = name_files(file, &names, err);

	if (r < 0)
		return r;
	backup_remove(names.copy);
	unlink(names.part);
	r = take_copy(core, &names, pace, &b.mark, err);
	if (r == 0)
		r = prove_store(names.copy, pace, &b.mark, err);
	if (r == 0)
		r = pack(&names, pace, &b, err);
	backup_remove(names.copy);
	if (r == 0)
		r = give_name(names.part, file, err);
	if (r < 0) {
		unlink(names.part);
		return r;
	}
	*ret = b;
	return 0;
}

int backup_open(
    const struct core *core, const char *file, const char *to, struct backup *ret, struct err *err)
{
	struct backup b = {0};
	struct stat st;
	int r = archive_unpack(file, to, NULL, &b.mark, b.sum, err);

	if (r == 0 && memcmp(b.mark.check, core->keys.check, sizeof(b.mark.check)) != 0)
		r = err_set(err, TIX_ECONFIG, "key", "the key file belongs to another store");
	if (r == 0)
		r = prove_store(to, NULL, &b.mark, err);
	if (r < 0)
		return r;
	b.bytes = stat(file, &st) == 0 ? st.st_size : 0;
	*ret = b;
	return 0;
}

int backup_audit(const struct core *core, const char *path, int64_t at, struct arena *arena,
    struct audit *ret, struct err *err)
{
	static const struct principal owner = {.name = "owner", .roles = ~0U};
	struct audit_run_in in = {0};
	struct core then = *core;
	struct clock *clock = clock_test_new(at);
	struct call c = {.core = &then, .arena = arena, .who = &owner, .in = &in, .now = at};
	char url[DB_PATH_MAX + 16];
	int r;

	if (!clock)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	then.clock = clock;
	snprintf(url, sizeof(url), "sqlite:%s", path);
	r = db_open(url, DB_READER, false, &c.db, err);
	if (r == 0)
		r = audit_run(&c, &in, ret);
	if (c.db)
		db_rollback(c.db);
	db_close(c.db);
	clock_test_free(clock);
	if (r < 0 && c.err.code < 0 && err)
		*err = c.err;
	return r;
}
