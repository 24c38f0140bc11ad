/* SPDX-License-Identifier: MIT */
/* A line of a socket to a request: the frame of JSON-RPC 2.0, its id, its method. The parameters
 * are looked at later, once the method is known. */
#include "rpc/codec.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "rpc/codec_impl.h"

/* The last object key before an offset: says which field a byte that no parser takes stands in.
 * Empty when none. */
static void key_before(const char *s, size_t end, char *out, size_t size)
{
	size_t start = 0, stop = 0;
	bool in_string = false;

	out[0] = '\0';
	for (size_t i = 0; i < end; i++) {
		if (in_string && s[i] == '\\') {
			i++;
		} else if (s[i] == '"') {
			in_string = !in_string;
			*(in_string ? &start : &stop) = in_string ? i + 1 : i;
		} else if (!in_string && s[i] == ':' && stop - start < size) {
			memcpy(out, s + start, stop - start);
			out[stop - start] = '\0';
		}
	}
}

/* Offset of the first NUL, \u0000 or byte that is no UTF-8; len when there is none. */
static size_t bad_byte(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		uint32_t cp;
		int n = utf8_next(s + i, len - i, &cp);

		if (n < 0 || cp == 0)
			break;
		if (cp == '\\' && len - i >= 6 && memcmp(s + i, "\\u0000", 6) == 0)
			break;
		i += cp == '\\' && i + 1 < len && s[i + 1] == '\\' ? 2 : (size_t)n;
	}
	return i;
}

/* Offset of the first number that no int64_t or double holds; len when there is none. */
static size_t big_number(const char *s, size_t len)
{
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char token[64];
		size_t n = 0;

		if (in_string && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			in_string = !in_string;
		if (in_string || (s[i] != '-' && (s[i] < '0' || s[i] > '9')))
			continue;
		while (i + n < len && s[i + n] && strchr("0123456789+-.eE", s[i + n]))
			n++;
		if (n >= sizeof(token))
			return i;
		memcpy(token, s + i, n);
		token[n] = '\0';
		errno = 0;
		if (!strpbrk(token, ".eE"))
			strtoll(token, NULL, 10);
		else if (!isfinite(strtod(token, NULL)))
			return i;
		if (errno == ERANGE)
			return i;
		i += n - 1;
	}
	return len;
}

static int parse_text(const char *line, size_t len, json_t **ret, struct err *e)
{
	char field[64];
	size_t at;
	int r = json_parse_strict(line, len, RPC_DEPTH, ret, e);

	if (r != TIX_EPARSE || !e)
		return r;
	at = bad_byte(line, len);
	if (at == len)
		at = big_number(line, len);
	if (at < len) {
		key_before(line, at, field, sizeof(field));
		memcpy(e->field, field, sizeof(field));
	}
	return r;
}

static int read_id(const json_t *id, struct rpc_request *ret, struct err *e)
{
	struct buf b;
	bool fits;

	if (!json_is_string(id) && !json_is_integer(id))
		return err_set(e, TIX_EINVALID_REQUEST, "id", "id must be text or an integer");
	buf_init(&b, RPC_ID_MAX);
	if (json_is_string(id))
		buf_json_strn(&b, json_string_value(id), json_string_length(id));
	else
		buf_i64(&b, json_integer_value(id));
	fits = !b.failed;
	if (fits)
		memcpy(ret->id, buf_str(&b), b.len + 1);
	buf_done(&b);
	if (!fits)
		return err_set(
		    e, TIX_EINVALID_REQUEST, "id", "id is longer than %d bytes", RPC_ID_MAX);
	return 0;
}

static int check_members(const json_t *root, struct err *e)
{
	const json_t *version = json_object_get(root, "jsonrpc");
	const json_t *method = json_object_get(root, "method");
	const json_t *params = json_object_get(root, "params");
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)root, key, v)
	{
		if (strcmp(key, "jsonrpc") && strcmp(key, "id") && strcmp(key, "method") &&
		    strcmp(key, "params"))
			return err_set(e, TIX_EINVALID_REQUEST, key,
			    "a request has jsonrpc, id, method and params only");
	}
	if (!json_is_string(version) || strcmp(json_string_value(version), "2.0") != 0)
		return err_set(e, TIX_EINVALID_REQUEST, "jsonrpc", "jsonrpc must be \"2.0\"");
	if (!json_is_string(method))
		return err_set(e, TIX_EINVALID_REQUEST, "method", "method must be text");
	if (params && !json_is_object(params))
		return err_set(e, TIX_EINVALID_REQUEST, "params",
		    "params must be an object: every value has a name");
	return 0;
}

int rpc_unknown_method(const char *name, size_t len, bool test, struct err *e)
{
	const char *names[RPC_COUNT];
	const char *guess;

	for (int i = 0; i < RPC_COUNT; i++)
		names[i] = (rpc_methods[i].flags & RPC_TEST) && !test ? NULL : rpc_methods[i].name;
	err_set(
	    e, TIX_EUNKNOWN_METHOD, "method", "no method %.*s", (int)(len > 100 ? 100 : len), name);
	guess = near_name(name, len, names, RPC_COUNT);
	if (guess)
		err_hint(e, "did you mean %s?", guess);
	return TIX_EUNKNOWN_METHOD;
}

int parse_request(const char *line, size_t len, struct rpc_request *ret, struct err *e)
{
	const json_t *id, *method;
	int r;

	*ret = (struct rpc_request){.id = "null"};
	r = parse_text(line, len, &ret->root, e);
	if (r < 0)
		return r;
	if (!json_is_object(ret->root))
		return err_set(e, TIX_EINVALID_REQUEST, NULL,
		    "one request a line: lists of requests are not taken");
	id = json_object_get(ret->root, "id");
	r = id ? read_id(id, ret, e) : 0;
	if (r == 0)
		r = check_members(ret->root, e);
	if (r < 0)
		return r;
	method = json_object_get(ret->root, "method");
	ret->params = json_object_get(ret->root, "params");
	ret->method = rpc_find(json_string_value(method), json_string_length(method));
	if (!ret->method)
		return rpc_unknown_method(
		    json_string_value(method), json_string_length(method), false, e);
	if (!id && (ret->method->flags & RPC_MUTATES))
		return err_set(e, TIX_EINVALID_REQUEST, "id", "%s changes things and needs an id",
		    ret->method->name);
	ret->notification = !id;
	return 0;
}

int rpc_parse(const char *line, size_t len, struct arena *a, struct rpc_request *ret, struct err *e)
{
	if (scan_request(line, len, a, ret))
		return 0;
	return parse_request(line, len, ret, e);
}

int rpc_request_decode(const struct rpc_request *r, struct arena *a, void **ret_in, struct err *e)
{
	void *in = r->in;
	int res;

	if (!in) {
		in = arena_alloc(a, r->method->in->size);
		if (!in)
			return err_set(
			    e, TIX_EUNAVAILABLE, NULL, "the parameters need too much memory");
		res = rpc_decode(r->method->in, r->params, a, in, e);
		if (res < 0)
			return res;
	}
	*ret_in = in;
	return 0;
}

void rpc_request_done(struct rpc_request *r)
{
	json_decref(r->root);
	r->root = NULL;
	r->params = NULL;
}
