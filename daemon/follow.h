/* SPDX-License-Identifier: MIT */
/* Fan-out of the journal to those who follow it. A follower that keeps up gets what the writer has
 * just committed; one that is behind gets pages from the store until it has caught up. Either way
 * each record once, in order. */
#ifndef DAEMON_FOLLOW_H
#define DAEMON_FOLLOW_H

#include "core/journal.h"
#include "daemon/tixd.h"

#define SUBS_MAX 16 /* streams on one connection */

/* What the writer shall copy for followers. */
enum follow_want {
	FOLLOW_NOTHING, /* only how far the journal goes */
	FOLLOW_COUNTS,	/* topic and event */
	FOLLOW_ALL,
};

/* What one commit added to the journal; constant once handed over. */
struct pub {
	struct pub *next;
	int64_t first, last;
	enum follow_want has;
	int n; /* copied records, 0: none */
	struct journal_entry entries[];
};

/* NULL without memory (followers then read the store). */
struct pub *pub_new(const struct journal_entry *entries, int n, int want);

/* One that has only the end of the journal; followers read the store. */
void follow_published(struct tixd *t, const struct pub *p);

/* The connection's output has been taken: streams that waited for it go on. */
void follow_room(struct conn *c);

/* Ends the streams of a connection. */
void follow_end_all(struct conn *c);

int follow_start(struct tixd *t);

#endif
