/* SPDX-License-Identifier: MIT */
/* Writing: stdout in large pieces, stderr in whole lines, both without control characters that a
 * stranger chose. */
#include "cli/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/fold.h"
#include "cli/pager.h"
#include "cli/progress.h"
#include "cli/shell.h"
#include "cli/style.h"
#include "cli/blame.h"
#include "rpc/client.h"
#include "rpc/error_json.h"

#define FLUSH_AT (64 * 1024)

/* Ends early when the reader of a pager has seen enough. */
static bool write_all(const struct cli *c, int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR && !pager_left(c))
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize ws;

	if (columns) {
		long n = strtol(columns, NULL, 10);

		if (n >= 20 && n <= 10000)
			return (size_t)n;
	}
	if (ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 20)
		return ws.ws_col;
	return 80;
}

static bool colored(const struct cli *c, bool tty)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	if (c->color_when != COLOR_AUTO)
		return c->color_when == COLOR_ALWAYS;
	return tty && !(none && *none) && term && *term && strcmp(term, "dumb") != 0;
}

void out_setup(struct cli *c)
{
	c->out_tty = isatty(1);
	c->err_tty = isatty(2);
	if (!c->mode_given)
		c->mode = c->out_tty ? OUT_TABLE : OUT_TSV;
	c->width = c->out_tty ? terminal_width() : SIZE_MAX;
	c->color = colored(c, c->out_tty);
	c->err_color = colored(c, c->err_tty);
}

static void fail(struct cli *c, int error)
{
	c->out_failed = true;
	c->out_errno = error;
}

static void send(struct cli *c)
{
	if (c->out.len > 0)
		progress_clear(c->progress);
	if (c->out_tty && c->mode == OUT_TABLE)
		fold_lines(&c->out, c->width);
	if (c->out.failed && !c->out_failed)
		fail(c, ENOMEM);
	else if (!c->out_failed && pager_left(c))
		fail(c, EPIPE);
	if (c->out.len > 0 && !c->out_failed && !write_all(c, 1, c->out.data, c->out.len))
		fail(c, pager_left(c) ? EPIPE : errno);
	buf_clear(&c->out);
}

void out_flush(struct cli *c)
{
	pager_holds(c, true);
	send(c);
}

void out_some(struct cli *c)
{
	if ((c->out.len >= FLUSH_AT || c->out.failed || c->paging.command) && !pager_holds(c, false))
		send(c);
}

int out_finish(struct cli *c, int status)
{
	struct err e = {0};

	out_flush(c);
	status = pager_end(c, status);
	if (c->late.len > 0)
		write_all(c, 2, c->late.data, c->late.len);
	if (c->out_failed) {
		err_set(&e, TIX_EOUTPUT, NULL, "stdout: %s", strerror(c->out_errno));
		status = out_error(c, &e);
	}
	buf_done(&c->out);
	buf_done(&c->late);
	return status;
}

void out_err(struct cli *c, const struct buf *b)
{
	out_flush(c);
	progress_clear(c->progress);
	if (c->paging.pid > 0)
		buf_put(&c->late, buf_str(b), b->len);
	else
		write_all(c, 2, buf_str(b), b->len);
}

static void say(struct cli *c, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

static void say(struct cli *c, const char *fmt, va_list ap)
{
	AUTO(str) char *text = NULL;
	AUTO(buf) struct buf b = {0};

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	if (!text)
		return;
	buf_init(&b, 0);
	text_safe(&b, text, strlen(text));
	buf_putc(&b, '\n');
	out_err(c, &b);
}

void out_say(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(c, fmt, ap);
	va_end(ap);
}

void out_hint(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (!c->err_tty || c->quiet || c->mode != OUT_TABLE)
		return;
	va_start(ap, fmt);
	say(c, fmt, ap);
	va_end(ap);
}

int out_error(struct cli *c, const struct err *given)
{
	const struct err_info *info = err_info(given->code);
	struct err told = *given, *e = &told;
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	if (c->session)
		c->session->told = true;
	advise(c, e);
	if (c->mode == OUT_JSON || c->mode == OUT_JSONL) {
		rpc_error_json(&b, e, c->client ? rpc_client_request(c->client) : NULL);
		out_err(c, &b);
		return info->exit_code;
	}
	if (c->session && c->session->line)
		buf_printf(&b, "line %zu: ", c->session->line);
	style_begin(&b, c->err_color, STYLE_BAD);
	buf_printf(&b, "tix: %s:", info->name);
	style_end(&b, c->err_color, STYLE_BAD);
	buf_putc(&b, ' ');
	out_safe(&b, e->message);
	buf_printf(&b, "  (%d)\n", info->exit_code);
	out_err(c, &b);
	if (e->hint[0])
		out_say(c, "  hint: %s", e->hint);
	return info->exit_code;
}

static void json_number(struct buf *b, double v)
{
	char text[40];

	/* The shortest of two spellings that means the same number again. */
	snprintf(text, sizeof(text), "%.15g", v);
	if (strtod(text, NULL) != v) /* NOLINT: equal or not is the question */
		snprintf(text, sizeof(text), "%.17g", v);
	buf_puts(b, text);
}

static void json_text(struct cli *c, struct buf *b, const char *s, size_t len)
{
	if (c->out_tty)
		buf_json_ascii(b, s, len);
	else
		buf_json_strn(b, s, len);
}

static void json_members(struct cli *c, struct buf *b, const json_t *v)
{
	const char *key;
	json_t *member;
	bool first = true;

	json_object_foreach((json_t *)v, key, member)
	{
		if (!first)
			buf_putc(b, ',');
		first = false;
		json_text(c, b, key, strlen(key));
		buf_putc(b, ':');
		out_json(c, b, member);
	}
}

void out_json(struct cli *c, struct buf *b, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		buf_putc(b, '{');
		json_members(c, b, v);
		buf_putc(b, '}');
		break;
	case JSON_ARRAY:
		buf_putc(b, '[');
		for (size_t i = 0; i < json_array_size(v); i++) {
			if (i > 0)
				buf_putc(b, ',');
			out_json(c, b, json_array_get(v, i));
		}
		buf_putc(b, ']');
		break;
	case JSON_STRING:
		json_text(c, b, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		buf_i64(b, json_integer_value(v));
		break;
	case JSON_REAL:
		json_number(b, json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		buf_puts(b, json_is_true(v) ? "true" : "false");
		break;
	case JSON_NULL:
		buf_puts(b, "null");
		break;
	}
}

void out_safe(struct buf *b, const char *s)
{
	text_safe(b, s, strlen(s));
}
