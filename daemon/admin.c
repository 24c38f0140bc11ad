/* SPDX-License-Identifier: MIT */
/* init, migrate, check, restore and clone. Each takes the store's lock where it touches the store,
 * so that it never meets a daemon; check touches the backup alone. */
#include "daemon/admin.h"

#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"
#include "core/backup.h"
#include "core/clone.h"
#include "core/frame.h"
#include "daemon/options.h"
#include "rpc/error_json.h"
#include "store/migrate.h"
#include "store/path.h"

#define AUDIT_MEMORY ((size_t)256 << 20)
#define SPAN_MAX (INT64_C(100) * 366 * 86400)

struct admin {
	struct options options;
	struct conf conf;
	struct core core;
	const char *key, *confirm, *file;
	int64_t shift; /* of a clone, microseconds */
	bool yes, quiet, keep_persons, json;
	struct buf out; /* with json: what was done, one object */
};

static const char usage[] =
    "usage: tix db status | backup FILE        asks the running daemon; tix db VERB -h says more\n"
    "       tix db init | migrate              [--store sqlite:FILE] [--config FILE]\n"
    "       tix db check FILE [--key FILE]     proves a backup\n"
    "       tix db restore FILE [--key FILE] [--yes --confirm RECORD]\n"
    "       tix db clone FILE [--shift-time SPAN] [--keep-persons]   a copy to rehearse with\n"
    "\n"
    "  --store sqlite:FILE   the store; else as tixd finds it\n"
    "  --config FILE         settings, see tix.conf(5)\n"
    "  --key FILE            the key file, where the store has none\n"
    "  --yes --confirm N     restore over a store whose journal ends at record N\n"
    "  --shift-time SPAN     move all times, e.g. -30d or +12h (s m h d w)\n"
    "  --keep-persons        keep names, addresses and notes of people in the copy\n"
    "  --json                one JSON object\n"
    "  -q, --quiet           print nothing on success\n";

/* As tix tells errors: what quotes a file or an argument is made harmless. */
static int complain(const struct admin *a, struct err *err)
{
	const struct err_info *info = err_info(err->code);
	struct buf b;

	if (!err->hint[0])
		err_hint(err, "tix db -h");
	buf_init(&b, 0);
	if (a->json) {
		rpc_error_json(&b, err, NULL);
	} else {
		buf_printf(&b, "tix: %s: ", info->name);
		text_safe(&b, err->message, strlen(err->message));
		buf_printf(&b, "  (%d)\n  hint: ", info->exit_code);
		text_safe(&b, err->hint, strlen(err->hint));
		buf_putc(&b, '\n');
	}
	fputs(buf_str(&b), stderr);
	buf_done(&b);
	return info->exit_code;
}

static void put_text(struct admin *a, const char *key, const char *value)
{
	buf_printf(&a->out, ",\"%s\":", key);
	buf_json_str(&a->out, value);
}

static void put_i64(struct admin *a, const char *key, int64_t value)
{
	buf_printf(&a->out, ",\"%s\":%" PRId64, key, value);
}

/* The names are those of db.backup. */
static void put_point(
    struct admin *a, const struct backup *b, const char *hash, const char *sum, const char *at)
{
	put_text(a, "checksum", sum);
	put_i64(a, "seq", b->mark.seq);
	put_text(a, "hash", hash);
	put_text(a, "at", b->mark.seq > 0 ? at : NULL);
	put_i64(a, "schema", b->mark.schema);
	put_i64(a, "store_bytes", b->mark.bytes);
}

static void print_point(struct admin *a, const struct backup *b)
{
	char hash[65], sum[2 * ARCHIVE_SUM + 1], at[WHEN_TEXT_MAX] = "-";

	sodium_bin2hex(hash, sizeof(hash), b->mark.hash, sizeof(b->mark.hash));
	sodium_bin2hex(sum, sizeof(sum), b->sum, sizeof(b->sum));
	if (b->mark.seq > 0)
		when_rfc3339(b->mark.at, at, sizeof(at));
	if (a->json) {
		put_point(a, b, hash, sum, at);
		return;
	}
	printf("journal %" PRId64 "  %s  %s\nchecksum %s\nschema %" PRId64 "  store %" PRId64
	       " bytes\n",
	    b->mark.seq, hash, at, sum, b->mark.schema, b->mark.bytes);
}

