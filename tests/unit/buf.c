/* SPDX-License-Identifier: MIT */
/* Byte buffer: growth, ceiling, sticky failure, numbers and JSON strings with nasty input. */
#include "tests/tap.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/utf8.h"

static void growth(void)
{
	struct buf b;
	char *taken;

	buf_init(&b, 0);
	is_str(buf_str(&b), "", "empty is a string too");
	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "abc");
	ok(b.len == 3000 && strlen(b.data) == 3000 && !b.failed, "grows, stays terminated");
	buf_clear(&b);
	buf_printf(&b, "%s=%d", "x", 5);
	is_str(buf_str(&b), "x=5", "printf");
	taken = buf_take(&b);
	is_str(taken, "x=5", "take");
	free(taken);
	ok(!b.data && !b.len, "nothing left behind");
	taken = buf_take(&b);
	is_str(taken, "", "take of an empty one");
	free(taken);
}

static void ceiling(void)
{
	struct buf b;

	buf_init(&b, 10);
	buf_puts(&b, "0123456789");
	ok(!b.failed, "max itself fits");
	buf_putc(&b, 'x');
	ok(b.failed && b.len == 10, "one more fails");
	buf_clear(&b);
	buf_puts(&b, "12345678901");
	buf_puts(&b, "1");
	ok(b.failed && b.len == 0, "failure is sticky");
	ok(!buf_take(&b), "a failed buffer gives nothing");
	buf_done(&b);
	buf_done(NULL);
}

static void numbers(void)
{
	static const int64_t cases[] = {
	    0, 1, -1, 9, 10, -10, 99, 1234567890123, INT64_MAX, INT64_MIN};
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char want[32];

		snprintf(want, sizeof(want), "%" PRId64, cases[i]);
		buf_clear(&b);
		buf_i64(&b, cases[i]);
		is_str(buf_str(&b), want, want);
	}
	buf_done(&b);
}

static void strings(void)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
	    {"", "\"\""},
	    {"plain", "\"plain\""},
	    {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
	    {"\n\t\r\b\x01\x1b", "\"\\n\\t\\u000d\\u0008\\u0001\\u001b\""},
	    {"\x7f", "\"\\u007f\""},
	    {"\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", "\"\\u0080\\u009b\\u009f\xC2\xA0\""},
	    {"Za\xC5\xBC", "\"Za\xC5\xBC\""},
	    {"\xFF", "\"\xEF\xBF\xBD\""},
	    {"a\xC3", "\"a\xEF\xBF\xBD\""},
	    {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
	    {"\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
	    {"\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\""},
	    {NULL, "null"},
	};
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		buf_json_str(&b, cases[i].in);
		is_str(buf_str(&b), cases[i].want, "JSON string");
	}
	buf_clear(&b);
	buf_json_ascii(&b, "\xC5\xBC\xF0\x9F\x98\x80\xFF", 7);
	is_str(buf_str(&b), "\"\\u017c\\ud83d\\ude00\\ufffd\"", "ASCII only");
	buf_clear(&b);
	buf_json_strn(&b, "a\0b", 3);
	is_str(buf_str(&b), "\"a\\u0000b\"", "NUL inside");
	buf_done(&b);
}

/* Any bytes at all give JSON that a strict parser takes. */
static void random_bytes_stay_json(void)
{
	struct buf b;
	uint32_t x = 12345;
	bool good = true;

	buf_init(&b, 0);
	for (int i = 0; i < 20000 && good; i++) {
		char in[12];
		json_t *j;

		for (size_t k = 0; k < sizeof(in); k++) {
			x = x * 1664525U + 1013904223U;
			in[k] = (char)(x >> 24 | 1);
		}
		buf_clear(&b);
		buf_json_strn(&b, in, sizeof(in));
		j = json_loadb(b.data, b.len, JSON_DECODE_ANY, NULL);
		good = j && utf8_valid(json_string_value(j), json_string_length(j));
		json_decref(j);
	}
	ok(good, "20000 random strings parse");
	buf_done(&b);
}

int main(void)
{
	growth();
	ceiling();
	numbers();
	strings();
	random_bytes_stay_json();
	return done_testing();
}
