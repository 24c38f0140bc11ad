/* SPDX-License-Identifier: MIT */
/* ^C and SIGTERM of a command that goes on until then. */
#ifndef CLI_LEAVE_H
#define CLI_LEAVE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* From here on they end the program at once, with 0: for calls to a daemon that may hang, while there
 * is nothing to sum up. */
void leave_at_once(void);

/* From here on they are kept until leave_wait lets them in, so that none is lost. */
void leave_later(void);

/* Sleeps until a file is ready, one of them comes, or us microseconds have passed. */
void leave_wait(struct pollfd *p, nfds_t n, int64_t us);

/* The signal that leave_wait let in; 0: none. */
int leave_signal(void);

/* Whether one was kept since. */
bool leave_pending(void);

#endif
