/* SPDX-License-Identifier: MIT */
/* Checked orders to rows: each with an id of its own that no old code of the call stands for, its
 * record, and the postings that its amounts come to. */
#include <inttypes.h>

#include "core/alias.h"
#include "core/hold.h"
#include "core/import_order.h"
#include "core/journal.h"
#include "core/money_rec.h"
#include "core/order.h"
#include "core/rows.h"
#include "core/writer.h"

static bool is_code(const struct arrival *a, int64_t id)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < a->v[i].ncodes; k++) {
			if (a->v[i].codes[k] == id)
				return true;
		}
	}
	return false;
}

static int64_t next_id(struct call *c, const struct arrival *a)
{
	int64_t id;

	do {
		id = writer_next_id(c->writer, TABLE_order);
	} while (is_code(a, id));
	return id;
}

static int write_person(struct call *c, const struct coming *o, struct order_rec *row)
{
	const struct import_buyer *in = o->in->buyer;
	struct buyer b;
	int r;

	if (!in)
		return 0;
	b = (struct buyer){.name = in->name,
	    .email = in->email,
	    .phone = in->phone,
	    .country = in->country,
	    .postcode = in->postcode,
	    .locale = in->locale};
	if (o->erased == TIME_NONE)
		return order_is_anybody(&b) ? order_write_person(c, &b, row) : 0;
	r = order_write_person(c, &b, row);
	if (r == 0)
		r = q_run(
		    c->db, SQL_person_erase, &c->err, 2, (const int64_t[]){o->erased, row->person});
	return r < 0 ? r : 0;
}

static int write_origin(struct call *c, const struct coming *o)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_imported_add, &c->err);
	q_i64(&q, 1, o->row.id);
	q_i64(&q, 2, o->created);
	q_mem(&q, 3, o->digest, sizeof(o->digest));
	r = q_finish(&q);
	for (size_t i = 0; r == 0 && i < o->ncodes; i++)
		r = alias_add(c, o->codes[i], o->row.id);
	return r;
}

static int write_lines(struct call *c, const struct coming *o)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < o->nlines; i++) {
		const struct coming_line *l = &o->lines[i];
		int64_t values[] = {
		    o->row.id * ORDER_ROWS + (int64_t)i + 1, l->category, l->count, l->price};

		r = q_run(c->db, SQL_line_add, &c->err, 4, values);
	}
	return r < 0 ? r : 0;
}

static int write_holder(struct call *c, int64_t ticket, const struct coming_ticket *t)
{
	struct q q;

	if (!t->name && !t->email)
		return 0;
	q_start(&q, c->db, SQL_holder_add, &c->err);
	q_i64(&q, 1, ticket);
	q_str(&q, 2, t->name);
	q_str(&q, 3, t->email);
	return q_finish(&q);
}

static int write_tickets(struct call *c, const struct coming *o)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < o->ntickets; i++) {
		const struct coming_ticket *t = &o->tickets[i];
		int64_t values[] = {
		    o->row.id * ORDER_ROWS + t->n, t->category, t->price, t->generation, t->state};

		r = q_run(c->db, SQL_ticket_import, &c->err, 5, values);
		if (r >= 0)
			r = write_holder(c, values[0], t);
	}
	return r < 0 ? r : 0;
}

static int write_note(struct call *c, const struct coming *o, const struct coming_payment *p)
{
	struct q q;

	if (p->recorded == TIME_NONE)
		return 0;
	q_start(&q, c->db, SQL_payment_note_add, &c->err);
	q_i64(&q, 1, o->row.id * ORDER_ROWS + p->n);
	q_i64(&q, 2, p->recorded);
	q_str(&q, 3, p->reference);
	if (p->refund)
		q_i64(&q, 4, o->row.id * ORDER_ROWS + p->refund);
	else
		q_null(&q, 4);
	return q_finish(&q);
}

static int write_payments(struct call *c, const struct coming *o)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < o->npayments; i++) {
		const struct coming_payment *p = &o->payments[i];
		int64_t values[] = {
		    o->row.id * ORDER_ROWS + p->n, p->kind, p->amount, p->state, p->at};

		r = q_run(c->db, SQL_payment_add, &c->err, 5, values);
		if (r >= 0)
			r = write_note(c, o, p);
	}
	return r < 0 ? r : 0;
}

