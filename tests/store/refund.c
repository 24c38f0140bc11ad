/* SPDX-License-Identifier: MIT */
/* Cancelling and refunding: sums, guards, every other state refused, and many random operations
 * against a plain model, with the audit as the judge. */
#include "tests/tap.h"
#include "tests/store/desk.h"
#include "model/states.h"

static struct desk d;

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[400];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.250s}", field, value, more);
	return desk(&d, method, params);
}

/* A new order of n tickets at 45.00; its code. */
static const char *sell(int n, const char *pay, char code[32])
{
	char params[200];

	snprintf(params, sizeof(params),
	    "{'event':'gig','line':[{'category':'ga','count':%d}],'pay':'%.10s'}", n, pay);
	is_int(desk(&d, "order.create", params), 0, "an order");
	snprintf(code, 32, "%s", desk_text(&d, "code"));
	return code;
}

static void order_is(const char *code, const char *state, int64_t paid, int64_t balance)
{
	on("order.show", "code", code, "");
	is_str(desk_text(&d, "state"), state, "state");
	is_int(desk_int(&d, "paid.amount"), paid, "paid");
	is_int(desk_int(&d, "balance.amount"), balance, "balance");
}

static int64_t sold(void)
{
	desk(&d, "quota.show", "{'event':'gig','name':'ga'}");
	return desk_int(&d, "sold");
}

static void set_up(void)
{
	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'45','size':20000}"),
	    0, "category");
	is_int(desk(&d, "event.publish", "{'event':'gig'}"), 0, "published");
}

/* The sums of a refund by ticket, the same when tried and when done. */
static void test_ticket(void)
{
	static const char more[] = ",'keep_fee':'5.00','void_ticket':true,'reason':'illness'";
	char code[32], ticket[40], refund[40];
	int64_t before;

	snprintf(ticket, sizeof(ticket), "%s/2", sell(2, "cash", code));
	before = sold();
	is_int(on("refund.create", "code", ticket, ",'amount':'45.01'"), TIX_ELIMIT,
	    "no more than it cost");
	for (int trial = 1; trial >= 0; trial--) {
		char all[120];

		snprintf(all, sizeof(all), "%s,'dry_run':%s", more, trial ? "true" : "false");
		is_int(on("refund.create", "code", ticket, all), 0, "a ticket's money goes back");
		is_int(desk_int(&d, "captured.amount"), 9000, "captured");
		is_int(desk_int(&d, "refunded_before.amount"), 0, "refunded before");
		is_int(desk_int(&d, "amount.amount"), 4000, "but for a fee");
		is_int(desk_int(&d, "fee.amount"), 500, "fee kept");
		is_int(desk_int(&d, "keeps.amount"), 5000, "the order keeps");
		is_int(desk_int(&d, "seats"), 1, "one seat is back");
		is_str(desk_text(&d, "state"), "pending", "pending");
	}
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(sold(), before - 1, "its seat is free");
	order_is(code, "paid", 5000, 0);
	is_int(on("refund.create", "code", ticket, ""), TIX_ELIMIT, "not twice");
	desk_clean(&d, "with a pending refund");
	is_int(desk(&d, "refund.list", "{'event':'gig','state':['pending']}"), 0, "the list");
	is_int(desk_count(&d, "items"), 1, "of finance has it");
	is_int(on("refund.confirm", "refund", refund, ""), 0, "it is paid out");
	is_str(desk_text(&d, "state"), "done", "done");
	is_int(on("refund.confirm", "refund", refund, ""), TIX_EWRONG_STATE, "not twice");
	ok(strstr(d.err.message, "is done"), "both states are named: %s", d.err.message);
	is_int(desk(&d, "refund.list", "{'state':['pending']}"), 0, "the list");
	is_int(desk_count(&d, "items"), 0, "is empty");
	is_int(on("refund.show", "refund", refund, ""), 0, "it can be seen");
	is_int(on("refund.show", "refund", code, ""), TIX_EBAD_VALUE, "an order is no refund");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_str(desk_text(&d, "money.1.what"), "refund /r1", "with the refund");
	is_int(desk_int(&d, "balance.amount"), 0, "and nothing left");
	desk_clean(&d, "with a refund paid out");
}

