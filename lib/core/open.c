/* SPDX-License-Identifier: MIT */
/* Opens a store for the one process that writes it: lock, key, tables, heads. It never repairs. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/alias.h"
#include "core/lookup.h"
#include "core/writer_state.h"
#include "store/migrate.h"
#include "store/path.h"

#define PUB_ARENA_MAX (64U << 20)
#define CHECK_NAME "key_check"

static int meta_get(struct db *db, const char *key, char *ret, size_t size, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_meta_get, err);
	q_str(&q, 1, key);
	r = q_step(&q);
	if (r == 1)
		strncpy(ret, q_text(&q, 0), size - 1);
	q_end(&q);
	return r;
}

static int meta_add(struct db *db, const char *key, const char *value, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_meta_add, err);
	q_str(&q, 1, key);
	q_str(&q, 2, value);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int first_rows(struct writer *w, const char *check, struct err *err)
{
	int64_t now = w->clock;
	int r = db_begin(w->db, err);

	if (r < 0)
		return r;
	r = meta_add(w->db, CHECK_NAME, check, err);
	if (r == 0)
		r = q_run(w->db, SQL_organizer_default, err, 1, &now);
	if (r >= 0)
		r = db_commit(w->db, err);
	if (r < 0)
		db_rollback(w->db);
	return r;
}

/* The key file must be the one that the store was made with; a new store remembers it. */
static int check_key(struct writer *w, struct err *err)
{
	char want[2 * sizeof(w->core->keys.check) + 1], have[sizeof(want)] = "";
	int r;

	sodium_bin2hex(want, sizeof(want), w->core->keys.check, sizeof(w->core->keys.check));
	r = meta_get(w->db, CHECK_NAME, have, sizeof(have), err);
	if (r == 0)
		return first_rows(w, want, err);
	if (r == 1 && strcmp(have, want) != 0)
		return err_set(err, TIX_ECONFIG, "key",
		    "the key file beside %s belongs to another store", w->core->store_url);
	return r < 0 ? r : 0;
}

/* What is deleted here and there: its number in last_id, which never changes. */
static const int64_t kept_ids[TABLE_COUNT] = {
    [TABLE_organizer] = 1,
    [TABLE_venue] = 2,
    [TABLE_event] = 3,
    [TABLE_category] = 4,
    [TABLE_quota] = 5,
    [TABLE_quota_block] = 6,
};

int writer_keep_ids(struct writer *w, enum writer_table table, struct err *err)
{
	int64_t values[] = {kept_ids[table], w->now.next[table] - 1};
	int r = q_run(w->db, SQL_last_id_set, err, 2, values);

	return r < 0 ? r : 0;
}

static int load_kept(struct writer *w, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, w->db, SQL_last_ids, err);
	while ((r = q_step(&q)) == 1) {
		for (int t = 0; t < TABLE_COUNT; t++) {
			if (kept_ids[t] == q_col(&q, 0) && w->now.next[t] <= q_col(&q, 1))
				w->now.next[t] = q_col(&q, 1) + 1;
		}
	}
	q_end(&q);
	return r;
}

static int load_ids(struct writer *w, struct err *err)
{
	static const enum sql_id statements[TABLE_COUNT] = {
	    [TABLE_organizer] = SQL_max_organizer,
	    [TABLE_venue] = SQL_max_venue,
	    [TABLE_event] = SQL_max_event,
	    [TABLE_category] = SQL_max_category,
	    [TABLE_quota] = SQL_max_quota,
	    [TABLE_person] = SQL_max_person,
	    [TABLE_order] = SQL_max_order,
	    [TABLE_job] = SQL_max_job,
	    [TABLE_quota_block] = SQL_max_quota_block,
	};
	struct q q;
	int r = 0;

	for (int t = 0; t < TABLE_COUNT && r >= 0; t++) {
		q_start(&q, w->db, statements[t], err);
		r = q_step(&q);
		if (r == 1)
			w->now.next[t] = q_col(&q, 0) + 1;
		q_end(&q);
	}
	return r < 0 ? r : load_kept(w, err);
}

