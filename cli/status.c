/* SPDX-License-Identifier: MIT */
/* tix status --follow: how the daemon is, again and again. On a terminal the same lines are painted over, below what
 * was there before; elsewhere a row comes when something changed, or with --interval each time. It ends by ^C or
 * --count; a daemon that is gone is said once and waited for. */
#include "cli/status.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cli/call.h"
#include "cli/leave.h"
#include "cli/out.h"
#include "cli/print.h"

const struct opt status_opts[] = {
    {"follow", NULL, "go on until ^C"},
    {"interval", "TIME", "with --follow: look so often; 1s without it"},
    {"count", "N", "with --follow: end after so many looks"},
    {NULL, NULL, NULL},
};

struct following {
	struct cli *c;
	struct print print;
	json_t *last; /* what was shown */
	int64_t interval, left;
	size_t lines; /* painted */
	bool each, gone;
};

/* Over the lines of the last time; what was on the terminal before stays. */
static void paint(struct following *f, const json_t *status)
{
	struct buf *out = &f->c->out;

	if (f->lines > 0)
		buf_printf(out, "\033[%zuA\r\033[J", f->lines);
	out_flush(f->c);
	print_block(f->c, &shape_status, status);
	f->lines = 0;
	for (size_t i = 0; i < out->len; i++)
		f->lines += ((const char *)out->data)[i] == '\n';
}

/* Whether anything but the clock and the counters of looking at it moved. */
static bool changed(const struct following *f, const json_t *status)
{
	static const char *const names[] = {"state", "why", "pid", "seq"};

	for (size_t i = 0; f->last && i < ARRAY_LEN(names); i++) {
		if (!json_equal(json_object_get(f->last, names[i]), json_object_get(status, names[i])))
			return true;
	}
	return !f->last;
}

static void show(struct following *f, json_t *status)
{
	AUTO(json) json_t *rows = json_pack("[O]", status);

	if (f->c->mode == OUT_TABLE && f->c->out_tty) {
		paint(f, status);
	} else if (f->each || changed(f, status)) {
		if (f->c->mode == OUT_JSON || f->c->mode == OUT_JSONL) {
			out_json(f->c, &f->c->out, status);
			buf_putc(&f->c->out, '\n');
		} else {
			print_page(&f->print, rows, 1);
		}
	}
	out_flush(f->c);
	json_decref(f->last);
	f->last = json_incref(status);
}

static int look(struct following *f, struct err *e)
{
	AUTO(json) json_t *none = json_object();
	AUTO(json) json_t *status = NULL;
	int r;

	leave_at_once(); /* a daemon that hangs keeps nobody */
	r = call_name(f->c, "system.status", none, false, &status, e);
	leave_later();
	if (r == TIX_ENO_DAEMON && f->last) {
		if (!f->gone)
			out_say(f->c, "-- daemon gone: %s", e->message);
		f->lines = 0;
		f->gone = true;
		return 0;
	}
	if (r < 0)
		return r;
	if (f->gone)
		out_say(f->c, "-- daemon back");
	f->gone = false;
	show(f, status);
	f->left--;
	return 0;
}

static int setup(struct following *f, const struct args *a, struct err *e)
{
	const char *interval = args_opt(a, "interval"), *count = args_opt(a, "count");
	int r = 0;

	f->interval = USEC_PER_SEC;
	f->left = INT64_MAX;
	f->each = interval != NULL;
	if (interval)
		r = args_duration(interval, "--interval", &f->interval, e);
	if (r == 0 && f->interval < USEC_PER_SEC / 20)
		r = err_set(e, TIX_EBAD_VALUE, NULL, "--interval \"%.20s\": at least 50ms", interval);
	if (r == 0 && count)
		r = args_i64(count, 1, INT64_MAX, "--count", &f->left, e);
	return r == 0 ? print_open(&f->print, f->c, &shape_status, e) : r;
}

int status_follow(struct cli *c, const struct args *a)
{
	struct following f = {.c = c};
	struct err e = {0};
	int r;

	out_setup(c);
	r = setup(&f, a, &e);
	leave_later();
	while (r == 0 && f.left > 0 && !leave_signal() && !c->out_failed) {
		r = look(&f, &e);
		if (r == 0 && call_left(c) <= 0)
			r = err_set(&e, TIX_ETIMEOUT, NULL, "no longer followed after --timeout");
		if (r == 0 && f.left > 0)
			leave_wait(NULL, 0, call_left(c) < f.interval ? call_left(c) : f.interval);
	}
	json_decref(f.last);
	return r < 0 ? out_error(c, &e) : 0;
}
