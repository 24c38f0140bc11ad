/* SPDX-License-Identifier: MIT */
/* The short way of reading requests beside the long one, on requests generated from the table, in
 * many spellings, some of them damaged: what the short way takes must be the same, and it must take
 * what is plain. */
#include "tests/tap.h"

#include <stdlib.h>

#include "base/clock.h"
#include "tests/fuzz/differ.h"

#define REQUESTS 40000

static struct rng *rng;

static unsigned pick(unsigned n)
{
	uint32_t v;

	rng_bytes(rng, &v, sizeof(v));
	return v % n;
}

static json_t *any_object(const struct shape *s, bool plain);

static json_t *any_text(const struct shape_field *f, bool plain)
{
	static const char *const odd[] = {"", "A b", "\xC3\xA9", "e\xCC\x81", "a\"b", "a\\b", "a/b",
	    "a\nb", "\x7F", "10", "null", "a@b.cd"};
	char s[300];
	size_t len = (size_t)f->min + pick(12);

	if (!plain && pick(4) == 0)
		return json_string(odd[pick(ARRAY_LEN(odd))]);
	if (f->type == FT_email)
		return json_string("ada@example.com");
	if ((int64_t)len > f->max)
		len = (size_t)f->max;
	for (size_t i = 0; i < len; i++)
		s[i] = "abcdefghijklmnopqrstuvwxyz0123456789-"[pick(37)];
	return json_stringn(s, len);
}

static json_t *any_i64(const struct shape_field *f, bool plain)
{
	static const int64_t odd[] = {
	    0, -1, INT64_MAX, INT64_MIN, 1000000000000000000, 999999999999999999, 42};

	if (plain)
		return json_integer(f->min + (f->max > f->min ? pick(2) : 0));
	return pick(3) ? json_integer(f->min) : json_integer(odd[pick(ARRAY_LEN(odd))]);
}

static json_t *any_list(const struct shape_field *f, bool plain)
{
	json_t *list = json_array();
	unsigned n = plain ? 1 + pick(9) : pick(60);

	while (n--)
		json_array_append_new(list, any_object(f->sub, plain));
	return list;
}

static json_t *any_value(const struct shape_field *f, bool plain)
{
	if (!plain && pick(20) == 0)
		return pick(2) ? json_null() : json_real(1.5);
	if (field_is_text(f))
		return any_text(f, plain);
	switch (f->type) {
	case FT_i64:
		return any_i64(f, plain);
	case FT_bool:
		return json_boolean(pick(2));
	case FT_enum:
		return json_string(plain || pick(5) ? f->set->words[0].word : "none");
	case FT_list:
		return any_list(f, plain);
	case FT_texts:
	case FT_enums:
	case FT_money_in:
		return json_string("10");
	case FT_degrees:
		return json_integer(10);
	default:
		return json_object();
	}
}

/* Fields in any order: from a random one on, required ones always when plain. */
static json_t *any_object(const struct shape *s, bool plain)
{
	json_t *o = json_object();
	unsigned from = s->nfields ? pick(s->nfields) : 0;

	for (unsigned n = 0; n < s->nfields; n++) {
		const struct shape_field *f = &s->fields[(from + n) % s->nfields];

		if (pick(3) == 0 || (f->flags & FF_REQ && (plain || pick(50))))
			json_object_set_new(o, f->name, any_value(f, plain));
	}
	if (!plain && pick(30) == 0)
		json_object_set_new(o, "nonsense", json_integer(1));
	return o;
}

