/* SPDX-License-Identifier: MIT */
/* Cells to curses, keys from it. Each cluster is put at its own cell, so that a terminal or a libc
 * that counts differently shifts nothing; one whose cells libc counts otherwise becomes question
 * marks. */
#include "tui/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/err.h"
#include "tui/keys.h"
#include "tui/model.h"

/* Last, since it takes short names. */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#define PASTE_BEGIN 0x7001 /* beyond curses' own keys */
#define PASTE_END 0x7002
#define RESTORE_MAX 256

static struct grid shown; /* what curses was told last */
static bool colours, is_open;
static struct termios before;
static char restore[RESTORE_MAX]; /* ends the use of the terminal, for screen_crash */
static size_t restore_len;

static void add_restore(const char *s)
{
	size_t n = s && s != (const char *)-1 ? strlen(s) : 0;

	if (restore_len + n > sizeof(restore))
		return;
	memcpy(restore + restore_len, s, n);
	restore_len += n;
}

static void modes(bool on)
{
	putp(on ? "\033[?2004h" : "\033[?2004l"); /* bracketed paste */
	fflush(stdout);
}

/* vt100 and the like know no such mode and would show its letters. */
static bool has_modes(void)
{
	const char *xm = tigetstr("kmous"); /* who reports a mouse understands private modes */

	return xm && xm != (const char *)-1;
}

static void setup_colours(bool mono)
{
	colours = !mono && has_colors() && start_color() == OK && use_default_colors() == OK;
	if (!colours)
		return;
	init_pair(1, COLOR_GREEN, -1);
	init_pair(2, COLOR_YELLOW, -1);
	init_pair(3, COLOR_RED, -1);
}

int screen_open(bool mono, struct err *e)
{
	tcgetattr(STDIN_FILENO, &before);
	if (!getenv("TERM") || !newterm(NULL, stdout, stdin))
		return err_set(e, TIX_EBAD_VALUE, "TERM", "this terminal is not known: set TERM");
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	leaveok(stdscr, FALSE);
	setup_colours(mono);
	mousemask(BUTTON1_CLICKED | BUTTON1_PRESSED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED |
		      BUTTON5_PRESSED,
	    NULL);
	mouseinterval(200);
	if (has_modes()) {
		define_key("\033[200~", PASTE_BEGIN);
		define_key("\033[201~", PASTE_END);
		modes(true);
		add_restore("\033[?2004l\033[?1000l");
	}
	add_restore(exit_attribute_mode);
	add_restore(cursor_normal);
	add_restore(keypad_local);
	add_restore(exit_ca_mode);
	is_open = true;
	return 0;
}

void screen_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	if (has_modes())
		modes(false);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	grid_free(&shown);
}

void screen_crash(void)
{
	ssize_t n;

	if (!is_open)
		return;
	n = write(STDOUT_FILENO, restore, restore_len);
	(void)n;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

void screen_suspend(void)
{
	if (has_modes())
		modes(false);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	raise(SIGSTOP);
	if (has_modes())
		modes(true);
	screen_resized();
	clearok(stdscr, TRUE);
	refresh();
	grid_free(&shown);
}

void screen_size(int *ret_rows, int *ret_cols)
{
	getmaxyx(stdscr, *ret_rows, *ret_cols);
}

void screen_resized(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 0 && w.ws_col > 0)
		resizeterm(w.ws_row, w.ws_col);
	grid_free(&shown);
}

