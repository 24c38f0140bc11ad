/* SPDX-License-Identifier: MIT */
/* One line: what, per cent, done of all, rate, time left. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

#define QUIET_US 300000 /* no progress before */
#define DRAW_US 100000	/* between drawings on a terminal */
#define LINE_US (60 * USEC_PER_SEC)

void progress_begin(struct progress *p, struct cli *c, const char *what)
{
	*p = (struct progress){.c = c,
	    .outer = c->progress,
	    .before = -1,
	    .started = clock_mono(clock_system())};
	snprintf(p->what, sizeof(p->what), "%s", what);
	c->progress = p;
}

static void put_number(struct buf *b, int64_t n)
{
	char text[NUM_GROUPED_MAX];

	buf_puts(b, num_grouped(n, text));
}

/* "40 s", "4 min", "2 h" */
static void put_span(struct buf *b, int64_t s)
{
	if (s < 120)
		buf_printf(b, "%" PRId64 " s", s);
	else if (s < 7200)
		buf_printf(b, "%" PRId64 " min", s / 60);
	else
		buf_printf(b, "%" PRId64 " h", s / 3600);
}

static void put_line(const struct progress *p, struct buf *b, int64_t now, const char *note)
{
	int64_t us = now - p->started, n = p->done - p->before;
	int64_t rate = us > 0 && p->before >= 0 ? n * USEC_PER_SEC / us : 0;

	buf_puts(b, p->what);
	if (p->all > 0)
		buf_printf(b, " %3" PRId64 "%%", p->done * 100 / p->all);
	if (p->before >= 0) {
		buf_puts(b, "  ");
		put_number(b, p->done);
		if (p->all > 0) {
			buf_putc(b, '/');
			put_number(b, p->all);
		}
	}
	if (rate > 0) {
		buf_puts(b, "  ");
		put_number(b, rate);
		buf_puts(b, "/s");
	}
	if (rate > 0 && p->all > p->done) {
		buf_puts(b, "  ");
		put_span(b, (p->all - p->done) / rate);
		buf_puts(b, " left");
	} else if (rate == 0) {
		buf_puts(b, "  since ");
		put_span(b, us / USEC_PER_SEC);
	}
	if (*note)
		buf_printf(b, "  %s", note);
}

static size_t screen_width(void)
{
	struct winsize ws;

	return ioctl(2, TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 2 ? ws.ws_col - 1u : 79;
}

/* Nothing can be done when stderr takes no more. */
static void write_err(const struct buf *b)
{
	ssize_t n = write(2, buf_str(b), b->len);

	(void)n;
}

static void draw(struct progress *p, int64_t now, const char *note)
{
	AUTO(buf) struct buf line = {0};
	AUTO(buf) struct buf b = {0};
	size_t w;

	buf_init(&line, 0);
	buf_init(&b, 0);
	put_line(p, &line, now, note);
	if (p->c->err_tty) {
		buf_putc(&b, '\r');
		text_cut(&b, buf_str(&line), screen_width());
		w = text_width(buf_str(&b) + 1);
		if (p->shown > w)
			buf_printf(&b, "%*s", (int)(p->shown - w), "");
		p->shown = w;
	} else {
		buf_printf(&b, "%s\n", buf_str(&line));
	}
	write_err(&b);
	p->drawn = now;
}

static void show(struct progress *p, const char *note)
{
	const struct cli *c = p->c;
	int64_t now;

	if (c->quiet || c->paging.pid > 0 ||
	    (!c->err_tty && (c->mode == OUT_JSON || c->mode == OUT_JSONL)))
		return;
	now = clock_mono(clock_system());
	if (c->err_tty ? now - p->started >= QUIET_US && now - p->drawn >= DRAW_US
		       : now - (p->drawn ? p->drawn : p->started) >= LINE_US)
		draw(p, now, note);
}

void progress_at(struct progress *p, int64_t done, int64_t all, const char *note)
{
	p->done = done;
	p->all = all;
	if (p->before < 0)
		p->before = done;
	show(p, note);
}

void progress_tick(struct progress *p)
{
	show(p, "");
}

void progress_clear(struct progress *p)
{
	AUTO(buf) struct buf b = {0};

	if (!p || p->shown == 0)
		return;
	buf_init(&b, 0);
	buf_printf(&b, "\r%*s\r", (int)p->shown, "");
	p->shown = 0;
	p->drawn = 0;
	write_err(&b);
}

void progress_end(struct progress *p)
{
	progress_clear(p);
	p->c->progress = p->outer;
}
