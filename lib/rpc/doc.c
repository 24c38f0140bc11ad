/* SPDX-License-Identifier: MIT */
/* Free JSON documents as text: the one canonical spelling of a tree, and a quick check of stored
 * text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/codec_impl.h"

#define PLAIN_DIGITS 15 /* a number of so many characters always fits */
#define PLAIN_KEYS 24	/* keys of one object that are compared with each other */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The shortest of the usual precisions that reads back as the same number. */
static void write_real(struct buf *out, double x)
{
	char s[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(s, sizeof(s), "%.*g", digits, x);
		if (strtod(s, NULL) == x)
			break;
	}
	buf_puts(out, s);
	if (!strpbrk(s, ".e"))
		buf_puts(out, ".0");
}

static int write_object(struct buf *out, const json_t *v, int depth)
{
	size_t n = json_object_size(v), i = 0;
	const char **keys = malloc((n ? n : 1) * sizeof(*keys));
	const char *key;
	json_t *item;
	int r = 0;

	if (!keys) {
		out->failed = true;
		return 0;
	}
	json_object_foreach((json_t *)v, key, item) keys[i++] = key;
	qsort(keys, n, sizeof(*keys), by_name);
	buf_putc(out, '{');
	for (i = 0; i < n && r == 0; i++) {
		if (i)
			buf_putc(out, ',');
		buf_json_str(out, keys[i]);
		buf_putc(out, ':');
		r = doc_write(out, json_object_get(v, keys[i]), depth);
	}
	buf_putc(out, '}');
	free(keys);
	return r;
}

static int write_array(struct buf *out, const json_t *v, int depth)
{
	int r = 0;

	buf_putc(out, '[');
	for (size_t i = 0; i < json_array_size(v) && r == 0; i++) {
		if (i)
			buf_putc(out, ',');
		r = doc_write(out, json_array_get(v, i), depth);
	}
	buf_putc(out, ']');
	return r;
}

int doc_write(struct buf *out, const json_t *v, int depth)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return depth > 0 ? write_object(out, v, depth - 1) : TIX_EBAD_VALUE;
	case JSON_ARRAY:
		return depth > 0 ? write_array(out, v, depth - 1) : TIX_EBAD_VALUE;
	case JSON_STRING:
		buf_json_strn(out, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		buf_i64(out, json_integer_value(v));
		break;
	case JSON_REAL:
		write_real(out, json_real_value(v));
		break;
	case JSON_TRUE:
		buf_puts(out, "true");
		break;
	case JSON_FALSE:
		buf_puts(out, "false");
		break;
	case JSON_NULL:
		buf_puts(out, "null");
		break;
	}
	return 0;
}

struct scan {
	const char *p, *end;
};

static bool scan_value(struct scan *s, int depth);

/* Only printable ASCII without escapes passes; all else is for the real parser. */
static bool scan_string(struct scan *s, const char **ret, size_t *ret_len)
{
	const char *start;

	if (s->p == s->end || *s->p != '"')
		return false;
	start = ++s->p;
	while (s->p < s->end && *s->p != '"') {
		if (*s->p < 0x20 || *s->p > 0x7E || *s->p == '\\')
			return false;
		s->p++;
	}
	if (s->p == s->end)
		return false;
	*ret = start;
	*ret_len = (size_t)(s->p++ - start);
	return true;
}

static bool scan_number(struct scan *s)
{
	const char *start = s->p;
	const char *digits;

	if (*s->p == '-')
		s->p++;
	digits = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	if (s->p == digits || (*digits == '0' && s->p - digits > 1) || s->p - start > PLAIN_DIGITS)
		return false;
	return s->p == s->end || (*s->p != '.' && *s->p != 'e' && *s->p != 'E');
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return false;
	s->p += len;
	return true;
}

static bool scan_array(struct scan *s, int depth)
{
	s->p++;
	if (s->p < s->end && *s->p == ']') {
		s->p++;
		return true;
	}
	while (scan_value(s, depth) && s->p < s->end) {
		char c = *s->p++;

		if (c != ',')
			return c == ']';
	}
	return false;
}

static bool scan_object(struct scan *s, int depth)
{
	const char *key[PLAIN_KEYS];
	size_t len[PLAIN_KEYS];
	size_t n = 0;

	s->p++;
	if (s->p < s->end && *s->p == '}') {
		s->p++;
		return true;
	}
	while (
	    n < PLAIN_KEYS && scan_string(s, &key[n], &len[n]) && s->p < s->end && *s->p++ == ':') {
		char c;

		for (size_t i = 0; i < n; i++) {
			if (len[i] == len[n] && memcmp(key[i], key[n], len[n]) == 0)
				return false;
		}
		n++;
		if (!scan_value(s, depth) || s->p == s->end)
			return false;
		c = *s->p++;
		if (c != ',')
			return c == '}';
	}
	return false;
}

static bool scan_value(struct scan *s, int depth)
{
	const char *text;
	size_t len;

	if (s->p == s->end || depth == 0)
		return false;
	switch (*s->p) {
	case '{':
		return scan_object(s, depth - 1);
	case '[':
		return scan_array(s, depth - 1);
	case '"':
		return scan_string(s, &text, &len);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

bool doc_is_plain(const char *text, size_t len)
{
	struct scan s = {text, text + len};

	return len > 0 && (text[0] == '{' || text[0] == '[') && scan_value(&s, RPC_DOC_DEPTH) &&
	       s.p == s.end;
}
