/* SPDX-License-Identifier: MIT */
/* What the daemon says of itself: who it is, how it is, what can be called, what time it is. hello,
 * describe and clock_set run on the loop and never touch the store; status runs on a reading
 * thread. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/when.h"
#include "base/zone.h"
#include "daemon/conn.h"
#include "daemon/methods.h"
#include "daemon/peer.h"
#include "daemon/tixd.h"
#include "daemon/writer_thread.h"
#include "rpc/codec.h"
#include "store/migrate.h"

/* The caller's zone, from its name in the field tz. */
static int caller_zone(struct call *c, const char *name, const struct zone **ret)
{
	int rc = name ? zone_get(name, ret, &c->err) : 0;

	if (rc == TIX_EBAD_VALUE)
		snprintf(c->err.field, sizeof(c->err.field), "tz");
	return rc;
}

int system_hello(struct call *c, const struct hello_in *in, struct hello *out)
{
	const char **names = arena_array(c->arena, RPC_ROLE_COUNT, sizeof(*names));
	const struct zone *zone = NULL;
	struct tixd *t = tixd_of(c);
	int rc;

	if (HAS(in, hello_in, api) && in->api > RPC_API)
		return err_set(&c->err, TIX_EVERSION, "api", "this daemon speaks api %d, not %lld",
		    RPC_API, (long long)in->api);
	if (!names)
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	rc = caller_zone(c, in->tz, &zone);
	if (rc < 0)
		return rc;
	*out = (struct hello){.api = RPC_API,
	    .build = TIX_BUILD,
	    .digest = t->digest,
	    .principal = c->who->name,
	    .store = "sqlite",
	    .now = c->now};
	out->roles.v = names;
	out->roles.n = (size_t)peer_role_names(c->who, names);
	out->state = selling_get(t, NULL, 0);
	if (zone)
		job_of(c)->conn->zone = zone;
	return 0;
}

static int64_t rss_bytes(void)
{
	long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f) {
		if (fscanf(f, "%*d %lld", &pages) != 1)
			pages = 0;
		fclose(f);
	}
	return pages * sysconf(_SC_PAGESIZE);
}

/* The newest journal record and the number of orders, as the store has them. */
static int read_store(struct call *c, struct status *out)
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
			sodium_bin2hex(hash, 65, blob, len);
	}
	q_end(&q);
	out->hash = hash;
	if (rc < 0)
		return rc;
	q_start(&q, c->db, SQL_max_order, &c->err);
	rc = q_step(&q);
	if (rc == 1)
		out->orders = q_col(&q, 0); /* ids are dense */
	q_end(&q);
	return rc < 0 ? rc : 0;
}

int system_status(struct call *c, const struct none *in, struct status *out)
{
	struct tixd *t = tixd_of(c);
	struct counters *k = &t->count;
	char *why = arena_alloc(c->arena, sizeof(t->selling.why));
	int rc, schema = 0;

	(void)in;
	if (!why)
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	*out = (struct status){.build = TIX_BUILD,
	    .pid = getpid(),
	    .started = t->started,
	    .now = c->now,
	    .store = c->core->store_url,
	    .connections = k->connections,
	    .subscriptions = k->subscriptions,
	    .calls = k->calls,
	    .refused = k->refused,
	    .batches = k->batches,
	    .writes = k->writes,
	    .wal_bytes = k->wal_bytes,
	    .rss_bytes = rss_bytes()};
	out->state = selling_get(t, why, sizeof(t->selling.why));
	out->why = why[0] ? why : NULL;
	rc = migrate_current(c->db, &schema, &c->err);
	out->schema = schema;
	return rc < 0 ? rc : read_store(c, out);
}

int system_clock_set(struct call *c, const struct clock_in *in, struct clock_out *out)
{
	struct tixd *t = tixd_of(c);
	struct when_ctx ctx = {
	    .now = c->now, .start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t now;
	int rc = when_parse(in->now, &ctx, &now, NULL, "now", &c->err);

	if (rc < 0)
		return rc;
	if (in->dry_run)
		SET(out, clock_out, dry_run);
	out->dry_run = in->dry_run;
	out->now = now;
	if (!in->dry_run) {
		clock_test_set(t->test_clock, now);
		writer_thread_poke(t->writer);
	}
	return 0;
}

int rpc_describe(struct call *c, const struct describe_in *in, struct describe *out)
{
	const struct rpc_method *only =
	    in->method ? rpc_find(in->method, strlen(in->method)) : NULL;
	bool test = tixd_of(c)->test_clock != NULL;
	struct buf b;
	int rc;

	if (in->method && (!only || ((only->flags & RPC_TEST) && !test)))
		return rpc_unknown_method(in->method, strlen(in->method), test, &c->err);
	buf_init(&b, 0);
	rc = rpc_describe_methods(&b, only, test);
	out->api = RPC_API;
	out->methods = rc == 0 ? arena_strdup(c->arena, buf_str(&b)) : NULL;
	buf_done(&b);
	return out->methods ? 0 : err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
}
