/* SPDX-License-Identifier: MIT */
/* What may be typed next: tix __complete WORD... prints a line for each candidate of the last word,
 * with a tab and what it is; ":files" asks the shell for files, ":nospace" for no space behind. The
 * shells' scripts call it; it never says an error. */
#include "cli/complete.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/edit.h"
#include "cli/help.h"
#include "cli/job.h"
#include "cli/params.h"

/* Harmless in every shell, unquoted. */
static bool is_plain(const char *s)
{
	return *s && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			       "-_./:=,@+%") == strlen(s);
}

static void put(const struct complete *w, const char *word, const char *doc)
{
	struct buf *b = &w->c->out;
	AUTO(buf) struct buf safe = {0};

	if (!is_plain(word))
		return;
	buf_printf(b, "%s%s", w->head, word);
	if (doc && *doc) {
		buf_init(&safe, 4096);
		text_safe(&safe, doc, strlen(doc));
		for (char *s = safe.data; s && !safe.failed && *s; s++) {
			if (*s == '\t' || *s == '\n')
				*s = ' ';
		}
		buf_printf(b, "\t%s", buf_str(&safe));
	}
	buf_putc(b, '\n');
}

void complete_word(const struct complete *w, const char *word, const char *doc)
{
	if (word && strncmp(word, w->cur, strlen(w->cur)) == 0)
		put(w, word, doc);
}

/* The daemon forgives O for 0 and looks itself; here only what has no dash or case is compared. */
void complete_code(const struct complete *w, const char *word, const char *doc)
{
	const char *have = word, *want = w->cur;

	for (; have && *want; want++) {
		char c = *want >= 'a' && *want <= 'z' ? (char)(*want - 32) : *want;

		if (c == '-')
			continue;
		have += *have == '-';
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if ((*have >= 'a' && *have <= 'z' ? *have - 32 : *have) != c)
			return;
		have++;
	}
	if (word)
		put(w, word, doc);
}

void complete_words(const struct complete *w, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");

		complete_word(w, arena_strndup(w->c->arena, words, len), NULL);
		words += len + (words[len] == ' ');
	}
}

void complete_files(struct complete *w)
{
	buf_puts(&w->c->out, ":files\n");
}

void complete_open(struct complete *w)
{
	buf_puts(&w->c->out, ":nospace\n");
}

static void nouns_and_commands(struct typed *l)
{
	for (int i = 0; i < RPC_COUNT; i++) {
		const char *name = rpc_methods[i].name;
		size_t len = strcspn(name, ".");
		bool seen = rpc_methods[i].flags & RPC_TEST;

		for (int k = 0; k < i; k++)
			seen |= strncmp(rpc_methods[k].name, name, len + 1) == 0;
		if (!seen)
			complete_word(&l->w, arena_strndup(l->w.c->arena, name, len), NULL);
	}
	for (const struct command *cmd = commands; cmd->name; cmd++) {
		if (!help_is_noun(cmd->name))
			complete_word(&l->w, cmd->name, cmd->doc);
	}
}

static void verbs(struct typed *l)
{
	size_t len = strlen(l->noun);

	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];

		if (strncmp(m->name, l->noun, len) == 0 && m->name[len] == '.' &&
		    !(m->flags & (RPC_STREAM | RPC_TEST)) && m->id != RPC_journal_unfollow)
			complete_word(&l->w, m->name + len + 1, m->doc);
	}
	if (edit_method(l->noun))
		complete_word(&l->w, "edit", "Change it as text in $EDITOR.");
}

static const struct shape_field *field_named(const struct typed *l, const char *name, size_t len)
{
	return args_find_field(l->m ? l->m->in : NULL, name, len);
}

/* The option of this command, else of every one. */
static const struct opt *opt_named(const struct typed *l, const char *name, size_t len)
{
	const struct opt *o = args_find_opt(l->opts, name, len);

	return o || field_named(l, name, len) ? o : args_find_opt(args_globals, name, len);
}

