/* SPDX-License-Identifier: MIT */
/* What the model makes of an event that is cloned, and of categories that are moved or hidden. All
 * events are in UTC. */
#include "tests/torture/model.h"

#include <stdio.h>
#include <string.h>

static void move_window(int64_t *at, int64_t by)
{
	if (*at != M_NEVER)
		*at += by;
}

void apply_event_clone(struct step *s)
{
	const struct m_event *was = model_event(s->m, step_text(s, "event"));
	struct m_event copy, *e;
	int64_t by;

	if (!was)
		step_wrong(s, TIX_ENOT_FOUND);
	if (model_event(s->m, step_text(s, "slug")))
		step_wrong(s, TIX_EEXISTS);
	if (!step_ok(s))
		return;
	copy = *was;
	copy.start = model_when(s->m, step_text(s, "start"));
	by = copy.start - was->start;
	copy.status = event_status_draft;
	copy.alive = copy.sales = copy.nformer = 0;
	model_copy(copy.slug, step_text(s, "slug"));
	if (step_text(s, "name"))
		model_copy(copy.name, step_text(s, "name"));
	for (int i = 0; i < copy.nquotas; i++)
		copy.quota[i].blocked = 0;
	for (int i = 0; i < copy.ncategories; i++) {
		copy.category[i].held = copy.category[i].sold = 0;
		move_window(&copy.category[i].sale_from, by);
		move_window(&copy.category[i].sale_to, by);
	}
	e = model_add_event(s->m, copy.slug);
	*e = copy;
}

static int named(struct step *s, const char *field, struct m_event **ret)
{
	int at = -1;

	*ret = model_event(s->m, step_text(s, "event"));
	if (*ret)
		at = model_category(*ret, step_text(s, field));
	if (at < 0)
		step_wrong(s, TIX_ENOT_FOUND);
	return at;
}

/* The order of a list is no part of the model. */
void apply_category_move(struct step *s)
{
	struct m_event *e;
	int at = named(s, "name", &e);

	if (step_text(s, "before") && named(s, "before", &e) == at && at >= 0)
		step_wrong(s, TIX_EBAD_VALUE);
}

static void set_hidden(struct step *s, bool hidden)
{
	struct m_event *e;
	int at = named(s, "name", &e);

	if (step_ok(s))
		e->category[at].hidden = hidden;
}

void apply_category_hide(struct step *s)
{
	set_hidden(s, true);
}

void apply_category_unhide(struct step *s)
{
	set_hidden(s, false);
}
