/* SPDX-License-Identifier: MIT */
/* The parts of the pages tix-NOUN(1): how each verb is typed, what its flags are, and how it ends. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "man/gen.h"

static const char *verb_of(const struct rpc_method *m)
{
	return m->name + rpc_noun_len(m) + 1;
}

/* What a person types; streams are for programs. */
static bool is_command(const struct rpc_method *m)
{
	return !(m->flags & (RPC_STREAM | RPC_TEST));
}

/* Calls put for each method of the noun. */
static int each_verb(const char *noun, void (*put)(const struct rpc_method *m))
{
	int n = 0;

	for (int i = 0; i < RPC_COUNT; i++) {
		if (rpc_of_noun(&rpc_methods[i], noun) && is_command(&rpc_methods[i])) {
			put(&rpc_methods[i]);
			n++;
		}
	}
	if (n == 0)
		fprintf(stderr, "gen: no noun \"%s\"\n", noun);
	return n == 0;
}

/* EVENT/NAME, typed as one word. */
static bool is_pair(const struct shape *s, unsigned i)
{
	return i + 1 < s->nfields && s->fields[i].type == FT_event && (s->fields[i].flags & FF_POS) &&
	    (s->fields[i + 1].flags & FF_POS) && strcmp(s->fields[i + 1].name, "name") == 0;
}

static void put_flag_word(const struct shape_field *f)
{
	bool key = strcmp(f->name, "idempotency_key") == 0;

	for (const char *s = key ? "key" : f->name; *s; s++)
		fputs(*s == '_' ? "\\-" : (char[]){ *s, 0 }, stdout);
	if (f->type != FT_bool) {
		fputs(" Ar ", stdout);
		put_text(key ? "key" : f->name);
	}
}

static void put_usage(const struct rpc_method *m)
{
	unsigned flags = 0;

	printf(".Nm tix\n.Cm %.*s %s\n", (int)rpc_noun_len(m), m->name, verb_of(m));
	for (unsigned i = 0; i < m->in->nfields; i++) {
		const struct shape_field *f = &m->in->fields[i];

		if (f->flags & FF_POS) {
			printf(f->flags & FF_REQ ? ".Ar " : ".Op Ar ");
			put_text(f->name);
			if (is_pair(m->in, i) && f->flags & FF_REQ)
				printf(" Ns / Ns Ar %s", m->in->fields[++i].name);
			puts(f->type == FT_texts || f->type == FT_enums ? " ..." : "");
		} else if (f->flags & FF_REQ) {
			printf(".Fl Fl ");
			put_flag_word(f);
			puts("");
		} else {
			flags++;
		}
	}
	if (flags > 0)
		puts(".Op Ar flags");
}

/* NOUN.set, where the noun can be edited as text; as tix itself decides. */
static const struct rpc_method *edit_of(const char *noun)
{
	char name[64];
	const struct rpc_method *set, *show;

	snprintf(name, sizeof(name), "%s.set", noun);
	set = rpc_find(name, strlen(name));
	snprintf(name, sizeof(name), "%s.show", noun);
	show = rpc_find(name, strlen(name));
	for (unsigned i = IX_mut_in_COUNT; set && show && set->out == show->out && i < set->in->nfields; i++) {
		if (!(set->in->fields[i].flags & FF_POS))
			return set;
	}
	return NULL;
}

static void put_id(const struct rpc_method *m)
{
	for (unsigned i = 0; i < m->in->nfields; i++) {
		if (!(m->in->fields[i].flags & FF_POS))
			continue;
		printf(is_pair(m->in, i) ? ".Ar %s Ns / Ns Ar name\n" : ".Ar %s\n", m->in->fields[i].name);
		i += is_pair(m->in, i);
	}
}

int put_synopsis(const char *noun)
{
	const struct rpc_method *set = edit_of(noun);
	int r = each_verb(noun, put_usage);

	if (set) {
		printf(".Nm tix\n.Cm %s edit\n", noun);
		put_id(set);
		puts(".Op Fl Fl reason Ar text");
	}
	return r;
}

/* Bits of a field that are said elsewhere, once for all commands. */
static bool is_plumbing(const struct shape_field *f)
{
	return strcmp(f->name, "idempotency_key") == 0 || strcmp(f->name, "dry_run") == 0 ||
	    strcmp(f->name, "cursor") == 0 || strcmp(f->name, "limit") == 0;
}

static void put_field(const struct shape_field *f, const char *mark)
{
	fputs(mark, stdout);
	if (f->flags & FF_POS)
		put_text(f->name);
	else
		put_flag_word(f);
	fputs(" No (", stdout);
	put_type(f);
	puts(f->flags & FF_REQ ? "; required)" : ")");
	put_line(f->doc);
	if ((f->flags & FF_NULL) && !(f->flags & FF_POS)) {
		fputs(".Fl Fl no\\-", stdout);
		for (const char *s = f->name; *s; s++)
			fputs(*s == '_' ? "\\-" : (char[]){ *s, 0 }, stdout);
		puts("\nclears it.");
	}
}

static void put_fields(const struct rpc_method *m)
{
	bool any = false;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < m->in->nfields; i++) {
			const struct shape_field *f = &m->in->fields[i];
			bool pos = f->flags & FF_POS;

			if (pos != (pass == 0) || is_plumbing(f))
				continue;
			if (!any)
				puts(".Bl -tag -width Ds -compact");
			any = true;
			put_field(f, pos ? ".It Ar " : ".It Fl Fl ");
		}
	}
	if (any)
		puts(".El\n.Pp");
}

