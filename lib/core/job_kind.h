/* SPDX-License-Identifier: MIT */
/* Kinds of jobs. A new kind is a member of enum job_kind, a row in core/job.def and two functions:
 *
 *   next  names the subjects after one, ascending: ids of rows, or numbers of staged lines;
 *   run   does one of them, as the principal who began the job (c->who): it calls core functions as
 *         a method would, and whatever they refuse becomes the item's error.
 *
 * Both run inside the transaction of a slice; so do before and after, which a kind has that works
 * on a file: what of the file counts is in mark (a JSON object, kept with the progress, e.g. its
 * length), so before opens the file and cuts it to that, after sets mark anew. A slice
 * that is not committed is done again from the same mark. Nobody calls begin or commit here.
 *
 * Who begins a job (job_start) counts its items, where that is cheap (0: they show as they come), checks what can be checked at once and puts what
 * run needs to know into params. A method that begins one has the flag RPC_JOB, and the reply a
 * field job. */
#ifndef CORE_JOB_KIND_H
#define CORE_JOB_KIND_H

#include "core/job.h"

#define JOB_SKIPPED 1 /* run: there was nothing to do */

/* phase: all in order; those that failed, then the rest; only those that failed. */
enum job_phase { JOB_ALL = 1, JOB_AGAIN = 2, JOB_FAILED = 3 };

struct job_rec {
	int64_t id, event; /* event 0: none */
	int kind, state;
	struct principal who;
	const char *params, *mark; /* JSON objects */
	const char *reason, *error;
	int64_t created, ended;
	int64_t total, done, failed, skipped;
	int phase;
	int64_t cursor, again; /* last subject tried; last one tried again */
	int64_t rate;
	const char *event_slug, *organizer; /* NULL: of no event */
};

struct job_ops {
	/* At most max subjects > after, ascending; returns how many, 0 at the end. */
	int (*next)(
	    struct call *c, const struct job_rec *job, int64_t after, int max, int64_t *ret);
	/* 0, JOB_SKIPPED, or why it failed. */
	int (*run)(struct call *c, const struct job_rec *job, int64_t subject);
	/* How people say a subject, in the arena; NULL: its number. */
	const char *(*name)(struct call *c, int64_t subject);
	int (*before)(struct call *c, struct job_rec *job); /* start of a slice; may be NULL */
	int (*after)(struct call *c, struct job_rec *job);  /* end of a slice; may be NULL */
	bool brief;					    /* keeps rows of what failed only */
};

/* NULL: no such kind. */
const struct job_ops *job_ops(int kind);

/* Parts of a kind that others can use: a subject that is an order's id. */
const char *job_order_name(struct call *c, int64_t id);

/* 1 found, 0 none. Whether the principal may see it is the caller's business. */
int job_rec_get(struct call *c, int64_t id, struct job_rec *ret);

/* The job that j31 names, if the principal may see it. */
int job_rec_find(struct call *c, const char *text, struct job_rec *ret);

/* The state of a job by the table of states, with its record in the journal: job.WORD. */
int job_become(struct call *c, const struct job_rec *job, int state, const char *topic);

#define JOB(kind, next, run, name, before, after, brief)                                           \
	int next(                                                                                  \
	    struct call *c, const struct job_rec *job, int64_t after_, int max, int64_t *ret);     \
	int run(struct call *c, const struct job_rec *job, int64_t subject);
#include "core/job.def"
#undef JOB

#endif
