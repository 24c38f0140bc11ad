/* SPDX-License-Identifier: MIT */
/* Tables, TSV, CSV and JSON of the records that the daemon answers. Text of strangers is made
 * harmless here: by text_safe on a terminal, by escapes in TSV and CSV, by JSON's own in JSON. */
#include "cli/print.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "cli/out.h"
#include "cli/table.h"

/* Control characters as escapes; TSV's own three too, where tsv. */
static void put_escaped(struct buf *b, const char *s, size_t len, bool tsv)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp = 0;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0) {
			buf_printf(b, "\\x%02x", (unsigned char)s[i]);
			n = 1;
		} else if (tsv && cp == '\\') {
			buf_puts(b, "\\\\");
		} else if (cp == '\n' || cp == '\t') {
			buf_puts(b, !tsv ? (cp == '\n' ? "\n" : "\t") : cp == '\n' ? "\\n" : "\\t");
		} else if (cp < 0x20 || cp == 0x7f) {
			buf_printf(b, "\\x%02x", cp);
		} else if (cp >= 0x80 && cp < 0xa0) {
			buf_printf(b, "\\u%04x", cp);
		} else {
			buf_put(b, s + i, (size_t)n);
		}
		i += (size_t)n;
	}
}

/* RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe. */
static void put_csv(struct buf *b, const char *s, size_t len, bool number)
{
	AUTO(buf) struct buf text = {0};
	const char *p;

	buf_init(&text, 0);
	if (!number && len > 0 && strchr("=+-@\t\r", s[0]))
		buf_putc(&text, '\'');
	put_escaped(&text, s, len, false);
	p = buf_str(&text);
	if (!strpbrk(p, ",\"\n\r")) {
		buf_puts(b, p);
		return;
	}
	buf_putc(b, '"');
	for (; *p; p++) {
		if (*p == '"')
			buf_putc(b, '"');
		buf_putc(b, *p);
	}
	buf_putc(b, '"');
}

/* On a terminal it is made harmless first, whatever that costs in truth. */
void print_cell(struct cli *c, const char *s, size_t len, bool number)
{
	AUTO(buf) struct buf safe = {0};

	buf_init(&safe, 0);
	if (c->out_tty) {
		text_safe(&safe, s, len);
		s = buf_str(&safe);
		len = safe.len;
	}
	if (c->mode == OUT_CSV)
		put_csv(&c->out, s, len, number);
	else
		put_escaped(&c->out, s, len, true);
}

void print_cells(struct cli *c, const char *const *cell, const bool *number, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&c->out, c->mode == OUT_CSV ? ',' : '\t');
		print_cell(c, cell[i], strlen(cell[i]), number && number[i]);
	}
	buf_puts(&c->out, c->mode == OUT_CSV ? "\r\n" : "\n");
}

void print_names(struct cli *c, const char *const *name, size_t n)
{
	if (c->mode == OUT_CSV || (c->mode == OUT_TSV && c->header))
		print_cells(c, name, NULL, n);
}

void print_items(struct cli *c, const json_t *items)
{
	AUTO(json) json_t *all = json_pack("{s:i, s:O}", "v", 1, "items", items);

	for (size_t i = 0; c->mode == OUT_JSONL && i < json_array_size(items); i++) {
		out_json(c, &c->out, json_array_get(items, i));
		buf_putc(&c->out, '\n');
	}
	if (c->mode != OUT_JSON || !all)
		return;
	out_json(c, &c->out, all);
	buf_putc(&c->out, '\n');
}

static void plain_header(struct print *p)
{
	const char *name[COLS_MAX];

	for (size_t i = 0; i < p->cols.n; i++)
		name[i] = p->cols.v[i].name;
	print_names(p->c, name, p->cols.n);
}

static void plain_row(struct print *p, const json_t *record)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	for (size_t i = 0; i < p->cols.n; i++) {
		buf_clear(&b);
		value_col(&b, &p->cols.v[i], record, NULL);
		if (i > 0)
			buf_putc(&p->c->out, p->c->mode == OUT_CSV ? ',' : '\t');
		print_cell(p->c, buf_str(&b), b.len, value_number(&p->cols.v[i]));
	}
	buf_puts(&p->c->out, p->c->mode == OUT_CSV ? "\r\n" : "\n");
}

/* The record, or what --fields leaves of it; the caller's. */
static json_t *chosen(const struct print *p, const json_t *record)
{
	json_t *j;

	if (!p->c->fields)
		return json_incref((json_t *)record);
	j = json_object();
	for (size_t i = 0; j && i < p->cols.n; i++) {
		const struct col *col = &p->cols.v[i];
		json_t *v = json_object_get(record, col->field->name);

		if (col->sub)
			v = json_object_get(v, col->sub->name);
		else if (col->part)
			v = json_object_get(v, col->part);
		if (v)
			json_object_set(j, col->name, v);
	}
	return j;
}

static void json_row(struct print *p, const json_t *record)
{
	AUTO(json) json_t *j = chosen(p, record);

	if (p->c->mode == OUT_JSON && p->rows > 0)
		buf_putc(&p->c->out, ',');
	if (j)
		out_json(p->c, &p->c->out, j);
	if (p->c->mode == OUT_JSONL)
		buf_putc(&p->c->out, '\n');
}

