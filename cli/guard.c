/* SPDX-License-Identifier: MIT */
/* A lock is a UNIX socket in the abstract namespace: the kernel gives it to one process at a time and takes it back
 * when that ends. */
#include "cli/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

#define NAME_MAX_BYTES 60
#define GRACE_US (USEC_PER_SEC / 2) /* for what can give up in its own words */
#define LOCKS_MAX 16

static int held[LOCKS_MAX]; /* sockets of our locks */
static size_t nheld;

int guard_lock(const char *name, struct err *e)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t room = sizeof(at.sun_path) - 1; /* the first byte is 0 */
	int fd, n;

	if (!*name || strlen(name) > NAME_MAX_BYTES)
		return err_set(e, TIX_EBAD_VALUE, NULL, "--lock \"%.70s\": a name of at most %d bytes", name,
		    NAME_MAX_BYTES);
	if (nheld == LOCKS_MAX)
		return err_set(e, TIX_EBAD_VALUE, NULL, "--lock %s: at most %d locks", name, LOCKS_MAX);
	n = snprintf(at.sun_path + 1, room, "tix/lock/%u/%s", (unsigned)getuid(), name);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) == 0) {
		held[nheld++] = fd; /* it stays open to the end */
		return 0;
	}
	n = errno;
	if (fd >= 0)
		close(fd);
	if (n != EADDRINUSE)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "--lock %s: %s", name, strerror(n));
	err_set(e, TIX_EBUSY, NULL, "another run holds the lock %s", name);
	err_hint(e, "it is let go when that run ends");
	return TIX_EBUSY;
}

static const struct cli *watched;

static void on_alarm(int number)
{
	static const char plain[] = "tix: timeout: not done within --timeout  (75)\n";
	static const char json[] =
	    "{\"v\":1,\"code\":\"timeout\",\"name\":\"timeout\",\"field\":null,\"message\":\"not done within "
	    "--timeout\",\"hint\":null,\"request\":null,\"retryable\":true,\"exit\":75,\"facts\":{}}\n";
	bool as_json = watched->mode == OUT_JSON || watched->mode == OUT_JSONL;
	ssize_t n = as_json ? write(2, json, sizeof(json) - 1) : write(2, plain, sizeof(plain) - 1);

	(void)number;
	(void)n;
	_exit(75);
}

void guard_deadline(const struct cli *c)
{
	struct sigaction action = {.sa_handler = on_alarm};
	int64_t us = c->timeout_us > INT64_MAX - GRACE_US ? c->timeout_us : c->timeout_us + GRACE_US;
	struct itimerval t = {.it_value = {.tv_sec = us / USEC_PER_SEC, .tv_usec = us % USEC_PER_SEC}};

	watched = c;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

void guard_leave(void)
{
	for (size_t i = 0; i < nheld; i++)
		fcntl(held[i], F_SETFD, 0);
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 0}}, NULL);
}
