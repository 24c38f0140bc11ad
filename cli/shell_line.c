/* SPDX-License-Identifier: MIT */
/* Splits a line of the shell. Words are as in sh, but for braces: what stands between them is JSON
 * and is taken as it is, blanks, quotes and line ends included. */
#include "cli/shell_line.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define BLANKS " \t\r\n"

struct split {
	struct arena *arena;
	const char *s; /* what is left */
	struct shell_line *line;
	struct buf word;
	bool bare;
	struct err *err;
};

static int no_memory(struct split *p)
{
	return err_set(p->err, TIX_EINTERNAL, NULL, "out of memory");
}

/* '...' or "...", from behind the quote. 1: it does not end. */
static int quoted(struct split *p, char quote)
{
	p->bare = false;
	for (; *p->s && *p->s != quote; p->s++) {
		if (quote == '"' && *p->s == '\\' && (p->s[1] == '"' || p->s[1] == '\\'))
			p->s++;
		buf_putc(&p->word, *p->s);
	}
	if (!*p->s)
		return 1;
	p->s++;
	return 0;
}

/* A text within JSON, quotes included. */
static int json_text(struct split *p)
{
	do {
		if (*p->s == '\\' && p->s[1])
			buf_putc(&p->word, *p->s++);
		buf_putc(&p->word, *p->s++);
	} while (*p->s && *p->s != '"');
	if (!*p->s)
		return 1;
	buf_putc(&p->word, *p->s++);
	return 0;
}

/* {...}, as far as its own brace. */
static int braces(struct split *p)
{
	size_t depth = 0;

	p->bare = false;
	do {
		if (*p->s == '"') {
			if (json_text(p))
				return 1;
			continue;
		}
		depth += *p->s == '{';
		depth -= *p->s == '}';
		buf_putc(&p->word, *p->s++);
	} while (*p->s && depth > 0);
	return depth > 0;
}

/* Behind a backslash: the next byte as it is, or nothing where the line ends. */
static int escaped(struct split *p)
{
	if (!*p->s)
		return 1;
	if (*p->s == '\r' && p->s[1] == '\n')
		p->s++;
	if (*p->s != '\n') {
		p->bare = false;
		buf_putc(&p->word, *p->s);
	}
	p->s++;
	return !*p->s && p->s[-1] == '\n';
}

/* Up to the next word; a backslash at the end of a line is as a blank there. 1: it is the last. */
static int skip(struct split *p)
{
	bool escape = false;

	while (*p->s) {
		size_t n = strspn(p->s, BLANKS);

		if (n == 0 && *p->s == '\\')
			n = p->s[1] == '\n' ? 2 : p->s[1] == '\r' && p->s[2] == '\n' ? 3 : 0;
		if (n == 0)
			break;
		escape = *p->s == '\\';
		p->s += n;
	}
	return escape && !*p->s;
}

/* The word that begins here, into p->word. */
static int word(struct split *p)
{
	int r = 0;

	buf_clear(&p->word);
	p->bare = true;
	while (r == 0 && *p->s && !strchr(BLANKS, *p->s) && *p->s != '|') {
		char c = *p->s;

		if (c == '{') {
			r = braces(p);
			continue;
		}
		p->s++;
		if (c == '\'' || c == '"')
			r = quoted(p, c);
		else if (c == '\\')
			r = escaped(p);
		else
			buf_putc(&p->word, c);
	}
	p->line->word_open = !*p->s;
	return r;
}

static int keep(struct split *p)
{
	struct shell_line *l = p->line;
	struct shell_word *more = arena_more(p->arena, l->word, l->n, &l->cap, sizeof(*more));

	if (!more || p->word.failed)
		return no_memory(p);
	l->word = more;
	more[l->n] = (struct shell_word){arena_strdup(p->arena, buf_str(&p->word)), p->bare};
	return more[l->n++].text ? 0 : no_memory(p);
}

/* What people type who think of sh. */
static int foreign(struct split *p)
{
	const char *w = buf_str(&p->word);

	if (!p->bare || (strcmp(w, ";") != 0 && strcmp(w, "&") != 0 && strcmp(w, "&&") != 0))
		return 0;
	err_set(p->err, TIX_EBAD_VALUE, NULL, "a line is one command: no %s here", w);
	err_hint(p->err, "a line for each, or quote it: '%s'", w);
	return TIX_EBAD_VALUE;
}

static int pipe_to(struct split *p)
{
	const char *s = p->s + 1;

	s += strspn(s, BLANKS);
	p->s += strlen(p->s);
	p->line->word_open = false;
	if (!*s || *s == '|') {
		err_set(p->err, TIX_EBAD_VALUE, NULL, "| wants a program");
		err_hint(p->err, "order list --jsonl | jq .code; quote it where it is a value");
		return TIX_EBAD_VALUE;
	}
	p->line->pipe = s;
	return 0;
}

/* > FILE and >> FILE, which end the line but for | */
static int file(struct split *p)
{
	int r;

	p->s++;
	if (*p->s == '=') {
		err_set(p->err, TIX_EBAD_VALUE, NULL, ">= unquoted");
		err_hint(p->err, "--total '>=100'; a file: > FILE");
		return TIX_EBAD_VALUE;
	}
	p->line->append = *p->s == '>';
	p->s += p->line->append;
	skip(p);
	p->line->file_open = true;
	r = word(p);
	if (r)
		return r;
	p->line->file_open = p->line->word_open;
	p->line->file = arena_strdup(p->arena, buf_str(&p->word));
	if (!p->line->file)
		return no_memory(p);
	if (!*p->line->file || p->s[strspn(p->s, BLANKS)])
		return err_set(p->err, TIX_EBAD_VALUE, NULL,
		    *p->line->file ? "nothing may follow > FILE" : "> wants a file");
	return 0;
}

/* One word, or what stands for none. */
static int piece(struct split *p)
{
	int r;

	p->line->word_open = false;
	if (*p->s == '#') {
		p->s += strcspn(p->s, "\n");
		return 0;
	}
	if (*p->s == '|')
		return pipe_to(p);
	if (*p->s == '>')
		return file(p);
	r = word(p);
	if (r == 1 && p->bare && p->word.len == 0) {
		p->line->word_open = false; /* a backslash alone is no word */
		return 1;
	}
	if (r == 0)
		r = foreign(p);
	if (r >= 0 && keep(p) < 0)
		r = TIX_EINTERNAL;
	return r;
}

/* "-order cancel": a line that may fail. -e, -n and --flags are what they are everywhere. */
static void leading_dash(struct split *p)
{
	p->s += strspn(p->s, BLANKS);
	if (*p->s != '-' || p->s[1] == '-')
		return;
	if (p->s[1] && !strchr(BLANKS, p->s[1]) && (!p->s[2] || strchr(BLANKS, p->s[2])))
		return;
	p->line->may_fail = true;
	p->s++;
}

int shell_line_split(struct arena *a, const char *text, struct shell_line *ret, struct err *e)
{
	struct split p = {.arena = a, .s = text, .line = ret, .err = e};
	int r = 0;

	*ret = (struct shell_line){.n = 0};
	buf_init(&p.word, 0);
	leading_dash(&p);
	r = skip(&p);
	while (r == 0 && *p.s) {
		r = piece(&p);
		if (r == 0)
			r = skip(&p);
	}
	buf_done(&p.word);
	return r;
}
