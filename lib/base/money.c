/* SPDX-License-Identifier: MIT */
/* Money: parse, format, checked arithmetic. Rounding is never decided here. */
#include "base/money.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/near.h"

struct currency {
	char code[4];
	int exponent;
};

static const struct currency currencies[] = {
#define CUR(code, exponent) {#code, exponent},
#include "base/currency.def"
#undef CUR
};

#define N_CURRENCIES (sizeof(currencies) / sizeof(currencies[0]))

int currency_exponent(const char *code)
{
	size_t lo = 0, hi = N_CURRENCIES;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(code, currencies[mid].code);

		if (c == 0)
			return currencies[mid].exponent;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

const char *currency_code(size_t i)
{
	return i < N_CURRENCIES ? currencies[i].code : NULL;
}

const char *currency_near(const char *code)
{
	const char *names[N_CURRENCIES];
	char capitals[4];
	size_t len = strlen(code);

	if (len >= sizeof(capitals))
		return NULL;
	for (size_t i = 0; i <= len; i++)
		capitals[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ? code[i] - 'a' + 'A' : code[i]);
	for (size_t i = 0; i < N_CURRENCIES; i++)
		names[i] = currencies[i].code;
	return near_name(capitals, len, names, N_CURRENCIES);
}

static int64_t pow10_of(int n)
{
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1.234,50" and "1,234.50" as 1234.50: the last mark parts the decimals, another one before it
 * thousands. False for what could mean two amounts, or none. fixed has room for text. */
static bool without_comma(const char *text, int exponent, char *fixed)
{
	size_t mark = 0, n = 0, group = 0, len = strlen(text);
	bool grouped = false;

	for (size_t i = 0; i < len; i++)
		if (text[i] == ',' || text[i] == '.')
			mark = i;
	if (mark == 0 || len - mark < 2 || len - mark - 1 > (size_t)exponent)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (is_digit(text[i])) {
			fixed[n++] = text[i];
			group++;
			continue;
		}
		if ((text[i] != ',' && text[i] != '.') || i > mark || group == 0 ||
		    (grouped && group != 3) || (i < mark && (group > 3 || text[i] == text[mark])))
			return false;
		if (i == mark)
			fixed[n++] = '.';
		grouped = true;
		group = 0;
	}
	fixed[n] = '\0';
	return true;
}

/* An example that the reader can copy: the text with its comma turned into a point, if that is all.
 */
static void hint_decimals(struct err *e, const char *text, const char *cur, int exponent)
{
	char fixed[MONEY_TEXT_MAX];

	if (strlen(text) >= sizeof(fixed))
		err_hint(e, "%s has %d decimals", cur, exponent);
	else if (strchr(text, ',') && without_comma(text, exponent, fixed))
		err_hint(e, "%s (%s has %d decimals)", fixed, cur, exponent);
	else
		err_hint(e,
		    exponent ? "plain digits and a point: %s has %d decimals"
			     : "plain digits: %s has %d decimals",
		    cur, exponent);
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Split "EUR 45.00": returns the number's part and fills code, or text itself. */
static const char *split_code(const char *text, char code[4])
{
	code[0] = '\0';
	if (!is_upper(text[0]) || !is_upper(text[1]) || !is_upper(text[2]) || text[3] != ' ')
		return text;
	memcpy(code, text, 3);
	code[3] = '\0';
	text += 3;
	while (*text == ' ')
		text++;
	return text;
}

static int pick_currency(const char *text, const char *named, const char *wanted, const char **ret,
    struct err *e, const char *field)
{
	const char *cur = named[0] ? named : wanted;

	if (!cur || !cur[0]) {
		err_set(e, TIX_EBAD_VALUE, field, "\"%.40s\": no currency", text);
		err_hint(e, "name it: \"EUR 45.00\"");
		return TIX_EBAD_VALUE;
	}
	if (currency_exponent(cur) < 0) {
		const char *near = currency_near(cur);

		err_set(e, TIX_EBAD_VALUE, field, "\"%.40s\": no such currency", cur);
		if (near)
			err_hint(e, "did you mean %s?", near);
		return TIX_EBAD_VALUE;
	}
	if (wanted && wanted[0] && strcmp(cur, wanted) != 0)
		return err_set(
		    e, TIX_EBAD_VALUE, field, "\"%.40s\": the currency here is %s", text, wanted);
	*ret = cur;
	return 0;
}

/* Digits, and after a point at most exponent more. Returns 0, or what is wrong with the text. */
static const char *scan_amount(const char *p, int exponent, int64_t *ret)
{
	int64_t v = 0;
	int decimals = 0;
	bool point = false;

	if (*p == '-' || *p == '+')
		return "an amount has no sign";
	if (strchr(p, ','))
		return "no comma in amounts";
	if (!is_digit(*p))
		return "not an amount";
	for (; *p; p++) {
		if (*p == '.' && !point && is_digit(p[1])) {
			point = true;
			continue;
		}
		if (!is_digit(*p))
			return "not an amount";
		if (point && ++decimals > exponent)
			return "too many decimals";
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *p - '0', &v))
			return "too large";
	}
	if (__builtin_mul_overflow(v, pow10_of(exponent - decimals), &v))
		return "too large";
	*ret = v;
	return NULL;
}

int money_parse(
    const char *text, const char *currency, struct money *ret, struct err *e, const char *field)
{
	char code[4];
	const char *cur = NULL;
	const char *number = split_code(text, code);
	const char *wrong;
	int64_t amount = 0;
	int exponent;
	int r;

	r = pick_currency(text, code, currency, &cur, e, field);
	if (r < 0)
		return r;
	exponent = currency_exponent(cur);
	wrong = scan_amount(number, exponent, &amount);
	if (wrong) {
		err_set(e, TIX_EBAD_VALUE, field, "\"%.40s\": %s", text, wrong);
		hint_decimals(e, number, cur, exponent);
		return TIX_EBAD_VALUE;
	}
	ret->amount = amount;
	memcpy(ret->currency, cur, 4);
	return 0;
}

const char *money_format(struct money m, char *out, size_t size)
{
	int exponent = currency_exponent(m.currency);
	uint64_t u = m.amount < 0 ? 0 - (uint64_t)m.amount : (uint64_t)m.amount;
	char tmp[MONEY_TEXT_MAX];
	char *p = tmp + sizeof(tmp);
	int digits = 0;

	*--p = '\0';
	do {
		if (exponent > 0 && digits == exponent)
			*--p = '.';
		*--p = (char)('0' + u % 10);
		u /= 10;
		digits++;
	} while (u || digits <= exponent);
	if (m.amount < 0)
		*--p = '-';
	snprintf(out, size, "%s", p);
	return out;
}

int money_add(struct money a, struct money b, struct money *ret)
{
	struct money m = a;

	if (strcmp(a.currency, b.currency) != 0)
		return TIX_EBAD_VALUE;
	if (__builtin_add_overflow(a.amount, b.amount, &m.amount))
		return TIX_EBAD_VALUE;
	*ret = m;
	return 0;
}

int money_sub(struct money a, struct money b, struct money *ret)
{
	struct money m = a;

	if (strcmp(a.currency, b.currency) != 0)
		return TIX_EBAD_VALUE;
	if (__builtin_sub_overflow(a.amount, b.amount, &m.amount))
		return TIX_EBAD_VALUE;
	*ret = m;
	return 0;
}

int money_mul(struct money a, int64_t n, struct money *ret)
{
	struct money m = a;

	if (__builtin_mul_overflow(a.amount, n, &m.amount))
		return TIX_EBAD_VALUE;
	*ret = m;
	return 0;
}
