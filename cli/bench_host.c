/* SPDX-License-Identifier: MIT */
/* What the machine says of the daemon and its disk: /proc, the write-ahead log's size, the rate of
 * fdatasync. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/bench.h"

#define BLOCK 4096
#define BLOCKS 256
#define SYNC_US (USEC_PER_SEC * 3 / 10)

/* A whole small file of /proc; false when it cannot be read. */
static bool slurp(int64_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	AUTO(fd) int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%" PRId64 "/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

static int64_t cpu_us(int64_t pid)
{
	char text[1024];
	const char *p;
	unsigned long user = 0, system = 0;

	if (!slurp(pid, "stat", text, sizeof(text)))
		return -1;
	p = strrchr(text, ')'); /* the name before it may hold anything */
	if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		      &system) != 2)
		return -1;
	return (int64_t)(user + system) * USEC_PER_SEC / sysconf(_SC_CLK_TCK);
}

static int64_t kib_of(const char *text, const char *label)
{
	const char *p = strstr(text, label);

	return p ? strtoll(p + strlen(label), NULL, 10) : -1;
}

int64_t bench_wal(const struct bench *b)
{
	char path[sizeof(b->store) + 8];
	struct stat st;

	snprintf(path, sizeof(path), "%s-wal", b->store);
	return b->store[0] && stat(path, &st) == 0 ? st.st_size : -1;
}

void bench_host(const struct bench *b, struct bench_host *ret)
{
	char text[4096];
	bool seen = slurp(b->pid, "status", text, sizeof(text));

	*ret = (struct bench_host){
	    .cpu_us = cpu_us(b->pid),
	    .rss_kib = seen ? kib_of(text, "VmRSS:") : -1,
	    .peak_kib = seen ? kib_of(text, "VmHWM:") : -1,
	    .wal_bytes = bench_wal(b),
	};
}

int64_t bench_own_cpu(void)
{
	struct rusage u;

	if (getrusage(RUSAGE_SELF, &u) < 0)
		return 0;
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * USEC_PER_SEC + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

/* Overwrites blocks of a file that has its size already, as a write-ahead log in use does. */
static int64_t measure(int fd)
{
	static const char block[BLOCK];
	int64_t start, us = 0, n = 0;

	for (off_t i = 0; i < BLOCKS; i++) {
		if (pwrite(fd, block, BLOCK, i * BLOCK) != BLOCK)
			return -1;
	}
	if (fsync(fd) < 0)
		return -1;
	start = clock_mono(clock_system());
	while (us < SYNC_US) {
		if (pwrite(fd, block, BLOCK, n % BLOCKS * BLOCK) != BLOCK || fdatasync(fd) < 0)
			return -1;
		n++;
		us = clock_mono(clock_system()) - start;
	}
	return n * USEC_PER_SEC / us;
}

int64_t bench_fdatasync(const struct bench *b)
{
	char path[sizeof(b->store) + 32];
	const char *slash = strrchr(b->store, '/');
	AUTO(fd) int fd = -1;

	if (b->opt.dir)
		snprintf(path, sizeof(path), "%s/tix-bench-XXXXXX", b->opt.dir);
	else if (slash)
		snprintf(
		    path, sizeof(path), "%.*s/tix-bench-XXXXXX", (int)(slash - b->store), b->store);
	else
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -1;
	unlink(path);
	return measure(fd);
}
