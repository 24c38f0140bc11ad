/* SPDX-License-Identifier: MIT */
/* tix NOUN VERB: any method of the table, its arguments and its answer, without knowing what it is
 * for. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "cli/args.h"
#include "cli/bookmark.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cli/help.h"
#include "cli/job.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/sort.h"

#define PAGE_ROWS 500	  /* asked for at once */
#define TERMINAL_ROWS 100 /* shown on a terminal without --limit */
#define IDS_MAX (1 << 20) /* bytes of ids on stdin */

static const struct rpc_method *find(const char *noun, const char *verb)
{
	char name[128];
	int n = snprintf(name, sizeof(name), "%s.%s", noun, verb);

	return n > 0 && (size_t)n < sizeof(name) ? rpc_find(name, (size_t)n) : NULL;
}

/* No such noun or verb: says which is nearest. */
static int unknown(struct cli *c, const char *noun, const char *verb, struct err *e)
{
	const char *names[RPC_COUNT + 64];
	size_t n = 0, len = strlen(noun);
	bool known = help_is_noun(noun);
	const char *best;

	for (int i = 0; i < RPC_COUNT; i++) {
		const char *dot = strchr(rpc_methods[i].name, '.');

		if (!known)
			names[n++] = arena_strndup(
			    c->arena, rpc_methods[i].name, (size_t)(dot - rpc_methods[i].name));
		else if (strncmp(rpc_methods[i].name, noun, len) == 0 &&
			 rpc_methods[i].name[len] == '.')
			names[n++] = dot + 1;
	}
	for (const struct command *cmd = commands; !known && cmd->name; cmd++)
		names[n++] = cmd->name;
	best = near_name(known ? verb : noun, strlen(known ? verb : noun), names, n);
	if (known)
		err_set(e, TIX_EUNKNOWN_METHOD, NULL, "%s has no verb \"%s\"%s%s%s", noun, verb,
		    best ? "; did you mean " : "", best ? best : "", best ? "?" : "");
	else
		err_set(e, TIX_EUNKNOWN_METHOD, NULL, "there is no command \"%s\"%s%s%s", noun,
		    best ? "; did you mean " : "", best ? best : "", best ? "?" : "");
	err_hint(e, known ? "tix %s -h" : "tix help", noun);
	return TIX_EUNKNOWN_METHOD;
}

/* A hint that is an amount becomes what to type: "--price 45.00 (EUR has 2 decimals)". */
static void hint_amount(const struct shape_field *f, const char *flag, struct err *e)
{
	char text[sizeof(e->hint)];

	if (f->type != FT_money_in || e->hint[0] < '0' || e->hint[0] > '9')
		return;
	snprintf(text, sizeof(text), "%.60s %.150s", flag, e->hint);
	err_hint(e, "%s", text);
}

/* What the daemon says of a field, as words about the flag or argument that was typed. */
static void blame(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	size_t top = strcspn(e->field, "[."), len = strlen(e->field);
	const struct shape_field *f = NULL;
	const struct given *g;
	const char *name, *rest = e->message, *inner = strrchr(e->field, '.');
	char text[sizeof(e->message) + 256]; /* name, value and field beside the message */

	if ((e->code != TIX_EBAD_VALUE && e->code != TIX_EMISSING) || top == 0 ||
	    c->mode == OUT_JSON || c->mode == OUT_JSONL)
		return;
	for (unsigned i = 0; i < m->in->nfields; i++) {
		if (strlen(m->in->fields[i].name) == top &&
		    strncmp(m->in->fields[i].name, e->field, top) == 0)
			f = &m->in->fields[i];
	}
	if (!f)
		return;
	name = params_name(c, m->in, f->name);
	g = args_field(a, f);
	hint_amount(f, name, e);
	if (strncmp(rest, e->field, len) == 0 && (rest[len] == ':' || rest[len] == ' '))
		rest += len;
	else if (!g || rest[0] != '"')
		return; /* it speaks of something else */
	if (rest[0] == '"')
		snprintf(text, sizeof(text), "%.60s %.440s", name, rest);
	else if (g && g->value && rest[0] == ':')
		snprintf(text, sizeof(text), "%s \"%.60s\"%s%s%s", name, g->value,
		    inner ? ": " : "", inner ? inner + 1 : "", rest);
	else
		snprintf(text, sizeof(text), "%s%s%s%s", name, inner ? ": " : "",
		    inner ? inner + 1 : "", rest);
	snprintf(e->message, sizeof(e->message), "%.511s", text);
}

