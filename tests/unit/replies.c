/* SPDX-License-Identifier: MIT */
/* Generated from the tables of shapes: structs filled with what a store might hold, planted or not,
 * are encoded. What leaves is strict JSON with exactly the rows of the shape, right types, and no
 * control character, ever. */
#include "tests/tap.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/when.h"
#include "rpc/codec.h"

#define ROUNDS 40

static const struct shape *const shapes[] = {
#define SHAPE(s) &shape_##s,
#define F(s, type, field, flags, min, max, doc)
#define FE(s, set, field, flags, doc)
#define FS(s, set, field, flags, doc)
#define FO(s, sub, field, flags, doc)
#define FL(s, sub, field, flags, max, doc)
#define END(s)
#include "model/shapes/all.def"
};

static const char *const nasty[] = {NULL, "", "plain", "\x1b[31mred\x1b[0m",
    "\xC2\x9B"
    "31m",
    "\x9b", "\xff\xfe", "a\nb\r\n\tc", "\"\\/",
    "\xE2\x80\xAE"
    "evil",
    "=HYPERLINK(\"x\")", "\x7f\x01\x02", "\xF0\x9F\x8E\xAB", "\xED\xA0\x80", "\xC0\x80",
    "</script>", "\xF4\x90\x80\x80", "cut \xE2\x82"};

static const char *const docs[] = {NULL, "", "{}", "{\"a\":1}", "[1,2]", "{\"a\":1,\"a\":2}",
    "{\"a\":1", "}{", "1", "\"x\"", "{\"a\":\"\x1b[1m\"}", "{\"a\":\"\xC2\x9B\"}",
    "{\"a\":\"\xFF\"}", "{\"a\":1}{", "{\"a\":1e999}", "{\"a\":99999999999999999999}",
    "{\"a\":0123}", "{\"a\":-}", "{\"a\":\"\\u0000\"}", "{\"\\u0061\":1,\"a\":2}", "{\"a\":\n1}",
    "{\"a\":1.5,\"b\":[true,false,null,{}]}", "{\"a\":\"\\ud800\"}", "{,}", "[1,]", "{\"a\":}",
    "{\"a\":truth}", "{\"a\":1,\"result\":{}}", "{\"\x01\":1}"};

static const char money[][4] = {"", "EUR", "\x1b[m", {'\xFF', 'A', 'B'},
    "\"\"\""};

static struct arena *arena;
static struct rng *rng;

static unsigned pick(unsigned n)
{
	uint32_t v;

	rng_bytes(rng, &v, sizeof(v));
	return v % n;
}

static int64_t any_i64(void)
{
	static const int64_t edge[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1000000, -1000000,
	    253402300799999999, 253402300800000000, 1781373600000001};

	return edge[pick(ARRAY_LEN(edge))];
}

static void *fill_struct(const struct shape *s, void *out);

static void fill_texts(struct text_list *list)
{
	list->n = pick(4);
	list->v = arena_array(arena, list->n, sizeof(*list->v));
	for (size_t i = 0; i < list->n; i++)
		list->v[i] = nasty[pick(ARRAY_LEN(nasty))];
}

static void fill_list(const struct shape *sub, struct shape_list *list)
{
	list->n = pick(3);
	list->v = arena_array(arena, list->n, sub->size);
	for (size_t i = 0; i < list->n; i++)
		fill_struct(sub, (char *)list->v + i * sub->size);
}

static void fill_money(struct money *m)
{
	m->amount = any_i64();
	memcpy(m->currency, money[pick(ARRAY_LEN(money))], 4);
}

static void fill_field(const struct shape_field *f, void *dst)
{
	switch (f->type) {
	case FT_doc:
		*(const char **)dst = docs[pick(ARRAY_LEN(docs))];
		break;
	case FT_i64:
	case FT_degrees:
	case FT_time:
		*(int64_t *)dst = any_i64();
		break;
	case FT_bool:
		*(bool *)dst = pick(2);
		break;
	case FT_money_in:
		((struct money_in *)dst)->text = nasty[pick(ARRAY_LEN(nasty))];
		fill_money(&((struct money_in *)dst)->money);
		break;
	case FT_money:
		fill_money(dst);
		break;
	case FT_enum:
		*(int *)dst = (int)pick(9) - 2;
		break;
	case FT_enums:
		*(uint64_t *)dst = pick(1000);
		break;
	case FT_texts:
		fill_texts(dst);
		break;
	case FT_obj:
		*(void **)dst =
		    pick(3) ? fill_struct(f->sub, arena_alloc(arena, f->sub->size)) : NULL;
		break;
	case FT_list:
		fill_list(f->sub, dst);
		break;
	default:
		*(const char **)dst = nasty[pick(ARRAY_LEN(nasty))];
		break;
	}
}

