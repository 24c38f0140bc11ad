/* SPDX-License-Identifier: MIT */
/* Flags and defaults. It opens nothing but the file of settings. */
#include "daemon/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/rpc.h"

#define CONFIG_DEFAULT "/etc/tix/tix.conf"

const char options_help[] =
    "usage: tixd [--store sqlite:FILE] [--socket PATH] [--config FILE] [--readers N] "
    "[--test-clock[=TIME]]\n"
    "       tixd --check | --version | --help\n"
    "       tixd db VERB ...        as tix db\n"
    "\n"
    "  --store sqlite:FILE   where everything is kept; made when it is not there\n"
    "  --socket PATH         where to listen\n"
    "  --config FILE         settings, see tix.conf(5)\n"
    "  --readers N           threads that read\n"
    "  --test-clock[=TIME]   a clock that stands still until system.clock_set; for tests\n"
    "  --check               read the settings, say what is wrong, exit\n"
    "  --version, --help     say so and exit\n";

enum {
	OPT_STORE = 256,
	OPT_SOCKET,
	OPT_CONFIG,
	OPT_READERS,
	OPT_TEST_CLOCK,
	OPT_CHECK,
	OPT_VERSION,
	OPT_HELP
};

static const struct option flags[] = {
    {"store", required_argument, NULL, OPT_STORE},
    {"socket", required_argument, NULL, OPT_SOCKET},
    {"config", required_argument, NULL, OPT_CONFIG},
    {"readers", required_argument, NULL, OPT_READERS},
    {"test-clock", optional_argument, NULL, OPT_TEST_CLOCK},
    {"check", no_argument, NULL, OPT_CHECK},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {0},
};

static bool take_flag(struct options *o, int flag)
{
	switch (flag) {
	case OPT_STORE:
		o->store = optarg;
		return true;
	case OPT_SOCKET:
		o->socket = optarg;
		return true;
	case OPT_CONFIG:
		o->config = optarg;
		return true;
	case OPT_READERS:
		o->readers = optarg;
		return true;
	case OPT_TEST_CLOCK:
		o->test_clock = optarg ? optarg : "";
		return true;
	case OPT_CHECK:
		o->check = true;
		return true;
	case OPT_VERSION:
		o->version = true;
		return true;
	case 'h':
	case OPT_HELP:
		o->help = true;
		return true;
	default:
		return false;
	}
}

int options_parse(int argc, char **argv, struct options *ret, struct err *err)
{
	struct options o = {0};
	int flag;

	opterr = 0;
	while ((flag = getopt_long(argc, argv, "+:h", flags, NULL)) != -1) {
		if (!take_flag(&o, flag)) {
			err_set(err, TIX_EBAD_VALUE, NULL,
			    flag == ':' ? "%s takes a value" : "%s is no flag of tixd",
			    argv[optind - 1]);
			err_hint(err, "tixd --help lists them");
			return TIX_EBAD_VALUE;
		}
	}
	if (optind < argc)
		return err_set(
		    err, TIX_EBAD_VALUE, NULL, "tixd takes no argument, and got %s", argv[optind]);
	*ret = o;
	return 0;
}

static int read_file(const struct options *o, struct conf *ret, struct err *err)
{
	const char *path = o->config ? o->config : CONFIG_DEFAULT;
	int rc = conf_read(path, ret, err);

	if (rc == TIX_ENOT_FOUND && !o->config) {
		err_clear(err);
		conf_defaults(ret);
		return 0;
	}
	if (rc == TIX_ENOT_FOUND)
		return err_set(err, TIX_ECONFIG, "config", "there is no file %s", path);
	return rc < 0 ? rc : rpc_check_peers(path, ret, err);
}

/* Where a service keeps its store, or where a user does; the last folders are made. */
static int default_store(char *out, size_t size, struct err *err)
{
	const char *service = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");
	char folder[256];

	if (service && *service)
		snprintf(folder, sizeof(folder), "%s", service);
	else if (state && *state)
		snprintf(folder, sizeof(folder), "%s/tix", state);
	else if (home && *home)
		snprintf(folder, sizeof(folder), "%s/.local/state/tix", home);
	else
		return err_set(err, TIX_ECONFIG, "store",
		    "there is no HOME to keep a store in; name one with --store");
	for (char *p = folder + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(folder, 0700);
		*p = '/';
	}
	mkdir(folder, 0700);
	snprintf(out, size, "sqlite:%s/tix.db", folder);
	return 0;
}

static int settle_store(struct conf *c, struct err *err)
{
	char text[300];

	if (c->store.s[0] != '\0')
		return 0;
	if (default_store(text, sizeof(text), err) < 0)
		return TIX_ECONFIG;
	return conf_set(c, CONF_ID_store, text, err);
}

static int settle_socket(const struct options *o, struct conf *c, struct err *err)
{
	const char *env = getenv("TIX_SOCKET"), *run = getenv("XDG_RUNTIME_DIR");
	char text[300];

	if (o->socket)
		return conf_set(c, CONF_ID_socket, o->socket, err);
	if (env && *env)
		return conf_set(c, CONF_ID_socket, env, err);
	if (c->socket.s[0] != '\0')
		return 0;
	snprintf(text, sizeof(text), "%s/tix/tixd.sock", run && *run ? run : "/run");
	return conf_set(c, CONF_ID_socket, text, err);
}

int options_settings(const struct options *o, struct conf *ret, struct err *err)
{
	int rc = read_file(o, ret, err);

	if (rc == 0 && o->store)
		rc = conf_set(ret, CONF_ID_store, o->store, err);
	if (rc == 0 && o->readers)
		rc = conf_set(ret, CONF_ID_readers, o->readers, err);
	if (rc == 0)
		rc = settle_store(ret, err);
	return rc == 0 ? settle_socket(o, ret, err) : rc;
}

int options_reload(const struct options *o, struct conf *conf, struct err *err)
{
	struct conf fresh;
	int rc = read_file(o, &fresh, err);

	if (rc < 0)
		return rc;
	fresh.store = conf->store;
	fresh.socket = conf->socket;
	fresh.readers = conf->readers;
	fresh.max_connections = conf->max_connections;
	*conf = fresh;
	return 0;
}
