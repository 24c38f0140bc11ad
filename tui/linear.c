/* SPDX-License-Identifier: MIT */
/* Models as sentences, and what of them has changed. */
#include "tui/linear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/chrome.h"

#define PAUSE_US USEC_PER_SEC
#define SAID_KEPT 4096 /* beyond it, rows that are no more there are forgotten */

struct said {
	char *key, *text;
	bool seen; /* it is in the model */
};

static void put_cell(
    const struct m_section *s, const struct m_row *row, size_t i, bool subject, struct buf *out)
{
	const struct m_cell *c = &row->cells[i];

	if (!subject && s->cols[i].label[0])
		buf_printf(out, "%s ", s->cols[i].label);
	if (s->cols[i].flags & M_BAR)
		buf_printf(out, "%d%%", c->permille / 10);
	else
		buf_puts(out, c->text);
	if (c->class == M_BAD)
		buf_puts(out, " (alarm)");
	else if (c->class == M_WARN)
		buf_puts(out, " (warning)");
}

void linear_row(const struct m_section *s, const struct m_row *row, struct buf *out)
{
	bool first = true, second = false;

	for (size_t i = 0; i < s->ncols; i++) {
		const struct m_cell *c = &row->cells[i];

		if ((s->cols[i].flags & M_SIGN) ||
		    (s->cols[i].flags & M_BAR ? c->permille < 0 : !c->text[0]))
			continue;
		if (!first)
			buf_puts(out, second ? ": " : ", ");
		put_cell(s, row, i, first, out);
		second = first;
		first = false;
	}
}

/* Now, least, most, mean and how many of the first series. */
static void put_numbers(const struct m_series *v, struct buf *out)
{
	int64_t least = INT64_MAX, most = INT64_MIN, sum = 0, now = 0, n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i] == M_NO_VALUE)
			continue;
		now = v->v[i];
		least = now < least ? now : least;
		most = now > most ? now : most;
		sum += now;
		n++;
	}
	if (n == 0)
		buf_puts(out, "nothing yet");
	else
		buf_printf(out, "now %lld, least %lld, most %lld, mean %lld, of %lld values",
		    (long long)now, (long long)least, (long long)most, (long long)(sum / n),
		    (long long)n);
}

static void put_title(const struct m_section *s, struct buf *out)
{
	buf_puts(out, s->title[0] ? s->title : s->name);
	if (s->note[0])
		buf_printf(out, ", %s", s->note);
	if (s->stale)
		buf_puts(out, ", old numbers");
	buf_puts(out, "\n");
}

static bool is_shown(const struct m_section *s)
{
	return s->nrows > 0 || s->nseries > 0 || s->empty[0];
}

static void put_section(const struct m_section *s, bool focus, struct buf *out)
{
	if (!is_shown(s))
		return;
	put_title(s, out);
	for (size_t i = 0; i < s->nseries; i++) {
		buf_printf(out, "  %s: ", s->series[i].name);
		put_numbers(&s->series[i], out);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < s->nrows; i++) {
		bool chosen = focus && s->cursor && s->cursor->row == i && s->rows[i].id;

		buf_puts(out, chosen ? "> " : "  ");
		linear_row(s, &s->rows[i], out);
		buf_putc(out, '\n');
	}
	if (s->nrows == 0 && s->empty[0])
		buf_printf(out, "  %s\n", s->empty);
}

static void put_safe(struct buf *out, const char *text)
{
	text_safe(out, text, strlen(text));
	buf_putc(out, '\n');
}

void linear_all(struct app *app, struct buf *out)
{
	struct m_section *focus;
	char head[512];

	app_build(app);
	focus = app_focus(app);
	app_head(app, head, sizeof(head));
	put_safe(out, head);
	buf_printf(out, "view %s\n", app->views[app->current].ops->title);
	for (size_t i = 0; i < app->model.n; i++)
		put_section(&app->model.v[i], &app->model.v[i] == focus, out);
	if (app->message[0])
		put_safe(out, app->message);
	buf_puts(out, "keys: ");
	app_key_words(app, out);
	buf_putc(out, '\n');
}

void linear_init(struct linear *l)
{
	*l = (struct linear){.view = -1};
}

static void forget(struct linear *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		free(l->v[i].key);
		free(l->v[i].text);
	}
	l->n = l->next = 0;
}

void linear_done(struct linear *l)
{
	forget(l);
	free(l->v);
	l->v = NULL;
}

