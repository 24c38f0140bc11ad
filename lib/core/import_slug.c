/* SPDX-License-Identifier: MIT */
/* Former slugs of imported events: none may be the slug of another event, be that stored or of the
 * same import. */
#include <stdlib.h>
#include <string.h>

#include "core/event_row.h"
#include "core/import_work.h"

static bool has(const struct work_event *event, const char *slug)
{
	for (size_t i = 0; i < event->nslugs; i++) {
		if (strcmp(event->slugs[i], slug) == 0)
			return true;
	}
	return strcmp(event->now.slug, slug) == 0;
}

int import_slugs(struct call *c, struct work_event *event, const struct text_list *in)
{
	struct event_row other;

	event->nslugs = 0;
	event->slugs = arena_array(c->arena, in->n, sizeof(*event->slugs));
	if (!event->slugs)
		return row_no_memory(c);
	for (size_t i = 0; i < in->n; i++) {
		const char *slug = in->v[i];
		int r = event_row_find(c, slug, &other);

		if (r == 0 && slug[strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-")])
			r = err_set(&c->err, TIX_EBAD_VALUE, "old_slugs", "%.60s is no slug", slug);
		if (r == 1 && !(event->exists && other.id == event->was.id))
			r = err_set(&c->err, TIX_EEXISTS, "old_slugs",
			    "%s finds the event %s already", slug, other.slug);
		if (r < 0)
			return r;
		if (r == 0 && !has(event, slug))
			event->slugs[event->nslugs++] = slug;
	}
	return 0;
}

struct claim {
	const char *slug;
	const struct work_event *event;
	bool former;
};

/* Present slugs before former ones. */
static int by_slug(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int r = strcmp(x->slug, y->slug);

	return r ? r : (int)x->former - (int)y->former;
}

int import_slugs_agree(struct call *c, struct work *w)
{
	struct claim *v;
	size_t n = 0, former = 0;

	for (size_t i = 0; i < w->nevents; i++)
		former += w->events[i]->nslugs;
	if (former == 0)
		return 0;
	v = arena_array(c->arena, w->nevents + former, sizeof(*v));
	if (!v)
		return row_no_memory(c);
	for (size_t i = 0; i < w->nevents; i++) {
		const struct work_event *event = w->events[i];

		v[n++] = (struct claim){event->now.slug, event, false};
		for (size_t k = 0; k < event->nslugs; k++)
			v[n++] = (struct claim){event->slugs[k], event, true};
	}
	qsort(v, n, sizeof(*v), by_slug);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(v[i - 1].slug, v[i].slug) != 0)
			continue;
		err_set(&c->err, TIX_EEXISTS, "old_slugs", "%s is %s of %s too", v[i].slug,
		    v[i - 1].former ? "a former slug" : "the slug", v[i - 1].event->now.slug);
		return import_prefix(c, "events", (int)v[i].event->row, TIX_EEXISTS);
	}
	return 0;
}
