/* SPDX-License-Identifier: MIT */
/* tix import KIND: JSON lines to calls of event.import or order.import, in chunks. A line that is
 * refused is named with its number and may go to a file as it came, and the rest goes on; it never
 * changes a line. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/zone.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/job.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/print.h"
#include "cli/progress.h"

#define CHUNK_ROWS 100
#define CHUNK_BYTES (384 * 1024) /* a frame may have 1 MiB, and escapes make lines longer */
#define LINE_MAX_BYTES (256 * 1024)

const struct opt import_opts[] = {
    {"zone", "ZONE",
	"events: zone of the rows that have none and whose venue has none; UTC without it"},
    {"rejects", "FILE", "write the lines that are refused to FILE, as they came"},
    {"job", NULL, "let a job of the daemon do it, line by line, and follow that"},
    {"rate", "NUMBER", "with a job: at most so many lines a second"},
    {"detach", NULL, "the same, without waiting for the job"},
    {NULL, NULL, NULL},
};

/* What can be imported; the field of the call that holds the rows has the same name. */
static const struct kind {
	const char *name;
	int method;
} kinds[] = {
    {"events", RPC_event_import},
    {"orders", RPC_order_import},
};

struct import {
	struct cli *c;
	const struct kind *kind;
	const char *zone, *rate;
	FILE *rejects;
	bool by_job;
	char job[24];		/* that takes the lines */
	json_t *rows;		/* of the chunk */
	char *text[CHUNK_ROWS]; /* each as it came */
	long line[CHUNK_ROWS];	/* where each row came from */
	size_t bytes;
	int64_t read, created, changed, same, zoned, rejected;
	int64_t lines; /* of the file, 0 where nobody knows before the end */
	struct progress progress;
	struct err *err;
};

/* The number in "orders[17].start"; -1 when it does not begin so. *ret_rest is what follows. */
static long row_in(const struct import *im, const char *text, const char **ret_rest)
{
	size_t len = strlen(im->kind->name);
	char *end;
	long i;

	if (strncmp(text, im->kind->name, len) != 0 || text[len] != '[')
		return -1;
	i = strtol(text + len + 1, &end, 10);
	if (*end != ']' || i < 0)
		return -1;
	*ret_rest = end + 1;
	return i;
}

/* One rejected line, on stderr, and as it came into the file of --rejects. */
static void reject(struct import *im, long line, const char *text, size_t len, const struct err *e)
{
	const char *what = e->message, *rest;

	/* "events[17].name: ..." counts the rows of a chunk, which nobody else knows. */
	if (row_in(im, what, &rest) >= 0 && *rest == '.')
		what = rest + 1;
	im->rejected++;
	out_say(im->c, "tix: line %ld: %s: %s", line, err_info(e->code)->name, what);
	if (e->hint[0])
		out_say(im->c, "  hint: %s", e->hint);
	if (im->rejects) {
		fwrite(text, 1, len, im->rejects);
		fputc('\n', im->rejects);
	}
}

/* Errors that no other line could avoid. */
static bool of_the_line(int code)
{
	return code == TIX_EMISSING || code == TIX_EUNKNOWN_FIELD || code == TIX_EBAD_VALUE ||
	       code == TIX_ENOT_FOUND || code == TIX_EEXISTS || code == TIX_EWRONG_STATE ||
	       code == TIX_ELIMIT || code == TIX_ESOLD_OUT;
}

static int send(struct import *im, json_t *rows, struct err *e)
{
	AUTO(json) json_t *params = json_pack("{s:O}", im->kind->name, rows);
	AUTO(json) json_t *result = NULL;
	int r;

	if (im->zone)
		json_object_set_new(params, "zone", json_string(im->zone));
	if (im->c->dry_run)
		json_object_set_new(params, "dry_run", json_true());
	r = call(im->c, &rpc_methods[im->kind->method], params, &result, e);
	if (r == 0)
		odd_say(im->c, &rpc_methods[im->kind->method], result);
	if (r < 0)
		return r;
	im->created += json_integer_value(json_object_get(result, "created"));
	im->changed += json_integer_value(json_object_get(result, "changed"));
	im->same += json_integer_value(json_object_get(result, "same"));
	im->zoned += json_integer_value(json_object_get(result, "zoned"));
	return 0;
}

