/* SPDX-License-Identifier: MIT */
/* The laws of orders and money: sums of lines, tickets, payments and postings, and rows that belong
 * to nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/audit_law.h"
#include "core/money_rec.h"
#include "core/rows.h"
#include "model/states.h"

#define WRONG(a, o, ...)                                                                           \
	do {                                                                                       \
		char code_[32];                                                                    \
		audit_find(a, audit_severity_broken, audit_order(a, (o)->id, code_), __VA_ARGS__); \
	} while (0)

static void orphan(struct auditor *a, void *ctx, enum walk_kind kind, const struct walk_row *row)
{
	static const char *const names[WALK_KINDS] = {
	    "line", "ticket", "payment", "posting", "refund"};
	char code[32], subject[64];

	(void)ctx;
	snprintf(subject, sizeof(subject), "%s/%lld", audit_order(a, row->id / ORDER_ROWS, code),
	    (long long)(row->id % ORDER_ROWS));
	audit_find(a, audit_severity_broken, subject, "a %s without an order", names[kind]);
}

static bool known_state(int64_t state)
{
	return enum_word(&enum_set_order_state, (int)state) != NULL;
}

/* It was sold; it may have been cancelled since. */
static bool was_sold(const struct walk_order *o)
{
	return o->state == order_state_paid || o->state == order_state_cancelled;
}

/* Tickets that a line stands for: of its category and price, and not removed. */
static int64_t count_like(const struct walk_rows *tickets, const struct walk_row *line)
{
	int64_t n = 0;

	for (int i = 0; i < tickets->n; i++) {
		const struct walk_row *t = &tickets->v[i];

		n += t->v[0] == line->v[0] && t->v[1] == line->v[2] &&
		     t->v[3] != ticket_state_removed;
	}
	return n;
}

/* As many tickets as each line says. Their sums are checked apart. */
static void check_lines(struct auditor *a, const struct walk_order *o,
    const struct walk_rows *lines, const struct walk_rows *tickets)
{
	for (int i = 0; was_sold(o) && tickets->n > 0 && i < lines->n; i++) {
		const struct walk_row *l = &lines->v[i];
		int64_t n = count_like(tickets, l);

		if (n != l->v[1])
			WRONG(a, o, "%lld tickets in line %lld, %lld of its category and price",
			    (long long)l->v[1], (long long)(l->id % ORDER_ROWS), (long long)n);
	}
}

/* It was sold, or ordered: it is paid or to be paid in some way. A hold is not. */
static bool was_ordered(const struct walk_order *o)
{
	return was_sold(o) || o->state == order_state_pending ||
	       (o->state == order_state_expired && o->pay != 0);
}

static void check_tickets(
    struct auditor *a, const struct walk_order *o, const struct walk_rows *tickets, int64_t count)
{
	int64_t sum = 0, n = 0;

	if (!was_sold(o)) {
		if (tickets->n > 0 && o->state != order_state_held)
			WRONG(a, o, "not sold, but it has %d tickets", tickets->n);
		return;
	}
	/* cancelled before its money came, it never had any */
	if (tickets->n == 0 && o->state == order_state_cancelled && o->pay == pay_kind_bank)
		return;
	for (int i = 0; i < tickets->n; i++) {
		bool part = tickets->v[i].v[3] != ticket_state_removed;

		n += part;
		if (__builtin_add_overflow(sum, part ? tickets->v[i].v[1] : 0, &sum))
			sum = INT64_MIN;
		if (!enum_word(&enum_set_ticket_state, (int)tickets->v[i].v[3]))
			WRONG(a, o, "ticket %lld is in no known state",
			    (long long)(tickets->v[i].id % ORDER_ROWS));
		if (o->state == order_state_cancelled && tickets->v[i].v[3] == ticket_state_valid)
			WRONG(a, o, "cancelled, but ticket %lld is valid",
			    (long long)(tickets->v[i].id % ORDER_ROWS));
	}
	if (n != count)
		WRONG(
		    a, o, "%lld tickets in its lines, %lld there", (long long)count, (long long)n);
	if (sum != o->total)
		WRONG(a, o, "total is %lld, its tickets are %lld", (long long)o->total,
		    (long long)sum);
}

