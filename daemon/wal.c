/* SPDX-License-Identifier: MIT */
/* The states: quiet; copying beside the writer; resting, with the writer paused; and, when a reader
 * of an old snapshot keeps the log from being reset, quiet again until it has grown further. */
#include "daemon/wal.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/tixd.h"
#include "store/db.h"

#define PASSES 3	   /* copies beside the writer before it is asked to pause */
#define NEARLY_FRAMES 2048 /* so few frames left is nearly all: 8 MiB */
#define RETRY_BYTES                                                                                \
	(8 << 20) /* growth after which a log that could not be reset is tried again               \
		   */

enum wal_state { WAL_QUIET, WAL_COPYING, WAL_RESTING };

struct wal {
	pthread_mutex_t lock;
	pthread_cond_t wake;   /* the thread waits for work */
	pthread_cond_t rested; /* the writer waits for the rest */
	pthread_t thread;
	struct db *db;
	struct tixd *t;
	int64_t max, start_at, bytes;
	enum wal_state state;
	bool paused, stop;
};

/* One pass; returns frames left, < 0 when it failed. */
static int64_t copy(struct wal *w)
{
	struct err err = {0};
	int64_t left = -1;

	if (db_checkpoint(w->db, &left, &err) < 0) {
		log_line(&w->t->log, LEVEL_WARNING, NULL, "the log could not be copied: %s",
		    err.message);
		if (err.code == TIX_ESTOPPED)
			selling_stop(w->t, err.message);
		return -1;
	}
	return left;
}

/* Copies beside the writer until only a little is left. */
static int64_t copy_beside(struct wal *w)
{
	int64_t left = copy(w);

	for (int i = 1; i < PASSES && left > NEARLY_FRAMES; i++)
		left = copy(w);
	return left;
}

static int64_t copy_rest(struct wal *w)
{
	int64_t left;

	pthread_mutex_lock(&w->lock);
	w->state = WAL_RESTING;
	while (!w->paused && !w->stop)
		pthread_cond_wait(&w->wake, &w->lock);
	pthread_mutex_unlock(&w->lock);
	left = copy(w);
	return left;
}

static void finish(struct wal *w, int64_t left)
{
	pthread_mutex_lock(&w->lock);
	w->state = WAL_QUIET;
	w->start_at = left == 0 ? w->max / 2 : w->bytes + RETRY_BYTES;
	pthread_cond_signal(&w->rested);
	pthread_mutex_unlock(&w->lock);
}

static bool wait_for_work(struct wal *w)
{
	bool go;

	pthread_mutex_lock(&w->lock);
	while (w->state != WAL_COPYING && !w->stop)
		pthread_cond_wait(&w->wake, &w->lock);
	go = !w->stop;
	pthread_mutex_unlock(&w->lock);
	return go;
}

static void *keep(void *arg)
{
	struct wal *w = arg;

	while (wait_for_work(w)) {
		int64_t left = copy_beside(w);

		finish(w, left < 0 ? left : copy_rest(w));
	}
	return NULL;
}

int wal_start(struct tixd *t, const char *store_url, int64_t max, struct wal **ret, struct err *err)
{
	struct wal *w = calloc(1, sizeof(*w));
	int rc;

	if (!w)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
	w->max = max;
	w->t = t;
	w->start_at = max / 2;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	pthread_cond_init(&w->rested, NULL);
	rc = db_open(store_url, DB_ADMIN, false, &w->db, err);
	if (rc == 0 && pthread_create(&w->thread, NULL, keep, w) != 0) {
		db_close(w->db);
		rc = err_set(err, TIX_EUNAVAILABLE, NULL, "no thread");
	}
	if (rc < 0) {
		free(w);
		return rc;
	}
	*ret = w;
	return 0;
}

void wal_stop(struct wal *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	db_close(w->db);
	pthread_cond_destroy(&w->rested);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

/* Holds the writer until the log is copied. Called with the lock held. */
static void pause_writer(struct wal *w)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAL_PAUSE_MS / 1000;
	w->paused = true;
	pthread_cond_signal(&w->wake);
	while (w->state != WAL_QUIET) {
		if (pthread_cond_timedwait(&w->rested, &w->lock, &until) == ETIMEDOUT)
			break;
	}
	w->paused = false;
}

void wal_note(struct wal *w, int64_t bytes)
{
	pthread_mutex_lock(&w->lock);
	w->bytes = bytes;
	if (w->state == WAL_QUIET && bytes >= w->start_at) {
		w->state = WAL_COPYING;
		pthread_cond_signal(&w->wake);
	}
	if (w->state == WAL_RESTING || (w->state == WAL_COPYING && bytes >= w->max))
		pause_writer(w);
	pthread_mutex_unlock(&w->lock);
}

int64_t wal_max(struct wal *w)
{
	int64_t max;

	pthread_mutex_lock(&w->lock);
	max = w->max;
	pthread_mutex_unlock(&w->lock);
	return max;
}

void wal_limit(struct wal *w, int64_t max)
{
	pthread_mutex_lock(&w->lock);
	w->max = max;
	w->start_at = max / 2;
	pthread_mutex_unlock(&w->lock);
}
