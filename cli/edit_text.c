/* SPDX-License-Identifier: MIT */
/* Text of several lines stands indented below its field, with a | behind the colon. A value is
 * compared as text: what is not touched is not sent. */
#include "cli/edit_text.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/when.h"
#include "base/zone.h"
#include "cli/value.h"

/* 2026-06-13 20:00 where that means this very instant, else as on the wire. */
static void put_time(struct buf *b, const char *text, const struct zone *zone)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t at, again, later;
	struct civil c;

	if (when_parse(text, &ctx, &at, NULL, NULL, NULL) < 0) {
		buf_puts(b, text);
		return;
	}
	zone_local(zone, at, &c);
	c.s = 0;
	c.us = 0;
	zone_utc(zone, &c, &again, NULL);
	if (again == at && !zone_again(zone, at, &later))
		buf_printf(b, "%04d-%02d-%02d %02d:%02d", c.y, c.m, c.d, c.h, c.mi);
	else
		buf_puts(b, text);
}

/* 60:100,30:250 */
static void put_pairs(struct buf *b, const struct shape_field *f, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		for (unsigned k = 0; k < f->sub->nfields; k++) {
			if (i + k > 0)
				buf_putc(b, k ? ':' : ',');
			value_put(b, &f->sub->fields[k],
			    json_object_get(item, f->sub->fields[k].name), NULL);
		}
	}
}

static void put_texts(struct buf *b, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		buf_printf(b, "%s%s", i ? "," : "", json_string_value(item));
}

static void put_value(struct cli *c, struct buf *b, const struct shape_field *f, const json_t *record)
{
	const json_t *v = json_object_get(record, f->name);

	if (json_is_null(v))
		return;
	if (f->type == FT_time)
		put_time(b, json_string_value(v), value_zone(c, record));
	else if (f->type == FT_list)
		put_pairs(b, f, v);
	else if (f->type == FT_texts)
		put_texts(b, v);
	else if (f->type == FT_obj) /* a reference: its slug */
		value_put(b, &f->sub->fields[0], json_object_get(v, f->sub->fields[0].name), NULL);
	else if (json_is_string(v))
		buf_puts(b, json_string_value(v));
	else
		value_put(b, f, v, NULL);
}

/* A time that follows the event is edited as it was typed. */
static const char *rule_of(struct cli *c, const json_t *record, const char *name)
{
	return json_string_value(
	    json_object_get(record, arena_printf(c->arena, "%s_rule", name)));
}

void edit_read_record(struct cli *c, const struct rpc_method *set, const json_t *record,
    struct edit_values *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned i = IX_mut_in_COUNT; i < set->in->nfields && i < EDIT_FIELDS; i++) {
		const struct shape_field *in = &set->in->fields[i];
		const struct shape_field *f = value_field(set->out, in->name, strlen(in->name));
		AUTO(buf) struct buf b = {0};
		const char *rule;

		if (in->flags & FF_POS)
			continue;
		if (!f && strcmp(in->name, "slug") == 0) /* what the record calls by its noun */
			f = value_field(set->out, "event", 5);
		if (!f)
			continue;
		rule = rule_of(c, record, in->name);
		buf_init(&b, 0);
		if (rule)
			buf_puts(&b, rule);
		else
			put_value(c, &b, f, record);
		ret->v[i] = arena_strdup(c->arena, buf_str(&b));
	}
}

