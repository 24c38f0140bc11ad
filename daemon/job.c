/* SPDX-License-Identifier: MIT */
/* Lists, the pool and the way back of jobs. It never looks into a call. */
#include "daemon/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/follow.h"
#include "daemon/tixd.h"

void job_push(struct job_list *l, struct job *j)
{
	j->next = NULL;
	if (l->tail)
		l->tail->next = j;
	else
		l->head = j;
	l->tail = j;
	l->n++;
}

struct job *job_pop(struct job_list *l)
{
	struct job *j = l->head;

	if (!j)
		return NULL;
	l->head = j->next;
	if (!l->head)
		l->tail = NULL;
	l->n--;
	j->next = NULL;
	return j;
}

void job_move(struct job_list *l, struct job_list *from)
{
	if (!from->head)
		return;
	if (l->tail)
		l->tail->next = from->head;
	else
		l->head = from->head;
	l->tail = from->tail;
	l->n += from->n;
	*from = (struct job_list){0};
}

struct job *job_new(struct tixd *t)
{
	struct job *j = job_pop(&t->pool);
	struct arena *a = j ? j->arena : arena_new(JOB_ARENA_MAX);

	if (!j)
		j = malloc(sizeof(*j));
	if (!j || !a) {
		free(j);
		arena_free(a);
		return NULL;
	}
	memset(j, 0, sizeof(*j));
	j->t = t;
	j->arena = a;
	snprintf(j->request, sizeof(j->request), "%08x-%llx", t->boot_id,
	    (unsigned long long)++t->requests);
	j->call.core = &t->core;
	j->call.arena = a;
	j->call.request = j->request;
	return j;
}

void job_end(struct job *j)
{
	struct tixd *t = j->t;

	if (t->pool.n < JOB_POOL_MAX) {
		arena_reset(j->arena);
		job_push(&t->pool, j);
		return;
	}
	arena_free(j->arena);
	free(j);
}

void done_push(struct done *d, struct job_list *jobs, struct pub *pub)
{
	bool wake;

	if (!jobs->head && !pub)
		return;
	pthread_mutex_lock(&d->lock);
	wake = !d->jobs.head && !d->pubs;
	job_move(&d->jobs, jobs);
	if (pub) {
		*d->pubs_tail = pub;
		d->pubs_tail = &pub->next;
	}
	pthread_mutex_unlock(&d->lock);
	if (wake)
		uv_async_send(&d->wake);
}