static int make_store(struct admin *a, bool fresh, struct err *err)
{
	char path[DB_PATH_MAX];
	struct writer *w = NULL;
	struct db *db = NULL;
	int was = 0, r = db_path(a->core.store_url, path, err);

	if (r == 0 && fresh && access(path, F_OK) == 0)
		r = err_set(err, TIX_EEXISTS, "store", "the store %.300s exists already", path);
	if (r == 0 && !fresh) {
		r = db_open(a->core.store_url, DB_ADMIN, false, &db, err);
		if (r == 0)
			r = migrate_current(db, &was, err);
		db_close(db);
	}
	if (r == 0)
		r = writer_open(&a->core, fresh, &w, err);
	writer_free(w);
	if (r == 0 && a->json) {
		put_text(a, "store", path);
		put_i64(a, "schema", migrate_version());
		put_i64(a, "was", was);
	} else if (r == 0 && !a->quiet && fresh) {
		printf("%s  schema %d\nkeep a copy of %s.key elsewhere: no code can be read "
		       "without it\n",
		    path, migrate_version(), path);
	} else if (r == 0 && !a->quiet) {
		printf("%s  schema %d, was %d\n", path, migrate_version(), was);
	}
	return r;
}

static int run_init(struct admin *a, struct err *err)
{
	return make_store(a, true, err);
}

static int run_migrate(struct admin *a, struct err *err)
{
	return make_store(a, false, err);
}

static void put_verdict(struct admin *a, const struct audit *audit)
{
	const struct audit_finding *f = audit->findings.v;

	buf_printf(&a->out, ",\"ok\":%s", audit->ok ? "true" : "false");
	put_text(a, "file", a->file);
	buf_puts(&a->out, ",\"findings\":[");
	for (size_t i = 0; i < audit->findings.n; i++) {
		buf_puts(&a->out, i ? ",{\"law\":" : "{\"law\":");
		buf_json_str(&a->out, f[i].law);
		put_text(a, "subject", f[i].subject);
		put_text(a, "message", f[i].message);
		buf_putc(&a->out, '}');
	}
	buf_putc(&a->out, ']');
}

/* Findings of the audit, or that there is none. Returns 1 when there are. */
static int print_verdict(struct admin *a, const struct backup *b, const struct audit *audit)
{
	const struct audit_finding *f = audit->findings.v;

	if (a->json) {
		put_verdict(a, audit);
		print_point(a, b);
		return audit->ok ? 0 : 1;
	}
	for (size_t i = 0; i < audit->findings.n; i++)
		printf("%s  %s  %s\n", f[i].law, f[i].subject, f[i].message);
	if (!a->quiet || !audit->ok)
		printf("%s  %s\n", audit->ok ? "ok" : "NOT OK", a->file);
	if (!a->quiet)
		print_point(a, b);
	return audit->ok ? 0 : 1;
}

static int check_in(struct admin *a, const char *copy, struct err *err)
{
	struct arena *arena = arena_new(AUDIT_MEMORY);
	struct audit audit = {0};
	struct backup b;
	int r = arena ? backup_open(&a->core, a->file, copy, &b, err)
		      : err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");

	if (r == 0)
		r = backup_audit(&a->core, copy, b.mark.at, arena, &audit, err);
	if (r == 0)
		r = print_verdict(a, &b, &audit);
	arena_free(arena);
	return r;
}

