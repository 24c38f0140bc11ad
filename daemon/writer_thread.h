/* SPDX-License-Identifier: MIT */
/* The one thread that writes: what has gathered while a batch commits is the next batch. */
#ifndef DAEMON_WRITER_THREAD_H
#define DAEMON_WRITER_THREAD_H

#include "core/frame.h"
#include "daemon/job.h"

#define BATCH_MAX 512 /* calls in one commit */

struct wal;
struct writer_thread;

/* Owns writer and wal from then on, also on failure. */
int writer_thread_start(
    struct tixd *t, struct writer *w, struct wal *wal, struct writer_thread **ret, struct err *err);

/* Hands calls over, in order; the list is empty afterwards. */
void writer_thread_submit(struct writer_thread *w, struct job_list *jobs);

/* Time has moved (a test clock): look for what is due. */
void writer_thread_poke(struct writer_thread *w);

/* Finishes what it has, then ends the thread and closes the store. NULL is taken. */
void writer_thread_stop(struct writer_thread *w);

#endif
