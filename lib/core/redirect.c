/* SPDX-License-Identifier: MIT */
/* Former slugs, found when nothing has a slug now: what is asked by its present slug pays nothing.
 */
#include "core/redirect.h"

#include <stdio.h>
#include <string.h>

int redirect_find(struct call *c, const char *slug, const char **ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_event_slug_find, &c->err);
	q_str(&q, 1, slug);
	r = q_step(&q);
	if (r == 1) {
		int copied = row_text(c, &q, 0, ret);

		r = copied < 0 ? copied : 1;
	}
	q_end(&q);
	return r;
}

int redirect_scope(struct call *c)
{
	struct principal *who;
	const char *slug;
	int r;

	if (!c->who->event[0])
		return 0;
	r = redirect_find(c, c->who->event, &slug);
	if (r <= 0)
		return r;
	who = arena_alloc(c->arena, sizeof(*who));
	if (!who)
		return row_no_memory(c);
	*who = *c->who;
	snprintf(who->event, sizeof(who->event), "%s", slug);
	c->who = who;
	return 0;
}

int redirect_check(
    struct call *c, const struct event_row *event, const char *slug, const char *field)
{
	struct event_row other;
	int r = event_row_find(c, slug, &other);

	if (r <= 0 || (event && other.id == event->id))
		return r < 0 ? r : 0;
	if (strcmp(other.slug, slug) == 0)
		return err_set(
		    &c->err, TIX_EEXISTS, field, "there is an event %s already", slug);
	return err_set(&c->err, TIX_EEXISTS, field, "%s was the slug of %s and still leads there",
	    slug, other.slug);
}

static int drop(struct call *c, const char *slug)
{
	struct q q;

	q_start(&q, c->db, SQL_event_slug_drop, &c->err);
	q_str(&q, 1, slug);
	return q_finish(&q);
}

/* What the event is called now may lead elsewhere in a store that the audit complains of: another
 * slug is the way out of that. */
int redirect_add(struct call *c, const struct event_row *event, const char *slug)
{
	struct q q;
	int r = drop(c, slug);

	if (r == 0)
		r = drop(c, event->slug);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_event_slug_add, &c->err);
	q_str(&q, 1, event->slug);
	q_i64(&q, 2, event->id);
	q_i64(&q, 3, c->now);
	r = q_finish(&q);
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_event_slug_set, &c->err);
	q_str(&q, 1, slug);
	q_i64(&q, 2, event->id);
	return q_finish(&q);
}