static int load_head(struct writer *w, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, w->db, SQL_journal_head, err);
	r = q_step(&q);
	if (r == 1) {
		size_t len;
		const void *hash = q_blob(&q, 1, &len);

		w->now.seq = q_col(&q, 0);
		if (len == sizeof(w->now.hash))
			memcpy(w->now.hash, hash, len);
		else
			r = err_set(
			    err, TIX_ESTOPPED, "store", "the journal's newest record is damaged");
		if (q_col(&q, 2) > w->clock)
			w->clock = q_col(&q, 2);
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

static int open_files(struct writer *w, bool create, struct err *err)
{
	char path[DB_PATH_MAX];
	uint8_t master[32];
	bool fresh;
	int r = db_path(w->core->store_url, path, err);

	if (r < 0)
		return r;
	fresh = store_fresh(path);
	if (fresh && !create)
		return err_set(err, TIX_ENOT_FOUND, "store", "there is no store %s", path);
	r = store_lock(path, &w->lock_fd, err);
	if (r == 0)
		r = store_key(path, fresh, master, err);
	if (r < 0)
		return r;
	idkeys_derive(master, &w->core->keys);
	sodium_memzero(master, sizeof(master));
	r = db_open(w->core->store_url, DB_WRITER, create, &w->db, err);
	if (r == 0 && fresh)
		r = store_sync_folder(path, err);
	return r;
}

static int load(struct writer *w, struct err *err)
{
	int r = migrate(w->db, w->clock, err);

	if (r == 0)
		r = check_key(w, err);
	if (r == 0)
		r = load_ids(w, err);
	if (r == 0)
		r = alias_next(w->db, w->now.next[TABLE_order], &w->now.alias, err);
	if (r == 0)
		r = load_head(w, err);
	if (r == 0)
		r = lookup_new(&w->lookup, err);
	w->kept = w->now;
	w->anchor = w->clock - clock_mono(w->core->clock);
	return r;
}

int writer_open(struct core *core, bool create, struct writer **ret, struct err *err)
{
	struct writer *w;
	int r;

	if (sodium_init() < 0)
		return err_set(err, TIX_EINTERNAL, NULL, "libsodium does not start");
	w = calloc(1, sizeof(*w));
	if (!w)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	w->core = core;
	w->lock_fd = -1;
	w->clock = clock_now(core->clock);
	randombytes_buf(&w->job.self, sizeof(w->job.self));
	w->job.self = (w->job.self & INT64_MAX) | 1;
	w->pub_arena = arena_new(PUB_ARENA_MAX);
	r = w->pub_arena ? 0 : err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (r == 0)
		r = open_files(w, create, err);
	if (r == 0)
		r = load(w, err);
	if (r == 0)
		r = purge_left_over(w, err);
	if (r < 0) {
		writer_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	catalogue_clear(w);
	lookup_free(w->lookup);
	db_close(w->db);
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	arena_free(w->pub_arena);
	free(w->published);
	free(w);
}

int reader_open(const struct core *core, struct db **ret, struct err *err)
{
	return db_open(core->store_url, DB_READER, false, ret, err);
}

/* An id that an old code stands for is passed over. Where the next old code cannot be read, it is
 * asked for again with the next id. */
static void pass_aliases(struct writer *w)
{
	struct writer_mark *m = &w->now;
	int r = 0;

	while (r == 0 && m->next[TABLE_order] == m->alias)
		r = alias_next(w->db, ++m->next[TABLE_order], &m->alias, NULL);
	if (r < 0)
		m->alias = m->next[TABLE_order] + 1;
}

int64_t writer_next_id(struct writer *w, enum writer_table table)
{
	if (table == TABLE_order && w->now.next[table] == w->now.alias)
		pass_aliases(w);
	return w->now.next[table]++;
}

void writer_head(const struct writer *w, int64_t *ret_seq, uint8_t ret_hash[32])
{
	*ret_seq = w->kept.seq;
	memcpy(ret_hash, w->kept.hash, sizeof(w->kept.hash));
}

int64_t writer_wal_bytes(struct writer *w)
{
	return db_wal_bytes(w->db);
}
