/* SPDX-License-Identifier: MIT */
/* The audit on a healthy store, and on stores where something was changed behind the daemon's back:
 * the law and the record must be named. */
#include "tests/tap.h"
#include "tests/store/desk.h"

static struct desk d;

static void sell(const char *params, const char *name)
{
	is_int(desk(&d, "order.create", params), 0, name);
}

/* Orders 1 cash, 2 complimentary, 3 held, 4 released, 5 expired, 6 cash with a buyer, 7 from a
 * hold, 8 awaits the rest of its money, 9 did so in vain, 10 imported. */
static void set_up(void)
{
	char params[100];

	is_int(desk(&d, "event.create",
		   "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}"),
	    0, "event");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'ga','price':'10','size':100}"),
	    0, "category ga");
	is_int(desk(&d, "category.create", "{'event':'gig','name':'vip','price':'20','size':50}"),
	    0, "category vip");
	is_int(
	    desk(&d, "quota.create",
		"{'event':'gig','name':'house','size':60,'overbook':5,'categories':['ga','vip']}"),
	    0, "a quota of both");
	is_int(
	    desk(&d, "event.publish", "{'event':'gig','reason':'we are ready'}"), 0, "published");
	sell("{'event':'gig','line':[{'category':'ga','count':2},{'category':'vip','count':1}],'"
	     "pay':'cash',"
	     "'idempotency_key':'01890a5d-ac96-774b-bcce-b302099a8057'}",
	    "cash");
	sell("{'event':'gig','line':[{'category':'ga','count':1}],'pay':'comp'}", "complimentary");
	is_int(desk(&d, "hold.create",
		   "{'event':'gig','line':[{'category':'ga','count':3}],'expires':'+1h'}"),
	    0, "held");
	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'vip','count':1}]}"), 0,
	    "to be released");
	snprintf(params, sizeof(params), "{'hold':'%s'}", desk_text(&d, "code"));
	is_int(desk(&d, "hold.release", params), 0, "released");
	is_int(desk(&d, "hold.create",
		   "{'event':'gig','line':[{'category':'vip','count':2}],'expires':'+1m'}"),
	    0, "to expire");
	clock_test_set(d.clock, DESK_NOW + 120 * USEC_PER_SEC);
	sell("{'event':'gig','line':[{'category':'vip','count':2}],'pay':'cash','name':'Eve','"
	     "email':'eve@example.org',"
	     "'idempotency_key':'my key'}",
	    "with a buyer");
	is_int(desk(&d, "hold.create", "{'event':'gig','line':[{'category':'ga','count':1}]}"), 0,
	    "to be sold");
	snprintf(params, sizeof(params), "{'hold':'%s','pay':'cash'}", desk_text(&d, "code"));
	sell(params, "from a hold");
	for (int i = 0; i < 2; i++) {
		sell(i == 0 ? "{'event':'gig','line':[{'category':'ga','count':2}],'pay':'bank'}"
			    : "{'event':'gig','line':[{'category':'ga','count':2}],'pay':'bank','expires':'+1m'}",
		    "to be paid");
		snprintf(params, sizeof(params), "{'code':'%s','kind':'bank','amount':'5'}",
		    desk_text(&d, "code"));
		is_int(desk(&d, "payment.record", params), 0, "a part is");
	}
	clock_test_set(d.clock, DESK_NOW + 180 * USEC_PER_SEC);
	writer_tend(d.writer);
	is_int(desk(&d, "order.import",
		   "{'orders':[{'code':'7K2M-9QXD','event':'gig','state':'paid','pay':'comp',"
		   "'created':'2025-12-01','total':'0','credited':'0','balance':'0',"
		   "'line':[{'category':'ga','count':1,'price':'0'}],"
		   "'tickets':[{'n':1,'category':'ga','price':'0','state':'valid'}]}]}"),
	    0, "imported");
	desk_sql(&d, "insert into job values (1, 1, 3, null, 1, 0, 1, 'owner', '', '', '{}', '{}', null, "
		     "null, 1, 2, 3, 1, 1, 1, 1, 4, 0, 0, 0, 0, 0); insert into job_item values "
		     "(1, 1, 1, null, null, 5), (1, 2, 2, 'limit', 'no', null), (1, 4, 3, null, null, null)");
}