static bool flag_wants_value(const struct typed *l, const char *name, size_t len)
{
	const struct opt *o = opt_named(l, name, len);
	const struct shape_field *f = o ? NULL : field_named(l, name, len);

	return f ? f->type != FT_bool : o && o->word;
}

static void flags(struct typed *l)
{
	struct cli *c = l->w.c;

	for (unsigned i = 0; l->m && i < l->m->in->nfields; i++) {
		const struct shape_field *f = &l->m->in->fields[i];

		if ((f->flags & FF_POS) || strcmp(f->name, "idempotency_key") == 0 ||
		    strcmp(f->name, "cursor") == 0 || args_hidden(f))
			continue;
		complete_word(&l->w, args_flag(c, f->name), f->doc);
		if ((f->flags & FF_NULL) && strncmp(l->w.cur, "--no-", 5) == 0)
			complete_word(&l->w, args_flag(c, arena_printf(c->arena, "no-%s", f->name)), f->doc);
	}
	for (const struct opt *o = l->opts; o && o->name; o++)
		complete_word(&l->w, args_flag(c, o->name), o->doc);
	for (const struct opt *o = args_globals; o->name; o++) {
		if (opt_named(l, o->name, strlen(o->name)) == o)
			complete_word(&l->w, args_flag(c, o->name), o->doc);
	}
}

/* The value of an option, by the word that help calls it. */
static void option_value(struct typed *l, const char *name, const char *word)
{
	if (strcmp(word, "FILE") == 0 || strcmp(word, "PATH") == 0 || strcmp(word, "DIR") == 0)
		complete_files(&l->w);
	else if (strcmp(word, "EVENT") == 0)
		live_events(&l->w, "");
	else if (strcmp(name, "output") == 0)
		complete_words(&l->w, "table tsv json jsonl csv");
	else if (strcmp(name, "color") == 0)
		complete_words(&l->w, "auto always never");
	else if (strcmp(name, "fields") == 0 || strcmp(name, "sort") == 0)
		complete_columns(l);
	else if (strcmp(word, "CODE") == 0)
		live_tickets(&l->w);
}

static void flag_value(struct typed *l)
{
	size_t len = strlen(l->flag);
	const struct opt *o = opt_named(l, l->flag, len);
	const struct shape_field *f = o ? NULL : field_named(l, l->flag, len);

	if (f)
		complete_value(l, f);
	else if (o && o->word)
		option_value(l, o->name, o->word);
}

/* The field of the positional that is being typed. */
static void positional(struct typed *l)
{
	const struct shape *s = l->m->in;
	int at = l->npos;

	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];
		bool is_pair = params_pair(s, i);

		if (!(f->flags & FF_POS))
			continue;
		if (at-- > 0 && !(f->type == FT_texts || params_many(l->m))) {
			i += is_pair;
			continue;
		}
		if (is_pair)
			complete_pair(l, &s->fields[i + 1]);
		else
			complete_value(l, f);
		return;
	}
}

static void any_code(struct typed *l)
{
	if (strchr(l->w.cur, '/'))
		live_tickets(&l->w);
	live_events(&l->w, "");
	live_jobs(&l->w);
	if (!strchr(l->w.cur, '/'))
		live_orders(&l->w);
}

/* Arguments of commands: word by word what they are. */
static void command_argument(struct typed *l)
{
	static const struct {
		const char *command, *first, *rest;
	} known[] = {
	    {"show", "CODE", "CODE"},
	    {"watch", "EVENT", ""},
	    {"import", "events orders", "FILE"},
	    {"export", "events orders attendees", "EVENT"},
	    {"doctor", "PAIR", ""},
	    {"config", "show check path", "FILE"},
	    {"db", "status backup check restore clone init migrate", "FILE"},
	    {"api", "METHOD", "FILE"},
	    {"bench", "onsale", ""},
	    {"completion", "bash zsh fish", ""},
	};
	static const struct shape_field category = {.type = FT_category};
	const char *what = "";

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcmp(l->cmd->name, known[i].command) == 0)
			what = l->npos == 0 ? known[i].first : known[i].rest;
	}
	if (strcmp(what, "CODE") == 0)
		any_code(l);
	else if (strcmp(what, "EVENT") == 0)
		live_events(&l->w, "");
	else if (strcmp(what, "PAIR") == 0)
		complete_pair(l, &category);
	else if (strcmp(what, "FILE") == 0)
		complete_files(&l->w);
	else if (strcmp(what, "METHOD") == 0)
		complete_methods(l);
	else
		complete_words(&l->w, what);
}

