/* SPDX-License-Identifier: MIT */
/* The socket and the list of connections. It never reads a byte of them. Loop thread only. */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include <uv.h>

#include "base/err.h"

struct conn;
struct server;
struct tixd;

/* Listens on path (or on the socket that systemd has handed over). Refuses a path that is too long,
 * one where a daemon answers (EBUSY: "a daemon already listens"), and one that is no socket; a
 * stale socket is replaced. */
int server_start(struct tixd *t, const char *path, struct server **ret, struct err *err);

/* Accepts no more, and removes the socket if it is ours. */
void server_stop_listening(struct server *s);

/* Ends every connection once its calls have been answered, or at once. */
void server_end_all(struct server *s);
void server_close_all(struct server *s);
/* Ends the connections of peers that are stale. */
void server_end_stale(struct server *s);

void server_free(struct server *s);

/* The buffer that all connections read into; valid until the next read. */
uv_buf_t server_read_buffer(struct server *s);

/* A connection is gone; called by it. */
void server_forget(struct server *s, struct conn *c);

/* Logs that a slow reader is dropped. */
void server_dropped(struct server *s, const struct conn *c);

/* Once a turn: those who connect may go on. */
void server_turn(struct server *s);

/* Once a second: connections with half a line, followers that take nothing. */
void server_tick(struct server *s);

#endif
