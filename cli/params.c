/* SPDX-License-Identifier: MIT */
/* Positionals and flags to the JSON of a call, field by field as the table lists them. It decides
 * nothing about values that the daemon can judge better. */
#include "cli/params.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"

#define DOC_MAX (512 * 1024)

struct builder {
	struct cli *c;
	const struct rpc_method *m;
	const struct args *args;
	const char *value[64]; /* of each field, from a positional */
	const char **rest;     /* all that a positional list takes */
	size_t nrest;
	int rest_field; /* -1: no such list */
	struct buf *out;
	struct err *err;
	bool comma;
};

/* EVENT/NAME: an event, and a name in it, that are typed as one word. */
bool params_pair(const struct shape *s, unsigned i)
{
	return i + 1 < s->nfields && s->fields[i].type == FT_event &&
	       (s->fields[i].flags & FF_POS) && (s->fields[i + 1].flags & FF_POS) &&
	       strcmp(s->fields[i + 1].name, "name") == 0;
}

static bool is_list(const struct shape_field *f)
{
	return f->type == FT_texts || f->type == FT_enums;
}

/* The words that name what a call is about, and those that follow them. */
struct words {
	const struct shape_field *id, *value; /* the last field of each, NULL: there is none */
	unsigned n;
};

static struct words words_of(const struct rpc_method *m)
{
	const struct shape *s = m->in;
	struct words w = {0};

	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];

		if (!(f->flags & FF_POS))
			continue;
		if (params_pair(s, i))
			f = &s->fields[++i];
		if (w.n++ == 0)
			w.id = f;
		else
			w.value = f;
	}
	return w;
}

/* Whether the method is about a thing that is there, named by one word, and how many further words
 * it wants. What the doctor says is of one thing at a time: it is no row. */
static bool names_one(const struct rpc_method *m, struct words *ret)
{
	*ret = words_of(m);
	return ret->id && (ret->id->flags & FF_REQ) && ret->id->type != FT_slug &&
	       !is_list(ret->id) && !(m->flags & RPC_DANGER) && m->out != &shape_doctor &&
	       (ret->n == 1 || (ret->n == 2 && (ret->value->flags & FF_REQ)));
}

size_t params_values(const struct rpc_method *m)
{
	struct words w;

	return names_one(m, &w) ? w.n - 1 : 0;
}

/* Text or a name may be a forgotten quote, so it follows one id only. */
bool params_many(const struct rpc_method *m)
{
	struct words w;

	return names_one(m, &w) && (w.n == 1 || w.value->type == FT_i64 ||
				       w.value->type == FT_money_in || w.value->type == FT_when);
}

bool params_several(const struct rpc_method *m, const char **pos, size_t npos)
{
	struct words w;

	if (!names_one(m, &w) || npos < w.n)
		return false;
	return npos > w.n ? params_many(m) : strcmp(pos[0], "-") == 0;
}

static const char *upper(struct cli *c, const char *name)
{
	char *s = arena_strdup(c->arena, name);

	for (char *p = s; p && *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	}
	return s ? s : "ID";
}

const char *params_synopsis(struct cli *c, const struct rpc_method *m)
{
	struct buf b;
	const char *text;
	bool first = true;

	buf_init(&b, 1000);
	for (unsigned i = 0; i < m->in->nfields; i++) {
		const struct shape_field *f = &m->in->fields[i];
		bool need = f->flags & FF_REQ;

		if (!(f->flags & FF_POS))
			continue;
		buf_printf(&b, "%s%s%s", b.len ? " " : "", need ? "" : "[", upper(c, f->name));
		if (params_pair(m->in, i)) {
			buf_puts(&b, "/NAME");
			i++;
		}
		buf_printf(&b, "%s%s", is_list(f) || (first && params_many(m)) ? "..." : "",
		    need ? "" : "]");
		first = false;
	}
	text = arena_strdup(c->arena, buf_str(&b));
	buf_done(&b);
	return text ? text : "";
}

const char *params_name(struct cli *c, const struct shape *shape, const char *field)
{
	for (unsigned i = 0; i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];

		if (strcmp(f->name, field) == 0 && (f->flags & FF_POS))
			return upper(c, field);
	}
	return strcmp(field, "idempotency_key") == 0 ? "--key" : args_flag(c, field);
}

