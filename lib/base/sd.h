/* SPDX-License-Identifier: MIT */
/* The service manager's protocol: readiness, watchdog, passed sockets. Without a service manager
 * every function says so and does nothing. */
#ifndef TIX_BASE_SD_H
#define TIX_BASE_SD_H

#include <stdint.h>

#define SD_LISTEN_FDS_START 3

/* Send a state such as "READY=1", "STOPPING=1", "WATCHDOG=1" or "STATUS=...". 1 when it was sent, 0
 * without a service manager, -1 with errno when it could not be sent. Never blocks. */
int sd_tell(const char *state);

/* How often the service manager wants to hear WATCHDOG=1, at the latest, in microseconds; 0 when it
 * does not. Tell it at half of that. */
int64_t sd_watchdog_us(void);

/* How many sockets were passed, from SD_LISTEN_FDS_START on; they are closed on exec. -1 with errno
 * when one of them is not open. */
int sd_listen_fds(void);

/* Take the variables of all this out of the environment, before a child could see them. */
void sd_forget(void);

#endif
