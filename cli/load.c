/* SPDX-License-Identifier: MIT */
/* One epoll set, one outstanding request a connection. In the open loop a request that finds no
 * idle connection waits for one, and its latency counts from when it was planned: a slow daemon
 * cannot slow down its own measurement. */
#include "cli/load.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "cli/load_book.h"
#include "cli/load_scan.h"

#define SILENCE_US (30 * USEC_PER_SEC)
#define TICK_US (USEC_PER_SEC / 10)
#define EVENTS 256
#define READ_SIZE 65536
#define LINE_MAX_BYTES (1 << 20)

struct conn {
	int fd;
	bool busy, again, watching_out; /* again: a repeat of an acknowledged order */
	size_t order;
	int64_t id, since;
	size_t len, sent;
	char *part; /* the beginning of a line whose end has not come */
	size_t part_len;
	char text[LOAD_REQUEST_MAX];
};

struct load {
	struct sockaddr_un address;
	struct load_book book;
	int tickets, repeat_ppm;
	int64_t next_id;
	/* Of the run under way. */
	const struct load_plan *plan;
	struct load_stats *stats;
	struct conn *conn;
	int *idle, nidle, nconn, ep;
	int64_t start, last, asked, planned;
	struct err *err;
	char *read_buf;
};

int load_new(const char *socket, const char *event, const char *category, int tickets,
    int repeat_ppm, uint64_t seed, struct load **ret, struct err *e)
{
	struct load *l;
	int r;

	if (strlen(socket) >= sizeof(l->address.sun_path))
		return err_set(e, TIX_EBAD_VALUE, "socket", "the path of the socket is too long");
	l = calloc(1, sizeof(*l));
	if (!l)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "no memory");
	l->address.sun_family = AF_UNIX;
	memcpy(l->address.sun_path, socket, strlen(socket) + 1);
	l->tickets = tickets;
	l->repeat_ppm = repeat_ppm;
	l->next_id = LOAD_ID_FIRST;
	l->ep = -1;
	l->read_buf = malloc(READ_SIZE);
	r = load_book_init(&l->book, event, category, tickets, seed, e);
	if (r == 0 && !l->read_buf)
		r = err_set(e, TIX_EUNAVAILABLE, NULL, "no memory");
	if (r < 0) {
		load_free(l);
		return r;
	}
	*ret = l;
	return 0;
}

void load_free(struct load *l)
{
	if (!l)
		return;
	load_book_done(&l->book);
	free(l->read_buf);
	free(l);
}

void load_random_keys(struct load *l, bool random)
{
	l->book.random_keys = random;
}

const struct load_order *load_orders(const struct load *l, size_t *ret_n)
{
	*ret_n = l->book.n;
	return l->book.order;
}

void load_key(const struct load_order *o, char out[UUID_SIZE])
{
	uuid_format(o->key, out);
}

void load_email(const struct load *l, size_t n, char out[LOAD_EMAIL_SIZE])
{
	load_book_email(&l->book, n, out);
}

static int64_t now_us(void)
{
	return clock_mono(clock_system());
}

static int fail_errno(struct load *l, const char *what)
{
	return err_set(
	    l->err, TIX_ENO_DAEMON, "socket", "cannot %s: %s", what, strerrordesc_np(errno));
}

/* Connections. */

static int watch(struct load *l, struct conn *c, int op, bool out)
{
	struct epoll_event ev = {.events = EPOLLIN | (out ? (uint32_t)EPOLLOUT : 0), .data.ptr = c};

	c->watching_out = out;
	return epoll_ctl(l->ep, op, c->fd, &ev) < 0 ? fail_errno(l, "watch a connection") : 0;
}

/* Connecting blocks, for the daemon's queue of new ones may be full; talking does not. */
static int connect_one(struct load *l, struct conn *c)
{
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fail_errno(l, "make a socket");
	if (connect(c->fd, (const struct sockaddr *)&l->address, sizeof(l->address)) < 0)
		return fail_errno(l, "connect");
	return watch(l, c, EPOLL_CTL_ADD, false);
}

static void disconnect_all(struct load *l)
{
	for (int i = 0; i < l->nconn; i++) {
		if (l->conn[i].fd >= 0)
			close(l->conn[i].fd);
		free(l->conn[i].part);
	}
	if (l->ep >= 0)
		close(l->ep);
	free(l->conn);
	free(l->idle);
	l->conn = NULL;
	l->idle = NULL;
	l->ep = -1;
	l->nconn = l->nidle = 0;
}

