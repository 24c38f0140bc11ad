/* SPDX-License-Identifier: MIT */
/* Selling. All is checked before the first row is written; the guarded update of the quotas is that
 * first write. */
#include "core/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/hold.h"
#include "core/journal.h"
#include "core/money_rec.h"
#include "core/order_log.h"
#include "core/pending.h"
#include "core/writer.h"

#define CHANNEL_DEFAULT "box-office"

/* An order on its way: its row and what is known only while it is made. */
struct making {
	struct order_rec row;
	struct sale sale;
	const char *code;
	bool from_hold;
};

static int write_person(struct call *c, const struct order_create_in *in, struct order_rec *row)
{
	struct buyer b = {.name = in->name,
	    .email = in->email,
	    .phone = in->phone,
	    .country = in->country,
	    .postcode = in->postcode,
	    .locale = in->locale};

	return order_is_anybody(&b) ? order_write_person(c, &b, row) : 0;
}

static int convert_order(struct call *c, const struct order_rec *row)
{
	int64_t lines[] = {row->id * ORDER_ROWS, row->id * ORDER_ROWS + ORDER_ROWS - 1};
	int r = order_write_sold(c, row);

	if (r == 0 && row->pay == pay_kind_comp)
		r = q_run(c->db, SQL_line_free, &c->err, 2, lines);
	return r < 0 ? r : 0;
}

