/* SPDX-License-Identifier: MIT */
/* Generated from the table of methods: every parameter of every method, nested ones too, gets wrong
 * types, bounds and just beyond, null, NUL, controls and bytes that are no UTF-8. Each must be
 * taken, or refused by its name. */
#include "tests/tap.h"

#include <stdlib.h>

#include "base/mem.h"
#include "rpc/codec.h"

/* How the walk came to a shape: the field that holds it, outermost last. */
struct level {
	const struct level *up;
	const struct shape *shape; /* holds field */
	const struct shape_field *field;
};

static struct arena *arena;
static unsigned bad; /* within the current field */

static json_t *good_value(const struct shape_field *f);

/* The required fields of a shape, and nothing else. */
static json_t *minimal(const struct shape *s)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < s->nfields; i++) {
		if (s->fields[i].flags & FF_REQ)
			json_object_set_new(o, s->fields[i].name, good_value(&s->fields[i]));
	}
	return o;
}

/* Text of n code points that the kind of field takes. */
static json_t *text_of(const struct shape_field *f, int64_t n)
{
	struct buf b;
	json_t *v;

	buf_init(&b, 0);
	for (int64_t i = 0; i < n; i++)
		buf_putc(&b, f->type == FT_email && i == 1	 ? '@'
			     : f->type == FT_email && i == n - 2 ? '.'
								 : 'a');
	if (f->type == FT_email && n >= 64)
		for (int64_t i = 40; i < n - 3; i += 40)
			b.data[i] = '.';
	v = json_string(buf_str(&b));
	buf_done(&b);
	return v;
}

static json_t *good_value(const struct shape_field *f)
{
	switch (f->type) {
	case FT_i64:
		return json_integer(f->max);
	case FT_bool:
		return json_true();
	case FT_degrees:
		return json_integer(f->min / 1000000);
	case FT_money_in:
		return json_string("EUR 45.00");
	case FT_enum:
	case FT_enums:
		return json_string(f->set->words[0].word);
	case FT_texts:
		return json_pack("[s]", "a");
	case FT_doc:
		return json_object();
	case FT_obj:
		return minimal(f->sub);
	case FT_list:
		return json_pack("[o]", minimal(f->sub));
	case FT_email:
		return json_string("a@example.com");
	default:
		return text_of(f, f->min > 1 ? f->min : 1);
	}
}

/* "events[0].venue." of the levels. */
static void prefix(const struct level *l, struct buf *b)
{
	if (!l)
		return;
	prefix(l->up, b);
	buf_printf(b, "%s%s.", l->field->name, l->field->type == FT_list ? "[0]" : "");
}

/* Whole parameters with v (taken over) as field f at a level. */
static json_t *wrap(const struct level *l, const struct shape *s, const char *name, json_t *v)
{
	json_t *o = minimal(s);

	json_object_set_new_nocheck(o, name, v);
	for (; l; l = l->up) {
		json_t *outer = minimal(l->shape);

		json_object_set_new(
		    outer, l->field->name, l->field->type == FT_list ? json_pack("[o]", o) : o);
		o = outer;
	}
	return o;
}

struct place {
	const struct shape *top;
	const struct level *level;
	const struct shape *shape;
	const struct shape_field *field;
};

/* Decode with v (taken over) at the place; code must come out, naming the field, or its member [0]
 * for a list. */
static void expect(const struct place *p, const char *what, json_t *v, int code)
{
	AUTO(json) json_t *params = wrap(p->level, p->shape, p->field->name, v);
	void *in = arena_alloc(arena, p->top->size);
	struct err e = {0};
	struct buf want;
	int r = rpc_decode(p->top, params, arena, in, &e);
	bool named;

	buf_init(&want, 0);
	prefix(p->level, &want);
	buf_puts(&want, p->field->name);
	named = strncmp(e.field, buf_str(&want), want.len) == 0 &&
		(e.field[want.len] == '\0' || e.field[want.len] == '[' || e.field[want.len] == '.');
	if (r != code || (code < 0 && (!named || !e.message[0]))) {
		bad++;
		diag("%s, %s: want %d, got %d, field '%s': %s", buf_str(&want), what, code, r,
		    e.field, e.message);
	}
	buf_done(&want);
	arena_reset(arena);
}

#define BAD TIX_EBAD_VALUE

