/* SPDX-License-Identifier: MIT */
/* Counters and postings of one order. The guarded update decides whether there is enough to give
 * back. */
#include "core/money_rec.h"

#include "core/order.h"
#include "core/order_part.h"
#include "core/rows.h"

/* The postings 1 and 2 of an order are those of a sale that was paid as it was made: the index of
 * later ones leaves them out. */
#define POSTINGS_AT_ONCE 2

int money_rec_get(struct call *c, const struct order_rec *row, struct money_rec *ret)
{
	struct q q;
	int r;

	*ret = (struct money_rec){0};
	q_start(&q, c->db, SQL_money_get, &c->err);
	q_i64(&q, 1, row->id);
	r = q_step(&q);
	if (r == 1)
		*ret = (struct money_rec){q_col(&q, 0), q_col(&q, 1), q_col(&q, 2), true};
	q_end(&q);
	if (r == 0)
		r = order_paid(c, row->id, &ret->captured);
	return r < 0 ? r : 0;
}

int64_t money_owed(const struct order_rec *row, const struct money_rec *m)
{
	return row->pay ? row->total - m->credited : 0;
}

int64_t money_balance(const struct order_rec *row, const struct money_rec *m)
{
	return m->captured - m->refunded - money_owed(row, m);
}

int money_word(const struct order_rec *row, const struct money_rec *m)
{
	int64_t here = m->captured - m->refunded, owed = money_owed(row, m);
	bool over = row->state != order_state_pending && row->state != order_state_paid;

	if (!row->pay)
		return 0;
	if (here > owed)
		return over ? money_word_refund_due : money_word_overpaid;
	if (here < owed)
		return here > 0 ? money_word_partly_paid : money_word_unpaid;
	if (owed > 0 || row->total == 0)
		return money_word_paid;
	return m->captured > 0 ? money_word_refunded : 0;
}

static int refuse(struct call *c, const struct order_rec *row, const struct money_rec *m)
{
	struct money left = sale_money(&row->event, m->captured - m->refunded);
	struct money all = sale_money(&row->event, m->captured);
	char of[MONEY_TEXT_MAX], text[MONEY_TEXT_MAX];

	err_set(&c->err, TIX_ELIMIT, "amount", "%s %s of %s %s is left to give back",
	    money_format(left, text, sizeof(text)), left.currency, money_format(all, of, sizeof(of)),
	    all.currency);
	err_fact(&c->err, "captured", m->captured);
	err_fact(&c->err, "refunded", m->refunded);
	err_fact(&c->err, "left", m->captured - m->refunded);
	return TIX_ELIMIT;
}

int money_move(struct call *c, const struct order_rec *row, struct money_rec *m,
    const struct money_rec *add)
{
	struct money_rec is = {m->captured + add->captured, m->refunded + add->refunded,
	    m->credited + add->credited, true};
	int64_t word = money_word(row, &is);
	int r = 0;

	if (is.refunded > is.captured)
		return refuse(c, row, m);
	if (!m->kept)
		r = q_run(
		    c->db, SQL_money_add, &c->err, 2, (const int64_t[]){row->id, m->captured});
	if (r >= 0)
		r = q_run(c->db, SQL_money_move, &c->err, 5,
		    (const int64_t[]){
			add->captured, add->refunded, add->credited, word, row->id});
	if (r <= 0)
		return r < 0 ? r : refuse(c, row, m);
	*m = is;
	return 0;
}

/* The newest posting of an order; that of its sale at least. */
static int last_posting(struct call *c, const struct order_rec *row, int64_t *ret)
{
	int64_t first = row->id * ORDER_ROWS, last = first + POSTINGS_AT_ONCE;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_posting_last, &c->err);
	order_rows(&q, row->id);
	r = q_step(&q);
	if (r == 1 && !q_isnull(&q, 0) && q_col(&q, 0) > last)
		last = q_col(&q, 0);
	q_end(&q);
	*ret = last;
	return r < 0 ? r : 0;
}

static int refuse_postings(struct call *c)
{
	return err_set(&c->err, TIX_ELIMIT, "code", "money of the order moved too often");
}

int money_room(struct call *c, const struct order_rec *row, int64_t n)
{
	int64_t first = row->id * ORDER_ROWS, last, pending = 0;
	struct q q;
	int r = last_posting(c, row, &last);

	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_refunds_open, &c->err);
	order_rows(&q, row->id);
	r = q_step(&q);
	if (r == 1)
		pending = q_col(&q, 0);
	q_end(&q);
	if (row->state != order_state_cancelled && row->state != order_state_expired)
		n += MONEY_END;
	if (r >= 0 && last + 2 * pending + n >= first + ORDER_ROWS)
		r = refuse_postings(c);
	return r < 0 ? r : 0;
}

int money_post(struct call *c, const struct order_rec *row, int debit, int credit, int64_t amount)
{
	int64_t next;
	struct q q;
	int r;

	if (amount == 0)
		return 0;
	r = last_posting(c, row, &next);
	if (r == 0 && ++next == (row->id + 1) * ORDER_ROWS)
		r = refuse_postings(c);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_posting_add, &c->err);
	q_i64(&q, 1, next);
	q_i64(&q, 2, debit);
	q_i64(&q, 3, credit);
	q_i64(&q, 4, amount);
	q_str(&q, 5, row->event.currency);
	q_i64(&q, 6, c->seq);
	return q_finish(&q);
}

int money_credit(struct call *c, const struct order_rec *row, int64_t amount)
{
	if (amount < 0)
		return money_post(c, row, account_receivable, account_sales, -amount);
	return money_post(c, row, account_sales, account_receivable, amount);
}

int money_account(int payment_kind)
{
	return payment_kind == payment_kind_bank ? account_bank : account_cash;
}
