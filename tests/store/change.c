/* SPDX-License-Identifier: MIT */
/* Changing what an order has: seats, sums, codes, bounds; what is refused leaves no trace; many
 * random changes against a plain model, with the audit as the judge. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static int on(const char *method, const char *field, const char *value, const char *more)
{
	char params[600];

	snprintf(params, sizeof(params), "{'%.20s':'%.64s'%.450s}", field, value, more);
	return desk(&d, method, params);
}

static void sell(const char *line, const char *pay, char code[32])
{
	char params[300];

	snprintf(
	    params, sizeof(params), "{'event':'gig','line':[%.200s],'pay':'%.10s'}", line, pay);
	is_int(desk(&d, "order.create", params), 0, "an order");
	snprintf(code, 32, "%s", desk_text(&d, "code"));
}

static int64_t stock(const char *quota, const char *what)
{
	char params[100];

	snprintf(params, sizeof(params), "{'event':'gig','name':'%.40s'}", quota);
	desk(&d, "quota.show", params);
	return desk_int(&d, what);
}

/* hall is shared by ga (10.00) and vip (25.00), vip draws on box too; side is another's. */
static void set_up(void)
{
	static const char *const calls[][2] = {
	    {"event.create", "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"},
	    {"category.create", "{'event':'gig','name':'ga','price':'10'}"},
	    {"category.create", "{'event':'gig','name':'vip','price':'25','max':3}"},
	    {"category.create", "{'event':'gig','name':'side','price':'8','min':2,'size':4}"},
	    {"category.create", "{'event':'gig','name':'late','price':'8','size':4,"
				"'sale_from':'2026-05-01'}"},
	    {"category.create", "{'event':'gig','name':'bare','price':'8'}"},
	    {"quota.create", "{'event':'gig','name':'hall','size':6,'categories':['ga','vip']}"},
	    {"quota.create", "{'event':'gig','name':'box','size':2,'categories':['vip']}"},
	    {"event.publish", "{'event':'gig'}"},
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		is_int(desk(&d, calls[i][0], calls[i][1]), 0, calls[i][0]);
}

/* Changes of one order of four ga and two side, in a row. hall is full all the time. */
static const struct step {
	const char *what, *params;
	int result;
	const char *field; /* of the refusal */
	int64_t difference, total, balance, tickets, hall, box, side;
} steps[] = {
    {"nothing", "", TIX_EMISSING, "add", 0, 0, 0, 0, 0, 0, 0},
    {"more than there is", ",'add':[{'category':'ga','count':1}]", TIX_ESOLD_OUT, "line", 0, 0, 0,
	0, 0, 0, 0},
    {"an exchange within a full quota", ",'exchange':[{'ticket':'1','category':'vip'}]", 0, NULL,
	1500, 7100, -1500, 6, 6, 1, 2},
    {"one that needs a seat of another quota",
	",'exchange':[{'ticket':'2','category':'vip'},{'ticket':'3','category':'vip'}]",
	TIX_ESOLD_OUT, "line", 0, 0, 0, 0, 0, 0, 0},
    {"removing makes room for adding in one call",
	",'remove':['2'],'add':[{'category':'vip','count':1}]", 0, NULL, 1500, 8600, -3000, 6, 6, 2,
	2},
    {"the same category", ",'exchange':[{'ticket':'3','category':'ga'}]", TIX_EBAD_VALUE,
	"exchange", 0, 0, 0, 0, 0, 0, 0},
    {"a removed one", ",'remove':['2']", TIX_EWRONG_STATE, "remove", 0, 0, 0, 0, 0, 0, 0},
    {"the same ticket twice", ",'remove':['3'],'exchange':[{'ticket':'3','category':'vip'}]",
	TIX_EBAD_VALUE, "exchange", 0, 0, 0, 0, 0, 0, 0},
    {"a ticket that there is not", ",'remove':['8']", TIX_ENOT_FOUND, "remove", 0, 0, 0, 0, 0, 0,
	0},
    {"a number that is none", ",'remove':['0']", TIX_EBAD_VALUE, "remove", 0, 0, 0, 0, 0, 0, 0},
    {"another order's", ",'remove':['@']", TIX_EBAD_VALUE, "remove", 0, 0, 0, 0, 0, 0, 0},
    {"a category twice", ",'add':[{'category':'ga','count':1},{'category':'ga','count':1}]",
	TIX_EBAD_VALUE, "add", 0, 0, 0, 0, 0, 0, 0},
    {"less than the least", ",'remove':['5']", TIX_ELIMIT, "line", 0, 0, 0, 0, 0, 0, 0},
    {"all of a category that has a least", ",'remove':['5','6']", 0, NULL, -1600, 7000, -1400, 4, 6,
	2, 0},
    {"one of it again", ",'add':[{'category':'side','count':1}]", TIX_ELIMIT, "line", 0, 0, 0, 0, 0,
	0, 0},
    {"more than the most", ",'remove':['3','4'],'add':[{'category':'vip','count':2}]", TIX_ELIMIT,
	"line", 0, 0, 0, 0, 0, 0, 0},
    {"before its time", ",'add':[{'category':'late','count':1}]", TIX_EWRONG_STATE, "line", 0, 0, 0,
	0, 0, 0, 0},
    {"without a quota", ",'add':[{'category':'bare','count':1}]", TIX_ESOLD_OUT, "line", 0, 0, 0, 0,
	0, 0, 0},
    {"what there is not", ",'exchange':[{'ticket':'3','category':'none'}]", TIX_ENOT_FOUND, "line",
	0, 0, 0, 0, 0, 0, 0},
    {"all at once",
	",'remove':['1','3'],'exchange':[{'ticket':'7','category':'ga'}],"
	"'add':[{'category':'side','count':3}]",
	0, NULL, -2600, 4400, 1200, 5, 4, 0, 3},
    {"every ticket", ",'remove':['4','7','8','9','10']", TIX_ELIMIT, "remove", 0, 0, 0, 0, 0, 0, 0},
};

static void show_step(const struct step *s, const char *code)
{
	is_int(desk_int(&d, "total.amount"), s->total, "total");
	is_int(desk_int(&d, "balance.amount"), s->balance, "balance");
	is_str(desk_text(&d, "code"), code, "of the order");
}

static void check_step(const struct step *s, const char *code)
{
	is_int(on("order.show", "code", code, ""), 0, "shown");
	show_step(s, code);
	is_int(on("order.list", "event", "gig", ""), 0, "the list");
	is_int(desk_int(&d, "items.1.tickets"), s->tickets, "has as many tickets");
	is_int(stock("hall", "sold"), s->hall, "hall");
	is_int(stock("box", "sold"), s->box, "box");
	is_int(stock("side", "sold"), s->side, "side");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_int(desk_int(&d, "total.amount"), s->total, "to the total");
	is_int(desk_int(&d, "balance.amount"), s->balance, "and the balance");
	desk_clean(&d, s->what);
}

static void run_step(const struct step *s, const char *code, const char *other)
{
	char params[400], *at;
	int64_t seq;

	snprintf(params, sizeof(params), "%s", s->params);
	at = strchr(params, '@');
	if (at) {
		snprintf(at, sizeof(params) - (size_t)(at - params), "%s/1']", other);
	}
	desk(&d, "audit.run", "{}");
	seq = desk_int(&d, "head.seq");
	is_int(on("order.change", "code", code, params), s->result, s->what);
	if (s->result) {
		is_str(d.err.field, s->field, "the field is named");
		desk(&d, "audit.run", "{}");
		is_int(desk_int(&d, "head.seq"), seq, "nothing was written");
		return;
	}
	is_int(desk_int(&d, "difference.amount"), s->difference, "difference");
	show_step(s, code);
	check_step(s, code);
}

static void test_steps(void)
{
	char code[32], other[32];

	sell("{'category':'ga','count':4},{'category':'side','count':2}", "cash", code);
	sell("{'category':'ga','count':2}", "cash", other);
	is_int(stock("hall", "free"), 0, "the hall is full");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct step *s = &steps[i];
		char trial[400];

		if (s->result == 0) {
			snprintf(trial, sizeof(trial), "%s,'dry_run':true", s->params);
			is_int(on("order.change", "code", code, trial), 0, "tried");
			is_int(desk_int(&d, "difference.amount"), s->difference, "says the same");
			show_step(s, code);
		}
		run_step(s, code, other);
	}
	is_int(on("order.change", "code", other, ",'remove':['1']"), 0, "the other loses one");
	is_int(desk_int(&d, "balance.amount"), 1000, "due to the buyer");
}

