/* SPDX-License-Identifier: MIT */
/* Starts a program many times, one after the other, and prints the median of how long a run took,
 * in milliseconds. What the program prints is thrown away; a run that fails ends everything. usage:
 * spawn RUNS PROGRAM [ARGUMENT...] */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

static int64_t run_once(char **argv, const posix_spawn_file_actions_t *quiet)
{
	int64_t start = clock_mono(clock_system());
	int status, r;
	pid_t pid;

	r = posix_spawnp(&pid, argv[0], quiet, NULL, argv, environ);
	if (r != 0) {
		fprintf(stderr, "spawn: %s: %s\n", argv[0], strerror(r));
		exit(1);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "spawn: %s failed\n", argv[0]);
		exit(1);
	}
	return clock_mono(clock_system()) - start;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	posix_spawn_file_actions_t quiet;
	int64_t *us;

	if (runs < 1 || runs > 1000000) {
		fputs("usage: spawn RUNS PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	us = calloc((size_t)runs, sizeof(*us));
	if (!us || posix_spawn_file_actions_init(&quiet) != 0 ||
	    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) != 0)
		return 1;
	for (long i = 0; i < runs; i++)
		us[i] = run_once(argv + 2, &quiet);
	qsort(us, (size_t)runs, sizeof(*us), by_size);
	printf("%.3f\n", (double)us[runs / 2] / 1000);
	posix_spawn_file_actions_destroy(&quiet);
	free(us);
	return 0;
}
