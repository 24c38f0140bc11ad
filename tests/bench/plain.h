/* SPDX-License-Identifier: MIT */
/* The yardstick: ticket sales in SQLite with the schema that most people would write, done well.
 * Prepared statements, WAL, synchronous=FULL, a guarded update of the stock row; random public keys
 * and codes with unique indexes. */
#ifndef TESTS_BENCH_PLAIN_H
#define TESTS_BENCH_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#define PLAIN_TICKETS_MAX 100
#define PLAIN_PRICE 4500

struct plain;

struct plain_sale {
	const char *email, *name;
	uint8_t key[16];
	int64_t stock;
	int tickets;
};

enum plain_verdict { PLAIN_SOLD, PLAIN_REPLAYED, PLAIN_SOLD_OUT };

struct plain_order {
	int64_t id, total, left; /* left: where it was sold out */
	int tickets;
	uint8_t code[PLAIN_TICKETS_MAX][16];
	char email[256];
};

struct plain_stock {
	int64_t id, size, sold;
};

/* checkpoint_pages: of WAL, 0 leaves SQLite's own setting. Every failure of these ends the program
 * with a message: there is nothing to measure then. */
struct plain *plain_open(const char *path, int cache_kib, int checkpoint_pages);
void plain_close(struct plain *p);

void plain_begin(struct plain *p);
void plain_commit(struct plain *p);

/* Within a transaction. ret is filled for every verdict. */
enum plain_verdict plain_sell(
    struct plain *p, const struct plain_sale *sale, struct plain_order *ret);

void plain_stock_add(struct plain *p, const char *event, const char *category, int64_t size);
bool plain_stock_find(
    struct plain *p, const char *event, const char *category, struct plain_stock *ret);

/* Look-ups of one order, by whatever is not NULL; id 0 counts as NULL. */
bool plain_find(struct plain *p, int64_t id, const char *email, const uint8_t key[16],
    const uint8_t code[16], struct plain_order *ret);

int64_t plain_count(struct plain *p);

#endif
