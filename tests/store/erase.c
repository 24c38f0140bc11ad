/* SPDX-License-Identifier: MIT */
/* Erasing a person: among many orders, notes, holders and reasons nothing of the name is left in
 * the store's file, its log or a later backup, other people stay, and all laws hold. */
#include <sqlite3.h>

#include "tests/tap.h"
#include "tests/store/desk.h"
#include "core/backup.h"
#include "core/lookup.h"
#include "core/writer_state.h"
#include "store/path.h"

#define OTHERS 900

static const char name[] = "Zbigniew Wykre\u015blony";
static const char folded[] = "zbigniew wykreslony";
static const char mail[] = "Zbyszek.Wymazany@Example.org";
static const char small[] = "zbyszek.wymazany@example.org";
static const char phone[] = "+48 601 777 333";

static struct desk d;
static char path[DB_PATH_MAX];

static void did(const char *method, const char *params)
{
	if (!is_int(desk(&d, method, params), 0, method))
		diag("%s", params);
}

static char *slurp(const char *file, size_t *ret_len)
{
	FILE *f = fopen(file, "re");
	char *data = NULL;
	size_t len = 0, n;

	*ret_len = 0;
	if (!f)
		return NULL;
	do {
		data = realloc(data, len + (1 << 20));
		n = fread(data + len, 1, 1 << 20, f);
		len += n;
	} while (n > 0);
	fclose(f);
	*ret_len = len;
	return data;
}

/* How many pieces of eight bytes of a text are in a file; neither blanks nor "@example.org". */
static int pieces(const char *data, size_t len, const char *text)
{
	int n = 0;

	for (size_t i = 0; i + 8 <= strlen(text) && text[i] != '@' && text[i + 7] != '@'; i++) {
		if (memmem(data, len, text + i, 8)) {
			diag("found: %.8s of %s", text + i, text);
			n++;
		}
	}
	return n;
}

static int traces(const char *file)
{
	size_t len;
	char *data = slurp(file, &len);
	int n = 0;

	if (data)
		n = pieces(data, len, name) + pieces(data, len, folded) + pieces(data, len, mail) +
		    pieces(data, len, small) + pieces(data, len, phone);
	free(data);
	return n;
}

static int traces_beside(const char *suffix)
{
	char file[DB_PATH_MAX + 8];

	snprintf(file, sizeof(file), "%s%s", path, suffix);
	return traces(file);
}

static const char *sell(const char *who, const char *address, const char *more, char code[32])
{
	char params[600];

	snprintf(params, sizeof(params),
	    "{'event':'gig','line':[{'category':'ga','count':2}],'pay':'cash','name':'%.80s',"
	    "'email':'%.80s'%.200s}",
	    who, address, more);
	if (desk(&d, "order.create", params) != 0)
		diag("%s: %s", params, d.err.message);
	snprintf(code, 32, "%s", desk_text(&d, "code"));
	return code;
}

static void call_on(const char *method, const char *field, const char *value, const char *more)
{
	char params[700];

	snprintf(params, sizeof(params), "{'%.20s':'%.80s'%.500s}", field, value, more);
	did(method, params);
}

/* Four orders of the person among those of others; tickets in others' orders; reasons and notes
 * that name him, on his orders and elsewhere. */
static char mine[4][32], theirs[OTHERS][32];

static void populate(void)
{
	char more[300], who[80], address[80], ticket[48];
	uint64_t seed = 7;

	did("event.create", "{'event':'gig','name':'Gig','start':'2026-06-13','currency':'EUR'}");
	did("category.create", "{'event':'gig','name':'ga','price':'45','size':20000}");
	did("event.publish", "{'event':'gig'}");
	for (int i = 0; i < OTHERS; i++) {
		snprintf(who, sizeof(who), "Buyer Number %d of %d", i, i % 7);
		snprintf(address, sizeof(address), "b%d@example.net", i);
		sell(who, address, "", theirs[i]);
		if (i % 300 == 150) {
			snprintf(more, sizeof(more),
			    ",'phone':'%s','postcode':'PL-601','country':'PL','note':'asked by %s'",
			    phone, folded);
			sell(name, i % 600 == 150 ? mail : small, more, mine[i / 300]);
		}
	}
	sell("Zbigniew Wykreslony", small, "", mine[3]);
	/* holders come in any order, so that pages of them are split */
	for (int i = 0; i < OTHERS; i++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		snprintf(ticket, sizeof(ticket), "%s/1", theirs[(seed >> 33) % OTHERS]);
		snprintf(more, sizeof(more), ",'name':'%s','email':'%s'",
		    i % 50 == 3 ? name : "Somebody Else Entirely",
		    i % 50 == 3 ? mail : "c@example.net");
		call_on("ticket.set", "ticket", ticket, more);
	}
	snprintf(ticket, sizeof(ticket), "%s/2", mine[0]);
	snprintf(more, sizeof(more), ",'name':'%s'", name);
	call_on("ticket.set", "ticket", ticket, more);
	snprintf(more, sizeof(more), ",'note':'this is the friend of %s'", mail);
	call_on("order.note", "code", theirs[5], more);
	call_on("order.note", "code", theirs[6], ",'note':'quite another matter'");
	snprintf(more, sizeof(more), ",'reason':'%s was ill'", name);
	call_on("order.cancel", "code", mine[1], more);
	call_on("order.cancel", "code", mine[2], ",'reason':'he was ill'");
	snprintf(
	    more, sizeof(more), "{'event':'gig','name':'ga','count':3,'reason':'for %s'}", folded);
	did("quota.block", more);
	did("quota.block", "{'event':'gig','name':'ga','count':3,'reason':'for the press'}");
}

