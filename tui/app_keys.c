/* SPDX-License-Identifier: MIT */
/* What keys mean in all views: moving, the filter, going from view to view. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "rpc/rpc.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/paint.h"

/* The text behind / has changed. */
static void find(struct app *app)
{
	struct view *v = &app->views[app->current];

	if (v->ops->on_find)
		app->repaint |= v->ops->on_find(app, v, app->filter);
	app->repaint |= REPAINT_BODY | REPAINT_FOOT;
}

static void go_back(struct app *app)
{
	struct view *v = &app->views[app->current];

	if (v->ops->on_back && v->ops->on_back(app, v)) {
		app->repaint |= REPAINT_ALL;
	} else if (app->filter[0]) {
		app->filter[0] = '\0';
		find(app);
	} else if (app->zoomed) {
		app->zoomed = false;
		app->repaint |= REPAINT_BODY;
	} else if (app->nback > 0) {
		app_enter(app, app->back[--app->nback]);
	} else {
		AUTO(buf) struct buf b = {0};

		buf_init(&b, 0);
		keymap_names(&app->keys, ACT_quit, true, &b);
		app_say(app, M_PLAIN, "this is the first view; %s leaves", buf_str(&b));
	}
}

static void go_to_digit(struct app *app, int digit)
{
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (app->views[i].digit != digit)
			continue;
		if ((int)app->current != i)
			app_show(app, (enum view_id)i);
		return;
	}
	app_say(app, M_PLAIN, "there is no view %d", digit);
}

static void next_pane(struct app *app, int by)
{
	struct view *v = &app->views[app->current];
	struct m_section *now = app_focus(app), *s = now;

	if (!now)
		return;
	do {
		size_t i = (size_t)(s - app->model.v);

		s = &app->model.v[(i + (by > 0 ? 1 : app->model.n - 1)) % app->model.n];
	} while (s != now && (!s->cursor || s->nrows == 0));
	snprintf(v->focus, sizeof(v->focus), "%s", s->name);
	app->repaint |= REPAINT_BODY;
}

static void move(struct app *app, enum act act)
{
	struct view *v = &app->views[app->current];
	struct m_section *s = app_focus(app);
	int64_t page = s && s->height > 1 ? s->height - 1 : 10;

	if (!s)
		return;
	model_move(s, act == ACT_down	   ? 1
		      : act == ACT_up	   ? -1
		      : act == ACT_page_down ? page
		      : act == ACT_page_up   ? -page
		      : act == ACT_first   ? -(int64_t)s->nrows
					   : (int64_t)s->nrows);
	if (v->ops->on_move)
		v->ops->on_move(app, v);
	app->repaint |= REPAINT_BODY;
}

/* Keys of all views. False: it is one of a view's own. */
static bool common_key(struct app *app, enum act act, int nth)
{
	switch (act) {
	case ACT_view:
		go_to_digit(app, nth + 1);
		return true;
	case ACT_pane:
	case ACT_pane_back:
		next_pane(app, act == ACT_pane ? 1 : -1);
		return true;
	case ACT_down:
	case ACT_up:
	case ACT_page_down:
	case ACT_page_up:
	case ACT_first:
	case ACT_last:
		move(app, act);
		return true;
	case ACT_back:
		go_back(app);
		return true;
	case ACT_help:
		if (app->current != VIEW_help)
			app_show(app, VIEW_help);
		return true;
	default:
		return false;
	}
}

/* Keys of the program rather than of a view. */
static bool program_key(struct app *app, enum act act)
{
	switch (act) {
	case ACT_filter:
		app->filtering = true;
		app->repaint |= REPAINT_FOOT;
		return true;
	case ACT_zoom:
		app->zoomed = !app->zoomed && app_focus(app);
		app->repaint |= REPAINT_BODY;
		return true;
	case ACT_utc:
		app->in_utc = !app->in_utc;
		app->repaint |= REPAINT_ALL;
		return true;
	case ACT_repaint:
		queries_all_dirty(&app->queries);
		app->repaint |= REPAINT_ALL;
		app->fresh = true;
		return true;
	case ACT_suspend:
		app->suspend = true;
		return true;
	case ACT_halt:
		app_say(app, M_PLAIN, "nothing is under way");
		return true;
	case ACT_quit:
		app->quit = true;
		return true;
	default:
		return false;
	}
}