/* The errors of its own, with the exit status of each. */
static void put_refusals(const struct rpc_method *m)
{
	const char *sep = "It may refuse with ";

	for (int code = 1; code < 64; code++) {
		const struct err_info *info = m->errors >> code & 1 ? err_info(-code) : NULL;

		if (!info)
			continue;
		printf("%s%s (%d)", sep, info->name, info->exit_code);
		sep = ",\n";
	}
	if (m->errors)
		puts(".");
}

static void put_manner(const struct rpc_method *m)
{
	if (m->flags & RPC_DANGER)
		puts("It is dangerous: what is at stake must be typed, or given by\n"
		     ".Fl Fl yes Fl Fl confirm Ar value .");
	else if (m->flags & RPC_CONFIRM)
		puts("It asks first; without a terminal it needs\n.Fl Fl yes .");
	if (m->flags & RPC_MUTATES)
		puts("With\n.Fl Fl dry-run\nnothing is kept, with\n.Fl Fl key\na repeat does nothing twice.");
	if (m->flags & RPC_PAGE)
		puts("All of it is listed, or\n.Fl Fl limit Ar n ;\n"
		     ".Fl Fl cursor Ar next\ngoes on where a reply in JSON ended.");
	if (m->flags & RPC_JOB)
		puts("It begins a job and follows it;\n.Fl Fl detach\ndoes not wait.");
	if (m->id == RPC_job_show)
		puts("With\n.Fl Fl wait\nit follows the job until that has ended.");
}

static void put_verb(const struct rpc_method *m)
{
	printf(".Ss %.*s %s\n", (int)rpc_noun_len(m), m->name, verb_of(m));
	put_line(m->doc);
	puts(".Pp");
	put_fields(m);
	put_manner(m);
	put_refusals(m);
	printf("It needs the permission %s.\n", rpc_perms[m->perm].name);
}

int put_verbs(const char *noun)
{
	int r = each_verb(noun, put_verb);

	if (edit_of(noun))
		printf(".Ss %s edit\n"
		       "Change it as text in\n.Ev VISUAL\nor\n.Ev EDITOR :\n"
		       "one field a line, what a field is above it, text of several lines indented\n"
		       "below the field.\n"
		       "What is changed is sent as\n.Cm set\nsends it, with\n.Fl Fl reason\n"
		       "in the journal; nothing behind a field clears it, a line that is missing or an\n"
		       "empty file changes nothing.\n"
		       "What is refused comes back with the error on top, and so does what somebody\n"
		       "else changed in the meantime; left as it is then, nothing is done and the text\n"
		       "is kept in its file.\n", noun);
	return r;
}

static uint64_t noun_errors;

static void add_errors(const struct rpc_method *m)
{
	noun_errors |= rpc_errors(m);
}

/* What any command may end with, in the daemon's absence too. */
static uint64_t errors_of_all(void)
{
	return UINT64_C(1) << -TIX_ENO_DAEMON | UINT64_C(1) << -TIX_EOUTPUT | UINT64_C(1) << -TIX_EVERSION;
}

int put_exits(const char *noun)
{
	int r;

	noun_errors = errors_of_all();
	r = each_verb(noun, add_errors);
	puts(".Bl -tag -width Ds -compact\n.It 0\nDone, nothing to do, or done before with this key.");
	for (int exit_code = 1; exit_code < 128; exit_code++) {
		const char *sep = "";

		for (int code = 1; code < (int)ERR_ROW_COUNT; code++) {
			const struct err_info *info = err_info(-code);

			if (info->exit_code != exit_code || !(noun_errors >> code & 1))
				continue;
			if (!*sep)
				printf(".It %d\n", exit_code);
			printf("%s%s", sep, info->name);
			sep = ",\n";
		}
		if (*sep)
			puts(".");
	}
	puts(".El\nScripts retry on 75 only; see\n.Xr tix 1 .");
	return r;
}

/* The page of a noun; some share one. */
static const char *page_of(const char *noun)
{
	static const char *const others[][2] = {
		{ "attendee", "tix-export 1" },
		{ "rpc", "tix-system 1" },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(noun, others[i][0]) == 0)
			return others[i][1];
	}
	return NULL;
}

/* Every noun once, with its verbs and its page. */
int put_nouns(const char *none)
{
	(void)none;
	puts(".Bl -tag -width Ds -compact");
	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];
		char noun[64];
		const char *sep = "";
		bool seen = false;

		snprintf(noun, sizeof(noun), "%.*s", (int)rpc_noun_len(m), m->name);
		for (int k = 0; k < i; k++)
			seen |= rpc_of_noun(&rpc_methods[k], noun);
		if (seen)
			continue;
		printf(".It Cm %s\n", noun);
		for (int k = i; k < RPC_COUNT; k++) {
			if (!rpc_of_noun(&rpc_methods[k], noun) || !is_command(&rpc_methods[k]))
				continue;
			printf("%s%s", sep, verb_of(&rpc_methods[k]));
			sep = ",\n";
		}
		if (edit_of(noun))
			printf(",\nedit");
		if (strcmp(noun, "audit") == 0) { /* a command of tix(1) itself */
			puts(".");
			continue;
		}
		printf(";\n.Xr ");
		if (page_of(noun))
			printf("%s .\n", page_of(noun));
		else
			printf("tix-%s 1 .\n", noun);
	}
	puts(".El");
	return 0;
}