static void begin(struct print *p, const json_t *items, size_t max)
{
	p->begun = true;
	switch (p->c->mode) {
	case OUT_TABLE:
		table_fit(p, items, max);
		if (max > 0 && json_array_size(items) > 0)
			table_header(p);
		break;
	case OUT_TSV:
	case OUT_CSV:
		plain_header(p);
		break;
	case OUT_JSON:
		buf_puts(&p->c->out, "{\"v\":1,\"items\":[");
		break;
	case OUT_JSONL:
		break;
	}
}

int print_open(struct print *p, struct cli *c, const struct shape *shape, struct err *e)
{
	memset(p, 0, sizeof(*p));
	p->c = c;
	p->shape = shape;
	return cols_of(c, shape, &p->cols, e);
}

void print_page(struct print *p, const json_t *items, size_t max)
{
	if (!p->begun)
		begin(p, items, max);
	for (size_t i = 0; i < json_array_size(items) && i < max; i++) {
		const json_t *record = json_array_get(items, i);

		switch (p->c->mode) {
		case OUT_TABLE:
			table_row(p, record);
			break;
		case OUT_TSV:
		case OUT_CSV:
			plain_row(p, record);
			break;
		case OUT_JSON:
		case OUT_JSONL:
			json_row(p, record);
			break;
		}
		p->rows++;
		out_some(p->c);
	}
}

/* What there was no room for. */
static void told_less(const struct print *p)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	for (size_t i = 0; i < p->dropped && i < LEFT_MAX; i++)
		buf_printf(&b, "%s%s", i > 0 ? ", " : "", p->left[i]);
	if (p->dropped > LEFT_MAX)
		buf_printf(&b, " and %zu more", p->dropped - LEFT_MAX);
	if (p->cut_zone)
		out_hint(p->c, "times are those of %s", zone_name(p->cut_zone));
	if (p->dropped > 0)
		out_hint(
		    p->c, "left out: %s; a wider terminal or --fields shows them", buf_str(&b));
}

void print_end(struct print *p, const json_t *next)
{
	if (!p->begun)
		begin(p, NULL, 0);
	told_less(p);
	if (p->c->mode != OUT_JSON)
		return;
	buf_puts(&p->c->out, "],\"next\":");
	if (next)
		out_json(p->c, &p->c->out, next);
	else
		buf_puts(&p->c->out, "null");
	if (p->c->odd) {
		buf_puts(&p->c->out, ",\"odd_times\":");
		out_json(p->c, &p->c->out, p->c->odd);
	}
	buf_puts(&p->c->out, "}\n");
}

/* A time in full, as there is room for it. */
static void block_time(
    struct cli *c, struct buf *b, const struct shape_field *f, const json_t *record)
{
	AUTO(buf) struct buf raw = {0};

	buf_init(&raw, 0);
	value_put(&raw, f, json_object_get(record, f->name), value_zone(c, record));
	text_safe(b, buf_str(&raw), raw.len);
}

static bool says_nothing(const json_t *v)
{
	return !v || json_is_null(v) || (json_is_array(v) && json_array_size(v) == 0) ||
	       (json_is_object(v) && json_object_size(v) == 0);
}

void print_block(struct cli *c, const struct shape *shape, const json_t *record)
{
	AUTO(buf) struct buf b = {0};
	size_t widest = 0;

	buf_init(&b, 0);
	for (unsigned i = 0; i < shape->nfields; i++)
		if (strlen(shape->fields[i].name) > widest)
			widest = strlen(shape->fields[i].name);
	for (unsigned i = 0; i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];
		const struct col col = {.field = f};
		const json_t *v = json_object_get(record, f->name);

		if (says_nothing(v))
			continue;
		buf_clear(&b);
		if (f->type == FT_time)
			block_time(c, &b, f, record);
		else
			table_cell(c, &b, &col, record);
		buf_printf(&c->out, "%-*s  ", (int)widest, f->name);
		style_begin(&c->out, c->color, table_style(&col, buf_str(&b)));
		text_cut(&c->out, buf_str(&b), c->width > widest + 2 ? c->width - widest - 2 : 1);
		style_end(&c->out, c->color, table_style(&col, buf_str(&b)));
		buf_putc(&c->out, '\n');
	}
}

static void record_json(struct print *p, const json_t *record)
{
	AUTO(json) json_t *j = json_object();
	AUTO(json) json_t *part = chosen(p, record);

	if (!j || !part)
		return;
	if (p->c->mode == OUT_JSON)
		json_object_set_new(j, "v", json_integer(1));
	json_object_update(j, part);
	out_json(p->c, &p->c->out, j);
	buf_putc(&p->c->out, '\n');
}

int print_record(struct cli *c, const struct rpc_method *m, const json_t *record, struct err *e)
{
	struct print p;
	int r = print_open(&p, c, m->out, e);

	if (r < 0)
		return r;
	switch (c->mode) {
	case OUT_TABLE:
		if (c->fields) {
			AUTO(json) json_t *one = json_pack("[O]", record);

			print_page(&p, one, 1);
		} else if (!print_sentence(c, m, record)) {
			print_block(c, m->out, record);
		}
		break;
	case OUT_TSV:
	case OUT_CSV:
		plain_header(&p);
		plain_row(&p, record);
		break;
	case OUT_JSON:
	case OUT_JSONL:
		record_json(&p, record);
		break;
	}
	return 0;
}
