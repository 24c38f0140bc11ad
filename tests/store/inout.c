/* SPDX-License-Identifier: MIT */
/* Orders from one store to another: equal but for their codes, found by the old ones, counted and
 * booked as if all had happened there; and what is refused. */
#include "tests/tap.h"

#include "tests/store/desk.h"

static struct desk a, b;

static void must(struct desk *d, const char *method, const char *params)
{
	is_int(desk(d, method, params), 0, method);
}

/* Sells and remembers the code. */
static void sell(char code[16], const char *params)
{
	must(&a, "order.create", params);
	snprintf(code, 16, "%s", desk_text(&a, "code"));
}

static char codes[8][16];

/* Ordered by bank transfer: one waits with half of it paid, one ran out and was paid too late, one
 * was cancelled before its money came. */
static void set_up_bank(void)
{
	char code[16];

	sell(codes[5], "{'event':'gig','line':[{'category':'std','count':2}],'pay':'bank'}");
	is_int(desk_f(&a, "payment.record",
		   "{'code':'%s','amount':'40','kind':'bank','reference':'half'}", codes[5]),
	    0, "half of a transfer");
	sell(codes[6],
	    "{'event':'gig','line':[{'category':'kid','count':1},{'category':'std','count':1}],"
	    "'pay':'bank','expires':'+1h','name':'Late'}");
	sell(code, "{'event':'gig','line':[{'category':'std','count':1}],'pay':'bank'}");
	is_int(desk_f(&a, "order.cancel", "{'code':'%s'}", code), 0, "cancelled unpaid");
	clock_test_set(a.clock, DESK_NOW + 7200 * USEC_PER_SEC);
	is_int(desk_f(&a, "person.erase", "{'who':'%s','confirm':'1','reason':'asked'}", codes[6]), 0,
	    "a buyer is erased");
	must(&a, "event.set", "{'event':'old','slug':'older'}");
	is_int(desk_f(&a, "payment.record", "{'code':'%s','amount':'10','kind':'bank'}", codes[6]), 0,
	    "too late and too little");
}

/* An event of each status; orders plain, cancelled with a fee, refunded by ticket, complimentary,
 * free. */
static void set_up(void)
{
	must(&a, "event.import",
	    "{'events':[{'event':'gig','name':'Gig','start':'2026-06-13 20:00','end':'2026-06-14',"
	    "'doors':'2026-06-13 19:00','currency':'EUR','type':'concert','tags':['a','b'],"
	    "'description':'one\\ntwo','doc':{'k':[1,null]},'status':'published',"
	    "'venue':{'name':'Hall','city':'Łódź','latitude':51.7,'longitude':19.4,"
	    "'zone':'Europe/Warsaw','address':'Street 1','country':'Poland'},"
	    "'quotas':[{'name':'house','size':20,'overbook':2}],"
	    "'categories':[{'name':'std','price':'45.00','quotas':['house'],'sale_to':'start',"
	    "'max':9,'title':'Standard'},{'name':'kid','price':'0','size':5,'quotas':['house'],"
	    "'hidden':true}]},"
	    "{'event':'old','name':'Old','start':'2025-01-01','status':'ended'},"
	    "{'event':'off','name':'Off','start':'2026-09-01','status':'cancelled'},"
	    "{'event':'new','name':'New','start':'2026-10-01'}]}");
	must(&a, "quota.block", "{'event':'gig','name':'kid','count':1,'reason':'camera'}");
	sell(codes[0], "{'event':'gig','line':[{'category':'std','count':2},{'category':'kid',"
		       "'count':1}],'pay':'cash','name':'Ann Example','email':'ann@example.org',"
		       "'phone':'+48 1','country':'PL','postcode':'00-001','locale':'pl',"
		       "'note':'aisle','channel':'web'}");
	sell(codes[1], "{'event':'gig','line':[{'category':'std','count':3}],'pay':'cash'}");
	sell(codes[2], "{'event':'gig','line':[{'category':'std','count':2}],'pay':'cash'}");
	sell(codes[3], "{'event':'gig','line':[{'category':'std','count':1}],'pay':'comp'}");
	sell(codes[4], "{'event':'gig','line':[{'category':'kid','count':1}],'pay':'cash'}");
	must(&a, "hold.create", "{'event':'gig','line':[{'category':'std','count':1}]}");
	is_int(desk_f(&a, "ticket.set", "{'ticket':'%s/2','name':'Bob','email':'bob@example.org'}",
		   codes[0]),
	    0, "a holder");
	is_int(desk_f(&a, "ticket.reissue", "{'ticket':'%s/2'}", codes[0]), 0, "a new ticket code");
	is_int(desk_f(&a, "order.cancel", "{'code':'%s','keep_fee':'5'}", codes[1]), 0, "cancelled");
	is_int(desk_f(&a, "refund.create", "{'code':'%s','kind':'bank'}", codes[1]), 0, "refund");
	is_int(desk_f(&a, "refund.create", "{'code':'%s/2','void_ticket':true}", codes[2]), 0,
	    "refund of a ticket");
	is_int(desk_f(&a, "refund.confirm", "{'refund':'%s/r1'}", codes[2]), 0, "paid out");
	is_int(desk_f(&a, "refund.create", "{'code':'%s','amount':'3'}", codes[2]), 0, "another");
	is_int(desk_f(&a, "refund.create", "{'code':'%s/1','amount':'1'}", codes[2]), 0, "a mistake");
	is_int(desk_f(&a, "refund.withdraw", "{'refund':'%s/r3'}", codes[2]), 0, "taken back");
	is_int(desk_f(&a, "order.change",
		   "{'code':'%s','add':[{'category':'std','count':1}],'remove':['1']}", codes[4]),
	    0, "changed");
	set_up_bank();
}

