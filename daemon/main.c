/* SPDX-License-Identifier: MIT */
/* tixd: puts the parts together, runs them, and takes them apart. What they do
 * is theirs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/sd.h"
#include "base/text.h"
#include "base/when.h"
#include "core/frame.h"
#include "daemon/admin.h"
#include "daemon/bind.h"
#include "daemon/follow.h"
#include "daemon/life.h"
#include "daemon/options.h"
#include "daemon/peer.h"
#include "daemon/process.h"
#include "daemon/readers.h"
#include "daemon/server.h"
#include "daemon/trace.h"
#include "daemon/wal.h"
#include "daemon/writer_thread.h"
#include "rpc/codec.h"

/* What is wrong may quote a file or an argument: it goes to a terminal. */
static void put_line(const char *before, const char *text)
{
	AUTO(buf) struct buf b = {0};

	text_safe(&b, text, strlen(text));
	fprintf(stderr, "%s%s\n", before, buf_str(&b));
}

static int complain(const struct err *err)
{
	put_line("tixd: ", err->message);
	if (err->hint[0])
		put_line("  ", err->hint);
	return err_info(err->code)->exit_code;
}

static int set_clock(struct tixd *t, struct err *err)
{
	const char *text = t->options.test_clock;
	int64_t now = clock_now(clock_system());
	struct when_ctx ctx = {
	    .now = now, .start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int rc;

	t->core.clock = clock_system();
	if (!text)
		return 0;
	rc = text[0] ? when_parse(text, &ctx, &now, NULL, "test-clock", err) : 0;
	if (rc < 0)
		return rc;
	t->test_clock = clock_test_new(now);
	if (!t->test_clock)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
	t->core.clock = t->test_clock;
	return 0;
}

static int set_up(struct tixd *t, struct err *err)
{
	int rc = options_settings(&t->options, &t->conf, err);

	if (rc == 0)
		rc = set_clock(t, err);
	if (rc < 0)
		return rc;
	log_init(&t->log, 2, (enum log_level)t->conf.log_level, t->core.clock);
	snprintf(t->core.store_url, sizeof(t->core.store_url), "%s", t->conf.store.s);
	t->core.decode = rpc_decode_text;
	rpc_digest(t->digest);
	t->core.encode = rpc_encode;
	t->core.hold_default = t->conf.hold_default;
	t->core.bank_deadline = t->conf.bank_deadline;
	t->core.hold_max = t->conf.hold_max;
	t->core.idem_keep = t->conf.idempotency_days * 86400 * USEC_PER_SEC;
	t->started = clock_now(t->core.clock);
	t->selling.state = sell_state_selling;
	random_bytes(&t->boot_id, sizeof(t->boot_id));
	return 0;
}

/* Room for connections, before anything else takes descriptors. */
static int make_room(struct tixd *t, struct err *err)
{
	int want = (int)t->conf.max_connections, have = process_room(want), rc;

	if (have < want)
		log_line(&t->log, LEVEL_WARNING, NULL,
		    "there is room for %d connections only, not for %d", have, want);
	t->conf.max_connections = have;
	rc = process_reserve(&t->loop, have);
	if (rc < 0)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no room for %d connections: %s", have,
		    uv_strerror(rc));
	return 0;
}

static int open_store(struct tixd *t, struct err *err)
{
	struct writer *w = NULL;
	struct wal *wal = NULL;
	uint8_t hash[32];
	int rc = writer_open(&t->core, true, &w, err);

	if (rc < 0)
		return rc;
	writer_head(w, &t->head_seq, hash);
	rc = wal_start(t, t->core.store_url, t->conf.wal_max_mib << 20, &wal, err);
	if (rc < 0) {
		writer_free(w);
		return rc;
	}
	t->wal = wal;
	return writer_thread_start(t, w, wal, &t->writer, err);
}

static int start(struct tixd *t, struct err *err)
{
	int rc = life_init(t, err);

	if (rc == 0)
		rc = make_room(t, err);
	t->peers = peers_new(&t->conf);
	t->trace = trace_open(getenv("TIX_TRACE"));
	if (rc == 0 && !t->peers)
		rc = err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
	if (rc == 0 && sd_listen_fds() == 0)
		rc = bind_check(t->conf.socket.s, err);
	if (rc == 0)
		rc = open_store(t, err);
	if (rc == 0)
		rc = readers_start(t, (int)t->conf.readers, &t->readers, err);
	if (rc == 0)
		rc = server_start(t, t->conf.socket.s, &t->server, err);
	return rc;
}

/* Calls have ended: threads, then handles, then memory. */
static void stop(struct tixd *t)
{
	readers_stop(t->readers);
	writer_thread_stop(t->writer);
	life_done(t);
	server_free(t->server);
	peers_free(t->peers);
	trace_close(t->trace);
	clock_test_free(t->test_clock);
}

static int serve(struct tixd *t)
{
	struct err err = {0};
	int rc = set_up(t, &err);

	if (rc < 0)
		return complain(&err);
	process_harden();
	rc = start(t, &err);
	if (rc == 0) {
		life_run(t);
		log_line(&t->log, LEVEL_NOTICE, NULL, "drained");
	}
	stop(t);
	return rc < 0 ? complain(&err) : 0;
}

static int check(struct tixd *t)
{
	struct err err = {0};

	if (options_settings(&t->options, &t->conf, &err) < 0)
		return complain(&err);
	printf("tixd: the settings are good: store %s, socket %s\n", t->conf.store.s,
	    t->conf.socket.s);
	return 0;
}

int main(int argc, char **argv)
{
	static struct tixd t;
	struct err err = {0};

	if (argc > 1 && strcmp(argv[1], "db") == 0)
		return admin_main(argc - 1, argv + 1);
	if (options_parse(argc, argv, &t.options, &err) < 0)
		return complain(&err);
	if (t.options.help) {
		fputs(options_help, stdout);
		return 0;
	}
	if (t.options.version) {
		printf("tixd %s\n", TIX_BUILD);
		return 0;
	}
	return t.options.check ? check(&t) : serve(&t);
}
