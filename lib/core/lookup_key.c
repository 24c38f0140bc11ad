/* SPDX-License-Identifier: MIT */
/* Keys of the look-up index. */
#include "core/lookup_key.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "base/text.h"

#define PHONE_DIGITS 8
#define PHONE_LEAST 4

bool lookup_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a | 0x20) : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b | 0x20) : *b;

		if (x != y)
			return false;
		if (x == '\0')
			return true;
	}
}

int64_t lookup_email_key(const char *text)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "tix look-up 0001";
	unsigned char out[crypto_shorthash_BYTES];
	char small[256];
	size_t len = strnlen(text, sizeof(small));
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++)
		small[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
	crypto_shorthash(out, (const unsigned char *)small, len, key);
	for (int i = 0; i < 8; i++)
		v |= (uint64_t)out[i] << (8 * i);
	return (int64_t)(v >> 1) == INT64_MAX
		   ? 0
		   : (int64_t)(v >> 1); /* below the end of the last range */
}

int64_t lookup_phone_key(const char *text)
{
	int64_t value = 0, scale = 1;
	int n = 0;

	for (size_t i = strlen(text); i > 0 && n < PHONE_DIGITS; i--) {
		if (!isdigit((unsigned char)text[i - 1]))
			continue;
		value += (text[i - 1] - '0') * scale;
		scale *= 10;
		n++;
	}
	return n < PHONE_LEAST ? -1 : value + n * INT64_C(1000000000);
}

/* Bytes of the sign at s that parts words, 0: none. Folding has made blanks of all kinds one. */
static size_t parting(const char *s)
{
	unsigned char c = (unsigned char)s[0], d = c ? (unsigned char)s[1] : 0;

	if (c < 0x80)
		return !isalnum(c);
	if (c == 0xE2 && (d == 0x80 || d == 0x81))
		return 3; /* general punctuation */
	if (c == 0xC2 && d == 0xB7)
		return 2; /* middle dot */
	return c == 0xE3 && d == 0x83 && (unsigned char)s[2] == 0xBB ? 3 : 0;
}

static size_t apostrophe(const char *s)
{
	if (s[0] == '\'' || s[0] == '`')
		return 1;
	if (strncmp(s, "\xCA\xBC", 2) == 0)
		return 2;
	return strncmp(s, "\xE2\x80\x98", 3) == 0 || strncmp(s, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
}

char *lookup_words(struct arena *a, const char *name, bool stars)
{
	const char *folded = text_fold(a, name);
	char *out = folded ? arena_strdup(a, folded) : NULL;
	size_t n = 0, skip;

	if (!out)
		return NULL;
	for (const char *s = folded; *s;) {
		if ((skip = apostrophe(s)) > 0) {
			s += skip;
		} else if (stars && *s == '*' && n > 0 && out[n - 1] != ' ' && out[n - 1] != '*') {
			out[n++] = *s++;
		} else if ((skip = parting(s)) > 0) {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			s += skip;
		} else {
			if (n > 0 && out[n - 1] == '*')
				out[n - 1] = ' '; /* within a word it parts */
			out[n++] = *s++;
		}
	}
	out[n > 0 && out[n - 1] == ' ' ? n - 1 : n] = '\0';
	return out;
}

void lookup_word_keys(
    const char *text, size_t len, bool prefix, int64_t *ret_low, int64_t *ret_high)
{
	uint64_t low = 0, high = 0;

	for (size_t i = 0; i < 8; i++) {
		unsigned char c = i < len ? (unsigned char)text[i] : 0;

		low = low << 8 | c;
		high = high << 8 | (i < len || !prefix ? c : 0xFF);
	}
	*ret_low = (int64_t)(low >> 1);
	*ret_high = (int64_t)(high >> 1);
}

static bool has_word(const char *name, const char *word, size_t len, bool prefix)
{
	for (;;) {
		size_t n = strcspn(name, " ");

		if ((prefix ? n >= len : n == len) && memcmp(name, word, len) == 0)
			return true;
		if (name[n] == '\0')
			return false;
		name += n + 1;
	}
}

bool lookup_words_match(const char *name, const char *wanted)
{
	for (;;) {
		size_t n = strcspn(wanted, " ");
		bool prefix = n > 0 && wanted[n - 1] == '*';

		if (!has_word(name, wanted, n - prefix, prefix))
			return false;
		if (wanted[n] == '\0')
			return true;
		wanted += n + 1;
	}
}

static int name_keys(struct arena *a, const char *text, int64_t *ret)
{
	const char *words = lookup_words(a, text, false);
	int64_t high;
	int n = 0;

	if (!words)
		return -1;
	while (*words && n < LOOKUP_WORDS_MAX) {
		size_t len = strcspn(words, " ");

		lookup_word_keys(words, len, false, &ret[n++], &high);
		words += len + (words[len] == ' ');
	}
	return n;
}

int lookup_keys(enum lookup_kind kind, struct arena *a, const char *text, int64_t *ret)
{
	if (kind == LOOKUP_name)
		return name_keys(a, text, ret);
	ret[0] = kind == LOOKUP_phone ? lookup_phone_key(text) : lookup_email_key(text);
	return ret[0] >= 0;
}
