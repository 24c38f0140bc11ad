/* SPDX-License-Identifier: MIT */
/* Checks that jansson does not make, then jansson. It never keeps anything. */
#include "base/json.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

/* jansson itself recurses, so the depth is counted over the raw text, outside of strings. */
static bool depth_ok(const char *s, size_t len, int max_depth)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > max_depth)
				return false;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return true;
}

static int parse(
    const char *text, size_t len, int max_depth, size_t flags, json_t **ret, struct err *e)
{
	json_error_t je;
	json_t *j;

	if (memchr(text, '\0', len))
		return err_set(e, TIX_EPARSE, NULL, "NUL byte in JSON");
	if (!utf8_valid(text, len))
		return err_set(e, TIX_EPARSE, NULL, "JSON is not valid UTF-8");
	if (!depth_ok(text, len, max_depth))
		return err_set(e, TIX_EPARSE, NULL, "JSON is nested deeper than %d", max_depth);
	j = json_loadb(text, len, flags | JSON_REJECT_DUPLICATES, &je);
	if (!j) {
		if (json_error_code(&je) == json_error_out_of_memory)
			return err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
		return err_set(
		    e, TIX_EPARSE, NULL, "line %d, column %d: %s", je.line, je.column, je.text);
	}
	*ret = j;
	return 0;
}

int json_parse_strict(const char *text, size_t len, int max_depth, json_t **ret, struct err *e)
{
	return parse(text, len, max_depth, 0, ret, e);
}

int json_parse_any(const char *text, size_t len, int max_depth, json_t **ret, struct err *e)
{
	return parse(text, len, max_depth, JSON_DECODE_ANY, ret, e);
}
