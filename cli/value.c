/* SPDX-License-Identifier: MIT */
/* Values and columns by the tables of shapes. What it appends is still a stranger's text: the
 * printer makes it harmless for where it goes. */
#include "cli/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/when.h"
#include "base/zone.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "rpc/said.h"

static bool add_col(struct cols *cols, const struct shape_field *f)
{
	struct col *col = &cols->v[cols->n];

	if (cols->n == COLS_MAX)
		return false;
	*col = (struct col){.field = f};
	snprintf(col->name, sizeof(col->name), "%s", f->name);
	cols->n++;
	return true;
}

const char *value_text(const json_t *record, const char *name)
{
	const char *s = json_string_value(json_object_get(record, name));

	return s ? s : "";
}

int64_t value_i64(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(record, name));
}

const struct shape_field *value_field(const struct shape *s, const char *name, size_t len)
{
	for (unsigned i = 0; s && i < s->nfields; i++) {
		if (strlen(s->fields[i].name) == len && memcmp(s->fields[i].name, name, len) == 0)
			return &s->fields[i];
	}
	return NULL;
}

/* NAME, OBJECT.NAME or MONEY.currency */
static bool named_col(struct cols *cols, const struct shape *shape, const char *name, size_t len)
{
	const char *dot = memchr(name, '.', len);
	size_t head = dot ? (size_t)(dot - name) : len;
	const struct shape_field *f = value_field(shape, name, head);
	struct col *col;

	if (!f || !add_col(cols, f))
		return false;
	if (!dot)
		return true;
	col = &cols->v[cols->n - 1];
	snprintf(col->name, sizeof(col->name), "%.*s", (int)len, name);
	len -= head + 1;
	if (f->type == FT_obj)
		col->sub = value_field(f->sub, dot + 1, len);
	else if (f->type == FT_money && len == 8 && memcmp(dot + 1, "currency", len) == 0)
		col->part = "currency";
	else if (f->type == FT_money && len == 6 && memcmp(dot + 1, "amount", len) == 0)
		col->part = "amount";
	return col->sub || col->part;
}

/* The field that was meant, NULL when none is near. */
static const char *near_field(const struct shape *shape, const char *word, size_t len)
{
	const char *names[64];
	unsigned n = 0;

	for (; n < shape->nfields && n < 64; n++)
		names[n] = shape->fields[n].name;
	return near_name(word, len, names, n);
}

int cols_of(struct cli *c, const struct shape *shape, struct cols *ret, struct err *e)
{
	const char *s = c->fields;

	memset(ret, 0, sizeof(*ret));
	for (int wide = 0; !s && wide < 2; wide++) {
		for (unsigned i = 0; i < shape->nfields; i++) {
			if (shape->fields[i].flags & (wide ? FF_WIDE : FF_COL))
				add_col(ret, &shape->fields[i]);
		}
		if (!wide)
			ret->nfirst = ret->n;
	}
	for (bool more = s; more; more = *s) {
		size_t len = strcspn(s, ",");

		if (!named_col(ret, shape, s, len)) {
			const char *near = near_field(shape, s, len);

			err_set(e, TIX_EBAD_VALUE, "fields",
			    "--fields: there is no field \"%.*s\"%s%s%s",
			    (int)(len < 60 ? len : 60), s, near ? "; did you mean " : "",
			    near ? near : "", near ? "?" : "");
			err_hint(e, "--fields help");
			return TIX_EBAD_VALUE;
		}
		ret->nfirst = ret->n;
		s += len + (s[len] == ',');
	}
	return 0;
}

void cols_help(struct cli *c, const struct shape *shape)
{
	for (unsigned i = 0; i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];

		buf_printf(&c->out, "%-16s %s\n", f->name, f->doc);
		for (unsigned k = 0; f->type == FT_obj && k < f->sub->nfields; k++)
			buf_printf(&c->out, "%s.%-*s %s\n", f->name,
			    (int)(16 > strlen(f->name) + 1 ? 15 - strlen(f->name) : 1),
			    f->sub->fields[k].name, f->sub->fields[k].doc);
	}
}

const struct zone *value_zone(struct cli *c, const json_t *record)
{
	const char *name = json_string_value(json_object_get(record, "zone"));
	const char *event = json_string_value(json_object_get(record, "event"));
	const struct zone *zone;

	if (c->utc)
		return cli_zone(c);
	if (name && zone_get(name, &zone, NULL) == 0)
		return zone;
	zone = event ? odd_event_zone(c, event) : NULL;
	return zone ? zone : cli_zone(c);
}

const struct zone *value_cell_zone(
    struct cli *c, const struct shape_field *f, const json_t *record)
{
	return f->type == FT_time ? value_zone(c, record) : cli_zone(c);
}

