/* SPDX-License-Identifier: MIT */
/* The client against a peer that plays a script: answers, errors, notifications in between,
 * silence, a closed connection, nobody there. */
#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "rpc/client.h"

struct peer {
	const char *script; /* written after `lines` requests have come */
	int lines;
	int listener;
};

static char dir[] = "/tmp/tix-client-XXXXXX";
static char path[64];

static int listen_at(const char *name)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, name, strlen(name) + 1);
	unlink(name);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(fd, 5) < 0)
		return -1;
	return fd;
}

/* Takes one connection, reads its lines, plays the script, and stays until the client goes if the
 * script is NULL. */
static void *play(void *arg)
{
	struct peer *p = arg;
	int fd = accept(p->listener, NULL, NULL);
	char c;
	int lines = 0;

	while (lines < p->lines && read(fd, &c, 1) == 1)
		lines += c == '\n';
	if (p->script && write(fd, p->script, strlen(p->script)) < 0)
		lines = -1;
	while (!p->script && read(fd, &c, 1) == 1)
		continue;
	close(fd);
	return NULL;
}

static struct rpc_client *start(struct peer *p, pthread_t *ret_thread)
{
	struct rpc_client *c = NULL;
	struct err e = {0};

	p->listener = listen_at(path);
	pthread_create(ret_thread, NULL, play, p);
	if (rpc_client_open(path, &c, &e) < 0)
		diag("%s", e.message);
	return c;
}

static void finish(struct peer *p, pthread_t thread, struct rpc_client *c)
{
	rpc_client_free(c);
	pthread_join(thread, NULL);
	close(p->listener);
}

static void test_call(void)
{
	struct peer p = {.lines = 1,
	    .script = "{\"jsonrpc\":\"2.0\",\"method\":\"journal.mark\",\"params\":{\"seq\":1}}\n"
		      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}\n"
		      "{\"jsonrpc\":\"2.0\",\"method\":\"journal.mark\",\"params\":{\"seq\":2}}\n"};
	AUTO(json) json_t *params = json_pack("{s:s}", "event", "a");
	AUTO(json) json_t *result = NULL;
	AUTO(json) json_t *first = NULL;
	AUTO(json) json_t *second = NULL;
	json_t *third = NULL;
	struct err e = {0};
	pthread_t t;
	struct rpc_client *c = start(&p, &t);

	is_int(rpc_client_call(c, "event.show", params, &result, &e), 0, "call");
	ok(json_is_true(json_object_get(result, "ok")), "its result");
	ok(rpc_client_pending(c), "something is pending");
	is_int(rpc_client_next(c, 0, &first, &e), 0, "the notification that came before it");
	is_int(json_integer_value(json_object_get(json_object_get(first, "params"), "seq")), 1,
	    "in order");
	is_int(rpc_client_next(c, 5000, &second, &e), 0, "the one after it");
	is_int(rpc_client_next(c, 5000, &third, &e), TIX_ENO_DAEMON, "then the daemon is gone");
	ok(strstr(e.message, "closed the connection") && strstr(e.hint, "same key"), "%s (%s)",
	    e.message, e.hint);
	finish(&p, t, c);
}

static void test_error(void)
{
	struct peer p = {.lines = 1,
	    .script =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32007,\"message\":\"0 "
		"left\",\"data\":{"
		"\"name\":\"sold_out\",\"field\":\"line[0]\",\"hint\":\"wait\",\"retryable\":false,"
		"\"request\":\"r7\",\"facts\":{\"left\":0,\"x\":\"y\"}}}}\n"};
	json_t *result = NULL;
	struct err e = {0};
	pthread_t t;
	struct rpc_client *c = start(&p, &t);

	is_int(rpc_client_call(c, "order.create", NULL, &result, &e), TIX_ESOLD_OUT, "error");
	is_str(e.message, "0 left", "message");
	is_str(e.field, "line[0]", "field");
	is_str(e.hint, "wait", "hint");
	is_str(rpc_client_request(c), "r7", "request");
	ok(e.nfacts == 1 && !strcmp(e.facts[0].key, "left") && e.facts[0].value == 0, "facts");
	ok(!result, "no result");
	finish(&p, t, c);
}

