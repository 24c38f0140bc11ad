/* SPDX-License-Identifier: MIT */
/* Slots: the first two powers count each microsecond, every later power of two has the same number
 * of steps. */
#include "cli/hist.h"

#define STEPS (1u << HIST_STEPS_LOG2)

static unsigned slot_of(uint64_t us)
{
	unsigned shift;

	if (us < 2 * STEPS)
		return (unsigned)us;
	shift = 63u - (unsigned)__builtin_clzll(us) - HIST_STEPS_LOG2;
	if (shift >= HIST_POWERS)
		return HIST_SLOTS - 1;
	return (shift << HIST_STEPS_LOG2) + (unsigned)(us >> shift);
}

/* The largest value that falls into a slot. */
static uint64_t slot_top(unsigned slot)
{
	unsigned shift;

	if (slot < 2 * STEPS)
		return slot;
	shift = (slot >> HIST_STEPS_LOG2) - 1;
	return ((uint64_t)(slot - (shift << HIST_STEPS_LOG2) + 1) << shift) - 1;
}

void hist_add(struct hist *h, int64_t us)
{
	uint64_t v = us < 0 ? 0 : (uint64_t)us;

	h->slot[slot_of(v)]++;
	h->count++;
	if (us > h->max)
		h->max = us;
}

int64_t hist_at(const struct hist *h, int64_t ppm)
{
	uint64_t want = (h->count * (uint64_t)ppm + 999999) / 1000000, seen = 0;
	unsigned slot;

	if (h->count == 0)
		return 0;
	for (slot = 0; slot < HIST_SLOTS; slot++) {
		seen += h->slot[slot];
		if (seen >= want && seen > 0)
			break;
	}
	if (slot >= HIST_SLOTS || slot_top(slot) > (uint64_t)h->max)
		return h->max;
	return (int64_t)slot_top(slot);
}
