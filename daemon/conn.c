/* SPDX-License-Identifier: MIT */
/* Reading, splitting, holding back, writing. An idle connection keeps no buffers: what arrives is
 * read into one buffer that all share, and only half a line is copied. */
#include "daemon/conn.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>

#include "base/failpoint.h"
#include "daemon/dispatch.h"
#include "daemon/follow.h"
#include "daemon/peer.h"
#include "daemon/server.h"

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
	struct conn *c = handle->data;

	(void)suggested;
	*ret = server_read_buffer(c->t->server);
}

size_t conn_pending(const struct conn *c)
{
	return c->out.len + (c->writing ? c->wire.len - c->wire_off : 0);
}

static bool may_take(const struct conn *c)
{
	return !c->ending && !c->closed && c->calls < CALLS_MAX && c->reads < READS_MAX &&
	       conn_pending(c) < OUT_PAUSE;
}

static size_t frame_max(const struct conn *c)
{
	return c->known ? FRAME_KNOWN : FRAME_UNKNOWN;
}

static void refuse_oversize(struct conn *c)
{
	struct err err = {0};

	err_set(
	    &err, TIX_EINVALID_REQUEST, NULL, "a request is at most %zu bytes long", frame_max(c));
	conn_refuse(c, &err);
	conn_end(c);
}

/* Runs the whole lines of n bytes, of which the first `from` are known to hold no line feed.
 * Returns bytes used. */
static size_t take_lines(struct conn *c, const char *p, size_t n, size_t from)
{
	size_t used = 0;

	while (may_take(c)) {
		const char *start = p + used;
		const char *feed =
		    n > used + from ? memchr(start + from, '\n', n - used - from) : NULL;
		size_t len = feed ? (size_t)(feed - start) : n - used;

		from = 0;
		if (len > frame_max(c)) {
			refuse_oversize(c);
			return n;
		}
		if (!feed)
			break;
		if (dispatch_line(c, start, len))
			c->known = true;
		used += len + 1;
	}
	return used;
}

/* Notes what is left over: half a line, or lines that wait until the connection is taken up again.
 */
static void keep_rest(struct conn *c)
{
	bool half = c->in.len > 0 && may_take(c);

	if (c->in.len == 0)
		buf_done(&c->in);
	c->scanned = half ? c->in.len : 0;
	if (!half)
		c->half_since = 0;
	else if (c->half_since == 0)
		c->half_since = uv_now(&c->t->loop);
}

static void take_kept(struct conn *c)
{
	size_t used = take_lines(c, c->in.data, c->in.len, c->scanned);

	if (used > 0) {
		c->half_since = 0;
		c->in.len -= used;
		memmove(c->in.data, c->in.data + used, c->in.len);
	}
	keep_rest(c);
}

static void take_input(struct conn *c, const char *p, size_t n)
{
	size_t used;

	if (c->in.len > 0) {
		buf_put(&c->in, p, n);
		if (c->in.failed)
			conn_close(c);
		else
			take_kept(c);
		return;
	}
	used = take_lines(c, p, n, 0);
	if (used < n)
		buf_put(&c->in, p + used, n - used);
	if (c->in.failed)
		conn_close(c);
	else
		keep_rest(c);
}

static void hold_back(struct conn *c)
{
	if (c->reading) {
		uv_read_stop((uv_stream_t *)&c->pipe);
		c->reading = false;
	}
}

/* The other side has closed its socket, not only its sending half: replies have no reader. */
static bool hung_up(const struct conn *c)
{
	struct pollfd p = {.events = POLLIN};

	return uv_fileno((const uv_handle_t *)&c->pipe, &p.fd) < 0 ||
	       (poll(&p, 1, 0) == 1 && (p.revents & POLLHUP));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *b)
{
	struct conn *c = stream->data;

	if (n == UV_EOF && !hung_up(c)) {
		conn_end(c);
	} else if (n < 0) {
		conn_close(c);
	} else if (n > 0) {
		take_input(c, b->base, (size_t)n);
		if (!may_take(c))
			hold_back(c);
	}
}

static void take_up(struct conn *c)
{
	if (c->reading || !may_take(c))
		return;
	if (c->in.len > 0)
		take_kept(c);
	if (!may_take(c))
		return;
	c->reading = uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) == 0;
	if (!c->reading)
		conn_close(c);
}

void conn_start(struct conn *c)
{
	c->pipe.data = c;
	c->write.data = c;
	buf_init(&c->out, OUT_MAX);
	take_up(c);
}

static void free_if_over(struct conn *c)
{
	if (!c->closed || c->calls > 0 || c->pipe.data)
		return;
	buf_done(&c->in);
	buf_done(&c->out);
	buf_done(&c->wire);
	server_forget(c->t->server, c);
	free(c);
}

