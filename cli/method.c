/* SPDX-License-Identifier: MIT */
/* tix NOUN VERB: any method of the table, its arguments and its answer, without knowing what it is
 * for. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "cli/args.h"
#include "cli/blame.h"
#include "cli/bookmark.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cli/doctor.h"
#include "cli/edit.h"
#include "cli/help.h"
#include "cli/ids.h"
#include "cli/job.h"
#include "cli/many.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/rows.h"
#include "cli/sort.h"

#define PAGE_ROWS 500	  /* asked for at once */
#define STREAM_ROWS ROWS_MAX /* the same when nobody waits for the first of them */
#define TERMINAL_ROWS 100 /* shown on a terminal without --limit */

const struct rpc_method *method_find(const char *noun, const char *verb)
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
	if (known && edit_method(noun))
		names[n++] = "edit";
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
	if (m->out == &shape_doctor) /* as tix doctor: its exit status says what was found */
		return doctor_print(c, m, result, e);
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

/* Pages are followed until max rows are printed. *ret_next: where more would come from; the
 * caller's, also on failure. */
static int follow_pages(struct cli *c, const struct rpc_method *m, json_t *params,
    struct print *p, int64_t max, json_t **ret_next, struct err *e)
{
	int64_t left = max;

	do {
		AUTO(json) json_t *result = NULL;
		const json_t *items;
		int r;

		json_object_set_new(
		    params, "limit", json_integer(left < PAGE_ROWS ? left : PAGE_ROWS));
		if (*ret_next)
			json_object_set(params, "cursor", *ret_next);
		r = call(c, m, params, &result, e);
		if (r < 0)
			return r;
		items = json_object_get(result, "items");
		if (!*ret_next)
			odd_say(c, m, result);
		print_page(p, items, (size_t)left);
		left -= (int64_t)json_array_size(items);
		json_decref(*ret_next);
		*ret_next = json_incref(json_object_get(result, "next"));
	} while (json_is_string(*ret_next) && left > 0 && !c->out_failed && !rows_plain(c));
	return 0;
}

/* Asks for the next page. */
static int64_t ask_page(struct cli *c, const struct rpc_method *m, json_t *params, json_t *cursor,
    int64_t max)
{
	int64_t id = -1;

	json_object_set_new(params, "limit", json_integer(max < STREAM_ROWS ? max : STREAM_ROWS));
	json_object_set(params, "cursor", cursor);
	call_begin(c, m, params, &id);
	return id;
}

/* The same for programs, from the text of the replies: the next page is on its way while one is
 * printed. */
static int stream_pages(struct cli *c, const struct rpc_method *m, json_t *params,
    struct print *p, int64_t max, json_t **ret_next, struct err *e)
{
	AUTO(buf) struct buf page = {0};
	int64_t left = max, id = ask_page(c, m, params, *ret_next, max);
	int r = 0;

	buf_init(&page, 0);
	while (r == 0 && left > 0 && json_is_string(*ret_next) && !c->out_failed) {
		struct rows rows;
		json_t *next = NULL;

		r = call_text(c, m, params, id, &page, e);
		if (r == 0)
			r = rows_find(buf_str(&page), page.len, &rows, &next, e);
		if (r < 0)
			return r;
		json_decref(*ret_next);
		*ret_next = next;
		if (json_is_string(next) && left > (int64_t)rows.n)
			id = ask_page(c, m, params, next, left - (int64_t)rows.n);
		r = rows_print(p, &rows, (size_t)left, e);
		left -= (int64_t)rows.n;
	}
	return r;
}

/* The rows of one list; on a terminal the first 100. only: it is all that is printed. */
static int run_pages(struct cli *c, const struct rpc_method *m, json_t *params, struct print *p,
    bool only, struct err *e)
{
	bool screen = c->out_tty && c->mode == OUT_TABLE && c->limit == 0 && !c->mark.name;
	int64_t left = c->limit ? c->limit : screen ? TERMINAL_ROWS : INT64_MAX;
	AUTO(json) json_t *next = NULL;
	size_t before = p->rows;
	int64_t all = -1;
	int r;

	if (sort_wanted(c, m, params))
		r = sort_pages(c, m, params, p, left, &all, e);
	else
		r = follow_pages(c, m, params, p, left, &next, e);
	left -= (int64_t)(p->rows - before);
	if (r == 0 && json_is_string(next) && left > 0 && rows_plain(c))
		r = stream_pages(c, m, params, p, left, &next, e);
	if (r < 0)
		return r;
	if (only)
		print_end(p, next);
	if (only && p->rows == 0 && c->out_tty)
		out_hint(c, "nothing found");
	sort_tell(c, m, params, next, (int64_t)(p->rows - before), all);
	return 0;
}

static int list_params(struct cli *c, const struct rpc_method *m, const struct args *a,
    const char **pos, size_t npos, json_t **ret, struct err *e)
{
	AUTO(json) json_t *bounds = NULL;
	int r = bookmark_list(c, m, a, &bounds, e);

	if (r == 0)
		r = params_build(c, m, a, pos, npos, ret, e);
	if (r == 0 && bounds)
		json_object_update(*ret, bounds);
	return r;
}

