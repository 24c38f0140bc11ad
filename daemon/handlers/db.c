/* SPDX-License-Identifier: MIT */
/* db.status: the store as a file. */
#include <sodium.h>
#include <string.h>

#include "daemon/backup.h"
#include "daemon/methods.h"
#include "daemon/tixd.h"
#include "store/migrate.h"

#define RUNNING_MAX 256

static int read_head(struct call *c, struct db_status *out)
{
	char *hash = arena_alloc(c->arena, 65);
	const void *blob;
	size_t len = 0;
	struct q q;
	int rc;

	if (!hash)
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	q_start(&q, c->db, SQL_journal_head, &c->err);
	rc = q_step(&q);
	if (rc == 1) {
		out->seq = q_col(&q, 0);
		blob = q_blob(&q, 1, &len);
		if (len == 32)
			out->hash = sodium_bin2hex(hash, 65, blob, len);
	}
	q_end(&q);
	return rc < 0 ? rc : 0;
}

int db_status(struct call *c, const struct none *in, struct db_status *out)
{
	const char *url = c->core->store_url;
	char *running = arena_alloc(c->arena, RUNNING_MAX);
	struct db_info info = {0};
	int schema = 0, rc = db_info(c->db, &info, &c->err);

	(void)in;
	out->store = url;
	out->key = arena_printf(c->arena, "%s.key", url + strcspn(url, ":") + 1);
	if (!running || !out->key)
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	out->bytes = info.bytes;
	out->wal_bytes = tixd_of(c)->count.wal_bytes;
	out->page_size = info.page_size;
	out->pages = info.pages;
	out->free_pages = info.free_pages;
	out->backup = backup_running(tixd_of(c), running, RUNNING_MAX);
	if (rc == 0)
		rc = migrate_current(c->db, &schema, &c->err);
	out->schema = schema;
	return rc < 0 ? rc : read_head(c, out);
}
