/* SPDX-License-Identifier: MIT */
/* The service manager's protocol against a socket of our own. */
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/sd.h"

static int receiver(const char *path, bool abstract)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	socklen_t len =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + !abstract);

	memcpy(sa.sun_path, path, strlen(path));
	if (abstract)
		sa.sun_path[0] = '\0';
	if (bind(fd, (struct sockaddr *)&sa, len) < 0)
		return -1;
	return fd;
}

static void told(const char *path, bool abstract)
{
	char got[64] = "";
	int fd = receiver(path, abstract);

	setenv("NOTIFY_SOCKET", path, 1);
	is_int(sd_tell("READY=1"), 1, path);
	ok(recv(fd, got, sizeof(got) - 1, 0) == 7 && !strcmp(got, "READY=1"), "arrives");
	close(fd);
	is_int(sd_tell("READY=1"), -1, "nobody there any more");
}

static void notify(void)
{
	char dir[] = "/tmp/tix-sd-XXXXXX", path[64], abstract[64], big[200];

	unsetenv("NOTIFY_SOCKET");
	is_int(sd_tell("READY=1"), 0, "no service manager");
	if (!ok(mkdtemp(dir) != NULL, "directory"))
		return;
	snprintf(path, sizeof(path), "%s/n", dir);
	told(path, false);
	unlink(path);
	rmdir(dir);
	snprintf(abstract, sizeof(abstract), "@tix-test-%d", (int)getpid());
	told(abstract, true);
	setenv("NOTIFY_SOCKET", "relative", 1);
	ok(sd_tell("READY=1") == -1 && errno == EINVAL, "neither path nor abstract");
	memset(big, 'a', sizeof(big));
	big[0] = '/';
	big[sizeof(big) - 1] = '\0';
	setenv("NOTIFY_SOCKET", big, 1);
	ok(sd_tell("READY=1") == -1 && errno == EINVAL, "a path that does not fit");
}

static void watchdog(void)
{
	char pid[16];

	unsetenv("WATCHDOG_PID");
	unsetenv("WATCHDOG_USEC");
	is_int(sd_watchdog_us(), 0, "no watchdog");
	setenv("WATCHDOG_USEC", "30000000", 1);
	is_int(sd_watchdog_us(), 30000000, "without a pid");
	setenv("WATCHDOG_PID", "1", 1);
	is_int(sd_watchdog_us(), 0, "for another process");
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	is_int(sd_watchdog_us(), 30000000, "for this one");
	setenv("WATCHDOG_USEC", "x", 1);
	is_int(sd_watchdog_us(), 0, "no number");
}

static void sockets(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	unsetenv("LISTEN_FDS");
	is_int(sd_listen_fds(), 0, "no sockets");
	ok(dup2(0, 3) == 3 && dup2(0, 4) == 4, "two descriptors");
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_PID", "1", 1);
	is_int(sd_listen_fds(), 0, "for another process");
	setenv("LISTEN_PID", pid, 1);
	is_int(sd_listen_fds(), 2, "for this one");
	ok(fcntl(3, F_GETFD) == FD_CLOEXEC && fcntl(4, F_GETFD) == FD_CLOEXEC, "closed on exec");
	close(4);
	is_int(sd_listen_fds(), -1, "one is not open");
	close(3);
	setenv("LISTEN_FDS", "-1", 1);
	is_int(sd_listen_fds(), 0, "a number below zero");
	setenv("LISTEN_FDS", "99999999", 1);
	is_int(sd_listen_fds(), 0, "an absurd number");
	sd_forget();
	ok(!getenv("LISTEN_FDS") && !getenv("NOTIFY_SOCKET") && !getenv("WATCHDOG_USEC"),
	    "forgotten");
}

int main(void)
{
	notify();
	watchdog();
	sockets();
	return done_testing();
}