static void test_healthy(void)
{
	static const char *const laws[] = {"stock", "holds", "orders", "payments", "ledger", "keys",
	    "journal", "persons", "codes", "jobs", "store"};
	char path[60], hex[65] = "";
	int64_t seq;
	uint8_t hash[32];

	is_int(desk(&d, "audit.run", "{}"), 0, "the audit of a healthy store");
	is_int(desk_int(&d, "ok"), 1, "is content");
	is_int(desk_count(&d, "findings"), 0, "without findings");
	is_int(desk_count(&d, "laws"), 11, "after eleven laws");
	for (int i = 0; i < 11; i++) {
		snprintf(path, sizeof(path), "laws.%d.law", i);
		is_str(desk_text(&d, path), laws[i], "a law");
		snprintf(path, sizeof(path), "laws.%d.checked", i);
		ok(desk_int(&d, path) > 0, "looked at something");
	}
	writer_head(d.writer, &seq, hash);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	is_int(desk_int(&d, "head.seq"), seq, "the head is the journal's");
	is_str(desk_text(&d, "head.hash"), hex, "with its hash");
	is_int(
	    desk(&d, "audit.run", "{'law':['keys','codes'],'gentle':true}"), 0, "two laws, gently");
	is_int(desk_count(&d, "laws"), 2, "are two");
	is_int(desk_int(&d, "head.seq"), seq, "the head is told all the same");
	is_int(desk(&d, "audit.run", "{'law':['gravity']}"), TIX_EBAD_VALUE, "an unknown law");
	is_str(d.err.field, "law", "is refused by name");
	ok(strstr(d.err.hint, "persons"), "and the laws are listed");
	desk_as(&d, "default", NULL);
	is_int(desk(&d, "audit.run", "{}"), TIX_ENOT_PERMITTED,
	    "who is bound to an organizer is refused");
	desk_as(&d, NULL, NULL);
}

