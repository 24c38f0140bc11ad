/* SPDX-License-Identifier: MIT */
/* What keeps a run from harm that nobody watches: --lock and the end of --timeout. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include "cli/cli.h"

/* Takes the lock NAME of this user until the process ends, however it ends, also as another program. TIX_EBUSY when another run has it. It is a
 * name of the kernel's, not a file: it needs no directory and leaves nothing behind. */
int guard_lock(const char *name, struct err *e);

/* Sees that the process ends some time after the deadline even where it waits for a file, a pipe or a person: calls
 * keep the deadline themselves. c is read then. */
void guard_deadline(const struct cli *c);

/* Before another program takes the place of this one: it holds the locks from then on, and no clock
 * of ours ends it. */
void guard_leave(void);

#endif