static void text_cases(const struct place *p, bool list)
{
	const struct shape_field *f = p->field;
	bool multi = f->type == FT_mtext;

	expect(p, "integer", json_integer(7), BAD);
	expect(p, "true", json_true(), BAD);
	expect(p, "object", json_object(), BAD);
	expect(p, "NUL", json_stringn("a\0b", 3), BAD);
	expect(p, "escape", json_string("a\x1b[1m"), BAD);
	expect(p, "C1", json_string("a\xC2\x9B"), BAD);
	expect(p, "DEL", json_string("a\x7F"), BAD);
	expect(p, "line feed", json_string("a\nb"), multi ? 0 : BAD);
	expect(p, "bad UTF-8", json_string_nocheck("a\xFF"), BAD);
	expect(p, "overlong", json_string_nocheck("\xC0\xAF"), BAD);
	expect(p, "surrogate", json_string_nocheck("\xED\xA0\x80"), BAD);
	expect(p, "above max", text_of(f, f->max + 1), BAD);
	expect(p, "10,000 x max", text_of(f, f->max * 10000 > 1000000 ? 1000000 : f->max * 10000),
	    BAD);
	if (f->type != FT_email)
		expect(p, "max", text_of(f, f->max), 0);
	if (f->min > 0) {
		expect(p, "below min", text_of(f, f->min - 1), BAD);
		if (f->type != FT_email)
			expect(p, "min", text_of(f, f->min), 0);
	}
	if (!list)
		expect(p, "array", json_pack("[s]", "a"), BAD);
}

static void texts_cases(const struct place *p)
{
	json_t *many = json_array();

	for (int i = 0; i < 1001; i++)
		json_array_append_new(many, json_string("a"));
	expect(p, "1001 members", many, BAD);
	expect(p, "integer within", json_pack("[si]", "a", 7), BAD);
	expect(p, "null within", json_pack("[n]"), BAD);
	expect(p, "empty", json_array(), p->field->flags & FF_REQ ? BAD : 0);
	text_cases(p, true);
}

static void i64_cases(const struct place *p)
{
	const struct shape_field *f = p->field;

	expect(p, "text", json_string("7"), BAD);
	expect(p, "real", json_real(1.5), BAD);
	expect(p, "whole real", json_real((double)f->min), BAD);
	expect(p, "true", json_true(), BAD);
	expect(p, "min", json_integer(f->min), 0);
	expect(p, "max", json_integer(f->max), 0);
	expect(p, "below min", json_integer(f->min - 1), BAD);
	if (f->max < INT64_MAX)
		expect(p, "above max", json_integer(f->max + 1), BAD);
	expect(p, "least", json_integer(INT64_MIN), BAD);
}

static void degrees_cases(const struct place *p)
{
	double max = (double)p->field->max / 1e6;

	expect(p, "text", json_string("7"), BAD);
	expect(p, "true", json_true(), BAD);
	expect(p, "max", json_real(max), 0);
	expect(p, "min", json_real(-max), 0);
	expect(p, "above", json_real(max + 0.000001), BAD);
	expect(p, "below", json_real(-max - 0.000001), BAD);
	expect(p, "far away", json_real(1e300), BAD);
}

static void word_cases(const struct place *p)
{
	expect(p, "integer", json_integer(1), BAD);
	expect(p, "empty", json_string(""), BAD);
	expect(p, "no word", json_string("nonsense"), BAD);
	expect(p, "capitals", json_string("DRAFT"), BAD);
	expect(p, "NUL", json_stringn("draft\0", 6), BAD);
	expect(p, "bad UTF-8", json_string_nocheck("\xFF"), BAD);
	for (const struct enum_word *w = p->field->set->words; w->word; w++)
		expect(p, w->word, json_string(w->word), 0);
	if (p->field->type == FT_enum)
		expect(p, "list", json_pack("[s]", p->field->set->words[0].word), BAD);
	else
		expect(p, "object", json_object(), BAD);
}

static void money_cases(const struct place *p)
{
	expect(p, "integer", json_integer(4500), BAD);
	expect(p, "real", json_real(45.0), BAD);
	expect(p, "true", json_true(), BAD);
	expect(p, "semicolon", json_string("45;00"), BAD);
	expect(p, "negative", json_string("-1"), BAD);
	expect(p, "empty", json_string(""), BAD);
	expect(p, "NUL", json_stringn("45\0", 3), BAD);
	expect(p, "bad UTF-8", json_string_nocheck("45\xFF"), BAD);
	expect(p, "long", json_string("11111111111111111111111111111111111111111"), BAD);
	expect(p, "object", json_pack("{sIss}", "amount", (json_int_t)4500, "currency", "EUR"), 0);
	expect(p, "its bytes",
	    json_pack("{sIso}", "amount", (json_int_t)1, "currency", json_stringn("EU\0", 3)), BAD);
	expect(p, "real amount", json_pack("{sfss}", "amount", 1.0, "currency", "EUR"), BAD);
	expect(p, "empty object", json_object(), BAD);
}

static json_t *nested(int depth)
{
	json_t *v = json_object();

	while (--depth > 0)
		v = json_pack("{so}", "a", v);
	return v;
}

static void doc_cases(const struct place *p)
{
	char *big = calloc(1, (size_t)p->field->max + 1);

	memset(big, 'a', (size_t)p->field->max - 8);
	expect(p, "array", json_array(), BAD);
	expect(p, "text", json_string("{}"), BAD);
	expect(p, "integer", json_integer(1), BAD);
	expect(p, "32 levels", nested(32), 0);
	expect(p, "33 levels", nested(33), BAD);
	expect(p, "max bytes", json_pack("{ss}", "a", big), 0);
	big[p->field->max - 8] = 'a';
	expect(p, "a byte more", json_pack("{ss}", "a", big), BAD);
	free(big);
}

