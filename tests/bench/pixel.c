/* SPDX-License-Identifier: MIT */
/* From a commit to the screen, while others buy: sells one ticket after another of the event "pixel"
 * and measures from the daemon's reply until the overview shows it. Beside it a dashboard on a
 * terminal of its own is watched for what it costs. Prints medians and such, a line a figure. usage:
 * pixel DASHBOARD SOCKET SAMPLES */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rpc/client.h"

#define PAUSE_MS 70 /* between samples: no multiple of the dashboard's own steps */
#define FIRST 100   /* tickets that are sold before: all counts have three digits */

static int64_t now_us(void)
{
	return clock_mono(clock_system());
}

static void die(const char *what)
{
	fprintf(stderr, "pixel: %s\n", what);
	exit(1);
}

/* The dashboard on a terminal; what it draws is read away. */
static pid_t start_on_terminal(const char *dash, const char *socket, int *ret_fd)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	pid_t pid = forkpty(ret_fd, NULL, NULL, &size);

	if (pid < 0)
		die("no terminal");
	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		execl(dash, dash, "--socket", socket, (char *)NULL);
		_exit(127);
	}
	fcntl(*ret_fd, F_SETFL, O_NONBLOCK);
	return pid;
}

static void drain(int fd)
{
	char text[65536];

	while (read(fd, text, sizeof(text)) > 0)
		continue;
}

static pid_t start_script(const char *dash, const char *socket, FILE **ret_to, FILE **ret_from)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		die("no pipe");
	pid = fork();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execl(dash, dash, "--socket", socket, "--script", "-", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	*ret_to = fdopen(in[1], "w");
	*ret_from = fdopen(out[0], "r");
	if (pid < 0 || !*ret_to || !*ret_from)
		die("no script");
	return pid;
}

/* Waits until the screen has the count; when it had it. */
static int64_t shown(FILE *from)
{
	char line[256];

	if (!fgets(line, sizeof(line), from))
		die("the dashboard ended");
	return now_us();
}

static void sell(struct rpc_client *c, int count)
{
	AUTO(json) json_t *params = json_pack("{s:s, s:[{s:s, s:i}], s:s}", "event", "pixel", "line",
	    "category", "ga", "count", count, "pay", "cash");
	struct err e;

	if (rpc_client_call(c, "order.create", params, NULL, &e) < 0)
		die(e.message);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double cpu_seconds(pid_t pid)
{
	char path[64], text[1024] = "";
	unsigned long user = 0, system = 0;
	const char *p;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f && fgets(text, sizeof(text), f) && (p = strrchr(text, ')')))
		sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	if (f)
		fclose(f);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double rss_mib(pid_t pid)
{
	char path[64];
	long pages = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (f && fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void end(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
}

int main(int argc, char **argv)
{
	int samples = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0, pty;
	struct rpc_client *c = NULL;
	struct err e;
	FILE *to, *from;
	int64_t *us, begun;
	double cpu;
	pid_t screen, script;

	if (samples < 1 || samples > 800) {
		fputs("usage: pixel DASHBOARD SOCKET SAMPLES\n", stderr);
		return 2;
	}
	us = calloc((size_t)samples, sizeof(*us));
	if (!us)
		die("no memory");
	if (rpc_client_open(argv[2], &c, &e) < 0)
		die(e.message);
	sell(c, FIRST);
	script = start_script(argv[1], argv[2], &to, &from);
	screen = start_on_terminal(argv[1], argv[2], &pty);
	fprintf(to, "wait  %d/1,000\nsay\n", FIRST);
	fflush(to);
	shown(from);
	cpu = cpu_seconds(screen);
	begun = now_us();
	for (int i = 0; i < samples; i++) {
		int64_t sold;

		fprintf(to, "wait  %d/1,000\nsay\n", FIRST + i + 1);
		fflush(to);
		sell(c, 1);
		sold = now_us();
		us[i] = shown(from) - sold;
		us[i] = us[i] > 0 ? us[i] : 0;
		drain(pty);
		poll(NULL, 0, PAUSE_MS);
	}
	cpu = (cpu_seconds(screen) - cpu) * 100e6 / (double)(now_us() - begun);
	qsort(us, (size_t)samples, sizeof(*us), by_size);
	printf("dash_commit_p50 %.1f ms\n", (double)us[samples / 2] / 1000);
	printf("dash_commit_p99 %.1f ms\n", (double)us[samples * 99 / 100] / 1000);
	printf("dash_cpu %.1f %%\n", cpu);
	printf("dash_rss %.1f MiB\n", rss_mib(screen));
	end(screen);
	end(script);
	rpc_client_free(c);
	free(us);
	return 0;
}
