/* SPDX-License-Identifier: MIT */
/* The short way for plain requests: one pass over the line, straight into the struct, several times
 * as fast as by a JSON tree. It knows printable ASCII without escapes, integers, true and false,
 * words, and lists of sub-shapes; at anything else, and at anything wrong, it says that it does not
 * know, and the long way decides. So it never makes an error, and what it takes is what the long
 * way would have taken, to the same struct. */
#include <string.h>

#include "rpc/codec_impl.h"

#define DIGITS_MAX 18 /* always fits an int64_t */
#define LIST_FIRST 4U

struct scanner {
	const char *p;
	const char *end;
	struct arena *arena;
};

struct span {
	const char *s;
	size_t len;
};

static void skip_space(struct scanner *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* The character c, with white space before it. */
static bool take_char(struct scanner *s, char c)
{
	skip_space(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool take_string(struct scanner *s, struct span *ret)
{
	const char *start;

	if (!take_char(s, '"'))
		return false;
	start = s->p;
	while (s->p < s->end && *s->p != '"') {
		if (*s->p < 0x20 || *s->p > 0x7E || *s->p == '\\')
			return false;
		s->p++;
	}
	if (s->p == s->end)
		return false;
	*ret = (struct span){start, (size_t)(s->p - start)};
	s->p++;
	return true;
}

/* True at what may follow a number or a literal. */
static bool at_end(const struct scanner *s)
{
	return s->p < s->end && strchr(",}] \t\r\n", *s->p) && *s->p;
}

static bool take_integer(struct scanner *s, int64_t *ret)
{
	bool negative;
	const char *digits;
	int64_t v = 0;

	skip_space(s);
	negative = s->p < s->end && *s->p == '-';
	s->p += negative;
	digits = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9' && s->p - digits < DIGITS_MAX)
		v = v * 10 + (*s->p++ - '0');
	if (s->p == digits || (*digits == '0' && (negative || s->p - digits > 1)) || !at_end(s))
		return false;
	*ret = negative ? -v : v;
	return true;
}

static bool take_bool(struct scanner *s, bool *ret)
{
	skip_space(s);
	if (s->end - s->p > 4 && memcmp(s->p, "true", 4) == 0) {
		s->p += 4;
		*ret = true;
	} else if (s->end - s->p > 5 && memcmp(s->p, "false", 5) == 0) {
		s->p += 5;
		*ret = false;
	} else {
		return false;
	}
	return at_end(s);
}

static bool scan_text(struct scanner *s, const struct shape_field *f, const char **dst)
{
	struct decoder quiet = {s->arena, NULL};
	const struct path nowhere = {.index = -1};
	struct span text;
	const char *copy;

	/* Printable ASCII is its own NFC, and its bytes are its code points. */
	if (!take_string(s, &text) || (int64_t)text.len < f->min || (int64_t)text.len > f->max)
		return false;
	copy = arena_strndup(s->arena, text.s, text.len);
	if (!copy || check_kind(&quiet, &nowhere, f, copy) < 0)
		return false;
	*dst = copy;
	return true;
}

static bool scan_i64(struct scanner *s, const struct shape_field *f, int64_t *dst)
{
	int64_t v;

	if (!take_integer(s, &v) || ((f->min || f->max) && (v < f->min || v > f->max)))
		return false;
	*dst = v;
	return true;
}

static bool scan_word(struct scanner *s, const struct shape_field *f, int *dst)
{
	struct span word;
	int v;

	if (!take_string(s, &word))
		return false;
	v = enum_value(f->set, word.s, word.len);
	*dst = v;
	return v != 0;
}

static bool scan_struct(struct scanner *s, const struct shape *shape, void *dst);

/* Room for one more item of a list that grows by doubling. */
static char *list_room(
    struct scanner *s, const struct shape *sub, struct shape_list *list, size_t *cap)
{
	if (list->n == *cap) {
		size_t bigger = *cap ? *cap * 2 : LIST_FIRST;
		char *items = arena_array(s->arena, bigger, sub->size);

		if (!items)
			return NULL;
		if (list->n)
			memcpy(items, list->v, list->n * sub->size);
		list->v = items;
		*cap = bigger;
	}
	return (char *)list->v + list->n * sub->size;
}

static bool scan_list(struct scanner *s, const struct shape_field *f, struct shape_list *dst)
{
	struct shape_list list = {0};
	size_t cap = 0;

	if (!take_char(s, '['))
		return false;
	do {
		char *item = list_room(s, f->sub, &list, &cap);

		if (!item || !scan_struct(s, f->sub, item))
			return false;
		list.n++;
		if (f->max > 0 && list.n > (size_t)f->max)
			return false;
	} while (take_char(s, ','));
	if (!take_char(s, ']'))
		return false;
	*dst = list;
	return true;
}

static bool scan_value(struct scanner *s, const struct shape_field *f, void *dst)
{
	if (field_is_text(f))
		return f->type != FT_mtext && scan_text(s, f, dst);
	switch (f->type) {
	case FT_i64:
		return scan_i64(s, f, dst);
	case FT_bool:
		return take_bool(s, dst);
	case FT_enum:
		return scan_word(s, f, dst);
	case FT_list:
		return scan_list(s, f, dst);
	default:
		return false;
	}
}

/* The number of a field; most callers send them in table order, so the search begins after the last
 * one. */
static unsigned find_field(const struct shape *shape, const struct span *name, unsigned from)
{
	for (unsigned n = 0; n < shape->nfields; n++) {
		unsigned i = (from + n) % shape->nfields;
		const char *have = shape->fields[i].name;

		if (strncmp(have, name->s, name->len) == 0 && have[name->len] == '\0')
			return i;
	}
	return shape->nfields;
}

static bool has_required(const struct shape *shape, uint64_t present)
{
	for (unsigned i = 0; i < shape->nfields; i++) {
		if ((shape->fields[i].flags & FF_REQ) && !(present >> i & 1))
			return false;
	}
	return true;
}

static bool scan_struct(struct scanner *s, const struct shape *shape, void *dst)
{
	uint64_t present = 0;
	unsigned next = 0;

	if (!take_char(s, '{'))
		return false;
	if (!take_char(s, '}')) {
		do {
			struct span name;
			unsigned i;

			if (!take_string(s, &name) || !take_char(s, ':'))
				return false;
			i = find_field(shape, &name, next);
			if (i == shape->nfields || (present >> i & 1) ||
			    !scan_value(
				s, &shape->fields[i], (char *)dst + shape->fields[i].offset))
				return false;
			present |= UINT64_C(1) << i;
			next = i + 1;
		} while (take_char(s, ','));
		if (!take_char(s, '}'))
			return false;
	}
	memcpy(dst, &present, sizeof(present));
	return has_required(shape, present);
}

/* The id as it stands: what the long way writes anew comes out the same for these. */
static bool scan_id(struct scanner *s, struct rpc_request *ret)
{
	const char *start;
	struct span text;
	int64_t number;
	size_t len;

	skip_space(s);
	start = s->p;
	if (start < s->end && *start == '"' ? !take_string(s, &text) : !take_integer(s, &number))
		return false;
	len = (size_t)(s->p - start);
	if (len > RPC_ID_MAX)
		return false;
	memcpy(ret->id, start, len);
	ret->id[len] = '\0';
	return true;
}

static bool is(const struct span *name, const char *word)
{
	return strlen(word) == name->len && memcmp(name->s, word, name->len) == 0;
}

enum {
	GOT_VERSION = 1,
	GOT_ID = 2,
	GOT_METHOD = 4,
	GOT_PARAMS = 8,
};

/* One member of the request; returns its bit, 0 for what is not known. The method must come before
 * its parameters. */
static unsigned scan_member(struct scanner *s, struct rpc_request *ret)
{
	struct span name, text;

	if (!take_string(s, &name) || !take_char(s, ':'))
		return 0;
	if (is(&name, "id"))
		return scan_id(s, ret) ? GOT_ID : 0;
	if (is(&name, "jsonrpc"))
		return take_string(s, &text) && is(&text, "2.0") ? GOT_VERSION : 0;
	if (is(&name, "method")) {
		if (take_string(s, &text))
			ret->method = rpc_find(text.s, text.len);
		if (!ret->method)
			return 0;
		ret->in = arena_alloc(s->arena, ret->method->in->size);
		return ret->in ? GOT_METHOD : 0;
	}
	if (is(&name, "params") && ret->in)
		return scan_struct(s, ret->method->in, ret->in) ? GOT_PARAMS : 0;
	return 0;
}

bool scan_request(const char *line, size_t len, struct arena *a, struct rpc_request *ret)
{
	struct scanner s = {line, line + len, a};
	struct rpc_request r = {.id = "null"};
	unsigned got = 0;

	if (!take_char(&s, '{'))
		return false;
	do {
		unsigned member = scan_member(&s, &r);

		if (!member || (got & member))
			return false;
		got |= member;
	} while (take_char(&s, ','));
	if (!take_char(&s, '}'))
		return false;
	skip_space(&s);
	if (s.p != s.end || !(got & GOT_VERSION) || !(got & GOT_METHOD))
		return false;
	if (!(got & GOT_PARAMS) && !has_required(r.method->in, 0))
		return false;
	r.notification = !(got & GOT_ID);
	if (r.notification && (r.method->flags & RPC_MUTATES))
		return false;
	*ret = r;
	return true;
}
