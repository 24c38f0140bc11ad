/* SPDX-License-Identifier: MIT */
/* Fills the generated parts of a manual page: copies a frame from stdin to stdout and replaces each line
 * `.\" @PART` or `.\" @PART NOUN` by what the tables say. Runs at build time only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/err.h"
#include "man/gen.h"
#include "model/states.h"

void put_text(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else
			putchar(*s);
	}
}

void put_line(const char *s)
{
	char word[256];
	size_t column = 0;

	while (*s) {
		size_t len = strcspn(s, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, s);
		if (column > 0 && column + len + 1 > 76) {
			putchar('\n');
			column = 0;
		}
		if (column > 0)
			putchar(' ');
		put_text(word);
		column += len + 1;
		bool sentence = len > 0 && s[len - 1] == '.';
		s += len + (s[len] == ' ');
		/* a new sentence begins on a new line */
		if (*s && sentence) {
			putchar('\n');
			column = 0;
		}
	}
	if (column > 0)
		putchar('\n');
}

static const char *type_word(const struct shape_field *f)
{
	static const char *const words[FT_COUNT] = {
		[FT_text] = "text",
		[FT_mtext] = "text, several lines",
		[FT_slug] = "slug",
		[FT_email] = "e-mail address",
		[FT_zone] = "time zone",
		[FT_code] = "code",
		[FT_event] = "event slug",
		[FT_venue] = "venue slug",
		[FT_organizer] = "organizer slug",
		[FT_category] = "category name",
		[FT_quota] = "quota name",
		[FT_cursor] = "cursor",
		[FT_key] = "key",
		[FT_method] = "method",
		[FT_when] = "time",
		[FT_doc] = "JSON object",
		[FT_i64] = "integer",
		[FT_bool] = "true or false",
		[FT_degrees] = "degrees",
		[FT_time] = "time",
		[FT_money_in] = "money",
		[FT_money] = "money",
		[FT_enum] = "word",
		[FT_enums] = "words",
		[FT_texts] = "list of text",
		[FT_obj] = "record",
		[FT_list] = "list of records",
	};
	return words[f->type];
}

static bool has_bounds(const struct shape_field *f)
{
	return f->max > 0 && f->max < INT64_MAX &&
	    (f->type == FT_i64 || f->type == FT_text || f->type == FT_mtext || f->type == FT_list);
}

void put_type(const struct shape_field *f)
{
	put_text(type_word(f));
	if (f->sub)
		printf(" of %s", f->sub->name);
	if (has_bounds(f))
		printf(", %lld to %lld", (long long)f->min, (long long)f->max);
	if (f->set) {
		const char *sep = ": ";
		for (const struct enum_word *w = f->set->words; w->word; w++, sep = ", ")
			printf("%s%s", sep, w->word);
	}
}

static void put_fields(const struct shape *s, bool in)
{
	puts(".Bl -tag -width Ds -compact");
	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];
		printf(".It Va ");
		put_text(f->name);
		printf(" No (");
		put_type(f);
		if (in && (f->flags & FF_REQ))
			fputs("; required", stdout);
		puts(")");
		put_line(f->doc);
	}
	puts(".El");
}

static void put_errors(const struct rpc_method *m)
{
	const char *sep = "";
	for (int code = 1; code < 64; code++) {
		const struct err_info *info = m->errors >> code & 1 ? err_info(-code) : NULL;
		if (!info)
			continue;
		printf("%s%s", sep, info->name);
		sep = ", ";
	}
	puts(*sep ? "." : "none of its own.");
}

static void put_flags(const struct rpc_method *m)
{
	fputs(m->flags & RPC_MUTATES ? "changes the store" : "reads", stdout);
	if (m->flags & RPC_STREAM)
		fputs(", opens a stream", stdout);
	if (m->flags & RPC_PAGE)
		fputs(", answers in pages", stdout);
	if (m->flags & RPC_CONFIRM)
		fputs(", clients ask before they call", stdout);
	if (m->flags & RPC_TEST)
		fputs(", only with \\-\\-test\\-clock", stdout);
}

static void put_methods(void)
{
	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];
		printf(".Ss %s\n", m->name);
		put_line(m->doc);
		printf("Permission %s; ", rpc_perms[m->perm].name);
		put_flags(m);
		puts(".");
		if (m->in->nfields > 0) {
			puts(".Pp\nParameters:");
			put_fields(m->in, true);
		}
		printf(".Pp\nResult:\n.Em %s .\nErrors: ", m->out->name);
		put_errors(m);
	}
}

#define MAX_SHAPES 200

/* Collects a shape and what hangs on it, each once, in order of first use. */
static void collect(const struct shape **all, int *n, const struct shape *s)
{
	for (int i = 0; i < *n; i++) {
		if (all[i] == s)
			return;
	}
	if (*n == MAX_SHAPES)
		exit(1);
	all[(*n)++] = s;
	for (unsigned i = 0; i < s->nfields; i++) {
		if (s->fields[i].sub)
			collect(all, n, s->fields[i].sub);
	}
}

static void put_records(void)
{
	const struct shape *all[MAX_SHAPES];
	int n = 0;

	for (int i = 0; i < RPC_COUNT; i++) {
		const struct shape *in = rpc_methods[i].in;
		for (unsigned k = 0; k < in->nfields; k++) {
			if (in->fields[k].sub)
				collect(all, &n, in->fields[k].sub);
		}
		collect(all, &n, rpc_methods[i].out);
	}
	collect(all, &n, &shape_journal_mark);
	collect(all, &n, &shape_journal_digest);
	for (int i = 0; i < n; i++) {
		printf(".Ss %s\n", all[i]->name);
		if (all[i]->nfields == 0)
			puts("An empty record.");
		else
			put_fields(all[i], false);
	}
}