/* Lines by category and price, numbers and codes after a change at another price. */
static void test_rows(void)
{
	char code[32], ticket[64], old[64], params[200];

	is_int(desk(&d, "quota.set", "{'event':'gig','name':'hall','size':100}"), 0, "more seats");
	is_int(desk(&d, "quota.set", "{'event':'gig','name':'box','size':100}"), 0, "here too");
	sell("{'category':'ga','count':2}", "cash", code);
	snprintf(old, sizeof(old), "%s", desk_text(&d, "tickets.0.code"));
	is_int(on("ticket.set", "ticket", old, ",'name':'Ann'"), 0, "for Ann");
	is_int(desk(&d, "category.set", "{'event':'gig','name':'ga','price':'12'}"), 0, "12 now");
	is_int(on("order.change", "code", code, ",'add':[{'category':'ga','count':1}]"), 0,
	    "one more");
	is_int(desk_int(&d, "difference.amount"), 1200, "at today's price");
	is_int(desk_count(&d, "line"), 2, "a line of its own");
	is_int(desk_int(&d, "line.0.price.amount"), 1000, "the old ones as they were");
	is_int(desk_int(&d, "line.1.count"), 1, "one");
	is_int(desk_int(&d, "tickets.2.n"), 3, "a new number");
	is_str(desk_text(&d, "tickets.2.state"), "valid", "valid");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_int(desk_int(&d, "items.0.amount.amount"), 2000, "two at ten");
	is_int(desk_int(&d, "items.1.amount.amount"), 1200, "one at twelve");
	snprintf(params, sizeof(params), ",'exchange':[{'ticket':'%.40s','category':'vip'}]", old);
	is_int(on("order.change", "code", code, params), 0, "by ticket code");
	is_int(desk_int(&d, "tickets.0.n"), 1, "keeps its number");
	is_str(desk_text(&d, "tickets.0.category"), "vip", "is vip");
	is_int(desk_int(&d, "tickets.0.price.amount"), 2500, "at its price");
	is_int(on("ticket.show", "ticket", old, ""), TIX_ENOT_FOUND, "its old code is dead");
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("ticket.show", "ticket", ticket, ""), 0, "its number finds it");
	is_str(desk_text(&d, "name"), "Ann", "still for Ann");
	snprintf(params, sizeof(params), ",'remove':['%s/2','3']", code);
	is_int(on("order.change", "code", code, params), 0, "two go");
	is_int(desk_count(&d, "tickets"), 3, "they stay as rows");
	is_str(desk_text(&d, "tickets.1.state"), "removed", "removed");
	snprintf(ticket, sizeof(ticket), "%s/3", code);
	is_int(on("ticket.show", "ticket", ticket, ""), 0, "a number beyond the count is found");
	is_int(on("ticket.void", "ticket", ticket, ""), TIX_EWRONG_STATE, "and is not voided");
	is_int(on("ticket.set", "ticket", ticket, ",'name':'X'"), TIX_EWRONG_STATE, "nor set");
	is_int(on("ticket.reissue", "ticket", ticket, ""), TIX_EWRONG_STATE, "nor reissued");
	snprintf(ticket, sizeof(ticket), "%s/4", code);
	is_int(on("ticket.show", "ticket", ticket, ""), TIX_ENOT_FOUND, "there is no fourth");
	is_int(on("order.change", "code", ticket, ",'remove':['1']"), TIX_ENOT_FOUND, "nor here");
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("order.change", "code", ticket, ",'remove':['1']"), TIX_EBAD_VALUE,
	    "a ticket is no order");
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.2.topic"), "order.changed", "has the change");
	is_int(desk_int(&d, "items.2.data.added.ga"), 1, "what was added");
	is_str(desk_text(&d, "items.3.data.exchanged.1"), "vip", "what was exchanged");
	is_int(desk_int(&d, "items.4.data.removed.1"), 3, "what went");
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled");
	is_int(desk_int(&d, "balance.amount"), 2000, "what was paid is due");
	is_int(
	    desk(&d, "category.set", "{'event':'gig','name':'ga','price':'10'}"), 0, "as before");
	desk_clean(&d, "after a change and a cancellation");
}

