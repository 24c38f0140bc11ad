/* SPDX-License-Identifier: MIT */
/* The short way from JSON to columns. It knows plain texts, whole numbers, truth and money; a row
 * with anything else takes the long way through a tree, and comes out as it always does. */
#include "cli/rows.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/money.h"
#include "cli/out.h"

struct span {
	const char *s;
	size_t len;
};

bool rows_plain(const struct cli *c)
{
	return !c->out_tty && c->mode != OUT_TABLE;
}

/* Behind the string that begins at p; NULL when it does not end. */
static const char *skip_string(const char *p, const char *end)
{
	while ((p = memchr(p + 1, '"', (size_t)(end - p - 1)))) {
		const char *back = p;

		while (back[-1] == '\\')
			back--;
		if ((p - back) % 2 == 0)
			return p + 1;
	}
	return NULL;
}

/* Behind the value that begins at p. */
static const char *skip_value(const char *p, const char *end)
{
	int depth = 0;

	while (p && p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
		} else if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (*p == '}' || *p == ']') {
			if (depth == 0)
				return p;
			depth--;
			p++;
		} else if (*p == ',' && depth == 0) {
			return p;
		} else {
			p++;
			continue;
		}
		if (depth == 0)
			return p;
	}
	return p;
}

/* A member of an object: its name and value. Moves *p behind it and its comma; false at the end or
 * where it is none. */
static bool take_member(const char **p, const char *end, struct span *name, struct span *value)
{
	const char *at = *p, *after;

	if (at >= end || *at != '"' || !(after = skip_string(at, end)) || after >= end ||
	    *after != ':')
		return false;
	*name = (struct span){at + 1, (size_t)(after - at) - 2};
	at = after + 1;
	after = skip_value(at, end);
	if (!after || after >= end || after == at)
		return false;
	*value = (struct span){at, (size_t)(after - at)};
	*p = after + (*after == ',');
	return true;
}

static bool is(const struct span *s, const char *word)
{
	return strlen(word) == s->len && memcmp(s->s, word, s->len) == 0;
}

static int no_page(struct err *e)
{
	return err_set(e, TIX_EINTERNAL, NULL, "the daemon's answer is no page of a list");
}

/* The items of a page from their bracket on; behind them, NULL when they do not end. */
static const char *take_items(const char *p, const char *end, struct rows *ret)
{
	ret->n = 0;
	ret->at = ++p;
	while (p && p < end && *p != ']') {
		p = skip_value(p, end);
		if (!p || p >= end || ret->n == ROWS_MAX)
			return NULL;
		ret->end[ret->n++] = p;
		p += *p == ',';
	}
	return p && p < end ? p + 1 : NULL;
}

int rows_find(const char *text, size_t len, struct rows *ret, json_t **ret_next, struct err *e)
{
	static const char first[] = "{\"items\":[";
	const char *p = text, *end = text + len;
	struct span name, value;

	*ret_next = NULL;
	if (len > sizeof(first) && memcmp(text, first, sizeof(first) - 1) == 0)
		p = take_items(text + sizeof(first) - 2, end, ret);
	if (!p || p == text || *p != ',')
		return no_page(e);
	for (p++; take_member(&p, end, &name, &value);) {
		if (is(&name, "next") && !*ret_next)
			*ret_next = json_loadb(value.s, value.len, JSON_DECODE_ANY, NULL);
	}
	return *ret_next ? 0 : no_page(e);
}

/* Whether a text is its own cell. */
static bool is_plain(const struct cli *c, const char *s, size_t len, bool number)
{
	if (c->mode == OUT_CSV && !number && len > 0 && strchr("=+-@", s[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] == 0x7f ||
		    (c->mode == OUT_CSV && (s[i] == ',' || s[i] == '"')))
			return false;
	}
	return true;
}

static bool put_text(struct print *p, const struct col *col, const struct span *v)
{
	const char *s = v->s + 1;
	size_t len = v->len - 2;

	if (col->sub || col->part || memchr(s, '\\', len))
		return false;
	if (is_plain(p->c, s, len, value_number(col)))
		buf_put(&p->c->out, s, len);
	else
		print_cell(p->c, s, len, value_number(col));
	return true;
}

static bool put_integer(struct print *p, const struct span *v)
{
	for (size_t i = v->s[0] == '-'; i < v->len; i++) {
		if (v->s[i] < '0' || v->s[i] > '9')
			return false;
	}
	buf_put(&p->c->out, v->s, v->len);
	return true;
}

