/* SPDX-License-Identifier: MIT */
/* One command a line. Whatever waits has a deadline; a dump waits until all that was asked is
 * answered and painted. */
#include "tui/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/linear.h"

#define PATIENCE_US (30 * USEC_PER_SEC)
#define LINE_BYTES 4096

struct script {
	struct app *app;
	FILE *out;
	bool linear;
	char want[LINE_BYTES];
};

static void paint(void *ctx, struct app *app, unsigned parts)
{
	(void)ctx;
	app_compose(app, parts);
}

static void screen_of(struct script *s, struct buf *out)
{
	if (s->linear)
		linear_all(s->app, out);
	else
		grid_text(&s->app->grid, out);
}

static bool shows(struct script *s)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	screen_of(s, &b);
	return strstr(buf_str(&b), s->want) != NULL;
}

static bool shows_not(struct script *s)
{
	return !shows(s);
}

static bool settled(struct script *s)
{
	return app_settled(s->app) || s->app->quit;
}

static int until(struct script *s, bool (*done)(struct script *), struct err *e)
{
	int64_t deadline = clock_mono(clock_system()) + PATIENCE_US;

	for (;;) {
		int64_t next = app_work(s->app);

		if (done(s))
			return 0;
		if (clock_mono(clock_system()) >= deadline)
			break;
		app_wait(s->app, NULL, 0, next < deadline ? next : deadline);
	}
	return err_set(e, TIX_ETIMEOUT, NULL, "this did not come");
}

static int wait_for(struct script *s, const char *text, bool gone, struct err *e)
{
	snprintf(s->want, sizeof(s->want), "%s", text);
	return until(s, gone ? shows_not : shows, e);
}

static int dump(struct script *s, const char *name, struct err *e)
{
	AUTO(buf) struct buf b = {0};
	int r = until(s, settled, e);

	buf_init(&b, 0);
	if (r < 0)
		return r;
	screen_of(s, &b);
	fprintf(s->out, "== %s\n%s", name, buf_str(&b));
	return 0;
}

static int press(struct script *s, const char *names, struct err *e)
{
	for (const char *p = names; *p;) {
		size_t len = strcspn(p, " ");
		int key = key_by_name(p, len);

		if (len > 0 && key == KEY_NONE)
			return err_set(e, TIX_EBAD_VALUE, NULL, "\"%.*s\" is no key", (int)len, p);
		if (len > 0) {
			app_key(s->app, key);
			app_work(s->app);
		}
		p += len + (p[len] == ' ');
	}
	return 0;
}

static int type(struct script *s, const char *text, struct err *e)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		uint32_t cp;
		int n = utf8_next(text + at, len - at, &cp);

		if (n < 0)
			return err_set(e, TIX_EBAD_VALUE, NULL, "this is no UTF-8");
		app_key(s->app, (int)cp);
		app_work(s->app);
		at += (size_t)n;
	}
	return 0;
}

static int paste(struct script *s, const char *text)
{
	app_paste(s->app, text);
	return 0;
}

int script_size(const char *text, int *ret_cols, int *ret_rows, struct err *e)
{
	char *end;
	long cols = strtol(text, &end, 10), rows = *end == 'x' ? strtol(end + 1, &end, 10) : 0;

	if (*end || cols < 1 || rows < 1 || cols > GRID_MAX || rows > GRID_MAX)
		return err_set(e, TIX_EBAD_VALUE, "size", "a size is like 80x24");
	*ret_cols = (int)cols;
	*ret_rows = (int)rows;
	return 0;
}

static int resize(struct script *s, const char *text, struct err *e)
{
	int cols, rows, r = script_size(text, &cols, &rows, e);

	if (r == 0 && !grid_resize(&s->app->grid, rows, cols))
		r = err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	s->app->repaint |= REPAINT_ALL;
	s->app->urgent = true;
	app_work(s->app);
	return r;
}

static int click(struct script *s, const char *text, struct err *e)
{
	char *end;
	long y = strtol(text, &end, 10), x = strtol(end, &end, 10);

	if (*end && strcmp(end, " twice") != 0)
		return err_set(e, TIX_EBAD_VALUE, NULL, "click ROW COLUMN [twice]");
	app_click(s->app, (int)y, (int)x, *end != '\0');
	app_work(s->app);
	return 0;
}

static int run_line(struct script *s, char *line, struct err *e)
{
	char *rest = line + strcspn(line, " ");

	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "key") == 0)
		return press(s, rest, e);
	if (strcmp(line, "type") == 0)
		return type(s, rest, e);
	if (strcmp(line, "paste") == 0)
		return paste(s, rest);
	if (strcmp(line, "wait") == 0 || strcmp(line, "gone") == 0)
		return wait_for(s, rest, *line == 'g', e);
	if (strcmp(line, "settle") == 0)
		return until(s, settled, e);
	if (strcmp(line, "dump") == 0)
		return dump(s, rest, e);
	if (strcmp(line, "say") == 0) {
		fprintf(s->out, "== %s\n", rest);
		return 0;
	}
	if (strcmp(line, "size") == 0)
		return resize(s, rest, e);
	if (strcmp(line, "now") == 0)
		return app_pin(s->app, rest, e);
	if (strcmp(line, "click") == 0)
		return click(s, rest, e);
	return err_set(e, TIX_EBAD_VALUE, NULL, "\"%.40s\" is no command of a script", line);
}

int script_run(struct app *app, const char *path, bool linear, FILE *out, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct script s = {.app = app, .out = out, .linear = linear};
	char line[LINE_BYTES];
	int number = 0, r = 0;

	if (!f)
		return err_set(e, TIX_EBAD_VALUE, "script", "%s: %s", path, strerror(errno));
	app->paint = paint;
	while (r == 0 && !app->quit && fgets(line, sizeof(line), f)) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] && line[0] != '#')
			r = run_line(&s, line, e);
		fflush(out);
	}
	if (f != stdin)
		fclose(f);
	if (r < 0) {
		AUTO(buf) struct buf b = {0};
		char what[sizeof(e->message)];

		buf_init(&b, 0);
		screen_of(&s, &b);
		fprintf(stderr, "%s", buf_str(&b));
		snprintf(what, sizeof(what), "%s", e->message);
		err_set(e, e->code, NULL, "%s:%d: %s", path, number, what);
	}
	return r;
}
