/* SPDX-License-Identifier: MIT */
/* UTF-8: every code point round-trips, every malformed class is refused. */
#include "tests/tap.h"

#include "base/utf8.h"

static void round_trip(void)
{
	bool good = true;

	for (uint32_t cp = 0; cp <= 0x10FFFF && good; cp++) {
		char out[4];
		uint32_t back;
		int n;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		n = utf8_put(cp, out);
		good = utf8_next(out, (size_t)n, &back) == n && back == cp;
		for (int k = 1; k < n; k++)
			good = good && utf8_next(out, (size_t)k, &back) < 0;
	}
	ok(good, "all code points, and none of their prefixes");
}

int main(void)
{
	static const char *const bad[] = {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3(", "\xE0\x80\x80",
	    "\xE2\x28\xA1", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
	    "\xF5\x80\x80\x80", "\xFE", "\xFF", "abcdefgh\xE2\x82", "12345678901234567\xC3"};
	char out[4];

	round_trip();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!utf8_valid(bad[i], strlen(bad[i])), "bad case %zu", i);
	ok(utf8_valid("", 0) && utf8_valid("abc\0def", 7), "empty and NUL are UTF-8");
	is_int(utf8_count("Za\xC5\xBC\xF0\x9F\x98\x80", 8), 4, "count");
	is_int(utf8_count("\xFF\xFF", 2), 2, "bad bytes count one each");
	is_int(utf8_trim("ab\xE2\x82", 4), 2, "trim a cut sequence");
	is_int(utf8_trim("ab\xE2\x82\xAC", 5), 5, "keep a whole one");
	is_int(utf8_trim("\x80\x80\x80\x80\x80", 5), 5, "stray bytes are not a sequence");
	is_int(utf8_trim("a\xF0\x9F\x98", 4), 1, "trim three of four");
	ok(utf8_put(0xD800, out) == 3 && !memcmp(out, "\xEF\xBF\xBD", 3),
	    "a surrogate becomes U+FFFD");
	return done_testing();
}