/* 1 when something is wrong with the backup. */
static int run_check(struct admin *a, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char path[DB_PATH_MAX], folder[DB_PATH_MAX], copy[DB_PATH_MAX + 16];
	bool own;
	int r = db_path(a->core.store_url, path, err);

	if (r == 0)
		r = restore_key(&a->core, path, a->key, &own, err);
	if (r == 0 && access(a->file, R_OK) < 0)
		r = err_set(err, TIX_EBAD_VALUE, "file", "%.300s cannot be read", a->file);
	if (r < 0)
		return r;
	snprintf(folder, sizeof(folder), "%s/tix-check.XXXXXX", tmp && *tmp ? tmp : "/var/tmp");
	if (!mkdtemp(folder))
		return err_set(
		    err, TIX_EUNAVAILABLE, "disk", "cannot make a folder like %.300s", folder);
	snprintf(copy, sizeof(copy), "%s/store", folder);
	r = check_in(a, copy, err);
	backup_remove(copy);
	rmdir(folder);
	if (a->json && (r == TIX_EBAD_VALUE || r == TIX_ESTOPPED)) {
		buf_puts(&a->out, ",\"ok\":false");
		put_text(a, "file", a->file);
		put_text(a, "message", err->message);
		return 1;
	}
	if (r == TIX_EBAD_VALUE || r == TIX_ESTOPPED) {
		printf("NOT OK  %s\n%s\n", a->file, err->message);
		return 1;
	}
	return r;
}

