/* SPDX-License-Identifier: MIT */
/* What counts for this run: a flag, else the environment, else the user's file, else the machine's,
 * else what is built in. Reads the files once and keeps their first fault for who needs them. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "base/conf.h"
#include "cli/cli.h"

#define SETTINGS_MACHINE "/etc/tix/tix.conf"

struct setting {
	const char *value;  /* "" when there is none */
	const char *origin; /* "-e", "TIX_EVENT", "FILE:LINE", "built in" */
};

/* A file that was read. */
struct setting_file {
	const char *path;
	struct conf conf;
};

/* The user's own file, NULL without HOME and XDG_CONFIG_HOME. In the arena. */
const char *settings_own(struct cli *c);

/* Fills what switches may still override: event, format, colours, zone, pager. What is wrong in a
 * file is kept in c->settings_error and ends the first call to the daemon; what is wrong in the
 * environment is returned. */
int settings_load(struct cli *c, struct err *e);

/* The socket, "" for the usual places. */
const char *settings_socket(struct cli *c);

/* One setting, looked up in n files, the first of them first; n = 0: in none. Values are in the
 * arena or the files. */
struct setting settings_get(
    struct cli *c, enum conf_id id, struct setting_file *const *files, size_t n);

/* The value of the first of these variables that is set and not empty. NULL ends them. */
struct setting settings_env(const char *const *names);

#endif