static int run_list(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	struct print p;
	int r = list_params(c, m, a, a->pos, a->npos, &params, e);

	if (r == 0)
		r = print_open(&p, c, m->out->fields[0].sub, e);
	return r < 0 ? r : run_pages(c, m, params, &p, true, e);
}

/* The list or call of one id of several; what follows it is the same for all. */
static int run_id(struct cli *c, const struct rpc_method *m, const struct args *a, const char *id,
    struct print *p, struct err *e)
{
	size_t values = params_values(m);
	const char *words[2] = {id, values ? a->pos[a->npos - 1] : NULL};
	AUTO(json) json_t *params = NULL;
	int r;

	if (!(m->flags & RPC_PAGE))
		return run_one(c, m, a, words, 1 + values, e);
	r = list_params(c, m, a, words, 1 + values, &params, e);
	return r < 0 ? r : run_pages(c, m, params, p, false, e);
}

/* One id after the other: lists of each, jobs, and what a person is asked about. */
static int run_each(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	struct ids *ids = arena_alloc(c->arena, sizeof(*ids));
	bool lists = m->flags & RPC_PAGE;
	const char *id;
	struct print p;
	int r;

	if (!ids)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	ids_open(ids, a->pos, a->npos - params_values(m));
	r = lists ? print_open(&p, c, m->out->fields[0].sub, e) : 0;
	while (r == 0 && !c->out_failed) {
		enum ids_next next = ids_next(ids, &id);

		if (next == IDS_END)
			break;
		r = next == IDS_WAIT ? ids_read(ids, e) : run_id(c, m, a, id, &p, e);
		if (r < 0 && next == IDS_WORD && many_goes_on(m, e)) {
			many_refused(c, m, a, id, e);
			err_clear(e);
			r = 0;
		}
	}
	if (lists)
		print_end(&p, NULL);
	return r;
}

/* What cannot be together. 1: a person is asked about each. */
static int check_many(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	bool stream = ids_stdin(a->pos, a->npos);

	if (c->key && (m->flags & RPC_MUTATES))
		return err_set(e, TIX_EBAD_VALUE, NULL, "--key goes with one id at a time");
	for (size_t i = 0; stream && i < a->ngiven; i++) {
		if (a->given[i].value && strcmp(a->given[i].value, "@-") == 0)
			return err_set(e, TIX_EBAD_VALUE, NULL,
			    "stdin cannot hold the ids and the value of a flag");
	}
	if (!(m->flags & (RPC_CONFIRM | RPC_DANGER)) || c->yes || c->dry_run)
		return 0;
	if (!stream)
		return 1;
	err_set(e, TIX_EUNCONFIRMED, NULL, "%s was not confirmed: ids come from stdin", m->name);
	err_hint(e, "--dry-run first, then --yes");
	return TIX_EUNCONFIRMED;
}

static int run_many(struct cli *c, const struct rpc_method *m, const struct args *a, struct err *e)
{
	int r = check_many(c, m, a, e);

	if (r < 0)
		return r;
	if (r > 0 || (m->flags & RPC_PAGE) || job_opts(m))
		return run_each(c, m, a, e);
	return many_run(c, m, a, e);
}

/* --fields help */
static bool fields_help(struct cli *c, const struct rpc_method *m)
{
	const struct shape *s = m->out;

	if (!c->fields || strcmp(c->fields, "help") != 0)
		return false;
	if (s == &shape_doctor && c->mode != OUT_JSON && c->mode != OUT_JSONL)
		s = &shape_doctor_finding; /* its rows */
	cols_help(c, m->flags & RPC_PAGE ? s->fields[0].sub : s);
	return true;
}

int method_run(struct cli *c, const struct rpc_method *m, const struct args *a)
{
	struct err e = {0};
	int r;

	c->method = m;
	c->subject = a->npos ? a->pos[0] : NULL;
	out_setup(c);
	if (!(m->flags & RPC_MUTATES) && !(a->npos > 0 && strcmp(a->pos[0], "-") == 0))
		pager_allow(c);
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
		r = run_list(c, m, a, &e);
	else
		r = run_one(c, m, a, a->pos, a->npos, &e);
	if (r < 0)
		blame(c, m, a, &e);
	return r < 0 ? out_error(c, &e) : c->answer;
}

int cmd_method(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m = argc > 1 ? method_find(argv[0], argv[1]) : NULL;
	struct err e = {0};
	struct args a;
	char what[128];

	if (!m && argc > 1 && strcmp(argv[1], "edit") == 0 && edit_method(argv[0]))
		return cmd_edit(c, argc, argv);
	if (!m) {
		bool help =
		    argc > 1 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0);

		if (help_is_noun(argv[0]) && (argc == 1 || help)) {
			help_noun(c, argv[0]);
			return argc == 1 ? 2 : 0;
		}
		args_seek_mode(c, argc, argv);
		out_setup(c);
		unknown(c, argv[0], argc > 1 ? argv[1] : "", &e);
		return out_error(c, &e);
	}
	snprintf(what, sizeof(what), "%s %s", argv[0], argv[1]);
	c->what = arena_strdup(c->arena, what);
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
	return method_run(c, m, &a);
}
