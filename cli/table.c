/* SPDX-License-Identifier: MIT */
/* How wide each column is, which ones a line has no room for, and the rows. It knows the kinds of
 * fields, not what a column is about. */
#include "cli/table.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define NARROWEST 8   /* cells that a cut column of free text keeps */
#define TIME_CELLS 16 /* "2026-06-13 20:00", a time without its zone */

/* What is known of the columns while they are fitted. */
struct fit {
	struct print *p;
	bool narrow;		  /* columns were left out */
	size_t natural[COLS_MAX]; /* cells of the widest text */
	bool empty[COLS_MAX];	  /* says nothing in any row */
	bool same[COLS_MAX];  /* says the same in all of several rows; the event of one row, too */
	bool mixed[COLS_MAX]; /* times of several zones, which say nothing without them */
	const struct zone *zone; /* of the times measured last */
};

/* A cell of a table: harmless, on one line. */
void table_cell(struct cli *c, struct buf *b, const struct col *col, const json_t *record)
{
	AUTO(buf) struct buf raw = {0};

	buf_init(&raw, 0);
	value_col(&raw, col, record, value_cell_zone(c, col->field, record));
	text_safe(b, buf_str(&raw), raw.len);
}

static size_t table_width(const struct print *p, size_t n)
{
	size_t sum = n > 0 ? 2 * (n - 1) : 0;

	for (size_t i = 0; i < n; i++)
		sum += p->width[i];
	return sum;
}

static const struct shape_field *field_of(const struct col *col)
{
	return col->sub ? col->sub : col->field;
}

static bool is_time(const struct col *col)
{
	return field_of(col)->type == FT_time;
}

/* What is for a person only in part: records within a record. */
static bool is_inside(const struct col *col)
{
	enum field_type t = field_of(col)->type;

	return t == FT_doc || t == FT_obj || t == FT_list || t == FT_texts;
}

/* Makes the widest of some columns narrower by one cell, not below least; false when none can. */
static bool squeeze(struct fit *f, bool (*which)(const struct col *), size_t least)
{
	struct print *p = f->p;
	size_t widest = COLS_MAX;

	for (size_t i = which ? 1 : 0; i < p->ncols; i++) {
		if (p->width[i] > least && (!which || (which(&p->cols.v[i]) && !f->mixed[i])) &&
		    (widest == COLS_MAX || p->width[i] > p->width[widest]))
			widest = i;
	}
	if (widest == COLS_MAX)
		return false;
	p->width[widest]--;
	return true;
}

static bool too_wide(const struct fit *f)
{
	return table_width(f->p, f->p->ncols) > f->p->c->width;
}

/* Leaves out column i, which is told unless nothing stood in it. */
static void drop(struct fit *f, size_t i)
{
	struct print *p = f->p;
	size_t after = p->cols.n - i - 1;

	if (!f->empty[i] && p->dropped < LEFT_MAX)
		p->left[p->dropped] = p->cols.v[i].field->name;
	p->dropped += !f->empty[i];
	f->narrow = true;
	memmove(&p->cols.v[i], &p->cols.v[i + 1], after * sizeof(p->cols.v[0]));
	memmove(&f->natural[i], &f->natural[i + 1], after * sizeof(f->natural[0]));
	memmove(&f->empty[i], &f->empty[i + 1], after * sizeof(f->empty[0]));
	memmove(&f->same[i], &f->same[i + 1], after * sizeof(f->same[0]));
	memmove(&f->mixed[i], &f->mixed[i + 1], after * sizeof(f->mixed[0]));
	p->cols.n--;
	p->ncols--;
}

/* The column that is missed least, by the earliest of the reasons; 0: none may go. text: free text
 * has given way already. */
static size_t least_missed(const struct fit *f, bool text)
{
	const struct print *p = f->p;

	for (int reason = 0; reason < (text ? 5 : 2) && !p->c->fields; reason++) {
		for (size_t i = p->ncols - 1; i > 0 && i < p->ncols; i--) {
			const struct col *col = &p->cols.v[i];

			if (reason == 0	  ? f->empty[i]
			    : reason == 1 ? is_inside(col)
			    : reason == 2 ? f->same[i] && field_of(col)->type == FT_slug
			    : reason == 3 ? value_elastic(col)
					  : true)
				return i;
		}
	}
	return 0;
}

/* Whether the columns fit when each gives what it can without being left out; text: free text too.
 */
static bool give_way(struct fit *f, bool text)
{
	struct print *p = f->p;

	memcpy(p->width, f->natural, p->cols.n * sizeof(f->natural[0]));
	while (too_wide(f) && squeeze(f, is_time, TIME_CELLS))
		;
	while (too_wide(f) && squeeze(f, is_inside, NARROWEST))
		;
	while (text && too_wide(f) && squeeze(f, value_elastic, NARROWEST))
		;
	return !too_wide(f);
}