static int check_order(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *lines = &rows[WALK_LINE];
	int64_t sum = 0, count = 0;

	(void)ctx;
	for (int i = 0; i < lines->n; i++) {
		int64_t part;

		if (__builtin_mul_overflow(lines->v[i].v[1], lines->v[i].v[2], &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			sum = INT64_MIN;
		count += lines->v[i].v[1];
	}
	if (!known_state(o->state))
		WRONG(a, o, "in no known state");
	if (lines->n == 0)
		WRONG(a, o, "without a line");
	if (sum != o->total)
		WRONG(
		    a, o, "total is %lld, its lines are %lld", (long long)o->total, (long long)sum);
	if (count != o->tickets)
		WRONG(a, o, "%lld tickets, its lines have %lld", (long long)o->tickets,
		    (long long)count);
	if (was_ordered(o) && !enum_word(&enum_set_pay_kind, (int)o->pay))
		WRONG(a, o, "sold, but not paid in a known way");
	if (o->state == order_state_pending && o->pay != pay_kind_bank)
		WRONG(a, o, "it awaits payment, but by no transfer");
	if (o->pay == pay_kind_comp && o->total != 0)
		WRONG(a, o, "complimentary, but it costs %lld", (long long)o->total);
	check_tickets(a, o, &rows[WALK_TICKET], count);
	check_lines(a, o, lines, &rows[WALK_TICKET]);
	return 0;
}

const struct audit_pass pass_orders = {
    .kinds = 1 << WALK_LINE | 1 << WALK_TICKET,
    .order = check_order,
    .orphan = orphan,
};

static int64_t captured(const struct walk_rows *payments)
{
	int64_t sum = 0;

	for (int i = 0; i < payments->n; i++) {
		if (payments->v[i].v[2] == payment_state_captured &&
		    __builtin_add_overflow(sum, payments->v[i].v[1], &sum))
			return INT64_MIN;
	}
	return sum;
}

/* Refunds of a state; 0 is all that count, for one that was withdrawn does not. */
static int64_t sum_of(const struct walk_rows *rows, int column, int64_t state)
{
	int64_t sum = 0;

	for (int i = 0; i < rows->n; i++) {
		int64_t is = rows->v[i].v[2];

		if ((state == 0 ? is != refund_state_withdrawn : is == state) &&
		    __builtin_add_overflow(sum, rows->v[i].v[column], &sum))
			return INT64_MIN;
	}
	return sum;
}

/* Refunds, pending ones included, are what the counters say and no more than what came in. */
static void check_refunds(
    struct auditor *a, const struct walk_order *o, const struct walk_rows *refunds, int64_t came)
{
	int64_t given = sum_of(refunds, 1, 0);

	if (given > came)
		WRONG(a, o, "%lld refunded, %lld captured", (long long)given, (long long)came);
	if (given != o->refunded)
		WRONG(a, o, "%lld refunded by its rows, %lld by its counter", (long long)given,
		    (long long)o->refunded);
	if (o->captured >= 0 && o->captured != came)
		WRONG(a, o, "%lld captured, %lld by its counter", (long long)came,
		    (long long)o->captured);
	if (o->credited < 0 || o->credited > o->total)
		WRONG(a, o, "its total is %lld, credited are %lld", (long long)o->total,
		    (long long)o->credited);
	if (o->state == order_state_expired && was_ordered(o) && o->credited != o->total)
		WRONG(a, o, "over, but of %lld only %lld are credited", (long long)o->total,
		    (long long)o->credited);
	if (o->state != order_state_cancelled && o->state != order_state_expired &&
	    sum_of(refunds, 3, 0) != o->credited)
		WRONG(a, o, "credited are %lld, by its refunds %lld", (long long)o->credited,
		    (long long)sum_of(refunds, 3, 0));
}

/* The word is the one that its rows make; who has no counters paid what it costs. */
static void check_word(struct auditor *a, const struct walk_order *o, int64_t came, int64_t given)
{
	const struct order_rec row = {
	    .state = (int)o->state, .pay = (int)o->pay, .total = o->total};
	const struct money_rec m = {.captured = came, .refunded = given, .credited = o->credited};
	int word = money_word(&row, &m);

	if (o->captured >= 0 && o->word != word)
		WRONG(a, o, "listed as %s, its money is %s",
		    state_word(&enum_set_money_word, (int)o->word),
		    state_word(&enum_set_money_word, word));
	else if (o->captured < 0 && word != money_word_paid)
		WRONG(
		    a, o, "total is %lld, captured are %lld", (long long)o->total, (long long)came);
}

static int check_payments(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *payments = &rows[WALK_PAYMENT];
	int64_t sum = captured(payments);

	(void)ctx;
	check_refunds(a, o, &rows[WALK_REFUND], sum);
	if (!was_ordered(o)) {
		if (payments->n > 0)
			WRONG(a, o, "not sold, but it has %d payments", payments->n);
		return 0;
	}
	if (o->pay == pay_kind_comp && payments->n > 0)
		WRONG(a, o, "complimentary, but it has %d payments", payments->n);
	for (int i = 0; i < payments->n; i++) {
		if (!enum_word(&enum_set_payment_kind, (int)payments->v[i].v[0]))
			WRONG(a, o, "payment %lld came in no known way",
			    (long long)(payments->v[i].id % ORDER_ROWS));
	}
	check_word(a, o, sum, sum_of(&rows[WALK_REFUND], 1, 0));
	return 0;
}

const struct audit_pass pass_payments = {
    .kinds = 1 << WALK_PAYMENT | 1 << WALK_REFUND,
    .order = check_payments,
    .orphan = orphan,
};

struct ledger {
	struct event_currency {
		int64_t event;
		char currency[4];
	} * events;
	size_t n, last;
	int64_t head; /* newest record of the journal */
};

static const char *currency_of(struct ledger *l, int64_t event)
{
	size_t low = 0, high = l->n;

	if (l->last < l->n && l->events[l->last].event == event)
		return l->events[l->last].currency;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->events[mid].event < event)
			low = mid + 1;
		else
			high = mid;
	}
	l->last = low;
	return low < l->n && l->events[low].event == event ? l->events[low].currency : "";
}

