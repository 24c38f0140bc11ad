/* SPDX-License-Identifier: MIT */
/* Numbers of an order's parts. It knows no rule of any of them. */
#include "core/order_part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void order_rows(struct q *q, int64_t order)
{
	q_i64(q, 1, order * ORDER_ROWS);
	q_i64(q, 2, order * ORDER_ROWS + ORDER_ROWS - 1);
}

const char *order_part_name(struct call *c, int64_t id, char letter)
{
	const char kind[] = {letter, '\0'}, *code = order_code(c, id / ORDER_ROWS), *name;

	if (!code)
		return NULL;
	name = arena_printf(c->arena, "%s/%s%" PRId64, code, kind, id % ORDER_ROWS);
	if (!name)
		call_no_memory(c);
	return name;
}

int order_part_find(struct call *c, const char *text, char letter, const char *noun,
    struct order_rec *ret_order, int64_t *ret_id)
{
	const char *slash = strrchr(text, '/');
	char *end = NULL, *code;
	long n = slash && (slash[1] | 0x20) == letter ? strtol(slash + 2, &end, 10) : 0;
	int ticket, r;

	if (n < 1 || n >= ORDER_ROWS || *end)
		return err_set(&c->err, TIX_EBAD_VALUE, noun,
		    "this is no %s: one is like 7K2M-9QXD/%c1", noun, letter);
	code = arena_strndup(c->arena, text, (size_t)(slash - text));
	if (!code)
		return call_no_memory(c);
	r = order_rec_find(c, code, noun, ret_order, &ticket);
	if (r == 0)
		*ret_id = ret_order->id * ORDER_ROWS + n;
	return r;
}

int order_part_next(
    struct call *c, int64_t order, enum sql_id last, const char *noun, int64_t *ret_id)
{
	int64_t id = order * ORDER_ROWS;
	struct q q;
	int r;

	q_start(&q, c->db, last, &c->err);
	order_rows(&q, order);
	r = q_step(&q);
	if (r == 1 && !q_isnull(&q, 0))
		id = q_col(&q, 0);
	q_end(&q);
	if (r < 0)
		return r;
	if (++id % ORDER_ROWS == 0)
		return err_set(&c->err, TIX_ELIMIT, "code", "the order has too many %ss", noun);
	*ret_id = id;
	return 0;
}
