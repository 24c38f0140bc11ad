/* SPDX-License-Identifier: MIT */
/* The orders that the load generator asked for, and the text of their requests. Nothing here
 * touches a socket. */
#ifndef CLI_LOAD_BOOK_H
#define CLI_LOAD_BOOK_H

#include "cli/load.h"

#define LOAD_REQUEST_MAX 768
#define LOAD_ID_FIRST                                                                              \
	INT64_C(1000000000) /* ids have ten digits each, so that they can be written in place */
#define LOAD_ID_LAST INT64_C(9999999999)

/* Where the parts of the request's text are that differ from one to the next. */
struct load_form {
	char text[LOAD_REQUEST_MAX];
	size_t len, id, number, mail, key;
};

struct rng;

struct load_book {
	struct load_order *order;
	size_t n, room;
	uint64_t seed;	 /* of the buyers */
	struct rng *rng; /* of keys and choices */
	bool random_keys;
	struct load_form form;
};

int load_book_init(struct load_book *b, const char *event, const char *category, int tickets,
    uint64_t seed, struct err *e);
void load_book_done(struct load_book *b);

/* A new order with a fresh key. */
int load_book_add(struct load_book *b, size_t *ret_n, struct err *e);

/* An acknowledged order by chance; false when none was found. */
bool load_book_any_sold(struct load_book *b, size_t *ret_n);

/* The request for order n, ending in a line feed. text holds LOAD_REQUEST_MAX bytes; returns the
 * length. */
size_t load_book_request(const struct load_book *b, size_t n, int64_t id, char *text);

/* The next random number. */
uint64_t load_book_random(struct load_book *b);

/* The address of the buyer of order n. */
void load_book_email(const struct load_book *b, size_t n, char out[LOAD_EMAIL_SIZE]);

#endif