static int load_ledger(struct auditor *a, struct ledger *l)
{
	size_t cap = 0;
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_event_currencies, &a->c->err);
	while ((r = q_step(&q)) == 1) {
		if (l->n == cap) {
			struct event_currency *more =
			    reallocarray(l->events, cap ? 2 * cap : 256, sizeof(*more));

			if (!more) {
				r = row_no_memory(a->c);
				break;
			}
			cap = cap ? 2 * cap : 256;
			l->events = more;
		}
		l->events[l->n].event = q_col(&q, 0);
		snprintf(l->events[l->n++].currency, 4, "%.3s", q_text(&q, 1));
	}
	q_end(&q);
	if (r < 0)
		return r;
	q_start(&q, a->c->db, SQL_journal_head, &a->c->err);
	r = q_step(&q);
	if (r == 1)
		l->head = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int64_t balance(const struct walk_rows *postings, int64_t account)
{
	int64_t sum = 0;

	for (int i = 0; i < postings->n; i++) {
		const struct walk_row *p = &postings->v[i];

		sum = (int64_t)((uint64_t)sum + (p->v[0] == account ? (uint64_t)p->v[2] : 0) -
				(p->v[1] == account ? (uint64_t)p->v[2] : 0));
	}
	return sum;
}

static void check_posting(
    struct auditor *a, struct ledger *l, const struct walk_order *o, const struct walk_row *p)
{
	const char *currency = currency_of(l, o->event);