/* All records of an export, in one list; the caller's. */
static json_t *export(struct desk *d, const char *method, const char *kind, int limit)
{
	json_t *all = json_array(), *params = json_object();
	const json_t *next = NULL;

	if (kind && desk_f(d, "export.begin", "{'kind':'%s'}", kind) == 0)
		json_object_set(params, "export", (json_t *)desk_at(d, "record"));
	json_object_set_new(params, "limit", json_integer(limit));
	do {
		if (desk_json(d, method, params) < 0)
			break;
		json_array_extend(all, json_object_get(d->reply, "items"));
		next = json_object_get(d->reply, "next");
		json_object_set(params, "cursor", (json_t *)next);
	} while (json_is_string(next));
	json_decref(params);
	return all;
}

static json_t *without_codes(const json_t *orders)
{
	json_t *copy = json_deep_copy(orders);

	for (size_t i = 0; i < json_array_size(copy); i++) {
		json_object_del(json_array_get(copy, i), "code");
		json_object_del(json_array_get(copy, i), "old_codes");
	}
	return copy;
}

static void same_json(const json_t *x, const json_t *y, const char *name)
{
	char *s = json_dumps(x, JSON_COMPACT | JSON_SORT_KEYS);
	char *t = json_dumps(y, JSON_COMPACT | JSON_SORT_KEYS);

	is_str(s, t, name);
	free(s);
	free(t);
}

static int import(struct desk *d, const char *kind, const char *method, const json_t *rows)
{
	json_t *params = json_pack("{s:O}", kind, rows);
	int r = desk_json(d, method, params);

	json_decref(params);
	return r;
}

static void test_events(void)
{
	json_t *was = export(&a, "event.export", NULL, 3), *now;

	is_int((int64_t)json_array_size(was), 4, "four events, in pages");
	is_int(import(&b, "events", "event.import", was), 0, "taken over");
	is_int(desk_int(&b, "created"), 4, "all new");
	is_int(desk_int(&b, "zoned"), 0, "each with its zone");
	now = export(&b, "event.export", NULL, 100);
	same_json(now, was, "are equal there");
	is_int(import(&b, "events", "event.import", now), 0, "once more");
	is_int(desk_int(&b, "same"), 4, "changes nothing");
	is_int(import(&a, "events", "event.import", was), 0, "into the first store too");
	is_int(desk_int(&a, "same"), 4, "changes nothing");
	is_int(desk(&a, "event.export", "{'event':'old'}"), 0, "one event");
	is_int(desk_count(&a, "items"), 1, "alone");
	is_str(desk_text(&a, "items.0.status"), "ended", "as it is");
	json_decref(was);
	json_decref(now);
}

