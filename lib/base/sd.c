/* SPDX-License-Identifier: MIT */
/* What services say to the service manager, by its documented datagrams and variables. */
#include "base/sd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"

#define FDS_MAX 1024

/* Fill the address of NOTIFY_SOCKET: a path, or '@' and an abstract name. Returns its length or 0.
 */
static socklen_t notify_address(const char *name, struct sockaddr_un *sa)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof(sa->sun_path))
		return 0;
	*sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(sa->sun_path, name, len);
	if (name[0] == '@')
		sa->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] == '/'));
}

int sd_tell(const char *state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa;
	socklen_t len;
	ssize_t n;
	int fd;

	if (!name || !*name)
		return 0;
	len = notify_address(name, &sa);
	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	n = sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&sa, len);
	close(fd);
	return n < 0 ? -1 : 1;
}

/* A variable's number, -1 when it is absent or none. */
static int64_t number(const char *name)
{
	const char *text = getenv(name);
	int64_t v = -1;

	if (!text || num_parse(text, 0, INT64_MAX, &v) < 0)
		return -1;
	return v;
}

int64_t sd_watchdog_us(void)
{
	int64_t pid = number("WATCHDOG_PID");
	int64_t us = number("WATCHDOG_USEC");

	if (us <= 0 || (pid >= 0 && pid != getpid()))
		return 0;
	return us;
}

int sd_listen_fds(void)
{
	int64_t pid = number("LISTEN_PID");
	int64_t n = number("LISTEN_FDS");

	if (n <= 0 || n > FDS_MAX || pid != getpid())
		return 0;
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + (int)n; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0)
			return -1;
	}
	return (int)n;
}

void sd_forget(void)
{
	static const char *const names[] = {"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
	    "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}
