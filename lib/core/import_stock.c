/* SPDX-License-Identifier: MIT */
/* Import: the quotas and categories of a row. Stock that is sold or held is never undone: a size
 * below it is refused, and a link takes along what its category took before. */
#include "core/import_work.h"

#include <stdio.h>
#include <string.h>

#include "core/category.h"
#include "core/event_row.h"
#include "core/quota_row.h"

/* A quota of the event: known already, stored, or (when make is set) new. *ret is NULL when there
 * is none. */
static int quota_open(
    struct call *c, struct work_event *event, const char *name, bool make, struct work_quota **ret)
{
	struct work_quota *quota;
	struct quota_row row;
	int r = 0;

	for (size_t i = 0; i < event->nquotas; i++) {
		if (strcmp(event->quotas[i]->now.name, name) == 0) {
			*ret = event->quotas[i];
			return 0;
		}
	}
	*ret = NULL;
	if (event->exists)
		r = quota_row_find(c, event->now.id, name, &row);
	if (r < 0 || (r == 0 && !make))
		return r;
	quota = arena_alloc(c->arena, sizeof(*quota));
	if (!quota || !import_room(c, (void ***)&event->quotas, event->nquotas, &event->quotas_cap))
		return row_no_memory(c);
	quota->exists = r == 1;
	if (r == 1)
		quota->was = row;
	quota->now = r == 1 ? row : (struct quota_row){.name = name};
	event->quotas[event->nquotas++] = quota;
	*ret = quota;
	return 0;
}

/* Seats that are kept back come with a new quota; those of one that is there stay as they are. */
static int lay_blocks(struct call *c, struct work_event *event, struct work_quota *quota,
    const struct shape_list *in)
{
	struct event_ref ref = event_row_ref(&event->now);
	int r = 0;

	if (quota->exists)
		return 0;
	quota->blocks = in->v;
	quota->nblocks = in->n;
	quota->block_at = arena_array(c->arena, in->n, sizeof(*quota->block_at));
	if (!quota->block_at)
		return row_no_memory(c);
	quota->now.blocked = 0;
	for (size_t i = 0; r == 0 && i < in->n; i++) {
		r = call_when(c, &ref, quota->blocks[i].at, false, "at", &quota->block_at[i]);
		quota->now.blocked += quota->blocks[i].count;
	}
	return r;
}

static int lay_quota(struct call *c, struct work_event *event, const struct import_quota *in)
{
	struct work_quota *quota;
	int r = quota_open(c, event, in->name, true, &quota);

	if (r < 0)
		return r;
	quota->now.size = in->size;
	if (HAS(in, import_quota, overbook))
		quota->now.overbook = in->overbook;
	if (HAS(in, import_quota, blocks))
		r = lay_blocks(c, event, quota, &in->blocks);
	return r < 0 ? r : quota_row_fits(c, &quota->now, "size");
}

static int new_position(struct call *c, struct work_event *event, int64_t *ret)
{
	int r = 0;

	if (event->next_position <= 0) {
		event->next_position = 0;
		if (event->exists)
			r = category_next_position(c, event->now.id, &event->next_position);
	}
	*ret = event->next_position++;
	return r;
}

static int category_open(
    struct call *c, struct work_event *event, const char *name, struct work_category **ret)
{
	struct work_category *category;
	struct category_row row;
	int r = 0;

	for (size_t i = 0; i < event->ncategories; i++) {
		if (strcmp(event->categories[i]->now.name, name) == 0) {
			*ret = event->categories[i];
			return 0;
		}
	}
	if (event->exists)
		r = category_row_find(c, event->now.id, name, &row);
	if (r < 0)
		return r;
	category = arena_alloc(c->arena, sizeof(*category));
	if (!category || !import_room(c, (void ***)&event->categories, event->ncategories,
			     &event->categories_cap))
		return row_no_memory(c);
	category->exists = r == 1;
	if (r == 1) {
		category->was = row;
		category->now = row;
		r = 0;
	} else {
		category->now = category_row_new(event->now.id, name, 0);
		r = new_position(c, event, &category->now.position);
	}
	if (r < 0)
		return r;
	event->categories[event->ncategories++] = category;
	*ret = category;
	return 0;
}

