/* SPDX-License-Identifier: MIT */
/* The copy is made and changed under a name of its own, and gets its place when all is proven.
 * Codes come from ids and key, so other rows than the journal's and old codes need not know. */
#include "core/clone.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/backup.h"
#include "core/frame.h"
#include "core/journal.h"
#include "core/writer_state.h"
#include "store/migrate.h"
#include "store/path.h"

#define SLICE 1000
#define MEMORY ((size_t)256 << 20)
#define FTS_SECOND (INT64_C(1) << 25) /* the search's row number: seconds, then 25 bits of id */

/* A copy on its way. */
struct work {
	struct clone *k;
	const struct core *from;
	struct core core; /* of the copy: its url and keys */
	struct db *db;
	struct arena *arena;
	int64_t now;
	uint8_t master[32];
	char copy[DB_PATH_MAX];
};

static int check_place(const struct clone *k, struct err *err)
{
	char key[DB_PATH_MAX + 8];
	struct stat st;

	snprintf(key, sizeof(key), "%s.key", k->to);
	if (strlen(k->to) > DB_PATH_MAX - 32)
		return err_set(err, TIX_EBAD_VALUE, "file", "the path is too long");
	if (lstat(k->to, &st) == 0 || lstat(key, &st) == 0)
		return err_set(err, TIX_EEXISTS, "file", "%.300s or its key exists already", k->to);
	return 0;
}

/* The store may have seen a later time than this machine shows. */
static int read_head(struct work *w, struct db *db, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_journal_head, err);
	r = q_step(&q);
	if (r == 1 && q_col(&q, 2) > w->now)
		w->now = q_col(&q, 2);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int copy_store(struct work *w, struct err *err)
{
	struct db *db = NULL;
	int version = 0, r = reader_open(w->from, &db, err);

	if (r == 0)
		r = db_begin(db, err);
	if (r == 0)
		r = migrate_current(db, &version, err);
	if (r == 0 && version != migrate_version())
		r = err_set(err, TIX_EVERSION, "store",
		    "the store has schema %d, this program %d: tix db migrate first", version,
		    migrate_version());
	if (r == 0)
		r = read_head(w, db, err);
	if (r == 0)
		r = db_copy(db, w->copy, NULL, NULL, err);
	if (db)
		db_rollback(db);
	db_close(db);
	return r;
}

