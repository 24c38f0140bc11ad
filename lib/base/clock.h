/* SPDX-License-Identifier: MIT */
/* Time and randomness behind interfaces, so that tests and the simulator can set them. */
#ifndef TIX_BASE_CLOCK_H
#define TIX_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define USEC_PER_SEC INT64_C(1000000)

struct clock;
struct rng;

/* The machine's clock. Static: never freed. */
const struct clock *clock_system(void);

/* A clock that stands still until it is set. NULL without memory. */
struct clock *clock_test_new(int64_t start_us);
void clock_test_free(struct clock *c);

/* Set a test clock; safe while other threads read it. Its monotonic time moves by the same step,
 * never backwards. No effect on the system clock. */
void clock_test_set(struct clock *c, int64_t now_us);

/* As when somebody sets the machine's clock: the monotonic time stays. */
void clock_test_step(struct clock *c, int64_t now_us);

/* UTC in microseconds since 1970. */
int64_t clock_now(const struct clock *c);

/* Microseconds that never go back and count suspended time; only differences mean anything. */
int64_t clock_mono(const struct clock *c);

/* Bytes from the kernel's generator. Aborts if the kernel has none: nothing safe could follow. */
void random_bytes(void *out, size_t len);

/* The kernel's generator as an rng. Static: never freed. */
const struct rng *rng_system(void);

/* A repeatable stream for tests and the simulator, never for secrets. Safe between threads. */
struct rng *rng_test_new(uint64_t seed);
void rng_test_free(struct rng *r);

void rng_bytes(const struct rng *r, void *out, size_t len);

#endif
