/* SPDX-License-Identifier: MIT */
/* Finding orders by their buyers: folding, words, numbers, amounts; any mix of filters equals what
 * a plain look at every order gives, at each stage of the look-up index; what is forgotten leaves
 * no key. */
#include <strings.h>

#include "core/lookup_key.h"
#include "tests/store/sell.h"
#include "tests/tap.h"

#define N 600
#define ROUNDS 120

/* A name, and its words as somebody without those letters types them. */
static const struct {
	const char *name, *plain;
} names[] = {
    {"Zażółć Gęślą", "zazolc gesla"},
    {"Hans Straße", "hans strasse"},
    {"Łódź Maria", "lodz maria"},
    {"İstanbul Irmak", "istanbul irmak"},
    {"Ångström Bo", "angstrom bo"},
    {"A\xCC\x8A"
     "ngstro\xCC\x88m Ada",
	"angstrom ada"},
    {"Waters, Ada", "waters ada"},
    {"Ada Watanabe", "ada watanabe"},
    {"Wat Tyler", "wat tyler"},
    {"Seán O\xE2\x80\x99"
     "Brien",
	"sean obrien"},
    {"Jean-Luc d'Arc", "jean luc darc"},
    {"山田太郎", "山田太郎"},
    {"محمد علي", "محمد علي"},
    {"Κώστας Παπαδόπουλος", "κωστασ παπαδοπουλοσ"},
    {"ÆGIR Øst", "aegir ost"},
    {"Christina Kowalski", "christina kowalski"},
    {"Christian Kowalsky", "christian kowalsky"},
    {"Anna Anna", "anna anna"},
    {"  ?  ", ""},
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *const phones[] = {"+48 600 123 456", "600123456", "0048600123456", "030 1234567",
    "+49 30 1234567", "112", "12-34"};
static const char *const ends[] = {
    "00123456", "00123456", "00123456", "01234567", "01234567", "", "1234"};
#define PHONES (sizeof(phones) / sizeof(phones[0]))

struct made {
	int64_t id, total;
	int name, phone, email; /* -1: none */
	int event, state;
};

static struct shop shop;
static struct shop_call k;
static struct made made[N];
static unsigned seed = 1;

static int roll(int n)
{
	seed = seed * 1103515245U + 12345U;
	return (int)((seed >> 12) % (unsigned)n);
}

static int sell(struct made *m, int i)
{
	struct order_create_in in;
	struct hold_create_in hold;
	char email[40];
	int r;

	*m = (struct made){.name = -1, .phone = -1, .email = -1, .state = order_state_paid};
	m->event = roll(4) == 0 ? 2 : 1;
	in = shop_order(&k, roll(2) && m->event == 1 ? "vip" : "std", 1 + roll(2));
	in.event = m->event == 2 ? "quiet" : "gig";
	clock_test_set(shop.clock, SELL_START + i * USEC_PER_SEC);
	if (roll(6) == 0) {
		hold = (struct hold_create_in){.event = in.event, .line = in.line};
		r = shop_run(&shop, &k, &op_hold_create, &hold);
		m->state = order_state_held;
		m->total = k.out.hold.total.amount;
		return r < 0 ? r
			     : order_code_decode(&shop.core.keys, k.out.hold.code, &m->id, NULL);
	}
	if (roll(8)) {
		m->name = roll(NAMES);
		in.name = names[m->name].name;
	}
	if (roll(2)) {
		m->phone = roll(PHONES);
		in.phone = phones[m->phone];
	}
	if (roll(2)) {
		m->email = roll(20);
		snprintf(email, sizeof(email), roll(2) ? "b%d@x.org" : "B%d@X.ORG", m->email);
		in.email = email;
	}
	r = shop_run(&shop, &k, &op_order_create, &in);
	m->total = k.out.order.total.amount;
	return r < 0 ? r : order_code_decode(&shop.core.keys, k.out.order.code, &m->id, NULL);
}

static bool has_plain(const char *plain, const char *want, bool prefix)
{
	size_t len = strlen(want);

	for (const char *s = plain; *s; s += strcspn(s, " "), s += *s == ' ') {
		if (strncmp(s, want, len) == 0 && (prefix || s[len] == ' ' || s[len] == '\0'))
			return true;
	}
	return false;
}

/* What is asked for, in plain. */
struct want {
	char word[64], second[64];
	bool prefix;
	const char *end; /* of the number */
	int email, event;
	uint64_t states;
	char op[3];
	int64_t total;
};

static bool fits(const struct made *m, const struct want *w)
{
	const char *plain = m->name < 0 ? "" : names[m->name].plain;
	bool less = m->total < w->total, same = m->total == w->total;

	if (w->word[0] && !has_plain(plain, w->word, w->prefix))
		return false;
	if (w->second[0] && !has_plain(plain, w->second, false))
		return false;
	if (w->end && (m->phone < 0 || strcmp(ends[m->phone], w->end) != 0))
		return false;
	if (w->email >= 0 && m->email != w->email)
		return false;
	if (w->event && m->event != w->event)
		return false;
	if (w->states && !((w->states >> m->state) & 1))
		return false;
	return !w->op[0] ||
	       (same ? strchr(w->op, '=') != NULL : strchr(w->op, less ? '<' : '>') != NULL);
}

/* All pages against all that fits; how many, -1 when they differ. */
static int compare(struct order_list_in in, const struct want *w, int limit)
{
	char cursor[512];
	bool desc = !in.sort;
	int at = desc ? N - 1 : 0, n = 0;

	in.limit = limit;
	in.present |= UINT64_C(1) << IX_order_list_in_limit;
	for (int pages = 0; pages < 2 * N; pages++) {
		if (shop_run(&shop, &k, &op_order_list, &in) < 0)
			return diag("%s", k.c.err.message), -1;
		for (size_t i = 0; i < k.out.orders.items.n; i++, n++) {
			const struct order_row *row = (struct order_row *)k.out.orders.items.v + i;
			int64_t id = 0;

			order_code_decode(&shop.core.keys, row->code, &id, NULL);
			while (at >= 0 && at < N && !fits(&made[at], w))
				at += desc ? -1 : 1;
			if (at < 0 || at >= N || made[at].id != id)
				return -1;
			at += desc ? -1 : 1;
		}
		if (!k.out.orders.next)
			break;
		snprintf(cursor, sizeof(cursor), "%s", k.out.orders.next);
		in.cursor = cursor;
	}
	while (at >= 0 && at < N) {
		if (fits(&made[at], w))
			return -1;
		at += desc ? -1 : 1;
	}
	return n;
}

/* A word of some name, or its beginning, and perhaps another. */
static void roll_name(struct want *w, char *text, size_t size)
{
	const char *plain = names[roll(NAMES)].plain;
	size_t len = strcspn(plain, " ");

	if (!*plain)
		return;
	snprintf(w->word, sizeof(w->word), "%.*s", (int)len, plain);
	w->prefix = roll(2);
	if (w->prefix && (unsigned char)plain[0] < 0x80)
		w->word[1 + roll((int)len)] = '\0';
	if (plain[len] && roll(4) == 0)
		snprintf(w->second, sizeof(w->second), "%.60s", plain + len + 1);
	if (strchr(w->second, ' '))
		w->second[0] = '\0';
	snprintf(text, size, "%s%s%s%s", w->second, w->second[0] ? " " : "", w->word,
	    w->prefix ? "*" : "");
}

/* One mix of filters. */
static int round_of(void)
{
	static const char *const ops[] = {"", "=", "<", "<=", ">", ">="};
	struct order_list_in in = {0};
	struct want w = {.email = -1};
	char name[200] = "", email[40], total[40];
	int r;

	if (roll(2)) {
		roll_name(&w, name, sizeof(name));
		in.name = name[0] ? name : NULL;
	}
	if (roll(4) == 0) {
		int i = roll(PHONES);

		w.end = ends[i][0] ? ends[i] : NULL;
		in.phone = w.end ? phones[i] : NULL;
	}
	if (roll(4) == 0) {
		w.email = roll(20);
		snprintf(email, sizeof(email), "b%d@X.org", w.email);
		in.email = email;
	}
	if (roll(3) == 0) {
		w.event = 1 + roll(2);
		in.event = w.event == 2 ? "quiet" : "gig";
	}
	if (roll(3) == 0)
		in.state = w.states = UINT64_C(1)
				      << (roll(2) ? order_state_held : order_state_paid);
	if (roll(3) == 0) {
		const char *op = ops[roll(6)];

		w.total = made[roll(N)].total;
		snprintf(w.op, sizeof(w.op), "%s", op[0] ? op : "=");
		snprintf(total, sizeof(total), "%s%lld.%02lld", op, (long long)w.total / 100,
		    (long long)w.total % 100);
		in.total = total;
	}
	in.sort = roll(2) ? "created" : NULL;
	r = compare(in, &w, 1 + roll(60));
	if (r < 0)
		diag("name %s, phone %s, email %s, event %s, state %d, total %s, sort %s",
		    in.name ? in.name : "", in.phone ? in.phone : "", in.email ? in.email : "",
		    in.event ? in.event : "", (int)in.state, in.total ? in.total : "",
		    in.sort ? in.sort : "");
	return r;
}

static void test_rounds(const char *when)
{
	int bad = 0, found = 0;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned was = seed;
		int n = round_of();

		if (n < 0)
			diag("round %d of seed %u", i, was);
		bad += n < 0;
		found += n > 0;
	}
	is_int(bad, 0, when);
	ok(found > ROUNDS / 4, "and %d of them find something", found);
}

