/* SPDX-License-Identifier: MIT */
/* Help: the keys that work in the view one came from, from the same table as the keymap. */
#include "base/buf.h"
#include "base/mem.h"
#include "rpc/rpc.h"
#include "tui/app.h"
#include "tui/chrome.h"

struct help {
	struct m_cursor cursor;
};

static const struct m_col cols[] = {
    {"key", 0, 4}, {"name", M_WIDE, 6}, {"what it does", M_GROW, 20}};

/* What works in every view. */
static const enum act common[] = {ACT_view, ACT_pane, ACT_pane_back, ACT_down, ACT_up, ACT_page_down,
    ACT_page_up, ACT_first, ACT_last, ACT_back, ACT_filter, ACT_zoom, ACT_utc, ACT_repaint,
    ACT_suspend, ACT_halt, ACT_help, ACT_quit};

/* The keys of the views that there are. */
static void view_keys(const struct app *app, struct buf *out)
{
	for (size_t i = 0; i < app->keys.n; i++) {
		bool there = false;

		for (int k = 0; k < VIEW_COUNT; k++)
			there |= app->views[k].digit == app->keys.v[i].nth + 1;
		if (app->keys.v[i].act != ACT_view || !there)
			continue;
		buf_puts(out, out->len > 0 ? " " : "");
		key_put_name(app->keys.v[i].key, out);
	}
}

static void put(struct app *app, struct model *m, struct m_section *s, enum act act)
{
	struct m_row *row = model_row(m, s, act_info[act].name);
	AUTO(buf) struct buf keys = {0};

	buf_init(&keys, 0);
	if (act == ACT_view)
		view_keys(app, &keys);
	else
		keymap_names(&app->keys, act, false, &keys);
	model_cell(m, row, 0, M_TITLE, "%s", buf_str(&keys));
	model_cell(m, row, 1, M_DIM, "%s", act_info[act].name);
	model_cell(m, row, 2, M_PLAIN, "%s", act_info[act].doc);
}

static bool has(const struct view_key *k, enum act act)
{
	while (k && k->act != ACT_NONE && k->act != act)
		k++;
	return k && k->act == act;
}

static void build(struct app *app, const struct view *v, struct model *m)
{
	const struct view *from = app->nback > 0 ? &app->views[app->back[app->nback - 1]] : v;
	struct help *h = v->state;
	struct m_section *s = model_add(m, M_TABLE, "keys", "KEYS");

	model_note(m, s, "of %s, then of all views", from->ops->title);
	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = &h->cursor;
	s->filtered = true;
	for (const struct view_key *k = keys_of(from); k && k->act != ACT_NONE; k++) {
		if (app_key_works(app, k))
			put(app, m, s, k->act);
	}
	for (size_t i = 0; i < ARRAY_LEN(common); i++) {
		if (!has(keys_of(from), common[i]))
			put(app, m, s, common[i]);
	}
}

const struct view_ops view_help_ops = {
    .title = "Help",
    .size = sizeof(struct help),
    .build = build,
};
