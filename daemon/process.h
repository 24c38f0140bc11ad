/* SPDX-License-Identifier: MIT */
/* What the process asks of the kernel at its start: limits, signals, and no dump that could hold a
 * secret. */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <uv.h>

/* No core dump, not traceable by others of the same user, no SIGPIPE. */
void process_harden(void);

/* Room for so many connections. Returns how many there is room for, which may be less. */
int process_room(int connections);

/* libuv aborts when its table of descriptors cannot grow: makes it grow now. 0 or a code of libuv.
 */
int process_reserve(uv_loop_t *loop, int connections);

#endif
