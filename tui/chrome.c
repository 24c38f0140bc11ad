/* SPDX-License-Identifier: MIT */
/* The screen around a view: scope and clock, the views, message and keys; and the view's model. */
#include "tui/chrome.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/zone.h"
#include "rpc/rpc.h"
#include "tui/paint.h"
#include "tui/words.h"

#define MIN_ROWS 10
#define MIN_COLS 40
#define CHANGE_ROLES (RPC_ROLE_owner | RPC_ROLE_organizer | RPC_ROLE_finance | RPC_ROLE_support)

struct m_section *app_focus(struct app *app)
{
	struct view *v = &app->views[app->current];
	struct m_section *first = NULL;

	for (size_t i = 0; i < app->model.n; i++) {
		struct m_section *s = &app->model.v[i];

		if (!s->cursor || s->nrows == 0)
			continue;
		if (strcmp(s->name, v->focus) == 0)
			return s;
		first = first ? first : s;
	}
	return first;
}

void app_build(struct app *app)
{
	struct view *v = &app->views[app->current];

	arena_reset(app->arena);
	model_init(&app->model, app->arena);
	v->ops->build(app, v, &app->model);
	if (!v->ops->on_find)
		model_filter(&app->model, app->filter);
	for (size_t i = 0; i < app->model.n; i++)
		model_settle(&app->model.v[i]);
}

void app_mark(struct app *app, struct model *m, struct m_section *s, const struct query *q)
{
	s->busy = query_slow(q, clock_mono(clock_system()));
	s->stale = !app_live(app);
	if (q->err.code) {
		s->empty = model_text(m, q->err.message);
		s->nrows = q->result ? s->nrows : 0;
	} else if (!q->result) {
		s->empty = app_live(app) ? "..." : "no daemon";
	}
}

/* Whether it goes on, and what of the store. */
static void link_words(const struct app *app, char *out, size_t size)
{
	const struct link *l = &app->link;
	const char *readonly = l->roles && !(l->roles & (unsigned)CHANGE_ROLES) ? "READ-ONLY " : "";
	int64_t gone = l->lost_at ? clock_mono(clock_system()) - l->lost_at : 0;
	char at[WORDS_MAX];

	if (!link_up(l)) {
		words_second(app_zone(app, app->scope_zone), app_now(app) - gone, at);
		if (l->principal[0])
			snprintf(out, size, "RETRY %llds, as of %s",
			    (long long)(gone / USEC_PER_SEC), at);
		else
			snprintf(out, size, "NO DAEMON");
	} else if (strcmp(l->selling, "selling") != 0) {
		snprintf(out, size, "%s%s", readonly,
		    strcmp(l->selling, "stopped") == 0 ? "STOPPED" : "DRAINING");
	} else {
		snprintf(out, size, "%s%s", readonly, l->state == LINK_LIVE ? "LIVE" : "STILL");
	}
}

void app_head(const struct app *app, char *out, size_t size)
{
	char clock[WORDS_MAX], link[WORDS_MAX * 2];

	words_clock(app_zone(app, app->scope_zone), app_now(app), clock);
	link_words(app, link, sizeof(link));
	snprintf(out, size, "tix | %s | %s | %s | %s", app->scope[0] ? app->scope : "all events",
	    app->link.principal[0] ? app->link.principal : "-", clock, link);
}

static void put_head(struct app *app)
{
	const struct link *l = &app->link;
	bool well = l->state == LINK_LIVE && strcmp(l->selling, "selling") == 0;
	struct grid *g = &app->grid;
	char text[512], clock[WORDS_MAX], link[WORDS_MAX * 2];

	app_head(app, text, sizeof(text));
	if (text_width(text) > (size_t)g->cols) {
		/* Narrow: whether it is live comes first. */
		link_words(app, link, sizeof(link));
		words_second(app_zone(app, app->scope_zone), app_now(app), clock);
		snprintf(text, sizeof(text), "tix | %s | %s | %s", link, clock,
		    app->scope[0] ? app->scope : "all events");
	}
	grid_put(g, 0, 0, g->cols, well ? M_PLAIN : M_WARN, text);
}

