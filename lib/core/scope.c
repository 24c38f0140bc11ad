/* SPDX-License-Identifier: MIT */
/* Scopes are slugs in the principal; lists want ids. It reads, it never writes. */
#include "core/scope.h"

#include <string.h>

#include "core/guess.h"
#include "core/rows.h"

bool scope_sees(const struct principal *who, const char *organizer, const char *event)
{
	if (who->organizer[0] && (!organizer || strcmp(who->organizer, organizer) != 0))
		return false;
	return !who->event[0] || (event && strcmp(who->event, event) == 0);
}

int scope_of(struct call *c, struct scope *ret)
{
	struct scope s = {0, 0};
	struct organizer_row row;
	struct event_ref ref;
	int r;

	if (c->who->organizer[0]) {
		r = organizer_row_find(c, c->who->organizer, &row);
		if (r < 0)
			return r;
		s.organizer = r ? row.id : -1;
	}
	if (c->who->event[0]) {
		r = call_event(c, c->who->event, &ref);
		if (r == TIX_ENOT_FOUND)
			err_clear(&c->err);
		else if (r < 0)
			return r;
		s.event = r == 0 ? ref.id : -1;
	}
	*ret = s;
	return 0;
}

/* The only organizer of the store. */
static int only_one(struct call *c, struct organizer_row *ret)
{
	const char *slug = NULL;
	int64_t id = 0;
	struct q q;
	int r, n = 0;

	q_start(&q, c->db, SQL_organizer_two, &c->err);
	while ((r = q_step(&q)) == 1 && n++ == 0) {
		id = q_col(&q, 0);
		slug = arena_strdup(c->arena, q_text(&q, 1));
	}
	q_end(&q);
	if (r < 0)
		return r;
	if (n > 1)
		return err_set(
		    &c->err, TIX_EMISSING, "organizer", "there are several organizers: name one");
	if (n == 0 || !slug)
		return call_not_found(c, "organizer", "organizer", NULL);
	ret->id = id;
	ret->slug = slug;
	return 0;
}

int scope_organizer(struct call *c, const char *slug, int64_t *ret_id, const char **ret_slug)
{
	const struct principal *who = c->who;
	struct organizer_row row = {0};
	int r;

	if (who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL,
		    "you may act for the event %s only", who->event);
	if (!slug && who->organizer[0])
		slug = who->organizer;
	if (!slug) {
		r = only_one(c, &row);
		if (r < 0)
			return r;
	} else {
		r = scope_sees(who, slug, NULL) ? organizer_row_find(c, slug, &row) : 0;
		if (r < 0)
			return r;
		if (r == 0)
			return guess_organizer(c, "organizer", slug);
	}
	*ret_id = row.id;
	*ret_slug = row.slug;
	return 0;
}