static void test_export(void)
{
	char params[200];
	size_t n;

	snprintf(params, sizeof(params), "{'who':'%s','limit':1000}", mail);
	did("person.export", params);
	n = desk_count(&d, "items");
	ok(n >= 5, "his orders and those with a ticket for him: %zu", n);
	snprintf(params, sizeof(params), "{'who':'%s'}", mine[1]);
	did("person.export", params);
	is_int(desk_count(&d, "items"), 1, "one order");
	is_str(desk_text(&d, "items.0.name"), name, "his name");
	is_str(desk_text(&d, "items.0.phone"), phone, "his number");
	ok(strstr(desk_text(&d, "items.0.texts.0"), "was ill"), "the reason that names him");
	ok(strstr(desk_text(&d, "items.0.note"), folded), "the note");
	is_int(desk(&d, "person.export", "{'who':'nobody@example.org'}"), TIX_ENOT_FOUND, "nobody");
	desk_as(&d, "default", NULL);
	is_int(desk(&d, "person.export", params), TIX_ENOT_PERMITTED, "not for one organizer");
	desk_as(&d, NULL, NULL);
}

/* Rows of the look-up index that lead to his orders. */
static int64_t looked_up(void)
{
	char sql[200];
	int64_t id[4], n = -1;
	sqlite3 *h = NULL;
	sqlite3_stmt *st = NULL;

	for (int i = 0; i < 4; i++)
		order_code_decode(&d.core.keys, mine[i], &id[i], NULL);
	snprintf(sql, sizeof(sql),
	    "select count(*) from lookup where orders in (%lld, %lld, %lld, %lld)",
	    (long long)id[0], (long long)id[1], (long long)id[2], (long long)id[3]);
	if (sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(h, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(h);
	return n;
}

/* Housekeeping until nothing is left to do but to wait. */
static void rest(void)
{
	int64_t wait = 0;

	for (int i = 0; i < 100000 && wait >= 0 && wait <= 20000; i++)
		wait = writer_tend(d.writer);
	ok(wait > 0, "the writer rests");
}

static void empty_log(void)
{
	struct err err = {0};

	ok(writer_unpurged(d.writer), "the log is to be emptied");
	is_int(writer_purge(d.writer, 1000, &err), 1, "it is");
	ok(!writer_unpurged(d.writer), "and that is known");
}

static int go_on(void *ctx)
{
	(void)ctx;
	return 0;
}

static void test_erase(void)
{
	char params[300], backup[DB_PATH_MAX], copy[DB_PATH_MAX];
	struct backup made = {0}, opened = {0};
	struct pace pace = {go_on, NULL};
	struct err err = {0};

	ok(traces(path) + traces_beside("-wal") > 20, "before: he is there");
	rest();
	ok(looked_up() > 6, "his keys are in the look-up index");
	snprintf(params, sizeof(params), "{'who':'%s','reason':'%s asked'}", mail, name);
	is_int(desk(&d, "person.erase", params), TIX_EBAD_VALUE, "a reason that names him");
	snprintf(params, sizeof(params), "{'who':'%s','reason':'asked for','dry_run':true}", mail);
	did("person.erase", params);
	is_int(desk_int(&d, "orders"), 4, "a trial counts his orders");
	is_str(desk_text(&d, "confirm"), "4", "which is what to confirm");
	snprintf(params, sizeof(params), "{'who':'%s','confirm':'3'}", mail);
	is_int(desk(&d, "person.erase", params), TIX_EUNCONFIRMED, "another number");
	snprintf(params, sizeof(params), "{'who':'%s','reason':'asked for','confirm':'4'}", mail);
	did("person.erase", params);
	is_int(desk_int(&d, "orders"), 4, "his orders");
	ok(desk_int(&d, "holders") >= 3, "tickets for him");
	is_int(desk_int(&d, "texts"), 3 + 1 + 3 + 1,
	    "notes of three, one elsewhere, three reasons and the block of one of them");
	is_int(desk(&d, "person.erase", params), TIX_ENOT_FOUND, "nothing more to erase");
	empty_log();
	is_int(looked_up(), 0, "no key of him is in the look-up index");
	is_int(traces(path), 0, "nothing of him is in the store");
	is_int(traces_beside("-wal"), 0, "nor in its log");
	is_int(traces_beside("-shm"), 0, "nor in its index");
	desk_clean(&d, "all laws hold, the chain too");

	snprintf(backup, sizeof(backup), "%.4000s.backup", path);
	snprintf(copy, sizeof(copy), "%.4000s.copy", path);
	is_int(backup_make(&d.core, backup, &pace, &made, &err), 0, "a backup");
	is_int(backup_open(&d.core, backup, copy, &opened, &err), 0, "is opened");
	is_int(traces(copy), 0, "nothing of him is in it");
	unlink(copy);
	unlink(backup);
}

static void test_others(void)
{
	char params[200];
	size_t len;
	char *data = slurp(path, &len);

	ok(data && memmem(data, len, "Buyer Number 899 of 3", 21), "other buyers stay");
	ok(data && memmem(data, len, "quite another matter", 20), "other notes stay");
	ok(data && memmem(data, len, "for the press", 13), "other reasons stay");
	free(data);
	snprintf(params, sizeof(params), "{'code':'%s'}", mine[0]);
	did("order.show", params);
	ok(json_is_null(desk_at(&d, "buyer.name")), "his order shows no name");
	is_str(desk_text(&d, "buyer.erased"), "2026-01-01T00:00:00Z", "but when it was erased");
	is_int(desk_int(&d, "total.amount"), 9000, "and its sum");
	did("order.history", params);
	data = json_dumps(d.reply, 0);
	ok(strstr(data, "order.erased"), "its history says so");
	free(data);
	snprintf(params, sizeof(params), "{'email':'%s'}", mail);
	did("order.list", params);
	is_int(desk_count(&d, "items"), 0, "no search finds him");
	did("order.list", "{'email':'b5@example.net'}");
	is_int(desk_count(&d, "items"), 1, "but the others");
}

/* Only one order, by its code; then the same key again. */
static void test_one(void)
{
	char params[200], a[32], b[32];

	sell("Twice Buying Person", "twice@example.org", "", a);
	sell("Twice Buying Person", "twice@example.org", "", b);
	snprintf(params, sizeof(params), "{'who':'%s','idempotency_key':'k1','confirm':'1'}", a);
	did("person.erase", params);
	is_int(desk_int(&d, "orders"), 1, "one order");
	did("person.erase", params);
	ok(json_is_true(desk_at(&d, "replayed")), "the same key again");
	is_int(desk_int(&d, "orders"), 1, "says the same");
	snprintf(params, sizeof(params), "{'code':'%s'}", b);
	did("order.show", params);
	is_str(desk_text(&d, "buyer.name"), "Twice Buying Person", "the other order stays");
	empty_log();
	desk_clean(&d, "clean");
}

/* Somebody writes a name into a row that was erased. */
static void test_law(void)
{
	struct err err = {0};

	is_int(db_exec(d.writer->db, "update person set name = 'X' where erased is not null", &err),
	    0, "planted");
	did("audit.run", "{'law':['persons']}");
	ok(desk_count(&d, "findings") > 0, "the audit finds it");
	is_str(desk_text(&d, "findings.0.message"), "it was erased, but something is kept of it",
	    "and says what");
	is_int(
	    db_exec(d.writer->db, "update person set name = null where erased is not null", &err),
	    0, "undone");
	desk_clean(&d, "clean again");
}

/* A reader of an older view keeps the log; a process that ends before it was emptied does so at its
 * next start. */
static void test_late(void)
{
	char code[32];
	struct err err = {0};

	sell(name, mail, "", code);
	is_int(db_begin(d.reader, &err), 0, "a reader begins");
	{
		struct q q;

		q_start(&q, d.reader, SQL_max_order, &err);
		q_step(&q);
		q_end(&q);
	}
	call_on("person.erase", "who", mail, ",'confirm':'1'");
	is_int(writer_purge(d.writer, 10, &err), 0, "it is waited for");
	ok(traces_beside("-wal") > 0, "the log still has him");
	db_close(d.reader);
	d.reader = NULL;
	/* as after kill -9: nothing is closed, another process opens the files */
	close(d.writer->lock_fd);
	d.writer->lock_fd = -1;
	{
		struct core core = d.core;
		struct writer *next = NULL;

		is_int(writer_open(&core, false, &next, &err), 0, "the next start");
		is_int(traces_beside("-wal"), 0, "empties the log");
		is_int(traces(path), 0, "and nothing is left");
		writer_free(next);
	}
}

int main(void)
{
	struct err err = {0};

	temp_make();
	if (!desk_open(&d, "erase") || db_path(d.core.store_url, path, &err) < 0)
		return done_testing();
	lookup_tune(d.writer->lookup, 64, 16);
	populate();
	desk_clean(&d, "before");
	test_export();
	test_erase();
	test_others();
	test_one();
	test_law();
	test_late();
	desk_close(&d);
	return done_testing();
}