	if (strcmp(currency, p->currency) != 0)
		WRONG(a, o, "a posting in %s, the event is in %s", p->currency, currency);
	if (!enum_word(&enum_set_account, (int)p->v[0]) ||
	    !enum_word(&enum_set_account, (int)p->v[1]))
		WRONG(a, o, "a posting of an account that there is not");
	if (p->v[3] < 1 || p->v[3] > l->head)
		WRONG(a, o, "a posting of record %lld, which there is not", (long long)p->v[3]);
}

/* What is in the till, or in the bank, of an order: what came in that way less what went out. */
static int64_t money_in(
    const struct walk_rows *payments, const struct walk_rows *refunds, int in_kind, int out_kind)
{
	int64_t sum = 0;

	for (int i = 0; i < payments->n; i++) {
		if (payments->v[i].v[0] == in_kind && payments->v[i].v[2] == payment_state_captured)
			sum = (int64_t)((uint64_t)sum + (uint64_t)payments->v[i].v[1]);
	}
	for (int i = 0; i < refunds->n; i++) {
		if (refunds->v[i].v[0] == out_kind && refunds->v[i].v[2] == refund_state_done)
			sum = (int64_t)((uint64_t)sum - (uint64_t)refunds->v[i].v[1]);
	}
	return sum;
}

/* What each account must come to, by the order's other rows. */
static void check_accounts(
    struct auditor *a, const struct walk_order *o, const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *postings = &rows[WALK_POSTING], *refunds = &rows[WALK_REFUND];
	const struct walk_rows *payments = &rows[WALK_PAYMENT];
	int64_t came = captured(payments), owed = o->total - o->credited;
	int64_t given = sum_of(refunds, 1, refund_state_done);
	int64_t pending = sum_of(refunds, 1, refund_state_pending);
	const struct {
		const char *what;
		int64_t is, should;
	} accounts[] = {
	    {"sales", -balance(postings, account_sales), owed},
	    {"receivable", balance(postings, account_receivable), owed - came + given + pending},
	    {"cash", balance(postings, account_cash),
		money_in(payments, refunds, payment_kind_cash, refund_kind_cash)},
	    {"bank", balance(postings, account_bank),
		money_in(payments, refunds, payment_kind_bank, refund_kind_bank)},
	    {"refunds payable", -balance(postings, account_refunds_payable), pending},
	};

	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		if (accounts[i].is != accounts[i].should)
			WRONG(a, o, "%s by the ledger are %lld, by its rows %lld", accounts[i].what,
			    (long long)accounts[i].is, (long long)accounts[i].should);
	}
}

static int check_ledger(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct walk_rows *postings = &rows[WALK_POSTING];

	if (!was_ordered(o) || o->pay == pay_kind_comp) {
		if (postings->n > 0)
			WRONG(a, o, "%s, but it has %d postings",
			    was_ordered(o) ? "complimentary" : "not sold", postings->n);
		return 0;
	}
	for (int i = 0; i < postings->n; i++)
		check_posting(a, ctx, o, &postings->v[i]);
	check_accounts(a, o, rows);
	return 0;
}

/* Payments without an order are the business of another law. */
static void ledger_orphan(
    struct auditor *a, void *ctx, enum walk_kind kind, const struct walk_row *row)
{
	if (kind == WALK_POSTING)
		orphan(a, ctx, kind, row);
}

static int begin_ledger(struct auditor *a, void **ret_ctx)
{
	struct ledger *l = calloc(1, sizeof(*l));

	*ret_ctx = l;
	return l ? load_ledger(a, l) : row_no_memory(a->c);
}

static void done_ledger(void *ctx)
{
	struct ledger *l = ctx;

	if (l)
		free(l->events);
	free(l);
}

const struct audit_pass pass_ledger = {
    .kinds = 1 << WALK_PAYMENT | 1 << WALK_POSTING | 1 << WALK_REFUND,
    .begin = begin_ledger,
    .order = check_ledger,
    .orphan = ledger_orphan,
    .done = done_ledger,
};
