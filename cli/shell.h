/* SPDX-License-Identifier: MIT */
/* The shell: lines that are commands without "tix", typed by a person or read as a script. A line
 * of a script runs in this process over one connection where it can; what else there is, and all
 * that a person types, runs in a child, which may be interrupted, piped and timed out by itself. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"
#include "cli/shell_line.h"

/* Codes of the last replies; "" none yet. */
struct shell_last {
	char order[40], refund[40], job[40];
};

/* What lines have in common. */
struct session {
	struct rpc_client *client; /* kept from line to line; NULL: none */
	bool greeted;		   /* system.hello was said on it */
	const char *color;	   /* --color of the shell, NULL: as the settings say */
	size_t line;		   /* of a script, for errors; 0: none */
	bool told;		   /* this line said an error */
	struct shell_last last;
};

struct shell {
	struct cli *c; /* of the shell itself */
	struct session session;
	bool script, leave;
};

/* One command as main() would run it; in a session (NULL: none) with its connection. */
int cli_run(struct session *s, int argc, char **argv);

/* Remembers the codes of a reply. */
void shell_note(struct session *s, const struct rpc_method *m, const json_t *result);

/* Runs a line; its exit status. */
int shell_do(struct shell *sh, struct arena *a, const struct shell_line *l);

/* Words typed so far, the last one not finished: what "tix __complete" prints of them, in the arena;
 * "" when there is nothing. */
const char *shell_offers(struct arena *a, const struct shell_line *l);

/* A person types. Only tix-shell has it, which is tix with an editor of lines. */
int shell_person(struct shell *sh) __attribute__((weak));

#endif
