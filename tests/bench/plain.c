/* SPDX-License-Identifier: MIT */
/* The plain schema and its statements. A sale is six statements; a repeat costs two more. */
#include "tests/bench/plain.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS stock (id INTEGER PRIMARY KEY, event TEXT NOT NULL, category TEXT "
    "NOT NULL,"
    " size INTEGER NOT NULL, sold INTEGER NOT NULL, UNIQUE (event, category));"
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL REFERENCES "
    "stock (id),"
    " key BLOB NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL, tickets INTEGER NOT NULL,"
    " total INTEGER NOT NULL, state INTEGER NOT NULL, created INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS orders_email ON orders (email);"
    "CREATE UNIQUE INDEX IF NOT EXISTS orders_key ON orders (key);"
    "CREATE TABLE IF NOT EXISTS ticket (id INTEGER PRIMARY KEY, orders INTEGER NOT NULL REFERENCES "
    "orders (id),"
    " code BLOB NOT NULL, price INTEGER NOT NULL, state INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS ticket_code ON ticket (code);"
    "CREATE INDEX IF NOT EXISTS ticket_orders ON ticket (orders);"
    "CREATE TABLE IF NOT EXISTS payment (id INTEGER PRIMARY KEY, orders INTEGER NOT NULL "
    "REFERENCES orders (id),"
    " kind INTEGER NOT NULL, amount INTEGER NOT NULL, created INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload TEXT "
    "NOT NULL,"
    " created INTEGER NOT NULL);";

enum statement {
	BEGIN,
	COMMIT,
	TAKE,
	GIVE_BACK,
	ORDER,
	TICKET,
	PAYMENT,
	OUTBOX,
	STOCK_ADD,
	STOCK_FIND,
	STOCK_LEFT,
	BY_ID,
	BY_EMAIL,
	BY_KEY,
	BY_CODE,
	TICKETS,
	COUNT,
	STATEMENTS
};

#define FROM_ORDERS "SELECT id, total, email FROM orders WHERE "

static const char *const text[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [TAKE] = "UPDATE stock SET sold = sold + ?1 WHERE id = ?2 AND sold + ?1 <= size",
    [GIVE_BACK] = "UPDATE stock SET sold = sold - ?1 WHERE id = ?2",
    [ORDER] = "INSERT INTO orders (stock, key, email, name, tickets, total, state, created)"
	      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 2, ?7) ON CONFLICT (key) DO NOTHING",
    [TICKET] = "INSERT INTO ticket (orders, code, price, state) VALUES (?1, ?2, ?3, 1)",
    [PAYMENT] = "INSERT INTO payment (orders, kind, amount, created) VALUES (?1, 1, ?2, ?3)",
    [OUTBOX] = "INSERT INTO outbox (topic, payload, created) VALUES ('order.paid', ?1, ?2)",
    [STOCK_ADD] = "INSERT INTO stock (event, category, size, sold) VALUES (?1, ?2, ?3, 0)",
    [STOCK_FIND] = "SELECT id, size, sold FROM stock WHERE event = ?1 AND category = ?2",
    [STOCK_LEFT] = "SELECT size - sold FROM stock WHERE id = ?1",
    [BY_ID] = FROM_ORDERS "id = ?1",
    [BY_EMAIL] = FROM_ORDERS "email = ?1 ORDER BY id DESC LIMIT 1",
    [BY_KEY] = FROM_ORDERS "key = ?1",
    [BY_CODE] = FROM_ORDERS "id = (SELECT orders FROM ticket WHERE code = ?1)",
    [TICKETS] = "SELECT code FROM ticket WHERE orders = ?1 ORDER BY id",
    [COUNT] = "SELECT coalesce(max(id), 0) FROM orders",
};

struct plain {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENTS];
	struct rng *rng;
};

static void die(struct plain *p, const char *what)
{
	fprintf(stderr, "plain: %s: %s\n", what, sqlite3_errmsg(p->db));
	exit(1);
}

