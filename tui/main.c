/* SPDX-License-Identifier: MIT */
/* tix-dash: see the sale, and act. Options, then the loop. */
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/mem.h"
#include "base/zone.h"
#include "rpc/client.h"
#include "tui/app.h"
#include "tui/script.h"
#include "tui/tty.h"

#define PATH_BYTES 512
#define USAGE 2

struct options {
	const char *socket, *script, *keys, *event, *now;
	int cols, rows;
	bool linear, ascii;
};

static const char usage[] =
    "usage: tix-dash [--socket PATH] [--keys FILE] [--ascii] [--linear] [EVENT]\n"
    "       tix-dash --script FILE [--size COLUMNSxROWS] [--now TIME] [--linear] [EVENT]\n"
    "       tix-dash --help | --version\n";

static int parse(int argc, char **argv, struct options *o, struct err *e)
{
	static const struct option longs[] = {{"socket", 1, NULL, 's'}, {"script", 1, NULL, 'f'},
	    {"size", 1, NULL, 'z'}, {"now", 1, NULL, 't'}, {"keys", 1, NULL, 'k'},
	    {"linear", 0, NULL, 'l'}, {"ascii", 0, NULL, 'a'}, {"help", 0, NULL, 'h'},
	    {"version", 0, NULL, 'v'}, {NULL, 0, NULL, 0}};
	int c, r = 0;

	while (r == 0 && (c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 's':
			o->socket = optarg;
			break;
		case 'f':
			o->script = optarg;
			break;
		case 'z':
			r = script_size(optarg, &o->cols, &o->rows, e);
			break;
		case 't':
			o->now = optarg;
			break;
		case 'k':
			o->keys = optarg;
			break;
		case 'l':
			o->linear = true;
			break;
		case 'a':
			o->ascii = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'v':
			puts("tix-dash " TIX_BUILD);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(USAGE);
		}
	}
	o->event = optind < argc ? argv[optind] : NULL;
	if (r == 0 && optind + 1 < argc)
		r = err_set(e, TIX_EBAD_VALUE, NULL, "one event at most: \"%.60s\" is too much",
		    argv[optind + 1]);
	return r;
}

static const char *own_file(const char *name, char *out, size_t size)
{
	const char *home = getenv("HOME"), *dir = getenv("XDG_CONFIG_HOME");
	int n = dir && *dir == '/'     ? snprintf(out, size, "%s/tix/%s", dir, name)
		: home && *home == '/' ? snprintf(out, size, "%s/.config/tix/%s", home, name)
				       : -1;

	return n > 0 && (size_t)n < size && access(out, R_OK) == 0 ? out : NULL;
}

/* The socket that a file of settings names. */
static int configured(const char *path, char *out, size_t size, struct err *e)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	int r = conf ? conf_read(path, conf, e) : TIX_EUNAVAILABLE;

	if (r == 0)
		snprintf(out, size, "%s", conf->socket.s);
	free(conf);
	return r;
}

/* --socket, TIX_SOCKET, the files of the user and of the machine, the usual places. */
static int find_socket(const struct options *o, char *out, size_t size, struct err *e)
{
	const char *set = getenv("TIX_SOCKET"), *flag = o->socket;
	char path[PATH_BYTES], named[PATH_BYTES] = "";
	int r = 0;

	if (!flag && !(set && *set)) {
		if (own_file("config", path, sizeof(path)))
			r = configured(path, named, sizeof(named), e);
		if (r == 0 && !named[0] && access("/etc/tix/tix.conf", R_OK) == 0)
			r = configured("/etc/tix/tix.conf", named, sizeof(named), e);
		flag = named[0] ? named : NULL;
	}
	return r < 0 ? r : rpc_socket_path(flag, out, size, e);
}

/* TIX_TZ, TZ, then the machine's zone; NULL: UTC. */
static const char *find_zone(char *out, size_t size)
{
	static const char mark[] = "zoneinfo/";
	const char *names[] = {getenv("TIX_TZ"), getenv("TZ")};
	const struct zone *zone;
	const char *at;
	ssize_t n;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *name = names[i] && *names[i] == ':' ? names[i] + 1 : names[i];

		if (name && *name && zone_get(name, &zone, NULL) == 0)
			return name;
	}
	n = readlink("/etc/localtime", out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	at = strstr(out, mark);
	return at && zone_get(at + sizeof(mark) - 1, &zone, NULL) == 0 ? at + sizeof(mark) - 1 : NULL;
}

static int run(struct app *app, const struct options *o, struct err *e)
{
	const char *no_color = getenv("NO_COLOR");
	int r = o->now ? app_pin(app, o->now, e) : 0;

	app->grid.utf8 = !o->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (r == 0 && !grid_resize(&app->grid, o->rows, o->cols))
		r = err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	if (r < 0)
		return r;
	app_enter(app, VIEW_overview);
	if (o->event) {
		app_set_scope(app, o->event);
		app_show(app, VIEW_event);
	}
	if (o->script)
		return script_run(app, o->script, o->linear, stdout, e);
	if (o->linear)
		return tty_run_linear(app, e);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, TIX_EBAD_VALUE, NULL,
		    "stdin and stdout must be a terminal; --linear and --script need none");
	return tty_run(app, no_color && *no_color, e);
}

int main(int argc, char **argv)
{
	struct options o = {.cols = 80, .rows = 24};
	char socket[PATH_BYTES], zone[PATH_BYTES], keys[PATH_BYTES];
	struct err e = {0};
	struct app app = {0};
	int r;

	setlocale(LC_CTYPE, "");
	r = parse(argc, argv, &o, &e);
	if (r == 0)
		r = find_socket(&o, socket, sizeof(socket), &e);
	if (r == 0)
		r = app_init(&app, socket, find_zone(zone, sizeof(zone)),
		    o.keys ? o.keys : own_file("dash.keys", keys, sizeof(keys)), &e);
	if (r == 0)
		r = run(&app, &o, &e);
	app_done(&app);
	if (r < 0)
		fprintf(stderr, "tix-dash: %s%s%s\n", e.message, e.hint[0] ? "; " : "", e.hint);
	return r < 0 ? err_info(r)->exit_code : 0;
}
