/* SPDX-License-Identifier: MIT */
/* The short commands without a noun: show, status, api, version. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/ids.h"
#include "cli/many.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/status.h"

#define PARAMS_MAX (1024 * 1024)

/* Prints an error of a command's own arguments. */
static int bad_usage(struct cli *c, struct err *e, const char *name)
{
	out_setup(c);
	if (e->code == TIX_EUNKNOWN_FIELD || e->code == TIX_EMISSING)
		err_hint(e, "tix %s -h", name);
	return out_error(c, e);
}

int cmd_status(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m = &rpc_methods[RPC_system_status];
	struct err e = {0};
	struct args a;

	if (args_parse(c, argc - 1, argv + 1, "status", m->in, status_opts, &a, &e) < 0)
		return bad_usage(c, &e, "status");
	if (a.help) {
		help_command(c, "status");
		return 0;
	}
	if (args_opt(&a, "follow"))
		return status_follow(c, &a);
	if (args_opt(&a, "interval") || args_opt(&a, "count")) {
		err_set(&e, TIX_EBAD_VALUE, NULL, "--interval and --count go with --follow");
		return bad_usage(c, &e, "status");
	}
	return method_run(c, m, &a);
}

/* Any code: shown as its own noun's show would. */
static int show_one(struct cli *c, const char *code, struct err *e)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "code", code);
	AUTO(json) json_t *result = NULL;
	const struct rpc_method *m = &rpc_methods[RPC_system_show];
	const struct rpc_method *own;
	const json_t *record;
	int r = call(c, m, params, &result, e);

	if (r < 0)
		return r;
	record = json_object_get(result, "record");
	own = method_find(value_text(result, "kind"), "show");
	if (own && ((c->mode != OUT_JSON && c->mode != OUT_JSONL) || c->fields))
		return print_record(c, own, record, e);
	return print_record(c, m, result, e);
}

/* One code of several: one that nothing has, or that is none, is told, and the others are shown all
 * the same; the first of them says how it ends. */
static int show_next(struct cli *c, const char *code, struct err *e)
{
	int r = show_one(c, code, e);

	out_some(c);
	if (r < 0 && many_goes_on(&rpc_methods[RPC_system_show], e)) {
		r = out_error(c, e);
		c->answer = c->answer ? c->answer : r;
		err_clear(e);
		r = 0;
	}
	return r;
}

static int show_all(struct cli *c, const struct args *a, struct err *e)
{
	struct ids *ids = arena_alloc(c->arena, sizeof(*ids));
	const char *code;
	int r = 0;

	if (!ids)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	ids_open(ids, a->pos, a->npos);
	while (r == 0 && !c->out_failed) {
		enum ids_next next = ids_next(ids, &code);

		if (next == IDS_END)
			break;
		r = next == IDS_WAIT ? ids_read(ids, e) : show_next(c, code, e);
	}
	return r;
}

int cmd_show(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "show", NULL, NULL, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "show");
		return 0;
	}
	if (r == 0 && a.npos == 0)
		r = err_set(&e, TIX_EMISSING, "code", "CODE is required");
	if (r < 0)
		return bad_usage(c, &e, "show");
	out_setup(c);
	pager_allow(c);
	return show_all(c, &a, &e) < 0 ? out_error(c, &e) : c->answer;
}

/* {}, or what was typed, or a file. */
static int api_params(struct cli *c, const struct args *a, json_t **ret, struct err *e)
{
	const char *text = a->npos > 1 ? a->pos[1] : "{}";
	size_t len = strlen(text);
	int r = 0;

	if (strcmp(text, "-") == 0)
		r = params_slurp(c, "-", PARAMS_MAX, &text, &len, e);
	else if (text[0] == '@')
		r = params_slurp(c, text + 1, PARAMS_MAX, &text, &len, e);
	if (r == 0)
		r = json_parse_strict(text, len, JSON_DEPTH_DEFAULT, ret, e);
	if (r == TIX_EPARSE) {
		char why[512];

		snprintf(why, sizeof(why), "%s", e->message);
		r = err_set(e, TIX_EBAD_VALUE, NULL, "the parameters are not valid JSON: %s", why);
	} else if (r == 0 && !json_is_object(*ret)) {
		r = err_set(e, TIX_EBAD_VALUE, NULL, "the parameters must be a JSON object");
	}
	return r;
}