static void test_status(void)
{
	is_int(desk(&b, "event.import",
		   "{'events':[{'event':'off','name':'Off','start':'2026-09-01',"
		   "'status':'published'}]}"),
	    TIX_EWRONG_STATE, "called off stays called off");
	is_str(b.err.field, "events[0].status", "named");
	must(&b, "event.import",
	    "{'events':[{'event':'new','name':'New','start':'2026-10-01','status':'published'}]}");
	must(&b, "event.show", "{'event':'new'}");
	is_str(desk_text(&b, "status"), "published", "a draft is published by an import");
	must(&b, "journal.list", "{'topic':['event.published']}");
	is_int(desk_count(&b, "items"), 1, "on record");
	is_int(
	    desk(&b, "event.import",
		"{'events':[{'event':'x','name':'X','start':'2026-10-01','organizer':'nobody'}]}"),
	    TIX_ENOT_FOUND, "an organizer that is not there");
}

static void test_round_trip(void)
{
	json_t *was = export(&a, "order.export", "orders", 2), *now, *x, *y;

	is_int((int64_t)json_array_size(was), 8, "eight orders, no hold");
	is_int(import(&b, "orders", "order.import", was), 0, "taken over");
	is_int(desk_int(&b, "created"), 8, "all new");
	clock_test_set(b.clock, DESK_NOW + 7200 * USEC_PER_SEC);
	now = export(&b, "order.export", "orders", 100);
	x = without_codes(was);
	y = without_codes(now);
	same_json(y, x, "are equal there but for the codes");
	is_int(import(&b, "orders", "order.import", was), 0, "once more");
	is_int(desk_int(&b, "same"), 8, "changes nothing");
	desk_clean(&a, "the first store");
	desk_clean(&b, "the second store");
	json_decref(x);
	json_decref(y);
	json_decref(was);
	json_decref(now);
}

static void test_old_codes(void)
{
	char code[16];

	is_int(desk_f(&b, "order.show", "{'code':'%s'}", codes[0]), 0, "an old code shows");
	snprintf(code, sizeof(code), "%s", desk_text(&b, "code"));
	ok(strcmp(code, codes[0]) != 0, "an order with a code of its own");
	is_str(desk_text(&b, "old_codes.0"), codes[0], "that names the old one");
	is_str(desk_text(&b, "made"), "2026-01-01T00:00:00Z", "and when it was made");
	is_int(desk_f(&b, "ticket.show", "{'ticket':'%s/2'}", codes[0]), 0, "old CODE/2 too");
	is_str(desk_text(&b, "name"), "Bob", "is that ticket");
	is_int(desk_f(&b, "refund.show", "{'refund':'%s/r1'}", codes[2]), 0, "old CODE/r1 too");
	is_int(desk_f(&b, "order.list", "{'code':'%s'}", codes[0]), 0, "and a list");
	is_str(desk_text(&b, "items.0.code"), code, "finds it");
	is_int(desk_f(&b, "order.history", "{'code':'%s'}", codes[0]), 0, "its history");
	is_str(desk_text(&b, "items.0.topic"), "order.imported", "begins with the import");
	is_int(desk_f(&b, "payment.record", "{'code':'%s','amount':'50','kind':'bank'}", codes[5]), 0,
	    "the rest of a transfer");
	is_str(desk_text(&b, "order_state"), "paid", "sells the order that waited");
	is_int(desk_f(&b, "order.cancel", "{'code':'%s'}", codes[0]), 0, "it can be cancelled by it");
	must(&b, "quota.show", "{'event':'gig','name':'house'}");
	is_int(desk_int(&b, "sold"), 5, "which gives its seats back");
	desk_clean(&b, "then");
}

/* The first record of an export, with something changed; the caller's list of it alone. */
static json_t *one(const json_t *orders, size_t i)
{
	json_t *copy = json_deep_copy(json_array_get(orders, i));

	return json_pack("[o]", copy);
}