static void list_cases(const struct place *p)
{
	json_t *many = json_array();

	for (int64_t i = 0; i <= p->field->max; i++)
		json_array_append_new(many, minimal(p->field->sub));
	expect(p, "one too many", many, BAD);
	expect(p, "empty", json_array(), p->field->flags & FF_REQ ? BAD : 0);
	expect(p, "object", json_object(), BAD);
	expect(p, "text", json_string("a"), BAD);
	expect(p, "text within", json_pack("[s]", "a"), BAD);
	expect(p, "null within", json_pack("[n]"), BAD);
}

static void bool_cases(const struct place *p)
{
	expect(p, "integer", json_integer(1), BAD);
	expect(p, "text", json_string("true"), BAD);
	expect(p, "false", json_false(), 0);
}

static void obj_cases(const struct place *p)
{
	expect(p, "array", json_array(), BAD);
	expect(p, "text", json_string("a"), BAD);
	expect(p, "true", json_true(), BAD);
}

static void type_cases(const struct place *p)
{
	switch (p->field->type) {
	case FT_i64:
		return i64_cases(p);
	case FT_bool:
		return bool_cases(p);
	case FT_degrees:
		return degrees_cases(p);
	case FT_money_in:
		return money_cases(p);
	case FT_enum:
	case FT_enums:
		return word_cases(p);
	case FT_texts:
		return texts_cases(p);
	case FT_doc:
		return doc_cases(p);
	case FT_obj:
		return obj_cases(p);
	case FT_list:
		return list_cases(p);
	default:
		return text_cases(p, false);
	}
}

/* Without the field: only a required one is missed, by name. */
static void absent_case(const struct place *p)
{
	json_t *o = minimal(p->shape);
	struct place outer = {p->top, p->level ? p->level->up : NULL,
	    p->level ? p->level->shape : p->top, p->level ? p->level->field : NULL};
	AUTO(json) json_t *top = NULL;
	struct err e = {0};
	int r;

	json_object_del(o, p->field->name);
	if (p->level)
		top = wrap(outer.level, outer.shape, outer.field->name,
		    outer.field->type == FT_list ? json_pack("[o]", o) : o);
	else
		top = o;
	r = rpc_decode(p->top, top, arena, arena_alloc(arena, p->top->size), &e);
	if (r != (p->field->flags & FF_REQ ? TIX_EMISSING : 0) ||
	    (r < 0 && !strstr(e.field, p->field->name))) {
		bad++;
		diag("%s absent: %d %s", p->field->name, r, e.field);
	}
	arena_reset(arena);
}

static void walk(
    const char *method, const struct shape *top, const struct level *l, const struct shape *s)
{
	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];
		struct place p = {top, l, s, f};
		struct buf name;

		buf_init(&name, 0);
		prefix(l, &name);
		bad = 0;
		expect(&p, "good", good_value(f), 0);
		expect(&p, "null", json_null(), f->flags & FF_NULL ? 0 : BAD);
		absent_case(&p);
		type_cases(&p);
		ok(bad == 0, "%s: %s%s", method, buf_str(&name), f->name);
		buf_done(&name);
		if (f->sub) {
			struct level down = {l, s, f};

			walk(method, top, &down, f->sub);
		}
	}
}

/* The smallest request of a method, and one with a stranger in it, through the whole way. */
static void test_line(const struct rpc_method *m)
{
	json_t *params = minimal(m->in);
	AUTO(json)
	json_t *line = json_pack(
	    "{sssiss so}", "jsonrpc", "2.0", "id", 1, "method", m->name, "params", params);
	struct rpc_request r;
	struct err e = {0};
	void *in = NULL;

	for (int i = 0; i < 2; i++) {
		char *text = json_dumps(line, 0);
		int res = rpc_parse(text, strlen(text), arena, &r, &e);

		if (res == 0)
			res = rpc_request_decode(&r, arena, &in, &e);
		ok(res == (i ? TIX_EUNKNOWN_FIELD : 0) && r.method == m &&
			!strcmp(e.field, i ? "nonsense" : ""),
		    "%s: %s", m->name, i ? "unknown field" : "smallest request");
		rpc_request_done(&r);
		arena_reset(arena);
		free(text);
		json_object_set_new(params, "nonsense", json_null());
	}
}

int main(void)
{
	arena = arena_new(4 << 20);
	for (int i = 0; i < RPC_COUNT; i++) {
		walk(rpc_methods[i].name, rpc_methods[i].in, NULL, rpc_methods[i].in);
		test_line(&rpc_methods[i]);
	}
	arena_free(arena);
	return done_testing();
}