/* A key is one change; a complimentary order stays free. */
static void test_key_and_comp(void)
{
	static const char more[] = ",'add':[{'category':'ga','count':1}],'idempotency_key':'k1'";
	char code[32];

	sell("{'category':'ga','count':1}", "comp", code);
	is_int(on("order.change", "code", code, more), 0, "one more");
	is_int(desk_int(&d, "difference.amount"), 0, "free");
	is_int(on("order.change", "code", code, more), 0, "again with the key");
	is_int(desk_int(&d, "replayed"), 1, "is replayed");
	is_int(desk_count(&d, "tickets"), 2, "two tickets");
	is_int(on("order.change", "code", code, ",'exchange':[{'ticket':'2','category':'vip'}]"), 0,
	    "exchanged");
	is_int(desk_int(&d, "total.amount"), 0, "free");
	is_int(desk_int(&d, "balance.amount"), 0, "nothing is owed");
	desk_clean(&d, "complimentary");
}

/* What is due goes back by a refund; money that went back is not given twice. */
static void test_refunds(void)
{
	char code[32], ticket[64];

	is_int(desk(&d, "quota.set", "{'event':'gig','name':'side','size':100}"), 0, "more seats");
	sell("{'category':'ga','count':4}", "cash", code);
	is_int(on("order.change", "code", code, ",'remove':['4']"), 0, "one goes");
	is_int(on("refund.create", "code", code, ",'keep_fee':'1'"), TIX_EBAD_VALUE, "no fee");
	is_int(on("refund.create", "code", code, ""), 0, "its money goes back");
	is_int(desk_int(&d, "amount.amount"), 1000, "what is due");
	is_int(on("order.show", "code", code, ""), 0, "shown");
	is_int(desk_int(&d, "balance.amount"), 0, "nothing is due");
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("refund.create", "code", ticket, ""), 0, "a ticket's money goes back");
	is_int(on("order.change", "code", code, ",'remove':['1']"), TIX_EWRONG_STATE,
	    "its ticket is not taken off as well");
	is_int(on("order.change", "code", code, ",'exchange':[{'ticket':'1','category':'vip'}]"),
	    TIX_EWRONG_STATE, "nor exchanged");
	is_int(on("order.change", "code", code, ",'remove':['2']"), 0, "another may go");
	snprintf(ticket, sizeof(ticket), "%s/2", code);
	is_int(on("refund.create", "code", ticket, ""), 0, "by its number");
	is_int(on("refund.create", "code", ticket, ""), TIX_ELIMIT, "once");
	is_int(on("order.show", "code", code, ""), 0, "shown");
	is_int(desk_int(&d, "paid.amount"), 1000, "the last one is paid");
	is_int(desk_int(&d, "balance.amount"), 0, "and nothing is due");
	is_int(on("refund.create", "code", code, ",'amount':'4'"), 0, "good will");
	is_int(on("order.change", "code", code,
		   ",'remove':['3'],'add':[{'category':'side','count':2}]"),
	    0, "dearer than what went back");
	is_int(on("order.change", "code", code, ",'remove':['5','6']"), TIX_ELIMIT,
	    "only ticket 1 left, which went back");
	is_str(d.err.field, "remove", "by remove");
	desk_clean(&d, "with refunds");
	is_int(on("order.cancel", "code", code, ""), 0, "cancelled");
	is_int(on("order.change", "code", code, ",'remove':['5','6']"), TIX_EWRONG_STATE,
	    "no change then");
	ok(strstr(d.err.message, "is cancelled") != NULL, "which it says: %s", d.err.message);
	desk_clean(&d, "cancelled");
}

