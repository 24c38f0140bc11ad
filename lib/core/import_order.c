/* SPDX-License-Identifier: MIT */
/* The orders of one call: which of them are new, and whether they all fit. */
#include "core/import_order.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "core/alias.h"
#include "core/import_work.h"
#include "core/journal.h"

#define OLD_CODES_MAX 32
#define COUNT_BITS 10
#define COUNT_MASK ((1 << COUNT_BITS) - 1)

static void digest_bytes(crypto_generichash_state *h, const void *mem, size_t len)
{
	uint64_t size = len;

	crypto_generichash_update(h, (const unsigned char *)&size, sizeof(size));
	if (len)
		crypto_generichash_update(h, mem, len);
}

static void digest_text(crypto_generichash_state *h, const char *text)
{
	digest_bytes(h, text, strlen(text));
}

static void digest_shape(crypto_generichash_state *h, const struct shape *s, const char *record);

static void digest_list(
    crypto_generichash_state *h, const struct shape *s, const struct shape_list *list)
{
	digest_bytes(h, &list->n, sizeof(list->n));
	for (size_t i = 0; i < list->n; i++)
		digest_shape(h, s, (const char *)list->v + i * s->size);
}

static void digest_texts(crypto_generichash_state *h, const struct text_list *list)
{
	digest_bytes(h, &list->n, sizeof(list->n));
	for (size_t i = 0; i < list->n; i++)
		digest_text(h, list->v[i]);
}

static void digest_field(
    crypto_generichash_state *h, const struct shape_field *f, const char *value)
{
	const struct money_in *money = (const void *)value;

	switch (f->type) {
	case FT_enum:
		digest_bytes(h, value, sizeof(int));
		break;
	case FT_i64:
		digest_bytes(h, value, sizeof(int64_t));
		break;
	case FT_money_in:
		digest_text(h, money->text ? money->text : money->money.currency);
		digest_bytes(h, &money->money.amount, sizeof(money->money.amount));
		break;
	case FT_texts:
		digest_texts(h, (const void *)value);
		break;
	case FT_list:
		digest_list(h, f->sub, (const void *)value);
		break;
	case FT_obj:
		digest_shape(h, f->sub, *(const char *const *)value);
		break;
	default: /* the others are text */
		digest_text(h, *(const char *const *)value);
		break;
	}
}

static bool is_empty(const struct shape_field *f, const char *value)
{
	switch (f->type) {
	case FT_enum:
		return *(const int *)(const void *)value == 0;
	case FT_i64:
		return *(const int64_t *)(const void *)value == 0;
	case FT_money_in:
		return false;
	case FT_texts:
		return ((const struct text_list *)(const void *)value)->n == 0;
	case FT_list:
		return ((const struct shape_list *)(const void *)value)->n == 0;
	default:
		return *(const char *const *)(const void *)value == NULL;
	}
}

/* What is empty is passed over, so that a field that a later version knows changes no digest. */
static void digest_shape(crypto_generichash_state *h, const struct shape *s, const char *record)
{
	for (unsigned i = 0; i < s->nfields; i++) {
		const struct shape_field *f = &s->fields[i];

		if (is_empty(f, record + f->offset))
			continue;
		digest_text(h, f->name);
		digest_field(h, f, record + f->offset);
	}
}

static void digest(struct call *c, struct coming *o)
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, c->core->keys.chain, 32, sizeof(o->digest));
	digest_shape(&h, &shape_import_order, (const char *)o->in);
	crypto_generichash_final(&h, o->digest, sizeof(o->digest));
}

static int decode(struct call *c, const char *text, const char *field, int64_t *ret)
{
	if (order_code_decode(&c->core->keys, text, ret, NULL) < 0)
		return err_set(&c->err, TIX_EBAD_VALUE, field,
		    "%.60s is no order code: one is like 7K2M-9QXD", text);
	return 0;
}

static int read_codes(struct call *c, struct coming *o)
{
	const struct text_list *old = &o->in->old_codes;
	int r = decode(c, o->in->code, "code", &o->codes[0]);

	o->ncodes = 1;
	for (size_t i = 0; r == 0 && i < old->n; i++)
		r = decode(c, old->v[i], "old_codes", &o->codes[o->ncodes++]);
	for (size_t i = 1; r == 0 && i < o->ncodes; i++) {
		for (size_t k = 0; k < i; k++) {
			if (o->codes[i] == o->codes[k])
				return err_set(&c->err, TIX_EBAD_VALUE, "old_codes",
				    "%s is there twice", old->v[i - 1]);
		}
	}
	return r;
}

