/* SPDX-License-Identifier: MIT */
/* tix: the command line. It finds the command, and sees that what was printed really got out. It
 * keeps no data and knows no rule: everything is a call to the daemon. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/zone.h"
#include "cli/args.h"
#include "cli/bookmark.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/settings.h"
#include "cli/shell.h"

#define ARENA_MAX (256u * 1024 * 1024)

const struct command commands[] = {
    {"show", cmd_show, "show CODE...", "show whatever a code stands for", NULL, NULL},
    {"status", cmd_status, "status [--follow]", "how the daemon is",
	status_opts, &rpc_methods[RPC_system_status]},
    {"watch", cmd_watch, "watch [EVENT]", "follow what happens, live",
	watch_opts, NULL},
    {"import", cmd_import, "import events|orders FILE|-", "take over events or orders from JSON lines",
	import_opts, NULL},
    {"export", cmd_export, "export KIND [EVENT]", "events, orders or attendees as JSON lines or CSV",
	export_opts, NULL},
    {"audit", cmd_audit, "audit [LAW...]", "prove the laws on the live store",
	NULL, &rpc_methods[RPC_audit_run]},
    {"doctor", cmd_doctor, "doctor [EVENT[/CATEGORY]|CODE]", "say why it does not sell, or what is stuck", NULL, NULL},
    {"config", cmd_config, "config show|check|path [FILE]", "settings and where they come from; what is wrong in a file",
	config_opts, NULL},
    {"db", cmd_db, "db VERB [FILE]", "status, backup; check, restore, clone, init, migrate",
	db_opts, NULL},
    {"api", cmd_api, "api METHOD [JSON|-|@FILE]", "call any method", NULL, NULL},
    {"bench", cmd_bench, "bench onsale", "measure a sale under load",
	bench_opts, NULL},
    {"shell", cmd_shell, "shell [<SCRIPT]", "type commands with completion, or run a script of them", NULL, NULL},
    {"completion", cmd_completion, "completion bash|zsh|fish", "a script that completes words in a shell", NULL, NULL},
    {"version", cmd_version, "version", "what this is, and what the daemon is", NULL, NULL},
    {"help", cmd_help, "help [NOUN [VERB]]", "this", NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct command *command_find(const char *word)
{
	for (const struct command *cmd = commands; cmd->name; cmd++) {
		if (strcmp(cmd->name, word) == 0)
			return cmd;
	}
	return NULL;
}

const char *cli_tz(struct cli *c)
{
	static const char mark[] = "zoneinfo/";
	const char *name = c->tz_set, *at;
	char link[256];
	ssize_t n;

	if (c->tz)
		return c->tz;
	if (c->utc)
		name = "UTC";
	if (!name || !*name)
		name = getenv("TZ");
	if (name && *name == ':')
		name++;
	if (name && *name && zone_get(name, &c->zone, NULL) == 0)
		return c->tz = name;
	n = readlink("/etc/localtime", link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = 0;
	at = strstr(link, mark);
	if (at && zone_get(at + sizeof(mark) - 1, &c->zone, NULL) == 0)
		return c->tz = arena_strdup(c->arena, at + sizeof(mark) - 1);
	return NULL;
}

const struct zone *cli_zone(struct cli *c)
{
	if (!c->zone)
		cli_tz(c);
	if (!c->zone)
		c->zone = zone_utc0(); /* it is asked for each cell */
	return c->zone;
}

/* A closed descriptor would be taken by the next thing that is opened, and then be printed into. */
static void keep_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
			/* Reads from 0 fail, and writes to 1 and 2. */
			int null = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);

			if (null >= 0 && null != fd)
				close(null);
		}
	}
}

static int start(struct cli *c, struct err *e)
{
	int r;

	buf_init(&c->out, 0);
	c->arena = arena_new(ARENA_MAX);
	if (!c->arena)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	r = settings_load(c, e);
	if (r == 0 && c->session && c->session->color)
		r = args_set_color(c, c->session->color, "--color", e);
	return r;
}

static int run(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct args lead;
	char version[] = "version";
	char shell[] = "shell";
	char *as_command[] = {version, NULL}, *as_shell[] = {shell, NULL};
	const struct command *cmd;
	int r = start(c, &e);

	if (argc > 1 && strcmp(argv[1], "__complete") == 0 && c->arena)
		return cmd_complete(c, argc - 1, argv + 1);
	if (r == 0 && argc > 1 && strcmp(argv[1], "--version") == 0) {
		c->mode_given = true; /* the one line that every program says, also to a pipe */
		c->mode = OUT_TABLE;
		out_setup(c);
		return cmd_version(c, 1, as_command);
	}
	if (r == 0)
		r = args_leading(c, argc - 1, argv + 1, &lead, &e);
	if (r < 0) {
		out_setup(c);
		return out_error(c, &e);
	}
	argc -= 1 + r;
	argv += 1 + r;
	if (argc == 0 && !lead.help && !c->session && isatty(0) && isatty(1))
		return cmd_shell(c, 1, as_shell);
	if (argc == 0 || lead.help) {
		help_all(c);
		return 0;
	}
	cmd = command_find(argv[0]);
	if (cmd)
		c->what = cmd->name;
	return cmd ? cmd->run(c, argc, argv) : cmd_method(c, argc, argv);
}

/* The connection is a session's own; one with replies under way is of no more use. */
static void give_back(struct cli *c, int status)
{
	if (c->session && status == 0 && c->client) {
		c->session->client = TAKE(c->client);
		c->session->greeted = c->greeted;
	}
	call_disconnect(c);
}

int cli_run(struct session *s, int argc, char **argv)
{
	struct cli c = {.session = s};
	struct err e = {0};
	int status;

	if (s) {
		c.client = TAKE(s->client);
		c.greeted = s->greeted;
	}
	status = run(&c, argc, argv);
	status = out_finish(&c, status);
	if (bookmark_close(&c, status, &e) < 0)
		status = out_error(&c, &e);
	give_back(&c, status);
	odd_done(&c);
	arena_free(c.arena);
	return status;
}

int main(int argc, char **argv)
{
	keep_descriptors();
	return cli_run(NULL, argc, argv);
}
