/* SPDX-License-Identifier: MIT */
/* Sits at a terminal: runs a command on one of its own, prints what the command writes there, and
 * types answers when it is asked. It knows nothing of the command.
 * usage: typist [-s COLUMNSxROWS] [-t SECONDS] [WAIT TEXT]... -- COMMAND [ARGUMENT...]
 *   Once WAIT has appeared, TEXT is typed: \n, \t, \xHH and \\ are understood, \x03 is ^C, \x04 is
 *   ^D, \s closes the terminal. A TEXT of !COMMAND is run by the shell instead, and waited for.
 *   -s  80x24 when absent   -t  give up (exit 3) after so long, 60 s
 * Ends with the command's status, 128 + the signal that ended it. Lines end without carriage returns. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

struct typist {
	struct winsize size;
	char **step; /* WAIT TEXT WAIT TEXT ... */
	int steps;
	char **command;
	long seconds;
	int fd;
	pid_t child;
	bool cr; /* seen, not printed yet */
	struct buf seen; /* since the last answer */
};

static void die(const char *what)
{
	fprintf(stderr, "typist: %s\n", what);
	exit(3);
}

static void usage(void)
{
	die("usage: typist [-s COLUMNSxROWS] [-t SECONDS] [WAIT TEXT]... -- COMMAND [ARGUMENT...]");
}

static void options(struct typist *t, int argc, char **argv)
{
	int i = 1;

	for (; i + 1 < argc && argv[i][0] == '-' && argv[i][1] != '-'; i += 2) {
		char *end = argv[i + 1];

		if (strcmp(argv[i], "-s") == 0) {
			t->size.ws_col = (unsigned short)strtoul(argv[i + 1], &end, 10);
			t->size.ws_row = *end == 'x' ? (unsigned short)strtoul(end + 1, NULL, 10) : 0;
		} else if (strcmp(argv[i], "-t") == 0) {
			t->seconds = strtol(argv[i + 1], &end, 10);
		} else {
			usage();
		}
	}
	t->step = argv + i;
	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	t->steps = (int)(argv + i - t->step);
	if (i + 1 >= argc || t->steps % 2)
		usage();
	t->command = argv + i + 1;
}

static int hex(const char *s)
{
	char pair[3] = { s[0], s[0] ? s[1] : '\0', '\0' };

	return (int)strtol(pair, NULL, 16);
}

/* False when the terminal is to be closed. */
static bool answer(struct typist *t, const char *text)
{
	if (text[0] == '!') {
		const char *argv[] = { "sh", "-c", text + 1, NULL };
		pid_t shell = fork();

		if (shell == 0) {
			execvp("sh", (char **)argv);
			_exit(127);
		}
		while (waitpid(shell, NULL, 0) < 0 && errno == EINTR)
			;
		return true;
	}
	for (; *text; text++) {
		char c = *text;

		if (c == '\\' && text[1]) {
			c = *++text;
			if (c == 's')
				return false;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
			if (*text == 'x' && strlen(text) > 2) {
				c = (char)hex(text + 1);
				text += 2;
			}
		}
		if (write(t->fd, &c, 1) != 1)
			return false;
	}
	return true;
}

static bool take(struct typist *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (t->cr && p[i] != '\n')
			putchar('\r');
		t->cr = p[i] == '\r';
		if (t->cr)
			continue;
		putchar(p[i]);
		buf_putc(&t->seen, p[i]);
	}
	fflush(stdout);
	while (t->steps > 0 && strstr(buf_str(&t->seen), t->step[0])) {
		const char *text = t->step[1];

		t->step += 2;
		t->steps -= 2;
		buf_clear(&t->seen);
		if (!answer(t, text))
			return false;
	}
	return true;
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long)ts.tv_sec;
}

static void listen_in(struct typist *t)
{
	long until = now() + t->seconds;
	char chunk[4096];

	while (true) {
		struct pollfd p = { .fd = t->fd, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, 1000) > 0) {
			n = read(t->fd, chunk, sizeof(chunk));
			if (n <= 0 || !take(t, chunk, (size_t)n))
				return; /* the other side is closed */
		}
		if (now() >= until) {
			kill(t->child, SIGKILL);
			die("gave up");
		}
	}
}

int main(int argc, char **argv)
{
	struct typist t = { .size = { .ws_col = 80, .ws_row = 24 }, .seconds = 60 };
	int status = 0;

	options(&t, argc, argv);
	buf_init(&t.seen, 0);
	t.child = forkpty(&t.fd, NULL, NULL, &t.size);
	if (t.child == 0) {
		execvp(t.command[0], t.command);
		_exit(127);
	}
	if (t.child < 0)
		die(strerror(errno));
	listen_in(&t);
	close(t.fd);
	while (waitpid(t.child, &status, 0) < 0 && errno == EINTR)
		;
	buf_done(&t.seen);
	if (t.steps > 0) {
		fprintf(stderr, "typist: nobody asked \"%s\"\n", t.step[0]);
		return 3;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
