/* SPDX-License-Identifier: MIT */
/* JSON log lines. It keeps no buffer between two lines and never fails its caller. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "base/when.h"

#define MESSAGE_MAX 1024
#define FIELD_MAX 200
#define LINE_MAX_BYTES 16384 /* every byte of every field escaped, and the frame */

static const char *const names[] = {
    [LEVEL_ERROR] = "error",
    [LEVEL_WARNING] = "warning",
    [LEVEL_NOTICE] = "notice",
    [LEVEL_INFO] = "info",
    [LEVEL_DEBUG] = "debug",
};

const char *log_level_name(int level)
{
	return level >= LEVEL_ERROR && level <= LEVEL_DEBUG ? names[level] : NULL;
}

int log_level_by_name(const char *name)
{
	for (int i = LEVEL_ERROR; i <= LEVEL_DEBUG; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* JOURNAL_STREAM is "device:inode" of the journal's stream; stderr may since have gone elsewhere.
 */
static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char mine[64];
	struct stat st;

	if (!stream || fstat(fd, &st) < 0)
		return false;
	snprintf(mine, sizeof(mine), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return !strcmp(stream, mine);
}

void log_init(struct log *l, int fd, enum log_level level, const struct clock *clock)
{
	l->clock = clock;
	l->fd = fd;
	l->prefix = is_journal(fd);
	atomic_init(&l->level, (int)level);
}

void log_set_level(struct log *l, enum log_level level)
{
	atomic_store(&l->level, (int)level);
}

static void put_text(struct buf *b, const char *key, const char *s, size_t max)
{
	size_t len;

	if (!s)
		return;
	len = strnlen(s, max + 1);
	if (len > max)
		len = utf8_trim(s, max);
	buf_printf(b, ",\"%s\":", key);
	buf_json_ascii(b, s, len);
}

static void put_ctx(struct buf *b, const struct log_ctx *ctx)
{
	put_text(b, "request", ctx->request, FIELD_MAX);
	put_text(b, "principal", ctx->principal, FIELD_MAX);
	put_text(b, "method", ctx->method, FIELD_MAX);
	put_text(b, "event", ctx->event, FIELD_MAX);
	put_text(b, "order", ctx->order, FIELD_MAX);
	put_text(b, "error", ctx->error, FIELD_MAX);
	if (ctx->us) {
		buf_puts(b, ",\"us\":");
		buf_i64(b, ctx->us);
	}
}

void log_line(struct log *l, enum log_level level, const struct log_ctx *ctx, const char *fmt, ...)
{
	char message[MESSAGE_MAX + 8], at[WHEN_TEXT_MAX];
	struct buf b;
	va_list ap;
	int saved = errno;

	if ((int)level > atomic_load(&l->level))
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	buf_init(&b, LINE_MAX_BYTES);
	if (l->prefix)
		buf_printf(&b, "<%d>", (int)level);
	buf_printf(&b, "{\"at\":\"%s\",\"level\":\"%s\"",
	    when_rfc3339(clock_now(l->clock), at, sizeof(at)), names[level]);
	put_text(&b, "msg", message, MESSAGE_MAX);
	if (ctx)
		put_ctx(&b, ctx);
	buf_puts(&b, "}\n");
	if (!b.failed)
		while (write(l->fd, b.data, b.len) < 0 && errno == EINTR)
			;
	buf_done(&b);
	errno = saved;
}