static int connect_all(struct load *l, int clients)
{
	int r;

	l->conn = calloc((size_t)clients, sizeof(*l->conn));
	l->idle = calloc((size_t)clients, sizeof(*l->idle));
	l->ep = epoll_create1(EPOLL_CLOEXEC);
	if (!l->conn || !l->idle || l->ep < 0)
		return err_set(
		    l->err, TIX_EUNAVAILABLE, NULL, "no memory for %d connections", clients);
	for (int i = 0; i < clients; i++)
		l->conn[i].fd = -1;
	l->nconn = clients;
	for (int i = clients - 1; i >= 0; i--) {
		r = connect_one(l, &l->conn[i]);
		if (r < 0)
			return r;
		l->idle[l->nidle++] = i;
	}
	return 0;
}

/* Asking. */

static int push(struct load *l, struct conn *c)
{
	while (c->sent < c->len) {
		ssize_t n =
		    send(c->fd, c->text + c->sent, c->len - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			return c->watching_out ? 0 : watch(l, c, EPOLL_CTL_MOD, true);
		if (n < 0 && errno != EINTR)
			return fail_errno(l, "send a request");
		if (n > 0)
			c->sent += (size_t)n;
	}
	return c->watching_out ? watch(l, c, EPOLL_CTL_MOD, false) : 0;
}

static int ask(struct load *l, struct conn *c)
{
	c->id = l->next_id;
	l->next_id = l->next_id == LOAD_ID_LAST ? LOAD_ID_FIRST : l->next_id + 1;
	c->len = load_book_request(&l->book, c->order, c->id, c->text);
	c->sent = 0;
	c->busy = true;
	return push(l, c);
}

/* True while new orders may be asked for. */
static bool more(const struct load *l, int64_t now)
{
	const struct load_plan *p = l->plan;

	return (p->orders == 0 || l->asked < p->orders) && (p->us == 0 || now - l->start < p->us);
}

/* A new order or a repeat, as chance wants it. */
static int ask_next(struct load *l, struct conn *c, int64_t since)
{
	int r;

	c->since = since;
	c->again = l->repeat_ppm > 0 &&
		   load_book_random(&l->book) % 1000000 < (uint64_t)l->repeat_ppm &&
		   load_book_any_sold(&l->book, &c->order);
	if (!c->again) {
		r = load_book_add(&l->book, &c->order, l->err);
		if (r < 0)
			return r;
		l->asked++;
	}
	return ask(l, c);
}

/* When the next request of the open loop is due. */
static int64_t next_due(const struct load *l)
{
	return l->start + l->planned * USEC_PER_SEC / l->plan->rate;
}

/* Gives work to idle connections; in the open loop only what is due. */
static int dispatch(struct load *l, int64_t now)
{
	while (l->nidle > 0 && more(l, now)) {
		int64_t since = now;
		int r;

		if (l->plan->rate > 0) {
			since = next_due(l);
			if (since > now)
				break;
			l->planned++;
		}
		r = ask_next(l, &l->conn[l->idle[--l->nidle]], since);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Answers. */

static int unexpected(struct load *l, const char *what, const char *line, size_t len)
{
	return err_set(
	    l->err, TIX_EINTERNAL, NULL, "%s: %.*s", what, (int)(len > 300 ? 300 : len), line);
}

static void note_wrong(struct load *l, const char *what, const struct load_reply *reply)
{
	if (l->stats->wrong++ == 0)
		err_set(l->err, TIX_EINTERNAL, NULL, "%s (request %lld, code \"%s\")", what,
		    (long long)reply->id, reply->code);
}

static void sold(struct load *l, struct conn *c, const struct load_reply *reply, int64_t now)
{
	struct load_order *o = &l->book.order[c->order];

	if (c->again) {
		if (!reply->replayed || strcmp(o->code, reply->code) != 0)
			note_wrong(l, "a repeated key did not answer as at first", reply);
		else
			l->stats->replayed++;
		return;
	}
	if (reply->replayed || reply->code[0] == '\0' || strlen(reply->code) >= sizeof(o->code)) {
		note_wrong(l, "a fresh key did not make a new order", reply);
		return;
	}
	memcpy(o->code, reply->code, strlen(reply->code) + 1);
	o->state = LOAD_SOLD;
	l->stats->sold++;
	hist_add(&l->stats->sale, now - c->since);
}

static int refused(struct load *l, struct conn *c, const struct load_reply *reply)
{
	if (c->again)
		note_wrong(l, "a repeated key was refused", reply);
	else
		l->book.order[c->order].state = LOAD_REFUSED;
	if (reply->left < 0 || reply->left >= l->tickets)
		note_wrong(l, "a refusal does not say what is left", reply);
	if (reply->left > l->stats->left_max)
		l->stats->left_max = reply->left;
	l->stats->refused++;
	return 0;
}

static int answered(struct load *l, struct conn *c, const char *line, size_t len, int64_t now)
{
	struct load_reply reply;

	if (!load_scan(line, len, &reply))
		return unexpected(l, "this is no reply", line, len);
	if (!c->busy || reply.id != c->id)
		return unexpected(l, "nobody asked for this reply", line, len);
	l->last = now;
	if (reply.error == err_info(TIX_EBUSY)->rpc_code) {
		l->stats->retried++;
		return ask(l, c);
	}
	c->busy = false;
	l->idle[l->nidle++] = (int)(c - l->conn);
	if (reply.error == 0)
		sold(l, c, &reply, now);
	else if (reply.error == err_info(TIX_ESOLD_OUT)->rpc_code)
		return refused(l, c, &reply);
	else
		return unexpected(l, "unexpected reply", line, len);
	return 0;
}

/* Keeps the beginning of a line. */
static int keep(struct load *l, struct conn *c, const char *data, size_t len)
{
	char *part;

	if (c->part_len + len > LINE_MAX_BYTES)
		return unexpected(l, "a reply without end", data, len);
	part = realloc(c->part, c->part_len + len + 1);
	if (!part)
		return err_set(l->err, TIX_EUNAVAILABLE, NULL, "no memory");
	memcpy(part + c->part_len, data, len);
	c->part = part;
	c->part_len += len;
	return 0;
}

static int lines(struct load *l, struct conn *c, const char *data, size_t len, int64_t now)
{
	const char *end;
	int r = 0;

	while (r == 0 && (end = memchr(data, '\n', len)) != NULL) {
		size_t n = (size_t)(end - data);

		if (c->part_len > 0) {
			r = keep(l, c, data, n);
			if (r == 0)
				r = answered(l, c, c->part, c->part_len, now);
			c->part_len = 0;
		} else {
			r = answered(l, c, data, n, now);
		}
		data += n + 1;
		len -= n + 1;
	}
	return r == 0 && len > 0 ? keep(l, c, data, len) : r;
}

static int ready(struct load *l, struct conn *c, uint32_t events, int64_t now)
{
	ssize_t n;
	int r = 0;

	if (events & EPOLLOUT)
		r = push(l, c);
	if (r < 0 || !(events & ~(uint32_t)EPOLLOUT))
		return r;
	n = recv(c->fd, l->read_buf, READ_SIZE, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		return fail_errno(l, "receive a reply");
	if (n == 0)
		return err_set(l->err, TIX_ENO_DAEMON, "socket", "the daemon closed a connection");
	return lines(l, c, l->read_buf, (size_t)n, now);
}

/* The run. */

/* How long to wait for answers, in microseconds. */
static int64_t patience(const struct load *l, int64_t now, int64_t next_tick)
{
	int64_t until = next_tick;

	if (l->plan->rate > 0 && l->nidle > 0 && more(l, now) && next_due(l) < until)
		until = next_due(l);
	return until > now ? until - now : 0;
}

static int turn(struct load *l, int64_t wait_us)
{
	struct epoll_event ev[EVENTS];
	struct timespec ts = {wait_us / USEC_PER_SEC, wait_us % USEC_PER_SEC * 1000};
	int n = epoll_pwait2(l->ep, ev, EVENTS, &ts, NULL);
	int64_t now = now_us();
	int r = 0;

	if (n < 0 && errno != EINTR)
		return fail_errno(l, "wait for replies");
	for (int i = 0; i < n && r == 0; i++)
		r = ready(l, ev[i].data.ptr, ev[i].events, now);
	return r;
}

static int loop(struct load *l)
{
	int64_t now = now_us(), next_tick;
	int r;

	l->start = l->last = now;
	next_tick = now + TICK_US;
	for (;;) {
		r = dispatch(l, now);
		if (r < 0)
			return r;
		if (l->nidle == l->nconn && !more(l, now))
			return 0;
		r = turn(l, patience(l, now, next_tick));
		if (r < 0)
			return r;
		now = now_us();
		if (l->nidle < l->nconn && now - l->last > SILENCE_US)
			return err_set(l->err, TIX_ETIMEOUT, "socket", "no reply for 30 seconds");
		if (now < next_tick)
			continue;
		next_tick = now + TICK_US;
		l->stats->us = now - l->start;
		if (l->plan->tick)
			l->plan->tick(l->plan->ctx, l->stats);
	}
}

int load_run(struct load *l, const struct load_plan *plan, struct load_stats *ret, struct err *e)
{
	int r;

	memset(ret, 0, sizeof(*ret));
	ret->left_max = -1;
	l->plan = plan;
	l->stats = ret;
	l->err = e;
	l->asked = l->planned = 0;
	r = connect_all(l, plan->clients);
	if (r == 0)
		r = loop(l);
	if (r == 0)
		ret->us = l->last - l->start;
	disconnect_all(l);
	return r;
}
