/* SPDX-License-Identifier: MIT */
/* Reads and writes arrays of strings; any other JSON is refused. */
#include "base/textlist.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

void textlist_write(struct buf *b, const char *const *v, size_t n)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_putc(b, ',');
		buf_json_str(b, v[i]);
	}
	buf_putc(b, ']');
}

int textlist_read(
    struct arena *a, const char *json, const char ***ret_v, size_t *ret_n, struct err *e)
{
	AUTO(json) json_t *list = NULL;
	const char **v;
	size_t n;
	int r;

	if (!json || strcmp(json, "[]") == 0) {
		*ret_v = NULL;
		*ret_n = 0;
		return 0;
	}
	r = json_parse_strict(json, strlen(json), 1, &list, e);
	if (r < 0)
		return r;
	n = json_array_size(list);
	v = arena_array(a, n, sizeof(*v));
	for (size_t i = 0; v && i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (!s)
			return err_set(e, TIX_EPARSE, NULL, "not a list of text");
		v[i] = arena_strdup(a, s);
		if (!v[i])
			v = NULL;
	}
	if (!json_is_array(list))
		return err_set(e, TIX_EPARSE, NULL, "not a list");
	if (!v)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "no memory");
	*ret_v = v;
	*ret_n = n;
	return 0;
}