static void *fill_struct(const struct shape *s, void *out)
{
	uint64_t present;

	rng_bytes(rng, &present, sizeof(present));
	memcpy(out, &present, sizeof(present));
	for (unsigned i = 0; i < s->nfields; i++)
		fill_field(&s->fields[i], (char *)out + s->fields[i].offset);
	return out;
}

static bool no_controls(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0 || cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			return false;
		i += (size_t)n;
	}
	return true;
}

static bool rows_fit(const struct shape *s, const json_t *o, const void *in);

static bool value_fits(const struct shape_field *f, const json_t *v, const void *src)
{
	switch (f->type) {
	case FT_doc:
		return json_is_object(v) || json_is_array(v) || json_is_null(v);
	case FT_i64:
		if (*(const int64_t *)src == TIME_NONE)
			return json_is_null(v);
		return json_is_integer(v) && json_integer_value(v) == *(const int64_t *)src;
	case FT_bool:
		return json_is_boolean(v) && json_is_true(v) == *(const bool *)src;
	case FT_degrees:
		return *(const int64_t *)src == TIME_NONE ? json_is_null(v) : json_is_real(v);
	case FT_money:
		return json_is_null(v) ||
		       (json_object_size(v) == 2 && json_is_integer(json_object_get(v, "amount")) &&
			   json_is_string(json_object_get(v, "currency")));
	case FT_money_in:
		return json_is_null(v) || json_is_object(v) || json_is_string(v);
	case FT_enum: {
		const char *word = enum_word(f->set, *(const int *)src);

		return word ? json_is_string(v) && !strcmp(word, json_string_value(v))
			    : json_is_null(v);
	}
	case FT_enums:
		return json_is_array(v);
	case FT_texts:
		return json_array_size(v) == ((const struct text_list *)src)->n;
	case FT_obj:
		return *(const void *const *)src ? rows_fit(f->sub, v, *(const void *const *)src)
						 : json_is_null(v);
	case FT_list: {
		const struct shape_list *list = src;
		bool good = json_array_size(v) == list->n;

		for (size_t i = 0; i < list->n; i++)
			good = good && rows_fit(f->sub, json_array_get(v, i),
					   (const char *)list->v + i * f->sub->size);
		return good;
	}
	case FT_time:
		return json_is_string(v) || json_is_null(v);
	default: {
		const char *s = *(const char *const *)src;

		if (!s)
			return json_is_null(v);
		return json_is_string(v) &&
		       (!utf8_valid(s, strlen(s)) || !strcmp(s, json_string_value(v)));
	}
	}
}

static bool rows_fit(const struct shape *s, const json_t *o, const void *in)
{
	uint64_t present;
	size_t rows = 0;

	memcpy(&present, in, sizeof(present));
	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];
		const json_t *v = json_object_get(o, f->name);
		bool want = !(f->flags & FF_OPT) || (present >> i & 1);

		if (want != (v != NULL) || (v && !value_fits(f, v, (const char *)in + f->offset))) {
			diag("%s.%s", s->name, f->name);
			return false;
		}
		rows += want;
	}
	return json_object_size(o) == rows;
}

/* FF_OPT rows come after the others. */
static bool optional_last(const struct shape *s, const json_t *o)
{
	bool optional = false, good = true;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)o, key, v)
	{
		for (unsigned i = 0; i < s->nfields; i++) {
			if (strcmp(s->fields[i].name, key))
				continue;
			good = good && (!optional || (s->fields[i].flags & FF_OPT));
			optional = optional || (s->fields[i].flags & FF_OPT);
		}
	}
	return good;
}

static void test_shape(const struct shape *s)
{
	unsigned good = 0;

	for (int i = 0; i < ROUNDS; i++) {
		AUTO(json) json_t *o = NULL;
		AUTO(buf) struct buf b = {0};
		struct err e = {0};
		void *in = fill_struct(s, arena_alloc(arena, s->size));
		int r = rpc_encode(s, in, &b);

		if (r == 0 && no_controls(b.data, b.len) &&
		    json_parse_strict(b.data, b.len, RPC_DEPTH, &o, &e) == 0 &&
		    rows_fit(s, o, in) && optional_last(s, o))
			good++;
		else
			diag("%s: %s", e.message, b.data);
		arena_reset(arena);
	}
	is_int(good, ROUNDS, s->name);
}

