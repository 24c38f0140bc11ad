/* SPDX-License-Identifier: MIT */
/* The pager as a child that reads our stdout. While it runs, ^C is its own affair and ends only
 * what is still being fetched. */
#include "cli/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define LEAST_ROWS 5 /* a terminal that says it has fewer does not know */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* The command, NULL when there is to be none. */
static const char *command(const struct cli *c)
{
	const char *s = c->pager ? c->pager : "less -FIRX";

	s += strspn(s, " \t");
	return *s && strcmp(s, "cat") != 0 ? s : NULL;
}

/* Whether the first word of a command can be executed; what only a shell understands is trusted. */
static bool exists(struct cli *c, const char *s)
{
	size_t len = strcspn(s, " \t");
	const char *path = getenv("PATH"), *word = arena_strndup(c->arena, s, len);

	if (!word || word[strcspn(word, "=$`'\"\\;|&<>()~*?")])
		return word != NULL;
	if (strchr(word, '/'))
		return access(word, X_OK) == 0;
	while (path && *path) {
		size_t n = strcspn(path, ":");
		const char *at = arena_printf(c->arena, "%.*s/%s", (int)n, path, word);

		if (at && access(at, X_OK) == 0)
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

void pager_allow(struct cli *c)
{
	const char *term = getenv("TERM");
	struct winsize ws;

	if (!c->out_tty || c->mode != OUT_TABLE || !term || strcmp(term, "dumb") == 0)
		return;
	c->paging.rows = ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_row >= LEAST_ROWS ? ws.ws_row : 0;
	c->paging.command = c->paging.rows ? command(c) : NULL;
	if (c->paging.command && !exists(c, c->paging.command))
		c->paging.command = NULL;
}

/* Screen lines of the text, as far as they matter. */
static size_t screen_lines(const struct cli *c)
{
	const char *s = c->out.data, *end = s + c->out.len;
	size_t n = 0;

	while (s < end && n < c->paging.rows) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);

		n += len > c->width && c->width > 0 ? (len + c->width - 1) / c->width : 1;
		s += len + 1;
	}
	return n;
}

static void child(const char *cmd, const int fd[2])
{
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(fd[0], 0) < 0)
		_exit(127);
	close(fd[0]);
	close(fd[1]);
	setenv("LESS", "FIRX", 0);
	execl("/bin/sh", "sh", "-c", cmd, (char *)NULL);
	_exit(127);
}

static void start(struct cli *c)
{
	struct sigaction action = {.sa_handler = on_interrupt};
	const char *cmd = c->paging.command;
	int fd[2];

	c->paging.command = NULL;
	if (pipe(fd) < 0)
		return;
	interrupted = 0;
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	c->paging.pid = fork();
	if (c->paging.pid == 0)
		child(cmd, fd);
	if (c->paging.pid > 0)
		dup2(fd[1], 1);
	close(fd[0]);
	close(fd[1]);
}

bool pager_holds(struct cli *c, bool last)
{
	if (!c->paging.command)
		return false;
	if (screen_lines(c) >= c->paging.rows)
		start(c);
	else if (last)
		c->paging.command = NULL;
	return c->paging.command != NULL;
}

bool pager_left(const struct cli *c)
{
	return c->paging.pid > 0 && (interrupted || (c->out_failed && c->out_errno == EPIPE));
}

int pager_end(struct cli *c, int status)
{
	bool cut = interrupted;
	int how = 0;

	if (c->paging.pid <= 0)
		return status;
	close(1);
	while (waitpid(c->paging.pid, &how, 0) < 0 && errno == EINTR)
		;
	if (c->out_failed && c->out_errno == EPIPE)
		c->out_failed = false;
	c->paging.pid = 0;
	if (WIFSIGNALED(how) && WTERMSIG(how) != SIGPIPE)
		return 128 + WTERMSIG(how);
	return cut ? 128 + SIGINT : status;
}
