/* SPDX-License-Identifier: MIT */
/* Migrations: the files of store/migrations, built in, with their checksums. It changes tables,
 * never rows of ours. */
#include "store/migrate.h"

#include <sodium.h>
#include <string.h>

#include "base/failpoint.h"
#include "base/mem.h"

static const struct step {
	int version;
	const char *name;
	const char *sql;
} steps[] = {
#include "store/migrations.inc"
};

#define SUM_HEX 65

static const char own_table[] = "CREATE TABLE IF NOT EXISTS migration (\n"
				"	version BIGINT PRIMARY KEY,\n"
				"	name TEXT NOT NULL,\n"
				"	checksum TEXT NOT NULL,\n"
				"	at BIGINT NOT NULL\n"
				");\n";

int migrate_version(void)
{
	return steps[ARRAY_LEN(steps) - 1].version;
}

static void checksum(const struct step *s, char ret[SUM_HEX])
{
	unsigned char sum[(SUM_HEX - 1) / 2];

	crypto_generichash(
	    sum, sizeof(sum), (const unsigned char *)s->sql, strlen(s->sql), NULL, 0);
	sodium_bin2hex(ret, SUM_HEX, sum, sizeof(sum));
}

const char *migrate_text(int i)
{
	if (i == 0)
		return own_table;
	return i > 0 && (size_t)i <= ARRAY_LEN(steps) ? steps[i - 1].sql : NULL;
}

int migrate_current(struct db *db, int *ret, struct err *err)
{
	struct q q;
	int r = db_ddl(db, own_table, err);

	if (r < 0)
		return r;
	q_start(&q, db, SQL_migration_last, err);
	r = q_step(&q);
	if (r >= 0)
		*ret = r == 1 ? (int)q_col(&q, 0) : 0;
	q_end(&q);
	return r < 0 ? r : 0;
}

/* A step that ran must have had the text that we have. */
static int verify(struct db *db, const struct step *s, struct err *err)
{
	char want[SUM_HEX];
	struct q q;
	int r;

	checksum(s, want);
	q_start(&q, db, SQL_migration_sum, err);
	q_i64(&q, 1, s->version);
	r = q_step(&q);
	if (r == 1 && strcmp(q_text(&q, 0), want) == 0)
		r = 0;
	else if (r >= 0)
		r = err_set(err, TIX_EVERSION, "store",
		    "step %d (%s) of the store's tables is not ours", s->version, s->name);
	q_end(&q);
	return r;
}

static int apply(struct db *db, const struct step *s, int64_t now, struct err *err)
{
	char sum[SUM_HEX];
	struct q q;
	int r = db_begin(db, err);

	if (r < 0)
		return r;
	r = db_ddl(db, s->sql, err);
	if (r == 0) {
		checksum(s, sum);
		q_start(&q, db, SQL_migration_add, err);
		q_i64(&q, 1, s->version);
		q_str(&q, 2, s->name);
		q_str(&q, 3, sum);
		q_i64(&q, 4, now);
		r = q_step(&q);
		q_end(&q);
	}
	if (r == 0 && FAILPOINT("migrate") < 0)
		r = err_set(err, TIX_EINTERNAL, NULL, "failpoint");
	if (r == 0)
		r = db_commit(db, err);
	if (r < 0)
		db_rollback(db);
	return r;
}

int migrate(struct db *db, int64_t now, struct err *err)
{
	int have = 0, r = migrate_current(db, &have, err);

	if (r < 0)
		return r;
	if (have > migrate_version())
		return err_set(err, TIX_EVERSION, "store",
		    "the store has version %d, this program knows version %d: use a newer one",
		    have, migrate_version());
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(steps); i++) {
		if (steps[i].version <= have)
			r = verify(db, &steps[i], err);
		else
			r = apply(db, &steps[i], now, err);
	}
	return r;
}
