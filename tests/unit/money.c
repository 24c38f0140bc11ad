/* SPDX-License-Identifier: MIT */
/* Money: the grammar, each exponent, overflow at the edges, checked arithmetic. */
#include "tests/tap.h"

#include "base/err.h"
#include "base/money.h"

struct money_case {
	const char *text, *currency;
	bool good;
	int64_t amount;
	const char *want_currency;
};

static const struct money_case cases[] = {
    {"45", "EUR", true, 4500, "EUR"},
    {"45.00", "EUR", true, 4500, "EUR"},
    {"45.5", "EUR", true, 4550, "EUR"},
    {"0", "EUR", true, 0, "EUR"},
    {"0.01", "EUR", true, 1, "EUR"},
    {"007", "EUR", true, 700, "EUR"},
    {"EUR 45.00", NULL, true, 4500, "EUR"},
    {"EUR 45.00", "EUR", true, 4500, "EUR"},
    {"EUR  1", "", true, 100, "EUR"},
    {"JPY 500", NULL, true, 500, "JPY"},
    {"KWD 1.234", NULL, true, 1234, "KWD"},
    {"CLF 1.2345", NULL, true, 12345, "CLF"},
    {"92233720368547758.07", "EUR", true, INT64_MAX, "EUR"},
    {"9223372036854775807", "JPY", true, INT64_MAX, "JPY"},
    {"92233720368547758.08", "EUR", false, 0, NULL},
    {"92233720368547759", "EUR", false, 0, NULL},
    {"9223372036854775808", "JPY", false, 0, NULL},
    {"99999999999999999999999999", "EUR", false, 0, NULL},
    {"45,00", "EUR", false, 0, NULL},
    {"1,000.00", "EUR", false, 0, NULL},
    {"45.001", "EUR", false, 0, NULL},
    {"45.000", "EUR", false, 0, NULL},
    {"45.0", "JPY", false, 0, NULL},
    {"-5", "EUR", false, 0, NULL},
    {"+5", "EUR", false, 0, NULL},
    {"-0", "EUR", false, 0, NULL},
    {".5", "EUR", false, 0, NULL},
    {"5.", "EUR", false, 0, NULL},
    {"5..0", "EUR", false, 0, NULL},
    {"5.0.0", "EUR", false, 0, NULL},
    {"", "EUR", false, 0, NULL},
    {" 5", "EUR", false, 0, NULL},
    {"5 ", "EUR", false, 0, NULL},
    {"5e3", "EUR", false, 0, NULL},
    {"0x10", "EUR", false, 0, NULL},
    {"EUR", "EUR", false, 0, NULL},
    {"EUR ", "EUR", false, 0, NULL},
    {"45", NULL, false, 0, NULL},
    {"45", "QQQ", false, 0, NULL},
    {"45", "eur", false, 0, NULL},
    {"ABC 45", NULL, false, 0, NULL},
    {"USD 45", "EUR", false, 0, NULL},
    {"\xD9\xA4\xD9\xA5", "EUR", false, 0, NULL},
};

static void parsing(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct money_case *c = &cases[i];
		struct money m = {77, "ZZZ"};
		struct err e = {0};
		int r = money_parse(c->text, c->currency, &m, &e, "price");
		bool good;

		if (c->good)
			good = r == 0 && m.amount == c->amount &&
			       !strcmp(m.currency, c->want_currency);
		else
			good = r == TIX_EBAD_VALUE && m.amount == 77 && !strcmp(e.field, "price");
		ok(good, "parse \"%s\" with %s", c->text,
		    c->currency ? c->currency : "no currency");
	}
}

