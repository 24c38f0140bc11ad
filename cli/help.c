/* SPDX-License-Identifier: MIT */
/* Help texts made from the table of methods; only the examples' values are chosen here. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/args.h"
#include "cli/edit.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/params.h"

/* Help is for people, whatever a command's output would be. */
static void begin(struct cli *c)
{
	out_setup(c);
	if (c->out_tty)
		c->mode = OUT_TABLE;
	pager_allow(c);
}

bool help_is_noun(const char *word)
{
	for (int i = 0; i < RPC_COUNT; i++) {
		if (rpc_of_noun(&rpc_methods[i], word))
			return true;
	}
	return false;
}

/* One line of a noun with its verbs; nothing for a noun that is a command as it is. */
static void verbs(struct cli *c, const struct rpc_method *first)
{
	size_t len = rpc_noun_len(first);
	const char *noun = arena_strndup(c->arena, first->name, len);

	if (!noun || command_find(noun))
		return;
	buf_printf(&c->out, "  %-10.*s", (int)len, first->name);
	for (const struct rpc_method *m = first; m < rpc_methods + RPC_COUNT; m++) {
		if (rpc_noun_len(m) == len && memcmp(m->name, first->name, len) == 0)
			buf_printf(&c->out, " %s", m->name + len + 1);
	}
	buf_puts(&c->out, edit_method(noun) ? " edit\n" : "\n");
}

static bool first_of_noun(int i)
{
	for (int k = 0; k < i; k++) {
		if (rpc_noun_len(&rpc_methods[k]) == rpc_noun_len(&rpc_methods[i]) &&
		    memcmp(rpc_methods[k].name, rpc_methods[i].name, rpc_noun_len(&rpc_methods[i])) == 0)
			return false;
	}
	return true;
}

/* Everything that can be typed, a line a noun and a line a command. */
static void help_verbs(struct cli *c)
{
	begin(c);
	buf_puts(&c->out, "nouns and verbs\n");
	for (int i = 0; i < RPC_COUNT; i++) {
		if (first_of_noun(i))
			verbs(c, &rpc_methods[i]);
	}
	buf_puts(&c->out, "\ncommands\n");
	for (const struct command *cmd = commands; cmd->name; cmd++)
		buf_printf(&c->out, "  %-30s %s\n", cmd->synopsis, cmd->doc);
}

/* A word of a list that is broken within 80 columns. */
static void put_word(struct cli *c, size_t *column, const char *word, size_t len)
{
	if (*column + len + 1 > 78) {
		buf_puts(&c->out, "\n         ");
		*column = 9;
	}
	buf_printf(&c->out, " %.*s", (int)len, word);
	*column += len + 1;
}

void help_all(struct cli *c)
{
	size_t column = 9;

	begin(c);
	buf_puts(&c->out, "usage: tix NOUN VERB [ID...] [--flags]\n       tix COMMAND ...\n\nnouns    ");
	for (int i = 0; i < RPC_COUNT; i++) {
		const char *name = rpc_methods[i].name;

		if (first_of_noun(i) && !command_find(arena_strndup(c->arena, name, rpc_noun_len(&rpc_methods[i]))))
			put_word(c, &column, name, rpc_noun_len(&rpc_methods[i]));
	}
	column = 9;
	buf_puts(&c->out, "\ncommands ");
	for (const struct command *cmd = commands; cmd->name; cmd++)
		put_word(c, &column, cmd->name, strlen(cmd->name));
	buf_puts(&c->out,
	    "\n\nexamples\n  tix event list\n"
	    "  tix order create summer-fair --line ga:2 --name \"A. Buyer\" --pay cash\n"
	    "\ntix help verbs        every noun with its verbs, every command in a line\n"
	    "tix help flags        flags of every command\n"
	    "tix NOUN -h           what a noun can do\n"
	    "tix NOUN VERB -h      flags and examples; tix COMMAND -h too\n"
	    "man tix, man tix-NOUN the same at length\n");
}

