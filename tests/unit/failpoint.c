/* SPDX-License-Identifier: MIT */
/* Failpoints: the table, and in a build that has them what each action does. */
#include "tests/tap.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/failpoint.h"

#ifdef TIX_FAILPOINTS

/* How a child ends that passes the name three times under a setting; its exit code or 128 + signal.
 */
static int child(const char *setting, const char *name)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int errors = 0;

		setenv("TIX_FAILPOINT", setting, 1);
		failpoint_reset();
		for (int i = 0; i < 3; i++)
			errors = errors * 2 + (FAILPOINT(name) == TIX_EINTERNAL);
		_exit(errors);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void actions(void)
{
	is_int(child("", "batch.begin"), 0, "nothing set");
	is_int(child("batch.begin:2:err", "batch.begin"), 2, "the second time fails");
	is_int(child("batch.begin:0:err", "batch.begin"), 7, "each time fails");
	is_int(child("batch.begin:4:err", "batch.begin"), 0, "never that often");
	is_int(child("batch.begin:1:err", "batch.written"), 0, "another point");
	is_int(child("batch.begin:1:err;batch.begin:3:err;", "batch.begin"), 5, "two settings");
	is_int(child("batch.begin:3:kill", "batch.begin"), 128 + SIGKILL, "kill");
	is_int(child("batch.begin:1:sleep", "batch.begin"), 0, "sleep goes on");
	is_int(
	    child("nosuch:1:err", "batch.begin"), 128 + SIGABRT, "an unknown name in the setting");
	is_int(child("batch.begin:x:err", "batch.begin"), 128 + SIGABRT, "no number");
	is_int(child("batch.begin:1:die", "batch.begin"), 128 + SIGABRT, "no action");
	is_int(child("batch.begin", "batch.begin"), 128 + SIGABRT, "half a setting");
	is_int(child("", "nosuch"), 128 + SIGABRT, "an unknown name in the code");
}

#else

static void actions(void)
{
	setenv("TIX_FAILPOINT", "batch.begin:0:kill", 1);
	failpoint_reset();
	is_int(FAILPOINT("batch.begin"), 0, "nothing happens in this build");
}

#endif

int main(void)
{
	bool unique = true;
	size_t n = 0;

	for (; failpoint_name(n); n++)
		for (size_t k = 0; k < n; k++)
			unique = unique && strcmp(failpoint_name(n), failpoint_name(k)) != 0;
	ok(n > 0 && unique, "%zu names, each once", n);
	actions();
	return done_testing();
}
