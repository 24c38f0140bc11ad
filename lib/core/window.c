/* SPDX-License-Identifier: MIT */
/* The categories that follow their event, each resolved again. */
#include "core/window.h"

#include <stdio.h>
#include <string.h>

#include "core/category.h"
#include "core/event_row.h"

struct ruled {
	struct category_row *v;
	size_t n, cap;
};

static int read_ruled(struct call *c, int64_t event, struct ruled *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_category_ruled, &c->err);
	q_i64(&q, 1, event);
	while ((r = q_step(&q)) == 1) {
		if (ret->n == ret->cap) {
			size_t cap = ret->cap ? 2 * ret->cap : 16;
			struct category_row *more = arena_array(c->arena, cap, sizeof(*more));

			if (!more) {
				r = row_no_memory(c);
				break;
			}
			if (ret->n)
				memcpy(more, ret->v, ret->n * sizeof(*more));
			ret->v = more;
			ret->cap = cap;
		}
		ret->v[ret->n] = (struct category_row){0};
		r = category_row_read(c, &q, &ret->v[ret->n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

static int resolve(struct call *c, const struct event_ref *event, struct category_row *row)
{
	struct category_input nothing = {0};
	int r = category_row_apply(c, event, &nothing, row);
	char why[sizeof(c->err.message)];

	if (r != TIX_EBAD_VALUE)
		return r;
	snprintf(why, sizeof(why), "%s", c->err.message);
	err_set(&c->err, r, "event", "%s/%s follows the event: %.120s", event->slug, row->name, why);
	err_hint(&c->err, "tix category set %s/%s --sale-from TIME --sale-to TIME", event->slug,
	    row->name);
	return r;
}

static int each(struct call *c, const struct event_row *event, bool write)
{
	struct event_ref ref = event_row_ref(event);
	struct ruled rows = {0};
	int r = read_ruled(c, event->id, &rows);

	for (size_t i = 0; r >= 0 && i < rows.n; i++) {
		struct category_row now = rows.v[i];

		r = resolve(c, &ref, &now);
		if (r == 0 && write)
			r = category_row_write(c, &ref, &rows.v[i], &now, NULL);
	}
	return r < 0 ? r : 0;
}

int window_check(struct call *c, const struct event_row *event)
{
	return each(c, event, false);
}

int window_move(struct call *c, const struct event_row *event)
{
	return each(c, event, true);
}