static void test_pipeline(void)
{
	struct peer p = {.lines = 3,
	    .script =
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"n\":2}}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":7}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"no\"}}\n"
		"what\n"};
	json_t *result = NULL;
	struct err e = {0};
	int64_t id = 0;
	pthread_t t;
	struct rpc_client *c = start(&p, &t);

	for (int i = 1; i <= 3; i++) {
		rpc_client_send(c, "system.status", NULL, &id, &e);
		is_int(id, i, "ids count");
	}
	is_int(rpc_client_recv(c, &id, &result, &e), 0, "answer in the daemon's order");
	ok(id == 2 && json_integer_value(json_object_get(result, "n")) == 2, "it is the second's");
	json_decref(result);
	is_int(rpc_client_recv(c, &id, NULL, &e), TIX_EUNKNOWN_METHOD, "error by number alone");
	is_int(id, 1, "it is the first's");
	is_int(rpc_client_recv(c, &id, NULL, &e), TIX_EINTERNAL, "a result that is no object");
	is_int(rpc_client_recv(c, &id, NULL, &e), TIX_EPARSE, "error without id");
	is_int(id, -1, "it is nobody's");
	is_int(rpc_client_recv(c, &id, NULL, &e), TIX_EINTERNAL, "no JSON");
	is_int(rpc_client_recv(c, &id, NULL, &e), TIX_ENO_DAEMON, "end");
	finish(&p, t, c);
}

static void test_silence(void)
{
	struct peer p = {.lines = 1, .script = NULL};
	json_t *note = NULL;
	struct err e = {0};
	pthread_t t;
	struct rpc_client *c = start(&p, &t);

	rpc_client_timeout(c, 20);
	is_int(
	    rpc_client_call(c, "system.status", NULL, NULL, &e), TIX_ETIMEOUT, "no answer in time");
	is_int(rpc_client_next(c, 0, &note, &e), TIX_ETIMEOUT, "no notification");
	ok(!rpc_client_pending(c) && rpc_client_fd(c) >= 0, "nothing pending");
	finish(&p, t, c);
}

static void test_nobody(void)
{
	struct rpc_client *c = NULL;
	struct err e = {0};
	char want[128], long_path[300];

	unlink(path);
	is_int(rpc_client_open(path, &c, &e), TIX_ENO_DAEMON, "no socket");
	snprintf(want, sizeof(want), "%s: no such socket", path);
	is_str(e.message, want, "says so");
	close(listen_at(path));
	is_int(rpc_client_open(path, &c, &e), TIX_ENO_DAEMON, "stale socket");
	snprintf(want, sizeof(want), "%s: connection refused", path);
	is_str(e.message, want, "says so");
	ok(strstr(e.hint, "TIX_SOCKET") && !c, "with a hint");
	memset(long_path, 'x', sizeof(long_path));
	long_path[sizeof(long_path) - 1] = '\0';
	is_int(rpc_client_open(long_path, &c, &e), TIX_ENO_DAEMON, "path too long");
	unlink(path);
}

static void test_paths(void)
{
	char out[128], own[64], small[8];
	char tix[64];
	struct err e = {0};

	unsetenv("TIX_SOCKET");
	unsetenv("XDG_RUNTIME_DIR");
	rpc_socket_path(NULL, out, sizeof(out), &e);
	is_str(out, "/run/tix/tixd.sock", "last resort");
	setenv("XDG_RUNTIME_DIR", dir, 1);
	rpc_socket_path(NULL, out, sizeof(out), &e);
	is_str(out, "/run/tix/tixd.sock", "own socket is not there");
	snprintf(tix, sizeof(tix), "%s/tix", dir);
	snprintf(own, sizeof(own), "%s/tix/tixd.sock", dir);
	ok(mkdir(tix, 0700) == 0, "directory");
	close(listen_at(own));
	rpc_socket_path(NULL, out, sizeof(out), &e);
	is_str(out, own, "own socket");
	setenv("TIX_SOCKET", "/x/y", 1);
	rpc_socket_path(NULL, out, sizeof(out), &e);
	is_str(out, "/x/y", "TIX_SOCKET");
	rpc_socket_path("/flag", out, sizeof(out), &e);
	is_str(out, "/flag", "flag");
	is_int(rpc_socket_path("/flag/too/long", small, sizeof(small), &e), TIX_EBAD_VALUE,
	    "too long");
	unlink(own);
	rmdir(tix);
}

int main(void)
{
	if (!mkdtemp(dir))
		return skip_all("no temporary directory");
	snprintf(path, sizeof(path), "%s/s", dir);
	test_call();
	test_error();
	test_pipeline();
	test_silence();
	test_nobody();
	test_paths();
	rmdir(dir);
	return done_testing();
}
