/* SPDX-License-Identifier: MIT */
/* A histogram of durations with a constant relative error (below 1 %), in constant memory. */
#ifndef CLI_HIST_H
#define CLI_HIST_H

#include <stdint.h>

#define HIST_STEPS_LOG2 7 /* 128 steps for each power of two */
#define HIST_POWERS 34	  /* up to about 12 days in microseconds; longer counts as that */
#define HIST_SLOTS ((HIST_POWERS + 1) << HIST_STEPS_LOG2)

/* Plain value: all zero is empty. */
struct hist {
	uint64_t count;
	uint64_t slot[HIST_SLOTS];
	int64_t max;
};

/* A negative duration counts as 0. */
void hist_add(struct hist *h, int64_t us);

/* The duration that ppm millionths of the values do not exceed: 500000 is the median, 999000 is
 * p99.9. Never more than the largest value; 0 while empty. */
int64_t hist_at(const struct hist *h, int64_t ppm);

#endif