static int api_call(struct cli *c, const struct args *a, json_t **ret, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	const struct rpc_method *m = rpc_find(a->pos[0], strlen(a->pos[0]));
	int r = api_params(c, a, &params, e);

	if (r < 0)
		return r;
	if (m && (m->flags & RPC_STREAM))
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "%s is a stream: tix watch follows it", m->name);
	if (m && c->dry_run && (m->flags & RPC_MUTATES))
		json_object_set_new(params, "dry_run", json_true());
	return m ? call(c, m, params, ret, e) : call_name(c, a->pos[0], params, false, ret, e);
}

int cmd_api(struct cli *c, int argc, char **argv)
{
	AUTO(json) json_t *result = NULL;
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "api", NULL, NULL, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "api");
		return 0;
	}
	if (r == 0 && a.npos == 0)
		r = err_set(&e, TIX_EMISSING, "method", "METHOD is required");
	if (r == 0 && a.npos > 2)
		r = err_set(
		    &e, TIX_EBAD_VALUE, NULL, "\"%.60s\" is one argument too many", a.pos[2]);
	if (r < 0)
		return bad_usage(c, &e, "api");
	out_setup(c);
	r = api_call(c, &a, &result, &e);
	if (r < 0)
		return out_error(c, &e);
	if (!c->quiet) {
		c->mode = OUT_JSON; /* whatever the mode: it is what the method answers */
		out_json(c, &c->out, result);
		buf_putc(&c->out, '\n');
	}
	return 0;
}

static void version_json(struct cli *c, const json_t *hello)
{
	char digest[17];
	AUTO(json)
	json_t *j = json_pack("{s:i, s:s, s:i, s:s}", "v", 1, "tix", TIX_BUILD, "api", RPC_API,
	    "digest", rpc_digest(digest));

	json_object_set_new(j, "tixd", hello ? json_incref((json_t *)hello) : json_null());
	out_json(c, &c->out, j);
	buf_putc(&c->out, '\n');
}

/* A row for this program, and one for the daemon if it is there. */
static void version_rows(struct cli *c, const json_t *hello)
{
	static const char *const names[] = {"program", "build", "api", "methods"};
	static const bool number[] = {false, false, true, false};
	char digest[17];
	const char *own[] = {"tix", TIX_BUILD, arena_printf(c->arena, "%d", RPC_API),
	    rpc_digest(digest)};
	const char *build = json_string_value(json_object_get(hello, "build"));
	const char *methods = json_string_value(json_object_get(hello, "digest"));
	const char *other[] = {"tixd", build ? build : "",
	    arena_printf(c->arena, "%" JSON_INTEGER_FORMAT,
		json_integer_value(json_object_get(hello, "api"))),
	    methods ? methods : ""};

	print_names(c, names, ARRAY_LEN(names));
	print_cells(c, own, number, ARRAY_LEN(own));
	if (hello)
		print_cells(c, other, number, ARRAY_LEN(other));
}

int cmd_version(struct cli *c, int argc, char **argv)
{
	AUTO(json) json_t *params = json_pack("{s:i}", "api", RPC_API);
	AUTO(json) json_t *hello = NULL;
	struct err e = {0};
	struct args a;
	char digest[17];

	if (args_parse(c, argc - 1, argv + 1, "version", NULL, NULL, &a, &e) < 0)
		return bad_usage(c, &e, "version");
	if (a.help) {
		help_command(c, "version");
		return 0;
	}
	out_setup(c);
	if (call_name(c, "system.hello", params, false, &hello, &e) < 0 && e.code != TIX_ENO_DAEMON)
		return out_error(c, &e);
	if (c->mode == OUT_JSON || c->mode == OUT_JSONL) {
		version_json(c, hello);
		return 0;
	}
	if (c->mode == OUT_TSV || c->mode == OUT_CSV) {
		version_rows(c, hello);
		return 0;
	}
	buf_printf(&c->out, "tix %s, api %d, methods %s\n", TIX_BUILD, RPC_API, rpc_digest(digest));
	if (hello) {
		AUTO(buf) struct buf b = {0};

		buf_init(&b, 0);
		for (unsigned i = 0; i < 3; i++) { /* api, build, digest */
			static const char *const name[] = {"build", "api", "digest"};
			static const char *const before[] = {"tixd ", ", api ", ", methods "};
			const struct shape_field f = {.type = FT_text};

			buf_puts(&b, before[i]);
			value_put(&b, &f, json_object_get(hello, name[i]), NULL);
		}
		out_safe(&c->out, buf_str(&b));
		buf_putc(&c->out, '\n');
	} else {
		out_hint(c, "%s", e.message);
	}
	return 0;
}