/* A decision is taken back: the money is there again, the voided ticket is not. */
static void test_withdraw(void)
{
	char code[32], ticket[40], refund[40];
	int64_t before;

	snprintf(ticket, sizeof(ticket), "%s/2", sell(2, "cash", code));
	before = sold();
	is_int(on("refund.create", "code", ticket, ",'keep_fee':'5','void_ticket':true"), 0, "40");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	order_is(code, "paid", 5000, 0);
	is_int(on("refund.withdraw", "refund", refund, ",'dry_run':true"), 0, "tried");
	is_int(on("refund.withdraw", "refund", refund, ",'reason':'wrong order'"), 0, "withdrawn");
	is_str(desk_text(&d, "state"), "withdrawn", "it is");
	is_int(desk_int(&d, "keeps.amount"), 9000, "the order keeps all");
	order_is(code, "paid", 9000, 0);
	is_str(desk_text(&d, "tickets.1.state"), "void", "its ticket stays void");
	is_int(sold(), before - 1, "and its seat free");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_str(desk_text(&d, "money.1.why"), "cash, withdrawn", "as withdrawn");
	is_int(desk_int(&d, "money.1.amount.amount"), 0, "of nothing");
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.2.topic"), "refund.withdrawn", "has it");
	is_str(desk_text(&d, "items.2.reason"), "wrong order", "and why");
	desk_clean(&d, "withdrawn");
	is_int(on("refund.withdraw", "refund", refund, ""), TIX_EWRONG_STATE, "not twice");
	is_int(on("refund.confirm", "refund", refund, ""), TIX_EWRONG_STATE, "nor paid out");
	is_int(desk(&d, "refund.list", "{'event':'gig','state':['pending']}"), 0, "the list");
	is_int(desk_count(&d, "items"), 0, "of finance has it no more");
	is_int(on("refund.create", "code", ticket, ""), 0, "the same ticket again");
	is_int(desk_int(&d, "refunded_before.amount"), 0, "nothing was refunded before");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.create", "code", ticket, ""), TIX_ELIMIT, "once");
	is_int(on("order.cancel", "code", code, ",'keep_fee':'10'"), 0, "cancelled for a fee");
	order_is(code, "cancelled", 4500, 3500);
	is_int(on("refund.withdraw", "refund", refund, ""), 0, "withdrawn afterwards");
	order_is(code, "cancelled", 9000, 8000);
	is_int(on("refund.create", "code", code, ""), 0, "all but the fee goes back");
	is_int(desk_int(&d, "amount.amount"), 8000, "at once");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.confirm", "refund", refund, ""), 0, "paid out");
	is_int(on("refund.withdraw", "refund", refund, ""), TIX_EWRONG_STATE, "too late");
	ok(strstr(d.err.message, "is done"), "which it says: %s", d.err.message);
	desk_clean(&d, "withdrawn after a cancellation");
}

/* A fee that was kept twice is not given back below nothing. */
static void test_withdraw_order(void)
{
	char code[32], first[40], second[40];

	sell(1, "cash", code);
	is_int(on("order.cancel", "code", code, ",'keep_fee':'10'"), 0, "10 of 45 are kept");
	is_int(on("refund.create", "code", code, ",'amount':'45'"), 0, "the fee, too, goes back");
	snprintf(first, sizeof(first), "%s", desk_text(&d, "refund"));
	order_is(code, "cancelled", 0, 0);
	is_int(on("refund.withdraw", "refund", first, ""), 0, "withdrawn");
	order_is(code, "cancelled", 4500, 3500);
	is_int(on("refund.create", "code", code, ",'keep_fee':'5'"), 0, "another fee");
	snprintf(second, sizeof(second), "%s", desk_text(&d, "refund"));
	is_int(on("refund.create", "code", code, ",'amount':'15'"), 0, "all fees go back");
	is_int(on("refund.withdraw", "refund", second, ""), TIX_ELIMIT, "that one counts on it");
	ok(strstr(d.err.hint, "later"), "which it says: %s", d.err.hint);
	desk_as(&d, "nobody", NULL);
	is_int(on("refund.withdraw", "refund", second, ""), TIX_ENOT_FOUND, "not another's");
	desk_as(&d, NULL, NULL);
	desk_clean(&d, "in order");
}