/* Sends rows from..to; those that are refused are taken out one by one, by what the error says or
 * by halves. */
static int send_range(struct import *im, size_t from, size_t to)
{
	AUTO(json) json_t *rows = json_array();
	struct err e = {0};
	const char *rest;
	long bad;
	int r;

	if (from == to)
		return 0;
	for (size_t i = from; i < to; i++)
		json_array_append(rows, json_array_get(im->rows, i));
	r = send(im, rows, &e);
	if (r == 0)
		return 0;
	if (!of_the_line(r)) {
		*im->err = e;
		return r;
	}
	bad = to - from == 1 ? 0 : row_in(im, e.field, &rest);
	if (bad < 0 || (size_t)bad >= to - from) {
		r = send_range(im, from, from + (to - from) / 2);
		return r < 0 ? r : send_range(im, from + (to - from) / 2, to);
	}
	bad += (long)from;
	reject(im, im->line[bad], im->text[bad], strlen(im->text[bad]), &e);
	r = send_range(im, from, (size_t)bad);
	return r < 0 ? r : send_range(im, (size_t)bad + 1, to);
}

/* The lines of a chunk into the job, which looks at them when their turn comes. */
static int stage(struct import *im, size_t n)
{
	AUTO(json) json_t *lines = json_array();
	AUTO(json) json_t *params = json_pack("{s:s,s:O}", "job", im->job, "lines", lines);
	AUTO(json) json_t *result = NULL;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(lines, json_pack("{s:I,s:O}", "line",
						 (json_int_t)im->line[i], "row",
						 json_array_get(im->rows, i)));
	return n == 0 ? 0
		      : call(im->c, &rpc_methods[RPC_import_add], params, &result, im->err);
}

static int flush(struct import *im)
{
	size_t n = json_array_size(im->rows);
	int r = im->by_job ? stage(im, n) : send_range(im, 0, n);

	for (size_t i = 0; i < n; i++)
		free(im->text[i]);
	json_array_clear(im->rows);
	im->bytes = 0;
	return r;
}

static int take_line(struct import *im, const char *text, size_t len, long number)
{
	AUTO(json) json_t *row = NULL;
	struct err e = {0};
	size_t n = json_array_size(im->rows);
	int r = 0;

	if (number == 1 && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3; /* the byte order mark that some editors begin a file with */
		len -= 3;
	}
	while (len > 0 && memchr(" \t\r\n", text[len - 1], 4))
		len--;
	if (len == 0)
		return 0;
	im->read++;
	if (len > LINE_MAX_BYTES)
		r = err_set(
		    &e, TIX_ELIMIT, NULL, "the line has more than %d bytes", LINE_MAX_BYTES);
	else
		r = json_parse_strict(text, len, JSON_DEPTH_DEFAULT, &row, &e);
	if (r == 0 && !json_is_object(row))
		r = err_set(&e, TIX_EBAD_VALUE, NULL, "a line must be a JSON object");
	if (r < 0) {
		reject(im, number, text, len, &e);
		return 0;
	}
	im->text[n] = strndup(text, len);
	if (!im->text[n])
		return err_set(im->err, TIX_EINTERNAL, NULL, "out of memory");
	im->line[n] = number;
	json_array_append(im->rows, row);
	im->bytes += len;
	if (n + 1 == CHUNK_ROWS || im->bytes >= CHUNK_BYTES)
		return flush(im);
	return 0;
}

static int read_lines(struct import *im, FILE *in)
{
	AUTO(str) char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	long number = 0;
	int r = 0;

	while (r == 0 && (n = getline(&line, &cap, in)) >= 0) {
		r = take_line(im, line, (size_t)n, ++number);
		progress_at(&im->progress, number, im->lines, "");
	}
	if (r == 0 && ferror(in))
		r = err_set(im->err, TIX_EOUTPUT, NULL, "reading failed: %s", strerror(errno));
	return r < 0 ? r : flush(im);
}

