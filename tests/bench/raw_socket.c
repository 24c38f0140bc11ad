/* SPDX-License-Identifier: MIT */
/* The plain schema behind a UNIX socket, so that `tix bench onsale` can drive it like a daemon:
 * epoll, jansson, one transaction for all requests of a loop turn, replies after its commit. It
 * knows only the methods that the bench calls. usage: raw_socket STORE SOCKET CACHE_KIB
 * CHECKPOINT_PAGES [FAULT] FAULT, for the test of the bench's proof: lose (some orders are
 * acknowledged but not kept), twice (a repeat is sold again), mute (a refusal does not say what is
 * left). */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/ids.h"
#include "tests/bench/plain.h"

#define EVENTS 1024
#define IN_SIZE 65536

struct peer {
	int fd;
	size_t have;
	struct buf out;
	struct peer *next; /* of those with replies to send */
	bool queued, dead;
	char in[IN_SIZE];
};

struct server {
	struct plain *plain;
	const char *path;
	int ep, listener, signals;
	bool writing, stop;
	const char *fault;
	int64_t orders; /* asked for */
	struct peer *first;
	struct plain_stock stock; /* of the last event and category asked for */
	char event[128], category[128];
};

static void die(const char *what)
{
	fprintf(stderr, "raw_socket: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Replies. */

__attribute__((format(printf, 3, 4))) static void reply(
    struct peer *peer, json_int_t id, const char *fmt, ...)
{
	char text[PLAIN_TICKETS_MAX * 160 + 1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(
	    &peer->out, "{\"jsonrpc\":\"2.0\",\"id\":%" JSON_INTEGER_FORMAT ",%s}\n", id, text);
}

static void put_hex(const uint8_t v[16], char out[33])
{
	for (int i = 0; i < 16; i++) {
		out[2 * i] = "0123456789abcdef"[v[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[v[i] & 15];
	}
	out[32] = '\0';
}

static void put_order(struct peer *peer, json_int_t id, const struct plain_order *o, bool replayed)
{
	struct buf *b = &peer->out;
	char hex[33];

	buf_printf(b,
	    "{\"jsonrpc\":\"2.0\",\"id\":%" JSON_INTEGER_FORMAT ",\"result\":{\"code\":\"%" PRId64
	    "\",%s"
	    "\"state\":\"paid\",\"total\":{\"amount\":%" PRId64
	    ",\"currency\":\"EUR\"},\"tickets\":[",
	    id, o->id, replayed ? "\"replayed\":true," : "", o->total);
	for (int i = 0; i < o->tickets; i++) {
		put_hex(o->code[i], hex);
		buf_printf(b,
		    "%s{\"n\":%d,\"code\":\"%s\",\"price\":{\"amount\":%d,\"currency\":\"EUR\"},"
		    "\"state\":\"valid\"}",
		    i ? "," : "", i + 1, hex, PLAIN_PRICE);
	}
	buf_printf(b, "],\"buyer\":{\"email\":\"%s\"}}}\n", o->email);
}

/* Methods. */

static const char *text_of(const json_t *params, const char *name)
{
	const char *v = json_string_value(json_object_get(params, name));

	return v ? v : "";
}

static void begin(struct server *s)
{
	if (!s->writing)
		plain_begin(s->plain);
	s->writing = true;
}

static bool find_stock(struct server *s, const char *event, const char *category)
{
	if (strcmp(s->event, event) == 0 && strcmp(s->category, category) == 0)
		return true;
	if (!plain_stock_find(s->plain, event, category, &s->stock))
		return false;
	snprintf(s->event, sizeof(s->event), "%s", event);
	snprintf(s->category, sizeof(s->category), "%s", category);
	return true;
}

static bool has_fault(const struct server *s, const char *fault)
{
	return strcmp(s->fault, fault) == 0;
}

static void order_create(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	static struct plain_order order;
	const json_t *line = json_array_get(json_object_get(params, "line"), 0);
	json_int_t count = json_integer_value(json_object_get(line, "count"));
	struct plain_sale sale = {
	    .email = text_of(params, "email"), .name = text_of(params, "name")};
	enum plain_verdict verdict;

	if (count < 1 || count > PLAIN_TICKETS_MAX ||
	    uuid_parse(text_of(params, "idempotency_key"), sale.key) < 0 ||
	    !find_stock(s, text_of(params, "event"), text_of(line, "category"))) {
		reply(peer, id, "\"error\":{\"code\":-32003,\"message\":\"bad order\"}");
		return;
	}
	sale.stock = s->stock.id;
	sale.tickets = (int)count;
	if (has_fault(s, "twice"))
		random_bytes(sale.key, sizeof(sale.key));
	if (has_fault(s, "lose") && ++s->orders % 50 == 0) {
		order.id += 1000000;
		put_order(peer, id, &order, false);
		return;
	}
	begin(s);
	verdict = plain_sell(s->plain, &sale, &order);
	if (verdict == PLAIN_SOLD_OUT && has_fault(s, "mute"))
		reply(peer, id, "\"error\":{\"code\":-32007,\"message\":\"not enough left\"}");
	else if (verdict == PLAIN_SOLD_OUT)
		reply(peer, id,
		    "\"error\":{\"code\":-32007,\"message\":\"not enough "
		    "left\",\"data\":{\"name\":\"sold_out\","
		    "\"facts\":{\"left\":%" PRId64 "}}}",
		    order.left);
	else
		put_order(peer, id, &order, verdict == PLAIN_REPLAYED);
}

static void order_show(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	static struct plain_order order;
	const char *code = text_of(params, "code");
	uint8_t ticket[16];
	bool found = false;

	if (strlen(code) == 32) {
		for (int i = 0; i < 16; i++) {
			char two[3] = {code[2 * i], code[2 * i + 1], '\0'};

			ticket[i] = (uint8_t)strtoul(two, NULL, 16);
		}
		found = plain_find(s->plain, 0, NULL, NULL, ticket, &order);
	} else {
		found = plain_find(s->plain, strtoll(code, NULL, 10), NULL, NULL, NULL, &order);
	}
	if (found)
		put_order(peer, id, &order, false);
	else
		reply(peer, id, "\"error\":{\"code\":-32004,\"message\":\"not found\"}");
}

static void order_list(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	static struct plain_order order;
	const char *email = json_string_value(json_object_get(params, "email"));
	uint8_t key[16];
	bool by_key = !email && uuid_parse(text_of(params, "key"), key) == 0;

	if ((email || by_key) && plain_find(s->plain, 0, email, by_key ? key : NULL, NULL, &order))
		reply(peer, id,
		    "\"result\":{\"items\":[{\"code\":\"%" PRId64
		    "\",\"tickets\":%d}],\"next\":null}",
		    order.id, order.tickets);
	else
		reply(peer, id, "\"result\":{\"items\":[],\"next\":null}");
}

static void category_create(
    struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	begin(s);
	plain_stock_add(s->plain, text_of(params, "event"), text_of(params, "name"),
	    json_integer_value(json_object_get(params, "size")));
	reply(peer, id, "\"result\":{}");
}

static void quota_show(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	struct plain_stock stock;

	if (!plain_stock_find(s->plain, text_of(params, "event"), text_of(params, "name"), &stock))
		reply(peer, id, "\"error\":{\"code\":-32004,\"message\":\"not found\"}");
	else
		reply(peer, id,
		    "\"result\":{\"size\":%" PRId64
		    ",\"overbook\":0,\"blocked\":0,\"held\":0,\"sold\":%" PRId64
		    ",\"free\":%" PRId64 "}",
		    stock.size, stock.sold, stock.size - stock.sold);
}

static void system_status(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	char wal[4096];
	struct stat st = {0};

	(void)params;
	snprintf(wal, sizeof(wal), "%s-wal", s->path);
	if (stat(wal, &st) < 0)
		st.st_size = 0;
	reply(peer, id,
	    "\"result\":{\"state\":\"selling\",\"pid\":%d,\"store\":\"sqlite:%s\",\"orders\":"
	    "%" PRId64 ",\"wal_bytes\":%" PRId64 "}",
	    (int)getpid(), s->path, plain_count(s->plain), (int64_t)st.st_size);
}

static void system_hello(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	(void)s;
	(void)params;
	reply(peer, id,
	    "\"result\":{\"api\":1,\"build\":\"raw\",\"digest\":\"\",\"principal\":\"owner\","
	    "\"roles\":[],"
	    "\"store\":\"sqlite\",\"state\":\"selling\",\"now\":\"2030-01-01T00:00:00Z\"}");
}

static void nothing(struct server *s, struct peer *peer, json_int_t id, const json_t *params)
{
	(void)s;
	(void)params;
	reply(peer, id, "\"result\":{}");
}

static const struct method {
	const char *name;
	void (*run)(struct server *s, struct peer *peer, json_int_t id, const json_t *params);
} methods[] = {
    {"order.create", order_create},
    {"order.show", order_show},
    {"order.list", order_list},
    {"quota.show", quota_show},
    {"category.create", category_create},
    {"event.create", nothing},
    {"event.publish", nothing},
    {"system.status", system_status},
    {"system.hello", system_hello},
};

static void request(struct server *s, struct peer *peer, const char *line, size_t len)
{
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const char *name = text_of(root, "method");
	json_int_t id = json_integer_value(json_object_get(root, "id"));
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(methods[i].name, name) == 0) {
			methods[i].run(s, peer, id, json_object_get(root, "params"));
			break;
		}
	}
	if (i == sizeof(methods) / sizeof(methods[0]))
		reply(peer, id, "\"error\":{\"code\":-32601,\"message\":\"no such method\"}");
	json_decref(root);
}

/* Connections. */

static void watch(struct server *s, int fd, void *ptr)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = ptr};

	if (epoll_ctl(s->ep, EPOLL_CTL_ADD, fd, &ev) < 0)
		die("epoll_ctl");
}

static void accept_all(struct server *s)
{
	int fd;

	while ((fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		struct peer *peer = malloc(sizeof(*peer));

		if (!peer)
			die("malloc");
		*peer = (struct peer){.fd = fd};
		buf_init(&peer->out, 0);
		watch(s, fd, peer);
	}
}

static void enqueue(struct server *s, struct peer *peer)
{
	if (!peer->queued) {
		peer->next = s->first;
		s->first = peer;
	}
	peer->queued = true;
}

static void receive(struct server *s, struct peer *peer)
{
	ssize_t n = recv(peer->fd, peer->in + peer->have, sizeof(peer->in) - peer->have, 0);
	char *line = peer->in, *end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	enqueue(s, peer);
	if (n <= 0) {
		peer->dead = true;
		return;
	}
	peer->have += (size_t)n;
	while ((end = memchr(line, '\n', peer->have - (size_t)(line - peer->in))) != NULL) {
		request(s, peer, line, (size_t)(end - line));
		line = end + 1;
	}
	peer->have -= (size_t)(line - peer->in);
	memmove(peer->in, line, peer->have);
}

/* After the commit: every reply of the turn. A reply fits into the socket's buffer, or its reader
 * is gone. */
static void send_all(struct server *s)
{
	while (s->first) {
		struct peer *peer = s->first;

		s->first = peer->next;
		peer->queued = false;
		if (!peer->dead && peer->out.len > 0 &&
		    send(peer->fd, peer->out.data, peer->out.len, MSG_NOSIGNAL) !=
			(ssize_t)peer->out.len)
			peer->dead = true;
		buf_clear(&peer->out);
		if (peer->dead) {
			close(peer->fd);
			buf_done(&peer->out);
			free(peer);
		}
	}
}

static void turn(struct server *s)
{
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(s->ep, ev, EVENTS, -1);

	for (int i = 0; i < n; i++) {
		if (ev[i].data.ptr == &s->listener)
			accept_all(s);
		else if (ev[i].data.ptr == &s->signals)
			s->stop = true;
		else
			receive(s, ev[i].data.ptr);
	}
	if (s->writing)
		plain_commit(s->plain);
	s->writing = false;
	send_all(s);
}

static void listen_on(struct server *s, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	s->ep = epoll_create1(EPOLL_CLOEXEC);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->ep < 0 || s->signals < 0 || s->listener < 0 ||
	    bind(s->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(s->listener, 4096) < 0)
		die(path);
	watch(s, s->listener, &s->listener);
	watch(s, s->signals, &s->signals);
	fprintf(stderr, "raw_socket: ready on %s\n", path);
}

int main(int argc, char **argv)
{
	static struct server s;

	if (argc != 5 && argc != 6) {
		fputs(
		    "usage: raw_socket STORE SOCKET CACHE_KIB CHECKPOINT_PAGES [FAULT]\n", stderr);
		return 2;
	}
	s.fault = argc == 6 ? argv[5] : "";
	s.path = argv[1];
	s.plain =
	    plain_open(argv[1], (int)strtol(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10));
	listen_on(&s, argv[2]);
	while (!s.stop)
		turn(&s);
	plain_close(s.plain);
	unlink(argv[2]);
	return 0;
}
