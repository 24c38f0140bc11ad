/* SPDX-License-Identifier: MIT */
/* A shop as plain arrays: what a store must hold after a sequence of calls, told from the manual
 * and not from the code under test. Seats are never counted here: they follow from the orders. */
#ifndef TESTS_TORTURE_MODEL_H
#define TESTS_TORTURE_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/shape.h"

#define M_PARTS 40   /* quotas of an event, and categories */
#define M_LINES 40   /* of an order */
#define M_TICKETS 64 /* of an order, removed ones included */
#define M_FORMER 12  /* slugs of an event */
#define M_NAME 64
#define M_NEVER INT64_MIN

struct m_quota {
	char name[M_NAME];
	int64_t size, overbook, blocked;
};

struct m_category {
	char name[M_NAME], title[M_NAME];
	int64_t price, min, max, sale_from, sale_to;
	int64_t held, sold; /* seats that are reserved, valid tickets of orders that are paid */
	uint64_t quotas;    /* bits: what it draws on */
	bool hidden;
};

struct m_event {
	char slug[M_NAME], name[M_NAME], currency[4];
	char former[M_FORMER][M_NAME]; /* slugs that lead here still */
	int status, nquotas, ncategories, nformer;
	int64_t start;
	struct m_quota quota[M_PARTS];
	struct m_category category[M_PARTS];
	int alive, sales; /* holds and orders that are not over; all orders, over or not */
};

struct m_line {
	int category;
	int64_t count, price;
};

struct m_ticket {
	int category, state;
	int64_t price;
	bool refunded;
	char code[M_NAME], name[M_NAME], email[M_NAME];
};

struct m_refund {
	int ticket, kind, state; /* ticket: its number, 0 none */
	int64_t amount, fee, credit; /* credit: what the order owed less by it */
};

struct m_payment {
	int kind, refund; /* refund: the number of the one that was made of it, 0 none */
	int64_t amount;
};

struct m_order {
	char code[24], note[M_NAME], buyer[M_NAME];
	int event, state, pay, nlines, ntickets, nrefunds, npayments;
	struct m_line line[M_LINES];
	struct m_ticket ticket[M_TICKETS];
	struct m_refund *refund;
	struct m_payment *payment;
	int64_t total, captured, refunded, credited, expires, created;
	bool touched; /* since it was last shown */
};

/* A venue or an organizer. */
struct m_place {
	char slug[M_NAME], name[M_NAME];
};

struct model {
	struct rng *rng;
	int64_t now; /* the daemon's clock, which stands still between steps */
	struct m_event *event;
	struct m_order *order;
	struct m_place venue[M_PARTS], organizer[M_PARTS];
	int nevents, norders, nvenues, norganizers;
	json_t *orders; /* code to number */
	int made;	/* names so far */
	int deleted;	/* events, categories and quotas so far: another may have the name now */
};

/* One call against the model. wrong gets a bit -TIX_E... for each reason to refuse it; when there
 * is none and write is set, its effect is written, with codes from the reply. */
struct step {
	struct model *m;
	const json_t *in, *out;
	bool write;
	uint32_t wrong;
};

struct rule {
	const char *method;
	int weight;
	json_t *(*make)(struct model *m); /* parameters; NULL: nothing to do it with */
	void (*apply)(struct step *s);
	void (*same)(struct model *m, const json_t *reply);
};

#define RULE(id, method, weight, reply)                                                            \
	json_t *make_##id(struct model *m);                                                        \
	void apply_##id(struct step *s);                                                           \
	void same_##reply(struct model *m, const json_t *j);
#include "tests/torture/model.def"
#undef RULE
void same_row(struct model *m, const json_t *j); /* of order.list */

bool step_ok(const struct step *s); /* nothing is wrong, and it is to be written */
void step_wrong(struct step *s, int code);
const char *step_text(const struct step *s, const char *field); /* NULL: absent or null */
int64_t step_int(const struct step *s, const char *field, int64_t absent);

/* By name; NULL or -1 when there is none. */
struct m_event *model_event(const struct model *m, const char *slug);
struct m_event *model_add_event(struct model *m, const char *slug);
int64_t model_when(const struct model *m, const char *text); /* M_NEVER: NULL */
int model_quota(const struct m_event *e, const char *name);
int model_category(const struct m_event *e, const char *name);
struct m_order *model_order(const struct model *m, const char *code, int *ret_n);

int64_t model_held(const struct m_event *e, int quota);
int64_t model_sold(const struct m_event *e, int quota);
int64_t model_free(const struct m_event *e, int quota);
int64_t model_balance(const struct m_order *o);
int model_money(const struct m_order *o); /* enum money_word, 0 none */
void model_time(struct model *m, int64_t now); /* sets the clock: what runs out expires */
/* What a job does to all orders of an event that was called off; refund: 0 or how money goes back. */
void model_call_off(struct model *m, struct m_event *e, int refund, int64_t fee);
/* An order that was paid in another store came: n tickets of one category; shown: how it is here. */
void model_import(struct model *m, struct m_event *e, int category, int n, int64_t price,
    const json_t *shown);
void model_copy(char *to, const char *from);   /* into a field of M_NAME; NULL is "" */
int64_t model_chance(struct model *m, int64_t below);

/* For the rules of orders: the order that a call names, an amount of it in the order's currency, what
 * is owed, what a category allows, a ticket that gives its seat back, a refund more. */
struct m_order *model_named(struct step *s, int *ret_n);
int64_t model_amount(
    struct step *s, const struct m_order *o, const char *field, int64_t absent);
int64_t model_owed(const struct m_order *o);
void model_count(struct model *m, const struct m_order *o, int sign); /* its seats: 1 in, -1 out */
void model_window(struct step *s, const struct m_event *e, const struct m_category *c);
void model_bounds(struct step *s, const struct m_category *c, int64_t count);
void model_void(struct model *m, struct m_order *o, struct m_ticket *t);
void model_add_refund(struct m_order *o, const struct m_refund *r);
void model_settle(struct step *s, struct m_order *o); /* sold when it waits and all is here */

/* Ends the program: the store and the model differ. */
__attribute__((noreturn, format(printf, 2, 3))) void model_differs(
    const char *subject, const char *fmt, ...);

#endif