static int count(const struct order_list_in *in)
{
	return shop_run(&shop, &k, &op_order_list, in) < 0 ? k.c.result : (int)k.out.orders.items.n;
}

static void test_folding(void)
{
	static const char *const pairs[][2] = {{"Zażółć", "zazolc"}, {"STRASSE", "Straße"},
	    {"straße", "STRASSE"}, {"lodz", "ŁÓDŹ"}, {"ISTANBUL", "İstanbul"},
	    {"istanbul", "ıstanbul"}, {"ångström", "Angstrom"},
	    {"A\xCC\x8A"
	     "ngstro\xCC\x88m",
		"ångström"},
	    {"ｗａｔ", "WAT"}, {"O'Brien", "obrien"}, {"ΚΏΣΤΑΣ", "κωστας"}, {"山田", "山田"},
	    {"مُحَمَّد", "محمد"}, {"Nguyễn", "nguyen"}, {"Dvořák", "dvorak"}, {"ŒUVRE", "oeuvre"}};
	struct arena *a = arena_new(1 << 16);

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		is_str(lookup_words(a, pairs[i][0], false), lookup_words(a, pairs[i][1], false),
		    pairs[i][0]);
	is_str(lookup_words(a, " Jean-Luc, d'Arc ", false), "jean luc darc", "signs part");
	is_str(lookup_words(a, "wat* a*b **", true), "wat* a b", "a star ends a word");
	is_str(lookup_words(a, "***", true), "", "alone it is none");
	arena_free(a);
}

