/* SPDX-License-Identifier: MIT */
/* The loop's own life: what happens once a turn, once a second, on signals, and how it ends. Loop
 * thread only. */
#ifndef DAEMON_LIFE_H
#define DAEMON_LIFE_H

#include "daemon/tixd.h"

#define DRAIN_MS 15000 /* a drain that takes longer ends at once */

/* Prepares loop, wake-ups and signals; nothing runs yet. */
int life_init(struct tixd *t, struct err *err);

/* Runs until the daemon has drained. */
void life_run(struct tixd *t);

/* Frees what life_init made; the parts must be stopped. */
void life_done(struct tixd *t);

#endif
