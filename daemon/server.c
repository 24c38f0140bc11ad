/* SPDX-License-Identifier: MIT */
/* Accepting: each connection is asked who it is before a byte of it is read, and refused with a
 * reason. */
#include "daemon/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sd.h"
#include "daemon/bind.h"
#include "daemon/conn.h"
#include "daemon/peer.h"
#include "daemon/tixd.h"

#define READ_BUFFER (64U << 10)
#define BACKLOG 4096
#define ACCEPTS_A_TURN 64

struct server {
	uv_pipe_t pipe;
	struct tixd *t;
	struct conn *conns;
	uint64_t told_ms;   /* when a refusal was last logged */
	int untold;	    /* refusals since */
	int accepted;	    /* in this turn */
	bool waiting;	    /* one is left for the next turn */
	struct bound bound; /* fd -1: the socket came from systemd, or is closed */
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char read_buffer[READ_BUFFER];
};

uv_buf_t server_read_buffer(struct server *s)
{
	return uv_buf_init(s->read_buffer, sizeof(s->read_buffer));
}

static void link_conn(struct server *s, struct conn *c)
{
	c->next = s->conns;
	if (s->conns)
		s->conns->prev = c;
	s->conns = c;
	atomic_fetch_add(&s->t->count.connections, 1);
}

void server_forget(struct server *s, struct conn *c)
{
	if (!c->peer)
		return;
	if (c->prev)
		c->prev->next = c->next;
	else
		s->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	atomic_fetch_sub(&s->t->count.connections, 1);
	peer_leave(s->t->peers, c->peer);
	c->peer = NULL;
}

/* The whole reply to somebody who may not stay: written at once, for no buffer of a new connection
 * is full. */
static void turn_away(struct conn *c, int fd, const struct err *err)
{
	AUTO(buf) struct buf b = {0};

	if (rpc_encode_error(&b, "null", err, NULL) == 0)
		(void)!send(fd, b.data, b.len, MSG_NOSIGNAL);
	conn_close(c);
}

/* One line a second, however many are refused. */
static void log_refusal(struct server *s, uint32_t uid, const struct err *err)
{
	uint64_t now = uv_now(&s->t->loop);

	s->untold++;
	if (s->told_ms && now - s->told_ms < 1000)
		return;
	log_line(&s->t->log, LEVEL_WARNING, NULL,
	    "refused user %u (%d refused since the last such line): %s", uid, s->untold,
	    err->message);
	s->told_ms = now;
	s->untold = 0;
}

static void admit(struct server *s, struct conn *c)
{
	struct ucred cred = {.uid = (uid_t)-1};
	socklen_t len = sizeof(cred);
	struct err err = {0};
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&c->pipe, &fd) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0) {
		conn_close(c);
		return;
	}
	if (peer_enter(s->t->peers, cred.uid, &c->peer, &err) < 0) {
		log_refusal(s, cred.uid, &err);
		turn_away(c, fd, &err);
		return;
	}
	link_conn(s, c);
	conn_start(c);
}

static void accept_one(struct server *s)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (!c || uv_pipe_init(&s->t->loop, &c->pipe, 0) < 0) {
		free(c);
		s->waiting = true; /* no memory: later */
		return;
	}
	c->t = s->t;
	c->pipe.data = c;
	if (uv_accept((uv_stream_t *)&s->pipe, (uv_stream_t *)&c->pipe) < 0)
		conn_close(c);
	else
		admit(s, c);
}

/* libuv accepts as long as somebody connects. What is not taken here stops that until the next
 * turn, so that those who are connected have theirs. */
static void on_connection(uv_stream_t *listener, int status)
{
	struct server *s = listener->data;

	if (status < 0)
		log_line(&s->t->log, LEVEL_WARNING, NULL, "accept: %s", uv_strerror(status));
	else if (++s->accepted > ACCEPTS_A_TURN)
		s->waiting = true;
	else
		accept_one(s);
}

void server_turn(struct server *s)
{
	s->accepted = 0;
	if (s->waiting && !uv_is_closing((uv_handle_t *)&s->pipe)) {
		s->waiting = false;
		accept_one(s);
	}
}

/* The socket: systemd's, or our own. */
static int take_socket(struct server *s, const char *path, int *ret_fd, struct err *err)
{
	int rc, n = sd_listen_fds();

	s->bound.fd = -1;
	if (n < 0)
		return err_set(
		    err, TIX_ECONFIG, "socket", "what systemd has handed over is no socket");
	if (n > 1)
		return err_set(
		    err, TIX_ECONFIG, "socket", "systemd has handed over %d sockets, not one", n);
	if (n == 1) {
		*ret_fd = SD_LISTEN_FDS_START;
		return 0;
	}
	rc = bind_socket(path, &s->bound, err);
	if (rc == 0)
		*ret_fd = s->bound.fd;
	return rc;
}

int server_start(struct tixd *t, const char *path, struct server **ret, struct err *err)
{
	struct server *s = calloc(1, sizeof(*s));
	int fd = -1, rc;

	if (!s)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
	s->t = t;
	rc = take_socket(s, path, &fd, err);
	if (rc < 0) {
		free(s);
		return rc;
	}
	memcpy(s->path, path, strnlen(path, sizeof(s->path) - 1));
	uv_pipe_init(&t->loop, &s->pipe, 0);
	s->pipe.data = s;
	*ret = s;
	rc = uv_pipe_open(&s->pipe, fd);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&s->pipe, BACKLOG, on_connection);
	if (rc < 0)
		return err_set(err, TIX_EUNAVAILABLE, "socket", "%s: %s", path, uv_strerror(rc));
	return 0;
}

void server_stop_listening(struct server *s)
{
	if (uv_is_closing((uv_handle_t *)&s->pipe))
		return;
	if (s->bound.fd >= 0)
		bind_remove(s->path, &s->bound);
	uv_close((uv_handle_t *)&s->pipe, NULL);
}

void server_end_all(struct server *s)
{
	for (struct conn *c = s->conns; c; c = c->next)
		conn_end(c);
}

void server_close_all(struct server *s)
{
	for (struct conn *c = s->conns; c; c = c->next)
		conn_close(c);
}

void server_end_stale(struct server *s)
{
	for (struct conn *c = s->conns; c; c = c->next) {
		if (c->peer->stale)
			conn_end(c);
	}
}

void server_free(struct server *s)
{
	free(s);
}

void server_dropped(struct server *s, const struct conn *c)
{
	log_line(&s->t->log, LEVEL_WARNING, NULL,
	    "dropped a connection of %s: %zu bytes wait and nobody reads them", c->peer->who.name,
	    conn_pending(c));
}

void server_tick(struct server *s)
{
	uint64_t half = (uint64_t)(s->t->conf.frame_timeout / 1000);
	uint64_t stuck = (uint64_t)(s->t->conf.stream_timeout / 1000);
	uint64_t now = uv_now(&s->t->loop);

	for (struct conn *c = s->conns; c; c = c->next) {
		conn_check_half(c, now, half);
		conn_check_stuck(c, now, stuck);
	}
}
