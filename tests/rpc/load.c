/* SPDX-License-Identifier: MIT */
/* Several clients at once: some sell, some read, some follow, some come and go. At the end each
 * follower has seen the whole journal once and in order, and what was acknowledged is what was
 * sold. Also run under the thread sanitizer. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "tests/tap.h"

#define SELLERS 8
#define READERS 4
#define FOLLOWERS 3
#define ORDERS 150 /* of each seller */
#define DEADLINE_S 60

static char dir[64], sock_path[96];
static _Atomic int sold, reads, refused, gone;
static _Atomic int64_t last_seq;
static _Atomic bool selling_over;

static int dial(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct timeval tv = {.tv_sec = DEADLINE_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", sock_path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return fd;
}

/* A connection that is read line by line. */
struct peer {
	int fd;
	struct buf in;
	size_t used;
};

static bool peer_open(struct peer *p)
{
	buf_init(&p->in, 0);
	p->used = 0;
	p->fd = dial();
	return p->fd >= 0;
}

static void peer_close(struct peer *p)
{
	if (p->fd >= 0)
		close(p->fd);
	buf_done(&p->in);
}

/* The next line, NUL-terminated, valid until the next call; NULL at the end. */
static char *peer_line(struct peer *p)
{
	char part[16384];
	char *feed;

	if (p->used > 0) {
		p->in.len -= p->used;
		memmove(p->in.data, p->in.data + p->used, p->in.len);
		p->used = 0;
	}
	while (!p->in.len || !(feed = memchr(p->in.data, '\n', p->in.len))) {
		ssize_t n = recv(p->fd, part, sizeof(part), 0);

		if (n <= 0)
			return NULL;
		buf_put(&p->in, part, (size_t)n);
	}
	*feed = '\0';
	p->used = (size_t)(feed - p->in.data) + 1;
	return p->in.data;
}

static bool peer_send(struct peer *p, const char *method, const char *params)
{
	struct buf b;
	bool good;

	buf_init(&b, 0);
	buf_printf(
	    &b, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method, params);
	good = send(p->fd, b.data, b.len, MSG_NOSIGNAL) == (ssize_t)b.len;
	buf_done(&b);
	return good;
}

static int64_t number_after(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static void note_seq(int64_t seq)
{
	int64_t seen = atomic_load(&last_seq);

	while (seq > seen && !atomic_compare_exchange_weak(&last_seq, &seen, seq))
		;
}

static bool call(struct peer *p, const char *method, const char *params)
{
	char *line = peer_send(p, method, params) ? peer_line(p) : NULL;

	if (!line || !strstr(line, "\"result\""))
		return false;
	note_seq(number_after(line, "\"seq\":"));
	return true;
}

static void *sell(void *arg)
{
	struct peer p;
	char params[256];
	const int seller = *(const int *)arg;

	if (!peer_open(&p))
		return arg;
	for (int i = 0; i < ORDERS; i++) {
		snprintf(params, sizeof(params),
		    "{\"event\":\"gig\",\"line\":[{\"category\":\"seat\",\"count\":2}],"
		    "\"pay\":\"cash\",\"email\":\"b%d@example.org\",\"idempotency_key\":\"%d-%d\"}",
		    i, seller, i);
		if (call(&p, "order.create", params))
			sold += 2;
		else
			refused++;
	}
	peer_close(&p);
	return NULL;
}

static void *look(void *arg)
{
	static const char *const methods[][2] = {{"system.status", "{}"},
	    {"order.list", "{\"limit\":5}"}, {"event.show", "{\"event\":\"gig\"}"},
	    {"quota.list", "{}"}, {"system.hello", "{}"}};
	struct peer p;

	if (!peer_open(&p))
		return arg;
	for (int i = 0; !selling_over; i++) {
		if (call(&p, methods[i % 5][0], methods[i % 5][1]))
			reads++;
	}
	peer_close(&p);
	return NULL;
}

/* Connects, asks, and leaves without waiting. */
static void *come_and_go(void *arg)
{
	while (!selling_over) {
		struct peer p;

		if (peer_open(&p)) {
			peer_send(&p, "event.list", "{}");
			gone++;
		}
		peer_close(&p);
	}
	return arg;
}

/* Reads the whole journal; returns the first number that was not the next, -1 when the stream
 * ended or stood still, or NULL. */
static void *follow(void *arg)
{
	struct peer p;
	int64_t next = 1;
	const char *line;

	(void)arg;
	if (!peer_open(&p) || !peer_send(&p, "journal.follow", "{\"since\":0}") || !peer_line(&p))
		return (void *)(intptr_t)-1;
	while (!selling_over || next <= last_seq) {
		line = peer_line(&p);
		if (!line) {
			peer_close(&p);
			return (void *)(intptr_t)-1;
		}
		if (strstr(line, "journal.record") && number_after(line, "\"seq\":") != next)
			break;
		if (strstr(line, "journal.record"))
			next++;
	}
	peer_close(&p);
	return (void *)(intptr_t)(next > last_seq ? 0 : next);
}

static pid_t start_daemon(void)
{
	char store[128], program[256];
	const char *build = getenv("top_builddir");
	pid_t pid;

	snprintf(store, sizeof(store), "sqlite:%s/a.db", dir);
	snprintf(program, sizeof(program), "%s/tixd", build ? build : ".");
	pid = fork();
	if (pid == 0) {
		execl(program, "tixd", "--store", store, "--socket", sock_path, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static bool wait_ready(void)
{
	for (int i = 0; i < DEADLINE_S * 20; i++) {
		int fd = dial();

		if (fd >= 0) {
			close(fd);
			return true;
		}
		poll(NULL, 0, 50);
	}
	return false;
}

static void make_event(struct peer *p)
{
	ok(call(p, "venue.create", "{\"venue\":\"hall\",\"name\":\"Hall\",\"zone\":\"UTC\"}"),
	    "a venue");
	ok(call(p, "event.create",
	       "{\"event\":\"gig\",\"name\":\"Gig\",\"start\":\"2090-01-01\",\"currency\":\"EUR\","
	       "\"venue\":\"hall\"}"),
	    "an event");
	ok(call(p, "category.create",
	       "{\"event\":\"gig\",\"name\":\"seat\",\"price\":\"10.00\",\"size\":2000}"),
	    "a category");
	ok(call(p, "event.publish", "{\"event\":\"gig\"}"), "on sale");
}

static void run_all(struct peer *p)
{
	int numbers[SELLERS];
	pthread_t s[SELLERS], r[READERS], f[FOLLOWERS], g;
	void *result;

	for (int i = 0; i < FOLLOWERS; i++)
		pthread_create(&f[i], NULL, follow, NULL);
	for (int i = 0; i < READERS; i++)
		pthread_create(&r[i], NULL, look, NULL);
	for (int i = 0; i < SELLERS; i++) {
		numbers[i] = i;
		pthread_create(&s[i], NULL, sell, &numbers[i]);
	}
	pthread_create(&g, NULL, come_and_go, NULL);
	for (int i = 0; i < SELLERS; i++)
		pthread_join(s[i], NULL);
	selling_over = true;
	/* The last orders were refused: followers that have all wait for one more record. */
	ok(call(p, "venue.create", "{\"venue\":\"end\",\"name\":\"End\",\"zone\":\"UTC\"}"),
	    "the last record");
	pthread_join(g, NULL);
	for (int i = 0; i < READERS; i++)
		pthread_join(r[i], NULL);
	for (int i = 0; i < FOLLOWERS; i++) {
		pthread_join(f[i], &result);
		is_int((intptr_t)result, 0, "a follower has each record once, in order");
	}
}

static void check_stock(struct peer *p)
{
	char *line;

	peer_send(p, "quota.show", "{\"event\":\"gig\",\"name\":\"seat\"}");
	line = peer_line(p);
	is_int(line ? number_after(line, "\"sold\":") : -1, sold, "sold is what was acknowledged");
	is_int(sold, 2000, "sold out, not a seat more");
	is_int(refused, SELLERS * ORDERS - 1000, "all others were refused");
	ok(reads > 0 && gone > 0, "%d reads beside it, %d visits", reads, gone);
	ok(call(p, "audit.run", "{}"), "the audit runs");
}

int main(void)
{
	struct peer p;
	char command[128];
	int status = -1;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	snprintf(dir, sizeof(dir), "/tmp/tix-load.XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	snprintf(sock_path, sizeof(sock_path), "%s/s", dir);
	pid = start_daemon();
	if (ok(wait_ready() && peer_open(&p), "the daemon answers")) {
		make_event(&p);
		run_all(&p);
		check_stock(&p);
		peer_close(&p);
	}
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	is_int(status, 0, "the daemon drains and ends well");
	for (size_t i = 0; i < 6; i++) {
		static const char *const names[] = {
		    "a.db", "a.db-wal", "a.db-shm", "a.db.key", "a.db.lock", "s"};

		snprintf(command, sizeof(command), "%s/%s", dir, names[i]);
		unlink(command);
	}
	rmdir(dir);
	return done_testing();
}
