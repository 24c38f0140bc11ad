/* SPDX-License-Identifier: MIT */
/* The contract as text: what rpc.describe answers, and the digest by which two builds see whether
 * they share one. */
#include <string.h>

#include "rpc/codec.h"

static const char *const type_names[FT_COUNT] = {
    [FT_text] = "text",
    [FT_mtext] = "mtext",
    [FT_slug] = "slug",
    [FT_email] = "email",
    [FT_zone] = "zone",
    [FT_code] = "code",
    [FT_event] = "event",
    [FT_venue] = "venue",
    [FT_organizer] = "organizer",
    [FT_category] = "category",
    [FT_quota] = "quota",
    [FT_cursor] = "cursor",
    [FT_key] = "key",
    [FT_method] = "method",
    [FT_when] = "when",
    [FT_doc] = "doc",
    [FT_i64] = "integer",
    [FT_bool] = "bool",
    [FT_degrees] = "degrees",
    [FT_time] = "time",
    [FT_money_in] = "money",
    [FT_money] = "money",
    [FT_enum] = "word",
    [FT_enums] = "words",
    [FT_texts] = "texts",
    [FT_obj] = "object",
    [FT_list] = "list",
};

static const struct {
	unsigned flag;
	const char *name;
} flag_names[] = {
    {RPC_READ, "READ"},
    {RPC_MUTATES, "MUTATES"},
    {RPC_STREAM, "STREAM"},
    {RPC_JOB, "JOB"},
    {RPC_CONFIRM, "CONFIRM"},
    {RPC_DANGER, "DANGER"},
    {RPC_LOOP, "LOOP"},
    {RPC_PAGE, "PAGE"},
    {RPC_TEST, "TEST"},
};

/* The errors that any method may give. */
#define E(id) (UINT64_C(1) << -(TIX_E##id))
#define COMMON_ERRORS                                                                              \
	(E(MISSING) | E(UNKNOWN_FIELD) | E(BAD_VALUE) | E(NOT_PERMITTED) | E(BUSY) |               \
	    E(UNAVAILABLE) | E(STOPPED) | E(INTERNAL) | E(TIMEOUT))
#define MUTATING_ERRORS E(KEY_REUSED)

const char *rpc_type_name(unsigned type)
{
	return type < FT_COUNT ? type_names[type] : "";
}

/* "name":"text", */
static void put_pair(struct buf *b, const char *name, const char *text)
{
	buf_json_str(b, name);
	buf_putc(b, ':');
	buf_json_str(b, text);
	buf_putc(b, ',');
}

/* Ends an object or list: the last member's comma becomes the bracket. */
static void close_with(struct buf *b, char bracket)
{
	if (b->len && b->data[b->len - 1] == ',')
		b->len--;
	buf_putc(b, bracket);
}

static void put_bounds(struct buf *b, const struct shape_field *f)
{
	if (!f->min && !f->max)
		return;
	if (f->type == FT_degrees) {
		buf_puts(b, "\"min\":");
		buf_i64(b, f->min / 1000000);
		buf_puts(b, ",\"max\":");
		buf_i64(b, f->max / 1000000);
	} else {
		buf_puts(b, "\"min\":");
		buf_i64(b, f->min);
		buf_puts(b, ",\"max\":");
		buf_i64(b, f->max);
	}
	buf_putc(b, ',');
}

static void put_values(struct buf *b, const struct enum_set *set)
{
	buf_puts(b, "\"values\":[");
	for (const struct enum_word *w = set->words; w->word; w++) {
		buf_json_str(b, w->word);
		buf_putc(b, ',');
	}
	close_with(b, ']');
	buf_putc(b, ',');
}

static void put_fields(struct buf *b, const char *name, const struct shape *shape, bool in);

static void put_field(struct buf *b, const struct shape_field *f, bool in)
{
	buf_putc(b, '{');
	put_pair(b, "name", f->name);
	put_pair(b, "type", rpc_type_name(f->type));
	if (in) {
		buf_puts(b, f->flags & FF_REQ ? "\"required\":true," : "\"required\":false,");
		if (f->flags & FF_NULL)
			buf_puts(b, "\"nullable\":true,");
		put_bounds(b, f);
	} else if (f->flags & FF_OPT) {
		buf_puts(b, "\"optional\":true,");
	}
	put_pair(b, "doc", f->doc);
	if (f->set)
		put_values(b, f->set);
	if (f->sub)
		put_fields(b, "fields", f->sub, in);
	close_with(b, '}');
	buf_putc(b, ',');
}