static void put_exit_codes(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (int exit_code = 1; exit_code < 128; exit_code++) {
		bool first = true;
		for (int code = 1; code < (int)ERR_ROW_COUNT; code++) {
			const struct err_info *info = err_info(-code);
			if (info->exit_code != exit_code)
				continue;
			if (first)
				printf(".It %d\n", exit_code);
			printf("%s%s: %s", first ? "" : ";\n", info->name, info->text);
			first = false;
		}
		if (!first)
			puts(".");
	}
	puts(".El");
}

static void put_error_names(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (int code = 1; code < (int)ERR_ROW_COUNT; code++) {
		const struct err_info *info = err_info(-code);

		printf(".It %s No (%d%s)\n", info->name, info->rpc_code,
		    info->retryable ? ", may pass" : "");
		put_line(info->text);
	}
	puts(".El");
}

static void put_permissions(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (int i = 0; i < RPC_PERM_COUNT; i++) {
		printf(".It %s\n", rpc_perms[i].name);
		put_line(rpc_perms[i].doc);
		for (int r = 0; r < RPC_ROLE_COUNT; r++) {
			if (rpc_perms[i].roles >> r & 1)
				printf(".Em %s\n", rpc_roles[r].name);
		}
	}
	puts(".El");
}

static void put_settings(void)
{
	puts(".Bl -tag -width Ds");
	for (int i = 0; i < CONF_COUNT; i++) {
		const struct conf_row *row = &conf_rows[i];
		printf(".It Sy %s No in Bq %s\n", row->key, row->section);
		put_line(row->doc);
		if (*row->def)
			printf("Default: %s.\n", row->def);
		if (row->type == CONF_INT)
			printf("From %lld to %lld.\n", (long long)row->min, (long long)row->max);
		if (strcmp(row->section, "tix") == 0)
			continue;
		puts(row->reloadable ? "A reload changes it." : "Only a restart changes it.");
	}
	puts(".El");
}

/* The dashboard's keys: those that are shown first, then the name for the settings file. */
static void put_keys(void)
{
	static const struct {
		const char *name, *keys, *doc;
	} rows[] = {
#define KEY(id, keys, word, doc) {#id, keys, doc},
#include "tui/keys.def"
#undef KEY
	};

	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printf(".It");
		for (const char *p = rows[i].keys; *p; p += strcspn(p, " "), p += *p == ' ')
			printf(" \\&%.*s", (int)strcspn(p, " "), p);
		printf(" Pq Ic %s\n", rows[i].name);
		put_line(rows[i].doc);
	}
	puts(".El");
}

static void put_roles(void)
{
	puts(".Bl -tag -width Ds -compact");
	for (int i = 0; i < RPC_ROLE_COUNT; i++) {
		printf(".It %s\n", rpc_roles[i].name);
		put_line(rpc_roles[i].doc);
	}
	puts(".El");
}

static void put_effect(const char *what, const char *effect)
{
	if (*effect) {
		printf(";\n%s: ", what);
		put_text(effect);
	}
}

/* A machine: its states in words, then every way from one to another. */
static void put_machine(const struct state_move *first)
{
	puts(".Bl -tag -width Ds -compact");
	for (const struct enum_word *w = first->machine->words; w->word; w++) {
		printf(".It Sy %s\n", w->word);
		put_line(w->doc);
	}
	puts(".El\n.Pp\n.Bl -tag -width Ds -compact");
	for (const struct state_move *m = first; m->machine == first->machine; m++) {
		printf(".It %s \\(-> %s\n", m->from ? state_word(m->machine, m->from) : "(new)",
		    state_word(m->machine, m->to));
		put_text(m->method);
		put_effect("seats", m->stock);
		put_effect("ledger", m->ledger);
		put_effect("tickets", m->tickets);
		puts("");
	}
	puts(".El");
}

static void put_states(void)
{
	for (const struct state_move *m = state_moves; m->machine; m++) {
		if (m != state_moves && m->machine == m[-1].machine)
			continue;
		printf(".Ss %s\n", m->machine->name);
		put_line(m->machine->doc);
		puts(".Pp");
		put_machine(m);
	}
}

static const struct part {
	const char *name;
	void (*put)(void);
} parts[] = {
	{ "methods", put_methods },
	{ "records", put_records },
	{ "exit codes", put_exit_codes },
	{ "errors", put_error_names },
	{ "permissions", put_permissions },
	{ "settings", put_settings },
	{ "roles", put_roles },
	{ "keys", put_keys },
	{ "states", put_states },
};

/* Parts that want to know of which noun. */
static const struct noun_part {
	const char *name;
	int (*put)(const char *noun);
} noun_parts[] = {
	{ "nouns", put_nouns },
	{ "synopsis ", put_synopsis },
	{ "verbs ", put_verbs },
	{ "exits ", put_exits },
};

static int put_part(const char *name)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].name, name) == 0) {
			parts[i].put();
			return 0;
		}
	}
	for (size_t i = 0; i < sizeof(noun_parts) / sizeof(noun_parts[0]); i++) {
		size_t len = strlen(noun_parts[i].name);

		if (strncmp(noun_parts[i].name, name, len) == 0)
			return noun_parts[i].put(name + len);
	}
	fprintf(stderr, "gen: no part \"%s\"\n", name);
	return 1;
}

int main(void)
{
	char line[4096];
	int failed = 0;

	while (fgets(line, sizeof(line), stdin)) {
		if (strncmp(line, ".\\\" @", 5) != 0) {
			fputs(line, stdout);
			continue;
		}
		line[strcspn(line, "\n")] = '\0';
		failed |= put_part(line + 5);
	}
	return failed || fflush(stdout) ? 1 : 0;
}
