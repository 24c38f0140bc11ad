/* SPDX-License-Identifier: MIT */
/* Reads the command line by the tables of fields and options. It never asks the daemon and never
 * prints. */
#include "cli/args.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/utf8.h"
#include "cli/guard.h"

const struct opt args_globals[] = {
    {"socket", "PATH", "the daemon's socket"},
    {"event", "EVENT", "the event where a command names none (-e, TIX_EVENT)"},
    {"output", "FORMAT", "table, tsv, json, jsonl or csv (-o, TIX_FORMAT)"},
    {"json", NULL, "one JSON object, as on the wire"},
    {"jsonl", NULL, "one JSON object a line"},
    {"csv", NULL, "comma-separated, with a header"},
    {"fields", "LIST", "only these columns; help names them"},
    {"sort", "LIST", "a list by these columns; -total: downwards"},
    {"limit", "N", "at most so many rows"},
    {"header", NULL, "column names in TSV too"},
    {"utc", NULL, "times in UTC"},
    {"color", "WHEN", "auto, always or never"},
    {"key", "KEY", "idempotency key of a change"},
    {"dry-run", NULL, "do everything but keep nothing (-n)"},
    {"timeout", "TIME", "give up after so long, e.g. 30s"},
    {"lock", "NAME", "refuse (75) while another run holds this lock"},
    {"quiet", NULL, "say nothing of a change or a check that went well (-q)"},
    {"yes", NULL, "do not ask (-y)"},
    {"help", NULL, "help (-h)"},
    {NULL, NULL, NULL},
};

static const char short_flags[] = "eonqyh";
static const char *const short_names[] = {"event", "output", "dry-run", "quiet", "yes", "help"};

struct parser {
	struct cli *c;
	int argc;
	char **argv;
	int i;
	const char *what;
	const struct shape *shape;
	const struct opt *opts;
	struct args *out;
	struct err *err;
};

/* A flag after its name was found in one of the tables. */
struct flag {
	const struct shape_field *field;
	const struct opt *opt;
	bool global, no;
};

static bool same_name(const char *typed, size_t len, const char *name)
{
	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((typed[i] == '_' ? '-' : typed[i]) != (name[i] == '_' ? '-' : name[i]))
			return false;
	}
	return true;
}

bool args_hidden(const struct shape_field *f)
{
	return strcmp(f->name, "limit") == 0 || strcmp(f->name, "dry_run") == 0 ||
	       strcmp(f->name, "sort") == 0;
}

const struct opt *args_find_opt(const struct opt *opts, const char *name, size_t len)
{
	for (; opts && opts->name; opts++) {
		if (same_name(name, len, opts->name))
			return opts;
	}
	return NULL;
}

/* What C or the wire had to call otherwise. */
static const char *flag_word(const char *field)
{
	return strcmp(field, "void_ticket") == 0 ? "void" : field;
}

const struct shape_field *args_find_field(const struct shape *shape, const char *name, size_t len)
{
	for (unsigned i = 0; shape && i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];

		if ((same_name(name, len, f->name) ||
			same_name(name, len, flag_word(f->name))) &&
		    !args_hidden(f))
			return f;
	}
	return NULL;
}

static bool find_flag(const struct parser *p, const char *name, size_t len, struct flag *ret)
{
	struct flag f = {.opt = args_find_opt(p->opts, name, len)};

	if (!f.opt)
		f.field = args_find_field(p->shape, name, len);
	if (!f.opt && !f.field) {
		f.opt = args_find_opt(args_globals, name, len);
		f.global = true;
	}
	if (!f.opt && !f.field && len > 3 && memcmp(name, "no-", 3) == 0) {
		f.global = false;
		f.no = true;
		f.field = args_find_field(p->shape, name + 3, len - 3);
		if (f.field && f.field->type != FT_bool && !(f.field->flags & FF_NULL))
			f.field = NULL;
	}
	*ret = f;
	return f.opt || f.field;
}