/* A person types the number; a program gives it. */
static void ask(struct restore *r, char *line, size_t size)
{
	if (!isatty(0) || !isatty(2))
		return;
	fprintf(stderr, "number of the newest record that is there now: ");
	if (fgets(line, (int)size, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		r->confirm = line;
		r->yes = true;
	}
}

static int run_restore(struct admin *a, struct err *err)
{
	struct restore r = {.file = a->file, .key = a->key, .confirm = a->confirm, .yes = a->yes};
	char line[64];
	int rc = restore_run(&r, &a->core, err);

	if (rc == TIX_EUNCONFIRMED && !a->confirm && isatty(0) && isatty(2)) {
		fprintf(stderr, "%s\n", err->message);
		ask(&r, line, sizeof(line));
		err_clear(err);
		rc = restore_run(&r, &a->core, err);
	}
	if (rc == 0 && a->json) {
		put_text(a, "store", a->core.store_url);
		print_point(a, &r.made);
		put_text(a, "replaced", r.aside[0] ? r.aside : NULL);
	}
	if (rc < 0 || a->quiet || a->json)
		return rc;
	printf("restored %s\n", a->core.store_url);
	print_point(a, &r.made);
	if (r.aside[0])
		printf("the store that was there is %s\n", r.aside);
	return 0;
}

static int run_clone(struct admin *a, struct err *err)
{
	struct clone k = {.to = a->file, .shift = a->shift, .keep_persons = a->keep_persons};
	char path[DB_PATH_MAX];
	bool own;
	int r = db_path(a->core.store_url, path, err);

	if (r == 0)
		r = restore_key(&a->core, path, NULL, &own, err);
	if (r == 0)
		r = clone_run(&k, &a->core, err);
	if (r == 0 && a->json) {
		put_text(a, "file", a->file);
		put_i64(a, "records", k.records);
		put_text(a, "persons", k.keep_persons ? "kept" : "replaced");
	} else if (r == 0 && !a->quiet)
		printf("%s  %" PRId64 " records, persons %s\n", a->file, k.records,
		    k.keep_persons ? "kept" : "replaced");
	return r;
}

static const struct verb {
	const char *name;
	int (*run)(struct admin *a, struct err *err);
	bool takes_file;
} verbs[] = {
    {"init", run_init, false},
    {"migrate", run_migrate, false},
    {"check", run_check, true},
    {"restore", run_restore, true},
    {"clone", run_clone, true},
};

enum { OPT_STORE = 256, OPT_CONFIG, OPT_KEY, OPT_CONFIRM, OPT_SHIFT, OPT_KEEP, OPT_JSON };

/* -30d, +12h: whole seconds. */
static int read_span(const char *text, int64_t *ret, struct err *err)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = {1, 60, 3600, 86400, 604800};
	char *end;
	long long n = strtoll(text, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;

	if (end == text || !unit || end[1] || n > SPAN_MAX || n < -SPAN_MAX)
		return err_set(err, TIX_EBAD_VALUE, NULL,
		    "--shift-time \"%.40s\": a number and one of s m h d w, e.g. -30d", text);
	*ret = n * seconds[unit - units];
	if (*ret > SPAN_MAX || *ret < -SPAN_MAX)
		return err_set(err, TIX_EBAD_VALUE, NULL, "--shift-time: a hundred years at most");
	*ret *= USEC_PER_SEC;
	return 0;
}

static int take_flags(struct admin *a, int argc, char **argv, bool *ret_help, struct err *err)
{
	static const struct option flags[] = {{"store", required_argument, NULL, OPT_STORE},
	    {"config", required_argument, NULL, OPT_CONFIG},
	    {"key", required_argument, NULL, OPT_KEY},
	    {"confirm", required_argument, NULL, OPT_CONFIRM},
	    {"shift-time", required_argument, NULL, OPT_SHIFT},
	    {"keep-persons", no_argument, NULL, OPT_KEEP}, {"json", no_argument, NULL, OPT_JSON},
	    {"yes", no_argument, NULL, 'y'}, {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, 'h'}, {0}};
	int flag, r = 0;

	opterr = 0;
	while (r == 0 && (flag = getopt_long(argc, argv, ":yqh", flags, NULL)) != -1) {
		if (flag == OPT_STORE)
			a->options.store = optarg;
		else if (flag == OPT_CONFIG)
			a->options.config = optarg;
		else if (flag == OPT_KEY)
			a->key = optarg;
		else if (flag == OPT_CONFIRM)
			a->confirm = optarg;
		else if (flag == OPT_SHIFT)
			r = read_span(optarg, &a->shift, err);
		else if (flag == OPT_KEEP)
			a->keep_persons = true;
		else if (flag == OPT_JSON)
			a->json = true;
		else if (flag == 'y')
			a->yes = true;
		else if (flag == 'q')
			a->quiet = true;
		else if (flag == 'h')
			*ret_help = true;
		else
			return err_set(err, TIX_EBAD_VALUE, NULL,
			    flag == ':' ? "%s takes a value" : "db has no flag %s",
			    argv[optind - 1]);
	}
	return r;
}

static int set_up(struct admin *a, struct err *err)
{
	int r = options_settings(&a->options, &a->conf, err);

	if (r < 0)
		return r;
	if (sodium_init() < 0)
		return err_set(err, TIX_EINTERNAL, NULL, "libsodium does not start");
	snprintf(a->core.store_url, sizeof(a->core.store_url), "%s", a->conf.store.s);
	a->core.clock = clock_system();
	a->core.hold_default = a->conf.hold_default;
	a->core.bank_deadline = a->conf.bank_deadline;
	a->core.hold_max = a->conf.hold_max;
	a->core.idem_keep = a->conf.idempotency_days * 86400 * USEC_PER_SEC;
	return 0;
}

static const struct verb *find_verb(struct admin *a, int argc, char **argv, int at, struct err *err)
{
	const struct verb *v = NULL;
	int want;

	for (size_t i = 0; at < argc && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, argv[at]) == 0)
			v = &verbs[i];
	}
	if (!v) {
		err_set(err, TIX_EBAD_VALUE, NULL, "db has no verb \"%.40s\"",
		    at < argc ? argv[at] : "");
		err_hint(err, "tix db -h");
		return NULL;
	}
	want = at + 1 + v->takes_file;
	if (argc != want) {
		err_set(err, argc < want ? TIX_EMISSING : TIX_EBAD_VALUE, NULL, "%s",
		    argc < want ? "FILE is required" : "that is one argument too many");
		return NULL;
	}
	a->file = v->takes_file ? argv[at + 1] : NULL;
	return v;
}

int admin_main(int argc, char **argv)
{
	static struct admin a;
	const struct verb *v;
	struct err err = {0};
	bool help = false;
	int r = take_flags(&a, argc, argv, &help, &err);

	if (r == 0 && help) {
		fputs(usage, stdout);
		return 0;
	}
	v = r == 0 ? find_verb(&a, argc, argv, optind, &err) : NULL;
	if (!v)
		return complain(&a, &err);
	buf_init(&a.out, 0);
	buf_puts(&a.out, "{\"v\":1");
	r = set_up(&a, &err);
	if (r == 0)
		r = v->run(&a, &err);
	if (r >= 0 && a.json)
		printf("%s}\n", buf_str(&a.out));
	buf_done(&a.out);
	if (r < 0)
		return complain(&a, &err);
	if (fflush(stdout) != 0) {
		err_set(&err, TIX_EOUTPUT, NULL, "stdout takes no more");
		return complain(&a, &err);
	}
	return r;
}