/* Whether a column of times has several zones; the zone, where it is one, is kept. */
static bool mixed_zones(struct fit *f, const json_t *items, size_t rows, const struct col *col)
{
	const struct zone *zone = NULL;

	for (size_t r = 0; r < rows && is_time(col) && !col->sub; r++) {
		const json_t *record = json_array_get(items, r);
		const struct zone *z;

		if (!json_is_string(json_object_get(record, col->field->name)))
			continue;
		z = value_cell_zone(f->p->c, col->field, record);
		if (zone && z != zone)
			return true;
		zone = z;
	}
	f->zone = zone ? zone : f->zone;
	return false;
}

/* One column of the first max items. */
static void measure(struct fit *f, const json_t *items, size_t max, size_t i)
{
	const struct col *col = &f->p->cols.v[i];
	AUTO(buf) struct buf b = {0};
	AUTO(buf) struct buf first = {0};
	size_t rows = json_array_size(items) < max ? json_array_size(items) : max;

	f->natural[i] = strlen(col->name);
	f->empty[i] = rows > 0;
	f->same[i] = rows > 1 || strcmp(col->field->name, "event") == 0;
	f->mixed[i] = mixed_zones(f, items, rows, col);
	for (size_t r = 0; r < rows; r++) {
		size_t w;

		buf_clear(&b);
		table_cell(f->p->c, &b, col, json_array_get(items, r));
		w = text_width(buf_str(&b));
		if (w > f->natural[i])
			f->natural[i] = w;
		if (r == 0)
			buf_puts(&first, buf_str(&b));
		f->same[i] &= strcmp(buf_str(&b), buf_str(&first)) == 0;
		f->empty[i] &= b.len == 0 || strcmp(buf_str(&b), "-") == 0;
	}
}

void table_fit(struct print *p, const json_t *items, size_t max)
{
	struct fit f = {.p = p};
	size_t i;

	for (i = 0; i < p->cols.n; i++)
		measure(&f, items, max, i);
	p->ncols = p->cols.nfirst;
	for (int text = 0; text < 2; text++) {
		while (!give_way(&f, text) && (i = least_missed(&f, text)) > 0)
			drop(&f, i);
	}
	while (too_wide(&f) && squeeze(&f, NULL, NARROWEST))
		;
	for (i = 0; i < p->ncols; i++) {
		if (is_time(&p->cols.v[i]) && p->width[i] < f.natural[i])
			p->cut_zone = f.zone;
	}
	while (!f.narrow && p->ncols < p->cols.n && table_width(p, p->ncols + 1) <= p->c->width)
		p->ncols++;
}

/* Text in its column; nothing is added after the last one. */
static void table_put(struct print *p, size_t i, const char *text, enum style style)
{
	struct buf *out = &p->c->out;
	size_t w = text_width(text), pad = w < p->width[i] ? p->width[i] - w : 0;
	bool right = value_number(&p->cols.v[i]);

	if (i > 0)
		buf_puts(out, "  ");
	if (right)
		buf_printf(out, "%*s", (int)pad, "");
	style_begin(out, p->c->color, style);
	if (w > p->width[i] && is_time(&p->cols.v[i]))
		buf_put(out, text, TIME_CELLS);
	else
		text_cut(out, text, p->width[i]);
	style_end(out, p->c->color, style);
	if (!right && i + 1 < p->ncols)
		buf_printf(out, "%*s", (int)pad, "");
}

void table_header(struct print *p)
{
	for (size_t i = 0; i < p->ncols; i++) {
		char name[64];
		size_t k = 0;

		for (const char *s = p->cols.v[i].name; *s && k + 1 < sizeof(name); s++)
			name[k++] = *s == '_'		     ? ' '
				    : *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A')
							     : *s;
		name[k] = 0;
		table_put(p, i, name, STYLE_HEAD);
	}
	buf_putc(&p->c->out, '\n');
}

/* Words of closed sets have a colour; what a stranger wrote has none. */
enum style table_style(const struct col *col, const char *text)
{
	const struct shape_field *f = col->sub ? col->sub : col->field;

	return f->type == FT_enum ? style_of(text) : STYLE_PLAIN;
}

void table_row(struct print *p, const json_t *record)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	for (size_t i = 0; i < p->ncols; i++) {
		buf_clear(&b);
		table_cell(p->c, &b, &p->cols.v[i], record);
		table_put(p, i, buf_str(&b), table_style(&p->cols.v[i], buf_str(&b)));
	}
	buf_putc(&p->c->out, '\n');
}