bool app_key_works(const struct app *app, const struct view_key *k)
{
	return app_may(app, k->method);
}

static void view_key(struct app *app, enum act act, int key)
{
	struct view *v = &app->views[app->current];
	AUTO(buf) struct buf name = {0};

	for (const struct view_key *k = keys_of(v); k && k->act != ACT_NONE; k++) {
		if (k->act != act)
			continue;
		if (app_key_works(app, k))
			app->repaint |= v->ops->on_key(app, v, act);
		else
			app_say(app, M_WARN, "not permitted: this needs the right %s",
			    rpc_perms[rpc_methods[k->method].perm].name);
		return;
	}
	buf_init(&name, 0);
	key_put_name(key, &name);
	app_say(app, M_PLAIN, "%s does nothing here; ? shows what does", buf_str(&name));
}

/* A letter at the end of the filter, where it is no control character and there is room for all of it. */
static void filter_letter(struct app *app, uint32_t cp)
{
	size_t len = strlen(app->filter);
	AUTO(buf) struct buf b = {0};

	if (cp < KEY_SPACE || cp == KEY_DELETE_BACK)
		return;
	buf_init(&b, 0);
	buf_cp(&b, cp);
	if (len + b.len < sizeof(app->filter))
		memcpy(app->filter + len, buf_str(&b), b.len + 1);
}

/* Text of the filter. */
static void filter_key(struct app *app, int key)
{
	size_t len = strlen(app->filter);

	app->repaint |= REPAINT_BODY | REPAINT_FOOT;
	if (key == KEY_ESCAPE) {
		app->filter[0] = '\0';
		app->filtering = false;
		find(app);
	} else if (key == KEY_RETURN) {
		app->filtering = false;
	} else if (key == KEY_DELETE_BACK || key == 8) {
		while (len > 0 && ((unsigned char)app->filter[--len] & 0xC0) == 0x80)
			continue;
		app->filter[len] = '\0';
		find(app);
	} else if (key >= KEY_SPACE && key < KEY_SPECIAL) {
		filter_letter(app, (uint32_t)key);
		find(app);
	} else if (key == KEY_CURSOR_DOWN || key == KEY_CURSOR_UP) {
		move(app, key == KEY_CURSOR_DOWN ? ACT_down : ACT_up);
	}
}

void app_key(struct app *app, int key)
{
	enum act act;
	int nth = 0;

	app->urgent = true;
	if (app->message[0]) {
		app->message[0] = '\0';
		app->repaint |= REPAINT_FOOT;
	}
	act = keymap_find(&app->keys, key, &nth);
	if (app->filtering && act != ACT_suspend && act != ACT_repaint) {
		filter_key(app, key);
		return;
	}
	if (!common_key(app, act, nth) && !program_key(app, act))
		view_key(app, act, key);
}

void app_paste(struct app *app, const char *text)
{
	app->urgent = true;
	if (!app->filtering) {
		app_say(app, M_PLAIN, "pasted text is taken by fields only");
		return;
	}
	for (size_t at = 0, len = strlen(text); at < len;) {
		uint32_t cp;
		int n = utf8_next(text + at, len - at, &cp);

		if (n > 0)
			filter_letter(app, cp);
		at += n > 0 ? (size_t)n : 1;
	}
	find(app);
}

void app_click(struct app *app, int y, int x, bool twice)
{
	struct view *v = &app->views[app->current];
	struct m_section *s;
	size_t row;

	if (!paint_hit(&app->model, y, x, &s, &row) || !s->cursor || !s->rows[row].id)
		return;
	snprintf(v->focus, sizeof(v->focus), "%s", s->name);
	model_move(s, (int64_t)row - (int64_t)s->cursor->row);
	if (v->ops->on_move)
		v->ops->on_move(app, v);
	app->repaint |= REPAINT_BODY;
	app->urgent = true;
	/* A row is opened; a sheet beside it is not confirmed. */
	if (twice && keys_of(v) == v->ops->keys)
		view_key(app, ACT_open, KEY_RETURN);
}
