/* SPDX-License-Identifier: MIT */
/* The only place that asks the machine for the time or for randomness. */
#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct clock {
	_Atomic int64_t *now; /* NULL for the system's clock */
	_Atomic int64_t *mono;
};

struct test_clock {
	struct clock base; /* first: a struct clock is what callers see */
	_Atomic int64_t now, mono;
};

struct rng {
	_Atomic uint64_t *state; /* NULL for the kernel's generator */
};

struct test_rng {
	struct rng base;
	_Atomic uint64_t state;
};

static const struct clock system_clock = {NULL, NULL};
static const struct rng system_rng = {NULL};

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) < 0)
		abort();
	return ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

const struct clock *clock_system(void)
{
	return &system_clock;
}

struct clock *clock_test_new(int64_t start_us)
{
	struct test_clock *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	atomic_init(&t->now, start_us);
	atomic_init(&t->mono, USEC_PER_SEC);
	t->base.now = &t->now;
	t->base.mono = &t->mono;
	return &t->base;
}

void clock_test_free(struct clock *c)
{
	free(c);
}

void clock_test_set(struct clock *c, int64_t now_us)
{
	int64_t old;

	if (!c->now)
		return;
	old = atomic_exchange(c->now, now_us);
	if (now_us > old)
		atomic_fetch_add(c->mono, now_us - old);
}

void clock_test_step(struct clock *c, int64_t now_us)
{
	if (c->now)
		atomic_store(c->now, now_us);
}

int64_t clock_now(const struct clock *c)
{
	return c->now ? atomic_load(c->now) : read_clock(CLOCK_REALTIME);
}

int64_t clock_mono(const struct clock *c)
{
	return c->mono ? atomic_load(c->mono) : read_clock(CLOCK_BOOTTIME);
}

void random_bytes(void *out, size_t len)
{
	char *p = out;

	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			abort();
		p += n;
		len -= (size_t)n;
	}
}

const struct rng *rng_system(void)
{
	return &system_rng;
}

struct rng *rng_test_new(uint64_t seed)
{
	struct test_rng *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	atomic_init(&t->state, seed);
	t->base.state = &t->state;
	return &t->base;
}

void rng_test_free(struct rng *r)
{
	free(r);
}

/* SplitMix64: each step is one addition, so threads share the state without a lock. */
static uint64_t test_next(_Atomic uint64_t *state)
{
	uint64_t z = atomic_fetch_add(state, UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

void rng_bytes(const struct rng *r, void *out, size_t len)
{
	char *p = out;

	if (!r->state) {
		random_bytes(out, len);
		return;
	}
	while (len > 0) {
		uint64_t v = test_next(r->state);
		size_t n = len < sizeof(v) ? len : sizeof(v);

		memcpy(p, &v, n);
		p += n;
		len -= n;
	}
}
