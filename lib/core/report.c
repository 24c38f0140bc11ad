/* SPDX-License-Identifier: MIT */
/* Closing a day. What moved is read from the postings of that day: those of sales that were paid as
 * they were made by the orders of that day, all others by an index. What is owed at its end is what
 * is owed now, less what moved since, so that the past need not be added up. */
#include "core/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/guess.h"
#include "core/odd.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/page.h"
#include "core/rows.h"
#include "core/scope.h"

#define CURRENCIES_MAX 200

/* What each kind of posting is called; the balances have one account. */
static const struct what {
	int what, debit, credit;
} whats[] = {
    {close_what_receivable_before, account_receivable, 0},
    {close_what_payable_before, account_refunds_payable, 0},
    {close_what_sold, account_receivable, account_sales},
    {close_what_taken_back, account_sales, account_receivable},
    {close_what_paid_cash, account_cash, account_receivable},
    {close_what_paid_bank, account_bank, account_receivable},
    {close_what_refunds_decided, account_receivable, account_refunds_payable},
    {close_what_refunds_withdrawn, account_refunds_payable, account_receivable},
    {close_what_refunded_cash, account_refunds_payable, account_cash},
    {close_what_refunded_bank, account_refunds_payable, account_bank},
    {close_what_receivable, account_receivable, 0},
    {close_what_payable, account_refunds_payable, 0},
};
#define WHATS ARRAY_LEN(whats)

/* The sums of a currency. */
struct sums {
	char currency[4];
	int64_t amount[WHATS], count[WHATS];
};

struct close {
	struct scope scope;
	int64_t from, to;	    /* the day */
	int64_t first, end;	    /* orders made in it: end is the first after */
	int64_t seq_first, seq_end; /* records of it */
	struct sums *v;		    /* by currency, room for CURRENCIES_MAX */
	size_t n;
};

static int plan_scope(struct call *c, const struct report_close_in *in, struct close *k,
    struct event_ref *event)
{
	struct organizer_row row;
	int r = scope_of(c, &k->scope);

	if (r == 0 && in->event)
		r = call_event(c, in->event, event);
	if (r == 0 && in->event)
		k->scope.event = event->id;
	if (r < 0 || !in->organizer)
		return r;
	r = organizer_row_find(c, in->organizer, &row);
	if (r == 0 || (r == 1 && k->scope.organizer && k->scope.organizer != row.id))
		return guess_organizer(c, "organizer", in->organizer);
	k->scope.organizer = r == 1 ? row.id : 0;
	return r < 0 ? r : 0;
}

static int plan(struct call *c, const struct report_close_in *in, struct close *k)
{
	struct event_ref event;
	const struct event_ref *zone = in->event ? &event : NULL;
	int r = plan_scope(c, in, k, &event);

	if (r == 0)
		r = call_when(c, zone, in->day, false, "day", &k->from);
	if (r == 0)
		r = call_when(c, zone, in->day, true, "day", &k->to);
	if (r == 0 && k->to <= k->from)
		r = err_set(&c->err, TIX_EBAD_VALUE, "day",
		    "this is a time: a day is like 2026-06-13, today or yesterday");
	if (r == 0)
		r = order_made_from(c, k->from, &k->first);
	if (r == 0)
		r = order_made_from(c, k->to, &k->end);
	if (r == 0)
		r = order_log_from(c, k->from, &k->seq_first);
	if (r == 0)
		r = order_log_from(c, k->to, &k->seq_end);
	k->v = arena_array(c->arena, CURRENCIES_MAX, sizeof(*k->v));
	return r == 0 && !k->v ? call_no_memory(c) : r;
}

/* The sums of a currency, in the order of their names; NULL when there are too many. */
static struct sums *sums_of(struct close *k, const char *currency)
{
	size_t at = 0;

	while (at < k->n && strncmp(k->v[at].currency, currency, 3) < 0)
		at++;
	if (at < k->n && strncmp(k->v[at].currency, currency, 3) == 0)
		return &k->v[at];
	if (k->n == CURRENCIES_MAX)
		return NULL;
	memmove(&k->v[at + 1], &k->v[at], (k->n++ - at) * sizeof(*k->v));
	k->v[at] = (struct sums){.count = {0}};
	strncpy(k->v[at].currency, currency, 3);
	return &k->v[at];
}

/* Adds to an amount of a currency, or with an amount below 0 takes from it. */
static int add(struct call *c, struct close *k, const char *currency, int what, int64_t amount,
    int64_t count)
{
	struct sums *s = sums_of(k, currency);
	size_t i = 0;

	while (i < WHATS && whats[i].what != what)
		i++;
	if (!s || i == WHATS)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "the ledger is odd: run tix audit");
	s->count[i] += count;
	if (__builtin_add_overflow(s->amount[i], amount, &s->amount[i]))
		return err_set(&c->err, TIX_ELIMIT, NULL, "more money than can be counted");
	return 0;
}

