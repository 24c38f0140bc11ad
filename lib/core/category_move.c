/* SPDX-License-Identifier: MIT */
/* Where a category stands in its event's list, and whether buyers see it. */
#include "core/category.h"

#include <string.h>

#include "core/guess.h"
#include "core/rows.h"

int category_row_all(struct call *c, int64_t event, struct category_row **ret, size_t *ret_n)
{
	struct category_row *v = NULL;
	size_t n = 0, cap = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_category_list_event, &c->err);
	q_i64(&q, 1, event);
	q_i64(&q, 2, -1);
	q_i64(&q, 3, -1);
	q_i64(&q, 4, 0);
	q_i64(&q, 5, event);
	q_i64(&q, 6, INT32_MAX);
	while ((r = q_step(&q)) == 1) {
		struct category_row *more = arena_more(c->arena, v, n, &cap, sizeof(*v));

		r = more ? category_row_read(c, &q, &more[n]) : row_no_memory(c);
		if (r < 0)
			break;
		v = more;
		n++;
	}
	q_end(&q);
	if (r < 0)
		return r;
	*ret = v;
	*ret_n = n;
	return 0;
}

/* The place of a name among the others; n when it is none of them. */
static size_t place_of(const struct category_row *v, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && strcmp(v[i].name, name) != 0)
		i++;
	return i;
}

/* Where it goes, counted without itself, which stands at own. */
static int target(struct call *c, const struct category_move_in *in, const struct category_row *v,
    size_t n, size_t own, size_t *ret)
{
	const char *beside = in->before ? in->before : in->after;
	const char *field = in->before ? "before" : "after";
	bool by_number = HAS(in, category_move_in, position);
	size_t at;

	if ((in->before != NULL) + (in->after != NULL) + by_number != 1) {
		err_set(
		    &c->err, TIX_EBAD_VALUE, "position", "say one of before, after and position");
		err_hint(&c->err, "--before NAME, --after NAME or --position N, from 0");
		return TIX_EBAD_VALUE;
	}
	if (by_number) {
		*ret = (size_t)in->position < n - 1 ? (size_t)in->position : n - 1;
		return 0;
	}
	at = place_of(v, n, beside);
	if (at == n)
		return guess_category(c, v->event, field, beside);
	if (at == own)
		return err_set(
		    &c->err, TIX_EBAD_VALUE, field, "%s cannot go %s itself", in->name, field);
	*ret = at - (at > own) + (in->after != NULL);
	return 0;
}

/* Numbers all from 0 with the one at own at the place to; each that moves has its record. */
static int renumber(struct call *c, const struct event_ref *event, const struct category_row *v,
    size_t n, size_t own, size_t to)
{
	bool wrote = false;

	for (size_t i = 0; i < n; i++) {
		struct category_row now = v[i];
		size_t others = i - (i > own); /* its place without the one that moves */
		int r;

		now.position = (int64_t)(i == own ? to : others + (others >= to));
		r = category_row_write(c, event, &v[i], &now, NULL);
		if (r < 0)
			return r;
		wrote = wrote || r == 1;
	}
	if (!wrote)
		return row_unchanged(c, v[own].id);
	c->subject = v[own].id;
	return 0;
}

int category_move(struct call *c, const struct category_move_in *in, struct category *out)
{
	struct category_row *v;
	struct event_ref event;
	size_t n, own, to = 0;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = category_row_all(c, event.id, &v, &n);
	if (r < 0)
		return r;
	own = place_of(v, n, in->name);
	if (own == n)
		return guess_category(c, event.id, "name", in->name);
	r = target(c, in, v, n, own, &to);
	if (r == 0)
		r = renumber(c, &event, v, n, own, to);
	return r < 0 ? r : category_load(c, v[own].id, out);
}

static int set_hidden(
    struct call *c, const struct category_act_in *in, bool hidden, struct category *out)
{
	struct category_row was, now;
	struct event_ref event;
	int r = call_event(c, in->event, &event);

	if (r == 0)
		r = category_row_find(c, event.id, in->name, &was);
	else
		return r;
	if (r == 0)
		return guess_category(c, event.id, "name", in->name);
	if (r < 0)
		return r;
	now = was;
	now.hidden = hidden;
	r = category_row_write(c, &event, &was, &now, NULL);
	if (r == 0)
		r = row_unchanged(c, was.id);
	return r < 0 ? r : category_load(c, was.id, out);
}

int category_hide(struct call *c, const struct category_act_in *in, struct category *out)
{
	return set_hidden(c, in, true, out);
}

int category_unhide(struct call *c, const struct category_act_in *in, struct category *out)
{
	return set_hidden(c, in, false, out);
}