int order_make_tickets(struct call *c, int64_t id, const struct sale *s)
{
	int64_t n = id * ORDER_ROWS;

	for (int i = 0; i < s->nlines; i++) {
		const struct sale_line *l = &s->lines[i];

		for (int64_t k = 0; k < l->count; k++) {
			int64_t values[] = {++n, l->category, l->price};
			int r = q_run(c->db, SQL_ticket_add, &c->err, 3, values);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int post(struct call *c, const struct order_rec *row, int n, int debit, int credit)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_posting_add, &c->err);
	q_i64(&q, 1, row->id * ORDER_ROWS + n);
	q_i64(&q, 2, debit);
	q_i64(&q, 3, credit);
	q_i64(&q, 4, row->total);
	q_str(&q, 5, row->event.currency);
	q_i64(&q, 6, c->seq);
	r = q_step(&q);
	q_end(&q);
	return r;
}

/* What is free moves no money: the journal alone tells of it. Only a sale that is made as it is paid
 * takes the first two postings. */
static int write_money(struct call *c, const struct making *m)
{
	const struct order_rec *row = &m->row;
	int first = m->from_hold ? 3 : 1;
	int64_t payment[] = {
	    row->id * ORDER_ROWS + 1, row->pay, row->total, payment_state_captured, c->now};
	int r;

	if (row->total == 0)
		return 0;
	r = q_run(c->db, SQL_payment_add, &c->err, 5, payment);
	if (r >= 0)
		r = post(c, row, first, account_receivable, account_sales);
	if (r >= 0)
		r = post(c, row, first + 1, account_cash, account_receivable);
	return r < 0 ? r : 0;
}

static int record(struct call *c, const char *topic, const struct order_rec *row, const char *code,
    bool later)
{
	char data[320];
	int r;

	snprintf(data, sizeof(data),
	    "{\"tickets\":%" PRId64 ",\"total\":%" PRId64
	    ",\"currency\":\"%s\",\"pay\":\"%s\",\"channel\":\"%s\"}",
	    row->tickets, row->total, row->event.currency,
	    enum_word(&enum_set_pay_kind, row->pay), row->channel);
	r = journal_append(c, topic, code, row->event.id, row->event.slug, data);
	return r < 0 || !later ? r : order_later_seq(c, row->id);
}

int order_record_paid(struct call *c, const struct order_rec *row)
{
	const char *code = order_code(c, row->id);

	return code ? record(c, "order.paid", row, code, true) : c->err.code;
}

static int show_ticket(
    struct call *c, const struct making *m, int64_t n, const struct sale_line *l, struct ticket *t)
{
	char *code = arena_alloc(c->arena, TICKET_CODE_SIZE);
	int r;

	if (!code)
		return call_no_memory(c);
	r = ticket_code_encode(&c->core->keys, (uint64_t)(m->row.id * ORDER_ROWS + n), 0, code);
	if (r < 0)
		return err_set(&c->err, r, NULL, "there are no more ticket codes");
	*t = (struct ticket){.n = n, .code = code, .state = ticket_state_valid};
	t->category = l->name;
	t->price = sale_money(&m->row.event, l->price);
	return 0;
}

/* The reply of a new order, from memory: what was written is known. */
static int show_made(struct call *c, const struct making *m, struct order *out)
{
	struct ticket *v = arena_array(c->arena, (size_t)m->row.tickets, sizeof(*v));
	int64_t n = 0;
	bool sold = m->row.state == order_state_paid;
	int r = order_fill(c, &m->row, sold ? m->row.total : 0, out);

	if (r == 0)
		r = v ? sale_show_lines(c, &m->sale, &out->line) : call_no_memory(c);
	for (int i = 0; r == 0 && sold && i < m->sale.nlines; i++) {
		struct sale_line line = m->sale.lines[i];

		line.name = ((struct line *)out->line.v)[i]
				.category; /* a copy that lives as long as the reply */
		for (int64_t k = 0; r == 0 && k < line.count; k++, n++)
			r = show_ticket(c, m, n + 1, &line, &v[n]);
	}
	out->tickets = (struct shape_list){v, (size_t)n};
	return r;
}

static int plan_hold(struct call *c, const struct order_create_in *in, struct making *m)
{
	int r;

	if (in->event || in->line.n > 0)
		return err_set(&c->err, TIX_EBAD_VALUE, in->event ? "event" : "line",
		    "a hold says already what is sold");
	r = order_rec_find(c, in->hold, "hold", &m->row, NULL);
	if (r == 0)
		r = hold_alive(c, &m->row, "hold", order_state_paid, "order.create");
	if (r == 0)
		r = sale_published(c, &m->row.event);
	if (r == 0)
		r = order_rec_lines(c, &m->row, true, &m->sale);
	m->from_hold = true;
	if (r < 0 || in->pay != pay_kind_comp)
		return r;
	for (int i = 0; i < m->sale.nlines; i++)
		m->sale.lines[i].price = 0;
	m->sale.total = 0;
	return 0;
}

static int plan(struct call *c, const struct order_create_in *in, struct making *m)
{
	int r;

	m->row = (struct order_rec){.created = c->now, .expires = TIME_NONE};
	m->from_hold = false;
	if (in->hold) {
		r = plan_hold(c, in, m);
	} else if (!in->event) {
		err_set(&c->err, TIX_EMISSING, "event", "name the event, or the hold that is sold");
		r = TIX_EMISSING;
	} else {
		r = sale_plan(c, in->event, &in->line, in->pay == pay_kind_comp, &m->sale);
		m->row.event = m->sale.event;
	}
	if (r < 0)
		return r;
	m->row.state = order_state_paid;
	m->row.expires = TIME_NONE;
	m->row.tickets = m->sale.tickets;
	m->row.total = m->sale.total;
	m->row.pay = in->pay;
	m->row.channel = in->channel ? in->channel : CHANNEL_DEFAULT;
	m->row.note = in->note;
	if (in->pay == pay_kind_bank && m->row.total > 0) {
		m->row.state = order_state_pending;
		return pending_deadline(c, m->row.event.slug, in->expires, &m->row.expires);
	}
	return in->expires ? err_set(&c->err, TIX_EBAD_VALUE, "expires",
				 "only a bank transfer has time until then")
			   : 0;
}

/* Seats of a pending order stay held. */
static int take(struct call *c, const struct making *m)
{
	bool sold = m->row.state == order_state_paid;

	if (m->from_hold)
		return sold ? sale_take(c, &m->sale, SALE_CONVERT) : 0;
	return sale_take(c, &m->sale, sold ? SALE_SELL : SALE_HOLD);
}

/* What a sale costs is owed until it is paid. */
static int write_pending(struct call *c, const struct making *m)
{
	struct money_rec money = {.captured = 0};
	int r = record(c, "order.placed", &m->row, m->code, m->from_hold);

	if (r == 0)
		r = money_move(c, &m->row, &money, &(struct money_rec){.captured = 0});
	hold_due_at(c, m->row.expires);
	return r < 0 ? r : money_credit(c, &m->row, -m->row.total);
}

static int write_rows(struct call *c, const struct order_create_in *in, struct making *m)
{
	int r = write_person(c, in, &m->row);

	if (r == 0)
		r = m->from_hold ? convert_order(c, &m->row) : order_write_row(c, &m->row);
	if (r == 0 && !m->from_hold)
		r = sale_write_lines(c, &m->sale, m->row.id);
	if (r == 0 && m->row.state == order_state_pending)
		return write_pending(c, m);
	if (r == 0)
		r = order_make_tickets(c, m->row.id, &m->sale);
	if (r == 0)
		r = record(c, "order.paid", &m->row, m->code, m->from_hold);
	return r < 0 ? r : write_money(c, m);
}

int order_create(struct call *c, const struct order_create_in *in, struct order *out)
{
	struct making m;
	int r = plan(c, in, &m);

	if (r == 0)
		r = take(c, &m);
	if (r < 0)
		return r;
	if (!m.from_hold)
		m.row.id = writer_next_id(c->writer, TABLE_order);
	c->subject = m.row.id;
	r = show_made(c, &m, out);
	m.code = out->code;
	return r < 0 ? r : write_rows(c, in, &m);
}
