/* SPDX-License-Identifier: MIT */
/* "Did you mean" for slugs of events: those that begin alike, up to a bound, compared with what was
 * typed. What the caller may not see is no candidate. */
#include "core/guess.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "core/rows.h"
#include "core/scope.h"

#define CANDIDATES 500
#define EDITS 2
#define SLUG_MAX 100

struct guess {
	const char *v[CANDIDATES];
	size_t n;
	int left; /* rows that may still be read */
};

/* Slugs with so many letters of the beginning, at most max. */
static int collect(struct call *c, const char *slug, size_t len, int max, struct guess *g)
{
	char low[SLUG_MAX + 2], high[SLUG_MAX + 3];
	struct q q;
	int r;

	snprintf(low, sizeof(low), "%.*s", (int)len, slug);
	snprintf(high, sizeof(high), "%s{", low); /* after every letter of a slug */
	q_start(&q, c->db, SQL_event_near, &c->err);
	q_str(&q, 1, low);
	q_str(&q, 2, high);
	q_i64(&q, 3, max);
	while ((r = q_step(&q)) == 1) {
		g->left--;
		if (!scope_sees(c->who, q_text(&q, 1), q_text(&q, 0)))
			continue;
		r = row_text(c, &q, 0, &g->v[g->n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* The longer the common beginning, the fewer there are: each range may take half of what is left.
 */
static int nearest(struct call *c, const char *slug, const char **ret)
{
	size_t len = strlen(slug), last = SLUG_MAX + 1;
	const size_t begin[] = {2 * len / 3, 3, 2, 1};
	struct guess g = {.left = CANDIDATES};

	*ret = NULL;
	if (len > SLUG_MAX)
		return 0;
	for (int i = 0; i < 4 && g.left > 1; i++) {
		int r;

		if (begin[i] == 0 || begin[i] > len || begin[i] >= last)
			continue;
		last = begin[i];
		r = collect(c, slug, last, g.left / 2, &g);
		if (r < 0)
			return r;
	}
	*ret = near_within(slug, len, g.v, g.n, EDITS);
	return 0;
}

int guess_event(struct call *c, const char *slug)
{
	const char *near = NULL;
	int r = slug ? nearest(c, slug, &near) : 0;

	if (r < 0)
		return r;
	if (!slug || !near)
		return call_not_found(c, "event", "event", slug);
	return err_set(
	    &c->err, TIX_ENOT_FOUND, "event", "event \"%s\"; did you mean %s?", slug, near);
}
