/* SPDX-License-Identifier: MIT */
/* The lines around a result: replies, errors and notifications of JSON-RPC 2.0, one JSON object a
 * line. */
#include "rpc/codec.h"

#include <string.h>

/* Ends a line; a full buffer gives back what the line took, so that nothing half is ever sent. */
static int end_line(struct buf *out, size_t before)
{
	buf_putc(out, '\n');
	if (!out->failed)
		return 0;
	out->len = before;
	if (out->data)
		out->data[before] = '\0';
	return TIX_EUNAVAILABLE;
}

static void begin(struct buf *out, const char *id_json)
{
	buf_puts(out, "{\"jsonrpc\":\"2.0\",\"id\":");
	buf_puts(out, id_json && id_json[0] ? id_json : "null");
}

int rpc_encode_reply(
    struct buf *out, const char *id_json, const struct shape *shape, const void *result)
{
	size_t before = out->len;
	int r;

	if (out->failed)
		return TIX_EUNAVAILABLE;
	begin(out, id_json);
	buf_puts(out, ",\"result\":");
	rpc_encode(shape, result, out);
	buf_putc(out, '}');
	r = end_line(out, before);
	out->failed = false; /* so that an error can take its place */
	return r;
}

static void put_or_null(struct buf *out, const char *name, const char *text)
{
	buf_puts(out, name);
	buf_json_str(out, text && text[0] ? text : NULL);
}

int rpc_encode_error(struct buf *out, const char *id_json, const struct err *e, const char *request)
{
	const struct err_info *info = err_info(e->code);
	size_t before = out->len;

	begin(out, id_json);
	buf_puts(out, ",\"error\":{\"code\":");
	buf_i64(out, info->rpc_code);
	put_or_null(out, ",\"message\":", e->message[0] ? e->message : info->text);
	put_or_null(out, ",\"data\":{\"name\":", info->name);
	put_or_null(out, ",\"field\":", e->field);
	put_or_null(out, ",\"hint\":", e->hint);
	buf_puts(out, info->retryable ? ",\"retryable\":true" : ",\"retryable\":false");
	put_or_null(out, ",\"request\":", request);
	buf_puts(out, ",\"facts\":{");
	for (int i = 0; i < e->nfacts; i++) {
		if (i)
			buf_putc(out, ',');
		buf_json_str(out, e->facts[i].key);
		buf_putc(out, ':');
		buf_i64(out, e->facts[i].value);
	}
	buf_puts(out, "}}}}");
	return end_line(out, before);
}

int rpc_encode_note(
    struct buf *out, const char *method, const struct shape *shape, const void *params)
{
	size_t before = out->len;

	buf_puts(out, "{\"jsonrpc\":\"2.0\",\"method\":");
	buf_json_str(out, method);
	buf_puts(out, ",\"params\":");
	rpc_encode(shape, params, out);
	buf_putc(out, '}');
	return end_line(out, before);
}
