/* SPDX-License-Identifier: MIT */
/* tix export KIND: pages of the daemon to JSON lines or CSV, one page in memory at a time. A file
 * gets its name when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/near.h"
#include "cli/args.h"
#include "cli/bookmark.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/job.h"
#include "cli/out.h"
#include "cli/print.h"
#include "cli/progress.h"

#define PAGE_ROWS 500 /* asked for at once; the daemon gives fewer when they are long */

const struct opt export_opts[] = {
    {"since", "N", "orders, attendees: only what was made or changed after this record, or on from a bookmark, @NAME"},
    {"file", "FILE", "write to FILE, which gets its name when all is in it"},
    {"job", NULL, "let a job of the daemon write FILE, on its machine, and follow that"},
    {"detach", NULL, "the same, without waiting for the job"},
    {NULL, NULL, NULL},
};

static const struct kind {
	const char *name;
	int method;
	bool begins;	    /* it is put on record first */
	const char *fields; /* of CSV */
} kinds[] = {
    {"events", RPC_event_export, false,
	"event,name,status,start,end,doors,zone,currency,organizer,venue.slug,venue.name,venue."
	"city,"
	"venue.country,type,tags"},
    {"orders", RPC_order_export, true,
	"code,event,state,created,pay,channel,total,total.currency,balance,buyer.name,buyer.email,"
	"buyer.phone,buyer.country,buyer.postcode,buyer.locale,note"},
    {"attendees", RPC_attendee_export, true,
	"ticket,event,category,price,price.currency,state,name,email,buyer,buyer_email,created,"
	"channel"},
};

