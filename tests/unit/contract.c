/* SPDX-License-Identifier: MIT */
/* The tables themselves: what every shape, field and method must have, and that describe and digest
 * show it. */
#include "tests/tap.h"

#include <ctype.h>

#include "base/json.h"
#include "base/mem.h"
#include "rpc/codec.h"

static const struct shape *const shapes[] = {
#define SHAPE(s) &shape_##s,
#define F(s, type, field, flags, min, max, doc)
#define FE(s, set, field, flags, doc)
#define FS(s, set, field, flags, doc)
#define FO(s, sub, field, flags, doc)
#define FL(s, sub, field, flags, max, doc)
#define END(s)
#include "model/shapes/all.def"
};

static bool wire_name(const char *s)
{
	if (!islower((unsigned char)*s))
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool field_good(const struct shape_field *f)
{
	bool sub = f->type == FT_obj || f->type == FT_list;
	bool set = f->type == FT_enum || f->type == FT_enums;

	return wire_name(f->name) && f->doc && f->doc[0] && f->doc[strlen(f->doc) - 1] == '.' &&
	       f->min <= f->max && sub == (f->sub != NULL) && set == (f->set != NULL) &&
	       rpc_type_name(f->type)[0];
}

static void test_shapes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		const struct shape *s = shapes[i];
		unsigned good = 0;

		for (unsigned j = 0; j < s->nfields; j++) {
			bool twice = false;

			for (unsigned k = 0; k < j; k++)
				twice = twice || !strcmp(s->fields[k].name, s->fields[j].name);
			if (field_good(&s->fields[j]) && !twice)
				good++;
			else
				diag("%s.%s", s->name, s->fields[j].name);
		}
		ok(good == s->nfields && s->nfields <= 64 && s->size >= sizeof(uint64_t),
		    "shape %s: names, docs, bounds", s->name);
	}
}

static bool is_field(const struct shape *s, unsigned i, const char *name, int type, size_t offset)
{
	return i < s->nfields && !strcmp(s->fields[i].name, name) && s->fields[i].type == type &&
	       s->fields[i].offset == offset;
}

static bool begins_mut_in(const struct shape *s)
{
	return is_field(s, IX_mut_in_key, "idempotency_key", FT_key,
		   offsetof(struct mut_in, idempotency_key)) &&
	       is_field(
		   s, IX_mut_in_dry_run, "dry_run", FT_bool, offsetof(struct mut_in, dry_run)) &&
	       is_field(s, IX_mut_in_reason, "reason", FT_text, offsetof(struct mut_in, reason));
}

static bool begins_mut_out(const struct shape *s)
{
	return is_field(s, IX_mut_out_seq, "seq", FT_i64, offsetof(struct mut_out, seq)) &&
	       is_field(s, IX_mut_out_unchanged, "unchanged", FT_bool,
		   offsetof(struct mut_out, unchanged)) &&
	       is_field(s, IX_mut_out_replayed, "replayed", FT_bool,
		   offsetof(struct mut_out, replayed)) &&
	       is_field(
		   s, IX_mut_out_dry_run, "dry_run", FT_bool, offsetof(struct mut_out, dry_run)) &&
	       is_field(s, IX_mut_out_odd_times, "odd_times", FT_list,
		   offsetof(struct mut_out, odd_times)) &&
	       (s->fields[4].flags & FF_OPT) && (s->fields[0].flags & FF_OPT) && (s->fields[1].flags & FF_OPT) &&
	       (s->fields[2].flags & FF_OPT) && (s->fields[3].flags & FF_OPT);
}

/* noun.verb */
static bool method_name(const char *s)
{
	const char *dot = strchr(s, '.');
	char noun[64];

	if (!dot || (size_t)(dot - s) >= sizeof(noun))
		return false;
	memcpy(noun, s, (size_t)(dot - s));
	noun[dot - s] = '\0';
	return wire_name(noun) && wire_name(dot + 1);
}

static bool has_field(const struct shape *s, const char *name)
{
	for (unsigned i = 0; i < s->nfields; i++) {
		if (!strcmp(s->fields[i].name, name))
			return true;
	}
	return false;
}

