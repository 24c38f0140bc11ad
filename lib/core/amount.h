/* SPDX-License-Identifier: MIT */
/* Amounts as filters: what is compared may be in any currency. */
#ifndef CORE_AMOUNT_H
#define CORE_AMOUNT_H

#include "core/call.h"

/* An amount to compare with, in the currency that it names, else in that of what it is compared
 * with. */
struct amount_filter {
	char op[3]; /* "": none; = < <= > >= */
	char text[64];
	char currency[4]; /* what value is in; "": not read yet */
	bool fits;	  /* the currency has that many decimals */
	int64_t value;
	bool named; /* only what is in currency matches */
};

/* "45.00", ">=100", "<EUR 20": checks and takes apart; currency NULL: not known. */
int amount_filter_read(struct call *c, const char *text, const char *currency, const char *field,
    struct amount_filter *ret);

/* The same where the text is a bound and has no sign of its own. */
int amount_bound_read(
    struct call *c, const char *op, const char *text, const char *field, struct amount_filter *ret);

/* Without an op everything matches. */
bool amount_matches(struct amount_filter *f, const char *currency, int64_t amount);

#endif
