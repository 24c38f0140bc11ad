/* SPDX-License-Identifier: MIT */
/* tix config: the settings as they count for this run, where each comes from, and all that is wrong
 * with a file. It asks no daemon: one that runs may have read them earlier. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/mem.h"
#include "base/near.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/print.h"
#include "cli/settings.h"

const struct opt config_opts[] = {
    {"origin", NULL, "show: where each value comes from"},
    {NULL, NULL, NULL},
};

static bool as_json(const struct cli *c)
{
	return c->mode == OUT_JSON || c->mode == OUT_JSONL;
}

static int by_line(const void *a, const void *b)
{
	return ((const struct conf_fault *)a)->line - ((const struct conf_fault *)b)->line;
}

/* Every fault of a file, roles of peers included, in the order of its lines. */
static int find_faults(struct cli *c, const char *path, struct conf_fault **ret, struct err *e)
{
	struct conf_fault *f = arena_array(c->arena, CONF_FAULTS_MAX, sizeof(*f));
	struct conf *conf = arena_alloc(c->arena, sizeof(*conf));
	int n = f && conf ? conf_faults(path, conf, f, e)
			  : err_set(e, TIX_EINTERNAL, NULL, "out of memory");

	if (n == TIX_ENOT_FOUND) {
		n = err_set(e, TIX_ECONFIG, NULL, "%s: no such file", path);
		err_hint(e, "tix config path");
	}
	for (int i = 0; n >= 0 && i < conf->n_peers && n < CONF_FAULTS_MAX; i++) {
		if (rpc_check_peer(path, &conf->peers[i], &f[n].err) < 0)
			f[n++].line = conf->peers[i].line;
	}
	if (n > 1)
		qsort(f, (size_t)n, sizeof(*f), by_line);
	*ret = f;
	return n;
}

static const char *const fault_names[] = {"file", "line", "field", "message", "hint"};

static void put_fault(struct cli *c, const char *path, const struct conf_fault *f)
{
	static const bool number[] = {false, true, false, false, false};
	const char *cell[] = {path, arena_printf(c->arena, "%d", f->line), f->err.field,
	    f->err.message, f->err.hint};

	print_cells(c, cell, number, ARRAY_LEN(cell));
}

/* Tells a file's faults, or that it is good. But for a table they are data too; in JSON the first
 * is the error. */
static int check_one(struct cli *c, const char *path, json_t *items)
{
	struct conf_fault *f = NULL;
	struct err e = {0};
	int n = find_faults(c, path, &f, &e);

	if (n < 0)
		return out_error(c, &e);
	for (int i = 0; i < n; i++) {
		const struct err *fault = &f[i].err;

		json_array_append_new(items, json_pack("{s:s, s:i, s:s?, s:s, s:s?}", "file", path,
						 "line", f[i].line, "field",
						 fault->field[0] ? fault->field : NULL, "message",
						 fault->message, "hint",
						 fault->hint[0] ? fault->hint : NULL));
		if (c->mode == OUT_TSV || c->mode == OUT_CSV)
			put_fault(c, path, &f[i]);
		if (!as_json(c) || i == 0)
			out_error(c, fault);
	}
	if (n == 0 && !c->quiet && c->mode == OUT_TABLE) {
		out_safe(&c->out, path);
		buf_puts(&c->out, ": ok\n");
	}
	return n > 0 ? err_info(TIX_ECONFIG)->exit_code : 0;
}

