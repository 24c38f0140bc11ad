/* SPDX-License-Identifier: MIT */
/* Makes the file system's side of the socket: its directory, its mode, the place of a stale one. */
#ifndef DAEMON_BIND_H
#define DAEMON_BIND_H

#include <sys/types.h>

#include "base/err.h"

struct bound {
	int fd;
	dev_t dev; /* of the socket's file, so that nobody else's is ever removed */
	ino_t ino;
};

/* busy when a daemon answers on the path; 0 for anything else. */
int bind_check(const char *path, struct err *err);

/* A listening socket, mode 0660, closed on exec and non-blocking. */
int bind_socket(const char *path, struct bound *ret, struct err *err);

/* Removes the socket if it is still the one that was bound. */
void bind_remove(const char *path, const struct bound *b);

#endif