/* One call, one record. */
static int run_one(struct cli *c, const struct rpc_method *m, const struct args *a,
    const char **pos, size_t npos, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *result = NULL;
	int r = params_build(c, m, a, pos, npos, &params, e);

	if (r == 0)
		r = confirm(c, m, params, e);
	if (r == 0)
		r = call(c, m, params, &result, e);
	if (r == 0)
		odd_say(c, m, result);
	if (r == 0)
		r = job_follow(c, m, a, &result, e);
	if (r < 0)
		return r;
	if (c->quiet)
		return 0;
	if (c->mode != OUT_JSON && c->mode != OUT_JSONL) {
		if (json_is_true(json_object_get(result, "dry_run")) && c->mode != OUT_TABLE)
			out_say(c, "would: nothing was kept%s%s",
			    json_object_get(result, "stake") ? "; " : "",
			    json_object_get(result, "stake")
				? json_string_value(json_object_get(result, "stake"))
				: "");
		if (json_is_true(json_object_get(result, "replayed")))
			out_say(c, "replayed: this key was used before, nothing is done twice");
		if (json_is_true(json_object_get(result, "unchanged")))
			out_say(c, "unchanged: it was so already");
	}
	return print_record(c, m, result, e);
}

/* Pages are followed until --limit, or on a terminal until 100. */
static int run_pages(struct cli *c, const struct rpc_method *m, json_t *params, struct err *e)
{
	const struct shape *item = m->out->fields[0].sub;
	bool screen = c->out_tty && c->mode == OUT_TABLE && c->limit == 0 && !c->mark.name;
	int64_t left = c->limit ? c->limit : screen ? TERMINAL_ROWS : INT64_MAX;
	AUTO(json) json_t *next = NULL;
	struct print p;
	int64_t all = -1;
	bool sort = false;
	int r = print_open(&p, c, item, e);

	if (r == 0)
		r = sort_wanted(c, m, params, &sort, e);
	if (r == 0 && sort)
		r = sort_pages(c, m, params, &p, left, &all, e);
	while (r == 0 && !sort) {
		AUTO(json) json_t *result = NULL;
		const json_t *items;

		json_object_set_new(
		    params, "limit", json_integer(left < PAGE_ROWS ? left : PAGE_ROWS));
		if (next)
			json_object_set(params, "cursor", next);
		r = call(c, m, params, &result, e);
		if (r < 0)
			return r;
		items = json_object_get(result, "items");
		if (!next)
			odd_say(c, m, result);
		print_page(&p, items, (size_t)left);
		left -= (int64_t)json_array_size(items);
		json_decref(next);
		next = json_incref(json_object_get(result, "next"));
		if (!json_is_string(next) || left <= 0 || c->out_failed)
			break;
	}
	if (r < 0)
		return r;
	print_end(&p, next);
	sort_tell(c, m, params, next, (int64_t)p.rows, all);
	return 0;
}

static int run_list(struct cli *c, const struct rpc_method *m, const struct args *a,
    const char **pos, size_t npos, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *bounds = NULL;
	int r = bookmark_list(c, m, a, &bounds, e);

	if (r == 0)
		r = params_build(c, m, a, pos, npos, &params, e);
	if (r == 0 && bounds)
		json_object_update(params, bounds);
	return r < 0 ? r : run_pages(c, m, params, e);
}