static void put_fields(struct buf *b, const char *name, const struct shape *shape, bool in)
{
	buf_json_str(b, name);
	buf_puts(b, ":[");
	for (unsigned i = 0; i < shape->nfields; i++)
		put_field(b, &shape->fields[i], in);
	close_with(b, ']');
	buf_putc(b, ',');
}

uint64_t rpc_errors(const struct rpc_method *m)
{
	return m->errors | COMMON_ERRORS | (m->flags & RPC_MUTATES ? MUTATING_ERRORS : 0);
}

static void put_errors(struct buf *b, const struct rpc_method *m)
{
	uint64_t errors = rpc_errors(m);

	buf_puts(b, "\"errors\":[");
	for (int i = 1; i < ERR_ROW_COUNT; i++) {
		if (!(errors >> i & 1))
			continue;
		buf_json_str(b, err_info(-i)->name);
		buf_putc(b, ',');
	}
	close_with(b, ']');
	buf_putc(b, ',');
}

static void put_method(struct buf *b, const struct rpc_method *m)
{
	buf_putc(b, '{');
	put_pair(b, "name", m->name);
	put_pair(b, "doc", m->doc);
	put_pair(b, "permission", rpc_perms[m->perm].name);
	buf_puts(b, "\"flags\":[");
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (!(m->flags & flag_names[i].flag))
			continue;
		buf_json_str(b, flag_names[i].name);
		buf_putc(b, ',');
	}
	close_with(b, ']');
	buf_puts(b, ",\"since\":");
	buf_i64(b, m->since);
	buf_putc(b, ',');
	put_fields(b, "in", m->in, true);
	put_fields(b, "out", m->out, false);
	put_errors(b, m);
	close_with(b, '}');
	buf_putc(b, ',');
}

int rpc_describe_methods(struct buf *out, const struct rpc_method *only, bool test)
{
	buf_putc(out, '[');
	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];

		if (only ? m == only : test || !(m->flags & RPC_TEST))
			put_method(out, m);
	}
	close_with(out, ']');
	return out->failed ? TIX_EUNAVAILABLE : 0;
}

int rpc_describe_json(struct buf *out, const struct rpc_method *only, bool test)
{
	buf_puts(out, "{\"api\":");
	buf_i64(out, RPC_API);
	buf_puts(out, ",\"methods\":");
	rpc_describe_methods(out, only, test);
	buf_putc(out, '}');
	return out->failed ? TIX_EUNAVAILABLE : 0;
}

/* One step of a 64-bit multiplicative hash; stable, and no secret. */
static uint64_t mix_number(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

/* Eight bytes a step, least significant first, so that byte order does not matter to it. */
static uint64_t mix_text(uint64_t h, const char *s)
{
	size_t len = strlen(s);
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++) {
		word |= (uint64_t)(unsigned char)s[i] << 8 * (i & 7);
		if ((i & 7) == 7) {
			h = mix_number(h, word);
			word = 0;
		}
	}
	return mix_number(mix_number(h, word), len);
}

static uint64_t mix_shape(uint64_t h, const struct shape *shape)
{
	h = mix_number(h, shape->nfields);
	for (unsigned i = 0; i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];

		h = mix_text(h, f->name);
		h = mix_text(h, rpc_type_name(f->type));
		h = mix_number(h, f->flags & (FF_REQ | FF_OPT | FF_NULL));
		h = mix_number(h, (uint64_t)f->min);
		h = mix_number(h, (uint64_t)f->max);
		for (const struct enum_word *w = f->set ? f->set->words : NULL; w && w->word; w++)
			h = mix_text(h, w->word);
		if (f->sub)
			h = mix_shape(h, f->sub);
	}
	return h;
}

const char *rpc_digest(char out[17])
{
	static const char hex[] = "0123456789abcdef";
	uint64_t h = UINT64_C(0xCBF29CE484222325);

	for (int i = 0; i < RPC_COUNT; i++) {
		const struct rpc_method *m = &rpc_methods[i];

		h = mix_text(h, m->name);
		h = mix_number(h, m->flags);
		h = mix_number(h, m->since);
		h = mix_text(h, rpc_perms[m->perm].name);
		h = mix_number(h, m->errors);
		h = mix_shape(h, m->in);
		h = mix_shape(h, m->out);
	}
	for (int i = 0; i < 16; i++)
		out[i] = hex[h >> (60 - 4 * i) & 15];
	out[16] = '\0';
	return out;
}