static void help_argument(struct typed *l)
{
	if (l->npos == 0) {
		nouns_and_commands(l);
		complete_words(&l->w, "flags verbs");
	} else if (l->npos == 1) {
		l->noun = l->word[l->n - 2];
		verbs(l);
	}
}

static void take_word(struct typed *l, const char *word)
{
	if (!l->noun && !l->cmd) {
		l->cmd = command_find(word);
		l->m = l->cmd ? l->cmd->method : NULL;
		l->opts = l->cmd ? l->cmd->opts : NULL;
		if (!l->cmd)
			l->noun = word;
	} else if (l->noun && !l->verb) {
		l->verb = word;
		l->m = method_find(l->noun, word);
		if (!l->m && strcmp(word, "edit") == 0)
			l->m = edit_method(l->noun);
		l->opts = l->m ? job_opts(l->m) : NULL;
	} else {
		const struct shape_field *event = field_named(l, "event", 5);
		size_t len = strcspn(word, "/");

		if (l->npos++ == 0 && event && (event->flags & FF_POS))
			l->w.event = arena_strndup(l->w.c->arena, word, len);
	}
}

/* The name of a flag, or of a short one; its value may follow the =. */
static const char *flag_name(struct cli *c, const char *word)
{
	if (word[1] == '-')
		return arena_strndup(c->arena, word + 2, strcspn(word + 2, "="));
	if (word[1] && !word[2])
		return word[1] == 'e' ? "event" : word[1] == 'o' ? "output" : "help";
	return "help";
}

static void read_line(struct typed *l)
{
	for (int i = 0; i < l->n - 1; i++) {
		const char *word = l->word[i], *name;

		if (word[0] != '-' || !word[1]) {
			take_word(l, word);
			continue;
		}
		name = flag_name(l->w.c, word);
		if (!name || strchr(word, '=') || !flag_wants_value(l, name, strlen(name)))
			continue;
		if (++i == l->n - 1)
			l->flag = name;
		else if (strcmp(name, "event") == 0)
			l->w.event = l->word[i];
	}
}

static void offer(struct typed *l)
{
	const char *equals = l->w.cur[0] == '-' && l->w.cur[1] == '-' ? strchr(l->w.cur, '=') : NULL;

	if (equals && !l->flag) {
		l->flag = flag_name(l->w.c, l->w.cur);
		complete_skip(&l->w, (size_t)(equals + 1 - l->w.cur));
	}
	if (l->flag)
		flag_value(l);
	else if (l->w.cur[0] == '-' && (l->m || l->cmd || !l->noun))
		flags(l);
	else if (l->m && !l->cmd)
		positional(l);
	else if (l->cmd && strcmp(l->cmd->name, "help") == 0)
		help_argument(l);
	else if (l->cmd)
		command_argument(l);
	else if (l->noun && !l->verb)
		verbs(l);
	else if (!l->noun)
		nouns_and_commands(l);
}

int cmd_complete(struct cli *c, int argc, char **argv)
{
	char empty[] = "";
	char *nothing[] = {empty};
	struct typed l = {.w = {.c = c, .head = "", .event = c->event}, .word = argv + 1, .n = argc - 1};

	if (l.n < 1) {
		l.word = nothing;
		l.n = 1;
	}
	l.w.cur = l.word[l.n - 1];
	read_line(&l);
	offer(&l);
	return 0;
}