static int link_to(struct call *c, struct work_event *event, struct work_category *category,
    struct work_quota *quota)
{
	struct work_link *link;
	struct quota_taken taken = {0, 0};
	int r = 0;

	for (size_t i = 0; i < category->nlinks; i++) {
		if (category->links[i].quota == quota)
			return 0;
	}
	if (category->exists && quota->exists)
		r = quota_is_linked(c, category->now.id, quota->now.id);
	if (r == 0 && category->exists) {
		quota->now.event = event->now.id;
		r = quota_link_check(c, &quota->now, &category->now.id, 1, &taken);
	}
	if (r == 0)
		r = quota_links_fit(
		    c, category->exists ? category->now.id : 0, category->nlinks + 1, "quotas");
	if (r != 0)
		return r < 0 ? r : 0;
	if (category->nlinks == category->links_cap) {
		size_t cap = category->links_cap ? 2 * category->links_cap : 4;
		struct work_link *more = arena_array(c->arena, cap, sizeof(*more));

		if (!more)
			return row_no_memory(c);
		if (category->nlinks)
			memcpy(more, category->links, category->nlinks * sizeof(*more));
		category->links = more;
		category->links_cap = cap;
	}
	link = &category->links[category->nlinks++];
	*link = (struct work_link){quota, taken.held, taken.sold};
	quota->now.held += taken.held;
	quota->now.sold += taken.sold;
	return 0;
}

static int lay_links(struct call *c, struct work_event *event, struct work_category *category,
    const struct import_category *in)
{
	struct work_quota *quota;
	int r;

	if (HAS(in, import_category, size)) {
		r = quota_open(c, event, in->name, true, &quota);
		if (r < 0)
			return r;
		quota->now.size = in->size;
		r = quota_row_fits(c, &quota->now, "size");
		if (r == 0)
			r = link_to(c, event, category, quota);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < in->quotas.n; i++) {
		r = quota_open(c, event, in->quotas.v[i], false, &quota);
		if (r == 0 && !quota)
			return call_not_found(c, "quotas", "quota", in->quotas.v[i]);
		if (r == 0)
			r = link_to(c, event, category, quota);
		if (r < 0)
			return r;
	}
	return 0;
}

static int lay_category(struct call *c, struct work_event *event, const struct import_category *in)
{
	struct event_ref ref = event_row_ref(&event->now);
	struct category_input input = {0};
	struct work_category *category = NULL;
	int r = category_open(c, event, in->name, &category);

	if (r < 0)
		return r;
	CATEGORY_INPUTS(in, import_category, &input);
	r = category_row_apply(c, &ref, &input, &category->now);
	return r < 0 ? r : lay_links(c, event, category, in);
}

/* Categories whose windows follow the event move with it, named in the row or not. */
static int follow(struct call *c, struct work_event *event)
{
	struct event_ref ref = event_row_ref(&event->now);
	struct category_input nothing = {0};
	struct text_list names = {0};
	int r = event->exists ? row_names(c, SQL_category_ruled_names, event->now.id, &names) : 0;

	for (size_t i = 0; r == 0 && i < names.n; i++) {
		struct work_category *category = NULL;

		r = category_open(c, event, names.v[i], &category);
		if (r == 0)
			r = category_row_apply(c, &ref, &nothing, &category->now);
		if (r < 0)
			return import_prefix(c, names.v[i], -1, r);
	}
	return r;
}

int import_stock(struct call *c, struct work_event *event, const struct import_event *in)
{
	const struct import_quota *quotas = in->quotas.v;
	const struct import_category *categories = in->categories.v;
	int r;

	for (size_t i = 0; i < in->quotas.n; i++) {
		r = lay_quota(c, event, &quotas[i]);
		if (r < 0)
			return import_prefix(c, "quotas", (int)i, r);
	}
	for (size_t i = 0; i < in->categories.n; i++) {
		r = lay_category(c, event, &categories[i]);
		if (r < 0)
			return import_prefix(c, "categories", (int)i, r);
	}
	return follow(c, event);
}