void help_noun(struct cli *c, const char *noun)
{
	begin(c);
	buf_printf(&c->out, "usage: tix %s VERB [ID...] [--flags]\n\n", noun);
	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];

		if (rpc_of_noun(m, noun))
			buf_printf(&c->out, "  %-10s %s\n", m->name + rpc_noun_len(m) + 1, m->doc);
	}
	if (edit_method(noun))
		buf_puts(&c->out, "  edit       Change it as text in $EDITOR.\n");
	buf_printf(&c->out, "\ntix %s VERB -h says more.\n", noun);
}

/* What a value is called in a synopsis. */
static const char *value_word(const struct shape_field *f)
{
	static const char *const words[FT_COUNT] = {
	    [FT_text] = "TEXT",
	    [FT_mtext] = "TEXT",
	    [FT_slug] = "SLUG",
	    [FT_email] = "ADDRESS",
	    [FT_zone] = "ZONE",
	    [FT_code] = "CODE",
	    [FT_event] = "EVENT",
	    [FT_venue] = "VENUE",
	    [FT_organizer] = "ORGANIZER",
	    [FT_category] = "CATEGORY",
	    [FT_quota] = "QUOTA",
	    [FT_cursor] = "CURSOR",
	    [FT_key] = "KEY",
	    [FT_method] = "METHOD",
	    [FT_when] = "TIME",
	    [FT_doc] = "JSON|@FILE",
	    [FT_i64] = "N",
	    [FT_degrees] = "DEGREES",
	    [FT_money_in] = "MONEY",
	    [FT_enum] = "WORD",
	    [FT_enums] = "WORD,...",
	    [FT_texts] = "A,B,...",
	    [FT_obj] = "JSON|@FILE",
	    [FT_list] = "JSON|@FILE",
	};

	if (f->type == FT_list && f->sub->nfields == 2 && f->sub->fields[1].type != FT_i64)
		return "TICKET:CATEGORY,...";
	if (f->type == FT_list && f->sub->nfields == 2)
		return f->sub->fields[0].type == FT_i64 ? "DAYS:COUNT,..." : "CATEGORY:COUNT,...";
	return words[f->type] ? words[f->type] : "";
}

static void put_field(struct cli *c, const struct shape_field *f)
{
	char flag[96];

	snprintf(flag, sizeof(flag), "%s %s", args_flag(c, f->name),
	    f->type == FT_bool ? "" : value_word(f));
	buf_printf(&c->out, "  %-28s %s%s", flag, f->flags & FF_REQ ? "(required) " : "", f->doc);
	for (const struct enum_word *w = f->set ? f->set->words : NULL; w && w->word; w++)
		buf_printf(&c->out, "%s%s", w == f->set->words ? " One of: " : ", ", w->word);
	buf_putc(&c->out, '\n');
}

static void put_fields(struct cli *c, const struct rpc_method *m)
{
	bool any = false;

	for (unsigned i = 0; i < m->in->nfields; i++) {
		const struct shape_field *f = &m->in->fields[i];

		if ((f->flags & FF_POS) || strcmp(f->name, "idempotency_key") == 0 ||
		    args_hidden(f))
			continue;
		if (!any)
			buf_puts(&c->out, "\nflags\n");
		any = true;
		put_field(c, f);
	}
}

