/* SPDX-License-Identifier: MIT */
/* Orders a second in process: full rows (2 tickets, a buyer with an address, a time-ordered key)
 * through writer_batch, on a fresh store in the current folder. Arguments: orders (default 200000),
 * folder. Prints "name value unit" a line: the rate of the second half, so that it is that of a
 * store that holds something already. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/store/sell.h"

#define BATCH_MAX 256

struct slot {
	struct shop_call k;
	struct order_create_in in;
	char key[UUID_SIZE], email[64], name[64];
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void prepare(struct shop *s, struct slot *slot, int64_t i)
{
	uint8_t raw[16];

	slot->in = shop_order(&slot->k, "std", 2);
	uuid7_make(s->core.clock, rng_system(), raw);
	uuid_format(raw, slot->key);
	snprintf(slot->email, sizeof(slot->email), "buyer%lld@example.org", (long long)(i * 7919));
	snprintf(slot->name, sizeof(slot->name), "Buyer Number %lld", (long long)i);
	slot->in.idempotency_key = slot->key;
	slot->in.email = slot->email;
	slot->in.name = slot->name;
	shop_call(s, &slot->k, &op_order_create, &slot->in);
}

/* Sells until total orders are there; returns when half of them was, and counts refusals. */
static double sell(
    struct shop *s, struct slot *slots, int batch, int64_t total, int64_t *ret_failed)
{
	struct call *calls[BATCH_MAX];
	double half = 0;
	int64_t wal = 0, was = 0, logged = 0, left;
	struct db *admin = NULL;

	db_open(s->core.store_url, DB_ADMIN, false, &admin, &s->err);
	for (int64_t i = 0; i < total; i += batch) {
		for (int k = 0; k < batch; k++) {
			prepare(s, &slots[k], i + k);
			calls[k] = &slots[k].k.c;
		}
		writer_batch(s->w, calls, batch);
		for (int k = 0; k < batch; k++)
			*ret_failed += calls[k]->result < 0;
		if (half == 0 && i >= total / 2)
			half = seconds();
		if (writer_wal_bytes(s->w) > wal)
			wal = writer_wal_bytes(s->w);
		logged += writer_wal_bytes(s->w) - (was < writer_wal_bytes(s->w) ? was : 0);
		was = writer_wal_bytes(s->w);
		if (writer_wal_bytes(s->w) > (48 << 20))
			db_checkpoint(admin, &left, &s->err);
	}
	db_close(admin);
	fprintf(stderr, "batch %d: largest log %.1f MiB, %lld bytes of log an order\n", batch,
	    (double)wal / (1 << 20), (long long)(logged / total));
	return half;
}

/* Looks orders up by address, all over the store; milliseconds each. */
static double look_up(struct shop *s, int64_t total)
{
	enum { TIMES = 200 };
	struct shop_call k = {0};
	char email[64];
	struct order_list_in in = {.email = email};
	double start;
	int found = 0;

	if (reader_open(&s->core, &s->reader, &s->err) < 0)
		return -1;
	start = seconds();
	for (int64_t i = 0; i < TIMES; i++) {
		snprintf(email, sizeof(email), "Buyer%lld@example.org",
		    (long long)(i * (total / TIMES) * 7919));
		found += shop_run(s, &k, &op_order_list, &in) == 0 && k.out.orders.items.n == 1;
	}
	start = seconds() - start;
	shop_done(&k);
	db_close(s->reader);
	return found == TIMES ? 1000 * start / TIMES : -1;
}

static int run(int batch, int64_t total, const char *folder)
{
	struct shop s = {.core.clock = clock_system()};
	struct slot *slots = calloc(BATCH_MAX, sizeof(*slots));
	char name[64];
	int64_t failed = 0;
	double half;

	snprintf(temp_dir, sizeof(temp_dir), "%s/bench-core-XXXXXX", folder);
	if (!slots || !mkdtemp(temp_dir))
		return 1;
	snprintf(name, sizeof(name), "b%d.db", batch);
	s.core.idem_keep = 86400 * USEC_PER_SEC;
	temp_url(s.core.store_url, name);
	if (writer_open(&s.core, true, &s.w, &s.err) < 0 || shop_stock(&s, 100000000, 1000) < 0) {
		fprintf(stderr, "%s\n", s.err.message);
		return 1;
	}
	half = sell(&s, slots, batch, total, &failed);
	printf("core_b%d %.0f orders/s\n", batch, (double)(total - total / 2) / (seconds() - half));
	if (batch == 64)
		printf("core_email %.2f ms\n", look_up(&s, total));
	fflush(stdout);
	for (int i = 0; i < BATCH_MAX; i++)
		shop_done(&slots[i].k);
	writer_free(s.w);
	free(slots);
	temp_clean();
	return failed > 0;
}

int main(int argc, char **argv)
{
	int64_t total = argc > 1 ? strtoll(argv[1], NULL, 10) : 200000;
	const char *folder = argc > 2 ? argv[2] : ".";

	return run(64, total, folder) || run(256, total, folder) || run(1, total / 20, folder);
}