void screen_copy(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text);

	if (!has_modes())
		return;
	fputs("\033]52;c;", stdout);
	for (size_t i = 0; i < len; i += 3) {
		unsigned v = (unsigned)(unsigned char)text[i] << 16;

		v |= i + 1 < len ? (unsigned)(unsigned char)text[i + 1] << 8 : 0;
		v |= i + 2 < len ? (unsigned)(unsigned char)text[i + 2] : 0;
		for (unsigned k = 0; k < 4; k++)
			putchar(i + k > len ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
	fputs("\a", stdout);
	fflush(stdout);
}

static attr_t attr_of(unsigned attr)
{
	static const attr_t plain[M_CLASSES] = {[M_WARN] = A_BOLD, [M_BAD] = A_BOLD,
	    [M_DIM] = A_DIM, [M_TITLE] = A_BOLD};
	static const short pair[M_CLASSES] = {[M_GOOD] = 1, [M_WARN] = 2, [M_BAD] = 3};
	unsigned class = (attr & G_CLASS) < M_CLASSES ? attr & G_CLASS : M_PLAIN;
	attr_t a = plain[class];

	if (attr & G_SEL)
		return A_REVERSE | (class == M_BAD ? A_BOLD : 0);
	if (colours && pair[class])
		a = (class == M_BAD ? A_BOLD : 0) | (attr_t)COLOR_PAIR(pair[class]);
	return a;
}

/* Whether libc counts a cluster as one character of so many cells with marks on it. */
static bool one_character(const wchar_t *w, int cells)
{
	if (wcwidth(w[0]) != cells)
		return false;
	for (int i = 1; w[i]; i++) {
		if (i > CCHARW_MAX - 1 || wcwidth(w[i]) != 0)
			return false;
	}
	return true;
}

static void put_cell(int y, int x, const struct g_cell *c, int cells)
{
	wchar_t w[CELL_TEXT];
	attr_t attr = attr_of(c->attr);
	cchar_t cc;

	if (mbstowcs(w, c->text, CELL_TEXT) == (size_t)-1 || !one_character(w, cells)) {
		attr_set(attr & A_ATTRIBUTES & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
		for (int i = 0; i < cells; i++)
			mvaddch(y, x + i, '?');
		return;
	}
	setcchar(&cc, w, attr & ~A_COLOR, (short)PAIR_NUMBER(attr), NULL);
	mvadd_wch(y, x, &cc);
}

static bool same(const struct g_cell *a, const struct g_cell *b)
{
	return a->attr == b->attr && strcmp(a->text, b->text) == 0;
}

/* A wide cluster changes with either of its halves. */
static void paint_row(const struct grid *g, int y, bool all)
{
	const struct g_cell *row = &g->cells[(size_t)y * (size_t)g->cols];
	struct g_cell *old = &shown.cells[(size_t)y * (size_t)g->cols];

	for (int x = 0; x < g->cols; x++) {
		bool wide = x + 1 < g->cols && !row[x + 1].text[0];

		if (!row[x].text[0])
			continue;
		if (all || !same(&row[x], &old[x]) || (wide && !same(&row[x + 1], &old[x + 1])))
			put_cell(y, x, &row[x], wide ? 2 : 1);
	}
	memcpy(old, row, (size_t)g->cols * sizeof(*row));
}

void screen_paint(const struct grid *g, bool all)
{
	bool fresh = all || shown.rows != g->rows || shown.cols != g->cols;

	if (fresh) {
		if (!grid_resize(&shown, g->rows, g->cols))
			return;
		erase();
	}
	if (all)
		clearok(stdscr, TRUE);
	for (int y = 0; y < g->rows; y++)
		paint_row(g, y, fresh);
	move(g->cursor_y, g->cursor_x);
	refresh();
}

static int key_of(wint_t c)
{
	static const struct {
		int curses, key;
	} map[] = {{KEY_UP, KEY_CURSOR_UP}, {KEY_DOWN, KEY_CURSOR_DOWN}, {KEY_LEFT, KEY_CURSOR_LEFT},
	    {KEY_RIGHT, KEY_CURSOR_RIGHT}, {KEY_PPAGE, KEY_PAGE_UP}, {KEY_NPAGE, KEY_PAGE_DOWN},
	    {KEY_HOME, KEY_TO_HOME}, {KEY_END, KEY_TO_END}, {KEY_BTAB, KEY_BACK_TAB},
	    {KEY_DC, KEY_DELETE_NEXT}, {KEY_BACKSPACE, KEY_DELETE_BACK}, {KEY_ENTER, KEY_RETURN}};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		if ((int)c == map[i].curses)
			return map[i].key;
	}
	if (c >= KEY_F(1) && c <= KEY_F(12))
		return KEY_FUNCTION + (int)c - KEY_F0;
	return KEY_NONE;
}

/* All up to the end of the paste; line feeds as blanks. */
static void read_paste(struct screen_input *ret)
{
	struct buf b;
	wint_t c;
	int r;

	buf_init(&b, sizeof(ret->paste) - 1);
	timeout(200);
	while ((r = get_wch(&c)) != ERR && !(r == KEY_CODE_YES && c == PASTE_END)) {
		if (r == OK)
			buf_cp(&b, c == '\n' || c == '\r' || c == '\t' ? ' ' : (uint32_t)c);
	}
	nodelay(stdscr, TRUE);
	memcpy(ret->paste, buf_str(&b), b.len);
	ret->paste[b.len] = '\0';
	buf_done(&b);
}

static enum screen_event read_mouse(struct screen_input *ret)
{
	MEVENT m;

	if (getmouse(&m) != OK)
		return SCREEN_NOTHING;
	if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		ret->key = m.bstate & BUTTON4_PRESSED ? KEY_CURSOR_UP : KEY_CURSOR_DOWN;
		return SCREEN_KEY;
	}
	ret->y = m.y;
	ret->x = m.x;
	ret->twice = m.bstate & BUTTON1_DOUBLE_CLICKED;
	return SCREEN_CLICK;
}

enum screen_event screen_read(struct screen_input *ret)
{
	wint_t c;
	int r;

	for (;;) {
		errno = 0;
		r = get_wch(&c);
		if (r == ERR)
			return errno == EIO ? SCREEN_END : SCREEN_NOTHING;
		ret->key = r == OK ? (int)c : key_of(c);
		if (r == KEY_CODE_YES && c == PASTE_BEGIN) {
			read_paste(ret);
			return SCREEN_PASTE;
		}
		if (r == KEY_CODE_YES && c == KEY_MOUSE && read_mouse(ret) != SCREEN_NOTHING)
			return ret->key == KEY_NONE ? SCREEN_CLICK : SCREEN_KEY;
		if (ret->key != KEY_NONE)
			return SCREEN_KEY;
	}
}
