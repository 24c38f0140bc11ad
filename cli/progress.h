/* SPDX-License-Identifier: MIT */
/* How far long work is: a line on a stderr terminal that is drawn over and goes away, a line a
 * minute where nobody sits. Nothing within 300 ms, nothing with -q, nothing for those who asked
 * for JSON and have no terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

/* Lives on the stack of who does the work, from progress_begin to progress_end. */
struct progress {
	struct cli *c;
	struct progress *outer; /* that was there before */
	char what[64];
	int64_t done, all; /* all 0: nobody knows */
	int64_t before;	   /* were done when we came; no part of the rate */
	int64_t started, drawn; /* monotonic microseconds */
	size_t shown;		/* cells that stand on the terminal */
};

/* what: harmless words of ours, or a job's number. */
void progress_begin(struct progress *p, struct cli *c, const char *what);

/* So far; as often as you like. note: one more word, "" for none. */
void progress_at(struct progress *p, int64_t done, int64_t all, const char *note);

/* Time passes in a call that says nothing meanwhile. */
void progress_tick(struct progress *p);

/* Takes the line away, so that something else can be written; NULL is taken. */
void progress_clear(struct progress *p);

void progress_end(struct progress *p);

#endif