static void test_words(void)
{
	struct order_list_in in = {.name = "*"};

	is_int(count(&in), TIX_EBAD_VALUE, "no word is refused");
	is_str(k.c.err.field, "name", "by its field");
	in = (struct order_list_in){.phone = "12"};
	is_int(count(&in), TIX_EBAD_VALUE, "so are two digits");
	for (size_t i = 0; i < 6; i++) {
		static const char *const bad[] = {"45,00", "<>45", ">", "=>1", "XXQ 1", "-5"};

		in = (struct order_list_in){.total = bad[i]};
		is_int(count(&in), TIX_EBAD_VALUE, bad[i]);
	}
	in = (struct order_list_in){.total = "USD 45.00"};
	is_int(count(&in), 0, "another currency is none");
	in.event = "gig";
	is_int(count(&in), TIX_EBAD_VALUE, "and refused beside an event");
	in = (struct order_list_in){.total = "EUR 45"};
	ok(count(&in) > 0, "its own is found");
}

static void test_find(void)
{
	char code[ORDER_CODE_SIZE];
	struct order_list_in in = {.find = code};

	order_code_encode(&shop.core.keys, made[7].id, code);
	is_int(count(&in), 1, "a code");
	in.find = "B3@x.org";
	is_int(compare(in, &(struct want){.email = 3}, 50), count(&in), "an address");
	in.find = "+48-600-123-456";
	ok(compare(in, &(struct want){.email = -1, .end = "00123456"}, 100) > 0, "a number");
	in.find = "ada wat";
	is_int(
	    compare(in, &(struct want){.email = -1, .word = "wat", .prefix = true, .second = "ada"},
		100),
	    count(&in), "the beginning of a name");
	in.email = "nobody@x.org";
	is_int(count(&in), 0, "beside another filter");
	in.find = "b3@x.org";
	is_int(count(&in), 0, "or against it");
}

static void test_cursor(void)
{
	struct order_list_in in = {
	    .name = "ada", .limit = 1, .present = UINT64_C(1) << IX_order_list_in_limit};
	char cursor[512];

	is_int(count(&in), 1, "a page");
	snprintf(cursor, sizeof(cursor), "%s", k.out.orders.next ? k.out.orders.next : "");
	in.cursor = cursor;
	is_int(count(&in), 1, "and the next");
	in.name = "ad*";
	is_int(count(&in), TIX_EBAD_VALUE, "its cursor with another name is refused");
	in.name = "ada";
	in.phone = "600123456";
	is_int(count(&in), TIX_EBAD_VALUE, "with a number too");
	in.phone = NULL;
	in.total = ">1";
	is_int(count(&in), TIX_EBAD_VALUE, "with an amount too");
}

static void tend(int times)
{
	for (int i = 0; i < times; i++)
		writer_tend(shop.w);
}

