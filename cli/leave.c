/* SPDX-License-Identifier: MIT */
/* Two ways to take an interrupt, and the one place where it is let in. It ends nothing by itself that
 * has something to say. */
#include "cli/leave.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/clock.h"

static volatile sig_atomic_t left;

static void on_signal(int number)
{
	left = number;
}

static void on_early_signal(int number)
{
	(void)number;
	_exit(0);
}

/* They are blocked then. */
static void take(void (*handler)(int), sigset_t *ret)
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(ret);
	sigaddset(ret, SIGINT);
	sigaddset(ret, SIGTERM);
	sigprocmask(SIG_BLOCK, ret, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

void leave_at_once(void)
{
	sigset_t set;

	take(on_early_signal, &set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void leave_later(void)
{
	sigset_t set;

	take(on_signal, &set);
}

void leave_wait(struct pollfd *p, nfds_t n, int64_t us)
{
	struct timespec t = {0};
	sigset_t none;

	if (us > 0)
		t = (struct timespec){us / USEC_PER_SEC, us % USEC_PER_SEC * 1000};
	sigemptyset(&none);
	ppoll(p, n, &t, &none);
}

int leave_signal(void)
{
	return left;
}

bool leave_pending(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1;
}