static void test_refused(void)
{
	json_t *was = export(&a, "order.export", "orders", 100), *row;

	row = one(was, 2);
	json_object_set_new(json_array_get(row, 0), "note", json_string("another"));
	is_int(import(&b, "orders", "order.import", row), TIX_EWRONG_STATE, "changed since");
	is_str(b.err.field, "orders[0].code", "is refused by its code");
	json_decref(row);
	is_int(import(&a, "orders", "order.import", was), TIX_EEXISTS, "its own orders");
	is_str(a.err.field, "orders[0].code", "are refused by their code");
	row = one(was, 3);
	json_object_set_new(json_array_get(row, 0), "code", json_string("0000-0001"));
	json_array_append_new(row, json_deep_copy(json_array_get(row, 0)));
	is_int(import(&b, "orders", "order.import", row), 0, "a record twice in a call");
	is_int(desk_int(&b, "created"), 1, "is one order");
	is_int(desk_int(&b, "same"), 1, "and the same again");
	json_object_set_new(json_array_get(row, 0), "code", json_string("0000-0002"));
	json_object_set_new(json_array_get(row, 1), "code", json_string("0000-0002"));
	json_object_set_new(json_array_get(row, 1), "note", json_string("other"));
	is_int(import(&b, "orders", "order.import", row), TIX_EEXISTS, "two with one code");
	is_str(b.err.field, "orders[1].code", "are refused");
	json_decref(row);
	json_decref(was);
}

static void test_seats(void)
{
	json_t *was = export(&a, "order.export", "orders", 100), *rows = json_array();
	char code[16];

	for (int i = 0; i < 12; i++) {
		json_t *row = json_deep_copy(json_array_get(was, 0));

		snprintf(code, sizeof(code), "ZZZZ-000%X", i);
		json_object_set_new(row, "code", json_string(code));
		json_array_append_new(rows, row);
	}
	must(&b, "quota.show", "{'event':'gig','name':'kid'}");
	is_int(desk_int(&b, "free"), 4, "four seats of one quota, more of the other");
	is_int(import(&b, "orders", "order.import", rows), TIX_ESOLD_OUT, "are not oversold");
	is_str(b.err.field, "orders[4].line", "the fifth is named");
	is_int(b.err.facts[0].value, 4, "with what is left");
	must(&b, "quota.show", "{'event':'gig','name':'kid'}");
	is_int(desk_int(&b, "free"), 4, "nothing was kept");
	json_decref(rows);
	json_decref(was);
}

