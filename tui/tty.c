/* SPDX-License-Identifier: MIT */
/* The screen's loop. Signals come as a descriptor, so that nothing interrupts painting; those of a
 * crash give the terminal back before they do what they do. */
#include "tui/tty.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/linear.h"
#include "tui/screen.h"

static void on_crash(int number)
{
	screen_crash();
	signal(number, SIG_DFL);
	raise(number);
}

static void catch_crashes(void)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	struct sigaction a = {.sa_handler = on_crash, .sa_flags = SA_NODEFER};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &a, NULL);
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void resize(struct app *app)
{
	int rows, cols;

	screen_resized();
	screen_size(&rows, &cols);
	if (!grid_resize(&app->grid, rows, cols))
		app->quit = true;
	app->repaint |= REPAINT_ALL;
	app->urgent = true;
	/* Nobody knows what the terminal did with what it showed. */
	app->fresh = true;
}

static void read_signals(struct app *app, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGWINCH)
			resize(app);
		else if (info.ssi_signo == SIGTSTP)
			app->suspend = true;
		else
			app->quit = true;
	}
}

static void paint(void *ctx, struct app *app, unsigned parts)
{
	(void)ctx;
	app_compose(app, parts);
	screen_paint(&app->grid, app->fresh);
	if (app->copied[0])
		screen_copy(app->copied);
	app->copied[0] = '\0';
}

static void read_keys(struct app *app)
{
	struct screen_input in;
	enum screen_event what;

	while (!app->quit && !app->suspend) {
		in = (struct screen_input){0};
		what = screen_read(&in);
		if (what == SCREEN_NOTHING)
			return;
		if (what == SCREEN_KEY)
			app_key(app, in.key);
		else if (what == SCREEN_PASTE)
			app_paste(app, in.paste);
		else if (what == SCREEN_CLICK)
			app_click(app, in.y, in.x, in.twice);
		else
			app->quit = true;
	}
}

int tty_run(struct app *app, bool mono, struct err *e)
{
	struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
	int r;

	fds[1].fd = signals_open();
	if (fds[1].fd < 0)
		return err_set(e, TIX_EINTERNAL, NULL, "signalfd: %s", strerror(errno));
	catch_crashes();
	r = screen_open(mono, e);
	if (r < 0)
		return r;
	app->paint = paint;
	resize(app);
	while (!app->quit) {
		int64_t next = app_work(app);

		if (app_wait(app, fds, 2, next) < 0)
			break;
		if (fds[1].revents)
			read_signals(app, fds[1].fd);
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			app->quit = true;
		else if (fds[0].revents)
			read_keys(app);
		if (app->suspend) {
			app->suspend = false;
			screen_suspend();
			resize(app);
		}
	}
	screen_close();
	close(fds[1].fd);
	return 0;
}

/* One key of what was read: a code point, or a sequence of the cursor keys. */
static int next_key(const char *s, size_t len, size_t *ret_len)
{
	static const int csi[] = {['A'] = KEY_CURSOR_UP, ['B'] = KEY_CURSOR_DOWN,
	    ['C'] = KEY_CURSOR_RIGHT, ['D'] = KEY_CURSOR_LEFT, ['F'] = KEY_TO_END, ['H'] = KEY_TO_HOME,
	    ['Z'] = KEY_BACK_TAB};
	uint32_t cp;
	int n;

	if (len > 2 && s[0] == '\033' && (s[1] == '[' || s[1] == 'O')) {
		size_t at = 2;

		while (at < len - 1 && (unsigned char)s[at] < 0x40)
			at++;
		*ret_len = at + 1;
		return (size_t)(unsigned char)s[at] < ARRAY_LEN(csi) ? csi[(unsigned char)s[at]]
								     : KEY_NONE;
	}
	n = utf8_next(s, len, &cp);
	*ret_len = n > 0 ? (size_t)n : 1;
	return n > 0 ? (int)cp : KEY_NONE;
}

static void read_line_keys(struct app *app)
{
	char text[256];
	ssize_t got = read(STDIN_FILENO, text, sizeof(text));

	if (got <= 0)
		app->quit = true;
	for (size_t at = 0, n; got > 0 && at < (size_t)got; at += n) {
		int key = next_key(text + at, (size_t)got - at, &n);

		if (key != KEY_NONE)
			app_key(app, key == '\n' ? KEY_RETURN : key);
	}
}

static void note_parts(void *ctx, struct app *app, unsigned parts)
{
	unsigned *due = ctx;

	(void)app;
	*due |= parts;
}

/* All that has come; the terminal may take it slowly. */
static void speak(struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(STDOUT_FILENO, buf_str(b) + at, b->len - at);

		if (n < 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	buf_clear(b);
}

/* How the terminal was, and how it is while one key is read at a time. */
struct line_modes {
	bool tty;
	struct termios before, keys;
};

static void take(const struct line_modes *m)
{
	if (m->tty)
		tcsetattr(STDIN_FILENO, TCSANOW, &m->keys);
}

static void give_back(const struct line_modes *m)
{
	if (m->tty)
		tcsetattr(STDIN_FILENO, TCSANOW, &m->before);
}

static void talk(struct app *app, struct pollfd *fds, const struct line_modes *modes)
{
	struct linear l;
	struct buf b;
	unsigned parts = REPAINT_ALL;
	int64_t again = INT64_MAX;

	linear_init(&l);
	buf_init(&b, 0);
	app->paint = note_parts;
	app->paint_ctx = &parts;
	while (!app->quit) {
		int64_t next = app_work(app), now = clock_mono(clock_system());

		if ((parts & (REPAINT_BODY | REPAINT_FOOT)) || now >= again)
			again = linear_say(&l, app, now, &b);
		parts = 0;
		speak(&b);
		if (app_wait(app, fds, 2, again < next ? again : next) < 0)
			break;
		if (fds[1].revents)
			read_signals(app, fds[1].fd);
		if (fds[0].revents)
			read_line_keys(app);
		if (app->suspend) {
			app->suspend = false;
			give_back(modes);
			raise(SIGSTOP);
			take(modes);
			linear_done(&l);
			linear_init(&l);
			parts = REPAINT_ALL;
		}
	}
	linear_done(&l);
	buf_done(&b);
}

int tty_run_linear(struct app *app, struct err *e)
{
	struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
	struct line_modes modes = {.tty = false};

	fds[1].fd = signals_open();
	if (fds[1].fd < 0)
		return err_set(e, TIX_EINTERNAL, NULL, "signalfd: %s", strerror(errno));
	modes.tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &modes.before) == 0;
	modes.keys = modes.before;
	modes.keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	modes.keys.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	take(&modes);
	talk(app, fds, &modes);
	give_back(&modes);
	close(fds[1].fd);
	return 0;
}
