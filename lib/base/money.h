/* SPDX-License-Identifier: MIT */
/* Amounts in minor units of an ISO 4217 currency. Everything is checked; no floating point. */
#ifndef TIX_BASE_MONEY_H
#define TIX_BASE_MONEY_H

#include <stddef.h>
#include <stdint.h>

struct err;

struct money {
	int64_t amount;	  /* minor units: cents, yen, fils */
	char currency[4]; /* three capitals and NUL; "" while unset */
};

#define MONEY_TEXT_MAX 32

/* Decimals of the currency (0, 2, 3, 4); -1 when the code is unknown. code must be in capitals. */
int currency_exponent(const char *code);

/* The codes in order, for listings and tests; NULL after the last. */
const char *currency_code(size_t i);

/* The one that was meant by a mistyped code, NULL: none is near. */
const char *currency_near(const char *code);

/* Read "45", "45.00" or "EUR 45.00". currency may be NULL if the text must name it; if both do,
 * they must agree. Refused with TIX_EBAD_VALUE and a hint: more decimals than the currency has,
 * commas, signs, amounts that do not fit. */
int money_parse(
    const char *text, const char *currency, struct money *ret, struct err *e, const char *field);

/* Plain decimals, "120.00" or "-0.50", without the currency. Returns out; size MONEY_TEXT_MAX is
 * always enough. */
const char *money_format(struct money m, char *out, size_t size);

/* Checked arithmetic: TIX_EBAD_VALUE for two currencies or a result that does not fit. */
int money_add(struct money a, struct money b, struct money *ret)
    __attribute__((warn_unused_result));
int money_sub(struct money a, struct money b, struct money *ret)
    __attribute__((warn_unused_result));
int money_mul(struct money a, int64_t n, struct money *ret) __attribute__((warn_unused_result));

#endif
