/* SPDX-License-Identifier: MIT */
/* The program's state and its loop: keys and the daemon's words go to the view that is shown, and
 * what has changed is painted, at most twenty times a second. No timer but the clock's second; with
 * nothing to do it sleeps. It does not know what paints. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <poll.h>

#include "base/buf.h"
#include "tui/grid.h"
#include "tui/link.h"
#include "tui/view.h"

struct zone;

#define BACK_MAX 16
#define MINUTES 60

/* Shows the grid, or says what changed; parts as in enum repaint. */
typedef void app_paint(void *ctx, struct app *app, unsigned parts);

struct app {
	struct link link;
	struct queries queries;
	struct keymap keys;
	struct view views[VIEW_COUNT];
	enum view_id current;
	enum view_id back[BACK_MAX];
	int nback;

	char scope[104]; /* event that is looked at; "": all */
	const struct zone *home, *scope_zone;
	bool in_utc, pinned;
	int64_t pinned_now;

	struct model model; /* what was built last */
	struct arena *arena;
	struct grid grid;
	bool zoomed;

	char message[256];
	enum m_class message_class;
	char copied[128];  /* for the terminal's clipboard; "": nothing new */
	char filter[128];
	bool filtering; /* keys are its text */

	int64_t minutes[MINUTES]; /* orders in each of the last minutes, now the last */
	int64_t minute;		  /* of the last one, since 1970 */

	unsigned repaint;
	bool quit, suspend;
	bool urgent; /* a key was pressed: paint at once */
	bool fresh;  /* paint all, whatever the terminal may show */
	int64_t painted_at, second; /* when, and the second that line 1 shows */
	app_paint *paint;
	void *paint_ctx;
};

/* Opens nothing: the first turn does. keys_file may be NULL. socket and tz live longer than the app. */
int app_init(struct app *app, const char *socket, const char *tz, const char *keys_file, struct err *e);
void app_done(struct app *app);

/* Does what can be done without waiting: answers, calls that are due, painting. Returns when it wants
 * to be called again at the latest (by clock_mono). */
int64_t app_work(struct app *app);

/* Waits for the daemon or one of n descriptors (at most 4), until then at the latest; sets their
 * revents. < 0 when poll fails. */
int app_wait(struct app *app, struct pollfd *fds, int n, int64_t until);

/* The clock stands still at a time that is written as elsewhere. */
int app_pin(struct app *app, const char *now, struct err *e);

void app_key(struct app *app, int key);
void app_paste(struct app *app, const char *text);
/* A place on the screen was pressed, or pressed twice. */
void app_click(struct app *app, int y, int x, bool twice);

/* Nothing is on its way and nothing is to be painted. */
bool app_settled(const struct app *app);

/* For views. */
int64_t app_now(const struct app *app); /* the daemon's clock */
const struct zone *app_zone(const struct app *app, const struct zone *own);
void app_say(struct app *app, enum m_class class, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_enter(struct app *app, enum view_id id);
void app_show(struct app *app, enum view_id id); /* enters it; back comes here */
void app_set_scope(struct app *app, const char *event);
/* Puts a text into the terminal's clipboard, where it has one that may be written. */
void app_copy(struct app *app, const char *text);
/* Whether the principal may call the method; RPC_COUNT: always. */
bool app_may(const struct app *app, int method);
/* Whether the daemon's numbers are of now. */
bool app_live(const struct app *app);
/* Gives a section its state: waiting, stale, or the error in place of rows. */
void app_mark(struct app *app, struct model *m, struct m_section *s, const struct query *q);

#endif
