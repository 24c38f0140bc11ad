/* SPDX-License-Identifier: MIT */
/* Puts a backup back. The store that was there is never deleted: first everything is proven beside
 * it, then it gets another name, and only then is the new one where it belongs. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "core/backup.h"
#include "core/writer_state.h"
#include "store/path.h"

#define AUDIT_MEMORY ((size_t)256 << 20)
#define NAME_MAX_SUFFIX 64

int restore_key(
    struct core *core, const char *path, const char *key, bool *ret_own, struct err *err)
{
	char own[DB_PATH_MAX + 8];
	uint8_t master[32];
	struct stat st;
	int r;

	snprintf(own, sizeof(own), "%s.key", path);
	*ret_own = lstat(own, &st) == 0;
	r = store_key_file(*ret_own || !key ? own : key, master, err);
	if (r < 0) {
		if (!*ret_own && !key)
			err_hint(err, "--key FILE names the copy of it that was kept");
		return r;
	}
	idkeys_derive(master, &core->keys);
	sodium_memzero(master, sizeof(master));
	return 0;
}

/* The newest record of the store that is there; its log is folded into the file by the way. */
static void look(const struct core *core, char ret[24])
{
	struct db *db = NULL;
	struct q q;
	int64_t left;
	int r = db_open(core->store_url, DB_ADMIN, false, &db, NULL);

	snprintf(ret, 24, "damaged");
	if (r == 0)
		r = db_checkpoint(db, &left, NULL);
	if (r == 0) {
		q_start(&q, db, SQL_journal_head, NULL);
		r = q_step(&q);
		if (r >= 0)
			snprintf(ret, 24, "%lld", r == 1 ? (long long)q_col(&q, 0) : 0LL);
		q_end(&q);
	}
	db_close(db);
}

static int confirmed(struct restore *r, const char *path, struct err *err)
{
	if (!r->found[0] || (r->yes && r->confirm && strcmp(r->confirm, r->found) == 0))
		return 0;
	if (r->yes && r->confirm)
		err_set(err, TIX_EUNCONFIRMED, "confirm",
		    "the journal of %s ends at %s, not at %.40s", path, r->found, r->confirm);
	else if (strcmp(r->found, "damaged") == 0)
		err_set(err, TIX_EUNCONFIRMED, "confirm", "%s is there, and is damaged", path);
	else
		err_set(err, TIX_EUNCONFIRMED, "confirm",
		    "%s is there, its journal ends at record %s", path, r->found);
	err_hint(
	    err, "--yes --confirm %s puts the backup in its place and keeps it aside", r->found);
	return TIX_EUNCONFIRMED;
}

static int system_failed(struct err *err, const char *what, const char *name)
{
	return err_set(err, TIX_EUNAVAILABLE, "disk", "cannot %s %.300s: %s", what, name,
	    strerrordesc_np(errno));
}

/* A second name for the file and what is left of its log. */
static int keep_aside(struct restore *r, const char *path, struct err *err)
{
	char from[DB_PATH_MAX + 8], to[DB_PATH_MAX + NAME_MAX_SUFFIX];
	int n = 0, rc;

	do {
		snprintf(r->aside, sizeof(r->aside), "%.4000s.replaced-%s%s%.0d", path, r->found,
		    n ? "-" : "", n);
		rc = link(path, r->aside);
	} while (rc < 0 && errno == EEXIST && ++n < 100);
	if (rc < 0)
		return system_failed(err, "keep aside", path);
	snprintf(from, sizeof(from), "%s-wal", path);
	snprintf(to, sizeof(to), "%s-wal", r->aside);
	if (link(from, to) < 0 && errno != ENOENT)
		return system_failed(err, "keep aside", from);
	rc = store_sync_folder(path, err);
	if (rc < 0)
		return rc;
	/* The log of the old store must not be read into the new one. */
	if (unlink(from) < 0 && errno != ENOENT)
		return system_failed(err, "remove", from);
	snprintf(from, sizeof(from), "%s-shm", path);
	unlink(from);
	return store_sync_folder(path, err);
}

static int prove(struct restore *r, struct core *core, const char *fresh, struct err *err)
{
	struct arena *arena = arena_new(AUDIT_MEMORY);
	struct audit audit = {0};
	int rc = backup_open(core, r->file, fresh, &r->made, err);

	if (rc == 0 && !arena)
		rc = err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (rc == 0)
		rc = backup_audit(core, fresh, r->made.mark.at, arena, &audit, err);
	if (rc == 0 && !audit.ok)
		rc = err_set(err, TIX_EBAD_VALUE, "file",
		    "the audit of %.200s finds faults: tix db "
		    "check names them",
		    r->file);
	arena_free(arena);
	return rc;
}

static int put_in_place(struct restore *r, const char *path, const char *fresh, struct err *err)
{
	int rc = r->found[0] ? keep_aside(r, path, err) : 0;

	if (rc == 0 && rename(fresh, path) < 0)
		rc = system_failed(err, "put the store in place as", path);
	return rc == 0 ? store_sync_folder(path, err) : rc;
}

static int under_lock(struct restore *r, struct core *core, const char *path, struct err *err)
{
	char fresh[DB_PATH_MAX + 16];
	uint8_t master[32];
	bool own;
	int rc;

	if (!store_fresh(path))
		look(core, r->found);
	rc = confirmed(r, path, err);
	if (rc == 0)
		rc = restore_key(core, path, r->key, &own, err);
	if (rc < 0)
		return rc;
	snprintf(fresh, sizeof(fresh), "%s.restored", path);
	backup_remove(fresh);
	rc = prove(r, core, fresh, err);
	if (rc == 0 && !own) {
		rc = store_key_file(r->key, master, err);
		if (rc == 0)
			rc = store_key_add(path, master, err);
		sodium_memzero(master, sizeof(master));
	}
	if (rc == 0)
		rc = put_in_place(r, path, fresh, err);
	if (rc < 0)
		backup_remove(fresh);
	return rc;
}

int restore_run(struct restore *r, struct core *core, struct err *err)
{
	char path[DB_PATH_MAX];
	int lock = -1, rc = db_path(core->store_url, path, err);

	if (rc == 0)
		rc = store_lock(path, &lock, err);
	if (rc == 0)
		rc = under_lock(r, core, path, err);
	if (lock >= 0)
		close(lock);
	return rc;
}
