/* SPDX-License-Identifier: MIT */
/* Threads that read the store, each with a handle of its own; work is taken in order. */
#ifndef DAEMON_READERS_H
#define DAEMON_READERS_H

#include "daemon/job.h"

#define READERS_MAX 64

struct readers;

int readers_start(struct tixd *t, int n, struct readers **ret, struct err *err);

/* job->work runs on some reading thread, job->done afterwards on the loop. */
void readers_submit(struct readers *r, struct job *j);

/* Finishes what is queued, then ends the threads. NULL is taken. */
void readers_stop(struct readers *r);

#endif
