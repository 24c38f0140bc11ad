/* SPDX-License-Identifier: MIT */
/* What the laws of the audit share: findings, slices, and a walk over orders with all that hangs on
 * them. */
#ifndef CORE_AUDIT_LAW_H
#define CORE_AUDIT_LAW_H

#include "core/call.h"

#define AUDIT_FINDINGS_MAX 1000

struct auditor {
	struct call *c;
	bool gentle;
	struct audit_law *law;		/* the one that runs */
	struct audit_finding *findings; /* room for AUDIT_FINDINGS_MAX */
	size_t nfindings;
	const char *repair; /* of the law that runs */
	bool no_memory;
	bool chained; /* the journal was read: head is what was checked */
	int64_t head_seq;
	uint8_t head_hash[32];
};

int law_holds(struct auditor *a);
int law_keys(struct auditor *a);
int law_journal(struct auditor *a);
int law_persons(struct auditor *a);
int law_jobs(struct auditor *a);
int law_store(struct auditor *a);

/* Part of the law of the store: windows and former slugs. */
int audit_catalogue(struct auditor *a);

/* A finding; beyond the maximum it is counted only. */
void audit_find(struct auditor *a, enum audit_severity severity, const char *subject,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The code of an order, or #id where there can be none. Returns out. */
const char *audit_order(const struct auditor *a, int64_t id, char out[32]);

/* Rows a slice takes, and the pause after one when the audit is gentle. */
int audit_slice(const struct auditor *a);
void audit_pause(const struct auditor *a);

/* What hangs on an order. */
enum walk_kind { WALK_LINE, WALK_TICKET, WALK_PAYMENT, WALK_POSTING, WALK_REFUND, WALK_KINDS };

struct walk_order {
	int64_t id, event, state, tickets, total;
	int64_t pay, person, expires; /* 0: none */
	int64_t captured;	      /* by its counters, -1: it has none */
	int64_t refunded, credited;
	int64_t word; /* how it stands with its money, by its counters */
};

/* line: category, count, price; ticket: category, price, generation, state; payment: kind, amount,
 * state, at; posting: debit, credit, amount, seq; refund: kind, amount, state, credit. */
struct walk_row {
	int64_t id;
	int64_t v[4];
	char currency[4]; /* of a posting */
};

struct walk_rows {
	const struct walk_row *v;
	int n;
};

/* How a law looks at orders. begin makes its context (may be NULL: none), end has the last word,
 * only when all went well, and done frees. */
struct audit_pass {
	unsigned kinds; /* rows it wants: bits 1 << enum walk_kind */
	int (*begin)(struct auditor *a, void **ret_ctx);
	int (*order)(struct auditor *a, void *ctx, const struct walk_order *order,
	    const struct walk_rows rows[WALK_KINDS]);
	void (*orphan)(struct auditor *a, void *ctx, enum walk_kind kind,
	    const struct walk_row *row);	  /* may be NULL */
	int (*end)(struct auditor *a, void *ctx); /* may be NULL */
	void (*done)(void *ctx);		  /* may be NULL */
};

extern const struct audit_pass pass_stock, pass_orders, pass_payments, pass_ledger, pass_codes;

/* A law on its way through the orders. */
struct walker {
	const struct audit_pass *pass;
	struct audit_law *law;
	const char *repair;
	void *ctx;
};

#define WALKERS_MAX 8

/* All orders by id, once for all walkers, each order with its rows of the kinds they want; counts
 * for each what it saw. Neither begin nor end is called here. */
int audit_walk(struct auditor *a, const struct walker *walkers, int n);

#endif