/* An order that came with this code: it is the same, or this one is refused. */
static int compare(struct call *c, struct coming *o, int64_t order)
{
	bool same = false;
	struct q q;
	size_t len;
	int r;

	q_start(&q, c->db, SQL_imported_get, &c->err);
	q_i64(&q, 1, order);
	r = q_step(&q);
	if (r == 1) {
		const void *was = q_blob(&q, 1, &len);

		same = len == sizeof(o->digest) && memcmp(was, o->digest, len) == 0;
	}
	q_end(&q);
	o->same = same;
	if (r < 0 || same)
		return r < 0 ? r : 0;
	return err_set(&c->err, TIX_EWRONG_STATE, "code",
	    "it was imported as %s and is another now: an order is not overwritten",
	    order_code(c, order));
}

/* Whether a code means an order of this store already. */
static int check_code(struct call *c, struct coming *o, size_t i)
{
	const char *text = i ? o->in->old_codes.v[i - 1] : o->in->code;
	struct order_rec row;
	int64_t order = 0;
	int r = alias_find(c, o->codes[i], &order);

	if (r == 1 && i == 0)
		return compare(c, o, order);
	if (r == 0) {
		r = order_rec_get(c, o->codes[i], &row);
		order = o->codes[i];
	}
	if (r <= 0)
		return r;
	return err_set(&c->err, TIX_EEXISTS, i ? "old_codes" : "code",
	    "%s finds the order %s of this store", text, order_code(c, order));
}

/* Whether an order earlier in the call has a code of this one. */
static int check_earlier(struct call *c, const struct coming *was, struct coming *o)
{
	if (was->codes[0] == o->codes[0] &&
	    memcmp(was->digest, o->digest, sizeof(o->digest)) == 0) {
		o->same = true;
		return 0;
	}
	for (size_t i = 0; i < o->ncodes; i++) {
		for (size_t k = 0; k < was->ncodes; k++) {
			if (o->codes[i] == was->codes[k])
				return err_set(&c->err, TIX_EEXISTS, i ? "old_codes" : "code",
				    "another order came with this code");
		}
	}
	return 0;
}

static int take(struct call *c, struct arrival *a, const struct import_order *in)
{
	struct coming *o = &a->v[a->n];
	int r;

	*o = (struct coming){.in = in};
	if (in->old_codes.n > OLD_CODES_MAX)
		return err_set(&c->err, TIX_ELIMIT, "old_codes", "at most %d", OLD_CODES_MAX);
	o->codes = arena_array(c->arena, in->old_codes.n + 1, sizeof(*o->codes));
	if (!o->codes)
		return call_no_memory(c);
	digest(c, o);
	r = read_codes(c, o);
	for (size_t i = 0; r == 0 && !o->same && i < a->n; i++)
		r = check_earlier(c, &a->v[i], o);
	for (size_t i = 0; r == 0 && !o->same && i < o->ncodes; i++)
		r = check_code(c, o, i);
	if (r == 0 && !o->same)
		r = coming_read(c, in, o);
	if (r == 0 && !o->same)
		r = coming_seats(c, o, a);
	a->n++;
	return r;
}

int order_import_load(struct call *c, int64_t subject, struct order_import *out)
{
	(void)c;
	out->created = subject & COUNT_MASK;
	out->same = subject >> COUNT_BITS & COUNT_MASK;
	return 0;
}

static int record(struct call *c, const struct order_import *counts)
{
	const char *data = arena_printf(c->arena,
	    "{\"created\":%" PRId64 ",\"same\":%" PRId64 "}", counts->created, counts->same);

	c->subject = counts->created | counts->same << COUNT_BITS;
	return data ? journal_append(c, "import.done", "orders", 0, NULL, data) : call_no_memory(c);
}

int order_import_rows(struct call *c, const struct order_import_in *in, struct order_import *out)
{
	const struct import_order *rows = in->orders.v;
	struct arrival *a = arena_alloc(c->arena, sizeof(*a));
	int r = 0;

	if (a)
		a->v = arena_array(c->arena, in->orders.n, sizeof(*a->v));
	if (!a || !a->v)
		return call_no_memory(c);
	for (size_t i = 0; r == 0 && i < in->orders.n; i++) {
		r = take(c, a, &rows[i]);
		if (r < 0)
			return import_prefix(c, "orders", (int)i, r);
	}
	r = arrival_write(c, a);
	for (size_t i = 0; i < a->n; i++)
		out->same += a->v[i].same;
	out->created = (int64_t)a->n - out->same;
	return r;
}

int order_import(struct call *c, const struct order_import_in *in, struct order_import *out)
{
	int r = order_import_rows(c, in, out);

	return r < 0 ? r : record(c, out);
}
