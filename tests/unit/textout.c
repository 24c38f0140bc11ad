/* SPDX-License-Identifier: MIT */
/* What reaches a terminal: sanitised, measured and cut. */
#include "tests/tap.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/utf8.h"

static void sanitising(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
	    {"plain \xC5\xBC", "plain \xC5\xBC"},
	    {"\x1b[31m", "^[[31m"},
	    {"a\nb\tc\r", "a^Jb^Ic^M"},
	    {"\x7f", "^?"},
	    {"\xC2\x9B"
	     "2J",
		"<U+009B>2J"},
	    {"\xE2\x80\xAE"
	     "txt",
		"<U+202E>txt"},
	    {"\xE2\x81\xA6", "<U+2066>"},
	    {"\xE2\x80\x8F", "<U+200F>"},
	    {"\xD8\x9C", "<U+061C>"},
	    {"a\xE2\x80\x8B"
	     "b",
		"a<U+200B>b"},
	    {"a\xE2\x80\x8D"
	     "b",
		"a<U+200D>b"},
	    {"\xEF\xBB\xBFx", "<U+FEFF>x"},
	    {"\xE2\x80\xA8", "<U+2028>"},
	    {"\xF3\xA0\x81\x81", "<U+E0041>"},
	    {"\xE3\x85\xA4", "<U+3164>"},
	    {"a\xFF\xC3", "a\\xFF\\xC3"},
	    {"\xED\xA0\x80", "\\xED\\xA0\\x80"},
	    {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", "\xF0\x9F\x91\xA8\xF0\x9F\x91\xA9"},
	    {"\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x9D\xA4"},
	    {"\xCC\x81x", "\xE2\x97\x8C\xCC\x81x"},
	    {"e\xCC\x81", "e\xCC\x81"},
	};
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		text_safe(&b, rows[i].in, strlen(rows[i].in));
		is_str(buf_str(&b), rows[i].want, rows[i].want);
	}
	buf_clear(&b);
	text_safe(&b, "a\0b", 3);
	is_str(buf_str(&b), "a^@b", "NUL");
	buf_done(&b);
}

static void marks(void)
{
	char zalgo[201] = "e";
	struct buf b;

	for (int i = 0; i < 100; i++)
		memcpy(zalgo + 1 + 2 * i, "\xCC\x81", 2);
	buf_init(&b, 0);
	text_safe(&b, zalgo, sizeof(zalgo));
	ok(b.len == 1 + 4 * 2, "piled marks are dropped");
	buf_done(&b);
}

/* Whatever comes in, what goes out is valid UTF-8 without controls. */
static void anything(void)
{
	struct buf b;
	uint32_t x = 99;
	bool good = true;

	buf_init(&b, 0);
	for (int i = 0; i < 50000 && good; i++) {
		char in[9];

		for (size_t k = 0; k < sizeof(in); k++) {
			x = x * 1664525U + 1013904223U;
			in[k] = (char)(x >> 24);
		}
		buf_clear(&b);
		text_safe(&b, in, sizeof(in));
		good = utf8_valid(b.data, b.len) &&
		       text_check(b.data, b.len, 1, 99, false, NULL, NULL) == 0;
	}
	ok(good, "50000 random strings come out harmless");
	buf_done(&b);
}

static void widths(void)
{
	static const struct {
		const char *text;
		size_t cells;
	} rows[] = {
	    {"", 0},
	    {"abc", 3},
	    {"\xC5\xBC\xC3\xB3\xC5\x82w", 4},
	    {"\xE6\x9D\xB1\xE4\xBA\xAC", 4},
	    {"e\xCC\x81x", 2},
	    {"\xF0\x9F\x98\x80", 2},
	    {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 2},
	    {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7", 4},
	    {"\xE2\x9D\xA4\xEF\xB8\x8F", 2},
	    {"\xE2\x9D\xA4", 1},
	    {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", 2},
	    {"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", 2},
	    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2},
	    {"\xED\x95\x9C", 2},
	    {"\xEF\xBC\xA1", 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_int(text_width(rows[i].text), rows[i].cells, "width");
}

static void cutting(void)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *want;
	} rows[] = {
	    {"abc", 3, "abc"},
	    {"abcd", 3, "ab\xE2\x80\xA6"},
	    {"abcd", 1, "\xE2\x80\xA6"},
	    {"abcd", 0, ""},
	    {"", 0, ""},
	    {"\xE6\x9D\xB1\xE4\xBA\xAC", 3, "\xE6\x9D\xB1\xE2\x80\xA6"},
	    {"\xE6\x9D\xB1\xE4\xBA\xAC", 2, "\xE2\x80\xA6"},
	    {"e\xCC\x81"
	     "e\xCC\x81"
	     "e\xCC\x81",
		2, "e\xCC\x81\xE2\x80\xA6"},
	    {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7", 3,
		"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xE2\x80\xA6"},
	};
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		text_cut(&b, rows[i].text, rows[i].cells);
		is_str(buf_str(&b), rows[i].want, "cut");
		ok(text_width(buf_str(&b)) <= rows[i].cells, "fits");
	}
	buf_done(&b);
}

int main(void)
{
	sanitising();
	marks();
	anything();
	widths();
	cutting();
	return done_testing();
}
