/* SPDX-License-Identifier: MIT */
/* Where a setting comes from. It decides between sources; what a value means is for who asks. */
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/zone.h"
#include "cli/args.h"
#include "cli/zones.h"

/* Which variables and which switch go before a setting of a file. */
static const struct source {
	enum conf_id id;
	const char *flag;
	const char *env[3];
} sources[] = {
    {CONF_ID_socket, "--socket", {"TIX_SOCKET", NULL, NULL}},
    {CONF_ID_event, "--event", {"TIX_EVENT", NULL, NULL}},
    {CONF_ID_format, "--output", {"TIX_FORMAT", NULL, NULL}},
    {CONF_ID_tz, "--utc", {"TIX_TZ", NULL, NULL}},
    {CONF_ID_pager, NULL, {"TIX_PAGER", "PAGER", NULL}},
    {CONF_ID_color, "--color", {"NO_COLOR", NULL, NULL}},
};

static const struct source *source_of(enum conf_id id)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (sources[i].id == id)
			return &sources[i];
	}
	return NULL;
}

const char *settings_own(struct cli *c)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (dir && *dir == '/')
		return arena_printf(c->arena, "%s/tix/config", dir);
	return home && *home == '/' ? arena_printf(c->arena, "%s/.config/tix/config", home) : NULL;
}

struct setting settings_env(const char *const *names)
{
	for (; *names; names++) {
		const char *value = getenv(*names);

		if (value && *value)
			return (struct setting){value, *names};
	}
	return (struct setting){NULL, NULL};
}

/* What a switch of this run said, NULL when none. */
static const char *given(const struct cli *c, enum conf_id id)
{
	if (id == CONF_ID_socket)
		return c->socket;
	if (id == CONF_ID_event)
		return c->event != c->event_set ? c->event : NULL;
	if (id == CONF_ID_format)
		return c->mode_given && c->mode != c->mode_set ? args_mode_name(c->mode) : NULL;
	if (id == CONF_ID_tz)
		return c->utc ? "UTC" : NULL;
	if (id == CONF_ID_color)
		return c->color_when != c->color_set ? args_color_name(c->color_when) : NULL;
	return NULL;
}

/* As the file has it, NULL when it says nothing. */
static const char *filed(struct cli *c, const struct conf *conf, enum conf_id id)
{
	const char *text = NULL;
	struct buf b;

	buf_init(&b, 0);
	conf_show(conf, id, &b);
	text = arena_strdup(c->arena, buf_str(&b));
	buf_done(&b);
	return text ? text : "";
}

struct setting settings_get(
    struct cli *c, enum conf_id id, struct setting_file *const *files, size_t n)
{
	const struct source *source = source_of(id);
	struct setting s = {.value = source ? given(c, id) : NULL};

	if (s.value) {
		s.origin = source->flag;
		return s;
	}
	if (source)
		s = settings_env(source->env);
	if (s.value && id == CONF_ID_color) /* set at all means none */
		s.value = "never";
	for (size_t i = 0; i < n && !s.value; i++) {
		if (!files[i]->conf.line[id])
			continue;
		s.value = filed(c, &files[i]->conf, id);
		s.origin = arena_printf(c->arena, "%s:%d", files[i]->path, files[i]->conf.line[id]);
	}
	if (!s.value)
		s = (struct setting){conf_rows[id].def, "built in"};
	return s;
}

/* A file that may be absent; its first fault is kept. */
static void load(struct cli *c, const char *path)
{
	struct setting_file *f;
	struct err e = {0};
	int r;

	/* A folder that this user may not look into holds no file for it. */
	if (!path || access(path, F_OK) < 0)
		return;
	f = arena_alloc(c->arena, sizeof(*f));
	if (!f)
		return;
	f->path = path;
	r = conf_read(path, &f->conf, &e);
	if (r == 0)
		c->files[c->nfiles++] = f;
	else if (r != TIX_ENOT_FOUND && c->settings_error.code == 0)
		c->settings_error = e;
}

/* The environment's own mistakes, said as such. */
static int check_zone(struct cli *c, const struct setting *tz, struct err *e)
{
	struct err why = {0};
	const char *name = tz->value + (*tz->value == ':'), *near;

	if (!*name || zone_get(name, &c->zone, &why) != TIX_EBAD_VALUE)
		return 0;
	err_set(e, TIX_EBAD_VALUE, "tz", "%s \"%.60s\" is no time zone", tz->origin, name);
	near = zones_near(c, name);
	if (near)
		err_hint(e, "did you mean %s?", near);
	else
		err_hint(e, "%s", why.hint);
	return TIX_EBAD_VALUE;
}

static int take(struct cli *c, struct err *e)
{
	struct setting event = settings_get(c, CONF_ID_event, c->files, c->nfiles);
	struct setting format = settings_get(c, CONF_ID_format, c->files, c->nfiles);
	struct setting tz = settings_get(c, CONF_ID_tz, c->files, c->nfiles);
	struct setting color = settings_get(c, CONF_ID_color, c->files, c->nfiles);
	struct setting pager = settings_get(c, CONF_ID_pager, c->files, c->nfiles);
	int r = check_zone(c, &tz, e);

	c->zone = NULL;
	c->tz_set = *tz.value ? tz.value : NULL;
	c->event = c->event_set = *event.value ? event.value : NULL;
	c->pager = *pager.value ? pager.value : NULL;
	if (r == 0 && *color.value && strcmp(color.origin, "NO_COLOR") != 0)
		r = args_set_color(c, color.value, color.origin, e);
	if (r == 0 && *format.value)
		r = args_set_mode(c, format.value, format.origin, e);
	c->color_set = c->color_when;
	c->mode_set = c->mode;
	return r;
}

int settings_load(struct cli *c, struct err *e)
{
	load(c, settings_own(c));
	load(c, SETTINGS_MACHINE);
	return take(c, e);
}

const char *settings_socket(struct cli *c)
{
	return settings_get(c, CONF_ID_socket, c->files, c->nfiles).value;
}