int params_slurp(
    struct cli *c, const char *path, size_t max, const char **ret, size_t *ret_len, struct err *e)
{
	AUTO(fd) int fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
	AUTO(buf) struct buf b = {0};
	char chunk[65536];
	ssize_t n = 0;
	char *text;

	buf_init(&b, max);
	while (fd >= 0 && !b.failed && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_put(&b, chunk, (size_t)n);
	if (fd < 0 || n < 0)
		return err_set(e, TIX_EBAD_VALUE, NULL, "%s: %s", path, strerror(errno));
	if (b.failed)
		return err_set(e, TIX_EBAD_VALUE, NULL, "%s: more than %zu bytes", path, max);
	text = arena_strndup(c->arena, buf_str(&b), b.len);
	if (!text)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	*ret = text;
	*ret_len = b.len;
	return 0;
}

static int refuse(
    struct builder *b, const struct shape_field *f, const char *value, const char *why)
{
	return err_set(b->err, TIX_EBAD_VALUE, f->name, "%s \"%.60s\": %s",
	    params_name(b->c, b->m->in, f->name), value, why);
}

/* -?digits[.digits], as JSON writes it. */
static bool is_decimal(const char *s)
{
	s += *s == '-';
	if (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
		return false;
	if (strspn(s, "0123456789") == 0)
		return false;
	s += strspn(s, "0123456789");
	if (*s == '.') {
		size_t n = strspn(s + 1, "0123456789");

		if (n == 0)
			return false;
		s += 1 + n;
	}
	return *s == 0;
}

static int put_bool(struct builder *b, const struct shape_field *f, const char *value)
{
	static const char *const yes[] = {"", "true", "yes", "on", "1"};
	static const char *const no[] = {"false", "no", "off", "0"};

	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		if (strcmp(value, yes[i]) == 0) {
			buf_puts(b->out, "true");
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(no); i++) {
		if (strcmp(value, no[i]) == 0) {
			buf_puts(b->out, "false");
			return 0;
		}
	}
	return refuse(b, f, value, "true or false");
}

static int put_json(struct builder *b, const struct shape_field *f, const char *value)
{
	AUTO(json) json_t *j = NULL;
	AUTO(str) char *text = NULL;
	size_t len = strlen(value);
	struct err why = {0};

	if (value[0] == '@') {
		int r = params_slurp(b->c, value + 1, DOC_MAX, &value, &len, b->err);

		if (r < 0)
			return r;
	}
	if (json_parse_strict(value, len, JSON_DEPTH_DEFAULT, &j, &why) < 0)
		return refuse(b, f, value, why.message);
	text = json_dumps(j, JSON_COMPACT);
	if (!text)
		return err_set(b->err, TIX_EINTERNAL, NULL, "out of memory");
	buf_puts(b->out, text);
	return 0;
}

static const char *member_form(const struct shape *sub)
{
	if (sub->nfields == 2 && sub->fields[0].type == FT_i64)
		return "as DAYS:COUNT, e.g. 30:250";
	if (sub->nfields == 2 && sub->fields[1].type == FT_i64)
		return "as CATEGORY:COUNT, e.g. ga:2";
	return "as TICKET:CATEGORY, e.g. 2:vip";
}

/* One member of a list of records: the sub-shape's first fields, CATEGORY:COUNT or
 * TICKET:CATEGORY. */
static int put_member(struct builder *b, const struct shape_field *f, const char *item, size_t len)
{
	const char *colon = memrchr(item, ':', len);
	bool counted = f->sub->nfields == 2 && f->sub->fields[1].type == FT_i64;
	const char *number;
	int64_t count;
	int r;

	if (!colon || colon == item || f->sub->nfields != 2)
		return refuse(b, f, item, member_form(f->sub));
	if (!counted) {
		buf_printf(b->out, "{\"%s\":", f->sub->fields[0].name);
		buf_json_strn(b->out, item, (size_t)(colon - item));
		buf_printf(b->out, ",\"%s\":", f->sub->fields[1].name);
		buf_json_strn(b->out, colon + 1, len - (size_t)(colon + 1 - item));
		buf_putc(b->out, '}');
		return 0;
	}
	number = arena_strndup(b->c->arena, colon + 1, len - (size_t)(colon + 1 - item));
	if (!number)
		return err_set(b->err, TIX_EINTERNAL, NULL, "out of memory");
	r = args_i64(
	    number, INT64_MIN, INT64_MAX, params_name(b->c, b->m->in, f->name), &count, b->err);
	if (r < 0)
		return r;
	buf_printf(b->out, "{\"%s\":", f->sub->fields[0].name);
	if (f->sub->fields[0].type == FT_i64 &&
	    strspn(item, "0123456789") == (size_t)(colon - item))
		buf_put(b->out, item, (size_t)(colon - item));
	else
		buf_json_strn(b->out, item, (size_t)(colon - item));
	buf_printf(b->out, ",\"%s\":", f->sub->fields[1].name);
	buf_i64(b->out, count);
	buf_putc(b->out, '}');
	return 0;
}

/* The members of one "a,b,c". */
static int put_members(
    struct builder *b, const struct shape_field *f, const char *value, bool *first)
{
	while (true) {
		size_t len = strcspn(value, ",");
		int r = 0;

		if (!*first)
			buf_putc(b->out, ',');
		*first = false;
		if (f->type == FT_list)
			r = put_member(b, f, value, len);
		else
			buf_json_strn(b->out, value, len);
		if (r < 0 || !value[len])
			return r;
		value += len + 1;
	}
}

static int put_list(struct builder *b, const struct shape_field *f, bool positional)
{
	bool first = true;
	int r = 0;

	buf_putc(b->out, '[');
	for (size_t i = 0; r == 0 && positional && i < b->nrest; i++)
		r = put_members(b, f, b->rest[i], &first);
	for (size_t i = 0; r == 0 && i < b->args->ngiven; i++) {
		const struct given *g = &b->args->given[i];

		if (g->field == f && g->value)
			r = put_members(b, f, g->value, &first);
	}
	buf_putc(b->out, ']');
	return r;
}

static int put_scalar(struct builder *b, const struct shape_field *f, const char *value)
{
	int64_t number;
	int r;

	switch ((enum field_type)f->type) {
	case FT_i64:
		r = args_i64(value, INT64_MIN, INT64_MAX, params_name(b->c, b->m->in, f->name),
		    &number, b->err);
		if (r < 0)
			return r;
		buf_i64(b->out, number);
		return 0;
	case FT_degrees:
		if (!is_decimal(value))
			return refuse(b, f, value, "degrees, e.g. 52.52");
		buf_puts(b->out, value);
		return 0;
	case FT_bool:
		return put_bool(b, f, value);
	case FT_doc:
	case FT_obj:
	case FT_list:
		return put_json(b, f, value);
	case FT_text:
	case FT_mtext:
	case FT_slug:
	case FT_email:
	case FT_zone:
	case FT_code:
	case FT_event:
	case FT_venue:
	case FT_organizer:
	case FT_category:
	case FT_quota:
	case FT_cursor:
	case FT_key:
	case FT_method:
	case FT_when:
	case FT_time:
	case FT_money_in:
	case FT_money:
	case FT_enum:
	case FT_enums:
	case FT_texts:
	case FT_COUNT:
		break;
	}
	buf_json_str(b->out, value);
	return 0;
}

static void put_name(struct builder *b, const char *name)
{
	buf_printf(b->out, "%s\"%s\":", b->comma ? "," : "", name);
	b->comma = true;
}

/* -e or TIX_EVENT stand for an event that was not typed, where that makes sense. */
static const char *default_event(struct builder *b, const struct shape_field *f)
{
	const struct shape *s = b->m->in;

	if (f->type != FT_event || !b->c->event)
		return NULL;
	for (unsigned i = 0; i < s->nfields; i++) {
		if (strcmp(s->fields[i].name, "hold") == 0 && args_field(b->args, &s->fields[i]))
			return NULL;
	}
	return b->c->event;
}

/* --since TIME where the field is a number of a record, and another is the time. */
static bool is_time(struct builder *b, const struct shape_field *f, const char *value)
{
	const struct shape *s = b->m->in;
	bool taken = false;

	for (unsigned i = 0; i < s->nfields; i++)
		taken = taken || strcmp(s->fields[i].name, "from") == 0;
	return taken && f->type == FT_i64 && strcmp(f->name, "since") == 0 &&
	       value[strspn(value, "0123456789")] != '\0';
}

static int put_field(struct builder *b, unsigned i)
{
	const struct shape_field *f = &b->m->in->fields[i];
	const struct given *g = args_field(b->args, f);
	const char *value = b->value[i];
	bool rest = b->rest_field == (int)i && b->nrest > 0;

	if (value && g)
		return err_set(
		    b->err, TIX_EBAD_VALUE, f->name, "%s is given twice", args_flag(b->c, f->name));
	if (!value && !g && !rest)
		value = default_event(b, f);
	if (!value && !g && !rest) {
		if (f->flags & FF_REQ)
			return err_set(b->err, TIX_EMISSING, f->name, "%s is required",
			    params_name(b->c, b->m->in, f->name));
		return 0;
	}
	if (g && g->value && is_time(b, f, g->value)) {
		put_name(b, "from");
		buf_json_str(b->out, g->value);
		return 0;
	}
	put_name(b, f->name);
	if (g && g->no) {
		buf_puts(b->out, f->type == FT_bool ? "false" : "null");
		return 0;
	}
	if (g)
		value = g->value ? g->value : "";
	if (is_list(f) || (f->type == FT_list && value[0] != '[' && value[0] != '@'))
		return put_list(b, f, rest);
	return put_scalar(b, f, value);
}

/* EVENT/NAME, or NAME where the event is known; with --name, EVENT alone. */
static int take_pair(struct builder *b, unsigned i, const char *word)
{
	const struct shape_field *event = &b->m->in->fields[i], *name = event + 1;
	const char *slash = strchr(word, '/');

	if (slash) {
		b->value[i] = arena_strndup(b->c->arena, word, (size_t)(slash - word));
		b->value[i + 1] = slash + 1;
		return b->value[i] ? 0 : err_set(b->err, TIX_EINTERNAL, NULL, "out of memory");
	}
	if (args_field(b->args, name)) {
		b->value[i] = word;
		return 0;
	}
	b->value[i + 1] = word;
	if (args_field(b->args, event) || b->c->event)
		return 0;
	err_set(b->err, TIX_EMISSING, event->name, "\"%.60s\": of which event?", word);
	err_hint(b->err, "EVENT/%.60s, or -e EVENT, or TIX_EVENT", word);
	return TIX_EMISSING;
}

/* Gives each positional its field. */
static int take_words(struct builder *b, const char **pos, size_t npos)
{
	const struct shape *s = b->m->in;
	size_t at = 0;

	for (unsigned i = 0; i < s->nfields && at < npos; i++) {
		const struct shape_field *f = &s->fields[i];
		int r = 0;

		if (!(f->flags & FF_POS))
			continue;
		if (is_list(f)) {
			b->rest = pos + at;
			b->nrest = npos - at;
			b->rest_field = (int)i;
			return 0;
		}
		if (params_pair(s, i))
			r = take_pair(b, i++, pos[at++]);
		else
			b->value[i] = pos[at++];
		if (r < 0)
			return r;
	}
	if (at < npos)
		return err_set(
		    b->err, TIX_EBAD_VALUE, NULL, "\"%.60s\" is one argument too many", pos[at]);
	return 0;
}

int params_build(struct cli *c, const struct rpc_method *m, const struct args *a, const char **pos,
    size_t npos, json_t **ret, struct err *e)
{
	AUTO(buf) struct buf out = {0};
	struct builder b = {.c = c, .m = m, .args = a, .rest_field = -1, .out = &out, .err = e};
	int r = take_words(&b, pos, npos);

	buf_init(&out, 1 << 20);
	buf_putc(&out, '{');
	for (unsigned i = 0; r == 0 && i < m->in->nfields; i++) {
		if (strcmp(m->in->fields[i].name, "dry_run") != 0) {
			r = put_field(&b, i);
		} else if (c->dry_run) {
			put_name(&b, "dry_run");
			buf_puts(&out, "true");
		}
	}
	buf_putc(&out, '}');
	if (r == 0 && out.failed)
		r = err_set(e, TIX_ELIMIT, NULL, "the call is too large");
	return r < 0 ? r : json_parse_strict(buf_str(&out), out.len, JSON_DEPTH_DEFAULT, ret, e);
}