/* {"amount":9000,"currency":"EUR"} */
static bool put_money(struct print *p, const struct col *col, const struct span *v)
{
	static const char first[] = "{\"amount\":", second[] = ",\"currency\":\"";
	const char *s = v->s + sizeof(first) - 1, *end = v->s + v->len;
	struct money m = {0};
	char text[MONEY_TEXT_MAX];
	bool negative;
	int digits = 0;

	if (v->len < sizeof(first) || memcmp(v->s, first, sizeof(first) - 1) != 0)
		return false;
	negative = *s == '-';
	for (s += negative; s < end && *s >= '0' && *s <= '9' && digits < 18; digits++)
		m.amount = m.amount * 10 + (*s++ - '0');
	if (digits == 0 || (size_t)(end - s) != sizeof(second) - 1 + 5 ||
	    memcmp(s, second, sizeof(second) - 1) != 0)
		return false;
	if (negative)
		m.amount = -m.amount;
	memcpy(m.currency, s + sizeof(second) - 1, 3);
	if (col->part && strcmp(col->part, "currency") == 0)
		buf_put(&p->c->out, m.currency, 3);
	else if (currency_exponent(m.currency) < 0)
		buf_i64(&p->c->out, m.amount);
	else
		buf_puts(&p->c->out, money_format(m, text, sizeof(text)));
	return true;
}

static bool put_value(struct print *p, const struct col *col, const struct span *v)
{
	if (v->len == 0 || is(v, "null"))
		return true;
	if (v->s[0] == '"')
		return put_text(p, col, v);
	if (v->s[0] == '{' && col->field->type == FT_money)
		return put_money(p, col, v);
	if (col->sub || col->part)
		return false;
	if (is(v, "true") || is(v, "false")) {
		buf_put(&p->c->out, v->s, v->len);
		return true;
	}
	return (v->s[0] == '-' || (v->s[0] >= '0' && v->s[0] <= '9')) && put_integer(p, v);
}

/* The values of a row by field. Members come in the table's order, so the search begins behind the
 * last one. */
static bool split(const struct shape *shape, const char *s, const char *end, struct span *values)
{
	struct span name, value;
	unsigned next = 0;

	memset(values, 0, shape->nfields * sizeof(*values));
	for (s++; take_member(&s, end, &name, &value);) {
		unsigned tries = 0;

		while (tries < shape->nfields && !is(&name, shape->fields[next].name)) {
			next = (next + 1) % shape->nfields;
			tries++;
		}
		if (tries < shape->nfields)
			values[next] = value;
	}
	return s + 1 == end && *s == '}';
}

/* A row of TSV or CSV; false, and nothing is printed, where it takes the long way. */
static bool columns(struct print *p, const char *s, const char *end)
{
	struct buf *out = &p->c->out;
	struct span values[64];
	size_t before = out->len;

	if (p->shape->nfields > 64 || !split(p->shape, s, end, values))
		return false;
	for (size_t i = 0; i < p->cols.n; i++) {
		const struct col *col = &p->cols.v[i];

		if (i > 0)
			buf_putc(out, p->c->mode == OUT_CSV ? ',' : '\t');
		if (!put_value(p, col, &values[col->field - p->shape->fields])) {
			out->len = before;
			return false;
		}
	}
	buf_puts(out, p->c->mode == OUT_CSV ? "\r\n" : "\n");
	return true;
}

/* JSON stays as it came. */
static bool verbatim(struct print *p, const char *s, const char *end)
{
	struct buf *out = &p->c->out;

	if (p->c->fields)
		return false;
	if (p->c->mode == OUT_JSON && p->rows > 0)
		buf_putc(out, ',');
	buf_put(out, s, (size_t)(end - s));
	if (p->c->mode == OUT_JSONL)
		buf_putc(out, '\n');
	return true;
}

static int long_way(struct print *p, const char *s, const char *end, struct err *e)
{
	AUTO(json) json_t *record = NULL;
	AUTO(json) json_t *items = json_array();
	int r = json_parse_strict(s, (size_t)(end - s), JSON_DEPTH_DEFAULT, &record, e);

	if (r < 0 || !items || json_array_append(items, record) < 0)
		return no_page(e);
	print_page(p, items, 1);
	return 0;
}

int rows_print(struct print *p, const struct rows *rows, size_t max, struct err *e)
{
	bool json = p->c->mode == OUT_JSON || p->c->mode == OUT_JSONL;
	const char *s = rows->at;

	print_page(p, NULL, 0); /* what comes before the first row */
	for (size_t i = 0; i < rows->n && i < max; i++) {
		const char *end = rows->end[i];
		int r;

		if (json ? verbatim(p, s, end) : columns(p, s, end)) {
			p->rows++;
			out_some(p->c);
		} else {
			r = long_way(p, s, end, e);
			if (r < 0)
				return r;
		}
		s = end + 1;
	}
	return 0;
}
