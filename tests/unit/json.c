/* SPDX-License-Identifier: MIT */
/* Strict JSON: what must be refused and what must not. */
#include "tests/tap.h"

#include <jansson.h>

#include "base/err.h"
#include "base/json.h"

struct json_case {
	const char *text;
	bool good, good_any;
};

static const struct json_case cases[] = {
    {"{}", true, true},
    {" [1, {\"a\": null}] \n", true, true},
    {"{\"a\":1}", true, true},
    {"{\"a\":1,\"a\":2}", false, false},
    {"{\"a\":{\"b\":1,\"b\":1}}", false, false},
    {"1", false, true},
    {"\"x\"", false, true},
    {"null", false, true},
    {"", false, false},
    {"{} {}", false, false},
    {"{}x", false, false},
    {"{\"a\":1,}", false, false},
    {"[1e999]", false, false},
    {"[9223372036854775807]", true, true},
    {"[9223372036854775808]", false, false},
    {"[NaN]", false, false},
    {"[\"\\u0000\"]", false, false},
    {"[\"\\ud800\"]", false, false},
    {"[\"\xFF\"]", false, false},
    {"[\"\xC0\xAF\"]", false, false},
    {"{\"\xED\xA0\x80\":1}", false, false},
    {"[\"[[[[\\\"[[[[\"]", true, true},
};

static int parse(const char *text, size_t len, bool any, struct err *e)
{
	json_t *j = NULL;
	int r =
	    any ? json_parse_any(text, len, 64, &j, e) : json_parse_strict(text, len, 64, &j, e);

	if (r < 0 && j)
		return 1;
	json_decref(j);
	return r;
}

int main(void)
{
	struct err e = {0};
	char deep[200];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct json_case *c = &cases[i];
		size_t len = strlen(c->text);

		is_int(parse(c->text, len, false, &e), c->good ? 0 : TIX_EPARSE, "strict");
		is_int(parse(c->text, len, true, &e), c->good_any ? 0 : TIX_EPARSE, "any");
	}
	is_int(parse("[1\0]", 4, false, &e), TIX_EPARSE, "NUL after a number");
	is_int(parse("{}\0", 3, false, &e), TIX_EPARSE, "NUL at the end");
	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	is_int(parse(deep, 130, false, &e), TIX_EPARSE, "65 levels");
	is_str(e.message, "JSON is nested deeper than 64", "message");
	is_int(parse(deep + 1, 128, false, &e), 0, "64 levels");
	is_int(parse("{", 1, false, NULL), TIX_EPARSE, "no details wanted");
	return done_testing();
}
