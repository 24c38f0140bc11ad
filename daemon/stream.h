/* SPDX-License-Identifier: MIT */
/* One stream: its filter, its place in the journal, and what it tells its client. follow.c feeds
 * it. Loop thread only. */
#ifndef DAEMON_STREAM_H
#define DAEMON_STREAM_H

#include "core/journal.h"
#include "daemon/conn.h"

#define MARK_MS                                                                                    \
	1000 /* so often a client hears where its stream is, when nothing passes its filter */
#define COUNTS_MAX 128 /* kinds of records in one digest; more make it leave early */

struct count {
	char topic[64];
	char event[101];
	int64_t n;
};

struct sub {
	struct sub *next;      /* of the process */
	struct sub *conn_next; /* of the connection */
	struct conn *c;	       /* NULL: over, only a page of it is still being read */
	int64_t id;
	int64_t pos;	       /* looked at up to here */
	int64_t told;	       /* the client knows of this */
	char *event, *subject; /* filters, NULL: any */
	char **topics;
	size_t ntopics;
	bool by_organizer;  /* only the store knows which events are its principal's */
	bool behind;	    /* to be served from the store */
	bool reading;	    /* a page is being read */
	uint64_t digest_ms; /* 0: single records */
	uint64_t last_ms;   /* loop time of the last digest or mark */
	struct count *counts;
	int ncounts;
};

/* Takes copies. NULL without memory. */
struct sub *stream_new(struct conn *c, const struct journal_follow_in *in, int64_t pos);
void stream_free(struct sub *s);

/* Looks at one record that follows pos. */
void stream_take(struct sub *s, const struct journal_entry *e);

/* Sends the digest or mark if it is due. Returns the loop time of the next, 0 when there is nothing
 * to tell. */
uint64_t stream_tick(struct sub *s, uint64_t now_ms);

#endif
