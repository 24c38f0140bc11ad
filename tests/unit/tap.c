/* SPDX-License-Identifier: MIT */
/* The TAP producer itself: counts and verdicts; never prints a failing line of its own. */
#include "tests/tap.h"

int main(void)
{
	ok(tap_count == 0, "nothing counted at first");
	ok(tap_count == 1 && tap_failed == 0, "one counted, none failed");
	is_int(tap_count, 2, "counts each test");
	is_str("a", "a", "equal strings");
	is_str(NULL, NULL, "two absent strings");
	return done_testing();
}