/* A value that could be typed for a field, ready for a shell. */
static void put_example_value(struct cli *c, const struct shape_field *f)
{
	static const char *const values[FT_COUNT] = {
	    [FT_text] = "\"Summer Fair\"",
	    [FT_mtext] = "\"All day\"",
	    [FT_slug] = "summer-fair",
	    [FT_email] = "buyer@example.org",
	    [FT_zone] = "Europe/Berlin",
	    [FT_code] = "7K2M-9QXD",
	    [FT_event] = "summer-fair",
	    [FT_venue] = "town-hall",
	    [FT_organizer] = "acme",
	    [FT_category] = "ga",
	    [FT_quota] = "ga",
	    [FT_cursor] = "CURSOR",
	    [FT_key] = "KEY",
	    [FT_method] = "order.create",
	    [FT_when] = "\"2031-06-13 20:00\"",
	    [FT_doc] = "@more.json",
	    [FT_i64] = "10",
	    [FT_degrees] = "52.52",
	    [FT_money_in] = "45.00",
	    [FT_texts] = "ga",
	    [FT_obj] = "@venue.json",
	    [FT_list] = "@events.json",
	};
	static const char *const named[][2] = {
	    {"currency", "EUR"},
	    {"day", "2031-06-13"},
	    {"job", "j31"},
	    {"note", "\"Comes late\""},
	    {"payment", "7K2M-9QXD/p1"},
	    {"who", "buyer@example.org"},
	    {"refund", "7K2M-9QXD/r1"},
	    {"ticket", "7K2M-9QXD/1"},
	};

	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (strcmp(f->name, named[i][0]) == 0) {
			buf_puts(&c->out, named[i][1]);
			return;
		}
	}
	if (f->type == FT_enum || f->type == FT_enums)
		buf_puts(&c->out, f->set->words[0].word);
	else if (f->type == FT_list && f->sub->nfields == 2)
		buf_puts(&c->out, f->sub->fields[1].type == FT_i64 ? "ga:2" : "2:vip");
	else if (f->type == FT_slug && strcmp(f->name, "name") == 0)
		buf_puts(&c->out, "ga");
	else if (strcmp(f->name, "file") == 0)
		buf_puts(&c->out, "/srv/backup/tix-2031-06-13.backup");
	else if (strcmp(f->name, "who") == 0)
		buf_puts(&c->out, "buyer@example.org");
	else if (f->type == FT_slug && strcmp(f->name, "venue") == 0)
		buf_puts(&c->out, "town-hall");
	else if (f->type == FT_slug && strcmp(f->name, "organizer") == 0)
		buf_puts(&c->out, "acme");
	else if (f->type == FT_bool)
		return;
	else
		buf_puts(&c->out, values[f->type] ? values[f->type] : "VALUE");
}

/* A command line: positionals that are needed or lead, the required flags, and one more where more.
 */
static void put_example(struct cli *c, const struct rpc_method *m, bool more)
{
	size_t noun = rpc_noun_len(m);
	const char *by = " ";

	buf_printf(&c->out, "  tix %.*s %s", (int)noun, m->name, m->name + noun + 1);
	for (unsigned i = 0; i < m->in->nfields; i++) {
		const struct shape_field *f = &m->in->fields[i];

		if (!(f->flags & FF_POS) ||
		    (!(f->flags & FF_REQ) && !more && (m->flags & RPC_PAGE)))
			continue;
		buf_puts(&c->out, by);
		put_example_value(c, f);
		by = params_pair(m->in, i) ? "/" : " ";
	}
	for (unsigned i = 0; i < m->in->nfields; i++) {
		const struct shape_field *f = &m->in->fields[i];
		bool line = strcmp(f->name, "line") == 0 || /* an order needs it, or a hold */
			    strcmp(f->name, "exchange") == 0;

		if ((f->flags & FF_POS) || !((f->flags & FF_REQ) || line))
			continue;
		buf_printf(&c->out, " %s ", args_flag(c, f->name));
		put_example_value(c, f);
	}
	if (more)
		buf_puts(&c->out, m->flags & RPC_MUTATES ? " --dry-run" : " --json");
	else if (m->flags & (RPC_CONFIRM | RPC_DANGER))
		buf_puts(&c->out, " --yes");
	buf_putc(&c->out, '\n');
}