static void test_methods(void)
{
	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];
		bool mutates = m->flags & RPC_MUTATES;
		bool page = m->flags & RPC_PAGE;

		ok(method_name(m->name) && m->doc[0] && m->id == (enum rpc_id)i && m->since >= 1,
		    "%s: name, doc, id", m->name);
		ok(rpc_find(m->name, strlen(m->name)) == m, "%s: is found, and once", m->name);
		ok(rpc_perms[m->perm].name[0] && rpc_perms[m->perm].doc[0] &&
			rpc_perms[m->perm].roles,
		    "%s: permission that somebody has", m->name);
		ok(mutates != !!(m->flags & RPC_READ), "%s: reads or mutates", m->name);
		ok(mutates == begins_mut_in(m->in) && (!mutates || begins_mut_out(m->out)),
		    "%s: begins like every mutating method", m->name);
		ok(!page || (has_field(m->in, "limit") && has_field(m->in, "cursor") &&
				has_field(m->out, "items") && has_field(m->out, "next")),
		    "%s: pages", m->name);
	}
	for (int i = 0; i < RPC_ROLE_COUNT; i++)
		is_int(rpc_role_find(rpc_roles[i].name, strlen(rpc_roles[i].name)), 1 << i,
		    "role is found");
	ok(!rpc_find("order", 5) && !rpc_find("", 0) && !rpc_role_find("own", 3),
	    "others are not found");
}

static void test_field_text(const struct shape *s, const json_t *list)
{
	unsigned bad = json_array_size(list) != s->nfields;

	for (unsigned i = 0; i < s->nfields && !bad; i++) {
		const json_t *f = json_array_get(list, i);

		bad +=
		    strcmp(json_string_value(json_object_get(f, "name")), s->fields[i].name) != 0;
		bad += !json_string_length(json_object_get(f, "type"));
		bad += !json_string_length(json_object_get(f, "doc"));
		bad += !!s->fields[i].set != json_is_array(json_object_get(f, "values"));
		bad += !!s->fields[i].sub != json_is_array(json_object_get(f, "fields"));
	}
	ok(!bad, "describe shows %s", s->name);
}

static void test_describe(void)
{
	const struct rpc_method *show = rpc_find("order.show", 10);
	AUTO(json) json_t *all = NULL;
	AUTO(json) json_t *one = NULL;
	const json_t *methods;
	struct buf b;
	struct err e = {0};
	size_t n;

	buf_init(&b, 0);
	rpc_describe_json(&b, NULL, true);
	is_int(json_parse_strict(buf_str(&b), b.len, 64, &all, &e), 0, "describe is strict JSON");
	diag("%zu bytes %s", b.len, e.message);
	is_int(json_integer_value(json_object_get(all, "api")), RPC_API, "api");
	methods = json_object_get(all, "methods");
	is_int(json_array_size(methods), RPC_COUNT, "all methods");
	for (int i = 0; i < RPC_COUNT; i++) {
		const json_t *m = json_array_get(methods, (size_t)i);

		is_str(json_string_value(json_object_get(m, "name")), rpc_methods[i].name, "name");
		test_field_text(rpc_methods[i].in, json_object_get(m, "in"));
		test_field_text(rpc_methods[i].out, json_object_get(m, "out"));
		ok(json_array_size(json_object_get(m, "flags")) >= 1 &&
			json_array_size(json_object_get(m, "errors")) >= 8,
		    "flags and errors");
	}
	n = b.len;
	buf_clear(&b);
	rpc_describe_json(&b, NULL, false);
	ok(b.len < n && !strstr(buf_str(&b), "clock_set"), "without the methods for tests");
	buf_clear(&b);
	rpc_describe_json(&b, show, false);
	is_int(json_parse_strict(buf_str(&b), b.len, 64, &one, &e), 0, "one method");
	is_int(json_array_size(json_object_get(one, "methods")), 1, "it alone");
	buf_done(&b);
}

/* The reply of rpc.describe passes the encoder as a document. */
static void test_describe_reply(void)
{
	struct describe out = {.api = RPC_API};
	AUTO(json) json_t *v = NULL;
	struct buf text, b;
	struct err e = {0};

	buf_init(&text, 0);
	buf_init(&b, 0);
	rpc_describe_methods(&text, NULL, false);
	out.methods = buf_str(&text);
	rpc_encode(&shape_describe, &out, &b);
	is_int(json_parse_strict(buf_str(&b), b.len, 64, &v, &e), 0, "describe as a reply");
	ok(json_is_array(json_object_get(v, "methods")), "with its methods");
	buf_done(&text);
	buf_done(&b);
}

int main(void)
{
	char a[17], b[17];

	test_shapes();
	test_methods();
	test_describe();
	test_describe_reply();
	is_str(rpc_digest(a), rpc_digest(b), "the digest stays");
	is_int(strspn(a, "0123456789abcdef"), 16, "16 hex digits");
	return done_testing();
}
