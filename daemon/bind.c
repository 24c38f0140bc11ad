/* SPDX-License-Identifier: MIT */
/* Two daemons that start at once agree by a lock on the directory; a socket is removed only when
 * nobody answers on it, so that a running daemon never loses its own. */
#include "daemon/bind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

#define BACKLOG 4096

static int fail(struct err *err, const char *path, const char *what)
{
	int code =
	    errno == EACCES || errno == EROFS || errno == EPERM ? TIX_ECONFIG : TIX_EUNAVAILABLE;

	return err_set(err, code, "socket", "%s: %s: %s", path, what, strerror(errno));
}

static int make_address(const char *path, struct sockaddr_un *ret, struct err *err)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(ret->sun_path))
		return err_set(err, TIX_ECONFIG, "socket",
		    "%s: longer than the %zu bytes that a socket's path may have", path,
		    sizeof(ret->sun_path) - 1);
	memcpy(ret->sun_path, path, strlen(path) + 1);
	return 0;
}

/* The directory, made if only it is missing, locked against another daemon's start. */
static int lock_directory(const char *path, int *ret_fd, struct err *err)
{
	char dir[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	const char *slash = strrchr(path, '/');
	int fd;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	if (dir[0] == '\0')
		snprintf(dir, sizeof(dir), "/");
	if (mkdir(dir, 0750) < 0 && errno != EEXIST)
		return fail(err, dir, "cannot make the directory");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0) {
		fail(err, dir, "cannot use the directory");
		if (fd >= 0)
			close(fd);
		return err ? err->code : TIX_EUNAVAILABLE;
	}
	*ret_fd = fd;
	return 0;
}

static bool answers(const struct sockaddr_un *addr)
{
	AUTO(fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 && (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 ||
			      errno == EAGAIN || errno == EACCES);
}

/* Makes room for our socket: nothing there, or a socket on which nobody answers. */
static int clear_path(const struct sockaddr_un *addr, struct err *err)
{
	const char *path = addr->sun_path;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : fail(err, path, "cannot look at it");
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, TIX_ECONFIG, "socket", "%s: is there and is no socket", path);
	if (answers(addr))
		return err_set(err, TIX_EBUSY, "socket", "a daemon already listens on %s", path);
	return unlink(path) == 0 ? 0 : fail(err, path, "cannot remove the stale socket");
}

static int bind_at(const struct sockaddr_un *addr, struct bound *ret, struct err *err)
{
	AUTO(fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	mode_t mask;
	int rc;

	if (fd < 0)
		return fail(err, addr->sun_path, "socket");
	mask = umask(0117);
	rc = bind(fd, (const struct sockaddr *)addr, sizeof(*addr));
	umask(mask);
	if (rc < 0 || lstat(addr->sun_path, &st) < 0 || listen(fd, BACKLOG) < 0)
		return fail(err, addr->sun_path, "cannot listen");
	*ret = (struct bound){.fd = fd, .dev = st.st_dev, .ino = st.st_ino};
	fd = -1;
	return 0;
}

int bind_check(const char *path, struct err *err)
{
	struct sockaddr_un addr;
	int rc = make_address(path, &addr, err);

	if (rc == 0 && answers(&addr))
		rc = err_set(err, TIX_EBUSY, "socket", "a daemon already listens on %s", path);
	return rc;
}

int bind_socket(const char *path, struct bound *ret, struct err *err)
{
	AUTO(fd) int dir = -1;
	struct sockaddr_un addr;
	int rc = make_address(path, &addr, err);

	if (rc == 0)
		rc = lock_directory(path, &dir, err);
	if (rc == 0)
		rc = clear_path(&addr, err);
	return rc == 0 ? bind_at(&addr, ret, err) : rc;
}

void bind_remove(const char *path, const struct bound *b)
{
	struct stat st;

	if (lstat(path, &st) == 0 && st.st_dev == b->dev && st.st_ino == b->ino)
		unlink(path);
}
