/* SPDX-License-Identifier: MIT */
/* Categories that draw on another quota from now on, in one step: what they sold and hold counts
 * there and no longer here. */
#include "core/quota.h"

#include <string.h>

#include "core/guess.h"
#include "core/quota_row.h"

struct mover {
	struct event_ref event;
	struct quota_row from, to;
	int64_t *all, *fresh; /* that leave from; those of them that are new to to */
	size_t nall, nfresh;
	struct quota_taken gone, come; /* what they took in from, and bring into to */
	const char *names;	       /* JSON, for the records */
};

static int find_quota(
    struct call *c, int64_t event, const char *name, const char *field, struct quota_row *ret)
{
	int r = quota_row_find(c, event, name, ret);

	if (r < 0)
		return r;
	return r ? 0 : guess_quota(c, event, field, name);
}

/* One that draws on neither is a mistake; one that draws on the other alone has moved already. */
static int take(struct call *c, struct mover *m, const char *name, const char **ret_name)
{
	struct category_row row;
	int from, to, r = category_row_find(c, m->event.id, name, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return guess_category(c, m->event.id, "categories", name);
	from = quota_is_linked(c, row.id, m->from.id);
	to = from < 0 ? from : quota_is_linked(c, row.id, m->to.id);
	if (to < 0)
		return to;
	if (!from && !to)
		return err_set(&c->err, TIX_ENOT_FOUND, "categories", "%s does not draw on %s",
		    name, m->from.name);
	for (size_t i = 0; i < m->nall; i++) {
		if (m->all[i] == row.id)
			return 0;
	}
	if (!from)
		return 0;
	*ret_name = name;
	m->all[m->nall++] = row.id;
	if (!to)
		m->fresh[m->nfresh++] = row.id;
	return 0;
}

static int take_all(struct call *c, struct mover *m, const struct text_list *names)
{
	const char **moved = arena_array(c->arena, names->n, sizeof(*moved));
	int r = 0;

	m->all = arena_array(c->arena, names->n, sizeof(*m->all));
	m->fresh = arena_array(c->arena, names->n, sizeof(*m->fresh));
	if (!moved || !m->all || !m->fresh)
		return row_no_memory(c);
	for (size_t i = 0; r == 0 && i < names->n; i++)
		r = take(c, m, names->v[i], &moved[m->nall]);
	return r < 0 ? r : tags_write(c, &(struct text_list){moved, m->nall}, &m->names);
}

static int count_all(struct call *c, struct mover *m)
{
	for (size_t i = 0; i < m->nall; i++) {
		int64_t held = 0, sold = 0;
		int r = quota_taken(c, m->event.id, m->all[i], &held, &sold);

		if (r < 0)
			return r;
		m->gone.held += held;
		m->gone.sold += sold;
	}
	return quota_room_check(c, &m->to, m->fresh, m->nfresh, &m->come);
}

static int record(
    struct call *c, const struct mover *m, const struct quota_row *row, const char *topic)
{
	struct changed what = {topic, NULL, row->id, m->event.id, m->event.slug};
	struct diff d;

	what.subject = arena_printf(c->arena, "%s/%s", m->event.slug, row->name);
	if (!what.subject)
		return row_no_memory(c);
	diff_init(&d);
	diff_json(&d, "categories", NULL, m->names);
	return row_changed(c, &what, &d);
}

static int write_all(struct call *c, struct mover *m)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < m->nall; i++)
		r = q_run(c->db, SQL_quota_link_drop, &c->err, 2,
		    (const int64_t[]){m->all[i], m->from.id});
	if (r >= 0)
		r = q_run(c->db, SQL_quota_take, &c->err, 3,
		    (const int64_t[]){-m->gone.held, -m->gone.sold, m->from.id});
	if (r == 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL,
		    "%s counts less than its categories took", m->from.name);
	if (r > 0)
		r = quota_link_write(c, m->to.id, m->fresh, m->nfresh, &m->come);
	if (r == 0)
		r = record(c, m, &m->from, "quota.unlinked");
	return r < 0 ? r : record(c, m, &m->to, "quota.linked");
}

int quota_move(struct call *c, const struct quota_move_in *in, struct quota *out)
{
	struct mover m = {0};
	int r = call_event(c, in->event, &m.event);

	if (r == 0)
		r = find_quota(c, m.event.id, in->name, "name", &m.from);
	if (r == 0)
		r = find_quota(c, m.event.id, in->to, "to", &m.to);
	if (r == 0 && m.from.id == m.to.id)
		r = err_set(&c->err, TIX_EBAD_VALUE, "to", "%s is where they are", in->to);
	if (r == 0)
		r = take_all(c, &m, &in->categories);
	if (r == 0 && m.nall == 0) {
		row_unchanged(c, m.to.id);
		return quota_load(c, m.to.id, out);
	}
	if (r == 0)
		r = count_all(c, &m);
	if (r == 0)
		r = write_all(c, &m);
	return r < 0 ? r : quota_load(c, m.to.id, out);
}
