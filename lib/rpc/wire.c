/* SPDX-License-Identifier: MIT */
/* The client's socket: connecting, and lines in and out with a deadline. It knows nothing of what
 * they say. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "rpc/client_impl.h"

#define LINE_MAX_BYTES (128U << 20) /* a page of the longest events stays below */
#define READ_BYTES 65536U
#define RETRY_MS 5

int64_t wire_deadline(int timeout_ms)
{
	return timeout_ms < 0 ? INT64_MAX : clock_mono(clock_system()) + (int64_t)timeout_ms * 1000;
}

/* For poll: at least the time left, -1 for ever. */
static int left_ms(int64_t deadline)
{
	int64_t us;

	if (deadline == INT64_MAX)
		return -1;
	us = deadline - clock_mono(clock_system());
	if (us <= 0)
		return 0;
	return us > INT64_C(1000000000) ? 1000000 : (int)((us + 999) / 1000);
}

/* Waits for the socket; 0, or TIX_ETIMEOUT. */
static int wait_for(struct rpc_client *c, short events, int64_t deadline, struct err *e)
{
	for (;;) {
		struct pollfd p = {.fd = c->fd, .events = events};
		int ms = left_ms(deadline), n;

		if (c->idle && (ms < 0 || ms > c->idle_ms))
			ms = c->idle_ms;
		n = poll(&p, 1, ms);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return err_set(e, TIX_ENO_DAEMON, NULL, "poll: %s", strerror(errno));
		if (n == 0 && left_ms(deadline) == 0)
			return err_set(e, TIX_ETIMEOUT, NULL, NULL);
		if (n == 0 && c->idle)
			c->idle(c->idle_arg);
	}
}

static int no_daemon(const char *path, int error, struct err *e)
{
	const char *what = error == ECONNREFUSED ? "connection refused"
			   : error == ENOENT	 ? "no such socket"
			   : error == EACCES	 ? "permission denied"
			   : error == EAGAIN	 ? "it takes no more connections"
						 : strerror(error);

	err_set(e, TIX_ENO_DAEMON, NULL, "%s: %s", path, what);
	err_hint(e, "systemctl status tixd; another socket: --socket or TIX_SOCKET");
	return TIX_ENO_DAEMON;
}

int wire_connect(const char *path, int64_t deadline, struct err *e)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd, error;

	if (len >= sizeof(addr.sun_path))
		return no_daemon(path, ENAMETOOLONG, e);
	memcpy(addr.sun_path, path, len + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return no_daemon(path, errno, e);
	for (;;) {
		if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0)
			return fd;
		error = errno;
		/* A full backlog: no descriptor tells when there is room again. */
		if ((error != EAGAIN && error != EINTR) || left_ms(deadline) == 0)
			break;
		poll(NULL, 0, RETRY_MS);
	}
	close(fd);
	return no_daemon(path, error, e);
}

static int lost(const struct rpc_client *c, struct err *e)
{
	err_set(e, TIX_ENO_DAEMON, NULL, "%s: the daemon closed the connection", c->path);
	err_hint(e, "what was under way may have been done: repeat it with the same key");
	return TIX_ENO_DAEMON;
}

/* Room for more input: what was consumed goes first. */
static int make_room(struct rpc_client *c, struct err *e)
{
	if (c->at) {
		memmove(c->in.data, c->in.data + c->at, c->in.len - c->at);
		c->in.len -= c->at;
		c->at = 0;
	}
	if (!buf_reserve(&c->in, READ_BYTES)) {
		c->in.failed = false;
		return err_set(e, TIX_ELIMIT, NULL, "an answer is too long");
	}
	return 0;
}

/* Reads what is there without waiting; 0 also when nothing is. */
static int fill(struct rpc_client *c, struct err *e)
{
	ssize_t n;
	int r = make_room(c, e);

	if (r < 0)
		return r;
	do
		n = recv(c->fd, c->in.data + c->in.len, c->in.cap - c->in.len - 1, 0);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		c->in.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
		return lost(c, e);
	return 0;
}

int wire_write(struct rpc_client *c, const char *data, size_t len, int64_t deadline, struct err *e)
{
	while (len) {
		ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);
		int r;

		if (n > 0) {
			data += n;
			len -= (size_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		/* Why it hung up may lie ready to be read; if not, reading tells that it did. */
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			return lost(c, e);
		/* Both sides may be full: reading is what lets the daemon go on. */
		r = wait_for(c, POLLIN | POLLOUT, deadline, e);
		if (r == 0)
			r = fill(c, e);
		if (r < 0)
			return r;
	}
	return 0;
}

int wire_line(
    struct rpc_client *c, int64_t deadline, const char **ret, size_t *ret_len, struct err *e)
{
	for (;;) {
		size_t have = c->in.len - c->at;
		const char *start = c->in.data ? c->in.data + c->at : NULL;
		const char *nl =
		    have > c->seen ? memchr(start + c->seen, '\n', have - c->seen) : NULL;
		int r;

		if (nl) {
			*ret = start;
			*ret_len = (size_t)(nl - start);
			c->at += *ret_len + 1;
			c->seen = 0;
			return 0;
		}
		c->seen = have;
		r = wait_for(c, POLLIN, deadline, e);
		if (r == 0)
			r = fill(c, e);
		if (r < 0)
			return r;
	}
}

int rpc_client_open(const char *path, struct rpc_client **ret, struct err *e)
{
	return rpc_client_open_within(path, RPC_CLIENT_TIMEOUT_MS, ret, e);
}

int rpc_client_open_within(
    const char *path, int timeout_ms, struct rpc_client **ret, struct err *e)
{
	int fd = wire_connect(path, wire_deadline(timeout_ms), e);
	struct rpc_client *c;

	if (fd < 0)
		return fd;
	c = calloc(1, sizeof(*c));
	if (c) {
		c->fd = fd;
		c->timeout_ms = RPC_CLIENT_TIMEOUT_MS;
		buf_init(&c->in, LINE_MAX_BYTES);
		buf_init(&c->out, LINE_MAX_BYTES);
		c->notes = json_array();
		c->answers = json_array();
		memcpy(c->path, path, strlen(path) + 1); /* wire_connect saw that it is short */
	} else {
		close(fd);
	}
	if (!c || !c->notes || !c->answers) {
		rpc_client_free(c);
		return err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	}
	*ret = c;
	return 0;
}

void rpc_client_free(struct rpc_client *c)
{
	if (!c)
		return;
	close(c->fd);
	buf_done(&c->in);
	buf_done(&c->out);
	json_decref(c->notes);
	json_decref(c->answers);
	free(c);
}