/* Decided and taken back as often as there is room for, the order can still end. */
static void test_withdraw_often(void)
{
	char code[32], refund[40];
	int n = 0, r = 0;

	sell(1, "cash", code);
	while (r == 0 && n < 1024) {
		r = on("refund.create", "code", code, ",'amount':'1'");
		if (r == 0) {
			n++;
			snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
			r = on("refund.withdraw", "refund", refund, "");
		}
	}
	is_int(r, TIX_ELIMIT, "at last there is no room");
	ok(n > 200 && n < 300, "after %d times four postings", n);
	order_is(code, "paid", 4500, 0);
	is_int(on("order.cancel", "code", code, ""), 0, "it is cancelled");
	is_int(on("refund.create", "code", code, ""), 0, "and its money decided");
	snprintf(refund, sizeof(refund), "%s", desk_text(&d, "refund"));
	is_int(on("refund.confirm", "refund", refund, ""), 0, "and paid out");
	desk_clean(&d, "withdrawn often");
}

/* However many wait to be paid out, each can be taken back, and the order end. */
static void test_withdraw_many(void)
{
	char code[32], refund[60];
	int n = 0, done = 0;

	sell(1, "cash", code);
	while (n < 1024 && on("refund.create", "code", code, ",'amount':'0.01'") == 0)
		n++;
	ok(n > 200, "%d wait", n);
	for (int i = 1; i <= n; i++) {
		snprintf(refund, sizeof(refund), "%.32s/r%d", code, i);
		done += on("refund.withdraw", "refund", refund, "") == 0;
	}
	is_int(done, n, "all are taken back");
	order_is(code, "paid", 4500, 0);
	is_int(on("order.cancel", "code", code, ""), 0, "it is cancelled");
	is_int(on("refund.create", "code", code, ""), 0, "and its money decided");
	desk_clean(&d, "many withdrawn");
}

/* What is paid out in cash leaves the till, and else the bank. */
static void test_accounts(const char *code)
{
	char refund[40];

	for (int i = 1; i <= 2; i++) {
		snprintf(refund, sizeof(refund), "%.32s/r%d", code, i);
		is_int(on("refund.confirm", "refund", refund, ""), 0, "paid out");
		is_str(desk_text(&d, "kind"), i == 1 ? "cash" : "bank", "in its way");
	}
	desk_clean(&d, "with money paid out in both ways");
}

/* Two refunds together of more than was captured: the second is refused, pending counts. */
static void test_too_much(void)
{
	char code[32];

	sell(2, "cash", code);
	is_int(on("refund.create", "code", code, ",'amount':'60'"), 0, "60 of 90");
	is_int(on("refund.create", "code", code, ",'amount':'30.01'"), TIX_ELIMIT, "31 more");
	is_int(on("refund.create", "code", code, ",'amount':'0'"), TIX_EBAD_VALUE, "nothing");
	is_int(on("refund.create", "code", code, ",'amount':'5','keep_fee':'1'"), TIX_EBAD_VALUE,
	    "an amount with a fee");
	is_int(on("refund.create", "code", code, ",'void_ticket':true"), TIX_EBAD_VALUE,
	    "a void of no ticket");
	is_int(on("refund.create", "code", code, ",'kind':'bank'"), 0, "all the rest");
	is_int(desk_int(&d, "amount.amount"), 3000, "is 30");
	test_accounts(code);
	is_int(on("refund.create", "code", code, ""), TIX_ELIMIT, "then nothing is left");
	order_is(code, "paid", 0, 0);
	sell(1, "comp", code);
	is_int(on("refund.create", "code", code, ""), TIX_ELIMIT, "what was free");
	desk_clean(&d, "after refunds by amount");
}