static const struct wrong {
	size_t order;
	const char *path, *value, *field;
	int code;
} wrongs[] = {
    {6, "buyer.name", "\"Late\"", "orders[0].buyer.erased", TIX_EBAD_VALUE},
    {5, "expires", "null", "orders[0].expires", TIX_EBAD_VALUE},
    {5, "pay", "\"cash\"", "orders[0].pay", TIX_EBAD_VALUE},
    {5, "payments.0.recorded", "null", "orders[0].payments[0].recorded", TIX_EMISSING},
    {6, "payments.0.refund", "9", "orders[0].payments[0].refund", TIX_ENOT_FOUND},
    {6, "tickets", "[{\"n\":1,\"category\":\"std\",\"price\":\"0\",\"state\":\"void\"}]",
	"orders[0].tickets", TIX_EBAD_VALUE},
    {0, "code", "\"no code\"", "orders[0].code", TIX_EBAD_VALUE},
    {0, "old_codes", "[\"7K2M-9QXD\",\"7K2M-9QXD\"]", "orders[0].old_codes", TIX_EBAD_VALUE},
    {0, "event", "\"nowhere\"", "orders[0].event", TIX_ENOT_FOUND},
    {0, "state", "\"held\"", "orders[0].state", TIX_EWRONG_STATE},
    {0, "created", "\"whenever\"", "orders[0].created", TIX_EBAD_VALUE},
    {0, "total", "\"1.00\"", "orders[0].total", TIX_EBAD_VALUE},
    {0, "total", "{\"amount\":9000,\"currency\":\"USD\"}", "orders[0].total", TIX_EBAD_VALUE},
    {0, "balance", "\"1.00\"", "orders[0].balance", TIX_EBAD_VALUE},
    {0, "credited", "\"1.00\"", "orders[0].credited", TIX_EBAD_VALUE},
    {0, "credited", "\"999.00\"", "orders[0].credited", TIX_EBAD_VALUE},
    {0, "line", "[]", "orders[0].line", TIX_EBAD_VALUE},
    {0, "line.0.category", "\"none\"", "orders[0].line", TIX_ENOT_FOUND},
    {0, "line.0.count", "3", "orders[0].total", TIX_EBAD_VALUE},
    {0, "tickets.2.category", "\"std\"", "orders[0].tickets", TIX_EBAD_VALUE},
    {0, "line.1.count", "2", "orders[0].tickets", TIX_EBAD_VALUE},
    {0, "line.0.price", "\"-1\"", "orders[0].line[0].price", TIX_EBAD_VALUE},
    {0, "tickets.0.n", "2", "orders[0].tickets[1].n", TIX_EBAD_VALUE},
    {0, "tickets.2.state", "\"removed\"", "orders[0].tickets", TIX_EBAD_VALUE},
    {0, "tickets.0.price", "\"44.00\"", "orders[0].tickets", TIX_EBAD_VALUE},
    {0, "tickets.0.category", "\"none\"", "orders[0].tickets[0].line", TIX_ENOT_FOUND},
    {0, "payments", "[]", "orders[0].balance", TIX_EBAD_VALUE},
    {0, "payments.0.amount", "\"0\"", "orders[0].payments[0].amount", TIX_EBAD_VALUE},
    {0, "payments.0.at", "\"never\"", "orders[0].payments[0].at", TIX_EBAD_VALUE},
    {0, "pay", "\"comp\"", "orders[0].pay", TIX_EBAD_VALUE},
    {1, "tickets.0.state", "\"valid\"", "orders[0].tickets[0].state", TIX_EWRONG_STATE},
    {1, "refunds.0.amount", "\"136.00\"", "orders[0].refunds[0].amount", TIX_ELIMIT},
    {1, "refunds.0.amount", "\"0\"", "orders[0].refunds[0].amount", TIX_ELIMIT},
    {1, "refunds.0.state", "\"done\"", "orders[0].refunds[0].done", TIX_EBAD_VALUE},
    {2, "refunds.0.ticket", "7", "orders[0].refunds[0].ticket", TIX_ENOT_FOUND},
    {2, "refunds.1.ticket", "2", "orders[0].refunds[1].ticket", TIX_ELIMIT},
    {2, "refunds.1.n", "1", "orders[0].refunds[1].n", TIX_EBAD_VALUE},
    {2, "refunds.0.credit", "\"1.00\"", "orders[0].credited", TIX_EBAD_VALUE},
};

static void put(json_t *row, const char *path, const char *value)
{
	char part[40];
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, ".");
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (!path[len])
			break;
		row = json_is_array(row) ? json_array_get(row, (size_t)strtoul(part, NULL, 10))
					 : json_object_get(row, part);
	}
	json_object_set_new(row, part, json_loads(value, JSON_DECODE_ANY, NULL));
}

static void test_wrong(void)
{
	json_t *was = export(&a, "order.export", "orders", 100);

	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		const struct wrong *w = &wrongs[i];
		json_t *rows = one(was, w->order), *row = json_array_get(rows, 0);

		json_object_set_new(row, "code", json_string("ABCD-EFGH"));
		put(row, w->path, w->value);
		is_int(import(&b, "orders", "order.import", rows), w->code, w->path);
		is_str(b.err.field, w->field, "is named");
		json_decref(rows);
	}
	desk_clean(&b, "after what was refused");
	json_decref(was);
}