/* Keys of an order in the store, in runs and left-overs. */
static int keys_of(int64_t order)
{
	struct db *db = NULL;
	char sql[200];
	int r;

	snprintf(sql, sizeof(sql),
	    "create temp table t (n integer check (n = 0)); "
	    "insert into t select count(*) from lookup where orders = %lld",
	    (long long)order);
	if (db_open(shop.core.store_url, DB_WRITER, false, &db, &shop.err) < 0)
		return -1;
	r = db_exec(db, sql, &shop.err);
	db_close(db);
	return r < 0;
}

static int64_t order_of(int64_t person)
{
	int64_t order = 0;
	struct q q;

	q_start(&q, shop.w->db, SQL_lookup_persons, &shop.err);
	q_i64(&q, 1, person - 1);
	q_i64(&q, 2, person);
	q_i64(&q, 3, 1);
	if (q_step(&q) == 1)
		order = q_col(&q, 1);
	q_end(&q);
	return order;
}

static int forget(struct call *c, const void *in, void *out)
{
	int64_t person = *(const int64_t *)((const char *)in + sizeof(struct mut_in));
	char sql[120];
	int r = lookup_forget(c, person);

	(void)out;
	snprintf(sql, sizeof(sql),
	    "update person set name = null, email = null, phone = null "
	    "where id = %d",
	    (int)person);
	return r < 0 ? r : db_exec(c->db, sql, &c->err);
}

static void test_forget(void)
{
	static const struct call_op op = {
	    .name = "forget", .run = forget, .out_size = sizeof(struct order), .mutates = true};
	struct {
		struct mut_in mut;
		int64_t person;
	} in = {0};
	int had = 0, left = 0;

	for (int64_t person = 1; person <= 200; person += 3) {
		int64_t order = order_of(person);

		had += keys_of(order);
		in.person = person;
		if (shop_run(&shop, &k, &op, &in) < 0)
			diag("%s", k.c.err.message);
		left += keys_of(order);
		tend(1);
	}
	ok(had > 20, "orders had keys: %d", had);
	is_int(left, 0, "a forgotten person has none, whatever was under way");
	tend(3000);
	for (int64_t person = 1; person <= 200; person += 3)
		left += keys_of(order_of(person));
	is_int(left, 0, "and gets none by a merge");
}

/* A store that comes with many persons and no run, as after an upgrade, has more runs to make than
 * may lie there at once. */
static void test_many_runs(void)
{
	int64_t wait = 0;
	int n = 0;

	if (db_exec(shop.w->db, "delete from lookup; delete from lookup_run", &shop.err) < 0)
		diag("%s", shop.err.message);
	lookup_tune(shop.w->lookup, 1, 50);
	for (; n < 20000 && wait >= 0 && wait < USEC_PER_SEC; n++)
		wait = writer_tend(shop.w);
	ok(wait >= USEC_PER_SEC, "a run for each person is made and merged, in %d steps", n);
}

/* Persons of no order, more than a search looks at one by one. */
static void add_persons(void)
{
	is_int(db_exec(shop.w->db,
		   "with recursive n (i) as (select 1 union all select i + 1 from n where i < 30000) "
		   "insert into person (id, orders, name, email, phone) select "
		   "(select max(id) from person) + i, 1, 'Ada Wat', 'b1@x.org', '600123456' from n",
		   &shop.err),
	    0, "many persons in no run");
	is_int(lookup_usable(&k.c, LOOKUP_email) + lookup_usable(&k.c, LOOKUP_name) +
		   lookup_usable(&k.c, LOOKUP_phone),
	    0, "are too many to look at");
}

int main(void)
{
	temp_make();
	if (!ok(shop_open(&shop, "find.db", true) == 0 && shop_stock(&shop, 10000, 10000) == 0 &&
		    db_exec(shop.w->db,
			"update event set status = 2 where id = 2;"
			"insert into quota_category (category, quota) values (4, 1)",
			&shop.err) == 0,
		"a shop"))
		return diag("%s", shop.err.message), done_testing();
	for (int i = 0; i < N; i++) {
		if (sell(&made[i], i) < 0)
			return ok(false, "order %d: %s", i, k.c.err.message), done_testing();
	}
	test_folding();
	test_words();
	test_find();
	test_cursor();
	test_rounds("from the rows of the persons");
	lookup_tune(shop.w->lookup, 13, 5);
	tend(90);
	test_rounds("with runs half made");
	shop_close(&shop);
	is_int(shop_open(&shop, "find.db", false), 0, "a restart");
	test_rounds("after it");
	lookup_tune(shop.w->lookup, 13, 5);
	tend(400);
	test_rounds("while runs are merged");
	add_persons();
	test_rounds("from the rows of the orders");
	is_int(db_exec(shop.w->db, "delete from person where name = 'Ada Wat'", &shop.err), 0,
	    "without them");
	test_forget();
	test_many_runs();
	shop_done(&k);
	shop_free(&shop);
	return done_testing();
}
