/* SPDX-License-Identifier: MIT */
/* A turn of the loop: calls have been read and answers have come back; now all writes go over in
 * one piece and each connection gets one write. */
#include "daemon/life.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/sd.h"
#include "daemon/backup.h"
#include "daemon/conn.h"
#include "daemon/follow.h"
#include "daemon/options.h"
#include "daemon/peer.h"
#include "daemon/server.h"
#include "daemon/wal.h"
#include "daemon/writer_thread.h"

static void hand_over(struct tixd *t)
{
	if (t->writes.head)
		writer_thread_submit(t->writer, &t->writes);
}

static bool drained(const struct tixd *t)
{
	return t->draining && t->jobs == 0 && t->count.connections == 0;
}

static void end_turn(struct tixd *t)
{
	hand_over(t);
	conn_flush_all(t); /* room in the output may let more calls in */
	hand_over(t);
	if (drained(t))
		uv_stop(&t->loop);
}

static void on_prepare(uv_prepare_t *h)
{
	end_turn(h->data);
}

static void on_check(uv_check_t *h)
{
	struct tixd *t = h->data;

	server_turn(t->server);
	end_turn(t);
}

static void take_done(struct done *d, struct job_list *ret_jobs, struct pub **ret_pubs)
{
	pthread_mutex_lock(&d->lock);
	job_move(ret_jobs, &d->jobs);
	*ret_pubs = d->pubs;
	d->pubs = NULL;
	d->pubs_tail = &d->pubs;
	pthread_mutex_unlock(&d->lock);
}

static void on_done(uv_async_t *h)
{
	struct tixd *t = h->data;
	struct job_list jobs = {0};
	struct pub *pubs, *next;
	struct job *j;

	take_done(&t->done, &jobs, &pubs);
	for (; pubs; pubs = next) {
		next = pubs->next;
		follow_published(t, pubs);
		free(pubs);
	}
	while ((j = job_pop(&jobs)))
		j->done(j);
}

static void on_drain_late(uv_timer_t *h)
{
	struct tixd *t = h->data;

	log_line(&t->log, LEVEL_WARNING, NULL, "the drain takes too long: closing %lld connections",
	    (long long)t->count.connections);
	server_close_all(t->server);
}

static void drain(struct tixd *t)
{
	t->draining = true;
	selling_set(t, sell_state_draining, "the daemon is about to end");
	sd_tell("STOPPING=1\nSTATUS=draining");
	log_line(&t->log, LEVEL_NOTICE, NULL, "draining");
	backup_stop(t);
	server_stop_listening(t->server);
	server_end_all(t->server);
	uv_timer_start(&t->drain_timer, on_drain_late, DRAIN_MS, 0);
}

static void on_end(uv_signal_t *h, int number)
{
	struct tixd *t = h->data;

	if (t->draining) {
		log_line(
		    &t->log, LEVEL_WARNING, NULL, "a second signal %d: ending at once", number);
		_exit(128 + number);
	}
	drain(t);
}

static void on_reload(uv_signal_t *h, int number)
{
	struct tixd *t = h->data;
	struct err err = {0};

	(void)number;
	if (options_reload(&t->options, &t->conf, &err) < 0) {
		log_line(
		    &t->log, LEVEL_ERROR, NULL, "the settings stay as they were: %s", err.message);
		return;
	}
	log_set_level(&t->log, (enum log_level)t->conf.log_level);
	wal_limit(t->wal, t->conf.wal_max_mib << 20);
	peers_reload(t->peers, &t->conf);
	server_end_stale(t->server);
	log_line(&t->log, LEVEL_NOTICE, NULL, "settings read again");
}

static void on_tick(uv_timer_t *h)
{
	struct tixd *t = h->data;
	char status[320], why[256];

	server_tick(t->server);
	if (selling_get(t, why, sizeof(why)) == sell_state_stopped && !t->told_stopped) {
		t->told_stopped = true;
		snprintf(status, sizeof(status), "STATUS=sales are stopped: %s", why);
		sd_tell(status);
	}
}

static void on_watchdog(uv_timer_t *h)
{
	(void)h;
	sd_tell("WATCHDOG=1");
}

static int init_locks(struct tixd *t)
{
	int rc = pthread_mutex_init(&t->done.lock, NULL);

	t->done.pubs_tail = &t->done.pubs;
	return rc == 0 ? pthread_mutex_init(&t->selling.lock, NULL) : rc;
}

/* All handles exist from the start, so that the end can close them without asking. */
static int init_handles(struct tixd *t)
{
	int rc = uv_async_init(&t->loop, &t->done.wake, on_done);

	rc |= uv_prepare_init(&t->loop, &t->prepare);
	rc |= uv_check_init(&t->loop, &t->check);
	rc |= uv_timer_init(&t->loop, &t->tick);
	rc |= uv_timer_init(&t->loop, &t->watchdog);
	rc |= uv_timer_init(&t->loop, &t->drain_timer);
	rc |= uv_signal_init(&t->loop, &t->on_term);
	rc |= uv_signal_init(&t->loop, &t->on_int);
	rc |= uv_signal_init(&t->loop, &t->on_hup);
	rc |= follow_start(t);
	t->done.wake.data = t->prepare.data = t->check.data = t->tick.data = t->watchdog.data = t;
	t->drain_timer.data = t->on_term.data = t->on_int.data = t->on_hup.data = t;
	return rc;
}

int life_init(struct tixd *t, struct err *err)
{
	int rc = init_locks(t);

	if (rc == 0)
		rc = uv_loop_init(&t->loop);
	t->has_loop = rc == 0;
	if (rc == 0)
		rc = init_handles(t);
	if (rc == 0)
		rc = uv_signal_start(&t->on_term, on_end, SIGTERM);
	if (rc == 0)
		rc = uv_signal_start(&t->on_int, on_end, SIGINT);
	if (rc == 0)
		rc = uv_signal_start(&t->on_hup, on_reload, SIGHUP);
	if (rc != 0)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "the event loop does not start: %s",
		    uv_strerror(rc));
	return 0;
}

void life_run(struct tixd *t)
{
	int64_t watchdog_ms = sd_watchdog_us() / 2000;

	uv_prepare_start(&t->prepare, on_prepare);
	uv_check_start(&t->check, on_check);
	uv_timer_start(&t->tick, on_tick, 1000, 1000);
	if (watchdog_ms > 0)
		uv_timer_start(&t->watchdog, on_watchdog, 0, (uint64_t)watchdog_ms);
	sd_tell("READY=1\nSTATUS=selling");
	fprintf(stderr, "tixd: ready on %s\n", t->conf.socket.s);
	uv_run(&t->loop, UV_RUN_DEFAULT);
}

static void close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

void life_done(struct tixd *t)
{
	struct job_list jobs = {0};
	struct pub *pubs, *next;
	struct job *j;

	if (!t->has_loop)
		return;
	take_done(&t->done, &jobs, &pubs);
	for (; pubs; pubs = next) {
		next = pubs->next;
		free(pubs);
	}
	uv_walk(&t->loop, close_handle, NULL);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	uv_loop_close(&t->loop);
	while ((j = job_pop(&t->pool))) {
		arena_free(j->arena);
		free(j);
	}
	pthread_mutex_destroy(&t->done.lock);
	pthread_mutex_destroy(&t->selling.lock);
}