/* The fast writer of times against the plain one of base. */
static void test_times(void)
{
	unsigned good = 0;

	for (int i = 0; i < 20000; i++) {
		struct journal_record rec = {0};
		AUTO(buf) struct buf b = {0};
		char want[64], text[48];
		uint64_t v;

		rng_bytes(rng, &v, sizeof(v));
		rec.at = (int64_t)(v % UINT64_C(253402300800000000));
		if (i % 2)
			rec.at -= rec.at % 1000000;
		rpc_encode(&shape_journal_record, &rec, &b);
		when_rfc3339(rec.at, text, sizeof(text));
		snprintf(want, sizeof(want), "\"at\":\"%s\"", text);
		if (strstr(buf_str(&b), want))
			good++;
		else
			diag("%s in %s", want, buf_str(&b));
	}
	is_int(good, 20000, "times as base writes them");
}

static void test_docs(void)
{
	static const char *const pairs[][2] = {{"{\"a\":1}", "{\"a\":1}"}, {"[1,2]", "[1,2]"},
	    {"{\"a\":1,\"a\":2}", "null"}, {"{\"b\":\n1,\"a\":2}", "{\"a\":2,\"b\":1}"},
	    {"{\"a\":\"\xC2\x9B\"}", "{\"a\":\"\\u009b\"}"}, {"{\"a\":\"\x1b\"}", "null"},
	    {"1", "null"}, {"{\"a\":0.1}", "{\"a\":0.1}"}, {"{\"a\":1e999}", "null"},
	    {"{\"a\":01}", "null"}};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct show s = {.kind = "x", .code = "y", .record = pairs[i][0]};
		AUTO(buf) struct buf b = {0};
		char want[128];

		rpc_encode(&shape_show, &s, &b);
		snprintf(want, sizeof(want), "{\"kind\":\"x\",\"code\":\"y\",\"record\":%s}",
		    pairs[i][1]);
		is_str(buf_str(&b), want, "document");
	}
}

/* A hash for what is the same, another one for what is not. */
struct hash_case {
	const char *a, *b;
	bool same;
};

static bool hash(const char *json, uint8_t out[16])
{
	const struct rpc_method *m = rpc_find("order.create", 12);
	AUTO(json) json_t *v = NULL;
	struct order_create_in *in = arena_alloc(arena, sizeof(*in));
	struct err e = {0};

	return json_parse_strict(json, strlen(json), RPC_DEPTH, &v, &e) == 0 &&
	       rpc_decode(m->in, v, arena, in, &e) == 0 && rpc_params_hash(m, in, out) == 0;
}

static void test_hash(void)
{
	static const struct hash_case cases[] = {
	    {"{\"pay\":\"cash\",\"event\":\"a\"}", "{ \"event\" : \"a\", \"pay\":\"c\\u0061sh\"}",
		true},
	    {"{\"pay\":\"cash\",\"dry_run\":true,\"reason\":\"x\",\"idempotency_key\":\"k\"}",
		"{\"pay\":\"cash\"}", true},
	    {"{\"pay\":\"cash\"}", "{\"pay\":\"comp\"}", false},
	    {"{\"pay\":\"cash\",\"name\":\"a\"}", "{\"pay\":\"cash\",\"note\":\"a\"}", false},
	    {"{\"pay\":\"cash\",\"name\":\"a\"}", "{\"pay\":\"cash\"}", false},
	    {"{\"pay\":\"cash\",\"name\":\"e\xCC\x81\"}",
		"{\"pay\":\"cash\",\"name\":\"\xC3\xA9\"}", true},
	    {"{\"pay\":\"cash\",\"line\":[{\"category\":\"a\",\"count\":1},{\"category\":\"b\","
	     "\"count\":1}]}",
		"{\"pay\":\"cash\",\"line\":[{\"category\":\"b\",\"count\":1},{\"category\":\"a\","
		"\"count\":1}]}",
		false},
	    {"{\"pay\":\"cash\",\"line\":[{\"category\":\"a\",\"count\":1}]}",
		"{\"line\":[{\"count\":1,\"category\":\"a\"}],\"pay\":\"cash\"}", true},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t a[16], b[16];

		ok(hash(cases[i].a, a) && hash(cases[i].b, b) &&
			cases[i].same == (memcmp(a, b, 16) == 0),
		    "%s and %s", cases[i].a, cases[i].b);
		arena_reset(arena);
	}
}

int main(void)
{
	arena = arena_new(4 << 20);
	rng = rng_test_new(7);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		test_shape(shapes[i]);
	test_times();
	test_docs();
	test_hash();
	rng_test_free(rng);
	arena_free(arena);
	return done_testing();
}
