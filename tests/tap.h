/* SPDX-License-Identifier: MIT */
/*
 * The smallest TAP producer that tests need. A test includes this once, states facts with ok()
 * and its relatives, and ends with `return done_testing();`, which prints the plan. It never
 * stops at a failure: use the returned bool to skip what would make no sense after one.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failed;

/* Text below the last test line; shown by the driver only in its log. */
__attribute__((format(printf, 1, 2), unused)) static void diag(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("# ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	fflush(stdout);
}

__attribute__((format(printf, 4, 5))) static bool tap_ok(
    bool good, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	tap_count++;
	printf("%sok %d - ", good ? "" : "not ", tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!good) {
		tap_failed++;
		diag("at %s:%d", file, line);
	}
	fflush(stdout);
	return good;
}

__attribute__((unused)) static bool tap_int(
    int64_t got, int64_t want, const char *file, int line, const char *name)
{
	bool good = tap_ok(got == want, file, line, "%s", name);

	if (!good)
		diag("got %" PRId64 ", want %" PRId64, got, want);
	return good;
}

__attribute__((unused)) static bool tap_str(
    const char *got, const char *want, const char *file, int line, const char *name)
{
	bool same = got && want ? strcmp(got, want) == 0 : got == want;
	bool good = tap_ok(same, file, line, "%s", name);

	if (!good)
		diag("got \"%s\", want \"%s\"", got ? got : "(null)", want ? want : "(null)");
	return good;
}

/* ok(condition, "name with %d", x); is_int(got, want, "name"); is_str(got, want, "name"). */
#define ok(cond, ...) tap_ok((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, name) tap_int((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, name)
#define is_str(got, want, name) tap_str((got), (want), __FILE__, __LINE__, name)

/* One test that cannot run here, with the reason. */
__attribute__((unused)) static void skip(const char *why)
{
	printf("ok %d # SKIP %s\n", ++tap_count, why);
}

/* The whole file cannot run here: `return skip_all("why");` before any other test. */
__attribute__((unused)) static int skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	return 0;
}

/* Prints the plan; the exit status of the test. */
__attribute__((unused)) static int done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif
