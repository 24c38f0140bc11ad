/* SPDX-License-Identifier: MIT */
/* The loop, and what keys mean in all views. */
#include "tui/app.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"
#include "rpc/rpc.h"

#define FRAME_US 50000
#define FDS_MAX 4
#define ARENA_MAX (8U << 20)
#define MINUTE_US (60 * USEC_PER_SEC)

static const struct {
	const struct view_ops *ops;
	int digit;
} views[VIEW_COUNT] = {
#define VIEW(name, digit) {&view_##name##_ops, digit},
#include "tui/views.def"
#undef VIEW
};

/* Moves the window of minutes to now. The first time, and when the clock was another until now, what
 * was before is not known. */
static void pass_minutes(struct app *app)
{
	int64_t minute = app_now(app) / MINUTE_US, by = minute - app->minute;

	if (by == 0)
		return;
	if (by < 0 || by >= MINUTES) {
		for (int i = 0; i < MINUTES; i++)
			app->minutes[i] = M_NO_VALUE;
		by = 1;
	}
	memmove(app->minutes, app->minutes + by, (size_t)(MINUTES - by) * sizeof(*app->minutes));
	for (int64_t i = MINUTES - by; i < MINUTES; i++)
		app->minutes[i] = 0;
	app->minute = minute;
	app->repaint |= REPAINT_BODY;
}

static void link_changed(void *ctx)
{
	struct app *app = ctx;
	struct view *v = &app->views[app->current];

	if (link_up(&app->link)) {
		queries_all_dirty(&app->queries);
		pass_minutes(app);
		/* What is asked may hang on the daemon's clock and on who one is to it. */
		if (v->ready && v->ops->enter)
			v->ops->enter(app, v);
	}
	if (app->link.state == LINK_LIVE && app->link.resumed)
		app_say(app, M_GOOD, "the daemon is back: all is read again, nothing missed");
	if (app->link.state == LINK_STILL)
		app_say(app, M_WARN, "not live: %s; ^L reads again", app->link.err.message);
	app->repaint |= REPAINT_ALL;
}

static void link_digest(void *ctx, const json_t *counts)
{
	struct app *app = ctx;
	struct view *v = &app->views[app->current];
	const json_t *one;
	size_t i;

	pass_minutes(app);
	json_array_foreach(counts, i, one)
	{
		const char *topic = json_string_value(json_object_get(one, "topic"));

		if (topic && (strcmp(topic, "order.paid") == 0 || strcmp(topic, "order.placed") == 0))
			app->minutes[MINUTES - 1] +=
			    json_integer_value(json_object_get(one, "count"));
	}
	queries_digest(&app->queries, counts);
	if (v->ops->on_message)
		app->repaint |= v->ops->on_message(app, v, counts);
}

static void query_answered(void *ctx, struct query *q)
{
	struct app *app = ctx;
	struct view *v = &app->views[app->current];

	(void)q;
	app->repaint |= REPAINT_BODY;
	if (v->ops->on_message)
		app->repaint |= v->ops->on_message(app, v, NULL);
}

static const struct link_ops link_callbacks = {link_changed, link_digest};

int app_init(
    struct app *app, const char *socket, const char *tz, const char *keys_file, struct err *e)
{
	int r;

	*app = (struct app){.repaint = REPAINT_ALL};
	app->arena = arena_new(ARENA_MAX);
	if (!app->arena)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	r = keymap_init(&app->keys, e);
	if (r == 0 && keys_file)
		r = keymap_read(&app->keys, keys_file, e);
	if (r < 0)
		return r;
	app->home = zone_utc0();
	if (tz)
		zone_get(tz, &app->home, NULL);
	link_init(&app->link, socket, tz, &link_callbacks, app);
	app->queries =
	    (struct queries){.link = &app->link, .answered = query_answered, .ctx = app};
	model_init(&app->model, app->arena);
	for (int i = 0; i < VIEW_COUNT; i++) {
		app->views[i] = (struct view){.ops = views[i].ops, .id = (enum view_id)i,
		    .digit = views[i].digit, .state = calloc(1, views[i].ops->size + 1)};
		if (!app->views[i].state)
			return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	}
	return 0;
}

void app_done(struct app *app)
{
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (app->views[i].ready && app->views[i].ops->done)
			app->views[i].ops->done(&app->views[i]);
		free(app->views[i].state);
	}
	link_done(&app->link);
	grid_free(&app->grid);
	arena_free(app->arena);
}

void view_query(struct view *v, struct query *q, const char *method, const char *topics)
{
	*q = (struct query){.method = method, .topics = topics, .awake = &v->shown};
}

const struct view_key *keys_of(const struct view *v)
{
	return v->ops->keys_now ? v->ops->keys_now(v) : v->ops->keys;
}

int app_pin(struct app *app, const char *now, struct err *e)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int r = when_parse(now, &ctx, &app->pinned_now, NULL, "now", e);

	app->pinned |= r == 0;
	app->repaint |= REPAINT_ALL;
	return r;
}

int64_t app_now(const struct app *app)
{
	return app->pinned ? app->pinned_now : clock_now(clock_system()) + app->link.offset_us;
}

const struct zone *app_zone(const struct app *app, const struct zone *own)
{
	return app->in_utc ? zone_utc0() : own ? own : app->home;
}

void app_say(struct app *app, enum m_class class, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(app->message, sizeof(app->message), fmt, args);
	va_end(args);
	app->message_class = class;
	app->repaint |= REPAINT_FOOT;
}

void app_copy(struct app *app, const char *text)
{
	snprintf(app->copied, sizeof(app->copied), "%s", text);
	app_say(app, M_PLAIN, "copied %s, if the terminal takes it", text);
}

bool app_may(const struct app *app, int method)
{
	return method < 0 || method >= RPC_COUNT || rpc_may(&rpc_methods[method], app->link.roles);
}

bool app_live(const struct app *app)
{
	return link_up(&app->link);
}

void app_enter(struct app *app, enum view_id id)
{
	struct view *v = &app->views[id];

	app->views[app->current].shown = false;
	app->current = id;
	app->filter[0] = '\0';
	app->filtering = app->zoomed = false;
	app->message[0] = '\0';
	v->shown = true;
	if (!v->ready && v->ops->init)
		v->ops->init(app, v);
	v->ready = true;
	if (v->ops->enter)
		v->ops->enter(app, v);
	/* Answers may have come while it was not shown. */
	if (v->ops->on_message)
		v->ops->on_message(app, v, NULL);
	app->repaint |= REPAINT_ALL;
}

void app_show(struct app *app, enum view_id id)
{
	if (app->nback == BACK_MAX)
		memmove(app->back, app->back + 1, (size_t)--app->nback * sizeof(*app->back));
	app->back[app->nback++] = app->current;
	app_enter(app, id);
}

void app_set_scope(struct app *app, const char *event)
{
	snprintf(app->scope, sizeof(app->scope), "%s", event);
	app->scope_zone = NULL;
	app->repaint |= REPAINT_ALL;
}

/* What the clock changes: line 1 each second, distances and the last hour each minute. */
static int64_t tick(struct app *app, int64_t now)
{
	int64_t wall = app_now(app), second = wall / USEC_PER_SEC;

	pass_minutes(app);
	if (second != app->second)
		app->repaint |= REPAINT_HEAD;
	app->second = second;
	return app->pinned ? INT64_MAX : now + USEC_PER_SEC - wall % USEC_PER_SEC;
}

static void paint_now(struct app *app)
{
	unsigned parts = app->repaint;

	app->repaint = REPAINT_NOTHING;
	app->urgent = false;
	app->painted_at = clock_mono(clock_system());
	app->paint(app->paint_ctx, app, parts);
	app->fresh = false;
}

int64_t app_work(struct app *app)
{
	int64_t now = clock_mono(clock_system());
	int64_t next = link_turn(&app->link, now), at = queries_turn(&app->queries, now);

	next = at < next ? at : next;
	at = tick(app, now);
	next = at < next ? at : next;
	if (!app->repaint)
		return next;
	at = app->painted_at + FRAME_US;
	if (app->urgent || at <= now)
		paint_now(app);
	else
		next = at < next ? at : next;
	return next;
}

int app_wait(struct app *app, struct pollfd *fds, int n, int64_t until)
{
	struct pollfd p[FDS_MAX + 1];
	int64_t left = until - clock_mono(clock_system());
	struct timespec t;
	int got;

	if (until == INT64_MAX)
		left = 3600 * USEC_PER_SEC;
	if (left < 0)
		left = 0;
	for (int i = 0; i < n; i++)
		p[i] = fds[i];
	p[n] = (struct pollfd){.fd = link_fd(&app->link), .events = POLLIN};
	t = (struct timespec){left / USEC_PER_SEC, left % USEC_PER_SEC * 1000};
	got = ppoll(p, (nfds_t)n + 1, &t, NULL);
	for (int i = 0; i < n; i++)
		fds[i].revents = got > 0 ? p[i].revents : 0;
	return got < 0 && errno != EINTR ? -1 : 0;
}

bool app_settled(const struct app *app)
{
	return !app->repaint && queries_settled(&app->queries) && link_up(&app->link);
}
