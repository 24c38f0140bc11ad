/* SPDX-License-Identifier: MIT */
/* The load generator: sells orders of one category over many connections to a UNIX socket, from one
 * thread, and checks each reply. Each connection has one request under way. It knows no event loop
 * library and builds no JSON trees; it never prints. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/hist.h"

#define LOAD_CLIENTS_MAX 12000
#define LOAD_TICKETS_MAX 100
#define LOAD_EMAIL_SIZE 30

enum load_state {
	LOAD_OPEN,   /* sent, not answered */
	LOAD_SOLD,   /* acknowledged */
	LOAD_REFUSED /* sold out */
};

/* An order that was asked for; its buyer follows from its number. */
struct load_order {
	uint8_t key[16]; /* UUIDv7 */
	char code[15];	 /* "" until it is acknowledged */
	uint8_t state;	 /* enum load_state */
};

struct load_stats {
	int64_t sold, refused, replayed; /* replayed: repeats that answered as they should */
	int64_t retried;		 /* asked again because the daemon was busy */
	int64_t wrong;	  /* replies that should have been different; the first is in the error */
	int64_t us;	  /* from the first request to the last reply */
	int64_t left_max; /* most that a refusal said is left, -1: none was refused */
	struct hist sale; /* latency of new orders that were acknowledged */
};

/* One run. */
struct load_plan {
	int clients;
	int64_t orders; /* ask for this many new ones; 0: no limit */
	int64_t us;	/* ask for this long; 0: no limit */
	int64_t rate;	/* open loop: requests a second, latency counts from the planned time; 0:
			   closed loop */
	void (*tick)(void *ctx, const struct load_stats *so_far); /* every 100 ms; NULL: none */
	void *ctx;
};

struct load;

/* socket, event and category are copied; event and category must be slugs. repeat_ppm: how many of
 * a million requests repeat the key of an earlier acknowledged order. seed: same seed, same
 * choices. */
int load_new(const char *socket, const char *event, const char *category, int tickets,
    int repeat_ppm, uint64_t seed, struct load **ret, struct err *e);
void load_free(struct load *l);

/* Keys of fresh orders are UUIDv7, in the order of time; or, as some clients make them, random
 * (version 4). */
void load_random_keys(struct load *l, bool random);

/* Connects, asks, waits for every answer, disconnects. Orders are numbered on from those of earlier
 * runs, and their keys may be repeated too. An error ends the run: an unexpected reply, a lost
 * connection, 30 seconds of silence. */
int load_run(struct load *l, const struct load_plan *plan, struct load_stats *ret, struct err *e);

/* Every order asked for so far, by number; valid until the next run. */
const struct load_order *load_orders(const struct load *l, size_t *ret_n);

/* The key of an order as text, and its buyer's address. */
void load_key(const struct load_order *o, char out[37]);
void load_email(const struct load *l, size_t n, char out[LOAD_EMAIL_SIZE]);

#endif