struct export
{
	struct cli *c;
	const struct kind *kind;
	const char *event, *file, *since;
	char part[PATH_MAX];
	int64_t first, last; /* records of the first page and of the last */
	struct print p;
	struct progress progress;
};

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(name, kinds[i].name) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* stdout becomes the file, under a name of its own meanwhile. */
static int open_file(struct export *x, struct err *e)
{
	int fd;

	if (!x->file)
		return 0;
	snprintf(x->part, sizeof(x->part), "%.*s.part", PATH_MAX - 8, x->file);
	fd = open(x->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return err_set(e, TIX_EOUTPUT, "file", "--file %s: %s", x->file, strerror(errno));
	return 0;
}

static int close_file(struct export *x, int r, struct err *e)
{
	out_flush(x->c);
	if (!x->file)
		return r;
	if (r == 0 && !x->c->out_failed &&
	    (fsync(STDOUT_FILENO) < 0 || rename(x->part, x->file) < 0))
		r = err_set(e, TIX_EOUTPUT, "file", "--file %s: %s", x->file, strerror(errno));
	if (r < 0 || x->c->out_failed)
		unlink(x->part);
	return r;
}

static int begin(struct export *x, json_t *params, struct err *e)
{
	AUTO(json) json_t *in = json_pack("{s:s}", "kind", x->kind->name);
	AUTO(json) json_t *result = NULL;
	int r;

	if (x->event) {
		json_object_set_new(in, "event", json_string(x->event));
		json_object_set_new(params, "event", json_string(x->event));
	}
	json_object_set_new(params, "limit", json_integer(PAGE_ROWS));
	if (!x->kind->begins)
		return 0;
	r = call(x->c, &rpc_methods[RPC_export_begin], in, &result, e);
	if (r == 0)
		json_object_set(params, "export", json_object_get(result, "record"));
	return r;
}

/* The bounds of --since. */
static int bounds(struct export *x, json_t *params, struct err *e)
{
	int64_t from = 0;
	int r;

	if (!x->since)
		return 0;
	if (bookmark_is(x->since)) {
		r = bookmark_open(x->c, x->since, e);
		from = x->c->mark.from;
		if (r == 0)
			json_object_set_new(params, "upto", json_integer(x->c->mark.upto));
	} else {
		r = args_i64(x->since, 0, INT64_MAX, "--since", &from, e);
	}
	json_object_set_new(params, "after", json_integer(from));
	return r;
}

static int pages(struct export *x, json_t *params, struct err *e)
{
	const struct rpc_method *m = &rpc_methods[x->kind->method];
	bool more = true;

	while (more && !x->c->out_failed) {
		AUTO(json) json_t *result = NULL;
		const json_t *items;
		json_t *next;
		int r = call(x->c, m, params, &result, e);

		if (r < 0)
			return r;
		items = json_object_get(result, "items");
		x->last = json_integer_value(json_object_get(result, "record"));
		x->first = x->first ? x->first : x->last;
		print_page(&x->p, items, json_array_size(items));
		progress_at(&x->progress, (int64_t)x->p.rows, 0, "");
		next = json_object_get(result, "next");
		more = json_is_string(next);
		if (more)
			json_object_set(params, "cursor", next);
	}
	print_end(&x->p, NULL);
	return 0;
}

static void summary(const struct export *x)
{
	const char *name = x->kind->name;
	int len = (int)strlen(name) - (x->p.rows == 1); /* one of them goes without its s */

	if (x->c->quiet || x->c->out_failed)
		return;
	if (x->first == x->last)
		out_say(x->c, "%zu %.*s, as of record %" PRId64, x->p.rows, len, name, x->last);
	else
		out_say(x->c,
		    "%zu %.*s, as of record %" PRId64 "; what changed up to record %" PRId64
		    " may be in",
		    x->p.rows, len, name, x->first, x->last);
}

/* The daemon's working directory is not ours. */
static json_t *whole_path(const char *file)
{
	char folder[PATH_MAX];

	if (file[0] == '/' || !getcwd(folder, sizeof(folder)))
		return json_string(file);
	return json_sprintf("%s/%s", folder, file);
}

static int run_by_job(struct export *x, bool detach, struct err *e)
{
	AUTO(json) json_t *job = NULL;
	AUTO(json) json_t *after = NULL;
	AUTO(json) json_t *in = json_pack("{s:s}", "kind", x->kind->name);
	int r;

	json_object_set_new(in, "file", whole_path(x->file));
	if (x->event)
		json_object_set_new(in, "event", json_string(x->event));
	if (x->c->dry_run)
		json_object_set_new(in, "dry_run", json_true());
	r = call(x->c, &rpc_methods[RPC_export_run], in, &job, e);
	if (r == 0 && !detach && !x->c->dry_run)
		r = job_await(
		    x->c, json_string_value(json_object_get(job, "job")), &after, e);
	if (r == 0 && x->c->dry_run && !x->c->out_tty)
		out_say(x->c, "would: nothing was kept");
	return r < 0 ? r : print_record(x->c, &rpc_methods[RPC_job_show], after ? after : job, e);
}

static int check_job(const struct export *x, struct err *e)
{
	if (!x->file)
		return err_set(e, TIX_EMISSING, "file", "--file FILE: where the job writes to");
	if (x->since)
		return err_set(e, TIX_EBAD_VALUE, "since", "a job exports all: --since goes without --job");
	if (x->c->mode_given || x->c->fields)
		return err_set(e, TIX_EBAD_VALUE, NULL, "a job writes whole records as JSON lines");
	return 0;
}

static int check(struct export *x, const struct args *a, struct err *e)
{
	struct cli *c = x->c;

	x->kind = a->npos > 0 ? kind_of(a->pos[0]) : NULL;
	if (!x->kind || a->npos > 2) {
		const char *names[] = {kinds[0].name, kinds[1].name, kinds[2].name};
		const char *near =
		    a->npos ? near_name(a->pos[0], strlen(a->pos[0]), names, ARRAY_LEN(names)) : NULL;

		err_set(e, a->npos < 1 ? TIX_EMISSING : TIX_EBAD_VALUE, NULL,
		    "export events|orders|attendees [EVENT]%s%s%s",
		    near && !x->kind ? "; did you mean " : "", near && !x->kind ? near : "",
		    near && !x->kind ? "?" : "");
		err_hint(e, "tix export -h");
		return e->code;
	}
	if (c->mode_given && c->mode != OUT_JSONL && c->mode != OUT_CSV)
		return err_set(e, TIX_EBAD_VALUE, "output", "an export is --jsonl or --csv");
	if (c->key)
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "--key goes with one call, an export makes many");
	x->event = a->npos > 1 ? a->pos[1] : NULL;
	x->file = args_opt(a, "file");
	x->since = args_opt(a, "since");
	if (x->since && !x->kind->begins)
		return err_set(e, TIX_EBAD_VALUE, "since", "--since goes with orders and attendees");
	if (args_opt(a, "job") || args_opt(a, "detach"))
		return check_job(x, e);
	c->mode = c->mode_given ? c->mode : OUT_JSONL;
	c->mode_given = true;
	if (c->mode == OUT_CSV && !c->fields)
		c->fields = x->kind->fields;
	return 0;
}