/* What is given away first and what is due then: never is more taken off than is owed. */
static void test_generous(void)
{
	char code[32], ticket[40];

	sell("{'category':'ga','count':2}", "cash", code);
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("refund.create", "code", code, ",'amount':'8'"), 0, "8 of 20 given away");
	is_int(on("order.change", "code", code, ",'remove':['2']"), 0, "10 are due");
	is_int(on("refund.create", "code", ticket, ""), 0, "a ticket's money goes back");
	is_int(on("order.show", "code", code, ""), 0, "shown");
	is_int(desk_int(&d, "paid.amount"), 200, "2 are left");
	is_int(desk_int(&d, "balance.amount"), 200, "and due");
	is_int(on("refund.create", "code", code, ""), 0, "which go back");
	is_int(desk_int(&d, "amount.amount"), 200, "as 2");
	desk_clean(&d, "after generosity");
}

/* What is owed is on finance's list until it is paid. */
static void test_settled(void)
{
	char code[32];

	sell("{'category':'ga','count':1}", "cash", code);
	is_int(on("order.change", "code", code, ",'exchange':[{'ticket':'1','category':'vip'}]"), 0,
	    "dearer");
	is_str(desk_text(&d, "money"), "partly_paid", "partly paid");
	is_int(desk(&d, "order.list", "{'event':'gig','money':['partly_paid'],'limit':1}"), 0,
	    "what is open");
	is_str(desk_text(&d, "items.0.code"), code, "it is");
	is_int(on("payment.record", "code", code, ",'amount':'15','kind':'cash'"), 0, "paid");
	is_int(on("order.explain", "code", code, ""), 0, "explained");
	is_int(desk_int(&d, "items.0.amount.amount"), 2500, "one vip");
	is_int(desk_count(&d, "money"), 2, "two payments");
	is_int(desk_int(&d, "balance.amount"), 0, "nothing is owed");
	is_int(on("order.change", "code", code, ",'exchange':[{'ticket':'1','category':'ga'}]"), 0,
	    "and back");
	is_str(desk_text(&d, "money"), "overpaid", "overpaid");
	desk_clean(&d, "paid later");
}