/* The tables of money and of what happened refuse to be changed; a reason may be blanked. */
static void test_append_only(void)
{
	static const char *const refused[] = {"update posting set amount = 1",
	    "delete from posting", "update journal set data = '{}'", "delete from journal"};
	struct db *db = NULL;
	struct err err;

	is_int(db_open(d.core.store_url, DB_WRITER, false, &db, &err), 0, "opened aside");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		ok(db_exec(db, refused[i], &err) < 0, "refused: %s", refused[i]);
	is_int(db_exec(db, "update journal set reason = null where reason = 'illness'", &err), 0,
	    "a reason is blanked");
	db_close(db);
	desk_clean(&d, "after attempts to change the past");
}

static void test_cancel(void)
{
	char code[32], ticket[40];
	int64_t before = sold();

	sell(3, "cash", code);
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("ticket.void", "ticket", ticket, ""), 0, "one ticket is void");
	is_int(on("order.cancel", "code", ticket, ""), TIX_EBAD_VALUE, "a ticket is no order");
	is_int(
	    on("order.cancel", "code", code, ",'keep_fee':'135.01'"), TIX_ELIMIT, "a fee too big");
	is_int(on("order.cancel", "code", code, ",'keep_fee':'10'"), 0, "cancelled");
	is_int(sold(), before, "all seats are back, once");
	order_is(code, "cancelled", 13500, 12500);
	is_str(desk_text(&d, "tickets.2.state"), "void", "its tickets are void");
	is_int(on("order.cancel", "code", code, ""), TIX_EWRONG_STATE, "not twice");
	ok(strstr(d.err.message, "is cancelled") && strstr(d.err.message, "make it cancelled"),
	    "both states are named: %s", d.err.message);
	desk_clean(&d, "cancelled, the money still there");
	is_int(on("refund.create", "code", code, ""), 0, "its money goes back");
	is_int(desk_int(&d, "amount.amount"), 12500, "but for the fee");
	order_is(code, "cancelled", 1000, 0);
	is_int(on("refund.create", "code", code, ",'amount':'10'"), 0, "then the fee too");
	order_is(code, "cancelled", 0, 0);
	is_int(on("refund.create", "code", code, ",'amount':'0.01'"), TIX_ELIMIT, "no more");
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.2.topic"), "order.cancelled", "knows it");
	sell(2, "cash", code);
	is_int(on("order.cancel", "code", code, ""), 0, "without a fee");
	is_int(on("refund.create", "code", code, ",'keep_fee':'2.50'"), 0, "the fee at the refund");
	order_is(code, "cancelled", 250, 0);
	sell(2, "cash", code);
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("order.cancel", "code", code, ",'keep_fee':'90'"), 0, "all is kept");
	is_int(on("refund.create", "code", ticket, ",'keep_fee':'30'"), 0,
	    "then the money of a ticket goes back but for a part");
	order_is(code, "cancelled", 7500, 0);
	sell(1, "comp", code);
	is_int(on("order.cancel", "code", code, ""), 0, "what was free can be cancelled");
	desk_clean(&d, "after cancellations");
}

/* Money that was taken in is of one currency for good, also when all orders are cancelled. */
static void test_currency(void)
{
	char code[32];

	desk(&d, "event.create",
	    "{'event':'once','name':'Once','start':'2026-06-13','currency':'EUR'}");
	desk(&d, "category.create", "{'event':'once','name':'ga','price':'9','size':2}");
	desk(&d, "event.publish", "{'event':'once'}");
	desk(&d, "hold.create",
	    "{'event':'once','line':[{'category':'ga','count':1}],'expires':'+1m'}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("hold.release", "hold", code, ""), 0, "only held");
	is_int(desk(&d, "event.set", "{'event':'once','currency':'USD'}"), 0, "it may change");
	desk(&d, "order.create",
	    "{'event':'once','line':[{'category':'ga','count':1}],'pay':'cash'}");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("order.cancel", "code", code, ""), 0, "sold and cancelled");
	is_int(desk(&d, "event.set", "{'event':'once','currency':'EUR'}"), TIX_EWRONG_STATE,
	    "it may not");
	desk_clean(&d, "after a change of currency");
}

