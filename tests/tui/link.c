/* SPDX-License-Identifier: MIT */
/* The connection of the dashboard: what its callbacks may do while it is lost, and who refuses it. */
#include "tui/link.c"
#include "tui/words.c"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/tap.h"

struct asker {
	struct link *l;
	const struct asker *forgets;
	int answered;
};

static void changed(void *ctx)
{
	*(int *)ctx += 1;
}

static void digest(void *ctx, const json_t *counts)
{
	(void)ctx;
	(void)counts;
}

static const struct link_ops ops = {changed, digest};

static void answer(void *ctx, const json_t *result, const struct err *e)
{
	struct asker *a = ctx;

	a->answered += !result && e->code == TIX_ENO_DAEMON;
	if (a->forgets)
		link_forget(a->l, a->forgets);
}

static void waits(struct link *l, struct asker *a)
{
	struct link_call *k = calloc(1, sizeof(*k));

	a->l = l;
	if (!k)
		return;
	*k = (struct link_call){.next = l->calls, .answer = answer, .ctx = a};
	l->calls = k;
}

static void the_forgotten_are_not_told(void)
{
	struct asker last = {0}, dropped = {0}, first = {.forgets = &dropped};
	struct link l;
	struct err e;
	int changes = 0;

	link_init(&l, "/nonexistent", NULL, &ops, &changes);
	waits(&l, &last);
	waits(&l, &dropped);
	waits(&l, &first);
	err_set(&e, TIX_ENO_DAEMON, NULL, "gone");
	drop(&l, &e);
	ok(first.answered == 1 && last.answered == 1, "all that wait are told that it is lost");
	ok(dropped.answered == 0, "but for one that was forgotten meanwhile");
	ok(!l.calls && l.state == LINK_DOWN && changes == 1, "then nothing is waited for");
	link_done(&l);
}

/* A daemon that says no to the first request that comes, and stays. */
static int refuse(int listener)
{
	static const char no[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32009,\"message\":\"not now\","
				 "\"data\":{\"name\":\"not_permitted\"}}}\n";
	int fd = accept(listener, NULL, NULL);
	char request[512];

	ok(read(fd, request, sizeof(request)) > 0, "it says hello");
	ok(write(fd, no, sizeof(no) - 1) == (ssize_t)sizeof(no) - 1, "and is refused");
	return fd;
}

static void a_refused_hello_is_tried_again(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char dir[] = "/tmp/tix-link.XXXXXX";
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), peer, changes = 0;
	struct link l;
	int64_t next;

	if (!ok(mkdtemp(dir) != NULL, "a folder"))
		return;
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/sock", dir);
	ok(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(listener, 4) == 0, "a socket");
	link_init(&l, at.sun_path, NULL, &ops, &changes);
	link_turn(&l, 0);
	ok(l.state == LINK_GREETING, "there is somebody");
	peer = refuse(listener);
	next = link_turn(&l, 0);
	ok(l.state == LINK_DOWN && !l.client, "it does not stay");
	ok(strstr(l.err.message, "not now") != NULL, "it knows why: %s", l.err.message);
	ok(next < INT64_MAX && next == l.retry_at, "it wants to try again");
	link_turn(&l, next);
	ok(l.state == LINK_GREETING, "and does");
	link_done(&l);
	close(peer);
	close(listener);
	unlink(at.sun_path);
	rmdir(dir);
}

int main(void)
{
	the_forgotten_are_not_told();
	a_refused_hello_is_tried_again();
	return done_testing();
}
