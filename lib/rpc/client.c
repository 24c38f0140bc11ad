/* SPDX-License-Identifier: MIT */
/* Calls over the wire: requests out, answers sorted into results, errors and notifications. */
#include "rpc/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "rpc/client_impl.h"

#define ANSWER_DEPTH 64
#define KEPT_MAX 65536U /* notifications or answers that nobody asked for yet */

int rpc_socket_path(const char *flag, char *out, size_t size, struct err *e)
{
	const char *path = flag ? flag : getenv("TIX_SOCKET");
	const char *dir = getenv("XDG_RUNTIME_DIR");
	char own[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int n;

	if (!path || !path[0]) {
		path = "/run/tix/tixd.sock";
		n = dir && dir[0] == '/' ? snprintf(own, sizeof(own), "%s/tix/tixd.sock", dir) : -1;
		if (n > 0 && (size_t)n < sizeof(own) && access(own, F_OK) == 0)
			path = own;
	}
	if (strlen(path) >= size || strlen(path) >= sizeof(own))
		return err_set(e, TIX_EBAD_VALUE, "socket",
		    "the path of a socket has at most %zu bytes",
		    (size < sizeof(own) ? size : sizeof(own)) - 1);
	memcpy(out, path, strlen(path) + 1);
	return 0;
}

void rpc_client_timeout(struct rpc_client *c, int timeout_ms)
{
	c->timeout_ms = timeout_ms;
}

void rpc_client_idle(struct rpc_client *c, int every_ms, void (*fn)(void *arg), void *arg)
{
	c->idle_ms = every_ms;
	c->idle = fn;
	c->idle_arg = arg;
}

const char *rpc_client_request(const struct rpc_client *c)
{
	return c->request;
}

int rpc_client_fd(const struct rpc_client *c)
{
	return c->fd;
}

bool rpc_client_pending(const struct rpc_client *c)
{
	size_t have = c->in.len - c->at;

	return json_array_size(c->notes) || json_array_size(c->answers) ||
	       (have && memchr(c->in.data + c->at, '\n', have));
}

static int append_json(const char *data, size_t len, void *b)
{
	buf_put(b, data, len);
	return 0;
}

int rpc_client_queue(
    struct rpc_client *c, const char *method, const json_t *params, int64_t *ret_id, struct err *e)
{
	struct buf *b = &c->out;
	size_t before = b->len;
	int64_t id = c->last_id + 1;
	int r = 0;

	buf_puts(b, "{\"jsonrpc\":\"2.0\",\"id\":");
	buf_i64(b, id);
	buf_puts(b, ",\"method\":");
	buf_json_str(b, method);
	if (params) {
		buf_puts(b, ",\"params\":");
		r = json_dump_callback(params, append_json, b, JSON_COMPACT);
	}
	buf_puts(b, "}\n");
	if (r < 0 || b->failed) {
		b->len = before;
		b->failed = false;
		return err_set(e, TIX_EUNAVAILABLE, NULL, "the request could not be written");
	}
	c->last_id = id;
	*ret_id = id;
	return 0;
}

int rpc_client_flush(struct rpc_client *c, struct err *e)
{
	int r = 0;

	if (c->out.len > 0)
		r = wire_write(c, c->out.data, c->out.len, wire_deadline(c->timeout_ms), e);
	buf_clear(&c->out);
	return r;
}

int rpc_client_send(
    struct rpc_client *c, const char *method, const json_t *params, int64_t *ret_id, struct err *e)
{
	int r = rpc_client_queue(c, method, params, ret_id, e);

	return r < 0 ? r : rpc_client_flush(c, e);
}

static const char *text_or(const json_t *v, const char *otherwise)
{
	return json_is_string(v) ? json_string_value(v) : otherwise;
}

/* An error object to its code, with the details in e. */
static int read_error(struct rpc_client *c, const json_t *error, struct err *e)
{
	const json_t *data = json_object_get(error, "data");
	const json_t *name = json_object_get(data, "name");
	const char *hint = text_or(json_object_get(data, "hint"), "");
	int code = json_is_string(name)
		       ? err_by_name(json_string_value(name))
		       : err_by_rpc_code((int)json_integer_value(json_object_get(error, "code")));
	const char *key;
	json_t *v;

	err_set(e, code, text_or(json_object_get(data, "field"), NULL), "%s",
	    text_or(json_object_get(error, "message"), err_info(code)->text));
	if (hint[0])
		err_hint(e, "%s", hint);
	json_object_foreach(json_object_get(data, "facts"), key, v)
	{
		if (json_is_integer(v))
			err_fact(e, key, json_integer_value(v));
	}
	snprintf(
	    c->request, sizeof(c->request), "%s", text_or(json_object_get(data, "request"), ""));
	return code;
}

/* An answer to what rpc_client_recv returns. */
static int read_answer(
    struct rpc_client *c, const json_t *answer, int64_t *ret_id, json_t **ret_result, struct err *e)
{
	const json_t *id = json_object_get(answer, "id");
	const json_t *error = json_object_get(answer, "error");
	json_t *result = json_object_get(answer, "result");

	*ret_id = json_is_integer(id) ? json_integer_value(id) : -1;
	if (error)
		return read_error(c, error, e);
	if (!json_is_object(result) || *ret_id < 0)
		return err_set(e, TIX_EINTERNAL, NULL, "the daemon's answer is none");
	if (ret_result)
		*ret_result = json_incref(result);
	return 0;
}

/* A line into one of the two queues. */
static int keep_line(struct rpc_client *c, const char *line, size_t len, struct err *e)
{
	AUTO(json) json_t *v = NULL;
	json_t *queue;

	if (json_parse_strict(line, len, ANSWER_DEPTH, &v, e) < 0)
		return err_set(e, TIX_EINTERNAL, NULL, "the daemon's answer is not valid JSON");
	queue = json_object_get(v, "method") ? c->notes : c->answers;
	if (json_array_size(queue) >= KEPT_MAX)
		return err_set(
		    e, TIX_ELIMIT, NULL, "more than %u messages wait to be read", KEPT_MAX);
	if (json_array_append_new(queue, TAKE(v)) < 0)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	return 0;
}

static int pump(struct rpc_client *c, int64_t deadline, struct err *e)
{
	const char *line;
	size_t len;
	int r = wire_line(c, deadline, &line, &len, e);

	return r < 0 ? r : keep_line(c, line, len, e);
}

/* The oldest of a queue, filled as needed; the caller's. */
static int take(struct rpc_client *c, json_t *queue, int64_t deadline, json_t **ret, struct err *e)
{
	while (json_array_size(queue) == 0) {
		int r = pump(c, deadline, e);

		if (r < 0)
			return r;
	}
	*ret = json_incref(json_array_get(queue, 0));
	json_array_remove(queue, 0);
	return 0;
}

int rpc_client_recv(struct rpc_client *c, int64_t *ret_id, json_t **ret_result, struct err *e)
{
	AUTO(json) json_t *answer = NULL;
	int r;

	*ret_id = -1;
	c->request[0] = '\0';
	r = take(c, c->answers, wire_deadline(c->timeout_ms), &answer, e);
	if (r < 0)
		return r;
	return read_answer(c, answer, ret_id, ret_result, e);
}

int rpc_client_recv_text(struct rpc_client *c, int64_t id, struct buf *ret, struct err *e)
{
	int64_t deadline = wire_deadline(c->timeout_ms), got;
	char head[64];
	size_t n = (size_t)snprintf(
	    head, sizeof(head), "{\"jsonrpc\":\"2.0\",\"id\":%lld,\"result\":{", (long long)id);

	while (json_array_size(c->answers) == 0) {
		const char *line;
		size_t len;
		int r = wire_line(c, deadline, &line, &len, e);

		if (r == 0 && len > n && memcmp(line, head, n) == 0) {
			buf_put(ret, line + n - 1, len - n);
			return ret->failed ? err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory") : 0;
		}
		if (r == 0)
			r = keep_line(c, line, len, e);
		if (r < 0)
			return r;
	}
	/* It came in another form, or is an error. */
	{
		AUTO(json) json_t *result = NULL;
		int r = rpc_client_recv(c, &got, &result, e);

		if (r < 0)
			return r;
		return json_dump_callback(result, append_json, ret, JSON_COMPACT) < 0 || got != id
			   ? err_set(e, TIX_EINTERNAL, NULL, "the daemon's answer is none")
			   : 0;
	}
}

int rpc_client_next(struct rpc_client *c, int timeout_ms, json_t **ret_note, struct err *e)
{
	return take(c, c->notes, wire_deadline(timeout_ms), ret_note, e);
}

int rpc_client_call(struct rpc_client *c, const char *method, const json_t *params,
    json_t **ret_result, struct err *e)
{
	int64_t id, got = 0;
	int r = rpc_client_send(c, method, params, &id, e);

	if (r < 0)
		return r;
	do {
		json_t *result = NULL;

		r = rpc_client_recv(c, &got, &result, e);
		if (got == id && r == 0 && ret_result)
			*ret_result = TAKE(result);
		json_decref(result);
	} while (got >= 0 && got != id);
	return r;
}
