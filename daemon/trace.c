/* SPDX-License-Identifier: MIT */
/* Compares replies, as bytes, with the table of their fields: it trusts neither the handlers nor
 * the encoder. */
#include "daemon/trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* Of the request itself: a change without an id, a method this daemon does not offer. */
#define PROTOCOL_ERRORS                                                                            \
	(UINT64_C(1) << -TIX_EINVALID_REQUEST | UINT64_C(1) << -TIX_EUNKNOWN_METHOD)

struct trace {
	int fd;
};

struct trace *trace_open(const char *path)
{
	struct trace *t = path && *path ? calloc(1, sizeof(*t)) : NULL;

	if (!t)
		return NULL;
	t->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (t->fd < 0) {
		free(t);
		return NULL;
	}
	return t;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	close(t->fd);
	free(t);
}

static bool matches_shape(const struct shape *s, const json_t *v, char *why, size_t size);

static bool is_money(const json_t *v)
{
	return json_is_object(v) && json_object_size(v) == 2 &&
	       json_is_integer(json_object_get(v, "amount")) &&
	       json_is_string(json_object_get(v, "currency"));
}

static bool matches_list(const struct shape_field *f, const json_t *v, char *why, size_t size)
{
	size_t i;
	json_t *x;

	if (!json_is_array(v))
		return false;
	json_array_foreach((json_t *)v, i, x)
	{
		if (f->type == FT_list ? !matches_shape(f->sub, x, why, size) : !json_is_string(x))
			return false;
	}
	return true;
}

static bool matches_word(const struct shape_field *f, const json_t *v)
{
	return json_is_string(v) &&
	       enum_value(f->set, json_string_value(v), json_string_length(v)) != 0;
}

static bool matches_field(const struct shape_field *f, const json_t *v, char *why, size_t size)
{
	switch ((enum field_type)f->type) {
	case FT_i64:
		return json_is_null(v) || json_is_integer(v);
	case FT_bool:
		return json_is_boolean(v);
	case FT_degrees:
		return json_is_null(v) || json_is_number(v);
	case FT_money:
	case FT_money_in:
		return json_is_null(v) || is_money(v);
	case FT_enum:
		return json_is_null(v) || matches_word(f, v);
	case FT_enums:
	case FT_texts:
	case FT_list:
		return matches_list(f, v, why, size);
	case FT_obj:
		return json_is_null(v) || matches_shape(f->sub, v, why, size);
	case FT_doc:
		return json_is_null(v) || json_is_object(v) || json_is_array(v);
	default:
		return json_is_null(v) || json_is_string(v);
	}
}

static const struct shape_field *field_of(const struct shape *s, const char *name)
{
	for (unsigned i = 0; i < s->nfields; i++) {
		if (strcmp(s->fields[i].name, name) == 0)
			return &s->fields[i];
	}
	return NULL;
}

static bool matches_shape(const struct shape *s, const json_t *v, char *why, size_t size)
{
	const char *name;
	json_t *x;

	if (!json_is_object(v)) {
		snprintf(why, size, "no object where %s belongs", s->name);
		return false;
	}
	for (unsigned i = 0; i < s->nfields; i++) {
		if (!(s->fields[i].flags & FF_OPT) && !json_object_get(v, s->fields[i].name)) {
			snprintf(why, size, "%s.%s is not there", s->name, s->fields[i].name);
			return false;
		}
	}
	json_object_foreach((json_t *)v, name, x)
	{
		const struct shape_field *f = field_of(s, name);

		if (!f || !matches_field(f, x, why, size)) {
			if (why[0] == '\0')
				snprintf(
				    why, size, "%s.%s is not what its row says", s->name, name);
			return false;
		}
	}
	return true;
}

static bool matches_error(
    const struct rpc_method *method, int code, const json_t *error, char *why, size_t size)
{
	const json_t *data = json_object_get(error, "data");

	if (!json_is_integer(json_object_get(error, "code")) ||
	    !json_is_string(json_object_get(error, "message")) ||
	    !json_is_string(json_object_get(data, "name"))) {
		snprintf(why, size, "an error without code, message or name");
		return false;
	}
	if (method && !((rpc_errors(method) | PROTOCOL_ERRORS) >> -code & 1)) {
		snprintf(why, size, "%s is no error of its row", err_info(code)->name);
		return false;
	}
	return true;
}

static bool check(const struct rpc_method *method, int error, const char *line, size_t len,
    char *why, size_t size)
{
	AUTO(json) json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *result = json_object_get(root, "result");

	why[0] = '\0';
	if (!root || len == 0 || line[len - 1] != '\n' || memchr(line, '\n', len - 1)) {
		snprintf(why, size, "no JSON in one line");
		return false;
	}
	if (error != 0)
		return matches_error(method, error, json_object_get(root, "error"), why, size);
	return result && matches_shape(method->out, result, why, size);
}

void trace_reply(
    struct trace *t, const struct rpc_method *method, int error, const char *line, size_t len)
{
	AUTO(buf) struct buf b = {0};
	char why[128];
	bool good;

	if (!t)
		return;
	good = check(method, error, line, len, why, sizeof(why));
	buf_puts(&b, "{\"method\":");
	buf_json_str(&b, method ? method->name : NULL);
	buf_printf(&b, ",\"ok\":%s,\"error\":", error == 0 ? "true" : "false");
	buf_json_str(&b, error == 0 ? NULL : err_info(error)->name);
	if (!good) {
		buf_puts(&b, ",\"mismatch\":");
		buf_json_str(&b, why);
	}
	buf_puts(&b, "}\n");
	if (b.failed || write(t->fd, b.data, b.len) < 0)
		fprintf(stderr, "tixd: TIX_TRACE cannot be written\n");
}
