/* SPDX-License-Identifier: MIT */
/* tix config: the settings as the files say them, where each comes from, and what is wrong with a
 * file. It asks no daemon: one that runs may have read them earlier. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/mem.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/print.h"

#define MACHINE "/etc/tix/tix.conf"

static const struct opt opts[] = {
    {"origin", NULL, "show: where each value comes from"},
    {NULL, NULL, NULL},
};

struct layer {
	const char *path; /* NULL: there is none */
	struct conf conf;
};

/* A file that may be absent, with all that can be wrong in it. */
static int read_layer(struct cli *c, const char *path, struct layer **ret, struct err *e)
{
	struct layer *l = arena_alloc(c->arena, sizeof(*l));
	int r = l ? conf_read(path, &l->conf, e) : err_set(e, TIX_EINTERNAL, NULL, "out of memory");

	if (r == 0)
		r = rpc_check_peers(path, &l->conf, e);
	if (r == TIX_ENOT_FOUND) {
		conf_defaults(&l->conf);
	} else if (r == 0) {
		l->path = path;
	}
	*ret = l;
	return r;
}

static int check_one(struct cli *c, const char *path, struct err *e)
{
	struct layer *l;
	int r = read_layer(c, path, &l, e);

	if (r == TIX_ENOT_FOUND)
		r = err_set(e, TIX_ECONFIG, NULL, "%s: no such file", path);
	if (r == 0 && !c->quiet) {
		out_safe(&c->out, path);
		buf_puts(&c->out, ": ok\n");
	}
	return r;
}

/* The user's own file, before the machine's. */
static const char *own_file(struct cli *c)
{
	const char *home = getenv("HOME");

	return home && *home == '/' ? arena_printf(c->arena, "%s/.config/tix/config", home) : NULL;
}

static int check(struct cli *c, const struct args *a, struct err *e)
{
	const char *own = own_file(c);
	int r = 0;

	for (size_t i = 1; i < a->npos && r == 0; i++)
		r = check_one(c, a->pos[i], e);
	if (a->npos > 1)
		return r;
	if (own && access(own, F_OK) == 0)
		r = check_one(c, own, e);
	if (r == 0 && access(MACHINE, F_OK) == 0)
		r = check_one(c, MACHINE, e);
	return r;
}

struct shown {
	struct cli *c;
	json_t *items; /* for JSON; else NULL */
	bool origin;
};

static void show_row(struct shown *s, const char *key, const char *value, const char *origin)
{
	static const bool number[] = {false, false, false};
	const char *cell[] = {key, value, origin};

	if (s->items) {
		json_array_append_new(s->items,
		    json_pack("{s:s, s:s, s:s}", "key", key, "value", value, "origin", origin));
		return;
	}
	if (s->c->mode != OUT_TABLE) {
		print_cells(s->c, cell, number, s->origin ? 3 : 2);
		return;
	}
	out_safe(&s->c->out, key);
	buf_puts(&s->c->out, " = ");
	out_safe(&s->c->out, value);
	if (s->origin) {
		buf_puts(&s->c->out, "  # ");
		out_safe(&s->c->out, origin);
	}
	buf_putc(&s->c->out, '\n');
}

static void show_setting(struct shown *s, enum conf_id id, struct layer *const *layers, size_t n)
{
	const char *set = id == CONF_ID_socket ? getenv("TIX_SOCKET") : NULL;
	const char *origin = "built in", *value = NULL;
	struct buf b;

	buf_init(&b, 0);
	if (id == CONF_ID_socket && s->c->socket) {
		value = s->c->socket;
		origin = "--socket";
	} else if (set && *set) {
		value = set;
		origin = "TIX_SOCKET";
	}
	for (size_t i = 0; i < n && !value; i++) {
		if (!layers[i]->path || !layers[i]->conf.line[id])
			continue;
		conf_show(&layers[i]->conf, id, &b);
		value = buf_str(&b);
		origin =
		    arena_printf(s->c->arena, "%s:%d", layers[i]->path, layers[i]->conf.line[id]);
	}
	if (!value) {
		struct conf *fresh = arena_alloc(s->c->arena, sizeof(*fresh));

		if (fresh) {
			conf_defaults(fresh);
			conf_show(fresh, id, &b);
		}
		value = buf_str(&b);
	}
	show_row(s, conf_rows[id].key, value, origin ? origin : "");
	buf_done(&b);
}

/* What only the command line has: from the environment or not at all. */
static void show_env(struct shown *s, const char *key, const char *name)
{
	const char *value = getenv(name);

	if (value && *value)
		show_row(s, key, value, name);
	else
		show_row(s, key, "", "built in");
}

static void show_peers(struct shown *s, const struct layer *l)
{
	for (int i = 0; l->path && i < l->conf.n_peers; i++) {
		const struct conf_peer *p = &l->conf.peers[i];

		show_row(s, arena_printf(s->c->arena, "peers.%u", (unsigned)p->uid),
		    arena_printf(s->c->arena, "%s%s%s%s%s", p->role, p->organizer[0] ? ":" : "",
			p->organizer, p->event[0] ? "/" : "", p->event),
		    arena_printf(s->c->arena, "%s:%d", l->path, p->line));
	}
}

/* The given file alone, or the user's before the machine's. */
static int show(struct cli *c, const struct args *a, struct err *e)
{
	struct shown s = {.c = c, .origin = args_opt(a, "origin") != NULL};
	const char *path[2] = {a->npos > 1 ? a->pos[1] : own_file(c), a->npos > 1 ? NULL : MACHINE};
	bool json = c->mode == OUT_JSON || c->mode == OUT_JSONL;
	AUTO(json) json_t *all = NULL;
	struct layer *layers[2];
	size_t n = 0;

	for (size_t i = 0; i < 2; i++) {
		int r = path[i] ? read_layer(c, path[i], &layers[n], e) : 0;

		if (r == TIX_ENOT_FOUND && a->npos <= 1)
			err_clear(e);
		else if (r < 0)
			return r;
		n += path[i] != NULL;
	}
	if (json) {
		s.items = json_array();
		all = json_pack("{s:i, s:o}", "v", 1, "items", s.items);
	}
	for (int id = 0; id < CONF_COUNT; id++)
		show_setting(&s, (enum conf_id)id, layers, n);
	for (size_t i = 0; i < n; i++)
		show_peers(&s, layers[i]);
	show_env(&s, "event", "TIX_EVENT");
	show_env(&s, "format", "TIX_FORMAT");
	show_env(&s, "tz", "TIX_TZ");
	if (json) {
		out_json(c, &c->out, all);
		buf_putc(&c->out, '\n');
	}
	return 0;
}

int cmd_config(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "config", NULL, opts, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "config", NULL, opts);
		return 0;
	}
	out_setup(c);
	if (r == 0 && a.npos == 0)
		r = err_set(&e, TIX_EMISSING, NULL, "show or check is required");
	else if (r == 0 && strcmp(a.pos[0], "check") == 0)
		r = check(c, &a, &e);
	else if (r == 0 && strcmp(a.pos[0], "show") == 0)
		r = show(c, &a, &e);
	else if (r == 0)
		r = err_set(&e, TIX_EBAD_VALUE, NULL, "config has no verb \"%.40s\"", a.pos[0]);
	if (r < 0 && (e.code == TIX_EMISSING || e.code == TIX_EBAD_VALUE))
		err_hint(&e, "tix config -h");
	return r < 0 ? out_error(c, &e) : 0;
}
