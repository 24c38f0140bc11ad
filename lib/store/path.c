/* SPDX-License-Identifier: MIT */
/* Reads a store's url; it looks at folders and never opens the file. */
#include "store/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

#define SCHEME "sqlite:"

int db_path(const char *url, char ret[DB_PATH_MAX], struct err *err)
{
	AUTO(str) char *folder = NULL;
	char real[PATH_MAX];
	const char *file, *slash, *base;
	struct stat st;
	int n;

	if (strncmp(url, SCHEME, strlen(SCHEME)) != 0)
		return err_set(
		    err, TIX_ECONFIG, "store", "a store is named sqlite:FILE, not %s", url);
	file = url + strlen(SCHEME);
	slash = strrchr(file, '/');
	base = slash ? slash + 1 : file;
	if (*base == '\0' || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		return err_set(err, TIX_ECONFIG, "store", "%s names no file", url);
	folder = slash ? strndup(file, slash == file ? 1 : (size_t)(slash - file)) : strdup(".");
	if (!folder)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (!realpath(folder, real))
		return err_set(err, TIX_ECONFIG, "store", "the folder %s of the store: %s", folder,
		    strerrordesc_np(errno));
	n = snprintf(ret, DB_PATH_MAX, "%s/%s", strcmp(real, "/") == 0 ? "" : real, base);
	if (n < 0 || n >= DB_PATH_MAX - 16)
		return err_set(err, TIX_ECONFIG, "store", "the store's path is too long");
	if (stat(ret, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(err, TIX_ECONFIG, "store", "the store %s is a folder", ret);
		err_hint(err, "name a file in it: %s%s/tix.db", SCHEME, ret);
		return TIX_ECONFIG;
	}
	return 0;
}