void value_money(struct buf *b, const json_t *money, bool currency)
{
	said_money(b, money, currency);
}

/* RFC 3339 as on the wire, or what a person reads there. */
static void put_time(struct buf *b, const char *text, const struct zone *zone, bool brief)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	char shown[WHEN_TEXT_MAX];
	struct civil c;
	int64_t at;

	if (!zone || when_parse(text, &ctx, &at, NULL, NULL, NULL) < 0) {
		buf_puts(b, text);
	} else if (brief) {
		zone_local(zone, at, &c);
		buf_printf(b, "%04d-%02d-%02d %02d:%02d %s", c.y, c.m, c.d, c.h, c.mi, c.abbr);
	} else {
		buf_puts(b, when_show(zone, at, shown, sizeof(shown)));
	}
}

/* "Town Hall, Berlin" where a record has a name; false where not. */
static bool put_place(struct buf *b, const json_t *v)
{
	const char *name = json_string_value(json_object_get(v, "name"));
	const char *city = json_string_value(json_object_get(v, "city"));

	if (!name)
		return false;
	buf_puts(b, name);
	if (city && *city && strcmp(city, name) != 0)
		buf_printf(b, ", %s", city);
	return true;
}

/* The default columns of a record within a record, joined. */
static void put_record(struct buf *b, const struct shape *s, const json_t *v, const char *by)
{
	size_t before = b->len;

	for (unsigned i = 0; i < s->nfields; i++) {
		if (!(s->fields[i].flags & FF_COL))
			continue;
		if (b->len > before)
			buf_puts(b, by);
		value_put(b, &s->fields[i], json_object_get(v, s->fields[i].name), NULL);
	}
}

static void put_array(struct buf *b, const struct shape_field *f, const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++) {
		const json_t *item = json_array_get(v, i);

		if (i > 0)
			buf_putc(b, ',');
		if (json_is_string(item))
			buf_put(b, json_string_value(item), json_string_length(item));
		else if (f->sub)
			put_record(b, f->sub, item, ":");
	}
}

static void put_doc(struct buf *b, const json_t *v)
{
	AUTO(str) char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

	buf_puts(b, text ? text : "");
}

static void put_number(struct buf *b, const json_t *v)
{
	char text[40];

	if (json_is_integer(v)) {
		buf_i64(b, json_integer_value(v));
		return;
	}
	snprintf(text, sizeof(text), "%.10g", json_real_value(v));
	buf_puts(b, text);
}

void value_put(struct buf *b, const struct shape_field *f, const json_t *v, const struct zone *zone)
{
	if (!v || json_is_null(v)) {
		if (zone)
			buf_putc(b, '-');
	} else if (json_is_string(v)) {
		if (f->type == FT_time)
			put_time(b, json_string_value(v), zone, false);
		else
			buf_put(b, json_string_value(v), json_string_length(v));
	} else if (json_is_number(v)) {
		put_number(b, v);
	} else if (json_is_boolean(v)) {
		buf_puts(b, json_is_true(v) ? (zone ? "yes" : "true") : (zone ? "no" : "false"));
	} else if (f->type == FT_money) {
		value_money(b, v, zone != NULL);
	} else if (f->type == FT_obj && json_is_object(v)) {
		if (!zone || !put_place(b, v))
			put_record(b, f->sub, v, " ");
	} else if (json_is_array(v) && f->type != FT_doc) {
		put_array(b, f, v);
	} else {
		put_doc(b, v);
	}
}

void value_col(struct buf *b, const struct col *col, const json_t *record, const struct zone *zone)
{
	const json_t *v = json_object_get(record, col->field->name);

	if (col->field->type == FT_time && json_is_string(v))
		put_time(b, json_string_value(v), zone, true);
	else if (col->sub)
		value_put(b, col->sub, json_object_get(v, col->sub->name), zone);
	else if (!col->part)
		value_put(b, col->field, v, zone);
	else if (strcmp(col->part, "amount") == 0)
		value_money(b, v, false);
	else
		buf_puts(
		    b, json_is_object(v) ? json_string_value(json_object_get(v, "currency")) : "");
}

bool value_elastic(const struct col *col)
{
	const struct shape_field *f = col->sub ? col->sub : col->field;

	return f->type == FT_text || f->type == FT_mtext || f->type == FT_email ||
	       f->type == FT_doc || f->type == FT_texts || f->type == FT_obj || f->type == FT_list;
}

bool value_number(const struct col *col)
{
	const struct shape_field *f = col->sub ? col->sub : col->field;

	return f->type == FT_i64 || f->type == FT_degrees ||
	       (f->type == FT_money && !(col->part && strcmp(col->part, "currency") == 0));
}