static int what_of(int debit, int credit)
{
	for (size_t i = 0; i < WHATS; i++) {
		if (whats[i].debit == debit && whats[i].credit == credit)
			return whats[i].what;
	}
	return 0;
}

/* Postings of a day into its lines; postings since then (later) are taken from the balances. */
static int add_postings(struct call *c, struct close *k, enum sql_id sql, int64_t from, int64_t to,
    bool later)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, k->scope.event);
	q_i64(&q, 2, k->scope.organizer);
	q_i64(&q, 3, from);
	q_i64(&q, 4, to);
	while ((r = q_step(&q)) == 1) {
		int debit = (int)q_col(&q, 1), credit = (int)q_col(&q, 2);
		int64_t amount = q_col(&q, 4);
		const char *currency = q_text(&q, 0);
		int64_t owed = (debit == account_receivable) - (credit == account_receivable);
		int64_t due =
		    (credit == account_refunds_payable) - (debit == account_refunds_payable);

		r = 0;
		if (!later)
			r = add(c, k, currency, what_of(debit, credit), amount, q_col(&q, 3));
		if (r == 0)
			r = add(c, k, currency,
			    later ? close_what_receivable : close_what_receivable_before,
			    -owed * amount, 0);
		if (r == 0)
			r = add(c, k, currency,
			    later ? close_what_payable : close_what_payable_before, -due * amount,
			    0);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

static int add_now(struct call *c, struct close *k, enum sql_id sql, int what)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, k->scope.event);
	q_i64(&q, 2, k->scope.organizer);
	while ((r = q_step(&q)) == 1) {
		r = add(c, k, q_text(&q, 0), what, q_col(&q, 1), 0);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

/* What is owed now, less what moved after the day is the end of it; less what moved in it, too, is
 * its beginning. */
static int add_up(struct call *c, struct close *k)
{
	int r = add_now(c, k, SQL_close_owed, close_what_receivable);

	if (r == 0)
		r = add_now(c, k, SQL_close_payable, close_what_payable);
	if (r == 0)
		r = add_postings(c, k, SQL_close_later, k->seq_end, INT64_MAX, true);
	if (r == 0)
		r = add_postings(c, k, SQL_close_sales, k->first, k->end, false);
	if (r == 0)
		r = add_postings(c, k, SQL_close_later, k->seq_first, k->seq_end, false);
	for (size_t i = 0; r == 0 && i < k->n; i++) {
		struct sums *s = &k->v[i];
		int64_t owed = s->amount[WHATS - 2], due = s->amount[WHATS - 1];

		r = add(c, k, s->currency, close_what_receivable_before, owed, 0);
		if (r == 0)
			r = add(c, k, s->currency, close_what_payable_before, due, 0);
	}
	return r;
}

static int show(struct call *c, const struct close *k, int64_t skip, int limit,
    struct report_close *out)
{
	struct close_line *v = arena_array(c->arena, (size_t)limit, sizeof(*v));
	size_t n = 0;

	if (!v)
		return call_no_memory(c);
	for (size_t at = (size_t)skip; at < k->n * WHATS && n < (size_t)limit; at++) {
		const struct sums *s = &k->v[at / WHATS];
		size_t i = at % WHATS;
		struct close_line *l = &v[n++];

		*l = (struct close_line){.what = whats[i].what,
		    .debit = whats[i].debit,
		    .credit = whats[i].credit,
		    .count = whats[i].credit ? s->count[i] : TIME_NONE};
		l->amount.amount = s->amount[i];
		memcpy(l->amount.currency, s->currency, sizeof(l->amount.currency));
	}
	out->items = (struct shape_list){v, n};
	return (size_t)skip + n < k->n * WHATS;
}

int report_close(struct call *c, const struct report_close_in *in, struct report_close *out)
{
	struct page_key key = {{0, 0}, NULL};
	struct page_filter f;
	struct close k = {.n = 0};
	int limit = page_limit(in, report_close_in), r = plan(c, in, &k);

	page_filter_init(&f, "report.close");
	page_filter_i64(&f, k.from);
	page_filter_i64(&f, k.scope.event);
	page_filter_i64(&f, k.scope.organizer);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r >= 0)
		r = add_up(c, &k);
	if (r < 0)
		return r;
	ODD_TELL(c, out, report_close);
	out->from = k.from;
	out->to = k.to;
	r = show(c, &k, key.n[0] < 0 ? 0 : key.n[0], limit, out);
	if (r == 1) {
		key.n[0] += limit;
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}
