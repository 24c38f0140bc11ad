/* SPDX-License-Identifier: MIT */
#include "rpc/error_json.h"

void rpc_error_json(struct buf *b, const struct err *e, const char *request)
{
	const struct err_info *info = err_info(e->code);

	buf_puts(b, "{\"v\":1,\"code\":");
	buf_json_str(b, info->name);
	buf_puts(b, ",\"name\":");
	buf_json_str(b, info->name);
	buf_puts(b, ",\"field\":");
	buf_json_str(b, e->field[0] ? e->field : NULL);
	buf_puts(b, ",\"message\":");
	buf_json_str(b, e->message);
	buf_puts(b, ",\"hint\":");
	buf_json_str(b, e->hint[0] ? e->hint : NULL);
	buf_puts(b, ",\"request\":");
	buf_json_str(b, request && *request ? request : NULL);
	buf_printf(b, ",\"retryable\":%s,\"exit\":%d,\"facts\":{",
	    info->retryable ? "true" : "false", info->exit_code);
	for (int i = 0; i < e->nfacts; i++) {
		buf_puts(b, i ? "," : "");
		buf_json_str(b, e->facts[i].key);
		buf_putc(b, ':');
		buf_i64(b, e->facts[i].value);
	}
	buf_puts(b, "}}\n");
}