/* A new order or hold that is in a state. */
static void reach(int state, char code[32])
{
	bool sold = state == order_state_paid || state == order_state_cancelled;
	bool pending = state == order_state_pending;
	char params[200];

	snprintf(params, sizeof(params), "{'event':'gig','line':[{'category':'ga','count':1}],%s}",
	    sold      ? "'pay':'cash'"
	    : pending ? "'pay':'bank'"
		      : "'expires':'+1m'");
	desk(&d, sold || pending ? "order.create" : "hold.create", params);
	snprintf(code, 32, "%s", desk_text(&d, "code"));
	if (pending)
		on("payment.record", "code", code, ",'kind':'bank','amount':'1'");
	if (state == order_state_cancelled)
		on("order.cancel", "code", code, "");
	if (state == order_state_released)
		on("hold.release", "hold", code, "");
	if (state == order_state_expired)
		clock_test_set(d.clock, clock_now(d.core.clock) + 120 * USEC_PER_SEC);
}

/* Every method from every state of an order: done where the table has a row, else refused. */
static void test_states(void)
{
	static const char *const methods[] = {"order.cancel", "refund.create", "order.extend"};
	char code[32];

	for (int m = 0; m < 3; m++) {
		for (const struct enum_word *w = enum_set_order_state.words; w->word; w++) {
			int r;

			reach(w->value, code);
			r = on(methods[m], "code", code, "");
			is_int(r,
			    state_starts(&enum_set_order_state, w->value, methods[m])
				? 0
				: TIX_EWRONG_STATE,
			    w->word);
			if (r < 0)
				ok(strstr(d.err.message, w->word), "%s names it", methods[m]);
		}
	}
}

/* A price that changes while seats are held: who holds pays what was promised. */
static void test_price(void)
{
	char code[32];

	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}"), 0,
	    "a hold at 45");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(desk(&d, "category.set", "{'event':'gig','name':'ga','price':'99'}"), 0, "now 99");
	is_int(on("order.create", "hold", code, ",'pay':'cash'"), 0, "sold");
	is_int(on("refund.create", "code", code, ""), 0, "refunded");
	is_int(desk_int(&d, "amount.amount"), 4500, "45, not 99");
	is_int(
	    desk(&d, "category.set", "{'event':'gig','name':'ga','price':'45'}"), 0, "as before");
}

/* A plain model of the orders, changed by the same random steps. */
enum { ORDERS = 400, STEPS = 20000 };
struct model {
	char code[20];
	int tickets;
	bool voided[4], refunded[4], cancelled;
	int64_t captured, given, owed;
	int refunds, confirmed;
};
static struct model book[ORDERS];
static uint64_t seed = 20260613;

static int pick(int n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int)((seed >> 33) % (uint64_t)n);
}

static bool step_sell(struct model *m)
{
	char params[200];

	*m = (struct model){.tickets = 1 + pick(4)};
	m->captured = m->owed = m->tickets * INT64_C(4500);
	snprintf(params, sizeof(params),
	    "{'event':'gig','line':[{'category':'ga','count':%d}],'pay':'cash'}", m->tickets);
	if (desk(&d, "order.create", params) < 0)
		return false;
	snprintf(m->code, sizeof(m->code), "%s", desk_text(&d, "code"));
	return true;
}

static bool step_cancel(struct model *m)
{
	int64_t fee = pick(3) * INT64_C(1000);
	bool may = !m->cancelled && fee <= m->owed;
	char more[60];

	snprintf(more, sizeof(more), ",'keep_fee':'%lld'", (long long)(fee / 100));
	if ((on("order.cancel", "code", m->code, more) == 0) != may)
		return false;
	if (may) {
		m->cancelled = true;
		m->owed = fee;
		for (int i = 0; i < m->tickets; i++)
			m->voided[i] = true;
	}
	return true;
}