static int unknown_flag(struct parser *p, const char *name, size_t len)
{
	const char *names[256];
	size_t n = 0;
	const char *best;

	for (const struct opt *o = p->opts; o && o->name && n < 64; o++)
		names[n++] = o->name;
	for (unsigned i = 0; p->shape && i < p->shape->nfields && n < 128; i++) {
		if (!args_hidden(&p->shape->fields[i]))
			names[n++] = args_flag(p->c, p->shape->fields[i].name) + 2;
	}
	for (const struct opt *o = args_globals; o->name; o++)
		names[n++] = o->name;
	best = near_name(name, len, names, n);
	return err_set(p->err, TIX_EUNKNOWN_FIELD, NULL, "%s has no flag --%.*s%s%s%s", p->what,
	    (int)len, name, best ? "; did you mean --" : "", best ? best : "", best ? "?" : "");
}

static const char *const modes[] = {[OUT_TABLE] = "table",
    [OUT_TSV] = "tsv",
    [OUT_JSON] = "json",
    [OUT_JSONL] = "jsonl",
    [OUT_CSV] = "csv"};
static const char *const colors[] = {
    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

const char *args_mode_name(enum out_mode mode)
{
	return modes[mode];
}

const char *args_color_name(enum color_when when)
{
	return colors[when];
}

/* The place of a word among some, or an error that names the nearest. */
static int find_word(const char *value, const char *const *words, size_t n, const char *what,
    const char *all, struct err *e)
{
	const char *near = near_name(value, strlen(value), words, n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(value, words[i]) == 0)
			return (int)i;
	}
	err_set(e, TIX_EBAD_VALUE, NULL, "%s \"%.60s\": %s", what, value, all);
	if (near)
		err_hint(e, "did you mean %s?", near);
	return TIX_EBAD_VALUE;
}

int args_set_mode(struct cli *c, const char *value, const char *what, struct err *e)
{
	int i = find_word(
	    value, modes, ARRAY_LEN(modes), what, "table, tsv, json, jsonl or csv", e);

	if (i < 0)
		return i;
	c->mode = (enum out_mode)i;
	c->mode_given = true;
	return 0;
}

int args_set_color(struct cli *c, const char *value, const char *what, struct err *e)
{
	int i = find_word(value, colors, ARRAY_LEN(colors), what, "auto, always or never", e);

	if (i < 0)
		return i;
	c->color_when = (enum color_when)i;
	return 0;
}

/* Switches that take a value. */
static int set_global_value(struct cli *c, const char *name, const char *value, struct err *e)
{
	if (strcmp(name, "socket") == 0)
		c->socket = value;
	else if (strcmp(name, "event") == 0)
		c->event = value;
	else if (strcmp(name, "fields") == 0)
		c->fields = c->fields ? arena_printf(c->arena, "%s,%s", c->fields, value) : value;
	else if (strcmp(name, "sort") == 0)
		c->sort = c->sort ? arena_printf(c->arena, "%s,%s", c->sort, value) : value;
	else if (strcmp(name, "key") == 0)
		c->key = value;
	else if (strcmp(name, "output") == 0)
		return args_set_mode(c, value, "--output", e);
	else if (strcmp(name, "color") == 0)
		return args_set_color(c, value, "--color", e);
	else if (strcmp(name, "lock") == 0)
		return guard_lock(value, e);
	else if (strcmp(name, "limit") == 0)
		return args_i64(value, 1, INT64_MAX, "--limit", &c->limit, e);
	else if (strcmp(name, "timeout") == 0) {
		int r = args_duration(value, "--timeout", &c->timeout_us, e);

		if (r == 0) {
			c->deadline = clock_mono(clock_system()) + c->timeout_us;
			guard_deadline(c);
		}
		return r;
	}
	return 0;
}