static char *any_line(const struct rpc_method *m, bool plain)
{
	static const size_t flags[] = {JSON_COMPACT, 0, JSON_INDENT(1), JSON_ENSURE_ASCII};
	json_t *o = json_object();
	json_t *id = pick(3) ? json_integer(pick(1000)) : json_string("a-1");
	char *line;

	if (pick(2) || plain)
		json_object_set(o, "id", id);
	json_decref(id);
	json_object_set_new(o, "jsonrpc", json_string(plain || pick(50) ? "2.0" : "1.0"));
	json_object_set_new(o, "method", json_string(plain || pick(50) ? m->name : "no.method"));
	if (plain || pick(20))
		json_object_set_new(o, "params", any_object(m->in, plain));
	line = json_dumps(o, flags[pick(ARRAY_LEN(flags))]);
	json_decref(o);
	return line;
}

static void damage(char *line, size_t len)
{
	static const char with[] = "\",:{}[]09-.e \\\n\x7F\xFFtn";

	for (unsigned n = pick(3); n > 0; n--)
		line[pick((unsigned)len)] = with[pick(sizeof(with) - 1)];
}

static void test_generated(void)
{
	unsigned count[3] = {0};

	for (int i = 0; i < REQUESTS; i++) {
		char *line = any_line(&rpc_methods[pick(RPC_COUNT)], pick(3) == 0);
		size_t len = strlen(line);
		enum differ d;

		if (pick(2))
			damage(line, len);
		d = differ(line, pick(20) ? len : pick((unsigned)len + 1));
		if (d == DIFFER_WRONG)
			diag("%s", line);
		count[d]++;
		free(line);
	}
	diag("%u taken, %u not", count[DIFFER_SAME], count[DIFFER_NOT_TAKEN]);
	is_int(count[DIFFER_WRONG], 0, "both ways agree");
	ok(count[DIFFER_SAME] > REQUESTS / 10 && count[DIFFER_NOT_TAKEN] > REQUESTS / 10,
	    "both ways were gone");
}

/* The hot requests must not leave the short way unnoticed. */
static void test_plain(void)
{
	static const char *const names[] = {
	    "order.create", "hold.create", "order.show", "hold.release"};
	unsigned taken = 0;

	for (int i = 0; i < 1000; i++) {
		const char *name = names[pick(ARRAY_LEN(names))];
		char *line = any_line(rpc_find(name, strlen(name)), true);

		taken += differ(line, strlen(line)) == DIFFER_SAME;
		free(line);
	}
	is_int(taken, 1000, "plain requests of hot methods are taken");
}

static void test_by_hand(void)
{
	static const struct {
		const char *line;
		enum differ want;
	} cases[] = {
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system.status\"}", DIFFER_SAME},
	    {"{\"method\":\"system.status\",\"jsonrpc\":\"2.0\"}\n", DIFFER_SAME},
	    {" { \"jsonrpc\" : \"2.0\" , \"id\" : \"x\" , \"method\" : \"system.status\" , "
	     "\"params\" : { } } \r\n",
		DIFFER_SAME},
	    {"{\"jsonrpc\":\"2.0\",\"params\":{},\"id\":1,\"method\":\"system.status\"}",
		DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"system.status\"}", DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":-0,\"method\":\"system.status\"}", DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"method\":\"system.status\"}",
		DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system.status\"}{}", DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system.status\",}", DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"event.show\"}", DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"method\":\"hold.release\",\"params\":{\"hold\":\"A\"}}",
		DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hold.release\",\"params\":{\"hold\":\"A\"}"
	     "}",
		DIFFER_SAME},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hold.release\",\"params\":{\"hold\":\"A\","
	     "\"hold\":\"A\"}}",
		DIFFER_NOT_TAKEN},
	    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hold.release\",\"params\":{\"hold\":\"A\","
	     "\"dry_run\":truex}}",
		DIFFER_NOT_TAKEN},
	    {"", DIFFER_NOT_TAKEN},
	    {"{", DIFFER_NOT_TAKEN},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(differ(cases[i].line, strlen(cases[i].line)), cases[i].want, cases[i].line);
}

int main(void)
{
	rng = rng_test_new(11);
	test_by_hand();
	test_plain();
	test_generated();
	rng_test_free(rng);
	return done_testing();
}
