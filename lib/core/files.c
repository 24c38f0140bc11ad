/* SPDX-License-Identifier: MIT */
/* The files beside a store: its lock and its key. The key is written once, with a fresh store, and
 * never again. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/writer_state.h"
#include "store/path.h"

#define KEY_BYTES 32
#define KEY_FILE_SIZE (2 * KEY_BYTES + 1) /* hex and a line feed */

static int beside(const char *path, const char *suffix, char ret[DB_PATH_MAX], struct err *err)
{
	int n = snprintf(ret, DB_PATH_MAX, "%s%s", path, suffix);

	if (n < 0 || n >= DB_PATH_MAX)
		return err_set(err, TIX_ECONFIG, "store", "the store's path is too long");
	return 0;
}

static int cannot(const char *what, const char *path, struct err *err)
{
	int code =
	    errno == EROFS || errno == ENOSPC || errno == EDQUOT ? TIX_EUNAVAILABLE : TIX_ECONFIG;

	return err_set(err, code, "store", "cannot %s %s: %s", what, path, strerrordesc_np(errno));
}

/* Nothing was ever kept in it: absent, or empty because its making was cut short. */
bool store_fresh(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 || st.st_size == 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int store_lock(const char *path, int *ret_fd, struct err *err)
{
	char file[DB_PATH_MAX], text[24] = "";
	AUTO(fd) int fd = -1;
	ssize_t n;
	int r = beside(path, ".lock", file, err);

	if (r < 0)
		return r;
	fd = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return cannot("lock the store: open", file, err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return cannot("lock", file, err);
		n = read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		text[strspn(text, "0123456789")] = '\0';
		err_set(err, TIX_EUNAVAILABLE, "store", "the store %s is in use by pid %s", path,
		    *text ? text : "(unknown)");
		err_hint(err, "systemctl stop tixd, if it is the daemon's; or --store names another");
		return TIX_EUNAVAILABLE;
	}
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) < 0 || write_all(fd, text, (size_t)n) < 0)
		return cannot("write", file, err);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

int store_sync_folder(const char *path, struct err *err)
{
	char folder[DB_PATH_MAX];
	AUTO(fd) int fd = -1;
	char *slash;
	int r = beside(path, "", folder, err);

	if (r < 0)
		return r;
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return cannot("sync the folder", folder, err);
	return 0;
}

/* The whole key under another name first: a crash leaves no short file where the key belongs. What a
 * crash left of an earlier try goes; the store's lock is held. An existing key is never replaced. */
static int key_write(const char *file, const uint8_t master[KEY_BYTES], struct err *err)
{
	char text[KEY_FILE_SIZE + 1], fresh[DB_PATH_MAX];
	AUTO(fd) int fd = -1;
	int r = beside(file, ".new", fresh, err);

	if (r < 0)
		return r;
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return cannot("create the key file", fresh, err);
	sodium_bin2hex(text, sizeof(text), master, KEY_BYTES);
	text[KEY_FILE_SIZE - 1] = '\n';
	if (write_all(fd, text, KEY_FILE_SIZE) < 0 || fsync(fd) < 0)
		r = cannot("write the key file", fresh, err);
	else if (link(fresh, file) < 0)
		r = cannot("create the key file", file, err);
	unlink(fresh);
	sodium_memzero(text, sizeof(text));
	return r;
}

static int key_make(const char *file, uint8_t ret[KEY_BYTES], struct err *err)
{
	random_bytes(ret, KEY_BYTES);
	return key_write(file, ret, err);
}

static int key_read(int fd, const char *file, uint8_t ret[KEY_BYTES], struct err *err)
{
	char text[KEY_FILE_SIZE + 1];
	struct stat st;
	size_t len = 0;
	ssize_t n;
	int r = 0;

	if (fstat(fd, &st) < 0)
		return cannot("read the key file", file, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, TIX_ECONFIG, "key", "the key file %s is no plain file", file);
	if (st.st_mode & 077) {
		err_set(err, TIX_ECONFIG, "key", "the key file %s can be read by others", file);
		err_hint(err, "chmod 600 %s", file);
		return TIX_ECONFIG;
	}
	n = read(fd, text, sizeof(text));
	if (n != KEY_FILE_SIZE || text[KEY_FILE_SIZE - 1] != '\n' ||
	    sodium_hex2bin(ret, KEY_BYTES, text, KEY_FILE_SIZE - 1, NULL, &len, NULL) != 0 ||
	    len != KEY_BYTES)
		r = err_set(err, TIX_ECONFIG, "key",
		    "the key file %s is damaged: it must hold 64 hex digits", file);
	sodium_memzero(text, sizeof(text));
	return r;
}

/* 1 when it was read, 0 when there is none. */
static int key_open(const char *file, uint8_t ret[KEY_BYTES], struct err *err)
{
	AUTO(fd) int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int r;

	if (fd >= 0) {
		r = key_read(fd, file, ret, err);
		return r < 0 ? r : 1;
	}
	if (errno == ELOOP)
		return err_set(err, TIX_ECONFIG, "key", "the key file %s is a symbolic link", file);
	return errno == ENOENT ? 0 : cannot("read the key file", file, err);
}

int store_key_file(const char *file, uint8_t ret[32], struct err *err)
{
	int r = key_open(file, ret, err);

	return r == 0 ? err_set(err, TIX_ECONFIG, "key", "the key file %s is missing", file)
		      : (r < 0 ? r : 0);
}

int store_key_add(const char *path, const uint8_t master[32], struct err *err)
{
	char file[DB_PATH_MAX];
	int r = beside(path, ".key", file, err);

	if (r == 0)
		r = key_write(file, master, err);
	return r < 0 ? r : store_sync_folder(path, err);
}

int store_key(const char *path, bool fresh, uint8_t ret[32], struct err *err)
{
	char file[DB_PATH_MAX];
	int r = beside(path, ".key", file, err);

	if (r < 0)
		return r;
	r = key_open(file, ret, err);
	if (r != 0)
		return r < 0 ? r : 0;
	if (fresh) {
		r = key_make(file, ret, err);
		return r < 0 ? r : store_sync_folder(path, err);
	}
	err_set(err, TIX_ECONFIG, "key", "the key file %s is missing", file);
	err_hint(
	    err, "put the file back from its backup: without it no code of this store can be read");
	return TIX_ECONFIG;
}