static void put_block(struct buf *b, const char *text)
{
	buf_puts(b, " |\n");
	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_printf(b, "  %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void edit_write(struct buf *b, const struct rpc_method *set, const struct edit_values *values)
{
	for (unsigned i = 0; i < set->in->nfields && i < EDIT_FIELDS; i++) {
		const struct shape_field *f = &set->in->fields[i];
		const char *v = values->v[i];

		if (!v)
			continue;
		buf_printf(b, "\n# %s%s\n%s:", f->doc, f->flags & FF_NULL ? " Nothing clears it." : "",
		    f->name);
		if (strchr(v, '\n') || (*v && strchr(" \t|", *v)))
			put_block(b, v);
		else
			buf_printf(b, "%s%s\n", *v ? " " : "", v);
	}
}

struct parse {
	const char *at;
	int line;
	struct buf block;
};

/* The next line, without its end. False at the end. */
static bool next_line(struct parse *p, const char **ret, size_t *ret_len)
{
	if (!*p->at)
		return false;
	*ret = p->at;
	*ret_len = strcspn(p->at, "\n");
	p->at += *ret_len + (p->at[*ret_len] == '\n');
	if (*ret_len > 0 && (*ret)[*ret_len - 1] == '\r')
		(*ret_len)--;
	p->line++;
	return true;
}

/* A list may be typed with spaces behind its commas. */
static const char *list_of(struct cli *c, const char *v, size_t len)
{
	char *copy = arena_strndup(c->arena, v, len), *to = copy;

	for (const char *s = copy; s && *s; s++) {
		if (*s != ' ' || to == copy || to[-1] != ',')
			*to++ = *s;
	}
	if (copy)
		*to = '\0';
	return copy;
}

/* The lines below "field: |": all that are indented, and empty ones between them. */
static const char *take_block(struct cli *c, struct parse *p)
{
	buf_clear(&p->block);
	while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n') {
		const char *line;
		size_t len;

		next_line(p, &line, &len);
		for (int k = 0; k < 2 && len > 0 && *line == ' '; k++, len--)
			line++;
		buf_put(&p->block, line, len);
		buf_putc(&p->block, '\n');
	}
	while (p->block.len > 0 && p->block.data[p->block.len - 1] == '\n')
		p->block.data[--p->block.len] = '\0';
	return arena_strdup(c->arena, buf_str(&p->block));
}

static int bad_line(struct err *e, int line, const char *why)
{
	return err_set(e, TIX_EBAD_VALUE, NULL, "line %d: %s", line, why);
}

static int take_line(struct cli *c, const struct rpc_method *set, const struct edit_values *shown,
    struct parse *p, const char *line, size_t len, struct edit_values *ret, struct err *e)
{
	const char *colon = memchr(line, ':', len);
	size_t name = colon ? (size_t)(colon - line) : 0, rest;
	const char *v;

	if (!colon)
		return bad_line(e, p->line, "\"field: value\" is expected");
	for (unsigned i = 0; i < set->in->nfields && i < EDIT_FIELDS; i++) {
		if (!shown->v[i] || strlen(set->in->fields[i].name) != name ||
		    memcmp(set->in->fields[i].name, line, name) != 0)
			continue;
		if (ret->v[i])
			return bad_line(e, p->line, "this field is there twice");
		v = colon + 1;
		rest = len - name - 1;
		for (; rest > 0 && (*v == ' ' || *v == '\t'); rest--)
			v++;
		while (rest > 0 && (v[rest - 1] == ' ' || v[rest - 1] == '\t'))
			rest--;
		if (rest == 1 && *v == '|')
			ret->v[i] = take_block(c, p);
		else if (set->in->fields[i].type == FT_texts || set->in->fields[i].type == FT_list)
			ret->v[i] = list_of(c, v, rest);
		else
			ret->v[i] = arena_strndup(c->arena, v, rest);
		return ret->v[i] ? 0 : err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	}
	return err_set(e, TIX_EBAD_VALUE, NULL, "line %d: there is no field \"%.*s\"", p->line,
	    (int)utf8_trim(line, name < 60 ? name : 60), line);
}

int edit_parse(struct cli *c, const struct rpc_method *set, const struct edit_values *shown,
    const char *text, struct edit_values *ret, struct err *e)
{
	struct parse p = {.at = text};
	const char *line;
	size_t len;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	if (!utf8_valid(text, strlen(text)))
		return err_set(e, TIX_EBAD_VALUE, NULL, "the text is not UTF-8");
	buf_init(&p.block, 0);
	while (r == 0 && next_line(&p, &line, &len)) {
		if (len > 0 && *line != '#' && strspn(line, " \t") < len)
			r = take_line(c, set, shown, &p, line, len, ret, e);
	}
	buf_done(&p.block);
	return r;
}
