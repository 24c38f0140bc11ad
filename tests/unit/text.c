/* SPDX-License-Identifier: MIT */
/* Text checks, search keys, slugs. */
#include "tests/tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

#define CHECK(text, len, lo, hi, multi) text_check((text), (len), (lo), (hi), (multi), "name", &e)

static void checks(void)
{
	static const char *const bad[] = {"a\x1b[31m", "a\nb", "a\tb", "a\rb", "\x7f", "\x01",
	    "\xC2\x85",
	    ("\xC2\x9B"
	     "31m"),
	    "\xFF", "\xC3", "\xED\xA0\x80", "\xC0\x80"};
	struct err e = {0};
	char big[402];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.field[0] = '\0';
		is_int(CHECK(bad[i], strlen(bad[i]), 0, 200, false), TIX_EBAD_VALUE, "refused");
		is_str(e.field, "name", "by its field");
	}
	is_int(CHECK("a\0b", 3, 0, 200, false), TIX_EBAD_VALUE, "NUL");
	is_int(CHECK("a\nb\tc", 5, 0, 200, true), 0, "line break and tab in several lines");
	is_int(CHECK("a\r\n", 3, 0, 200, true), TIX_EBAD_VALUE, "but no carriage return");
	is_int(CHECK("\xC2\xA0", 2, 1, 1, false), 0, "U+00A0 is no control");
	is_int(CHECK("", 0, 0, 5, false), 0, "empty where allowed");
	is_int(CHECK("", 0, 1, 5, false), TIX_EBAD_VALUE, "empty where not");
	is_str(e.message, "must not be empty", "says so");
	for (int i = 0; i < 200; i++)
		memcpy(big + 2 * i, "\xC5\xBC", 2);
	is_int(CHECK(big, 400, 0, 200, false), 0, "200 characters of two bytes");
	memcpy(big + 400, "x", 2);
	is_int(CHECK(big, 401, 0, 200, false), TIX_EBAD_VALUE, "201 characters");
	is_str(e.message, "201 characters, at most 200 are allowed", "counts them");
	is_int(CHECK("ab", 2, 3, 9, false), TIX_EBAD_VALUE, "too short");
	is_int(CHECK("\xE2\x80\xAE"
		     "abc",
		   6, 0, 9, false),
	    0, "direction marks may come in");
}

static void slugs(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {{"summer-fair", true}, {"a", true}, {"2026", true}, {"-", true}, {"", false},
	    {"A", false}, {"a_b", false}, {"a b", false}, {"a/b", false}, {"..", false},
	    {"\xC5\xBC", false}};
	char big[102];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_int(text_slug_check(rows[i].text, "event", NULL),
		    rows[i].good ? 0 : TIX_EBAD_VALUE, rows[i].text);
	memset(big, 'a', sizeof(big));
	big[101] = '\0';
	is_int(text_slug_check(big, "event", NULL), TIX_EBAD_VALUE, "101 characters");
	big[100] = '\0';
	is_int(text_slug_check(big, "event", NULL), 0, "100 characters");
}

static void emails(void)
{
	static const char *const good[] = {"a@b", "a.buyer@example.org", "a+tag@x-y.example",
	    "o'hara@example.org", "\xC5\xBC@ex\xC3\xA4mple.org"};
	static const char *const bad[] = {"", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c",
	    "a@b\n", "a\r\nBcc: x@y", "a@.b", "a@b.", "a@b..c", "<a@b>", "a,b@c", "a@b,c", "a;b@c",
	    "a@b\x7f", "a@b>", "a\xC2\x85@b", "\xFF@b", "a@\xFF"};
	char big[300];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		is_int(text_email_check(good[i], "email", NULL), 0, good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(text_email_check(bad[i], "email", NULL), TIX_EBAD_VALUE, "bad e-mail");
	memset(big, 'a', sizeof(big));
	memcpy(big + 65, "@b", 3);
	is_int(text_email_check(big, "email", NULL), TIX_EBAD_VALUE, "65 bytes before the @");
	is_int(text_email_check(big + 1, "email", NULL), 0, "64 bytes");
	memset(big, 'a', sizeof(big));
	big[10] = '@';
	big[255] = '\0';
	is_int(text_email_check(big, "email", NULL), TIX_EBAD_VALUE, "255 bytes");
	big[254] = '\0';
	is_int(text_email_check(big, "email", NULL), 0, "254 bytes");
}

static void keys(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
	    {"Hello World 7", "hello world 7"},
	    {"Za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87", "zazolc"},
	    {"ZA\xC5\xBB\xC3\x93\xC5\x81\xC4\x86", "zazolc"},
	    {"Stra\xC3\x9F"
	     "e",
		"strasse"},
	    {"STRASSE", "strasse"},
	    {"\xC3\x98rsted", "orsted"},
	    {"\xC7\xBF", "o"},
	    {"\xC4\x90or\xC4\x91"
	     "e",
		"dorde"},
	    {"\xC3\x86on \xC5\x92uvre", "aeon oeuvre"},
	    {"\xC4\xB0stanbul", "istanbul"},
	    {"D\xC4\xB1yarbak\xC4\xB1r", "diyarbakir"},
	    {"\xEF\xAC\x81ne", "fine"},
	    {"a\xC2\xAD"
	     "b\xE2\x80\x8B"
	     "c",
		"abc"},
	    {"e\xCC\x81", "e"},
	    {"\xCE\xA3\xCF\x82", "\xCF\x83\xCF\x83"},
	    {"\xE6\x9D\xB1\xE4\xBA\xAC", "\xE6\x9D\xB1\xE4\xBA\xAC"},
	    {"", ""},
	};
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_str(text_fold(a, rows[i].in), rows[i].want, rows[i].want);
	ok(!text_fold(a, "\xFF") && !text_nfc(a, "\xC0\x80"), "invalid UTF-8 gives nothing");
	is_str(text_nfc(a, "e\xCC\x81"), "\xC3\xA9", "NFC composes");
	is_str(text_nfc(a, "\xE2\x84\xAB"), "\xC3\x85", "and maps singletons");
	is_str(text_nfc(a, "plain"), "plain", "ASCII stays");
	arena_free(a);
}

static void make_slugs(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
	    {"Summer Fair 2026!", "summer-fair-2026"},
	    {"  --x--  ", "x"},
	    {"C++ / Rust & Co.", "c-rust-co"},
	    {"\xC5\x81\xC3\xB3"
	     "d\xC5\xBA",
		"lodz"},
	    {"\xE6\x9D\xB1\xE4\xBA\xAC", NULL},
	    {"", NULL},
	    {"\xFF", NULL},
	};
	struct buf b;
	char big[301];

	buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		is_int(text_slug(&b, rows[i].in), rows[i].want ? 0 : TIX_EBAD_VALUE, "slug");
		is_str(buf_str(&b), rows[i].want ? rows[i].want : "", "its text");
	}
	for (size_t i = 0; i < 300; i++)
		big[i] = i % 2 ? ' ' : 'a';
	big[300] = '\0';
	buf_clear(&b);
	ok(text_slug(&b, big) == 0 && text_slug_check(buf_str(&b), "x", NULL) == 0, "cut to 100");
	ok(b.data[b.len - 1] != '-', "never ends in a dash");
	buf_done(&b);
}

int main(void)
{
	checks();
	slugs();
	emails();
	keys();
	make_slugs();
	return done_testing();
}