static const struct fault {
	const char *law;
	const char *subject; /* @N is the code of order N */
	const char *sql;
} faults[] = {
    {"stock", "gig/ga", "update quota set sold = sold - 1 where name = 'ga'"},
    {"stock", "gig/vip", "update quota set held = held + 1 where name = 'vip'"},
    {"stock", "gig/house", "update quota set size = 2, overbook = 0 where name = 'house'"},
    {"stock", "gig/ga", "update quota set blocked = 1 where name = 'ga'"},
    {"stock", "gig/ga", "insert into quota_block values (9, 1, 2, 'press', 'owner', 1)"},
    {"stock", "gig/ga", "update ticket set state = 3 where id = 1025"},
    {"stock", "gig/vip", "update line set count = 4, category = 2 where id = 3073"},
    {"stock", "gig/house", "delete from quota_category where quota = 3 and category = 1"},
    {"holds", "@3", "update orders set expires = 1000000 where id = 3"},
    {"holds", "@3", "update orders set expires = null where id = 3"},
    {"holds", "@3", "insert into ticket values (3073, 1, 1000, 0, 1)"},
    {"orders", "@1", "update orders set total = total + 1 where id = 1"},
    {"orders", "@1", "delete from ticket where id = 1026"},
    {"orders", "@6", "update line set count = 3 where id = 6145"},
    {"orders", "@6", "update ticket set state = 4 where id = 6145"},
    {"orders", "@1", "update ticket set price = price + 1 where id = 1025; "
		     "update ticket set price = price - 1 where id = 1026"},
    {"payments", "@1", "update payment set amount = amount - 1 where id = 1025; "
		       "insert into order_money values (1, 2000, 0, 0, 3)"},
    {"orders", "@2", "update orders set total = 1000 where id = 2"},
    {"orders", "@5", "insert into ticket values (5121, 2, 2000, 0, 1)"},
    {"orders", "@6", "update orders set state = 9 where id = 6"},
    {"orders", "@6", "update orders set pay = null where id = 6"},
    {"orders", "@99/1", "insert into ticket values (101377, 1, 1000, 0, 1)"},
    {"orders", "@4/1", "pragma defer_foreign_keys = on; delete from orders where id = 4"},
    {"payments", "@1", "update payment set amount = amount - 1 where id = 1025"},
    {"payments", "@6", "delete from payment where id = 6145"},
    {"payments", "@3", "insert into payment values (3073, 1, 5, 1, 1)"},
    {"payments", "@2", "insert into payment values (2049, 1, 5, 1, 1)"},
    {"payments", "@99/1", "insert into payment values (101377, 1, 5, 1, 1)"},
    {"payments", "@1", "insert into refund values (1025, 1, 5, 0, 5, 1, 1, null, null)"},
    {"payments", "@6", "insert into order_money values (6, 1, 0, 0, 3)"},
    {"payments", "@99/1", "insert into refund values (101377, 1, 5, 0, 5, 1, 1, null, null)"},
    {"ledger", "@1", "insert into order_money values (1, 4000, 0, 7, 3)"},
    {"journal", "@1", "update orders set state = 5 where id = 1"},
    {"ledger", "@1", "delete from posting where id = 1026"},
    {"ledger", "@6", "update posting set amount = amount + 1 where id = 6145"},
    {"ledger", "@6", "update posting set currency = 'USD' where id = 6145"},
    {"ledger", "@6", "update posting set debit = 3 where id = 6146"},
    {"ledger", "@7", "update posting set seq = 100000 where id = 7171"},
    {"ledger", "@2", "insert into posting values (2049, 1, 4, 7, 'EUR', 1)"},
    {"ledger", "@99/1", "insert into posting values (101377, 1, 4, 7, 'EUR', 1)"},
    {"stock", "gig/ga", "update orders set state = 3 where id = 8"},
    {"holds", "@8", "update orders set expires = null where id = 8"},
    {"holds", "@8", "insert into ticket values (8193, 1, 1000, 0, 1)"},
    {"orders", "@8", "update orders set pay = 1 where id = 8"},
    {"orders", "@9", "insert into ticket values (9217, 1, 1000, 0, 1)"},
    {"payments", "@8", "update order_money set word = 3 where orders = 8"},
    {"payments", "@8", "update payment set amount = amount + 1 where id = 8193"},
    {"payments", "@8", "update payment set kind = 2 where id = 8193"},
    {"payments", "@8", "delete from order_money where orders = 8"},
    {"payments", "@9", "update order_money set credited = 0 where orders = 9"},
    {"payments", "@9", "delete from refund where id = 9217"},
    {"payments", "@9", "update refund set state = 3 where id = 9217"},
    {"ledger", "@8", "delete from posting where id = 8195"},
    {"ledger", "@8", "update posting set debit = 2 where id = 8195"},
    {"ledger", "@9", "delete from posting where id = 9221"},
    {"ledger", "@9", "delete from posting where id = 9222"},
    {"journal", "@8", "update orders set state = 2, expires = null where id = 8"},
    {"journal", "@9", "update orders set state = 6 where id = 9"},
    {"keys", "01890a5d-ac96-774b-bcce-b302099a8057",
	"update idem set seq = 100000 where length(key) = 16"},
    {"keys", "my key", "update idem set seq = 0 where length(key) = 6"},
    {"journal", "3", "update journal set data = '{\"price\":1}' where seq = 3"},
    {"journal", "5", "delete from journal where seq = 4"},
    {"journal", "2", "update journal set at = at + 1 where seq = 2"},
    {"journal", "2", "update journal set hash = zeroblob(32) where seq = 2"},
    {"journal", "@1",
	"insert into orders select 11, event, state, created, tickets, total, pay, person, channel, "
	"note, "
	"expires from orders where id = 1; update orders set state = 3 where id = 1"},
    {"journal", "@11",
	"insert into orders select 11, event, state, created, tickets, total, pay, person, channel, "
	"note, "
	"expires from orders where id = 1"},
    {"journal", "@6", "delete from orders where id = 6"},
    {"journal", "@3", "update orders set state = 2 where id = 3"},
    {"journal", "orders", "delete from order_record where orders = 4"},
    {"persons", "@6", "delete from person"},
    {"persons", "@6", "update person set orders = 1"},
    {"persons", "person/1", "update orders set person = null"},
    {"codes", "@6/1", "update ticket set generation = -1 where id = 6145"},
    {"codes", "@1/2", "update ticket set generation = 20000 where id = 1026"},
    {"codes", "@6/0", "update ticket set id = 6144 where id = 6145"},
    {"codes", "#1099511627777", "update orders set id = 1099511627777 where id = 2"},
    {"codes", "@50", "insert into alias values (50, 7)"},
    {"codes", "@7", "insert into alias values (7, 10)"},
    {"codes", "@10", "delete from alias"},
    {"codes", "@90", "insert into imported values (90, 1, zeroblob(32))"},
    {"journal", "@10", "update orders set state = 3 where id = 10"},
    {"jobs", "j1", "update job set done = 2"},
    {"jobs", "j1", "update job set total = 4"},
    {"jobs", "j1", "update job set ended = null"},
    {"jobs", "j1", "update job set state = 1"},
    {"jobs", "j1", "update job set kind = 99"},
    {"jobs", "j1", "update job set cursor = 3"},
    {"jobs", "j1", "delete from job_item where subject = 4"},
    {"jobs", "j1", "update job_item set seq = 100000 where subject = 1"},
    {"jobs", "j1", "update job_item set error = null where subject = 2"},
    {"jobs", "j1", "update job_item set state = 9 where subject = 1"},
    {"jobs", "j1", "insert into job_line values (4294967297, '{}')"},
    {"jobs", "j7", "insert into job_item values (7, 1, 1, null, null, 1)"},
    {"store", "line/1025", "update line set category = 77 where id = 1025"},
    {"store", "file", "update quota set blocked = -1 where name = 'ga'"},
    {"store", "gig", "delete from event_fts"},
    {"store", "gig/ga", "update category set sale_to_rule = 'start' where id = 1"},
    {"store", "gig/ga", "update category set sale_from_rule = 'doors' where id = 1"},
    {"store", "gig", "insert into event_slug values ('gig', 1, 1)"},
};

