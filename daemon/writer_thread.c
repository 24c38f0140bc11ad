/* SPDX-License-Identifier: MIT */
/* Takes, commits, hands back. A full disk is met by going on: the next batch is the trial. After a
 * failed sync nobody knows what is on disk, so nothing is written any more and calls are refused.
 */
#include "daemon/writer_thread.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "daemon/follow.h"
#include "daemon/tixd.h"
#include "daemon/wal.h"

#define PURGE_WAIT_MS 2000  /* for readers of what was erased; sales wait along, this once */
#define TEND_SOON_US 200000  /* housekeeping after a batch at the latest */
#define TEND_LATE_US 1000000 /* and without one */

struct writer_thread {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	struct job_list queue;
	bool sleeping, poked, stop;
	struct tixd *t;
	struct writer *w;
	struct wal *wal;
	int64_t tend_at; /* monotonic microseconds */
	bool failing;	 /* the disk was full at the last try */
};

static int64_t mono(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

/* Waits for calls, a poke, the end, or the time of housekeeping. Called with the lock held. */
static void wait_for_work(struct writer_thread *w)
{
	struct timespec until = {
	    .tv_sec = w->tend_at / USEC_PER_SEC, .tv_nsec = w->tend_at % USEC_PER_SEC * 1000};

	while (!w->queue.head && !w->poked && !w->stop) {
		w->sleeping = true;
		if (pthread_cond_timedwait(&w->wake, &w->lock, &until) != 0)
			break;
	}
	w->sleeping = false;
}

/* Moves at most a batch from the queue. Returns false when the thread shall end. */
static bool take(struct writer_thread *w, struct job_list *ret)
{
	bool go;

	pthread_mutex_lock(&w->lock);
	if (!w->queue.head)
		wait_for_work(w);
	if (w->queue.n <= BATCH_MAX) {
		job_move(ret, &w->queue);
	} else {
		for (int i = 0; i < BATCH_MAX; i++)
			job_push(ret, job_pop(&w->queue));
	}
	if (w->poked)
		w->tend_at = 0;
	w->poked = false;
	go = ret->head || !w->stop;
	pthread_mutex_unlock(&w->lock);
	return go;
}

static const char *failure_of(const struct job_list *jobs, int rc)
{
	for (const struct job *j = jobs->head; j; j = j->next) {
		if (j->call.result == rc && j->call.err.message[0])
			return j->call.err.message;
	}
	return err_info(rc)->text;
}

/* What a commit's outcome means for the calls to come. */
static void note_outcome(struct writer_thread *w, int rc, const char *why)
{
	const struct journal_entry *entries;

	if (rc == TIX_ESTOPPED) {
		selling_stop(w->t, why);
	} else if (rc < 0 && !w->failing) {
		w->failing = true;
		selling_failing(w->t, why);
		log_line(&w->t->log, LEVEL_ERROR, NULL, "nothing can be written for the moment: %s",
		    why);
	} else if (rc >= 0 && w->failing && writer_published(w->w, &entries) > 0) {
		/* Only what was written shows that: a batch of refusals writes nothing. */
		w->failing = false;
		selling_failing(w->t, "");
		log_line(&w->t->log, LEVEL_NOTICE, NULL, "writing works again");
	}
}

static void publish(struct writer_thread *w, struct job_list *jobs)
{
	const struct journal_entry *entries;
	int n = writer_published(w->w, &entries);

	for (int i = 0; i < n; i++) {
		if (strcmp(entries[i].topic, "hold.parked") == 0)
			log_line(&w->t->log, LEVEL_ERROR, NULL,
			    "the seats of the hold %s cannot be given back: see tix audit",
			    entries[i].subject);
	}
	done_push(
	    &w->t->done, jobs, n > 0 ? pub_new(entries, n, atomic_load(&w->t->follow)) : NULL);
}

/* Empties the log of what was erased; tells those who erased whether that was possible. */
static void purge(struct writer_thread *w, struct job_list *jobs, int wait_ms)
{
	struct err err = {0};
	int rc = writer_purge(w->w, wait_ms, &err);

	note_outcome(w, rc, err.message);
	atomic_store_explicit(&w->t->count.unpurged, rc != 1, memory_order_relaxed);
	for (struct job *j = jobs->head; j; j = j->next) {
		const struct mut_in *in = j->call.in;

		if (j->method->id == RPC_person_erase && j->call.result == 0 && !in->dry_run)
			((struct person_erased *)j->call.out)->log_clean = rc == 1;
	}
}

static void run_batch(struct writer_thread *w, struct job_list *jobs)
{
	struct call *calls[BATCH_MAX];
	struct counters *count = &w->t->count;
	int n = 0, rc;

	for (struct job *j = jobs->head; j; j = j->next)
		calls[n++] = &j->call;
	rc = writer_batch(w->w, calls, n);
	note_outcome(w, rc, rc < 0 ? failure_of(jobs, rc) : "");
	if (rc >= 0 && writer_unpurged(w->w) && !atomic_load(&count->unpurged))
		purge(w, jobs, PURGE_WAIT_MS);
	atomic_fetch_add_explicit(&count->batches, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&count->writes, n, memory_order_relaxed);
	publish(w, jobs);
	if (w->tend_at > mono() + TEND_SOON_US)
		w->tend_at = mono() + TEND_SOON_US;
}

static void tend(struct writer_thread *w)
{
	struct job_list none = {0};
	int64_t wait;

	if (writer_unpurged(w->w))
		purge(w, &none, 0);
	wait = writer_tend(w->w);

	note_outcome(w, wait < 0 ? (int)wait : 0, wait < 0 ? err_info((int)wait)->text : "");
	if (wait < 0 || wait > TEND_LATE_US)
		wait = TEND_LATE_US;
	w->tend_at = mono() + wait;
	publish(w, &none);
}

static void refuse(struct writer_thread *w, struct job_list *jobs)
{
	char why[256];

	selling_get(w->t, why, sizeof(why));
	for (struct job *j = jobs->head; j; j = j->next)
		j->call.result =
		    err_set(&j->call.err, TIX_ESTOPPED, NULL, "sales are stopped: %s", why);
	done_push(&w->t->done, jobs, NULL);
}

static void *write_on(void *arg)
{
	struct writer_thread *w = arg;
	struct job_list jobs = {0};

	while (take(w, &jobs)) {
		if (selling_stopped(w->t)) {
			refuse(w, &jobs);
			w->tend_at = mono() + TEND_LATE_US;
		} else {
			int64_t bytes;

			if (jobs.head)
				run_batch(w, &jobs);
			if (!selling_stopped(w->t) && mono() >= w->tend_at)
				tend(w);
			bytes = writer_wal_bytes(w->w);
			atomic_store_explicit(&w->t->count.wal_bytes, bytes, memory_order_relaxed);
			wal_note(w->wal, bytes);
		}
	}
	return NULL;
}

static int init_locks(struct writer_thread *w)
{
	pthread_condattr_t attr;
	int rc = pthread_condattr_init(&attr);

	if (rc == 0)
		rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (rc == 0)
		rc = pthread_cond_init(&w->wake, &attr);
	if (rc == 0)
		rc = pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_destroy(&attr);
	return rc;
}

int writer_thread_start(struct tixd *t, struct writer *writer, struct wal *wal,
    struct writer_thread **ret, struct err *err)
{
	struct writer_thread *w = calloc(1, sizeof(*w));

	if (w) {
		w->t = t;
		w->w = writer;
		w->wal = wal;
	}
	if (!w || init_locks(w) != 0 || pthread_create(&w->thread, NULL, write_on, w) != 0) {
		free(w);
		wal_stop(wal);
		writer_free(writer);
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory for the writing thread");
	}
	*ret = w;
	return 0;
}

/* Ends the lock's hold and wakes the thread if it sleeps: after the lock, or it would wake up only
 * to wait for that. */
static void unlock_and_wake(struct writer_thread *w)
{
	bool wake = w->sleeping;

	w->sleeping = false;
	pthread_mutex_unlock(&w->lock);
	if (wake)
		pthread_cond_signal(&w->wake);
}

void writer_thread_submit(struct writer_thread *w, struct job_list *jobs)
{
	pthread_mutex_lock(&w->lock);
	job_move(&w->queue, jobs);
	unlock_and_wake(w);
}

void writer_thread_poke(struct writer_thread *w)
{
	pthread_mutex_lock(&w->lock);
	w->poked = true;
	unlock_and_wake(w);
}

void writer_thread_stop(struct writer_thread *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	unlock_and_wake(w);
	pthread_join(w->thread, NULL);
	wal_stop(w->wal);
	writer_free(w->w);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