/* Rows come in the order they came in before: it looks on from the last one. */
static struct said *find(struct linear *l, const char *key)
{
	for (unsigned i = 0; i < l->n; i++) {
		unsigned at = (l->next + i) % l->n;

		if (strcmp(l->v[at].key, key) != 0)
			continue;
		l->next = at + 1;
		return &l->v[at];
	}
	return NULL;
}

static void learn(struct linear *l, struct said *k, const char *key, const char *text)
{
	struct said *v;

	if (k) {
		free(k->text);
		k->text = strdup(text);
		return;
	}
	if (l->n == l->cap) {
		unsigned cap = l->cap ? l->cap * 2 : 64;

		v = realloc(l->v, cap * sizeof(*v));
		if (!v)
			return;
		l->cap = cap;
		l->v = v;
	}
	v = &l->v[l->n];
	*v = (struct said){.key = strdup(key), .text = strdup(text), .seen = true};
	l->n += v->key != NULL;
}

/* What was filtered out may come back, and is not said again then: nothing is forgotten before there is
 * much of it. */
static void sweep(struct linear *l)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < l->n; i++) {
		if (l->v[i].seen || l->n <= SAID_KEPT) {
			l->v[kept++] = l->v[i];
			continue;
		}
		free(l->v[i].key);
		free(l->v[i].text);
	}
	l->n = kept;
}

/* Says a row, or learns it; true: it differs from what was said. */
static bool change(struct linear *l, const char *key, const char *text, bool say, bool hold, struct buf *out)
{
	struct said *was = find(l, key);

	if (was)
		was->seen = true;
	if (was && was->text && strcmp(was->text, text) == 0)
		return false;
	if (hold)
		return true;
	if (say)
		buf_printf(out, "%s\n", text);
	learn(l, was, key, text);
	return true;
}

/* Goes through the rows of the model: learns all, or says the first that differs. True: there are
 * more that differ. */
static bool changes(struct linear *l, struct app *app, bool say, struct buf *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		l->v[i].seen = false;
	for (size_t i = 0; i < app->model.n; i++) {
		struct m_section *s = &app->model.v[i];

		for (size_t r = 0; r < s->nrows; r++) {
			AUTO(buf) struct buf text = {0};
			char key[192];

			snprintf(key, sizeof(key), "%s %s %zu", s->name,
			    s->rows[r].id ? s->rows[r].id : "", s->rows[r].id ? 0 : r);
			linear_row(s, &s->rows[r], &text);
			n += change(l, key, buf_str(&text), say, say && n > 0, out);
		}
	}
	sweep(l);
	return say && n > 1;
}

/* What the person did is answered at once: another view, another row, a question, a message. */
static void answer(struct linear *l, struct app *app, struct buf *out)
{
	struct m_section *s;
	const char *id;

	if (app->filtering && !l->asking)
		buf_puts(out, "filter: which words? Enter keeps it, Esc shows all\n");
	l->asking = app->filtering;
	if (strcmp(app->message, l->message) != 0 && app->message[0])
		put_safe(out, app->message);
	snprintf(l->message, sizeof(l->message), "%s", app->message);
	s = app_focus(app);
	id = model_chosen(s);
	if (id && strcmp(id, l->chosen) != 0) {
		buf_puts(out, "> ");
		linear_row(s, &s->rows[s->cursor->row], out);
		buf_putc(out, '\n');
		snprintf(l->chosen, sizeof(l->chosen), "%s", id);
	}
}

int64_t linear_say(struct linear *l, struct app *app, int64_t now, struct buf *out)
{
	bool elsewhere = l->view != (int)app->current || strcmp(l->scope, app->scope) != 0;
	const char *id;

	if (elsewhere) {
		forget(l);
		linear_all(app, out);
		changes(l, app, false, out);
		id = model_chosen(app_focus(app));
		snprintf(l->chosen, sizeof(l->chosen), "%s", id ? id : "");
		snprintf(l->message, sizeof(l->message), "%s", app->message);
		snprintf(l->scope, sizeof(l->scope), "%s", app->scope);
		l->view = (int)app->current;
		l->said_at = now;
		return INT64_MAX;
	}
	app_build(app);
	answer(l, app, out);
	if (now < l->said_at + PAUSE_US)
		return l->said_at + PAUSE_US;
	l->said_at = now;
	return changes(l, app, true, out) ? now + PAUSE_US : INT64_MAX;
}
