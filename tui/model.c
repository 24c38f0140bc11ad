/* SPDX-License-Identifier: MIT */
/* Making models, and the cursor that finds its row again. */
#include "tui/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define TEXT_MAX 1024 /* bytes of one cell; a longer one is cut */

static const struct m_col line_cols[] = {{"", 0, 0}, {"", M_GROW, 0}};
static struct m_cell nowhere[M_COLS]; /* takes what does not fit into memory */
static struct m_row no_row = {NULL, nowhere};
static struct m_section no_section;

void model_init(struct model *m, struct arena *arena)
{
	*m = (struct model){.arena = arena};
}

const char *model_text(struct model *m, const char *s)
{
	AUTO(buf) struct buf b = {0};
	const char *copy;

	buf_init(&b, 0);
	text_safe(&b, s, strlen(s));
	copy = b.failed ? NULL : arena_strdup(m->arena, buf_str(&b));
	return copy ? copy : "";
}

__attribute__((format(printf, 2, 0))) static const char *format(
    struct model *m, const char *fmt, va_list args)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), fmt, args);
	return model_text(m, text);
}

struct m_section *model_add(struct model *m, enum m_kind kind, const char *name, const char *title)
{
	struct m_section *v = arena_more(m->arena, m->v, m->n, &m->cap, sizeof(*v));

	if (!v) {
		no_section = (struct m_section){0};
		return &no_section;
	}
	m->v = v;
	v = &m->v[m->n++];
	*v = (struct m_section){.kind = kind,
	    .name = name,
	    .title = model_text(m, title),
	    .note = "",
	    .empty = "",
	    .from = "",
	    .mid = "",
	    .to = ""};
	if (kind == M_LINES) {
		v->cols = line_cols;
		v->ncols = ARRAY_LEN(line_cols);
	}
	return v;
}

void model_note(struct model *m, struct m_section *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	s->note = format(m, fmt, args);
	va_end(args);
}

struct m_row *model_row(struct model *m, struct m_section *s, const char *id)
{
	struct m_row *v = arena_more(m->arena, s->rows, s->nrows, &s->cap, sizeof(*v));
	struct m_cell *cells = arena_array(m->arena, s->ncols, sizeof(*cells));

	if (!v || !cells || s->ncols > ARRAY_LEN(nowhere))
		return &no_row;
	s->rows = v;
	v = &s->rows[s->nrows++];
	*v = (struct m_row){.id = id ? arena_strdup(m->arena, id) : NULL, .cells = cells};
	for (size_t i = 0; i < s->ncols; i++)
		cells[i] = (struct m_cell){.text = "", .permille = -1};
	return v;
}

void model_cell(
    struct model *m, struct m_row *row, size_t col, enum m_class class, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	row->cells[col].text = format(m, fmt, args);
	row->cells[col].class = class;
	va_end(args);
}

void model_bar(struct m_row *row, size_t col, int permille)
{
	row->cells[col].permille = permille;
}

void model_line(struct model *m, struct m_section *s, enum m_class class, const char *fmt, ...)
{
	struct m_row *row = model_row(m, s, NULL);
	va_list args;

	va_start(args, fmt);
	row->cells[1].text = format(m, fmt, args);
	row->cells[1].class = class;
	va_end(args);
}

void model_pair(struct model *m, struct m_section *s, const char *label, enum m_class class,
    const char *fmt, ...)
{
	struct m_row *row = model_row(m, s, NULL);
	va_list args;

	va_start(args, fmt);
	row->cells[0].text = model_text(m, label);
	row->cells[1].text = format(m, fmt, args);
	row->cells[1].class = class;
	va_end(args);
}

bool model_has_head(const struct m_section *s)
{
	for (size_t i = 0; i < s->ncols; i++) {
		if (s->cols[i].label[0])
			return true;
	}
	return false;
}

static bool row_has(struct model *m, const struct m_section *s, const struct m_row *row,
    const char *words)
{
	for (size_t i = 0; i < s->ncols; i++) {
		const char *cell = text_fold(m->arena, row->cells[i].text);

		if (cell && strstr(cell, words))
			return true;
	}
	return false;
}

void model_filter(struct model *m, const char *words)
{
	const char *folded = words[0] ? text_fold(m->arena, words) : NULL;

	for (size_t i = 0; i < m->n && folded; i++) {
		struct m_section *s = &m->v[i];
		size_t kept = 0, had = s->nrows;

		if (!s->filtered)
			continue;
		for (size_t r = 0; r < s->nrows; r++) {
			if (row_has(m, s, &s->rows[r], folded))
				s->rows[kept++] = s->rows[r];
		}
		s->nrows = kept;
		if (kept == 0 && had > 0)
			s->empty = "nothing has these words; Esc shows all";
	}
}

void model_settle(struct m_section *s)
{
	struct m_cursor *c = s->cursor;
	size_t near = SIZE_MAX;

	if (!c)
		return;
	for (size_t i = 0; i < s->nrows; i++) {
		if (!s->rows[i].id)
			continue;
		if (c->id[0] && strcmp(s->rows[i].id, c->id) == 0) {
			c->row = i;
			return;
		}
		if (near == SIZE_MAX || i <= c->row)
			near = i;
	}
	/* Nothing is forgotten while a list is empty for a moment. */
	if (near == SIZE_MAX)
		return;
	c->row = near;
	snprintf(c->id, sizeof(c->id), "%s", s->rows[near].id);
}

void model_move(struct m_section *s, int64_t by)
{
	struct m_cursor *c = s->cursor;
	int64_t step = by < 0 ? -1 : 1;
	int64_t last;

	if (!c || s->nrows == 0)
		return;
	last = (int64_t)c->row;
	for (int64_t at = last + step; by != 0 && at >= 0 && at < (int64_t)s->nrows; at += step) {
		if (!s->rows[at].id)
			continue;
		last = at;
		by -= step;
	}
	c->row = (size_t)last;
	if (c->row < s->nrows && s->rows[c->row].id)
		snprintf(c->id, sizeof(c->id), "%s", s->rows[c->row].id);
}

const char *model_chosen(const struct m_section *s)
{
	const struct m_cursor *c = s ? s->cursor : NULL;

	return c && c->row < s->nrows ? s->rows[c->row].id : NULL;
}