static void summary(struct import *im)
{
	static const char *const names[] = {
	    "read", "created", "changed", "same", "rejected", "zoned"};
	const int64_t values[] = {
	    im->read, im->created, im->changed, im->same, im->rejected, im->zoned};
	struct cli *c = im->c;

	if (c->mode == OUT_JSON || c->mode == OUT_JSONL) {
		buf_puts(&c->out, "{\"v\":1");
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			buf_printf(&c->out, ",\"%s\":%" PRId64, names[i], values[i]);
		buf_printf(&c->out, ",\"dry_run\":%s}\n", c->dry_run ? "true" : "false");
		return;
	}
	if (c->mode != OUT_TABLE) {
		static const bool number[] = {true, true, true, true, true, true};
		const char *cell[ARRAY_LEN(names)];

		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			cell[i] = arena_printf(c->arena, "%" PRId64, values[i]);
		print_names(c, names, ARRAY_LEN(names));
		print_cells(c, cell, number, ARRAY_LEN(names));
		return;
	}
	buf_printf(&c->out,
	    "%s%" PRId64 " read: %" PRId64 " created, %" PRId64 " changed, %" PRId64
	    " same, %" PRId64 " rejected\n",
	    c->dry_run ? "would: " : "", im->read, im->created, im->changed, im->same,
	    im->rejected);
	if (im->zoned > 0)
		out_say(c, "%" PRId64 " without a zone of their own: %s", im->zoned,
		    im->zone ? im->zone : "UTC");
}

static int open_rejects(struct import *im, const char *path)
{
	im->rejects = path ? fopen(path, "we") : NULL;
	if (path && !im->rejects)
		return err_set(
		    im->err, TIX_EBAD_VALUE, "rejects", "--rejects %s: %s", path, strerror(errno));
	return 0;
}

static int close_rejects(struct import *im, int r)
{
	bool failed = im->rejects && ferror(im->rejects);

	if (im->rejects && (fclose(im->rejects) != 0 || failed) && r == 0)
		r = err_set(im->err, TIX_EOUTPUT, "rejects", "--rejects: %s", strerror(errno));
	return r;
}

static int begin_job(struct import *im)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "kind", im->kind->name);
	AUTO(json) json_t *result = NULL;
	int r;

	if (im->zone)
		json_object_set_new(params, "zone", json_string(im->zone));
	if (im->rate)
		json_object_set_new(params, "rate", json_integer(strtol(im->rate, NULL, 10)));
	r = call(im->c, &rpc_methods[RPC_import_begin], params, &result, im->err);
	if (r == 0)
		snprintf(im->job, sizeof(im->job), "%s",
		    json_string_value(json_object_get(result, "job")));
	return r;
}

/* So that somebody who waits knows how long; a pipe cannot be read twice. */
static int64_t count_lines(FILE *in)
{
	char piece[64 * 1024];
	int64_t lines = 0;
	struct stat st;
	off_t at = 0;
	ssize_t n;

	if (fstat(fileno(in), &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	while ((n = pread(fileno(in), piece, sizeof(piece), at)) > 0) {
		for (const char *s = piece, *end = s + n; (s = memchr(s, '\n', (size_t)(end - s))); s++)
			lines++;
		at += n;
	}
	return lines;
}

static int import_file(struct import *im, const char *path, const char *rejects)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int r;

	if (!in)
		return err_set(im->err, TIX_EBAD_VALUE, NULL, "%s: %s", path, strerror(errno));
	r = im->by_job ? begin_job(im) : open_rejects(im, rejects);
	im->rows = json_array();
	if (im->c->err_tty)
		im->lines = count_lines(in);
	progress_begin(&im->progress, im->c, "import");
	if (r == 0)
		r = close_rejects(im, read_lines(im, in));
	progress_end(&im->progress);
	json_decref(im->rows);
	if (in != stdin)
		fclose(in);
	return r;
}

/* All lines are there: the job runs. */
static int run_job(struct import *im, bool detach, json_t **ret)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "job", im->job);
	AUTO(json) json_t *after = NULL;
	int r = call(im->c, &rpc_methods[RPC_job_resume], params, ret, im->err);

	if (r < 0 || detach)
		return r;
	r = job_await(im->c, im->job, &after, im->err);
	if (r == 0 && after) {
		json_decref(*ret);
		*ret = TAKE(after);
	}
	return r;
}

