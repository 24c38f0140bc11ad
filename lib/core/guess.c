/* SPDX-License-Identifier: MIT */
/* "Did you mean" for names: those that begin alike or belong to the event, up to a bound, compared
 * with what was typed. What the caller may not see is no candidate. */
#include "core/guess.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "core/rows.h"
#include "core/scope.h"

#define CANDIDATES 500
#define EDITS 2
#define SLUG_MAX 100

/* What has slugs; the statement gives them with the slug of their organizer. */
struct kind {
	const char *name;
	enum sql_id near;
	bool (*seen)(const struct principal *who, const char *organizer, const char *slug);
};

struct guess {
	const char *v[CANDIDATES];
	size_t n;
	int left; /* rows that may still be read */
};

static bool sees_venue(const struct principal *who, const char *organizer, const char *slug)
{
	(void)slug;
	return scope_sees(who, organizer, NULL);
}

static bool sees_organizer(const struct principal *who, const char *organizer, const char *slug)
{
	(void)slug;
	return scope_sees(who, organizer, who->event[0] ? who->event : NULL);
}

/* Slugs with so many letters of the beginning, at most max. */
static int collect(struct call *c, const struct kind *k, const char *slug, size_t len, int max,
    struct guess *g)
{
	char low[SLUG_MAX + 2], high[SLUG_MAX + 3];
	struct q q;
	int r;

	snprintf(low, sizeof(low), "%.*s", (int)len, slug);
	snprintf(high, sizeof(high), "%s{", low); /* after every letter of a slug */
	q_start(&q, c->db, k->near, &c->err);
	q_str(&q, 1, low);
	q_str(&q, 2, high);
	q_i64(&q, 3, max);
	while ((r = q_step(&q)) == 1) {
		g->left--;
		if (!k->seen(c->who, q_text(&q, 1), q_text(&q, 0)))
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
static int nearest(struct call *c, const struct kind *k, const char *slug, const char **ret)
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
		r = collect(c, k, slug, last, g.left / 2, &g);
		if (r < 0)
			return r;
	}
	*ret = near_within(slug, len, g.v, g.n, EDITS);
	return 0;
}

static int end(struct call *c, const char *field, const char *kind, const char *name, const char *near)
{
	if (!name || !near)
		return call_not_found(c, field, kind, name);
	return err_set(
	    &c->err, TIX_ENOT_FOUND, field, "%s \"%s\"; did you mean %s?", kind, name, near);
}

static int guess_slug(struct call *c, const struct kind *k, const char *field, const char *slug)
{
	const char *near = NULL;
	int r = slug ? nearest(c, k, slug, &near) : 0;

	return r < 0 ? r : end(c, field, k->name, slug, near);
}

int guess_event(struct call *c, const char *slug)
{
	return guess_slug(c, &(struct kind){"event", SQL_event_near, scope_sees}, "event", slug);
}

int guess_organizer(struct call *c, const char *field, const char *slug)
{
	return guess_slug(
	    c, &(struct kind){"organizer", SQL_organizer_near, sees_organizer}, field, slug);
}

int guess_venue(struct call *c, const char *field, const char *slug)
{
	return guess_slug(c, &(struct kind){"venue", SQL_venue_near, sees_venue}, field, slug);
}

/* Among the names of one event, which the caller may see. */
static int guess_within(struct call *c, enum sql_id sql, const char *kind, int64_t event,
    const char *field, const char *name)
{
	struct guess g = {.left = CANDIDATES};
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, event);
	q_i64(&q, 2, CANDIDATES);
	while ((r = q_step(&q)) == 1 && (r = row_text(c, &q, 0, &g.v[g.n++])) == 0)
		continue;
	q_end(&q);
	if (r < 0)
		return r;
	return end(c, field, kind, name, near_within(name, strlen(name), g.v, g.n, EDITS));
}

int guess_category(struct call *c, int64_t event, const char *field, const char *name)
{
	return guess_within(c, SQL_category_names, "category", event, field, name);
}

int guess_quota(struct call *c, int64_t event, const char *field, const char *name)
{
	return guess_within(c, SQL_quota_names, "quota", event, field, name);
}