static void put_views(struct app *app)
{
	struct grid *g = &app->grid;
	int x = 0;

	for (int i = 0; i < VIEW_COUNT; i++) {
		const struct view *v = &app->views[i];
		bool here = (int)app->current == i;
		char text[64];
		int n;

		if (v->digit)
			snprintf(text, sizeof(text), here ? "[%d %s]" : "%d %s", v->digit, v->ops->title);
		else if (here)
			snprintf(text, sizeof(text), "[%s]", v->ops->title);
		else
			continue;
		n = grid_put(g, 1, x, g->cols - x, here ? M_TITLE : M_DIM, text);
		if (here)
			grid_select(g, 1, x, n);
		x += n + 1;
	}
}

static void put_message(struct app *app)
{
	struct grid *g = &app->grid;
	int y = g->rows - 2, used;
	AUTO(buf) struct buf safe = {0};

	buf_init(&safe, 0);
	if (!app->filtering && (app->message[0] || !app->filter[0])) {
		text_safe(&safe, app->message, strlen(app->message));
		grid_put(g, y, 0, g->cols, app->message_class, buf_str(&safe));
		return;
	}
	text_safe(&safe, app->filter, strlen(app->filter));
	used = grid_put(g, y, 0, g->cols, M_TITLE, app->views[app->current].ops->on_find ? "find: " : "filter: ");
	used += grid_put(g, y, used, g->cols - used - 1, M_PLAIN, buf_str(&safe));
	if (app->filtering) {
		g->cursor_y = y;
		g->cursor_x = used;
	}
}

void app_key_words(struct app *app, struct buf *out)
{
	static const struct view_key common[] = {{ACT_filter, "filter", RPC_COUNT},
	    {ACT_help, "keys", RPC_COUNT}, {ACT_quit, "quit", RPC_COUNT}, {ACT_NONE, NULL, 0}};
	const struct view_key *lists[2] = {keys_of(&app->views[app->current]), common};
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		for (const struct view_key *k = lists[i]; k && k->act != ACT_NONE; k++) {
			bool own = k->act == ACT_filter && i == 1 && app->views[app->current].ops->on_find;

			if (!app_key_works(app, k) || own)
				continue;
			buf_puts(out, any ? "  " : "");
			any = true;
			keymap_names(&app->keys, k->act, true, out);
			buf_printf(out, " %s", k->word ? k->word : act_info[k->act].word);
		}
	}
}

static void put_keys(struct app *app)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	if (app->filtering)
		buf_puts(&b, "Enter keep it  Esc show all");
	else
		app_key_words(app, &b);
	grid_put(&app->grid, app->grid.rows - 1, 0, app->grid.cols, M_DIM, buf_str(&b));
}

static void blank(struct grid *g, int y)
{
	for (int x = 0; x < g->cols; x++)
		grid_put(g, y, x, 1, M_PLAIN, " ");
}

void app_compose(struct app *app, unsigned parts)
{
	struct grid *g = &app->grid;

	if (g->rows < MIN_ROWS || g->cols < MIN_COLS) {
		grid_clear(g);
		put_head(app);
		return;
	}
	if (parts & REPAINT_BODY) {
		grid_clear(g);
		app_build(app);
		paint_model(g, &app->model, 2, g->rows - 4, app_focus(app), app->zoomed);
		parts = REPAINT_ALL;
	}
	if (parts & REPAINT_HEAD) {
		blank(g, 0);
		blank(g, 1);
		put_head(app);
		put_views(app);
	}
	if (parts & REPAINT_FOOT) {
		blank(g, g->rows - 2);
		blank(g, g->rows - 1);
		put_message(app);
		put_keys(app);
	}
}