/* What an order that waits for its money has: its seats, what it owes, its number of tickets. */
static void waiting(const char *code, int64_t total, int64_t hall, int64_t box)
{
	is_int(on("order.show", "code", code, ""), 0, "shown");
	is_str(desk_text(&d, "state"), "pending", "it waits");
	is_int(desk_int(&d, "total.amount"), total, "total");
	is_int(desk_count(&d, "tickets"), 0, "without tickets");
	desk(&d, "quota.show", "{'event':'wait','name':'hall'}");
	is_int(desk_int(&d, "held"), hall, "held of the hall");
	is_int(desk_int(&d, "sold"), 0, "none is sold");
	desk(&d, "quota.show", "{'event':'wait','name':'box'}");
	is_int(desk_int(&d, "held"), box, "held of the box");
}

/* One that waits has its tickets numbered along its lines; its seats stay held ones. */
static void test_waiting(void)
{
	static const char *const calls[][2] = {
	    {"event.create", "{'event':'wait','name':'W','start':'2026-06-13','currency':'EUR'}"},
	    {"category.create", "{'event':'wait','name':'ga','price':'10'}"},
	    {"category.create", "{'event':'wait','name':'vip','price':'25','max':3}"},
	    {"quota.create", "{'event':'wait','name':'hall','size':4,'categories':['ga','vip']}"},
	    {"quota.create", "{'event':'wait','name':'box','size':2,'categories':['vip']}"},
	    {"event.publish", "{'event':'wait'}"},
	};
	char code[32], ticket[64];

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		is_int(desk(&d, calls[i][0], calls[i][1]), 0, calls[i][0]);
	is_int(desk(&d, "order.create",
		   "{'event':'wait','line':[{'category':'ga','count':3}],'pay':'bank'}"),
	    0, "an order that waits");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	snprintf(ticket, sizeof(ticket), ",'remove':['%s/2']", code);
	is_int(on("order.change", "code", code, ticket), 0, "one goes");
	is_int(desk_int(&d, "difference.amount"), -1000, "and its price");
	waiting(code, 2000, 2, 0);
	is_int(on("order.change", "code", code, ",'add':[{'category':'ga','count':3}]"),
	    TIX_ESOLD_OUT, "three do not fit");
	is_int(on("order.change", "code", code, ",'remove':['3']"), TIX_ENOT_FOUND, "no third");
	is_int(on("order.change", "code", code, ",'remove':['1','2']"), TIX_ELIMIT, "not all");
	is_int(on("order.change", "code", code,
		   ",'add':[{'category':'vip','count':1}],"
		   "'exchange':[{'ticket':'2','category':'vip'}]"),
	    0, "another, and better");
	is_int(desk_int(&d, "difference.amount"), 4000, "is dearer");
	waiting(code, 6000, 3, 2);
	is_int(on("order.change", "code", code,
		   ",'exchange':[{'ticket':'1','category':'vip'}]"),
	    TIX_ESOLD_OUT, "the box is full");
	desk_clean(&d, "changed while it waits");
	is_int(on("payment.record", "code", code, ",'amount':'40','kind':'bank'"), 0, "a part");
	is_int(on("order.change", "code", code, ",'remove':['1'],'dry_run':true"), 0, "tried");
	is_str(desk_text(&d, "state"), "pending", "50 is more than 40");
	waiting(code, 6000, 3, 2);
	is_int(on("order.change", "code", code, ",'remove':['3']"), 0, "less than what is here");
	is_str(desk_text(&d, "state"), "paid", "sells it");
	is_str(desk_text(&d, "money"), "overpaid", "with 5 too much");
	is_int(desk_int(&d, "balance.amount"), 500, "due");
	is_int(desk_count(&d, "tickets"), 2, "with its tickets");
	is_str(desk_text(&d, "tickets.1.category"), "vip", "by its lines");
	is_int(on("order.history", "code", code, ""), 0, "its history");
	is_str(desk_text(&d, "items.4.topic"), "order.changed", "was changed");
	is_str(desk_text(&d, "items.5.topic"), "order.paid", "and sold");
	desk(&d, "quota.show", "{'event':'wait','name':'hall'}");
	is_int(desk_int(&d, "sold"), 2, "two seats");
	is_int(desk_int(&d, "held"), 0, "none held");
	desk_clean(&d, "sold by a change");
	is_int(desk(&d, "order.create",
		   "{'event':'wait','line':[{'category':'ga','count':1}],'pay':'bank','expires':'+1h'}"),
	    0, "another that waits");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	clock_test_set(d.clock, clock_now(d.clock) + 3600 * USEC_PER_SEC);
	db_close(d.reader);
	ok(reader_open(&d.core, &d.reader, &d.err) == 0, "time passes");
	is_int(on("order.change", "code", code, ",'add':[{'category':'ga','count':1}]"),
	    TIX_EWRONG_STATE, "over is over, swept or not");
	ok(strstr(d.err.message, "is expired"), "by name: %s", d.err.message);
	writer_tend(d.writer);
	desk_clean(&d, "after its time");
}