static bool step_void(struct model *m)
{
	int n = pick(m->tickets);
	char ticket[64];
	bool may = !m->voided[n];

	snprintf(ticket, sizeof(ticket), "%s/%d", m->code, n + 1);
	m->voided[n] = true;
	return (on("ticket.void", "ticket", ticket, "") == 0) == may;
}

static bool step_ticket_refund(struct model *m)
{
	int n = pick(m->tickets);
	int64_t fee = pick(2) * INT64_C(500), amount = 4500 - fee, over;
	bool may = !m->refunded[n] && amount <= m->captured - m->given;
	char ticket[64], more[60];

	snprintf(ticket, sizeof(ticket), "%s/%d", m->code, n + 1);
	snprintf(
	    more, sizeof(more), ",'keep_fee':'%lld','void_ticket':true", (long long)(fee / 100));
	if ((on("refund.create", "code", ticket, more) == 0) != may)
		return false;
	if (!may)
		return true;
	over = amount + fee - (m->captured - m->given - m->owed);
	m->owed -= m->cancelled ? (over > 0 ? over : 0) - fee : amount;
	m->given += amount;
	m->refunded[n] = m->voided[n] = true;
	m->refunds++;
	return true;
}

static bool step_refund(struct model *m)
{
	int64_t amount = (1 + pick(60)) * INT64_C(100);
	int64_t over = amount - (m->captured - m->given - m->owed);
	bool may = amount <= m->captured - m->given;
	char more[60];

	snprintf(more, sizeof(more), ",'amount':'%lld','kind':'%s'", (long long)(amount / 100),
	    pick(2) ? "cash" : "bank");
	if ((on("refund.create", "code", m->code, more) == 0) != may)
		return false;
	if (!may)
		return true;
	m->owed -= m->cancelled ? (over > 0 ? over : 0) : amount;
	m->given += amount;
	m->refunds++;
	return true;
}

static bool step_confirm(struct model *m)
{
	char refund[64];
	bool may = m->confirmed < m->refunds;

	snprintf(refund, sizeof(refund), "%s/r%d", m->code, m->confirmed + 1);
	m->confirmed += may;
	return (on("refund.confirm", "refund", refund, "") == 0) == may;
}

static bool agrees(const struct model *m)
{
	on("order.show", "code", m->code, "");
	return strcmp(desk_text(&d, "state"), m->cancelled ? "cancelled" : "paid") == 0 &&
	       desk_int(&d, "paid.amount") == m->captured - m->given &&
	       desk_int(&d, "balance.amount") == m->captured - m->given - m->owed;
}

static void test_model(void)
{
	static bool (*const steps[])(struct model * m) = {
	    step_void, step_ticket_refund, step_refund, step_confirm, step_cancel};
	int n = 0, wrong = 0, good = 0, alive = 0;
	int64_t others = sold();

	for (int i = 0; i < STEPS; i++) {
		struct model *m = n < ORDERS && pick(20) == 0 ? &book[n++] : NULL;

		if (m || n == 0) {
			wrong += !step_sell(m ? m : &book[n++]);
			continue;
		}
		m = &book[pick(n)];
		/* a cancellation ends much: a rare one */
		wrong += !steps[pick(80) == 0 ? 4 : pick(4)](m);
		if (!agrees(m) && wrong++ < 5)
			diag("step %d: %s", i, m->code);
	}
	is_int(wrong, 0, "20,000 random steps did what the model says");
	for (int i = 0; i < n; i++) {
		good += agrees(&book[i]);
		for (int k = 0; k < book[i].tickets; k++)
			alive += !book[i].voided[k];
	}
	is_int(good, n, "state and balance of each order agree");
	is_int(sold(), others + alive, "as many seats are sold as tickets are valid");
	desk_clean(&d, "after all that");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "refund"))
		return done_testing();
	set_up();
	test_ticket();
	test_withdraw();
	test_withdraw_order();
	test_withdraw_often();
	test_withdraw_many();
	test_too_much();
	test_append_only();
	test_cancel();
	test_currency();
	test_states();
	test_price();
	test_model();
	desk_close(&d);
	return done_testing();
}
