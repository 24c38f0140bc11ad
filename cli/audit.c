/* SPDX-License-Identifier: MIT */
/* tix audit: the laws that were proved, and what is wrong. Exit status 1 when anything is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/params.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/style.h"

/* Rows of records of a shape; a title before them for a person. */
static void rows(struct cli *c, const struct shape *shape, const json_t *items)
{
	const char *fields = c->fields;
	struct print p;

	c->fields = NULL;
	if (json_array_size(items) > 0 && print_open(&p, c, shape, NULL) == 0)
		print_page(&p, items, SIZE_MAX);
	c->fields = fields;
}

/* One finding with all its words: a table would cut what matters most. */
static void finding(struct cli *c, const json_t *f)
{
	static const char *const names[] = {"severity", "law", "subject", "message"};
	const char *repair = json_string_value(json_object_get(f, "repair"));

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *s = json_string_value(json_object_get(f, names[i]));

		if (i > 0)
			buf_puts(&c->out, "  ");
		out_safe(&c->out, s ? s : "-");
	}
	buf_putc(&c->out, '\n');
	if (repair && *repair) {
		buf_puts(&c->out, "  repair: ");
		out_safe(&c->out, repair);
		buf_putc(&c->out, '\n');
	}
}

static void print_table(struct cli *c, const json_t *result)
{
	const json_t *findings = json_object_get(result, "findings");
	const json_t *head = json_object_get(result, "head");
	const char *hash = json_string_value(json_object_get(head, "hash"));

	rows(c, &shape_audit_law, json_object_get(result, "laws"));
	for (size_t i = 0; i < json_array_size(findings); i++)
		finding(c, json_array_get(findings, i));
	style_word(&c->out, c->color,
	    json_is_true(json_object_get(result, "ok")) ? "ok" : "NOT OK");
	buf_printf(&c->out, "  journal %" JSON_INTEGER_FORMAT "  ",
	    json_integer_value(json_object_get(head, "seq")));
	out_safe(&c->out, hash ? hash : "-");
	buf_putc(&c->out, '\n');
}

static const char *number_of(struct cli *c, const json_t *o, const char *name)
{
	return arena_printf(c->arena, "%" JSON_INTEGER_FORMAT,
	    json_integer_value(json_object_get(o, name)));
}

/* Laws, then findings, in the same columns: a law has no severity, a finding no counts. */
static void print_rows(struct cli *c, const json_t *result)
{
	static const char *const names[] = {
	    "law", "checked", "findings", "severity", "subject", "message", "repair"};
	static const bool number[] = {false, true, true, false, false, false, false};
	const json_t *laws = json_object_get(result, "laws");
	const json_t *findings = json_object_get(result, "findings");

	print_names(c, names, ARRAY_LEN(names));
	for (size_t i = 0; i < json_array_size(laws); i++) {
		const json_t *law = json_array_get(laws, i);
		const char *cell[] = {value_text(law, "law"), number_of(c, law, "checked"),
		    number_of(c, law, "findings"), "", "", "", ""};

		print_cells(c, cell, number, ARRAY_LEN(cell));
	}
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);
		const char *cell[] = {value_text(f, "law"), "", "", value_text(f, "severity"),
		    value_text(f, "subject"), value_text(f, "message"), value_text(f, "repair")};

		print_cells(c, cell, number, ARRAY_LEN(cell));
	}
}

static int print_audit(
    struct cli *c, const struct rpc_method *m, const json_t *result, struct err *e)
{
	switch (c->mode) {
	case OUT_JSON:
	case OUT_JSONL:
		return print_record(c, m, result, e);
	case OUT_TABLE:
		print_table(c, result);
		return 0;
	case OUT_TSV:
	case OUT_CSV:
		print_rows(c, result);
		return 0;
	}
	return 0;
}

int cmd_audit(struct cli *c, int argc, char **argv)
{
	const struct rpc_method *m = &rpc_methods[RPC_audit_run];
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *result = NULL;
	struct progress progress;
	struct err e = {0};
	struct args a;
	bool ok;
	int verb =
	    argc > 1 && strcmp(argv[1], "run") == 0; /* tix audit run is the method's own name */
	int r = args_parse(c, argc - 1 - verb, argv + 1 + verb, "audit", m->in, NULL, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "audit");
		return 0;
	}
	out_setup(c);
	pager_allow(c);
	if (r == 0)
		r = params_build(c, m, &a, a.pos, a.npos, &params, &e);
	if (r == 0) {
		progress_begin(&progress, c, "audit");
		r = call(c, m, params, &result, &e);
		progress_end(&progress);
	}
	if (r < 0)
		return out_error(c, &e);
	ok = json_is_true(json_object_get(result, "ok"));
	if (!(c->quiet && ok) && (r = print_audit(c, m, result, &e)) < 0)
		return out_error(c, &e);
	return ok ? 0 : 1;
}