static int set_global(struct parser *p, const char *name, const char *value)
{
	struct cli *c = p->c;

	if (value)
		return set_global_value(c, name, value, p->err);
	if (strcmp(name, "json") == 0 || strcmp(name, "jsonl") == 0 || strcmp(name, "csv") == 0)
		return args_set_mode(c, name, "--output", p->err);
	if (strcmp(name, "header") == 0)
		c->header = true;
	else if (strcmp(name, "utc") == 0)
		c->utc = true;
	else if (strcmp(name, "dry-run") == 0)
		c->dry_run = true;
	else if (strcmp(name, "quiet") == 0)
		c->quiet = true;
	else if (strcmp(name, "yes") == 0)
		c->yes = true;
	else if (strcmp(name, "help") == 0)
		p->out->help = true;
	return 0;
}

/* True when a flag has a value of its own, which may be the next argument. */
static bool wants_value(const struct flag *f)
{
	if (f->no)
		return false;
	return f->field ? f->field->type != FT_bool : f->opt->word != NULL;
}

/* "--reason --yes": a word was forgotten, and money may depend on the one that would be swallowed.
 */
static bool is_flag(const struct parser *p, const char *word)
{
	struct flag f;

	return strncmp(word, "--", 2) == 0 && word[2] &&
	       find_flag(p, word + 2, strcspn(word + 2, "="), &f);
}

static int take_flag(
    struct parser *p, const struct flag *f, const char *name, size_t len, const char *value)
{
	bool wants = wants_value(f);

	if (wants && !value) {
		if (p->i + 1 >= p->argc)
			return err_set(
			    p->err, TIX_EMISSING, NULL, "--%.*s needs a value", (int)len, name);
		value = p->argv[++p->i];
		if (is_flag(p, value)) {
			err_set(p->err, TIX_EMISSING, NULL, "--%.*s needs a value, %.40s is a flag",
			    (int)len, name, value);
			err_hint(p->err, "--%.*s=%.40s if that is meant", (int)len, name, value);
			return TIX_EMISSING;
		}
	}
	if (!wants && value && !(f->field && !f->no))
		return err_set(
		    p->err, TIX_EBAD_VALUE, NULL, "--%.*s takes no value", (int)len, name);
	if (value && !utf8_valid(value, strlen(value)))
		return err_set(
		    p->err, TIX_EBAD_VALUE, NULL, "--%.*s: the value is not UTF-8", (int)len, name);
	if (f->global)
		return set_global(p, f->opt->name, value);
	p->out->given[p->out->ngiven++] =
	    (struct given){.field = f->field, .opt = f->opt, .value = value, .no = f->no};
	return 0;
}

static int take_long(struct parser *p, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	struct flag f;

	if (!find_flag(p, text, len, &f))
		return unknown_flag(p, text, len);
	return take_flag(p, &f, text, len, equals ? equals + 1 : NULL);
}

/* -q, -qn, -o json, -ojson */
static int take_short(struct parser *p, const char *text)
{
	for (; *text; text++) {
		const char *at = strchr(short_flags, *text);
		struct flag f = {.global = true};
		const char *value = NULL;
		int r;

		if (!at)
			return err_set(p->err, TIX_EUNKNOWN_FIELD, NULL, "there is no flag -%.*s",
			    (int)utf8_trim(text, 4), text);
		f.opt = args_find_opt(args_globals, short_names[at - short_flags],
		    strlen(short_names[at - short_flags]));
		if (f.opt->word && text[1])
			value = text + 1;
		r = take_flag(p, &f, f.opt->name, strlen(f.opt->name), value);
		if (r < 0 || f.opt->word)
			return r;
	}
	return 0;
}

static int take_word(struct parser *p, const char *word)
{
	if (!utf8_valid(word, strlen(word)))
		return err_set(p->err, TIX_EBAD_VALUE, NULL, "an argument is not UTF-8");
	p->out->pos[p->out->npos++] = word;
	return 0;
}

static int take(struct parser *p, bool *ret_rest)
{
	const char *a = p->argv[p->i];

	if (*ret_rest || a[0] != '-' || !a[1] || (a[1] >= '0' && a[1] <= '9'))
		return take_word(p, a);
	if (strcmp(a, "--") == 0) {
		*ret_rest = true;
		return 0;
	}
	return a[1] == '-' ? take_long(p, a + 2) : take_short(p, a + 1);
}