static void on_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;

	handle->data = NULL;
	free_if_over(c);
}

void conn_close(struct conn *c)
{
	if (c->closed)
		return;
	c->closed = true;
	c->gone = true;
	follow_end_all(c);
	uv_close((uv_handle_t *)&c->pipe, on_closed);
}

static void close_if_over(struct conn *c)
{
	if (c->ending && !c->closed && c->calls == 0 && conn_pending(c) == 0)
		conn_close(c);
}

void conn_end(struct conn *c)
{
	c->ending = true;
	follow_end_all(c);
	c->half_since = 0;
	hold_back(c);
	if (!c->dirty)
		conn_touch(c);
}

void conn_call_done(struct conn *c, bool read)
{
	c->calls--;
	c->reads -= read;
	if (c->closed)
		free_if_over(c);
	else if (c->ending)
		conn_touch(c);
	else if (!c->reading)
		take_up(c);
}

void conn_touch(struct conn *c)
{
	if (c->dirty || c->closed)
		return;
	c->dirty = true;
	c->dirty_next = c->t->dirty;
	c->t->dirty = c;
}

void conn_refuse(struct conn *c, const struct err *err)
{
	rpc_encode_error(&c->out, "null", err, NULL);
	conn_touch(c);
}

static void written(struct conn *c)
{
	follow_room(c);
	if (!c->reading)
		take_up(c);
	close_if_over(c);
}

static void on_written(uv_write_t *req, int status)
{
	struct conn *c = req->data;

	c->writing = false;
	c->wire_off = 0;
	buf_done(&c->wire);
	if (status < 0) {
		conn_close(c);
		return;
	}
	if (c->closed)
		return;
	if (c->out.len > 0)
		conn_touch(c);
	written(c);
}

/* What the kernel does not take at once stays in wire, and the loop goes on with it. */
static void write_rest(struct conn *c, size_t sent)
{
	uv_buf_t b = uv_buf_init(c->out.data + sent, (unsigned)(c->out.len - sent));

	c->wire = c->out;
	c->wire_off = sent;
	buf_init(&c->out, c->out.max);
	c->writing = true;
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, &b, 1, on_written) < 0) {
		c->writing = false;
		conn_close(c);
	}
}

static void flush(struct conn *c)
{
	uv_buf_t b = uv_buf_init(c->out.data, (unsigned)c->out.len);
	int n;

	if (c->writing || c->out.len == 0)
		return;
	n = uv_try_write((uv_stream_t *)&c->pipe, &b, 1);
	if (n == UV_EAGAIN)
		n = 0;
	else if (n > 0)
		(void)FAILPOINT("reply.sent");
	if (n < 0) {
		conn_close(c);
	} else if ((size_t)n < c->out.len) {
		write_rest(c, (size_t)n);
	} else {
		buf_done(&c->out);
		written(c);
	}
}

void conn_flush_all(struct tixd *t)
{
	while (t->dirty) {
		struct conn *c = t->dirty;

		t->dirty = c->dirty_next;
		c->dirty = false;
		if (c->closed)
			continue;
		if (c->out.failed || (c->subs && conn_pending(c) > OUT_STREAM)) {
			server_dropped(t->server, c);
			conn_close(c);
			continue;
		}
		flush(c);
		close_if_over(c);
	}
}

/* Bytes that the other side has not read yet. */
static size_t unread(const struct conn *c)
{
	size_t queued = uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);
	uv_os_fd_t fd;
	int kernel = 0;

	if (uv_fileno((const uv_handle_t *)&c->pipe, &fd) < 0 || ioctl(fd, SIOCOUTQ, &kernel) < 0)
		kernel = 0;
	return queued + (size_t)kernel;
}

void conn_check_stuck(struct conn *c, uint64_t now_ms, uint64_t limit_ms)
{
	size_t waits = c->subs && c->writing && !c->closed ? unread(c) : 0;

	if (waits == 0) {
		c->stuck_since = 0;
	} else if (c->stuck_since == 0 || waits != c->stuck) {
		c->stuck_since = now_ms;
		c->stuck = waits;
	} else if (now_ms - c->stuck_since >= limit_ms) {
		server_dropped(c->t->server, c);
		conn_close(c);
	}
}

void conn_check_half(struct conn *c, uint64_t now_ms, uint64_t limit_ms)
{
	struct err err = {0};

	if (c->half_since == 0 || now_ms - c->half_since < limit_ms || c->ending)
		return;
	err_set(&err, TIX_ETIMEOUT, NULL, "the rest of a request did not come within %llu s",
	    (unsigned long long)(limit_ms / 1000));
	conn_refuse(c, &err);
	conn_end(c);
}
