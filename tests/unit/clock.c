/* SPDX-License-Identifier: MIT */
/* Clock and randomness: system, test clock between threads, repeatable streams. */
#include "tests/tap.h"

#include <pthread.h>

#include "base/clock.h"

static void test_clock(void)
{
	struct clock *c = clock_test_new(1000);
	int64_t mono = clock_mono(c);

	is_int(clock_now(c), 1000, "stands where it was started");
	clock_test_set(c, 5000);
	is_int(clock_now(c), 5000, "moves when set");
	is_int(clock_mono(c) - mono, 4000, "monotonic time moves along");
	clock_test_set(c, 2000);
	is_int(clock_now(c), 2000, "the wall may go back");
	is_int(clock_mono(c) - mono, 4000, "monotonic time never does");
	clock_test_free(c);
	clock_test_free(NULL);
}

static void *watch(void *arg)
{
	const struct clock *c = arg;
	int64_t last = 0;

	while (last < 10000) {
		int64_t now = clock_mono(c);

		if (now < last)
			return arg;
		last = clock_now(c);
	}
	return NULL;
}

static void threads(void)
{
	struct clock *c = clock_test_new(0);
	pthread_t t;
	void *bad = NULL;

	pthread_create(&t, NULL, watch, c);
	for (int64_t i = 1; i <= 10000; i++)
		clock_test_set(c, i);
	pthread_join(t, &bad);
	ok(!bad, "a reader in another thread sees it advance");
	clock_test_free(c);
}

static void randomness(void)
{
	struct rng *a = rng_test_new(7), *b = rng_test_new(7), *c = rng_test_new(8);
	char x[37], y[37], z[37], zero[37] = {0};

	rng_bytes(a, x, sizeof(x));
	rng_bytes(b, y, sizeof(y));
	rng_bytes(c, z, sizeof(z));
	ok(!memcmp(x, y, sizeof(x)), "one seed, one stream");
	ok(memcmp(x, z, sizeof(x)) != 0, "another seed, another stream");
	rng_bytes(a, y, sizeof(y));
	ok(memcmp(x, y, sizeof(x)) != 0, "the stream goes on");
	random_bytes(x, sizeof(x));
	rng_bytes(rng_system(), y, sizeof(y));
	ok(memcmp(x, zero, sizeof(x)) != 0 && memcmp(x, y, sizeof(x)) != 0, "the kernel's differ");
	rng_test_free(a);
	rng_test_free(b);
	rng_test_free(c);
	rng_test_free(NULL);
}

int main(void)
{
	const struct clock *s = clock_system();
	int64_t mono = clock_mono(s);

	ok(clock_now(s) > INT64_C(1700000000) * USEC_PER_SEC, "the system's clock is in this era");
	ok(clock_mono(s) >= mono, "monotonic");
	test_clock();
	threads();
	randomness();
	return done_testing();
}
