/* SPDX-License-Identifier: MIT */
/* History of the shell. Lines are appended one by one, so that two shells may share the file; a copy
 * takes its place when it is shortened. */
#include "cli/shell_history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* Each folder of a path of a file, for its owner alone. */
static void make_folders(char *path)
{
	for (char *s = strchr(path + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		mkdir(path, 0700);
		*s = '/';
	}
}

bool shell_history_path(char *out, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = -1;

	if (state && *state == '/')
		n = snprintf(out, size, "%s/tix/history", state);
	else if (home && *home == '/')
		n = snprintf(out, size, "%s/.local/state/tix/history", home);
	if (n < 0 || (size_t)n >= size)
		return false;
	make_folders(out);
	return true;
}

bool shell_history_keeps(const char *line)
{
	static const char *const secret[] = {"secret", "passw", "passphrase", "token", "totp",
	    "bearer", "authorization", "sk_live", "sk_test", "rk_live", "whsec_"};

	if (!*line || strchr(" \t\n", *line))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(secret); i++) {
		if (strcasestr(line, secret[i]))
			return false;
	}
	return true;
}

/* A regular file of mode 0600, also one that was there. */
static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fchmod(fd, 0600) == 0)
		return fd;
	close(fd);
	return -1;
}

static void replace(const char *path, const char *text)
{
	char other[4096];
	int n = snprintf(other, sizeof(other), "%s.%ld", path, (long)getpid());
	int fd = n > 0 && (size_t)n < sizeof(other) ? open_file(other, O_WRONLY | O_CREAT | O_EXCL) : -1;
	size_t len = strlen(text);
	bool whole;

	if (fd < 0)
		return;
	whole = write(fd, text, len) == (ssize_t)len;
	close(fd);
	if (!whole || rename(other, path) < 0)
		unlink(other);
}

/* The whole file; the caller's, NULL when there is none. */
static char *read_file(const char *path)
{
	AUTO(fd) int fd = open_file(path, O_RDWR);
	struct buf b;
	char part[16384];
	ssize_t n = fd < 0 ? -1 : 0;

	buf_init(&b, 64u * 1024 * 1024);
	while (n >= 0 && (n = read(fd, part, sizeof(part))) > 0)
		buf_put(&b, part, (size_t)n);
	if (n == 0)
		return buf_take(&b);
	buf_done(&b);
	return NULL;
}

void shell_history_load(const char *path, void (*fn)(void *arg, const char *line), void *arg)
{
	AUTO(str) char *text = read_file(path);
	char *s = text;
	size_t lines = 0;

	if (!text)
		return;
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	for (; lines > SHELL_HISTORY_LINES; lines--)
		s = strchr(s, '\n') + 1;
	if (s > text)
		replace(path, s);
	while (*s) {
		size_t len = strcspn(s, "\n");
		bool more = s[len];

		s[len] = '\0';
		if (len > 0)
			fn(arg, s);
		s += len + more;
	}
}

void shell_history_add(const char *path, const char *line)
{
	AUTO(fd) int fd = open_file(path, O_WRONLY | O_APPEND | O_CREAT);
	AUTO(buf) struct buf b = {0};
	ssize_t n;

	buf_init(&b, 0);
	buf_puts(&b, line);
	for (char *s = b.data; s && *s; s++) {
		if (*s == '\n')
			*s = ' ';
	}
	buf_putc(&b, '\n');
	/* One write: lines of two shells do not mix. */
	n = fd < 0 || b.failed ? 0 : write(fd, b.data, b.len);
	(void)n;
}