/* The call or calls about one id; what follows it is the same for all. */
static int run_id(
    struct cli *c, const struct rpc_method *m, const struct args *a, const char *id, struct err *e)
{
	size_t values = params_values(m);
	const char *words[2] = {id, values ? a->pos[a->npos - 1] : NULL};

	if (m->flags & RPC_PAGE)
		return run_list(c, m, a, words, 1 + values, e);
	return run_one(c, m, a, words, 1 + values, e);
}

/* "-" stands for the words on stdin. */
static int run_stdin(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	const char *text, *word;
	size_t len;
	int r = params_slurp(c, "-", IDS_MAX, &text, &len, e), first = 0;

	for (char *s = (char *)text; r == 0 && (word = strsep(&s, " \t\r\n"));) {
		if (*word && (r = run_id(c, m, a, word, e)) < 0 && first == 0) {
			first = r;
			if (e->code == TIX_ENOT_FOUND) { /* says so, goes on, ends with 4 */
				out_error(c, e);
				r = 0;
			}
		}
	}
	return r < 0 ? r : first;
}

static int run_many(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	int r = 0;

	if (c->key && (m->flags & RPC_MUTATES))
		return err_set(e, TIX_EBAD_VALUE, NULL, "--key goes with one id at a time");
	for (size_t i = 0; r == 0 && i + params_values(m) < a->npos; i++) {
		if (strcmp(a->pos[i], "-") == 0)
			r = run_stdin(c, m, a, e);
		else
			r = run_id(c, m, a, a->pos[i], e);
	}
	return r;
}

/* --fields help */
static bool fields_help(struct cli *c, const struct rpc_method *m)
{
	const struct shape *s = m->out;

	if (!c->fields || strcmp(c->fields, "help") != 0)
		return false;
	cols_help(c, m->flags & RPC_PAGE ? s->fields[0].sub : s);
	return true;
}

int method_run(struct cli *c, const struct rpc_method *m, const struct args *a)
{
	struct err e = {0};
	int r;

	out_setup(c);
	if (fields_help(c, m))
		return 0;
	if (c->sort && !(m->flags & RPC_PAGE)) {
		err_set(&e, TIX_EBAD_VALUE, NULL, "--sort goes with lists");
		return out_error(c, &e);
	}
	if (m->flags & RPC_STREAM)
		r = err_set(
		    &e, TIX_EBAD_VALUE, NULL, "%s is a stream: tix watch follows it", m->name);
	else if (params_several(m, a->pos, a->npos))
		r = run_many(c, m, a, &e);
	else if (m->flags & RPC_PAGE)
		r = run_list(c, m, a, a->pos, a->npos, &e);
	else
		r = run_one(c, m, a, a->pos, a->npos, &e);
	if (r < 0)
		blame(c, m, a, &e);
	return r < 0 ? out_error(c, &e) : c->answer;
}

int cmd_method(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m = argc > 1 ? find(argv[0], argv[1]) : NULL;
	struct err e = {0};
	struct args a;
	char what[128];

	if (!m) {
		bool help =
		    argc > 1 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);

		if (help_is_noun(argv[0]) && (argc == 1 || help)) {
			help_noun(c, argv[0]);
			return argc == 1 ? 2 : 0;
		}
		out_setup(c);
		unknown(c, argv[0], argc > 1 ? argv[1] : "", &e);
		return out_error(c, &e);
	}
	snprintf(what, sizeof(what), "%s %s", argv[0], argv[1]);
	if (args_parse(c, argc - 2, argv + 2, what, m->in, job_opts(m), &a, &e) < 0) {
		out_setup(c);
		if (e.code == TIX_EUNKNOWN_FIELD)
			err_hint(&e, "tix %s -h", what);
		return out_error(c, &e);
	}
	if (a.help) {
		help_method(c, m);
		return 0;
	}
	if (m->out == &shape_doctor) /* as tix doctor: its exit status says what was found */
		return cmd_doctor(c, argc - 1, argv + 1);
	return method_run(c, m, &a);
}
