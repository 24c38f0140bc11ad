/* SPDX-License-Identifier: MIT */
/* Whether two calls mean the same: a hash over the decoded parameters. A file of its own, since
 * libsodium comes with it and clients do without. The bytes that are hashed are kept with
 * idempotency keys for days, so names, not numbers of rows, go into it: another build with more
 * fields gives the same hash. */
#include <sodium.h>
#include <string.h>

#include "rpc/codec.h"

#define HASH_BYTES 16

static void put_u64(struct buf *b, uint64_t v)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(v >> 8 * i);
	buf_put(b, bytes, sizeof(bytes));
}

/* Length and bytes, so that no two lists of texts look alike; NULL is not the empty text. */
static void put_text(struct buf *b, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	put_u64(b, s ? len : UINT64_MAX);
	if (len)
		buf_put(b, s, len);
}

static void put_money_in(struct buf *b, const struct money_in *m)
{
	put_text(b, m->text);
	put_u64(b, (uint64_t)m->money.amount);
	put_text(b, m->money.currency);
}

static void put_texts(struct buf *b, const struct text_list *list)
{
	put_u64(b, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_text(b, list->v[i]);
}

static void put_struct(struct buf *b, const struct shape *shape, const void *in, unsigned from);

static void put_list(struct buf *b, const struct shape *sub, const struct shape_list *list)
{
	put_u64(b, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_struct(b, sub, (const char *)list->v + i * sub->size, 0);
}

static void put_value(struct buf *b, const struct shape_field *f, const void *src)
{
	switch (f->type) {
	case FT_i64:
	case FT_degrees:
	case FT_time:
		put_u64(b, (uint64_t) * (const int64_t *)src);
		break;
	case FT_enums:
		put_u64(b, *(const uint64_t *)src);
		break;
	case FT_bool:
		put_u64(b, *(const bool *)src);
		break;
	case FT_enum:
		put_u64(b, (uint64_t) * (const int *)src);
		break;
	case FT_money:
		put_u64(b, (uint64_t)((const struct money *)src)->amount);
		put_text(b, ((const struct money *)src)->currency);
		break;
	case FT_money_in:
		put_money_in(b, src);
		break;
	case FT_texts:
		put_texts(b, src);
		break;
	case FT_obj:
		put_u64(b, *(const void *const *)src != NULL);
		if (*(const void *const *)src)
			put_struct(b, f->sub, *(const void *const *)src, 0);
		break;
	case FT_list:
		put_list(b, f->sub, src);
		break;
	default:
		put_text(b, *(const char *const *)src);
		break;
	}
}

/* The given fields from number `from` on, each after its name; an empty name ends them. */
static void put_struct(struct buf *b, const struct shape *shape, const void *in, unsigned from)
{
	uint64_t present;

	memcpy(&present, in, sizeof(present));
	for (unsigned i = from; i < shape->nfields; i++) {
		if (!(present >> i & 1))
			continue;
		put_text(b, shape->fields[i].name);
		put_value(b, &shape->fields[i], (const char *)in + shape->fields[i].offset);
	}
	put_text(b, "");
}

int rpc_params_hash(const struct rpc_method *method, const void *in, uint8_t ret_hash[16])
{
	struct buf b;
	bool good;

	buf_init(&b, 0);
	put_text(&b, method->name);
	/* nor is it part of what was asked for that somebody agreed to it */
	put_struct(&b, method->in, in, IX_mut_in_COUNT + (method->flags & RPC_DANGER ? 1 : 0));
	good = !b.failed;
	if (good)
		crypto_generichash(
		    ret_hash, HASH_BYTES, (const unsigned char *)b.data, b.len, NULL, 0);
	buf_done(&b);
	return good ? 0 : TIX_EUNAVAILABLE;
}
