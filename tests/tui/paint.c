/* SPDX-License-Identifier: MIT */
/* Models on grids of many sizes: the nastiest names leave the layout as it is, and no cell holds
 * what a terminal would obey. */
#include "tui/grid.c"
#include "tui/model.c"
#include "tui/paint.c"
#include "tui/paint_chart.c"
#undef GAP
#include "tui/paint_table.c"

#include "tests/tap.h"

#define LONG                                                                                       \
	"a very long name that goes on and on, over the edge of any column, past what anybody "    \
	"would print on a ticket, and then on to two hundred characters, as far as the field "     \
	"takes them, to the end."

static const char *const nasty[] = {"plain", "\033[2J\033[31mred", "\r\nnew line\t", "\x9b" "31mC1 raw",
    "\xC2\x9b" "31mC1", "\xE2\x80\xAEright to left", "\xE2\x80\x8B\xE2\x80\x8Dzero width",
    "Z\xCC\xB6\xCC\xB7\xCC\xB8\xCC\xB6\xCC\xB7\xCC\xB8\xCC\xB6\xCC\xB7\xCC\xB8" "algo",
    "\xE5\xAE\xAE\xE5\xB4\x8E \xE9\xA7\xBF", "\xEF\xBC\xA6\xEF\xBD\x95\xEF\xBD\x8C\xEF\xBD\x8C",
    "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 family",
    "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA flag", "\xE2\x9D\xA4\xEF\xB8\x8F heart",
    "\xED\x95\x9C\xEA\xB8\x80", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "e\xCC\x81\xCC\xA8 marks",
    "\xCC\x81 mark first", "\xC3\x28 broken", "\xF0\x9F\x91\xA8\xF0\x9F\x8F\xBF tone", LONG,
    "\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A", "\xE0\xB8\x81\xE0\xB9\x8D\xE0\xB8\xB2"};

static const struct m_col cols[] = {{"name", M_GROW, 4}, {"count", M_RIGHT, 5}, {"share", M_BAR, 15},
    {"more", M_GROW | M_WIDE, 4}};

static void fill(struct model *m, struct m_cursor *c)
{
	static const int64_t v[] = {1, 5, 3, M_NO_VALUE, 8, 9};
	struct m_section *s = model_add(m, M_TABLE, "t", "TITLE");

	s->cols = cols;
	s->ncols = ARRAY_LEN(cols);
	s->cursor = c;
	for (size_t i = 0; i < ARRAY_LEN(nasty); i++) {
		struct m_row *r = model_row(m, s, nasty[i][0] == 'p' ? "p" : "x");

		model_cell(m, r, 0, M_PLAIN, "%s", nasty[i]);
		model_cell(m, r, 1, M_PLAIN, "%zu", i);
		model_bar(r, 2, (int)i * 40);
		model_cell(m, r, 3, M_WARN, "%s", nasty[i]);
	}
	for (int kind = M_SPARK; kind <= M_CHART; kind++) {
		s = model_add(m, (enum m_kind)kind, "c", nasty[8]);
		s->place = M_SIDE;
		s->rows_min = 4;
		s->rows_max = 12;
		s->series[0] = (struct m_series){"n", '*', M_GOOD, v, ARRAY_LEN(v)};
		s->nseries = 1;
		s->from = "then";
		s->to = "now";
	}
	s = model_add(m, M_LINES, "l", nasty[1]);
	model_pair(m, s, nasty[2], M_BAD, "%s", nasty[5]);
}

/* Each row of cells is exactly as wide as the grid, and no cell holds a control character. */
static bool intact(const struct grid *g)
{
	for (int y = 0; y < g->rows; y++) {
		int width = 0;

		for (int x = 0; x < g->cols; x++) {
			const struct g_cell *c = &g->cells[y * g->cols + x];

			width += (int)text_width(c->text);
			for (const char *p = c->text; *p; p++) {
				if ((unsigned char)*p < 0x20 || *p == 0x7f || (!g->utf8 && *p & 0x80))
					return false;
			}
		}
		if (width != g->cols)
			return false;
	}
	return true;
}

static void every_size(bool utf8)
{
	static const int widths[] = {1, 2, 5, 20, 39, 40, 41, 79, 80, 81, 119, 120, 160, 300};
	struct arena *a = arena_new(8 << 20);
	struct grid g = {.utf8 = utf8};
	struct m_cursor c = {.id = ""};
	int wrong = 0, drawn = 0;

	for (size_t w = 0; w < ARRAY_LEN(widths); w++) {
		for (int rows = 1; rows <= 100; rows += rows < 12 ? 1 : 11) {
			struct model m;

			arena_reset(a);
			model_init(&m, a);
			fill(&m, &c);
			model_settle(&m.v[0]);
			if (!grid_resize(&g, rows, widths[w]))
				continue;
			paint_model(&g, &m, 0, rows, &m.v[0], rows % 2);
			wrong += !intact(&g);
			drawn++;
			model_move(&m.v[0], rows % 3 ? 1 : -2);
		}
	}
	ok(wrong == 0 && drawn > 100, "%d screens, %s: all rows as wide as the screen", drawn,
	    utf8 ? "UTF-8" : "ASCII");
	grid_free(&g);
	arena_free(a);
}

static void cells_take_clusters(void)
{
	struct grid g = {.utf8 = true};
	AUTO(buf) struct buf b = {0};

	grid_resize(&g, 1, 10);
	ok(grid_put(&g, 0, 0, 5, 0, "\xE5\xAE\xAE\xE5\xB4\x8E\xE9\xA7\xBF") == 5, "cut before half a cluster");
	grid_row_text(&g, 0, &b);
	ok(strcmp(buf_str(&b), "\xE5\xAE\xAE\xE5\xB4\x8E\xE2\x80\xA6") == 0, "with an ellipsis: %s",
	    buf_str(&b));
	grid_put_right(&g, 0, 0, 10, 0, "12");
	ok(strcmp(g.cells[9].text, "2") == 0, "numbers end at the right");
	ok(grid_put(&g, 0, 20, 5, 0, "x") == 0 && !grid_at(&g, 1, 0), "nothing beyond the edges");
	grid_free(&g);
}

/* The cursor holds on to its row by name. */
static void the_cursor_stays(void)
{
	static const char *const ids[] = {"a", "b", "c", "d"};
	struct arena *a = arena_new(1 << 20);
	struct m_cursor c = {.id = ""};
	struct model m;

	for (int round = 0; round < 4; round++) {
		struct m_section *s;

		arena_reset(a);
		model_init(&m, a);
		s = model_add(&m, M_TABLE, "t", "");
		s->cols = cols;
		s->ncols = ARRAY_LEN(cols);
		s->cursor = &c;
		for (int i = round == 1 ? 1 : 0; i < (round == 2 ? 0 : round == 3 ? 2 : 4); i++)
			model_row(&m, s, ids[i]);
		model_settle(s);
		if (round == 0) {
			ok(strcmp(model_chosen(s), "a") == 0, "the first row at first");
			model_move(s, 2);
			ok(strcmp(model_chosen(s), "c") == 0, "two down");
		} else if (round == 1) {
			ok(strcmp(model_chosen(s), "c") == 0 && c.row == 1, "a row above went: it stays");
		} else if (round == 3) {
			ok(strcmp(model_chosen(s), "b") == 0, "its own went: the one in its place");
		}
	}
	arena_free(a);
}

int main(void)
{
	cells_take_clusters();
	the_cursor_stays();
	every_size(true);
	every_size(false);
	return done_testing();
}