/* A hold, a used ticket, another organizer's order. */
static void test_states(void)
{
	char code[32], id[200];

	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}"), 0,
	    "a hold");
	snprintf(code, sizeof(code), "%s", desk_text(&d, "code"));
	is_int(on("order.change", "code", code, ",'add':[{'category':'ga','count':1}]"),
	    TIX_EWRONG_STATE, "is no order yet");
	is_int(on("hold.release", "hold", code, ""), 0, "released");
	sell("{'category':'ga','count':2}", "cash", code);
	snprintf(
	    id, sizeof(id), "update ticket set state = 2 where id = (select max(id) from ticket)");
	desk_sql(&d, id);
	is_int(on("order.change", "code", code, ",'remove':['2']"), TIX_EWRONG_STATE, "used");
	ok(strstr(d.err.message, "is used") && strstr(d.err.message, "cannot make it removed"),
	    "both states are named: %s", d.err.message);
	is_int(on("order.change", "code", code, ",'exchange':[{'ticket':'2','category':'vip'}]"),
	    TIX_EWRONG_STATE, "nor exchanged");
	is_int(on("order.change", "code", code, ",'add':[{'category':'ga','count':1}]"), 0,
	    "another may come");
	desk_as(&d, "nobody", NULL);
	is_int(
	    on("order.change", "code", code, ",'remove':['1']"), TIX_ENOT_FOUND, "not another's");
	desk_as(&d, NULL, NULL);
}

