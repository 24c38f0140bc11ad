/* SPDX-License-Identifier: MIT */
/* A person types: libedit edits a line, keeps the history and finds in it. ^C drops what was typed,
 * ^D on an empty line leaves. */
#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "cli/out.h"
#include "cli/shell.h"
#include "cli/shell_history.h"
#include "cli/shell_tab.h"

#define LINE_BYTES (4u * 1024 * 1024)
#define CTRL_C 3

struct editor {
	EditLine *el;
	History *history;
	char path[4096]; /* of the history; "" none */
	struct buf text; /* of the command, all its lines so far */
	struct buf prompt;
	bool dropped; /* by ^C */
	mbstate_t wide;
};

static volatile sig_atomic_t interrupted, resized, continued;

static void on_signal(int number)
{
	if (number == SIGINT)
		interrupted = 1;
	else if (number == SIGWINCH)
		resized = 1;
	else
		continued = 1;
}

static const int caught[] = {SIGINT, SIGWINCH, SIGCONT};

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		sigaction(caught[i], &action, NULL);
}

/* What the terminal was told while a key was waited for. */
static void after_signal(EditLine *el)
{
	if (resized)
		el_resize(el);
	if (continued)
		el_set(el, EL_PREP_TERM, 1);
	if (resized || continued)
		el_set(el, EL_REFRESH);
	resized = continued = 0;
}

/* Until there is a key or a signal, also one that came just before. */
static void wait_for_key(void)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};
	sigset_t held, was;

	sigemptyset(&held);
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		sigaddset(&held, caught[i]);
	sigprocmask(SIG_BLOCK, &held, &was);
	if (!interrupted && !resized && !continued)
		ppoll(&p, 1, NULL, &was);
	sigprocmask(SIG_SETMASK, &was, NULL);
}