void help_method(struct cli *c, const struct rpc_method *m)
{
	size_t noun = rpc_noun_len(m);
	const char *words = params_synopsis(c, m);

	begin(c);
	buf_printf(&c->out, "usage: tix %.*s %s%s%s [--flags]\n\n%s\n", (int)noun, m->name,
	    m->name + noun + 1, *words ? " " : "", words, m->doc);
	put_fields(c, m);
	buf_puts(&c->out, "\nflags of every command: tix help flags\n\nexamples\n");
	put_example(c, m, false);
	put_example(c, m, true);
}

static void put_opts(struct cli *c, const struct opt *o)
{
	for (; o && o->name; o++) {
		char flag[96];

		snprintf(flag, sizeof(flag), "--%s %s", o->name, o->word ? o->word : "");
		buf_printf(&c->out, "  %-28s %s\n", flag, o->doc);
	}
}

void help_edit(struct cli *c, const struct rpc_method *set, const struct opt *opts)
{
	size_t noun = rpc_noun_len(set);
	const char *words = params_synopsis(c, set);

	begin(c);
	buf_printf(&c->out,
	    "usage: tix %.*s edit %.*s [--flags]\n\nChange it as text in $VISUAL or $EDITOR. Only what was changed "
	    "is sent;\nan empty file does nothing, and what is refused can be mended.\n\nflags\n",
	    (int)noun, set->name, (int)strcspn(words, "."), words); /* one at a time */
	put_opts(c, opts);
	buf_puts(&c->out, "\nflags of every command: tix help flags\n\nexamples\n");
	for (int more = 0; more < 2; more++) {
		buf_printf(&c->out, "  tix %.*s edit", (int)noun, set->name);
		for (unsigned i = 0; i < set->in->nfields; i++) {
			const struct shape_field *f = &set->in->fields[i];

			if (!(f->flags & FF_POS))
				continue;
			buf_puts(&c->out, i > 0 && set->in->fields[i - 1].flags & FF_POS ? "/" : " ");
			put_example_value(c, f);
		}
		buf_puts(&c->out, more ? " --dry-run\n" : "\n");
	}
}

void help_command(struct cli *c, const char *name)
{
	const struct command *cmd = command_find(name);

	begin(c);
	if (!cmd)
		return;
	buf_printf(&c->out, "usage: tix %s\n\n%s\n", cmd->synopsis, cmd->doc);
	if (cmd->method)
		put_fields(c, cmd->method);
	else if (cmd->opts)
		buf_puts(&c->out, "\nflags\n");
	put_opts(c, cmd->opts);
}

int cmd_help(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m;
	char *again[] = {argc > 1 ? argv[1] : NULL, NULL, NULL};

	if (argc < 2 || argv[1][0] == '-') {
		help_all(c);
		return 0;
	}
	if (strcmp(argv[1], "flags") == 0) {
		begin(c);
		buf_puts(&c->out, "flags of every command\n");
		put_opts(c, args_globals);
		return 0;
	}
	if (strcmp(argv[1], "verbs") == 0) {
		help_verbs(c);
		return 0;
	}
	m = method_find(argv[1], argc > 2 ? argv[2] : "");
	if (m) {
		help_method(c, m);
		return 0;
	}
	if (argc == 2 && help_is_noun(argv[1])) {
		help_noun(c, argv[1]);
		return 0;
	}
	if (command_find(argv[1]) && strcmp(argv[1], "help") != 0) {
		char flag[] = "-h";

		again[1] = flag;
		return command_find(argv[1])->run(c, 2, again);
	}
	if (argc == 3 && strcmp(argv[2], "edit") == 0 && edit_method(argv[1])) {
		char flag[] = "-h";
		char *help[] = {argv[1], argv[2], flag, NULL};

		return cmd_edit(c, 3, help);
	}
	again[1] = argc > 2 ? argv[2] : NULL;
	return cmd_method(c, argc > 2 ? 2 : 1, again);
}
