/* SPDX-License-Identifier: MIT */
/* Arena: alignment, zeroing, cap, growth over blocks, reuse after a reset. */
#include "tests/tap.h"

#include "base/arena.h"

static bool all_zero(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

static void growth(void)
{
	struct arena *a = arena_new(1 << 20);
	bool aligned = true, zero = true;

	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < 300; n++) {
			char *p = arena_alloc(a, n * 3);

			aligned = aligned && p && ((uintptr_t)p & 15) == 0;
			zero = zero && p && all_zero(p, n * 3);
			if (p)
				memset(p, 0xAA, n * 3);
		}
		arena_reset(a);
	}
	ok(aligned, "pieces are aligned to 16");
	ok(zero, "pieces are zeroed, also when the memory is used again");
	is_int(arena_used(a), 0, "nothing used after a reset");
	arena_free(a);
	arena_free(NULL);
}

static void caps(void)
{
	struct arena *a = arena_new(1000);
	volatile size_t absurd = SIZE_MAX; /* hidden from the compiler, which would warn */

	ok(!arena_alloc(a, 1001), "one piece beyond the cap");
	ok(!arena_alloc(a, absurd) && !arena_alloc(a, absurd - 8), "absurd sizes");
	ok(!arena_array(a, absurd / 2, 4), "a product that overflows");
	ok(arena_alloc(a, 600) && !arena_alloc(a, 600), "the cap counts the sum");
	ok(arena_alloc(a, 300) != NULL, "what is left still goes out");
	arena_reset(a);
	ok(arena_alloc(a, 600) != NULL, "a reset gives the cap back");
	arena_free(a);
}

static void copies(void)
{
	struct arena *a = arena_new(100000);
	char big[20000];

	memset(big, 'x', sizeof(big));
	is_str(arena_strdup(a, "hello"), "hello", "strdup");
	is_str(arena_strndup(a, "hello", 2), "he", "strndup");
	is_str(arena_strndup(a, NULL, 0), "", "strndup of nothing");
	is_str(arena_printf(a, "%d-%s", 7, "b"), "7-b", "printf");
	ok(!memcmp(arena_memdup(a, big, sizeof(big)), big, sizeof(big)),
	    "a piece larger than a block");
	arena_free(a);
}

int main(void)
{
	growth();
	caps();
	copies();
	return done_testing();
}
