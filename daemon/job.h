/* SPDX-License-Identifier: MIT */
/* One piece of work on its way between threads: a client's call or a page of the journal. The loop
 * makes it, one other thread at a time owns it, and it always comes back to the loop, which ends
 * it. */
#ifndef DAEMON_JOB_H
#define DAEMON_JOB_H

#include <pthread.h>
#include <stddef.h>
#include <uv.h>

#include "core/call.h"
#include "rpc/codec.h"

struct conn;
struct pub;
struct tixd;

#define JOB_ARENA_MAX (16U << 20) /* most memory one call may take */
#define JOB_POOL_MAX 256	  /* idle jobs that are kept */

struct job {
	struct job *next;
	struct tixd *t;
	struct conn *conn; /* stays until the job has ended, open or not */
	const struct rpc_method *method;
	void (*work)(struct job *j, struct db *db); /* on a reading thread */
	void (*done)(struct job *j);		    /* on the loop; ends the job */
	struct arena *arena;
	void *extra; /* of whoever set work and done */
	struct call call;
	char id[RPC_ID_MAX + 1]; /* raw JSON */
	char request[24];
};

#define CALL_LATER 1 /* what a handler on the loop returns that answers its call later */

static inline struct job *job_of(struct call *c)
{
	return (struct job *)((char *)c - offsetof(struct job, call));
}

struct job_list {
	struct job *head, *tail;
	int n;
};

void job_push(struct job_list *l, struct job *j);
struct job *job_pop(struct job_list *l);
/* Moves all of from behind l. */
void job_move(struct job_list *l, struct job_list *from);

/* A zeroed job with an empty arena and a new request id, NULL without memory. Loop thread only, as
 * job_end. */
struct job *job_new(struct tixd *t);
void job_end(struct job *j);

/* What other threads hand back to the loop: jobs, and what was committed to the journal. */
struct done {
	pthread_mutex_t lock;
	struct job_list jobs;
	struct pub *pubs, **pubs_tail;
	uv_async_t wake;
};

/* Hands over; both may be empty. One wake-up however many there are. */
void done_push(struct done *d, struct job_list *jobs, struct pub *pub);

#endif
