/* SPDX-License-Identifier: MIT */
/* tix db: backup and status are calls to the daemon; what needs the store for itself is done by
 * tixd, which takes the place of this program. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/call.h"
#include "cli/guard.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/print.h"
#include "cli/progress.h"

#define WORDS_MAX 64

/* Of tixd, which reads them; its help says more. */
const struct opt db_opts[] = {
    {"store", "STORE", "sqlite:FILE, the store; else as tixd finds it"},
    {"config", "FILE", "settings, see tix.conf(5)"},
    {"key", "FILE", "the key file, where the store has none"},
    {"confirm", "RECORD", "with --yes: restore over a store whose journal ends there"},
    {"shift-time", "SPAN", "clone: move all times, e.g. -30d or +12h"},
    {"keep-persons", NULL, "clone: keep names, addresses and notes of people"},
    {NULL, NULL, NULL},
};

/* tixd lies beside this program, or in sbin beside its folder, or where PATH says. */
static void run_tixd(char **argv)
{
	static const char *const places[] = {"tixd", "../sbin/tixd"};
	char self[PATH_MAX], path[PATH_MAX + 16], name[] = "tixd";
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	argv[0] = name;
	for (size_t i = 0; slash && i < 2; i++) {
		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - self), self, places[i]);
		execv(path, argv);
	}
	execvp(name, argv);
}

static int by_tixd(struct cli *c, int argc, char **argv)
{
	char *words[WORDS_MAX + 5], quiet[] = "--quiet", yes[] = "--yes", json[] = "--json";
	struct err e = {0};
	int n = 1;

	out_setup(c);
	if (argc > WORDS_MAX) {
		err_set(&e, TIX_EBAD_VALUE, NULL, "too many arguments");
		return out_error(c, &e);
	}
	for (int i = 0; i < argc; i++)
		words[n++] = argv[i];
	if (c->quiet)
		words[n++] = quiet;
	if (c->yes)
		words[n++] = yes;
	if (c->mode == OUT_JSON || c->mode == OUT_JSONL)
		words[n++] = json;
	words[n] = NULL;
	guard_leave();
	run_tixd(words);
	err_set(&e, TIX_ENO_DAEMON, NULL, "tixd cannot be started: %s", strerror(errno));
	return out_error(c, &e);
}

static int backup(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m = &rpc_methods[RPC_db_backup];
	struct progress progress;
	struct err e = {0};
	struct args a;
	char here[PATH_MAX];
	int status;

	if (args_parse(c, argc, argv, "db backup", m->in, NULL, &a, &e) < 0) {
		out_setup(c);
		return out_error(c, &e);
	}
	if (a.help) {
		help_method(c, m);
		return 0;
	}
	if (c->dry_run) {
		out_setup(c);
		err_set(&e, TIX_EBAD_VALUE, NULL, "a backup that is not kept proves nothing");
		err_hint(&e, "tix db status: how large the store is");
		return out_error(c, &e);
	}
	if (a.npos > 0 && a.pos[0][0] != '/' && getcwd(here, sizeof(here)))
		a.pos[0] = arena_printf(c->arena, "%s/%s", here, a.pos[0]);
	progress_begin(&progress, c, "backup");
	status = method_run(c, m, &a);
	progress_end(&progress);
	if (status == 0)
		out_hint(c, "keep a copy of the key file too, and not beside the backup");
	return status;
}

int cmd_db(struct cli *c, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (strcmp(verb, "backup") == 0)
		return backup(c, argc - 2, argv + 2);
	if (strcmp(verb, "status") == 0)
		return cmd_method(c, argc, argv);
	return by_tixd(c, argc, argv);
}
