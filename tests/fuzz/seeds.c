/* SPDX-License-Identifier: MIT */
/* Runs the fuzz target over its corpus as a plain test: each seed whole, cut at every place, and
 * with each of its bytes changed. It aborts where the target would. */
#include "tests/tap.h"

#include <dirent.h>
#include <stdlib.h>

#define SEED_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block of its own size, so that a sanitizer sees a byte too far. */
static void run(const char *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (copy && len)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void run_seed(const char *dir, const char *name)
{
	static const char others[] = {'\0', '"', '\\', '{', '\x7F', '\xFF', '9', ','};
	char path[4096], data[SEED_MAX];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	len = f ? fread(data, 1, sizeof(data), f) : 0;
	if (f)
		fclose(f);
	run(data, len);
	for (size_t i = 0; i < len; i++) {
		char was = data[i];

		run(data, i);
		data[i] = others[i % sizeof(others)];
		run(data, len);
		data[i] = was;
	}
	ok(len > 0, "%s", name);
}

int main(void)
{
	const char *top = getenv("top_srcdir");
	char dir[2048];
	struct dirent *entry;
	int seeds = 0;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus", top ? top : ".");
	d = opendir(dir);
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		run_seed(dir, entry->d_name);
		seeds++;
	}
	if (d)
		closedir(d);
	ok(seeds > 0, "%d seeds", seeds);
	return done_testing();
}