/* The files that are named, else those that there are. Returns the exit status. */
static int check(struct cli *c, const struct args *a)
{
	const char *path[] = {settings_own(c), SETTINGS_MACHINE};
	AUTO(json) json_t *items = json_array();

	int status = 0;

	print_names(c, fault_names, ARRAY_LEN(fault_names));
	for (size_t i = 1; i < a->npos; i++)
		status |= check_one(c, a->pos[i], items);
	for (size_t i = 0; i < ARRAY_LEN(path) && a->npos <= 1; i++) {
		if (path[i] && access(path[i], F_OK) == 0)
			status |= check_one(c, path[i], items);
	}
	if (as_json(c))
		print_items(c, items);
	return status;
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

static void show_settings(struct shown *s, struct setting_file *const *files, size_t n)
{
	for (int id = 0; id < CONF_COUNT; id++) {
		struct setting v = settings_get(s->c, (enum conf_id)id, files, n);

		show_row(s, conf_rows[id].key, v.value, v.origin ? v.origin : "");
	}
}

/* What only the environment says. */
static void show_env(struct shown *s)
{
	static const struct {
		const char *key, *names[3], *otherwise;
	} rows[] = {
	    {"editor", {"VISUAL", "EDITOR", NULL}, "vi"},
	    {"columns", {"COLUMNS", NULL, NULL}, ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct setting v = settings_env(rows[i].names);

		show_row(s, rows[i].key, v.value ? v.value : rows[i].otherwise,
		    v.value ? v.origin : "built in");
	}
}

static void show_peers(struct shown *s, const struct setting_file *f)
{
	for (int i = 0; i < f->conf.n_peers; i++) {
		const struct conf_peer *p = &f->conf.peers[i];

		show_row(s, arena_printf(s->c->arena, "peers.%u", (unsigned)p->uid),
		    arena_printf(s->c->arena, "%s%s%s%s%s", p->role, p->organizer[0] ? ":" : "",
			p->organizer, p->event[0] ? "/" : "", p->event),
		    arena_printf(s->c->arena, "%s:%d", f->path, p->line));
	}
}

/* A file that was named, instead of those that count. */
static int read_named(struct cli *c, const char *path, struct setting_file **ret, struct err *e)
{
	struct setting_file *f = arena_alloc(c->arena, sizeof(*f));
	int r = f ? conf_read(path, &f->conf, e) : err_set(e, TIX_EINTERNAL, NULL, "out of memory");

	if (r == 0)
		r = rpc_check_peers(path, &f->conf, e);
	if (r == TIX_ENOT_FOUND)
		r = err_set(e, TIX_ECONFIG, NULL, "%s: no such file", path);
	if (r < 0)
		return r;
	f->path = path;
	*ret = f;
	return 0;
}

static int show(struct cli *c, const struct args *a, struct err *e)
{
	static const char *const names[] = {"key", "value", "origin"};
	struct shown s = {.c = c, .origin = args_opt(a, "origin") != NULL};
	AUTO(json) json_t *items = as_json(c) ? json_array() : NULL;
	struct setting_file *named = NULL;
	struct setting_file *const *files = a->npos > 1 ? &named : c->files;
	size_t n = a->npos > 1 ? 1 : c->nfiles;
	int r = a->npos > 1 ? read_named(c, a->pos[1], &named, e) : c->settings_error.code;

	if (r < 0) {
		if (a->npos <= 1)
			*e = c->settings_error;
		return r;
	}
	s.items = items;
	print_names(c, names, s.origin ? 3 : 2);
	show_settings(&s, files, n);
	for (size_t i = 0; i < n; i++)
		show_peers(&s, files[i]);
	show_env(&s);
	if (items)
		print_items(c, items);
	return 0;
}

/* The files in the order in which they count, and whether each is there. */
static void paths(struct cli *c)
{
	static const char *const names[] = {"file", "state"};
	const char *path[] = {settings_own(c), SETTINGS_MACHINE};
	AUTO(json) json_t *items = json_array();

	print_names(c, names, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(path); i++) {
		bool there = path[i] && access(path[i], F_OK) == 0;
		const char *cell[] = {path[i], there ? "read" : "absent"};

		if (!path[i])
			continue;
		if (as_json(c))
			json_array_append_new(
			    items, json_pack("{s:s, s:s}", "file", cell[0], "state", cell[1]));
		else if (c->mode == OUT_TABLE)
			buf_printf(&c->out, "%s  %s\n", cell[0], cell[1]);
		else
			print_cells(c, cell, NULL, 2);
	}
	if (as_json(c))
		print_items(c, items);
}

/* The exit status, or an error. */
static int verb(struct cli *c, const struct args *a, struct err *e)
{
	static const char *const verbs[] = {"show", "check", "path"};
	const char *near;

	if (a->npos == 0)
		return err_set(e, TIX_EMISSING, NULL, "show, check or path is required");
	if (strcmp(a->pos[0], "check") == 0)
		return check(c, a);
	if (strcmp(a->pos[0], "show") == 0)
		return show(c, a, e);
	if (strcmp(a->pos[0], "path") == 0) {
		paths(c);
		return 0;
	}
	near = near_name(a->pos[0], strlen(a->pos[0]), verbs, ARRAY_LEN(verbs));
	return err_set(e, TIX_EUNKNOWN_METHOD, NULL, "config has no verb \"%.40s\"%s%s%s",
	    a->pos[0], near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

int cmd_config(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "config", NULL, config_opts, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "config");
		return 0;
	}
	out_setup(c);
	pager_allow(c);
	if (r == 0)
		r = verb(c, &a, &e);
	if (r < 0 && (e.code == TIX_EMISSING || e.code == TIX_EUNKNOWN_METHOD))
		err_hint(&e, "tix config -h");
	return r < 0 ? out_error(c, &e) : r;
}