static void hints(void)
{
	static const char *const vague[] = {"1,234", "1,23,45", "12.34,50", "1234.567,50",
	    "1.2345,50", ",50", "45,", "1,,50", "1.234.50,1x"};
	struct money m;
	struct err e = {0};

	money_parse("45,00", "EUR", &m, &e, "price");
	is_str(e.message, "\"45,00\": no comma in amounts", "comma: message");
	is_str(e.hint, "45.00 (EUR has 2 decimals)", "comma: hint");
	money_parse("1,000.00", "EUR", &m, &e, "price");
	is_str(e.hint, "1000.00 (EUR has 2 decimals)", "thousands: hint");
	money_parse("1.234,50", "EUR", &m, &e, "price");
	is_str(e.hint, "1234.50 (EUR has 2 decimals)", "thousands with points: hint");
	money_parse("1.234.567,5", "EUR", &m, &e, "price");
	is_str(e.hint, "1234567.5 (EUR has 2 decimals)", "millions: hint");
	for (size_t i = 0; i < sizeof(vague) / sizeof(vague[0]); i++) {
		money_parse(vague[i], "EUR", &m, &e, "price");
		is_str(e.hint, "plain digits and a point: EUR has 2 decimals", vague[i]);
	}
	money_parse("45", NULL, &m, &e, "price");
	is_str(e.hint, "name it: \"EUR 45.00\"", "no currency: hint");
}

static void formatting(void)
{
	static const struct {
		struct money m;
		const char *want;
	} rows[] = {
	    {{12000, "EUR"}, "120.00"},
	    {{0, "EUR"}, "0.00"},
	    {{5, "EUR"}, "0.05"},
	    {{-50, "EUR"}, "-0.50"},
	    {{500, "JPY"}, "500"},
	    {{0, "JPY"}, "0"},
	    {{1234, "KWD"}, "1.234"},
	    {{1, "CLF"}, "0.0001"},
	    {{INT64_MAX, "EUR"}, "92233720368547758.07"},
	    {{INT64_MIN, "CLF"}, "-922337203685477.5808"},
	    {{INT64_MIN, "JPY"}, "-9223372036854775808"},
	};
	char out[MONEY_TEXT_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_str(money_format(rows[i].m, out, sizeof(out)), rows[i].want, rows[i].want);
}

static void arithmetic(void)
{
	struct money a = {INT64_MAX, "EUR"}, b = {1, "EUR"}, c = {1, "USD"};
	struct money low = {INT64_MIN, "EUR"}, r = {9, "EUR"};

	ok(money_add(a, b, &r) == TIX_EBAD_VALUE && r.amount == 9,
	    "add overflows, result untouched");
	ok(money_sub(low, b, &r) == TIX_EBAD_VALUE && r.amount == 9, "sub overflows");
	ok(money_mul(a, 2, &r) == TIX_EBAD_VALUE && r.amount == 9, "mul overflows");
	ok(money_add(b, c, &r) == TIX_EBAD_VALUE && r.amount == 9, "two currencies do not add");
	ok(money_sub(b, c, &r) == TIX_EBAD_VALUE && r.amount == 9, "nor subtract");
	ok(money_add(b, b, &r) == 0 && r.amount == 2, "add");
	ok(money_sub(b, r, &r) == 0 && r.amount == -1, "sub");
	ok(money_mul(b, -3, &r) == 0 && r.amount == -3 && !strcmp(r.currency, "EUR"), "mul");
}

static void currencies(void)
{
	bool sorted = true, found = true;
	const char *last = "";
	size_t n = 0;

	for (const char *c; (c = currency_code(n)); n++, last = c) {
		sorted = sorted && strcmp(last, c) < 0;
		found = found && currency_exponent(c) >= 0 && currency_exponent(c) <= 4;
	}
	ok(sorted, "the table is sorted");
	ok(found, "each code is found, exponent 0 to 4");
	ok(n > 150, "%zu currencies", n);
	is_int(currency_exponent("EUR"), 2, "EUR");
	is_int(currency_exponent("JPY"), 0, "JPY");
	is_int(currency_exponent("TND"), 3, "TND");
	is_int(currency_exponent("UYW"), 4, "UYW");
	is_int(currency_exponent(""), -1, "empty");
	is_int(currency_exponent("EURO"), -1, "too long");
}

int main(void)
{
	parsing();
	hints();
	formatting();
	arithmetic();
	currencies();
	return done_testing();
}
