/* SPDX-License-Identifier: MIT */
/* Amounts as filters. */
#include "core/amount.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"

int amount_filter_read(struct call *c, const char *text, const char *currency, const char *field,
    struct amount_filter *ret)
{
	size_t op = strspn(text, "<>=");
	const char *amount = text + op + strspn(text + op, " ");
	struct money m;
	int r;

	*ret = (struct amount_filter){0};
	snprintf(ret->op, sizeof(ret->op), "%.*s", op ? (int)op : 1, op ? text : "=");
	if (op > 2 || !strstr("= < > <= >=", ret->op) || strcmp(ret->op, "<>") == 0 ||
	    strlen(amount) >= sizeof(ret->text))
		return err_set(&c->err, TIX_EBAD_VALUE, field,
		    "an amount, after =, <, <=, > or >= where it is a bound");
	snprintf(ret->text, sizeof(ret->text), "%s", amount);
	ret->named = currency || strchr(amount, ' ');
	/* CLF has as many decimals as any; whether what is compared has them is seen there.
	 */
	r = money_parse(amount,
	    currency	 ? currency
	    : ret->named ? NULL
			 : "CLF",
	    &m, &c->err, field);
	if (r < 0 && !ret->named)
		err_hint(&c->err, "digits and a point: 45.00, \">=45.00\" or \"EUR 45.00\"");
	if (r == 0 && ret->named) {
		snprintf(ret->currency, sizeof(ret->currency), "%s", m.currency);
		ret->fits = true;
		ret->value = m.amount;
	}
	return r;
}

bool amount_matches(struct amount_filter *t, const char *currency, int64_t amount)
{
	if (!t->op[0])
		return true;
	if (strcmp(t->currency, currency) != 0) {
		struct err ignored = {0};
		struct money m = {0};

		if (t->named)
			return false;
		snprintf(t->currency, sizeof(t->currency), "%s", currency);
		t->fits = money_parse(t->text, currency, &m, &ignored, NULL) == 0;
		t->value = m.amount;
	}
	if (!t->fits)
		return false;
	if (amount == t->value)
		return strchr(t->op, '=') != NULL;
	return strchr(t->op, amount < t->value ? '<' : '>') != NULL;
}

int amount_bound_read(
    struct call *c, const char *op, const char *text, const char *field, struct amount_filter *ret)
{
	const char *bound = arena_printf(c->arena, "%s%s", op, text);

	if (strspn(text, "<>=") > 0)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, field, "an amount alone: it is a bound already");
	if (!bound)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	return amount_filter_read(c, bound, NULL, field, ret);
}
