/* SPDX-License-Identifier: MIT */
/* The histogram against sorted values: exact when small, within 1 % when large. */
#include "tests/tap.h"

#include "cli/hist.h"

static struct hist h;

static void check_near(int64_t got, int64_t want, const char *name)
{
	ok(got >= want && got <= want + want / 100 + 1, "%s: %" PRId64 " for %" PRId64, name, got,
	    want);
}

int main(void)
{
	is_int(hist_at(&h, 990000), 0, "empty");
	for (int64_t us = 1; us <= 1000000; us++)
		hist_add(&h, us);
	is_int((int64_t)h.count, 1000000, "every value is counted");
	is_int(hist_at(&h, 100), 100, "small values are exact");
	check_near(hist_at(&h, 500000), 500000, "median");
	check_near(hist_at(&h, 990000), 990000, "p99");
	check_near(hist_at(&h, 999000), 999000, "p99.9");
	is_int(hist_at(&h, 1000000), 1000000, "the largest is exact");

	h = (struct hist){0};
	hist_add(&h, -5);
	is_int(hist_at(&h, 1000000), 0, "a negative duration is none");
	hist_add(&h, INT64_MAX);
	is_int(hist_at(&h, 500000), 0, "half of two values");
	ok(hist_at(&h, 1000000) > (int64_t)1 << 39, "beyond the last slot");

	h = (struct hist){0};
	hist_add(&h, 123456789);
	is_int(hist_at(&h, 500000), 123456789, "never more than the largest value");
	return done_testing();
}
