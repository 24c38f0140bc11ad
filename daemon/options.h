/* SPDX-License-Identifier: MIT */
/* What the command line, the environment and tix.conf say, as one set of settings. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/err.h"

struct options {
	const char *config;		      /* NULL: /etc/tix/tix.conf, if it is there */
	const char *store, *socket, *readers; /* NULL: not given */
	const char *test_clock;		      /* a time, "" for now, NULL: the machine's clock */
	bool check, version, help;
};

/* Flags; bad_value for what is none. */
int options_parse(int argc, char **argv, struct options *ret, struct err *err);

/* Settings: flags before environment before file before what is built in. Roles of [peers] exist.
 */
int options_settings(const struct options *o, struct conf *ret, struct err *err);

/* Reads the file again into conf: only what may change while it runs. Unchanged on failure. */
int options_reload(const struct options *o, struct conf *conf, struct err *err);

extern const char options_help[];

#endif
