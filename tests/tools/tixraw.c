/* SPDX-License-Identifier: MIT */
/* Sends what it reads on stdin to a socket, byte for byte, and prints what comes back: for requests that no client of
 * ours would send. It parses nothing.
 * usage: tixraw [-b] [-o] [-n LINES] [-c CONNECTIONS] [-t SECONDS] SOCKET
 *   -b  one byte a write   -o  keep the sending side open   -n  end after so many lines of reply
 *   -c  first open so many connections that stay idle       -t  give up (exit 3) after so long, 30 s
 * Ends with 0 when the other side closes or -n is reached, 1 for an error. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

struct options {
	bool single, open;
	long lines, idle, seconds;
	const char *socket;
};

static int dial(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) < 0) {
		perror("tixraw: connect");
		exit(1);
	}
	return fd;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void read_all(struct buf *b)
{
	char part[65536];
	size_t n;

	while ((n = fread(part, 1, sizeof(part), stdin)) > 0)
		buf_put(b, part, n);
}

/* Prints a piece; returns how many lines ended in it, at most `most` (0: all). */
static long print_lines(const char *p, size_t n, long most)
{
	long lines = 0;

	for (size_t i = 0; i < n; i++) {
		putchar(p[i]);
		if (p[i] == '\n' && ++lines == most)
			break;
	}
	fflush(stdout);
	return lines;
}

/* Sends some; returns false when the other side takes no more. */
static bool send_some(int fd, const struct buf *b, size_t *sent, bool single)
{
	size_t left = b->len - *sent;
	ssize_t n = send(fd, b->data + *sent, single ? 1 : left, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN;
	*sent += (size_t)n;
	return true;
}

static int talk(int fd, const struct buf *b, const struct options *o)
{
	int64_t end = now_ms() + o->seconds * 1000;
	size_t sent = 0;
	long lines = 0;
	bool half = false;
	char part[65536];

	while (now_ms() < end) {
		struct pollfd p = { .fd = fd, .events = (short)(POLLIN | (sent < b->len ? POLLOUT : 0)) };

		if (sent == b->len && !o->open && !half) {
			shutdown(fd, SHUT_WR);
			half = true;
		}
		if (poll(&p, 1, 200) < 0)
			return 1;
		if ((p.revents & POLLOUT) && !send_some(fd, b, &sent, o->single))
			sent = b->len;
		if (p.revents & (POLLIN | POLLHUP)) {
			ssize_t n = recv(fd, part, sizeof(part), MSG_DONTWAIT);

			if (n == 0 || (n < 0 && errno != EAGAIN))
				return 0;
			if (n > 0)
				lines += print_lines(part, (size_t)n, o->lines ? o->lines - lines : 0);
			if (o->lines && lines >= o->lines)
				return 0;
		}
	}
	fprintf(stderr, "tixraw: no end after %ld s\n", o->seconds);
	return 3;
}

static void open_idle(const struct options *o)
{
	struct rlimit l = { (rlim_t)o->idle + 64, (rlim_t)o->idle + 64 };

	if (o->idle > 900)
		setrlimit(RLIMIT_NOFILE, &l);
	for (long i = 0; i < o->idle; i++)
		dial(o->socket);
}

int main(int argc, char **argv)
{
	struct options o = { .seconds = 30 };
	struct buf b;
	int flag;

	while ((flag = getopt(argc, argv, "bon:c:t:")) != -1) {
		long value = optarg ? strtol(optarg, NULL, 10) : 0;

		if (flag == 'b')
			o.single = true;
		else if (flag == 'o')
			o.open = true;
		else if (flag == 'n')
			o.lines = value;
		else if (flag == 'c')
			o.idle = value;
		else if (flag == 't')
			o.seconds = value;
		else
			return 2;
	}
	if (optind != argc - 1)
		return 2;
	o.socket = argv[optind];
	open_idle(&o);
	buf_init(&b, 0);
	read_all(&b);
	flag = talk(dial(o.socket), &b, &o);
	buf_done(&b);
	return flag;
}
