/* SPDX-License-Identifier: MIT */
/* One connection: bytes become lines, lines become calls, replies become one write a turn of the
 * loop. It knows nothing of methods. Loop thread only. */
#ifndef DAEMON_CONN_H
#define DAEMON_CONN_H

#include <uv.h>

#include "base/buf.h"
#include "daemon/tixd.h"

#define FRAME_UNKNOWN (16U << 10) /* longest line before the first valid request */
#define FRAME_KNOWN (1U << 20)	  /* and after it */
#define CALLS_MAX 4096		  /* calls under way on a connection; then it is not read */
#define READS_MAX 64		  /* of them reads, whose replies may be large */
#define OUT_PAUSE (256U << 10)	  /* output that waits; then it is not read */
#define OUT_STREAM                                                                                 \
	(8U << 20)	    /* output that waits on a slow reader of a stream; then it is dropped */
#define OUT_MAX (64U << 20) /* output that waits on anybody; then it is dropped */

struct peer;

struct conn {
	uv_pipe_t pipe;
	struct tixd *t;
	struct peer *peer;
	const struct zone *zone;  /* that system.hello named, NULL: UTC */
	struct conn *prev, *next; /* all connections */
	struct conn *dirty_next;  /* those with output of this turn */
	struct sub *subs;
	struct buf in;	 /* what is no whole line yet, or waits */
	struct buf out;	 /* for the next write */
	struct buf wire; /* being written, from wire_off on */
	uv_write_t write;
	size_t wire_off;
	size_t scanned;	      /* bytes of in without a line feed */
	uint64_t stuck_since; /* loop time since when nothing of the output was taken, 0: all of it
				 was */
	size_t stuck;	      /* bytes that waited then, the kernel's included */
	uint64_t half_since;  /* loop time when in began to wait for its end, 0: it does not */
	int calls;	      /* under way */
	int reads;	      /* of them on reading threads */
	int nsubs;
	int64_t last_sub;  /* number of the newest stream */
	_Atomic bool gone; /* nobody will read a reply; other threads may look */
	bool known, reading, writing, dirty, ending, closed;
};

/* Takes over a connection that the server accepted; c->pipe is open. */
void conn_start(struct conn *c);

/* Its output has grown: it is written at the end of the turn. */
void conn_touch(struct conn *c);

/* Bytes that wait to be read by the other side. */
size_t conn_pending(const struct conn *c);

/* A call has ended: takes the connection up again if it was held back. */
void conn_call_done(struct conn *c, bool read);

/* No more calls; closes once what is under way has been answered and written. */
void conn_end(struct conn *c);

/* Closes at once; the memory goes when the last call has ended. */
void conn_close(struct conn *c);

/* Sends an error that belongs to no call. */
void conn_refuse(struct conn *c, const struct err *err);

/* Writes what this turn has produced; called by the loop once a turn. */
void conn_flush_all(struct tixd *t);

/* Ends a connection whose half line is older than limit_ms. */
void conn_check_half(struct conn *c, uint64_t now_ms, uint64_t limit_ms);

/* Drops a follower that has taken nothing for limit_ms of what waits for it. */
void conn_check_stuck(struct conn *c, uint64_t now_ms, uint64_t limit_ms);

#endif
