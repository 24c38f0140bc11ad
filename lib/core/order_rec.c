/* SPDX-License-Identifier: MIT */
/* Reading orders. It decides nothing but whether a code can be meant. */
#include "core/order_rec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alias.h"
#include "core/order_part.h"
#include "core/scope.h"

int call_no_memory(struct call *c)
{
	return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
}

const char *order_code(struct call *c, int64_t id)
{
	char *code = arena_alloc(c->arena, ORDER_CODE_SIZE);
	int r;

	if (!code) {
		call_no_memory(c);
		return NULL;
	}
	r = order_code_encode(&c->core->keys, id, code);
	if (r < 0) {
		err_set(&c->err, r, NULL, "there are no more order codes");
		return NULL;
	}
	return code;
}

static const char *text_col(struct call *c, struct q *q, int column, int *r)
{
	const char *text = q_text(q, column), *copy;

	if (!text)
		return NULL;
	copy = arena_strdup(c->arena, text);
	if (!copy)
		*r = call_no_memory(c);
	return copy;
}

int order_rec_get(struct call *c, int64_t id, struct order_rec *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_order_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	if (r == 1) {
		*ret = (struct order_rec){
		    .id = id,
		    .event.id = q_col(&q, 1),
		    .state = (int)q_col(&q, 2),
		    .created = q_col(&q, 3),
		    .tickets = q_col(&q, 4),
		    .total = q_col(&q, 5),
		    .pay = (int)q_col(&q, 6),
		    .person = q_col(&q, 7),
		    .channel = text_col(c, &q, 8, &r),
		    .note = text_col(c, &q, 9, &r),
		    .expires = q_isnull(&q, 10) ? TIME_NONE : q_col(&q, 10),
		    .event.status = (int)q_col(&q, 13),
		    .event.start = q_col(&q, 17),
		    .event.end = q_isnull(&q, 18) ? TIME_NONE : q_col(&q, 18),
		    .refunded = q_col(&q, 15),
		    .credited = q_col(&q, 16),
		    .organizer = text_col(c, &q, 14, &r),
		};
		snprintf(ret->event.slug, sizeof(ret->event.slug), "%s", q_text(&q, 11));
		snprintf(ret->event.currency, sizeof(ret->event.currency), "%s", q_text(&q, 12));
	}
	q_end(&q);
	return r;
}

bool order_rec_seen(const struct call *c, const struct order_rec *row)
{
	return scope_sees(c->who, row->organizer, row->event.slug);
}

/* A ticket code is right when its row has the generation it names. */
static int ticket_id(
    struct call *c, const char *code, const char *field, int64_t *ret_id, int *ret_n)
{
	uint64_t id = 0;
	unsigned generation = 0;
	struct q q;
	int r = ticket_code_decode(&c->core->keys, code, &id, &generation);

	if (r == TIX_EBAD_VALUE)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, field, "this is no code: an order is like 7K2M-9QXD");
	if (r < 0)
		return call_not_found(c, field, "ticket", code);
	q_start(&q, c->db, SQL_ticket_generation, &c->err);
	q_i64(&q, 1, (int64_t)id);
	r = q_step(&q);
	if (r == 1 && q_col(&q, 0) != generation)
		r = 0;
	q_end(&q);
	if (r <= 0)
		return r < 0 ? r : call_not_found(c, field, "ticket", code);
	*ret_id = (int64_t)(id / ORDER_ROWS);
	*ret_n = (int)(id % ORDER_ROWS);
	return 0;
}

/* The id that a code names by itself. */
static int code_id(
    struct call *c, const char *code, const char *field, int64_t *ret_id, int *ret_n)
{
	int r = order_code_decode(&c->core->keys, code, ret_id, ret_n);

	if (r == 0)
		return 0;
	if (!ret_n)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, field, "this is no code: a hold is like 7K2M-9QXD");
	return ticket_id(c, code, field, ret_id, ret_n);
}

/* Whether the order has a ticket of that number. After a change numbers go beyond the count. */
static int has_ticket(struct call *c, const struct order_rec *row, int n)
{
	struct q q;
	int r;

	if (n <= row->tickets)
		return 1;
	q_start(&q, c->db, SQL_ticket_generation, &c->err);
	q_i64(&q, 1, row->id * ORDER_ROWS + n);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int no_ticket(struct call *c, const struct order_rec *row, const char *field, int n)
{
	char code[ORDER_CODE_SIZE];

	if (order_code_encode(&c->core->keys, row->id, code) < 0)
		return call_not_found(c, field, "ticket", NULL);
	err_set(&c->err, TIX_ENOT_FOUND, field, "%s has %" PRId64 " ticket%s: there is no /%d", code,
	    row->tickets, row->tickets == 1 ? "" : "s", n);
	err_hint(&c->err, "tix order show %s", code);
	return TIX_ENOT_FOUND;
}

int order_code_id(struct call *c, const char *code, const char *field, int64_t *ret_id, int *ret_n)
{
	int r = code_id(c, code, field, ret_id, ret_n);

	if (r == 0)
		r = alias_find(c, *ret_id, ret_id);
	return r < 0 ? r : 0;
}

int order_rec_find(
    struct call *c, const char *code, const char *field, struct order_rec *ret, int *ret_n)
{
	int64_t id;
	int r = code_id(c, code, field, &id, ret_n);

	if (r < 0)
		return r;
	r = order_rec_get(c, id, ret);
	if (r == 0) { /* no order has the id of an old code */
		r = alias_find(c, id, &id);
		if (r == 1)
			r = order_rec_get(c, id, ret);
	}
	if (r < 0)
		return r;
	if (r == 0 || !order_rec_seen(c, ret))
		return call_not_found(c, field, ret_n ? "order" : "hold", code);
	r = ret_n ? has_ticket(c, ret, *ret_n) : 1;
	return r == 0 ? no_ticket(c, ret, field, *ret_n) : r < 0 ? r : 0;
}

int order_rec_lines(struct call *c, const struct order_rec *row, bool needs, struct sale *s)
{
	struct q q;
	int r;

	s->nlines = s->nneeds = 0;
	s->tickets = s->total = 0;
	s->event = row->event;
	q_start(&q, c->db, SQL_order_lines, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1) {
		struct sale_line line = {
		    .category = q_col(&q, 0), .count = q_col(&q, 2), .price = q_col(&q, 3)};

		line.name = text_col(c, &q, 1, &r);
		if (r == 1)
			r = sale_add(c, s, &line);
		if (r < 0)
			break;
	}
	q_end(&q);
	for (int i = 0; needs && r >= 0 && i < s->nlines; i++) {
		int64_t quotas[OFFER_QUOTAS_MAX];
		int n = offer_quotas(c, s->lines[i].category, quotas);

		r = n < 0 ? n : sale_need(c, s, quotas, n, s->lines[i].count);
	}
	return r;
}
