/* SPDX-License-Identifier: MIT */
/* Taking over orders of another store. Each is checked as a whole and against the laws of the
 * audit, gets an id, a code and ticket codes of this store, and keeps the time it was made and the
 * codes it had. The same record again changes nothing; another record with its code is refused: an
 * order is never overwritten. All orders of a call are kept, or none. */
#ifndef CORE_IMPORT_ORDER_H
#define CORE_IMPORT_ORDER_H

#include "core/order_rec.h"

/* Without the record in the journal that an import was made: what each order did has its own. */
int order_import_rows(struct call *c, const struct order_import_in *in, struct order_import *out);

int order_import(struct call *c, const struct order_import_in *in, struct order_import *out);

/* The counts of an import that was done before: they are its subject. */
int order_import_load(struct call *c, int64_t subject, struct order_import *out);

/* An order on its way, its names and texts resolved. Lives in the call's arena. */
struct coming_line {
	int64_t category, count, price;
};

struct coming_ticket {
	int64_t n, category, price, generation;
	int state;
	const char *name, *email;
};

struct coming_payment {
	int64_t n, amount, at;
	int64_t recorded, refund; /* TIME_NONE: taken with the sale; refund 0: none */
	int kind, state;
	const char *reference;
};

struct coming_refund {
	int64_t n, amount, fee, credit, at, done, ticket; /* ticket 0: none; done TIME_NONE: not yet */
	int kind, state;
};

struct coming {
	const struct import_order *in;
	struct order_rec row; /* no id yet */
	int64_t created, captured;
	int64_t erased; /* when its buyer was; TIME_NONE: not */
	struct coming_line *lines;
	struct coming_ticket *tickets;
	struct coming_payment *payments;
	struct coming_refund *refunds;
	size_t nlines, ntickets, npayments, nrefunds;
	int64_t *codes; /* by the id each would be here, its own first */
	size_t ncodes;
	uint8_t digest[32]; /* of the record, keyed: it tells nobody a name */
	bool same;	    /* it came before */
};

/* The orders of one call, and the seats that those take that are new. */
struct arrival {
	struct coming *v;
	size_t n;
	struct sale sold, held;
};

/* Checks one record and resolves what it names; errors name fields below the record. */
int coming_read(struct call *c, const struct import_order *in, struct coming *ret);

/* Counts its seats in, if there are enough. */
int coming_seats(struct call *c, const struct coming *o, struct arrival *a);

/* Writes all that are new. */
int arrival_write(struct call *c, struct arrival *a);

#endif
