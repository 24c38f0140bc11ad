/* SPDX-License-Identifier: MIT */
/* The plain schema in process: no socket, no JSON, one thread. Prints one figure.
 * usage: raw STORE BATCH WARM ORDERS CACHE_KIB CHECKPOINT_PAGES */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/bench/plain.h"

static int64_t number(const char *text)
{
	char *end;
	long long v = strtoll(text, &end, 10);

	if (*end || end == text || v < 0) {
		fprintf(stderr, "raw: %s is no number\n", text);
		exit(2);
	}
	return v;
}

static void sell_one(struct plain *p, struct rng *rng, int64_t stock, int64_t n)
{
	struct plain_sale sale = {.stock = stock, .tickets = 2};
	static struct plain_order order;
	uint64_t mail;
	char email[40], name[40];

	rng_bytes(rng, sale.key, sizeof(sale.key));
	rng_bytes(rng, &mail, sizeof(mail));
	snprintf(email, sizeof(email), "b%016" PRIx64 "@example.org", mail);
	snprintf(name, sizeof(name), "Bench Buyer %010" PRId64, n);
	sale.email = email;
	sale.name = name;
	if (plain_sell(p, &sale, &order) != PLAIN_SOLD) {
		fputs("raw: not sold\n", stderr);
		exit(1);
	}
}

/* Microseconds that it takes to sell orders, so many a commit. */
static int64_t sell(struct plain *p, struct rng *rng, int64_t stock, int64_t orders, int64_t batch)
{
	int64_t start = clock_mono(clock_system());

	for (int64_t n = 0; n < orders;) {
		plain_begin(p);
		for (int64_t i = 0; i < batch && n < orders; i++, n++)
			sell_one(p, rng, stock, n);
		plain_commit(p);
	}
	return clock_mono(clock_system()) - start;
}

int main(int argc, char **argv)
{
	struct plain_stock stock;
	struct rng *rng;
	struct plain *p;
	int64_t batch, warm, orders, us;
	uint64_t seed;

	if (argc != 7) {
		fputs("usage: raw STORE BATCH WARM ORDERS CACHE_KIB CHECKPOINT_PAGES\n", stderr);
		return 2;
	}
	batch = number(argv[2]);
	warm = number(argv[3]);
	orders = number(argv[4]);
	p = plain_open(argv[1], (int)number(argv[5]), (int)number(argv[6]));
	random_bytes(&seed, sizeof(seed));
	rng = rng_test_new(seed);
	plain_stock_add(p, "bench", "hot", (warm + orders) * 2);
	if (!rng || !plain_stock_find(p, "bench", "hot", &stock))
		return 1;
	sell(p, rng, stock.id, warm, 256);
	us = sell(p, rng, stock.id, orders, batch);
	plain_stock_find(p, "bench", "hot", &stock);
	if (stock.sold != (warm + orders) * 2 || plain_count(p) != warm + orders) {
		fputs("raw: the stock is wrong\n", stderr);
		return 1;
	}
	printf("raw_b%" PRId64 " %.0f orders/s\n", batch,
	    (double)orders * 1e6 / (double)(us > 0 ? us : 1));
	rng_test_free(rng);
	plain_close(p);
	return 0;
}