/* A dry run puts nothing on record, so it shows no data either: only whether it would go. */
static int run_dry(struct export *x, struct err *e)
{
	const struct rpc_method *m =
	    &rpc_methods[x->kind->begins ? RPC_export_begin : x->kind->method];
	AUTO(json) json_t *in = json_object();
	AUTO(json) json_t *result = NULL;
	int r;

	if (x->event)
		json_object_set_new(in, "event", json_string(x->event));
	if (x->kind->begins) {
		json_object_set_new(in, "kind", json_string(x->kind->name));
		json_object_set_new(in, "dry_run", json_true());
	} else {
		json_object_set_new(in, "limit", json_integer(1));
	}
	r = call(x->c, m, in, &result, e);
	if (r == 0 && !x->c->quiet)
		out_say(x->c, "would: %s%s%s%s%s", x->kind->name, x->event ? " of " : "",
		    x->event ? x->event : "", x->file ? " to " : "", x->file ? x->file : "");
	return r;
}

static int run(struct export *x, struct err *e)
{
	AUTO(json) json_t *params = json_object();
	int r = open_file(x, e);

	if (r < 0)
		return r;
	out_setup(x->c);
	r = print_open(&x->p, x->c, rpc_methods[x->kind->method].out->fields[0].sub, e);
	progress_begin(&x->progress, x->c, "export");
	if (r == 0)
		r = bounds(x, params, e);
	if (r == 0)
		r = begin(x, params, e);
	if (r == 0)
		r = pages(x, params, e);
	progress_end(&x->progress);
	return close_file(x, r, e);
}

int cmd_export(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct export x = {.c = c};
	struct args a;
	bool typed;
	int r;

	if (argc > 1 && (strcmp(argv[1], "begin") == 0 || strcmp(argv[1], "run") == 0))
		return cmd_method(c, argc, argv); /* the methods of those names */
	r = args_parse(c, argc - 1, argv + 1, "export", NULL, export_opts, &a, &e);
	if (r == 0 && a.help) {
		help_command(c, "export");
		return 0;
	}
	typed = c->mode_given; /* the form of an export is not that of its errors */
	if (r == 0)
		r = check(&x, &a, &e);
	if (r == 0 && (args_opt(&a, "job") || args_opt(&a, "detach"))) {
		out_setup(c);
		r = run_by_job(&x, args_opt(&a, "detach") != NULL, &e);
		return r < 0 ? out_error(c, &e) : c->answer;
	}
	if (r < 0 || c->dry_run)
		out_setup(c);
	if (r == 0)
		r = c->dry_run ? run_dry(&x, &e) : run(&x, &e);
	out_flush(c);
	if (!typed)
		c->mode = OUT_TSV;
	if (r < 0)
		return out_error(c, &e);
	if (!c->dry_run)
		summary(&x);
	return 0;
}
