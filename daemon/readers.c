/* SPDX-License-Identifier: MIT */
/* One queue, many takers. A handle is opened when its thread has its first work, so that an idle
 * daemon is small. */
#include "daemon/readers.h"

#include <stdlib.h>

#include "core/frame.h"
#include "daemon/conn.h"
#include "daemon/tixd.h"

struct readers {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list queue;
	struct tixd *t;
	int64_t max_age; /* microseconds that one answer may take */
	bool stop;
	int idle; /* threads that sleep */
	int n;
	pthread_t threads[READERS_MAX];
};

static struct job *take(struct readers *r)
{
	struct job *j;

	pthread_mutex_lock(&r->lock);
	while (!r->queue.head && !r->stop) {
		r->idle++;
		pthread_cond_wait(&r->wake, &r->lock);
		r->idle--;
	}
	j = job_pop(&r->queue);
	pthread_mutex_unlock(&r->lock);
	return j;
}

static void run(struct readers *r, struct job *j, struct db *db)
{
	const struct clock *clock = r->t->core.clock;

	db_deadline(db, clock, clock_mono(clock) + r->max_age, "reader_max_age");
	j->work(j, db);
	db_deadline(db, clock, 0, NULL);
	if (j->call.result == TIX_ESTOPPED)
		selling_stop(r->t, j->call.err.message); /* who reads damage must not write on */
}

static void *read_on(void *arg)
{
	struct readers *r = arg;
	struct db *db = NULL;
	struct job *j;

	while ((j = take(r))) {
		struct job_list one = {0};

		if (j->conn->gone)
			j->call.result = TIX_EUNAVAILABLE;
		else if (!db && reader_open(&r->t->core, &db, &j->call.err) < 0)
			j->call.result = j->call.err.code;
		else
			run(r, j, db);
		job_push(&one, j);
		done_push(&r->t->done, &one, NULL);
	}
	db_close(db);
	return NULL;
}

int readers_start(struct tixd *t, int n, struct readers **ret, struct err *err)
{
	struct readers *r = calloc(1, sizeof(*r));

	if (!r)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
	r->t = t;
	r->max_age = t->conf.reader_max_age;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->wake, NULL);
	while (r->n < n && r->n < READERS_MAX) {
		if (pthread_create(&r->threads[r->n], NULL, read_on, r) != 0) {
			readers_stop(r);
			return err_set(
			    err, TIX_EUNAVAILABLE, NULL, "no memory for %d reading threads", n);
		}
		r->n++;
	}
	*ret = r;
	return 0;
}

void readers_submit(struct readers *r, struct job *j)
{
	bool wake;

	pthread_mutex_lock(&r->lock);
	job_push(&r->queue, j);
	wake = r->idle > 0;
	pthread_mutex_unlock(&r->lock);
	if (wake) /* after the lock, or a thread would wake up only to wait for that */
		pthread_cond_signal(&r->wake);
}

void readers_stop(struct readers *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_broadcast(&r->wake);
	pthread_mutex_unlock(&r->lock);
	for (int i = 0; i < r->n; i++)
		pthread_join(r->threads[i], NULL);
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