/* The next key. ^C comes as a signal and is a key here. */
static int next_key(EditLine *el, wchar_t *ret)
{
	struct editor *ed = NULL;

	el_get(el, EL_CLIENTDATA, &ed);
	while (true) {
		ssize_t n;
		char byte;

		wait_for_key();
		if (interrupted) {
			interrupted = 0;
			*ret = CTRL_C;
			return 1;
		}
		if (resized || continued) {
			after_signal(el);
			continue;
		}
		n = read(0, &byte, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		switch (mbrtowc(ret, &byte, 1, &ed->wide)) {
		case (size_t)-2:
			continue;
		case (size_t)-1: /* no UTF-8: dropped */
			memset(&ed->wide, 0, sizeof(ed->wide));
			continue;
		default:
			return 1;
		}
	}
}

static unsigned char drop(EditLine *el, int ch)
{
	struct editor *ed = NULL;

	(void)ch;
	el_get(el, EL_CLIENTDATA, &ed);
	ed->dropped = true;
	fputs("^C\n", stdout);
	return CC_NEWLINE;
}

static char *prompt(EditLine *el)
{
	struct editor *ed = NULL;
	const char *event = getenv("TIX_EVENT");

	el_get(el, EL_CLIENTDATA, &ed);
	buf_clear(&ed->prompt);
	if (ed->text.len > 0)
		buf_puts(&ed->prompt, "...> ");
	else if (event && *event) {
		buf_puts(&ed->prompt, "tix ");
		out_safe(&ed->prompt, event);
		buf_puts(&ed->prompt, "> ");
	} else
		buf_puts(&ed->prompt, "tix> ");
	return (char *)buf_str(&ed->prompt);
}

static void remember(void *arg, const char *line)
{
	struct editor *ed = arg;
	HistEvent ignored;

	history(ed->history, &ignored, H_ENTER, line);
}

static void bind_keys(EditLine *el)
{
	static const char *const keys[][2] = {{"^I", "tix-tab"}, {"^C", "tix-drop"}, {"^R", "em-inc-search-prev"},
	    {"\033[3~", "ed-delete-next-char"}, {"\033[1~", "ed-move-to-beg"}, {"\033[4~", "ed-move-to-end"},
	    {"\033[1;5C", "em-next-word"}, {"\033[1;5D", "ed-prev-word"}};

	el_set(el, EL_EDITOR, "emacs");
	/* Wide, since libedit would make and lose copies of the others. */
	el_wset(el, EL_ADDFN, L"tix-tab", L"complete", shell_tab);
	el_wset(el, EL_ADDFN, L"tix-drop", L"drop the line", drop);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		el_set(el, EL_BIND, keys[i][0], keys[i][1], NULL);
}

static int open_editor(struct editor *ed, struct err *e)
{
	HistEvent ignored;

	setlocale(LC_CTYPE, "C.UTF-8");
	buf_init(&ed->text, LINE_BYTES / 4);
	buf_init(&ed->prompt, 4096);
	ed->el = el_init("tix", stdin, stdout, stderr);
	ed->history = history_init();
	if (!ed->el || !ed->history)
		return err_set(e, TIX_EINTERNAL, NULL, "the terminal cannot be used");
	history(ed->history, &ignored, H_SETSIZE, SHELL_HISTORY_LINES);
	el_set(ed->el, EL_CLIENTDATA, ed);
	el_set(ed->el, EL_PROMPT, prompt);
	el_set(ed->el, EL_HIST, history, ed->history);
	el_set(ed->el, EL_GETCFN, next_key);
	bind_keys(ed->el);
	el_source(ed->el, NULL);
	if (shell_history_path(ed->path, sizeof(ed->path)))
		shell_history_load(ed->path, remember, ed);
	else
		ed->path[0] = '\0';
	return 0;
}

static void close_editor(struct editor *ed)
{
	if (ed->history)
		history_end(ed->history);
	if (ed->el)
		el_end(ed->el);
	shell_tab_after(NULL);
	buf_done(&ed->text);
	buf_done(&ed->prompt);
}

/* Keeps a whole command, on one line. */
static void keep(struct editor *ed)
{
	char *text = ed->text.data;
	size_t len = ed->text.len;
	HistEvent last;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	for (char *s = text; s && *s; s++) {
		if (*s == '\\' && s[1] == '\n')
			*s++ = ' ';
		if (*s == '\n')
			*s = ' ';
	}
	if (!text || !shell_history_keeps(text) ||
	    (history(ed->history, &last, H_FIRST) >= 0 && strcmp(last.str, text) == 0))
		return;
	remember(ed, text);
	if (ed->path[0])
		shell_history_add(ed->path, text);
}

/* One more line was typed; runs the command when it is whole. */
static void typed(struct shell *sh, struct editor *ed, struct arena *a, const char *line)
{
	struct shell_line l;
	struct err e = {0};
	int open;

	buf_puts(&ed->text, line);
	arena_reset(a);
	open = ed->text.failed ? err_set(&e, TIX_EBAD_VALUE, NULL, "the line is too long")
			       : shell_line_split(a, buf_str(&ed->text), &l, &e);
	if (open > 0) {
		shell_tab_after(buf_str(&ed->text));
		return;
	}
	keep(ed);
	buf_clear(&ed->text);
	shell_tab_after(NULL);
	if (open < 0)
		out_error(sh->c, &e);
	else
		shell_do(sh, a, &l);
	catch_signals();
}

static void lines(struct shell *sh, struct editor *ed)
{
	AUTO(arena) struct arena *a = arena_new(LINE_BYTES);

	while (a && !sh->leave) {
		int n = 0;
		const char *line;

		ed->dropped = false;
		el_set(ed->el, EL_PREP_TERM, 1); /* before the prompt invites to type */
		line = el_gets(ed->el, &n);
		if (ed->dropped || interrupted) {
			interrupted = 0;
			buf_clear(&ed->text);
			shell_tab_after(NULL);
			continue;
		}
		if ((!line || n <= 0) && ed->text.len == 0)
			break;
		if (line && n > 0)
			typed(sh, ed, a, line);
		else
			buf_clear(&ed->text); /* ^D: what is open is left */
	}
	if (!sh->leave)
		putchar('\n');
}

int shell_person(struct shell *sh)
{
	struct editor ed = {.el = NULL};
	struct err e = {0};

	if (!isatty(1)) {
		err_set(&e, TIX_EBAD_VALUE, NULL, "the shell wants a terminal to write to");
		err_hint(&e, "a script: tix shell <FILE");
		return out_error(sh->c, &e);
	}
	if (open_editor(&ed, &e) < 0) {
		close_editor(&ed);
		return out_error(sh->c, &e);
	}
	catch_signals();
	out_say(sh->c, "tix %s: commands without \"tix\". Tab completes, use EVENT, ! the last order, help, ^D leaves.",
	    PACKAGE_VERSION);
	lines(sh, &ed);
	close_editor(&ed);
	return 0;
}
