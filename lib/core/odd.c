/* SPDX-License-Identifier: MIT */
/* What a call met where clocks are put back or forward. It decides nothing: base/when.h did. */
#include "core/odd.h"

#include <string.h>

#include "base/when.h"
#include "base/zone.h"

#define ODD_MAX 20 /* told in one reply */

static bool same_odd(const struct odd_time *a, const struct odd_time *b)
{
	return strcmp(a->field, b->field) == 0 && strcmp(a->typed, b->typed) == 0 &&
	       strcmp(a->taken, b->taken) == 0;
}

int odd_keep(
    struct call *c, const struct zone *zone, const char *text, const char *field, int64_t at)
{
	char taken[WHEN_TEXT_MAX], other[WHEN_TEXT_MAX];
	struct odd_time *v = c->odd.v, odd = {.field = field};
	int64_t again;

	if (c->odd.n == ODD_MAX)
		return 0;
	if (!v)
		c->odd.v = v = arena_array(c->arena, ODD_MAX, sizeof(*v));
	odd.typed = arena_strdup(c->arena, text);
	odd.taken = arena_strdup(c->arena, when_rfc3339_local(zone, at, taken, sizeof(taken)));
	if (zone_again(zone, at, &again))
		odd.other = arena_strdup(
		    c->arena, when_rfc3339_local(zone, again, other, sizeof(other)));
	if (!v || !odd.typed || !odd.taken)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	for (size_t i = 0; i < c->odd.n; i++) {
		if (same_odd(&v[i], &odd))
			return 0;
	}
	v[c->odd.n++] = odd;
	return 0;
}
