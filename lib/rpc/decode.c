/* SPDX-License-Identifier: MIT */
/* Parameters to structs: walks a shape's table beside a JSON object and sees that every field is
 * known, present where it must be, and well-formed. It knows no rules beyond the table. */
#include "rpc/codec.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "rpc/codec_impl.h"

#define NAMES_MAX 64

static void put_path(const struct path *p, struct buf *b)
{
	if (p->up)
		put_path(p->up, b);
	if (p->name) {
		if (b->len)
			buf_putc(b, '.');
		buf_puts(b, p->name);
	}
	if (p->index >= 0) {
		buf_putc(b, '[');
		buf_i64(b, p->index);
		buf_putc(b, ']');
	}
}

const char *path_text(const struct path *p, char *out, size_t size)
{
	struct buf b;

	buf_init(&b, 0);
	put_path(p, &b);
	snprintf(out, size, "%s", buf_str(&b));
	buf_done(&b);
	return out;
}

int refuse(struct decoder *d, const struct path *p, const char *fmt, ...)
{
	char field[64], message[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	path_text(p, field, sizeof(field));
	return err_set(d->err, TIX_EBAD_VALUE, field, "%s: %s", field, message);
}

int refuse_memory(struct decoder *d)
{
	return err_set(d->err, TIX_EUNAVAILABLE, NULL, "the parameters need too much memory");
}

static int decode_object(struct decoder *d, const struct path *p, const struct shape *shape,
    const json_t *params, void *dst);

static int decode_obj(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, void **dst)
{
	void *sub;
	int r;

	if (!json_is_object(v))
		return refuse(d, p, "must be an object");
	sub = arena_alloc(d->arena, f->sub->size);
	if (!sub)
		return refuse_memory(d);
	r = decode_object(d, p, f->sub, v, sub);
	if (r < 0)
		return r;
	*dst = sub;
	return 0;
}

static int decode_list(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, struct shape_list *dst)
{
	size_t n = json_array_size(v);
	char *items;

	if (!json_is_array(v))
		return refuse(d, p, "must be a list of objects");
	if (n == 0 && (f->flags & FF_REQ))
		return refuse(d, p, "must not be empty");
	if (f->max > 0 && n > (size_t)f->max)
		return refuse(d, p, "has %zu members, at most %" PRId64 " are taken", n, f->max);
	items = arena_array(d->arena, n, f->sub->size);
	if (!items)
		return refuse_memory(d);
	for (size_t i = 0; i < n; i++) {
		struct path at = {.up = p, .index = (long)i};
		const json_t *item = json_array_get(v, i);
		int r;

		if (!json_is_object(item))
			return refuse(d, &at, "must be an object");
		r = decode_object(d, &at, f->sub, item, items + i * f->sub->size);
		if (r < 0)
			return r;
	}
	*dst = (struct shape_list){items, n};
	return 0;
}

static int decode_field(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, void *dst)
{
	if (json_is_null(v)) {
		if (!(f->flags & FF_NULL))
			return refuse(d, p, "must not be null");
		/* No degrees are not 0 degrees. */
		if (f->type == FT_degrees)
			*(int64_t *)dst = TIME_NONE;
		return 0;
	}
	if (field_is_text(f))
		return decode_text(d, p, f, v, dst);
	switch (f->type) {
	case FT_enums:
		return decode_enums(d, p, f, v, dst);
	case FT_texts:
		return decode_texts(d, p, f, v, dst);
	case FT_obj:
		return decode_obj(d, p, f, v, dst);
	case FT_list:
		return decode_list(d, p, f, v, dst);
	default:
		return decode_scalar(d, p, f, v, dst);
	}
}

static int unknown_field(
    struct decoder *d, const struct path *p, const struct shape *shape, const char *key)
{
	const char *names[NAMES_MAX];
	struct path at = {.up = p, .name = key, .index = -1};
	const char *guess;
	char field[64];

	for (unsigned i = 0; i < shape->nfields && i < NAMES_MAX; i++)
		names[i] = shape->fields[i].name;
	path_text(&at, field, sizeof(field));
	err_set(d->err, TIX_EUNKNOWN_FIELD, field, "%s: no such field", field);
	guess = near_name(key, strlen(key), names, shape->nfields);
	if (guess)
		err_hint(d->err, "did you mean %s?", guess);
	return TIX_EUNKNOWN_FIELD;
}

/* More members than were taken: one of them is not ours. */
static int find_unknown(
    struct decoder *d, const struct path *p, const struct shape *shape, const json_t *params)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)params, key, v)
	{
		unsigned i = 0;

		while (i < shape->nfields && strcmp(shape->fields[i].name, key) != 0)
			i++;
		if (i == shape->nfields)
			return unknown_field(d, p, shape, key);
	}
	return 0;
}

static int missing_field(struct decoder *d, const struct path *at)
{
	char field[64];

	path_text(at, field, sizeof(field));
	return err_set(d->err, TIX_EMISSING, field, "%s is required", field);
}

static int decode_object(struct decoder *d, const struct path *p, const struct shape *shape,
    const json_t *params, void *dst)
{
	uint64_t present = 0;
	size_t taken = 0;
	int r;

	/* A mistyped name first: it explains what is missing. */
	for (unsigned i = 0; i < shape->nfields; i++)
		taken += json_object_get(params, shape->fields[i].name) != NULL;
	if (taken != json_object_size(params)) {
		r = find_unknown(d, p, shape, params);
		if (r < 0)
			return r;
	}
	for (unsigned i = 0; i < shape->nfields; i++) {
		const struct shape_field *f = &shape->fields[i];
		struct path at = {.up = p, .name = f->name, .index = -1};
		const json_t *v = json_object_get(params, f->name);

		if (!v) {
			if (f->flags & FF_REQ)
				return missing_field(d, &at);
			continue;
		}
		r = decode_field(d, &at, f, v, (char *)dst + f->offset);
		if (r < 0)
			return r;
		present |= UINT64_C(1) << i;
	}
	memcpy(dst, &present, sizeof(present));
	return 0;
}

int rpc_decode(const struct shape *shape, const json_t *params, struct arena *a, void *ret_struct,
    struct err *e)
{
	struct decoder d = {a, e};
	const struct path top = {.index = -1};

	if (params && !json_is_object(params))
		return err_set(e, TIX_EBAD_PARAMS, NULL, "the parameters must be an object");
	return decode_object(&d, &top, shape, params, ret_struct);
}

int rpc_decode_text(
    const struct shape *shape, const char *text, struct arena *a, void *ret_struct, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	int r = json_parse_strict(text, strlen(text), RPC_DEPTH, &params, e);

	return r < 0 ? r : rpc_decode(shape, params, a, ret_struct, e);
}