static int write_refund(struct call *c, const struct coming *o, const struct coming_refund *f)
{
	int64_t id = o->row.id * ORDER_ROWS + f->n;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_refund_add, &c->err);
	q_i64(&q, 1, id);
	q_i64(&q, 2, f->kind);
	q_i64(&q, 3, f->amount);
	q_i64(&q, 4, f->fee);
	q_i64(&q, 5, f->credit);
	q_i64(&q, 6,
	    f->state == refund_state_withdrawn ? refund_state_withdrawn : refund_state_pending);
	q_i64(&q, 7, f->at);
	if (f->ticket)
		q_i64(&q, 8, o->row.id * ORDER_ROWS + f->ticket);
	else
		q_null(&q, 8);
	r = q_finish(&q);
	if (r == 0 && f->state == refund_state_done)
		r = q_run(c->db, SQL_refund_done, &c->err, 2, (const int64_t[]){f->done, id});
	return r < 0 ? r : 0;
}

/* A row of counters unless it was simply paid. */
static int write_counters(struct call *c, const struct coming *o)
{
	struct money_rec m = {.captured = o->captured};
	const struct money_rec all = {.refunded = o->row.refunded, .credited = o->row.credited};

	if (!all.refunded && !all.credited && money_word(&o->row, &m) == money_word_paid)
		return 0;
	return money_move(c, &o->row, &m, &all);
}

static int write_refunds(struct call *c, const struct coming *o)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < o->nrefunds; i++)
		r = write_refund(c, o, &o->refunds[i]);
	return r;
}

static int record(struct call *c, const struct coming *o)
{
	const char *code = order_code(c, o->row.id);
	const char *data = arena_printf(c->arena,
	    "{\"was\":\"%s\",\"state\":\"%s\",\"tickets\":%" PRId64 ",\"total\":%" PRId64
	    ",\"currency\":\"%s\"}",
	    order_code(c, o->codes[0]), enum_word(&enum_set_order_state, o->row.state),
	    o->row.tickets, o->row.total, o->row.event.currency);

	if (!code || !data)
		return call_no_memory(c);
	return journal_append(c, "order.imported", code, o->row.event.id, o->row.event.slug, data);
}

/* The sale, what came in, what it owes less, what went out: as if it all had happened here. */
static int write_postings(struct call *c, const struct coming *o)
{
	int r = money_post(c, &o->row, account_receivable, account_sales, o->row.total);

	for (size_t i = 0; r == 0 && i < o->npayments; i++) {
		const struct coming_payment *p = &o->payments[i];

		r = money_post(c, &o->row, money_account(p->kind), account_receivable,
		    p->state == payment_state_captured ? p->amount : 0);
	}
	if (r == 0)
		r = money_credit(c, &o->row, o->row.credited);
	for (size_t i = 0; r == 0 && i < o->nrefunds; i++) {
		const struct coming_refund *f = &o->refunds[i];

		if (f->state == refund_state_withdrawn)
			continue;
		r = money_post(c, &o->row, account_receivable, account_refunds_payable, f->amount);
		if (r == 0 && f->state == refund_state_done)
			r = money_post(c, &o->row, account_refunds_payable,
			    f->kind == refund_kind_cash ? account_cash : account_bank, f->amount);
	}
	return r;
}

static int write_order(struct call *c, const struct arrival *a, struct coming *o)
{
	int r;

	o->row.id = next_id(c, a);
	r = write_person(c, o, &o->row);
	if (r == 0)
		r = order_write_row(c, &o->row);
	if (r == 0)
		r = write_origin(c, o);
	if (r == 0)
		r = write_lines(c, o);
	if (r == 0)
		r = write_tickets(c, o);
	if (r == 0)
		r = write_counters(c, o);
	if (r == 0)
		r = write_refunds(c, o);
	if (r == 0)
		r = write_payments(c, o);
	if (r == 0 && o->row.expires != TIME_NONE)
		hold_due_at(c, o->row.expires);
	if (r == 0)
		r = record(c, o);
	return r < 0 ? r : write_postings(c, o);
}

int arrival_write(struct call *c, struct arrival *a)
{
	int r = a->sold.nneeds ? sale_take(c, &a->sold, SALE_SELL) : 0;

	if (r == 0 && a->held.nneeds)
		r = sale_take(c, &a->held, SALE_HOLD);

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		if (!a->v[i].same)
			r = write_order(c, a, &a->v[i]);
	}
	return r;
}