static int parser_start(struct parser *p, struct args *ret)
{
	size_t n = p->argc > 0 ? (size_t)p->argc : 1;

	memset(ret, 0, sizeof(*ret));
	ret->given = arena_array(p->c->arena, n, sizeof(*ret->given));
	ret->pos = arena_array(p->c->arena, n, sizeof(*ret->pos));
	if (!ret->given || !ret->pos)
		return err_set(p->err, TIX_EINTERNAL, NULL, "out of memory");
	p->out = ret;
	return 0;
}

void args_seek_mode(struct cli *c, int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *a = argv[i], *next = i + 1 < argc ? argv[i + 1] : "";
		const char *value = NULL;

		if (strcmp(a, "--json") == 0 || strcmp(a, "--jsonl") == 0)
			value = a + 2;
		else if (strcmp(a, "-o") == 0 || strcmp(a, "--output") == 0)
			value = next;
		else if (strncmp(a, "-o", 2) == 0)
			value = a + 2;
		else if (strncmp(a, "--output=", 9) == 0)
			value = a + 9;
		if (value)
			args_set_mode(c, value, "--output", NULL);
	}
}

int args_parse(struct cli *c, int argc, char **argv, const char *what, const struct shape *shape,
    const struct opt *opts, struct args *ret, struct err *e)
{
	struct parser p = {.c = c,
	    .argc = argc,
	    .argv = argv,
	    .what = what,
	    .shape = shape,
	    .opts = opts,
	    .err = e};
	bool rest = false;
	int r = parser_start(&p, ret);

	for (; r == 0 && p.i < argc; p.i++)
		r = take(&p, &rest);
	if (r < 0 && p.i < argc)
		args_seek_mode(c, argc - p.i, argv + p.i);
	return r;
}

int args_leading(struct cli *c, int argc, char **argv, struct args *ret, struct err *e)
{
	struct parser p = {.c = c, .argc = argc, .argv = argv, .what = "tix", .err = e};
	bool rest = false;
	int r = parser_start(&p, ret);

	for (; r == 0 && p.i < argc && argv[p.i][0] == '-' && !rest; p.i++)
		r = take(&p, &rest);
	if (r < 0 && p.i < argc)
		args_seek_mode(c, argc - p.i, argv + p.i);
	return r < 0 ? r : p.i;
}

const char *args_opt(const struct args *a, const char *name)
{
	for (size_t i = a->ngiven; i-- > 0;) {
		const struct given *g = &a->given[i];

		if (g->opt && strcmp(g->opt->name, name) == 0)
			return g->value ? g->value : "";
	}
	return NULL;
}

const struct given *args_field(const struct args *a, const struct shape_field *f)
{
	for (size_t i = a->ngiven; i-- > 0;) {
		if (a->given[i].field == f)
			return &a->given[i];
	}
	return NULL;
}

int args_i64(
    const char *text, int64_t min, int64_t max, const char *what, int64_t *ret, struct err *e)
{
	int64_t any;

	if (num_parse(text, min, max, ret) == 0)
		return 0;
	if (num_parse(text, INT64_MIN, INT64_MAX, &any) < 0)
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "%s \"%.60s\": not a whole number", what, text);
	return err_set(e, TIX_EBAD_VALUE, NULL, "%s \"%.60s\": not within %" PRId64 " and %" PRId64,
	    what, text, min, max);
}

int args_duration(const char *text, const char *what, int64_t *ret_us, struct err *e)
{
	if (num_parse_span(text, ret_us) == 0)
		return 0;
	return err_set(
	    e, TIX_EBAD_VALUE, NULL, "%s \"%.60s\": a time like 30s, 5m or 2h", what, text);
}

const char *args_flag(struct cli *c, const char *field)
{
	char *flag = arena_printf(c->arena, "--%s", flag_word(field));

	for (char *s = flag; s && *s; s++) {
		if (*s == '_')
			*s = '-';
	}
	return flag ? flag : "--";
}