static int import_by_job(struct import *im, const char *path, bool detach)
{
	AUTO(json) json_t *job = NULL;
	int r;

	im->by_job = true;
	r = import_file(im, path, NULL);
	if (r == 0)
		r = run_job(im, detach, &job);
	if (r == 0)
		return print_record(im->c, &rpc_methods[RPC_job_show], job, im->err);
	if (im->job[0] && !im->err->hint[0])
		err_hint(im->err, "tix job show %s; what it took can be resumed, or stopped",
		    im->job);
	return r;
}

static const struct kind *kind_of(const struct args *a)
{
	for (size_t i = 0; a->npos == 2 && i < ARRAY_LEN(kinds); i++) {
		if (strcmp(a->pos[0], kinds[i].name) == 0)
			return &kinds[i];
	}
	return NULL;
}

static int check(struct import *im, const struct args *a, struct err *e)
{
	const struct zone *zone;

	im->kind = kind_of(a);
	if (!im->kind) {
		const char *names[] = {kinds[0].name, kinds[1].name};
		const char *near =
		    a->npos == 2 ? near_name(a->pos[0], strlen(a->pos[0]), names, ARRAY_LEN(names)) : NULL;

		err_set(e, a->npos < 2 ? TIX_EMISSING : TIX_EBAD_VALUE, NULL,
		    "import events|orders FILE, or - for stdin%s%s%s", near ? "; did you mean " : "",
		    near ? near : "", near ? "?" : "");
		err_hint(e, "tix import -h");
		return e->code;
	}
	if (im->c->key)
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "--key goes with one call, an import makes many");
	if ((args_opt(a, "job") || args_opt(a, "detach")) &&
	    (im->c->dry_run || args_opt(a, "rejects")))
		return err_set(e, TIX_EBAD_VALUE, NULL,
		    "--dry-run and --rejects go without a job: it reports what it refused");
	im->rate = args_opt(a, "rate");
	if (im->rate && im->rate[strspn(im->rate, "0123456789")])
		return err_set(e, TIX_EBAD_VALUE, "rate", "--rate: a number of lines a second");
	im->zone = args_opt(a, "zone");
	if (im->zone && im->kind->method != RPC_event_import)
		return err_set(e, TIX_EBAD_VALUE, "zone", "--zone goes with events");
	if (im->zone && zone_get(im->zone, &zone, NULL) < 0)
		return err_set(
		    e, TIX_EBAD_VALUE, "zone", "--zone \"%.60s\": no such time zone", im->zone);
	return 0;
}

int cmd_import(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct import im = {.c = c, .err = &e};
	struct args a;
	int r;

	if (argc > 1 && (strcmp(argv[1], "begin") == 0 || strcmp(argv[1], "add") == 0))
		return cmd_method(c, argc, argv); /* the methods of those names */
	r = args_parse(c, argc - 1, argv + 1, "import", NULL, import_opts, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "import");
		return 0;
	}
	out_setup(c);
	if (r == 0)
		r = check(&im, &a, &e);
	if (r < 0)
		return out_error(c, &e);
	if (args_opt(&a, "job") || args_opt(&a, "detach")) {
		r = import_by_job(&im, a.pos[1], args_opt(&a, "detach") != NULL);
		return r < 0 ? out_error(c, &e) : im.rejected > 0 ? 1 : c->answer;
	}
	r = import_file(&im, a.pos[1], args_opt(&a, "rejects"));
	if (r < 0 ? im.read > 0 : !c->quiet || im.rejected > 0)
		summary(&im);
	if (r < 0)
		return out_error(c, &e);
	return im.rejected > 0 ? 1 : 0;
}
