/* SPDX-License-Identifier: MIT */
/* What the model deletes: only what no order refers to. Rows behind move up, and so do the numbers
 * by which they are known. */
#include "tests/torture/model.h"

#include <string.h>

static bool has_orders(const struct model *m, int event)
{
	for (int i = 0; i < m->norders; i++) {
		if (m->order[i].event == event)
			return true;
	}
	return false;
}

void apply_event_delete(struct step *s)
{
	struct model *m = s->m;
	struct m_event *e = model_event(m, step_text(s, "event"));
	int at = e ? (int)(e - m->event) : -1;

	if (!e) {
		step_wrong(s, TIX_ENOT_FOUND);
		return;
	}
	if (e->status != event_status_draft || has_orders(m, at))
		step_wrong(s, TIX_EWRONG_STATE);
	if (!step_ok(s))
		return;
	memmove(e, e + 1, (size_t)(m->nevents - at - 1) * sizeof(*e));
	m->nevents--;
	m->deleted++;
	for (int i = 0; i < m->norders; i++)
		m->order[i].event -= m->order[i].event > at;
}

void apply_venue_delete(struct step *s)
{
	struct model *m = s->m;
	const char *slug = step_text(s, "venue");
	int at = 0;

	while (at < m->nvenues && strcmp(m->venue[at].slug, slug) != 0)
		at++;
	if (at == m->nvenues)
		step_wrong(s, TIX_ENOT_FOUND);
	if (!step_ok(s))
		return;
	memmove(&m->venue[at], &m->venue[at + 1],
	    (size_t)(m->nvenues - at - 1) * sizeof(m->venue[0]));
	m->nvenues--;
}

/* The event and the category or quota that a call names; -1 refused. */
static int named(struct step *s, int (*find)(const struct m_event *e, const char *name),
    struct m_event **ret)
{
	int at = -1;

	*ret = model_event(s->m, step_text(s, "event"));
	if (*ret)
		at = find(*ret, step_text(s, "name"));
	if (at < 0)
		step_wrong(s, TIX_ENOT_FOUND);
	return at;
}

static bool refers(const struct m_order *o, int category)
{
	for (int i = 0; i < o->nlines; i++) {
		if (o->line[i].category == category)
			return true;
	}
	for (int i = 0; i < o->ntickets; i++) {
		if (o->ticket[i].category == category)
			return true;
	}
	return false;
}

static void move_up(struct m_order *o, int category)
{
	for (int i = 0; i < o->nlines; i++)
		o->line[i].category -= o->line[i].category > category;
	for (int i = 0; i < o->ntickets; i++)
		o->ticket[i].category -= o->ticket[i].category > category;
}

void apply_category_delete(struct step *s)
{
	struct m_event *e;
	int at = named(s, model_category, &e), event = e ? (int)(e - s->m->event) : -1;

	for (int i = 0; at >= 0 && i < s->m->norders; i++) {
		if (s->m->order[i].event == event && refers(&s->m->order[i], at))
			step_wrong(s, TIX_EWRONG_STATE);
	}
	if (!step_ok(s))
		return;
	memmove(&e->category[at], &e->category[at + 1],
	    (size_t)(e->ncategories - at - 1) * sizeof(e->category[0]));
	e->ncategories--;
	s->m->deleted++;
	for (int i = 0; i < s->m->norders; i++) {
		if (s->m->order[i].event == event)
			move_up(&s->m->order[i], at);
	}
}

void apply_quota_delete(struct step *s)
{
	struct m_event *e;
	int at = named(s, model_quota, &e);
	uint64_t below;

	if (at >= 0 && model_sold(e, at) + model_held(e, at) + e->quota[at].blocked > 0)
		step_wrong(s, TIX_EWRONG_STATE);
	if (!step_ok(s))
		return;
	below = (UINT64_C(1) << at) - 1;
	memmove(&e->quota[at], &e->quota[at + 1],
	    (size_t)(e->nquotas - at - 1) * sizeof(e->quota[0]));
	e->nquotas--;
	s->m->deleted++;
	for (int i = 0; i < e->ncategories; i++) {
		uint64_t bits = e->category[i].quotas;

		e->category[i].quotas = (bits & below) | (bits >> 1 & ~below);
	}
}