/* 1,023 numbers an order, and no ticket more. */
static void test_room(void)
{
	char code[32];
	int r = 0;

	is_int(desk(&d, "category.create", "{'event':'gig','name':'big','price':'1','size':2000}"),
	    0, "a big one");
	sell("{'category':'big','count':1000}", "cash", code);
	is_int(on("order.change", "code", code, ",'add':[{'category':'big','count':1}]"),
	    TIX_ELIMIT, "a thousand are the most");
	is_int(on("order.change", "code", code,
		   ",'remove':['1','2'],"
		   "'add':[{'category':'big','count':2}]"),
	    0, "two for two");
	for (int i = 0; i < 10 && r == 0; i++) {
		char params[120];

		snprintf(params, sizeof(params),
		    ",'remove':['%d','%d'],'add':[{'category':'big','count':2}]", 3 + 2 * i,
		    4 + 2 * i);
		r = on("order.change", "code", code, params);
	}
	is_int(r, 0, "and ten times more");
	is_int(on("order.change", "code", code,
		   ",'remove':['30','31'],"
		   "'add':[{'category':'big','count':2}]"),
	    TIX_ELIMIT, "then there are no numbers left");
	is_str(d.err.field, "add", "by add");
	is_int(on("order.show", "code", code, ""), 0, "shown");
	is_int(desk_count(&d, "tickets"), 1022, "all of them");
	desk_clean(&d, "an order that is full");
}

/* Another holder, another code, at once. */
static void test_transfer(void)
{
	char code[32], ticket[64], old[64];

	sell("{'category':'ga','count':2}", "cash", code);
	snprintf(ticket, sizeof(ticket), "%s/1", code);
	is_int(on("ticket.set", "ticket", ticket, ",'name':'Ann','email':'ann@example.org'"), 0,
	    "for Ann");
	snprintf(old, sizeof(old), "%s", desk_text(&d, "code"));
	is_int(on("ticket.transfer", "ticket", old, ",'name':'Bo','idempotency_key':'t1'"), 0,
	    "given to Bo");
	is_str(desk_text(&d, "name"), "Bo", "whose name it says");
	ok(!desk_text(&d, "email"), "without Ann's address");
	ok(strcmp(desk_text(&d, "code"), old) != 0, "with another code");
	is_int(on("ticket.show", "ticket", old, ""), TIX_ENOT_FOUND, "the old one is dead");
	is_int(on("ticket.transfer", "ticket", old, ",'name':'Bo','idempotency_key':'t1'"), 0,
	    "the same key");
	is_int(desk_int(&d, "replayed"), 1, "is replayed");
	is_int(on("ticket.transfer", "ticket", old, ",'name':'Eve'"), TIX_ENOT_FOUND,
	    "the old code gives nothing away");
	is_int(on("order.history", "code", code, ""), 0, "the history");
	is_str(desk_text(&d, "items.2.topic"), "ticket.transferred", "has it");
	is_int(desk_int(&d, "items.2.data.generation"), 1, "with the generation");
	is_int(json_object_size(desk_at(&d, "items.2.data")), 1, "and no name");
	is_int(on("ticket.transfer", "ticket", ticket, ""), TIX_EMISSING, "to somebody");
	is_int(on("ticket.void", "ticket", ticket, ""), 0, "voided");
	is_int(on("ticket.transfer", "ticket", ticket, ",'name':'Eve'"), TIX_EWRONG_STATE,
	    "a void one stays where it is");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "change"))
		return done_testing();
	set_up();
	test_steps();
	test_rows();
	test_key_and_comp();
	test_refunds();
	test_generous();
	test_settled();
	test_states();
	test_waiting();
	test_room();
	test_transfer();
	desk_close(&d);
	return done_testing();
}