/* No order gets the id that an old code stands for, also after a restart. */
static void test_ids(void)
{
	json_t *was = export(&a, "order.export", "orders", 100), *row = one(was, 3);
	char next[ORDER_CODE_SIZE], after[ORDER_CODE_SIZE], later[ORDER_CODE_SIZE];
	int64_t id = 0;

	is_int(desk(&b, "order.create",
		   "{'event':'gig','line':[{'category':'std','count':1}],'pay':'cash'}"),
	    0, "an order");
	order_code_decode(&b.core.keys, desk_text(&b, "code"), &id, NULL);
	order_code_encode(&b.core.keys, id + 1, next);
	order_code_encode(&b.core.keys, id + 2, after);
	order_code_encode(&b.core.keys, id + 4, later);
	json_object_set_new(json_array_get(row, 0), "code", json_string(next));
	json_object_set_new(json_array_get(row, 0), "old_codes", json_pack("[s,s]", later, after));
	is_int(import(&b, "orders", "order.import", row), 0, "one with the next codes");
	is_int(desk_f(&b, "order.show", "{'code':'%s'}", next), 0, "found by its old code");
	order_code_decode(&b.core.keys, desk_text(&b, "code"), &id, NULL);
	order_code_encode(&b.core.keys, id, after);
	is_str(desk_text(&b, "code"), after, "has the id after them");
	db_close(b.reader);
	writer_free(b.writer);
	b.writer = NULL;
	if (writer_open(&b.core, false, &b.writer, &b.err) < 0 ||
	    reader_open(&b.core, &b.reader, &b.err) < 0)
		ok(false, "opens again: %s", b.err.message);
	must(&b, "order.create",
	    "{'event':'gig','line':[{'category':'std','count':1}],'pay':'cash'}");
	ok(strcmp(desk_text(&b, "code"), later) != 0, "the next order passes over one too");
	desk_clean(&b, "with all that");
	json_decref(row);
	json_decref(was);
}

static void test_third_store(void)
{
	json_t *events, *orders;
	struct desk c;

	if (!ok(desk_open(&c, "third"), "a third store"))
		return;
	events = export(&b, "event.export", NULL, 100);
	orders = export(&b, "order.export", "orders", 100);
	is_int(import(&c, "events", "event.import", events), 0, "takes the events");
	is_int(import(&c, "orders", "order.import", orders), 0, "and the orders");
	is_int(desk_f(&c, "order.show", "{'code':'%s'}", codes[2]), 0, "the first code finds one");
	is_int(desk_count(&c, "old_codes"), 2, "of two old codes");
	desk_clean(&c, "the third store");
	json_decref(events);
	json_decref(orders);
	desk_close(&c);
}

static void test_attendees(void)
{
	json_t *all = export(&a, "attendee.export", "attendees", 1);

	is_int((int64_t)json_array_size(all), 11, "eleven tickets");
	is_str(json_string_value(json_object_get(json_array_get(all, 1), "name")), "Bob",
	    "for whom one is");
	is_str(json_string_value(json_object_get(json_array_get(all, 0), "name")), "Ann Example",
	    "else who bought it");
	json_decref(all);
	is_int(desk(&a, "order.export", "{'export':1}"), TIX_EBAD_VALUE, "no export's record");
	is_str(a.err.field, "export", "is refused by name");
	must(&a, "export.begin", "{'kind':'attendees','event':'gig'}");
	is_int(desk_f(&a, "order.export", "{'export':%lld,'event':'gig'}",
		   (long long)desk_int(&a, "record")),
	    TIX_EBAD_VALUE, "of another kind");
	must(&a, "export.begin", "{'kind':'attendees','event':'gig','idempotency_key':'e1'}");
	is_int(desk_f(&a, "attendee.export", "{'export':%lld}", (long long)desk_int(&a, "record")),
	    TIX_EBAD_VALUE, "of an event only");
	must(&a, "export.begin", "{'kind':'attendees','event':'gig','idempotency_key':'e1'}");
	is_int(desk_int(&a, "replayed"), 1, "the same key again");
	is_str(desk_text(&a, "event"), "gig", "says the same");
	must(&a, "journal.list", "{'topic':['export.begun']}");
	is_str(desk_text(&a, "items.0.subject"), "orders", "the journal says who took what");
	desk_as(&a, "default", "new");
	must(&a, "export.begin", "{'kind':'attendees'}");
	is_int(desk_f(&a, "attendee.export", "{'export':%lld}", (long long)desk_int(&a, "record")), 0,
	    "bound to an event");
	is_int(desk_count(&a, "items"), 0, "nobody sees those of another");
	is_int(desk(&a, "event.export", "{}"), 0, "nor");
	is_int(desk_count(&a, "items"), 1, "other events");
	desk_as(&a, NULL, NULL);
}

int main(void)
{
	temp_make();
	if (!desk_open(&a, "first") || !desk_open(&b, "second"))
		return done_testing();
	set_up();
	test_events();
	test_status();
	test_round_trip();
	test_old_codes();
	test_refused();
	test_seats();
	test_wrong();
	test_ids();
	test_third_store();
	test_attendees();
	desk_close(&a);
	desk_close(&b);
	return done_testing();
}
