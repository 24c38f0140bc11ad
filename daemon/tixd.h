/* SPDX-License-Identifier: MIT */
/* The process: what its parts share. All of it belongs to the loop thread, but for core (constant
 * after start), the atomic counters and what has a lock of its own. */
#ifndef DAEMON_TIXD_H
#define DAEMON_TIXD_H

#include <stdatomic.h>
#include <uv.h>

#include "base/conf.h"
#include "base/log.h"
#include "daemon/job.h"
#include "daemon/options.h"

struct backup_run;
struct peers;
struct readers;
struct server;
struct sub;
struct trace;
struct wal;
struct writer_thread;

/* Counters that any thread may read. */
struct counters {
	_Atomic int64_t connections, subscriptions, calls, refused, batches, writes, wal_bytes;
	_Atomic bool unpurged; /* the log still holds what was erased */
};

/* Whether it sells, and if not why. */
struct selling {
	pthread_mutex_t lock;
	_Atomic int state; /* enum sell_state */
	char why[256];
};

struct tixd {
	struct core core;
	struct options options;
	struct conf conf;
	struct log log;
	uv_loop_t loop;
	struct done done;
	struct server *server;
	struct peers *peers;
	struct writer_thread *writer;
	struct wal *wal; /* the writing thread's, too */
	struct readers *readers;
	struct trace *trace;	  /* NULL: off */
	struct clock *test_clock; /* NULL: the machine's */
	struct job_list pool;
	struct job_list writes; /* gathered in this turn of the loop, handed over at its end */
	struct conn *dirty;	/* connections with output of this turn */
	int64_t jobs;		/* under way */
	int64_t head_seq;	/* newest record of the journal that the loop knows of */
	struct sub *subs;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_timer_t tick, watchdog, drain_timer;
	uv_timer_t stream_timer; /* digests and marks */
	uv_signal_t on_term, on_int, on_hup;
	_Atomic int follow; /* enum follow_want */
	struct counters count;
	struct selling selling;
	int64_t started;
	_Atomic int64_t backed_up; /* when the last backup was made; 0: none yet */
	struct backup_run *backup; /* NULL: none runs */
	char backup_file[256];	   /* its file; behind the lock of selling */
	uint64_t requests;
	unsigned boot_id;
	char digest[17]; /* of the table of methods */
	bool has_loop, draining, told_stopped;
};

/* The process a call runs in. */
struct tixd *tixd_of(const struct call *c);

void selling_set(struct tixd *t, int state, const char *why);
/* Why writes fail for the moment; "" when they work again. It goes on trying. From any thread. */
void selling_failing(struct tixd *t, const char *why);
/* Fail-stop: for good, and logged once. From any thread. */
void selling_stop(struct tixd *t, const char *why);
bool selling_stopped(const struct tixd *t);
/* Copies why ("" while it sells and can) and returns the state. */
int selling_get(struct tixd *t, char *ret_why, size_t size);

#endif
