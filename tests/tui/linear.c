/* SPDX-License-Identifier: MIT */
/* What linear mode says: each change once, however many rows there are. */
#include "tui/linear.c"
#include "tui/model.c"

#include "tests/tap.h"

/* A table of so many rows from a number on, one of them with another text. */
static int first_row, nrows, odd_row;

static const struct m_col one_col[] = {{"row", 0, 1}};

void app_build(struct app *app)
{
	struct m_section *s;

	arena_reset(app->arena);
	model_init(&app->model, app->arena);
	s = model_add(&app->model, M_TABLE, "t", "");
	s->cols = one_col;
	s->ncols = 1;
	for (int i = first_row; i < first_row + nrows; i++) {
		char id[24];
		struct m_row *row;

		snprintf(id, sizeof(id), "%d", i);
		row = model_row(&app->model, s, id);
		model_cell(&app->model, row, 0, M_PLAIN, "%d%s", i, i == odd_row ? " is odd" : "");
	}
}

struct m_section *app_focus(struct app *app)
{
	return &app->model.v[0];
}

void app_head(const struct app *app, char *out, size_t size)
{
	(void)app;
	snprintf(out, size, "head");
}

void app_key_words(struct app *app, struct buf *out)
{
	(void)app;
	buf_puts(out, "none");
}

/* What is said at the next time when something may be said; *more: there is still something then. */
static const char *said(struct linear *l, struct app *app, bool *more)
{
	static struct buf b;
	static int64_t now;

	buf_clear(&b);
	now += 2 * PAUSE_US;
	*more = linear_say(l, app, now, &b) != INT64_MAX;
	return buf_str(&b);
}

static void each_change_is_said_once(struct app *app)
{
	struct linear l;
	bool more;

	linear_init(&l);
	first_row = 0;
	nrows = 3000;
	odd_row = -1;
	ok(strstr(said(&l, app, &more), "2999") && !more, "the whole view at first");
	ok(said(&l, app, &more)[0] == '\0' && !more, "then nothing, of 3,000 rows");
	odd_row = 2900;
	ok(strcmp(said(&l, app, &more), "2900 is odd\n") == 0 && !more, "what changes is said");
	ok(said(&l, app, &more)[0] == '\0' && !more, "once");
	nrows = 3002;
	ok(strcmp(said(&l, app, &more), "3000\n") == 0 && more, "of two new ones the first");
	ok(strcmp(said(&l, app, &more), "3001\n") == 0 && !more, "then the second");
	nrows = 10;
	ok(said(&l, app, &more)[0] == '\0', "what goes is not said");
	nrows = 3002;
	ok(said(&l, app, &more)[0] == '\0', "nor what is back, as after a filter");
	linear_done(&l);
}

static void what_is_gone_is_forgotten(struct app *app)
{
	struct linear l;
	bool more;
	int again = 0;

	linear_init(&l);
	first_row = 0;
	nrows = 600;
	odd_row = -1;
	said(&l, app, &more);
	for (int i = 0; i < 4500; i++) {
		char want[24];

		first_row++;
		snprintf(want, sizeof(want), "%d\n", first_row + nrows - 1);
		again += strcmp(said(&l, app, &more), want) != 0 || more;
	}
	ok(again == 0, "a list that goes on for long: each new row once (%d were not)", again);
	ok(l.n <= SAID_KEPT + 600, "and it keeps no more than %u rows", l.n);
	linear_done(&l);
}

int main(void)
{
	static const struct view_ops ops = {.title = "View"};
	struct app app = {.arena = arena_new(8 << 20)};

	app.views[0].ops = &ops;
	each_change_is_said_once(&app);
	what_is_gone_is_forgotten(&app);
	arena_free(app.arena);
	return done_testing();
}
