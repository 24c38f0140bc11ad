/* SPDX-License-Identifier: MIT */
/* Start of the process. Nothing here is undone. */
#include "daemon/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define OTHER_FDS 128 /* store, log, wake-ups: what is no connection */

void process_harden(void)
{
	struct rlimit none = {0, 0};

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of write, not the end */
}

int process_room(int connections)
{
	rlim_t want = (rlim_t)connections + OTHER_FDS;
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur >= want)
		return connections;
	if (l.rlim_max != RLIM_INFINITY && l.rlim_max < want) {
		struct rlimit more = {want, want};

		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			return connections;
		want = l.rlim_max;
	}
	l.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &l) < 0)
		getrlimit(RLIMIT_NOFILE, &l);
	return l.rlim_cur > OTHER_FDS ? (int)l.rlim_cur - OTHER_FDS : 1;
}

static void ignore(uv_poll_t *h, int status, int events)
{
	(void)h, (void)status, (void)events;
}

static void close_fd(uv_handle_t *h)
{
	close((int)(intptr_t)h->data);
}

int process_reserve(uv_loop_t *loop, int connections)
{
	static uv_poll_t poll; /* lives until the loop has closed it */
	int low = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int high = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, connections + OTHER_FDS - 1);
	int rc;

	if (low >= 0)
		close(low);
	if (high < 0)
		return UV_EMFILE;
	rc = uv_poll_init(loop, &poll, high);
	if (rc < 0) {
		close(high);
		return rc;
	}
	poll.data = (void *)(intptr_t)high;
	rc = uv_poll_start(&poll, UV_READABLE, ignore);
	uv_run(loop, UV_RUN_NOWAIT);
	uv_close((uv_handle_t *)&poll, close_fd);
	uv_run(loop, UV_RUN_NOWAIT);
	return rc;
}
