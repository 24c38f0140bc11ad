/* SPDX-License-Identifier: MIT */
/* New rows of orders and buyers, as every way to make one writes them. */
#include "core/order.h"
#include "core/rows.h"
#include "core/writer.h"

static void q_id(struct q *q, int param, int64_t id)
{
	if (id)
		q_i64(q, param, id);
	else
		q_null(q, param);
}

int order_write_row(struct call *c, const struct order_rec *row)
{
	struct q q;

	q_start(&q, c->db, SQL_order_add, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, row->event.id);
	q_i64(&q, 3, row->state);
	q_i64(&q, 4, row->created);
	q_i64(&q, 5, row->tickets);
	q_i64(&q, 6, row->total);
	q_id(&q, 7, row->pay);
	q_id(&q, 8, row->person);
	q_str(&q, 9, row->channel);
	q_str(&q, 10, row->note);
	q_time(&q, 11, row->expires);
	return q_finish(&q);
}

int order_write_sold(struct call *c, const struct order_rec *row)
{
	struct q q;

	q_start(&q, c->db, SQL_order_convert, &c->err);
	q_i64(&q, 1, row->state);
	q_i64(&q, 2, row->total);
	q_i64(&q, 3, row->pay);
	q_id(&q, 4, row->person);
	q_str(&q, 5, row->channel);
	q_str(&q, 6, row->note);
	q_time(&q, 7, row->expires);
	q_i64(&q, 8, row->id);
	return q_finish(&q);
}

int order_write_person(struct call *c, const struct buyer *b, struct order_rec *row)
{
	struct q q;

	row->person = writer_next_id(c->writer, TABLE_person);
	q_start(&q, c->db, SQL_person_add, &c->err);
	q_i64(&q, 1, row->person);
	q_i64(&q, 2, row->id);
	q_str(&q, 3, b->name);
	q_str(&q, 4, b->email);
	q_str(&q, 5, b->phone);
	q_str(&q, 6, b->country);
	q_str(&q, 7, b->postcode);
	q_str(&q, 8, b->locale);
	return q_finish(&q);
}

bool order_is_anybody(const struct buyer *b)
{
	return b->name || b->email || b->phone || b->country || b->postcode || b->locale;
}
