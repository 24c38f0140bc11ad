/* SPDX-License-Identifier: MIT */
/* Checks, search keys and slugs of text. Output for terminals is in textout.c. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"

#define FOLD_MAX (1U << 20)

/* Letters that Unicode does not take apart; the table sees only folded text. */
static const struct {
	uint32_t cp;
	const char *plain;
} letters[] = {
    {0x00E6, "ae"},
    {0x00F0, "d"},
    {0x00F8, "o"},
    {0x00FE, "th"},
    {0x0111, "d"},
    {0x0127, "h"},
    {0x0131, "i"},
    {0x0142, "l"},
    {0x0153, "oe"},
    {0x0167, "t"},
    {0x0180, "b"},
    {0x0197, "i"},
    {0x01E5, "g"},
    {0x0268, "i"},
};

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

static int bad_length(size_t n, int min_cp, int max_cp, const char *field, struct err *e)
{
	if (n == 0 && min_cp > 0)
		return err_set(e, TIX_EBAD_VALUE, field, "must not be empty");
	if (n < (size_t)min_cp)
		return err_set(
		    e, TIX_EBAD_VALUE, field, "%zu characters, at least %d are needed", n, min_cp);
	if (n > (size_t)max_cp)
		return err_set(
		    e, TIX_EBAD_VALUE, field, "%zu characters, at most %d are allowed", n, max_cp);
	return 0;
}

int text_check(const char *s, size_t len, int min_cp, int max_cp, bool multiline, const char *field,
    struct err *e)
{
	size_t i = 0, count = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0)
			return err_set(
			    e, TIX_EBAD_VALUE, field, "not valid UTF-8 at byte %zu", i + 1);
		if (is_control(cp) && !(multiline && (cp == '\n' || cp == '\t')))
			return err_set(e, TIX_EBAD_VALUE, field,
			    "control character U+%04X at character %zu", (unsigned)cp, count + 1);
		i += (size_t)n;
		count++;
	}
	return bad_length(count, min_cp, max_cp, field, e);
}

static bool slug_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

int text_slug_check(const char *s, const char *field, struct err *e)
{
	size_t n = 0;

	while (n <= TEXT_SLUG_MAX && slug_char(s[n]))
		n++;
	if (n >= 1 && n <= TEXT_SLUG_MAX && s[n] == '\0')
		return 0;
	if (n > TEXT_SLUG_MAX)
		err_set(e, TIX_EBAD_VALUE, field, "more than %d characters", TEXT_SLUG_MAX);
	else
		err_set(e, TIX_EBAD_VALUE, field, "\"%.60s\": no short name", s);
	err_hint(e, "a to z, 0 to 9 and -, 1 to %d characters", TEXT_SLUG_MAX);
	return TIX_EBAD_VALUE;
}

static bool email_local_ok(const char *s, size_t len)
{
	if (len == 0 || len > 64)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7F || strchr("()<>[]:;,\\\"@", s[i]))
			return false;
	return true;
}

static bool email_domain_ok(const char *s)
{
	char last = '.';

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool word = (c | 32) >= 'a' && (c | 32) <= 'z';

		if (!word && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c < 0x80)
			return false;
		if (c == '.' && last == '.')
			return false;
		last = *s;
	}
	return last != '.';
}

int text_email_check(const char *s, const char *field, struct err *e)
{
	size_t len = strlen(s);
	const char *at = strchr(s, '@');

	if (at && len <= TEXT_EMAIL_MAX && email_local_ok(s, (size_t)(at - s)) &&
	    email_domain_ok(at + 1) &&
	    text_check(s, len, 3, TEXT_EMAIL_MAX, false, field, NULL) == 0)
		return 0;
	err_set(e, TIX_EBAD_VALUE, field, "\"%.80s\": no e-mail address", s);
	return TIX_EBAD_VALUE;
}

static bool is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* utf8proc's result, malloc'd; NULL on any error. */
static char *map(const char *s, utf8proc_option_t options)
{
	utf8proc_uint8_t *out = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &out, options | UTF8PROC_NULLTERM) < 0)
		return NULL;
	return (char *)out;
}

const char *text_nfc(struct arena *a, const char *s)
{
	char *mapped, *copy;

	if (is_ascii(s))
		return s;
	mapped = map(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (!mapped)
		return NULL;
	copy = arena_strdup(a, mapped);
	free(mapped);
	return copy;
}

static void put_folded(struct buf *b, uint32_t cp)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].cp == cp) {
			buf_puts(b, letters[i].plain);
			return;
		}
	}
	buf_cp(b, cp);
}

/* Append the search key of s; false for invalid UTF-8 or without memory. */
static bool fold(struct buf *b, const char *s)
{
	char *mapped;
	size_t i = 0, len;

	if (is_ascii(s)) {
		for (; *s; s++)
			buf_putc(b, *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s);
		return !b->failed;
	}
	mapped = map(s, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
			    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
	if (!mapped)
		return false;
	len = strlen(mapped);
	while (i < len) {
		uint32_t cp;
		int n = utf8_next(mapped + i, len - i, &cp);

		if (n < 0)
			break;
		put_folded(b, cp);
		i += (size_t)n;
	}
	free(mapped);
	return !b->failed && i == len;
}

const char *text_fold(struct arena *a, const char *s)
{
	struct buf b;
	const char *copy = NULL;

	buf_init(&b, FOLD_MAX);
	if (fold(&b, s))
		copy = arena_strndup(a, b.data, b.len);
	buf_done(&b);
	return copy;
}

int text_slug(struct buf *b, const char *s)
{
	struct buf key;
	size_t n = 0;
	bool dash = false;

	buf_init(&key, FOLD_MAX);
	if (!fold(&key, s)) {
		buf_done(&key);
		return TIX_EBAD_VALUE;
	}
	for (size_t i = 0; i < key.len && n < TEXT_SLUG_MAX; i++) {
		if (!slug_char(key.data[i]) || key.data[i] == '-') {
			dash = n > 0;
			continue;
		}
		if (dash && n + 2 > TEXT_SLUG_MAX)
			break;
		if (dash)
			buf_putc(b, '-');
		buf_putc(b, key.data[i]);
		n += dash ? 2 : 1;
		dash = false;
	}
	buf_done(&key);
	if (b->failed)
		return TIX_ELIMIT;
	return n > 0 ? 0 : TIX_EBAD_VALUE;
}
