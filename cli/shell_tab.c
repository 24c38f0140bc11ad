/* SPDX-License-Identifier: MIT */
/* Completion in the shell. The words come from a child that has 50 ms to ask the daemon, so that a
 * key is never waited for. Nothing of it changes what was typed. */
#include "cli/shell_tab.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cli/shell.h"

#define TAB_BYTES (4u * 1024 * 1024)
#define LISTED_MAX 1000

struct offer {
	char *word;
	const char *doc; /* "" none */
};

struct offers {
	struct offer *offer;
	size_t n, cap;
	bool files;	/* names of files go here */
	bool open;	/* no space behind */
	size_t same;	/* bytes that all words begin with */
	size_t longest; /* bytes of a word */
};

static char *before; /* what was typed in lines before this one; NULL: nothing */

/* The line as it was when Tab found nothing to put in: the same again lists. */
static char *stuck;

void shell_tab_after(const char *text)
{
	free(before);
	before = text && *text ? strdup(text) : NULL;
	free(stuck);
	stuck = NULL;
}

static void add(struct offers *o, struct arena *a, char *line)
{
	struct offer *more;
	char *tab = strchr(line, '\t');

	if (strcmp(line, ":files") == 0) {
		o->files = true;
		return;
	}
	if (strcmp(line, ":nospace") == 0) {
		o->open = true;
		return;
	}
	more = arena_more(a, o->offer, o->n, &o->cap, sizeof(*more));
	if (!more)
		return;
	if (tab)
		*tab = '\0';
	o->offer = more;
	more[o->n++] = (struct offer){line, tab ? tab + 1 : ""};
	if (strlen(line) > o->longest)
		o->longest = strlen(line);
	if (o->n == 1)
		o->same = strlen(line);
	for (size_t i = 0; i < o->same; i++) {
		if (line[i] != more[0].word[i])
			o->same = i;
	}
}

static void read_offers(struct offers *o, struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	while (copy && *copy) {
		size_t len = strcspn(copy, "\n");
		bool more = copy[len];

		copy[len] = '\0';
		add(o, a, copy);
		copy += len + more;
	}
}

/* Words with what they are below the line, as many as the screen has room for. */
static void list(const struct offers *o)
{
	struct winsize ws = {.ws_row = 24, .ws_col = 80};
	size_t rows, width;

	ioctl(1, TIOCGWINSZ, &ws);
	rows = ws.ws_row > 6 ? ws.ws_row - 4u : 2u;
	width = ws.ws_col >= 20 ? ws.ws_col - 1u : 19u;
	if (o->n <= rows)
		rows = o->n;
	else
		rows--;
	putchar('\n');
	for (size_t i = 0; i < rows && i < LISTED_MAX; i++) {
		const struct offer *f = &o->offer[i];
		size_t room = width > o->longest + 2 ? width - o->longest - 2 : 0;

		if (*f->doc && room > 0)
			printf("%-*s  %.*s%s\n", (int)o->longest, f->word,
			    (int)utf8_trim(f->doc, strlen(f->doc) > room ? room - 1 : room), f->doc,
			    strlen(f->doc) > room ? "\342\200\246" : "");
		else
			printf("%s\n", f->word);
	}
	if (o->n > rows)
		printf("and %zu more\n", o->n - rows);
	fflush(stdout);
}

/* Puts in what is sure; whether that is anything. The word may be typed in another case. */
static bool put_in(EditLine *el, struct arena *a, const struct offers *o, const char *typed)
{
	const char *word = o->offer[0].word;
	size_t have = strlen(typed);
	char *text;

	if (o->same < have || (o->n > 1 && o->same == have))
		return false;
	text = arena_printf(a, "%.*s%s", (int)o->same, word, o->n == 1 && !o->open ? " " : "");
	if (!text || strcmp(text, typed) == 0)
		return false;
	if (memcmp(text, typed, have) == 0)
		return el_insertstr(el, text + have) == 0;
	el_deletestr(el, (int)utf8_count(typed, have));
	return el_insertstr(el, text) == 0;
}

/* Whether Tab was pressed on this very line before. */
static bool again(const char *line)
{
	bool same = stuck && strcmp(stuck, line) == 0;

	free(stuck);
	stuck = same ? NULL : strdup(line);
	return same;
}

unsigned char shell_tab(EditLine *el, int ch)
{
	AUTO(arena) struct arena *a = arena_new(TAB_BYTES);
	const LineInfo *info = el_line(el);
	struct shell_line l = {.n = 0};
	struct offers o = {.n = 0};
	struct err e = {0};
	const char *line = a ? arena_printf(a, "%s%.*s", before ? before : "",
				   (int)(info->cursor - info->buffer), info->buffer) : NULL;
	const char *typed;

	if (!line || shell_line_split(a, line, &l, &e) == TIX_EINTERNAL || l.pipe)
		return CC_ERROR;
	if (l.file_open)
		return _el_fn_complete(el, ch);
	typed = l.word_open && l.n > 0 ? l.word[l.n - 1].text : "";
	read_offers(&o, a, shell_offers(a, &l));
	if (o.files && o.n == 0)
		return _el_fn_complete(el, ch);
	if (o.n == 0)
		return CC_REFRESH_BEEP;
	if (put_in(el, a, &o, typed)) {
		free(stuck);
		stuck = NULL;
		return CC_REFRESH;
	}
	if (!again(line))
		return CC_REFRESH_BEEP;
	list(&o);
	return CC_REDISPLAY;
}
