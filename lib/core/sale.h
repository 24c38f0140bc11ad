/* SPDX-License-Identifier: MIT */
/* What holds and orders share: lines that are asked for, checked against the catalogue, and the
 * counters of quotas that they move. Prices are minor units of the event's currency. */
#ifndef CORE_SALE_H
#define CORE_SALE_H

#include "core/call.h"
#include "core/offer.h"

#define SALE_LINES_MAX 50
#define SALE_TICKETS_MAX 1000
#define SALE_NEEDS_MAX (SALE_LINES_MAX * OFFER_QUOTAS_MAX)

/* Rows that belong to an order have ids order * ORDER_ROWS + n. */
#define ORDER_ROWS 1024

struct sale_line {
	int64_t category, count, price;
	const char *name;
};

struct sale_need {
	int64_t quota, count;
};

struct sale {
	struct event_ref event;
	struct sale_line lines[SALE_LINES_MAX];
	int nlines;
	int64_t tickets, total;
	struct sale_need needs[SALE_NEEDS_MAX]; /* by quota id */
	int nneeds;
};

/* SALE_KEEP: sold seats become blocked ones. */
enum sale_move { SALE_HOLD, SALE_SELL, SALE_CONVERT, SALE_UNHOLD, SALE_UNSELL, SALE_KEEP };

/* Lines as asked for: each category is found, on sale now, within its bounds; free makes every
 * price 0. */
int sale_plan(
    struct call *c, const char *event, const struct shape_list *line, bool free, struct sale *ret);

/* The offer of a category that is on sale now; and whether an order may have count tickets of it. */
int sale_offer(
    struct call *c, const char *event, const char *category, const struct offer **ret);
int sale_bounds(struct call *c, const struct offer *o, int64_t count);

/* Adds a line that is sold or held already. */
int sale_add(struct call *c, struct sale *s, const struct sale_line *line);

/* Adds what count tickets of a category need of its quotas. */
int sale_need(struct call *c, struct sale *s, const int64_t *quotas, int n, int64_t count);

/* Moves the counters. SALE_HOLD and SALE_SELL may be refused with sold_out, before anything was
 * written. */
int sale_take(struct call *c, const struct sale *s, enum sale_move move);

/* When an event is over: at its end, without one a day after its start. */
int64_t sale_over(const struct event_ref *event);

/* wrong_state unless the event is on sale: published and not over. */
int sale_published(struct call *c, const struct event_ref *event);

/* Line rows of a new order. */
int sale_write_lines(struct call *c, const struct sale *s, int64_t order);

/* The lines as a reply shows them, in the arena. */
int sale_show_lines(struct call *c, const struct sale *s, struct shape_list *ret);

/* An amount in the event's currency. */
struct money sale_money(const struct event_ref *event, int64_t amount);

#endif
