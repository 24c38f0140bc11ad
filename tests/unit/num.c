/* SPDX-License-Identifier: MIT */
/* Numbers and spans: the edges of 64 bits and everything that only looks like a number. */
#include "tests/tap.h"

#include "base/err.h"
#include "base/num.h"

int main(void)
{
	static const struct {
		const char *text;
		bool good;
		int64_t v;
	} numbers[] = {{"0", true, 0}, {"-1", true, -1}, {"007", true, 7}, {"-0", true, 0},
	    {"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
	    {"9223372036854775808", false, 0}, {"-9223372036854775809", false, 0}, {"", false, 0},
	    {"-", false, 0}, {"--1", false, 0}, {"+1", false, 0}, {" 1", false, 0},
	    {"1 ", false, 0}, {"1x", false, 0}, {"0x1", false, 0}, {"1e3", false, 0},
	    {"1.0", false, 0}};
	static const struct {
		const char *text;
		int64_t us;
	} spans[] = {{"500ms", 500000}, {"30s", 30000000}, {"10m", 600000000},
	    {"2h", INT64_C(7200000000)}, {"7d", INT64_C(604800000000)},
	    {"2w", INT64_C(1209600000000)}, {"0s", 0}, {"5", -1}, {"s", -1}, {"", -1}, {"-5s", -1},
	    {"5 s", -1}, {"5sec", -1}, {"5M", -1}, {"1h30m", -1}, {"9223372036854775807w", -1},
	    {"15250285w", -1}, {"99999999999999999999s", -1}};
	static const struct {
		int64_t v;
		const char *text;
	} groups[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-999, "-999"}, {-1000, "-1,000"},
	    {1234567, "1,234,567"}, {INT64_MIN, "-9,223,372,036,854,775,808"}};
	char grouped[NUM_GROUPED_MAX];
	int64_t v;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int r = num_parse(numbers[i].text, INT64_MIN, INT64_MAX, (v = 42, &v));

		ok(numbers[i].good ? r == 0 && v == numbers[i].v : r == TIX_EBAD_VALUE && v == 42,
		    "number \"%s\"", numbers[i].text);
	}
	is_int(num_parse("5", 6, 9, &v), TIX_EBAD_VALUE, "below the bound");
	is_int(num_parse("10", 6, 9, &v), TIX_EBAD_VALUE, "above it");
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		int r = num_parse_span(spans[i].text, (v = -1, &v));

		ok(v == spans[i].us && (r == 0) == (v >= 0), "span \"%s\"", spans[i].text);
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		is_str(num_grouped(groups[i].v, grouped), groups[i].text, "in groups of three");
	return done_testing();
}