static void exec(struct plain *p, const char *sql)
{
	if (sqlite3_exec(p->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(p, sql);
}

struct plain *plain_open(const char *path, int cache_kib, int checkpoint_pages)
{
	struct plain *p = calloc(1, sizeof(*p));
	char pragma[64];
	uint64_t seed;

	if (!p || sqlite3_open(path, &p->db) != SQLITE_OK) {
		fprintf(stderr, "plain: cannot open %s\n", path);
		exit(1);
	}
	exec(p, "PRAGMA journal_mode = WAL");
	exec(p, "PRAGMA synchronous = FULL");
	snprintf(pragma, sizeof(pragma), "PRAGMA cache_size = -%d", cache_kib);
	exec(p, pragma);
	if (checkpoint_pages > 0) {
		snprintf(
		    pragma, sizeof(pragma), "PRAGMA wal_autocheckpoint = %d", checkpoint_pages);
		exec(p, pragma);
	}
	exec(p, schema);
	for (int i = 0; i < STATEMENTS; i++) {
		if (sqlite3_prepare_v3(
			p->db, text[i], -1, SQLITE_PREPARE_PERSISTENT, &p->statement[i], NULL))
			die(p, text[i]);
	}
	random_bytes(&seed, sizeof(seed));
	p->rng = rng_test_new(seed);
	return p;
}

void plain_close(struct plain *p)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(p->statement[i]);
	sqlite3_close(p->db);
	rng_test_free(p->rng);
	free(p);
}

/* Steps once; true when there is a row. What only writes is reset at once. */
static bool step(struct plain *p, enum statement s)
{
	int r = sqlite3_step(p->statement[s]);

	if (r != SQLITE_ROW && r != SQLITE_DONE)
		die(p, text[s]);
	if (r == SQLITE_DONE)
		sqlite3_reset(p->statement[s]);
	return r == SQLITE_ROW;
}

static void int_arg(struct plain *p, enum statement s, int i, int64_t v)
{
	sqlite3_bind_int64(p->statement[s], i, v);
}

static void text_arg(struct plain *p, enum statement s, int i, const char *v)
{
	sqlite3_bind_text(p->statement[s], i, v, -1, SQLITE_STATIC);
}

static void blob_arg(struct plain *p, enum statement s, int i, const uint8_t v[16])
{
	sqlite3_bind_blob(p->statement[s], i, v, 16, SQLITE_STATIC);
}

void plain_begin(struct plain *p)
{
	step(p, BEGIN);
}

void plain_commit(struct plain *p)
{
	step(p, COMMIT);
}

static bool read_order(struct plain *p, enum statement s, struct plain_order *ret)
{
	sqlite3_stmt *by = p->statement[s], *tickets = p->statement[TICKETS];

	if (!step(p, s))
		return false;
	ret->id = sqlite3_column_int64(by, 0);
	ret->total = sqlite3_column_int64(by, 1);
	snprintf(ret->email, sizeof(ret->email), "%s", (const char *)sqlite3_column_text(by, 2));
	sqlite3_reset(by);
	int_arg(p, TICKETS, 1, ret->id);
	for (ret->tickets = 0; step(p, TICKETS) && ret->tickets < PLAIN_TICKETS_MAX; ret->tickets++)
		memcpy(ret->code[ret->tickets], sqlite3_column_blob(tickets, 0), 16);
	sqlite3_reset(tickets);
	return true;
}

/* After a guard said no: a repeat of what was sold before, or sold out. */
static enum plain_verdict no_stock(
    struct plain *p, const struct plain_sale *sale, struct plain_order *ret)
{
	blob_arg(p, BY_KEY, 1, sale->key);
	if (read_order(p, BY_KEY, ret))
		return PLAIN_REPLAYED;
	int_arg(p, STOCK_LEFT, 1, sale->stock);
	step(p, STOCK_LEFT);
	ret->left = sqlite3_column_int64(p->statement[STOCK_LEFT], 0);
	sqlite3_reset(p->statement[STOCK_LEFT]);
	return PLAIN_SOLD_OUT;
}

static bool insert_order(
    struct plain *p, const struct plain_sale *sale, int64_t now, struct plain_order *ret)
{
	ret->total = (int64_t)sale->tickets * PLAIN_PRICE;
	ret->tickets = sale->tickets;
	int_arg(p, ORDER, 1, sale->stock);
	blob_arg(p, ORDER, 2, sale->key);
	text_arg(p, ORDER, 3, sale->email);
	text_arg(p, ORDER, 4, sale->name);
	int_arg(p, ORDER, 5, sale->tickets);
	int_arg(p, ORDER, 6, ret->total);
	int_arg(p, ORDER, 7, now);
	step(p, ORDER);
	if (sqlite3_changes(p->db) == 0)
		return false;
	ret->id = sqlite3_last_insert_rowid(p->db);
	return true;
}

static void insert_rest(struct plain *p, int64_t now, struct plain_order *order)
{
	char payload[201];
	int len = snprintf(payload, sizeof(payload),
	    "{\"order\":%" PRId64 ",\"total\":%" PRId64 ",\"rest\":\"", order->id, order->total);

	memset(payload + len, 'x', sizeof(payload) - 1 - (size_t)len);
	memcpy(payload + sizeof(payload) - 3, "\"}", 3);
	for (int i = 0; i < order->tickets; i++) {
		rng_bytes(p->rng, order->code[i], 16);
		int_arg(p, TICKET, 1, order->id);
		blob_arg(p, TICKET, 2, order->code[i]);
		int_arg(p, TICKET, 3, PLAIN_PRICE);
		step(p, TICKET);
	}
	int_arg(p, PAYMENT, 1, order->id);
	int_arg(p, PAYMENT, 2, order->total);
	int_arg(p, PAYMENT, 3, now);
	step(p, PAYMENT);
	text_arg(p, OUTBOX, 1, payload);
	int_arg(p, OUTBOX, 2, now);
	step(p, OUTBOX);
}

enum plain_verdict plain_sell(
    struct plain *p, const struct plain_sale *sale, struct plain_order *ret)
{
	int64_t now = clock_now(clock_system());

	int_arg(p, TAKE, 1, sale->tickets);
	int_arg(p, TAKE, 2, sale->stock);
	step(p, TAKE);
	if (sqlite3_changes(p->db) == 0)
		return no_stock(p, sale, ret);
	if (!insert_order(p, sale, now, ret)) {
		int_arg(p, GIVE_BACK, 1, sale->tickets);
		int_arg(p, GIVE_BACK, 2, sale->stock);
		step(p, GIVE_BACK);
		return no_stock(p, sale, ret);
	}
	insert_rest(p, now, ret);
	return PLAIN_SOLD;
}

void plain_stock_add(struct plain *p, const char *event, const char *category, int64_t size)
{
	text_arg(p, STOCK_ADD, 1, event);
	text_arg(p, STOCK_ADD, 2, category);
	int_arg(p, STOCK_ADD, 3, size);
	step(p, STOCK_ADD);
}

bool plain_stock_find(
    struct plain *p, const char *event, const char *category, struct plain_stock *ret)
{
	sqlite3_stmt *s = p->statement[STOCK_FIND];

	text_arg(p, STOCK_FIND, 1, event);
	text_arg(p, STOCK_FIND, 2, category);
	if (!step(p, STOCK_FIND))
		return false;
	*ret = (struct plain_stock){
	    sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2)};
	sqlite3_reset(s);
	return true;
}

bool plain_find(struct plain *p, int64_t id, const char *email, const uint8_t key[16],
    const uint8_t code[16], struct plain_order *ret)
{
	enum statement s = BY_ID;

	if (email) {
		s = BY_EMAIL;
		text_arg(p, s, 1, email);
	} else if (key) {
		s = BY_KEY;
		blob_arg(p, s, 1, key);
	} else if (code) {
		s = BY_CODE;
		blob_arg(p, s, 1, code);
	} else {
		int_arg(p, s, 1, id);
	}
	return read_order(p, s, ret);
}

int64_t plain_count(struct plain *p)
{
	int64_t n;

	step(p, COUNT);
	n = sqlite3_column_int64(p->statement[COUNT], 0);
	sqlite3_reset(p->statement[COUNT]);
	return n;
}
