/* SPDX-License-Identifier: MIT */
/* A private folder for one test, removed at its end, and the url of a store in it. */
#ifndef TESTS_STORE_TEMP_H
#define TESTS_STORE_TEMP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char temp_dir[256];

/* Where a store called name lies; kept in ret, which is returned. */
__attribute__((unused)) static char *temp_path(char ret[512], const char *name)
{
	snprintf(ret, 512, "%s/%s", temp_dir, name);
	return ret;
}

__attribute__((unused)) static char *temp_url(char ret[512], const char *name)
{
	snprintf(ret, 512, "sqlite:%s/%s", temp_dir, name);
	return ret;
}

__attribute__((unused)) static void temp_clean(void)
{
	char path[1024];
	DIR *d = opendir(temp_dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", temp_dir, e->d_name);
		unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(temp_dir);
}

__attribute__((unused)) static void temp_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(temp_dir, sizeof(temp_dir), "%s/tix-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(temp_dir)) {
		perror(temp_dir);
		exit(99);
	}
	atexit(temp_clean);
}

__attribute__((unused)) static bool temp_write(
    const char *path, const void *data, size_t len, mode_t mode)
{
	FILE *f = fopen(path, "we");
	bool good = f && fwrite(data, 1, len, f) == len;

	if (f && fclose(f) != 0)
		good = false;
	return good && chmod(path, mode) == 0;
}

#endif