static const char *expected(const char *subject, char ret[64])
{
	char code[ORDER_CODE_SIZE];
	char *end;

	if (subject[0] != '@')
		return subject;
	order_code_encode(&d.core.keys, strtoll(subject + 1, &end, 10), code);
	snprintf(ret, 64, "%s%s", code, end);
	return ret;
}

static bool named(const struct desk *at, const struct fault *f)
{
	char subject[64], path[60];

	for (int i = 0; i < desk_count(at, "findings"); i++) {
		const char *law, *who;

		snprintf(path, sizeof(path), "findings.%d.law", i);
		law = desk_text(at, path);
		snprintf(path, sizeof(path), "findings.%d.subject", i);
		who = desk_text(at, path);
		if (strcmp(law, f->law) == 0 && strcmp(who, expected(f->subject, subject)) == 0)
			return true;
		diag("also %s %s", law, who);
	}
	return false;
}

static void test_fault(const struct fault *f, int number)
{
	struct desk copy = d;
	char path[512], name[32], sql[700];

	snprintf(name, sizeof(name), "fault-%d", number);
	temp_path(path, name);
	snprintf(sql, sizeof(sql), "vacuum into '%s'", path);
	desk_sql(&d, sql);
	copy.reply = NULL;
	temp_url(copy.core.store_url, name);
	desk_sql(&copy, "drop trigger posting_update; drop trigger posting_delete; "
			"drop trigger journal_update; drop trigger journal_delete");
	desk_sql(&copy, f->sql);
	if (reader_open(&copy.core, &copy.reader, &copy.err) < 0) {
		ok(false, "fault %d opens: %s", number, copy.err.message);
		return;
	}
	snprintf(sql, sizeof(sql), "{'law':['%s']}", f->law);
	if (ok(desk(&copy, "audit.run", sql) == 0 && desk_int(&copy, "ok") == 0, "%s: found: %.60s",
		f->law, f->sql))
		ok(named(&copy, f), "%s names %s", f->law, f->subject);
	db_close(copy.reader);
	json_decref(copy.reply);
	unlink(path);
}

static void test_many(void)
{
	desk_sql(&d, "insert into person with recursive n(i) as (select 1000 union all select i + "
		     "1 from n where i < 2999) "
		     "select i, 1, null, null, null, null, null, null, null from n");
	is_int(desk(&d, "audit.run", "{'law':['persons']}"), 0, "two thousand faults");
	is_int(desk_count(&d, "findings"), 1000, "a thousand are shown");
	is_int(desk_int(&d, "laws.0.findings"), 2000, "all are counted");
}

int main(void)
{
	temp_make();
	if (!desk_open(&d, "audit"))
		return done_testing();
	set_up();
	test_healthy();
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		test_fault(&faults[i], (int)i);
	test_many();
	desk_close(&d);
	return done_testing();
}