static int new_key(struct work *w, struct err *err)
{
	char check[2 * sizeof(w->core.keys.check) + 1];
	struct q q;
	int r;

	randombytes_buf(w->master, sizeof(w->master));
	idkeys_derive(w->master, &w->core.keys);
	sodium_bin2hex(check, sizeof(check), w->core.keys.check, sizeof(w->core.keys.check));
	q_start(&q, w->db, SQL_clone_key, err);
	q_str(&q, 1, check);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int run_all(struct work *w, const enum sql_id *sql, size_t n, int values, struct err *err)
{
	const int64_t moved[] = {w->k->shift, w->now};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = q_run(w->db, sql[i], err, values, moved);
	return r < 0 ? r : 0;
}

/* What belongs to the daemon of the store it came from. */
static int forget(struct work *w, struct err *err)
{
	static const enum sql_id sql[] = {SQL_clone_keys, SQL_clone_lookup, SQL_clone_runs,
	    SQL_clone_bookmarks};

	return run_all(w, sql, ARRAY_LEN(sql), 0, err);
}

static int move_times(struct work *w, struct err *err)
{
	static const enum sql_id sql[] = {SQL_clone_organizers, SQL_clone_venues, SQL_clone_events,
	    SQL_clone_categories, SQL_clone_quotas, SQL_clone_slugs, SQL_clone_blocks,
	    SQL_clone_orders, SQL_clone_persons, SQL_clone_imported, SQL_clone_payments,
	    SQL_clone_payment_notes, SQL_clone_refunds, SQL_clone_jobs};
	int64_t rows = w->k->shift / USEC_PER_SEC * FTS_SECOND;
	int r;

	if (w->k->shift == 0)
		return 0;
	r = run_all(w, sql, ARRAY_LEN(sql), 2, err);
	if (r == 0)
		r = q_run(w->db, SQL_clone_words, err, 1, &rows);
	return r < 0 ? r : 0;
}

static int scrub(struct work *w, struct err *err)
{
	static const enum sql_id sql[] = {SQL_clone_person_names, SQL_clone_person_emails,
	    SQL_clone_person_others, SQL_clone_holder_names, SQL_clone_holder_emails,
	    SQL_clone_notes, SQL_clone_references, SQL_clone_job_lines,
	    SQL_clone_job_reasons, SQL_clone_block_reasons};

	return w->k->keep_persons ? 0 : run_all(w, sql, ARRAY_LEN(sql), 0, err);
}

/* A code of the store as the copy has it, with what follows it; NULL without memory. */
static const char *recode(struct work *w, const char *subject)
{
	char code[ORDER_CODE_SIZE];
	size_t len = strcspn(subject, "/");
	const char *old = arena_strndup(w->arena, subject, len);
	int64_t id;

	if (!old || order_code_decode(&w->from->keys, old, &id, NULL) < 0 ||
	    order_code_encode(&w->core.keys, id, code) < 0)
		return old ? subject : NULL;
	return arena_printf(w->arena, "%s%s", code, subject + len);
}

static int write_record(struct work *w, const struct journal_entry *e, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, w->db, SQL_clone_record, err);
	q_i64(&q, 1, e->at);
	q_str(&q, 2, e->subject);
	q_str(&q, 3, e->reason);
	if (e->has_reason)
		q_mem(&q, 4, e->reason_mac, sizeof(e->reason_mac));
	else
		q_null(&q, 4);
	q_mem(&q, 5, e->hash, sizeof(e->hash));
	q_i64(&q, 6, e->seq);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int chain_one(struct work *w, uint8_t prev[32], struct journal_entry *e, struct err *err)
{
	const uint8_t *chain = w->core.keys.chain;

	e->at = e->at + w->k->shift > w->now ? w->now : e->at + w->k->shift;
	if (journal_of_order(e->topic))
		e->subject = recode(w, e->subject);
	if (!e->subject)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (!w->k->keep_persons)
		e->reason = NULL;
	e->has_reason = e->reason != NULL;
	if (e->reason)
		journal_reason_mac(chain, e->reason, e->reason_mac);
	journal_hash(chain, prev, e, e->hash);
	memcpy(prev, e->hash, 32);
	return write_record(w, e, err);
}

/* The journal says at its end what it is. */
static int last_record(struct work *w, uint8_t prev[32], int64_t at, struct err *err)
{
	struct journal_entry e = {.seq = w->k->records + 1,
	    .at = at,
	    .actor = "system",
	    .topic = "store.cloned",
	    .subject = "store",
	    .data = arena_printf(w->arena,
		"{\"records\":%" PRId64 ",\"shift_s\":%" PRId64 ",\"persons\":\"%s\"}",
		w->k->records, w->k->shift / USEC_PER_SEC,
		w->k->keep_persons ? "kept" : "replaced")};
	struct q q;
	int r;

	if (!e.data)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	journal_hash(w->core.keys.chain, prev, &e, e.hash);
	q_start(&q, w->db, SQL_journal_add, err);
	q_i64(&q, 1, e.seq);
	q_i64(&q, 2, e.at);
	q_str(&q, 3, e.actor);
	q_str(&q, 4, e.topic);
	q_str(&q, 5, e.subject);
	q_null(&q, 6);
	q_str(&q, 7, e.data);
	q_null(&q, 8);
	q_null(&q, 9);
	q_null(&q, 10);
	q_mem(&q, 11, e.hash, sizeof(e.hash));
	r = q_step(&q);
	q_end(&q);
	w->now = at;
	return r;
}

/* The whole journal anew, chained with the new key. */
static int chain(struct work *w, struct err *err)
{
	uint8_t prev[32] = {0};
	int64_t at = w->now;
	int n;

	do {
		struct journal_entry *v;

		arena_reset(w->arena);
		n = journal_read(w->db, w->arena, w->k->records, SLICE, &v, err);
		for (int i = 0; i < n; i++) {
			int r = chain_one(w, prev, &v[i], err);

			if (r < 0)
				return r;
			at = v[i].at;
			w->k->records = v[i].seq;
		}
	} while (n == SLICE);
	return n < 0 ? n : last_record(w, prev, at, err);
}

struct old_code {
	int64_t code, order;
};

static int read_codes(struct work *w, int64_t after, struct old_code *v, struct err *err)
{
	struct q q;
	int n = 0, r;

	q_start(&q, w->db, SQL_clone_aliases, err);
	q_i64(&q, 1, after);
	q_i64(&q, 2, SLICE);
	while ((r = q_step(&q)) == 1 && n < SLICE)
		v[n++] = (struct old_code){q_col(&q, 0), q_col(&q, 1)};
	q_end(&q);
	return r < 0 ? r : n;
}

/* A code of another store stands for another id under the new key. */
static int keep_code(struct work *w, const struct old_code *o, struct err *err)
{
	char code[ORDER_CODE_SIZE];
	int64_t id;
	int r = order_code_encode(&w->from->keys, o->code, code);

	if (r == 0)
		r = order_code_decode(&w->core.keys, code, &id, NULL);
	if (r < 0)
		return err_set(err, TIX_EINTERNAL, NULL, "an old code is damaged");
	return q_run(w->db, SQL_alias_add, err, 2, (const int64_t[]){id, o->order});
}

/* All are read before the first is written: a new number may be one of those to come. */
static int old_codes(struct work *w, struct err *err)
{
	struct old_code *all = NULL, v[SLICE];
	size_t count = 0, cap = 0;
	int64_t after = -1;
	int n, r = 0;

	arena_reset(w->arena);
	do {
		n = read_codes(w, after, v, err);
		for (int i = 0; i < n; i++) {
			struct old_code *more =
			    arena_more(w->arena, all, count, &cap, sizeof(*all));

			if (!more)
				return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
			all = more;
			all[count++] = v[i];
			after = v[i].code;
		}
	} while (n == SLICE);
	if (n >= 0)
		r = q_run(w->db, SQL_clone_alias_drop, err, 0, NULL);
	for (size_t i = 0; n >= 0 && r >= 0 && i < count; i++)
		r = keep_code(w, &all[i], err);
	return n < 0 ? n : r < 0 ? r : 0;
}

static int change(struct work *w, struct err *err)
{
	int r = db_exec(w->db, "pragma secure_delete=on", err);

	if (r == 0)
		r = db_triggers(w->db, false, err);
	if (r == 0)
		r = db_begin(w->db, err);
	if (r == 0)
		r = new_key(w, err);
	if (r == 0)
		r = forget(w, err);
	if (r == 0)
		r = move_times(w, err);
	if (r == 0)
		r = scrub(w, err);
	if (r == 0)
		r = old_codes(w, err);
	if (r == 0)
		r = chain(w, err);
	if (r == 0)
		r = db_commit(w->db, err);
	return r;
}

/* Nothing of what was replaced stays in the file. */
static int tidy(struct work *w, struct err *err)
{
	int64_t left;
	int r = db_exec(w->db, "vacuum", err);

	return r < 0 ? r : db_checkpoint(w->db, &left, err);
}

static int prove(struct work *w, struct err *err)
{
	struct audit audit = {0};
	const struct audit_finding *f;
	int r;

	arena_reset(w->arena);
	r = backup_audit(&w->core, w->copy, w->now, w->arena, &audit, err);
	f = audit.findings.v;
	if (r == 0 && !audit.ok)
		r = err_set(err, TIX_EINTERNAL, NULL, "the copy is not sound: %s %s: %.200s",
		    f->law, f->subject, f->message);
	if (r == TIX_EINTERNAL)
		err_hint(err, "tix audit on the store tells whether it was so before");
	return r;
}

static int place(struct work *w, struct err *err)
{
	int r = store_key_add(w->k->to, w->master, err);

	if (r == 0 && rename(w->copy, w->k->to) < 0)
		r = err_set(err, TIX_EUNAVAILABLE, "disk", "cannot name the copy %.300s: %s",
		    w->k->to, strerrordesc_np(errno));
	return r < 0 ? r : store_sync_folder(w->k->to, err);
}

static int make(struct work *w, struct err *err)
{
	int r = copy_store(w, err);

	if (r == 0)
		r = db_open(w->core.store_url, DB_WRITER, false, &w->db, err);
	if (r == 0)
		r = change(w, err);
	if (r == 0)
		r = tidy(w, err);
	db_close(w->db);
	if (r == 0)
		r = prove(w, err);
	if (r == 0)
		r = place(w, err);
	if (r < 0)
		backup_remove(w->copy);
	return r;
}

int clone_run(struct clone *k, const struct core *core, struct err *err)
{
	struct work w = {.k = k, .from = core, .core = *core, .now = clock_now(core->clock)};
	int lock = -1, r = check_place(k, err);

	if (r == 0)
		r = store_lock(k->to, &lock, err);
	w.arena = arena_new(MEMORY);
	if (r == 0 && !w.arena)
		r = err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	snprintf(w.copy, sizeof(w.copy), "%.*s.cloning", DB_PATH_MAX - 32, k->to);
	snprintf(w.core.store_url, sizeof(w.core.store_url), "sqlite:%.*s",
	    (int)sizeof(w.core.store_url) - 8, w.copy);
	if (r == 0) {
		backup_remove(w.copy);
		r = make(&w, err);
	}
	sodium_memzero(w.master, sizeof(w.master));
	arena_free(w.arena);
	if (lock >= 0)
		close(lock);
	return r;
}
