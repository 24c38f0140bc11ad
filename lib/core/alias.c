/* SPDX-License-Identifier: MIT */
/* Old codes: looked up by number, shown by encoding that number again. */
#include "core/alias.h"

#include "core/order_rec.h"
#include "core/writer_state.h"

#define OLD_CODES_MAX 64

int alias_find(struct call *c, int64_t code, int64_t *ret_order)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_alias_get, &c->err);
	q_i64(&q, 1, code);
	r = q_step(&q);
	if (r == 1)
		*ret_order = q_col(&q, 0);
	q_end(&q);
	return r;
}

int alias_codes(struct call *c, int64_t order, struct text_list *ret)
{
	const char **v = arena_array(c->arena, OLD_CODES_MAX, sizeof(*v));
	size_t n = 0;
	struct q q;
	int r;

	if (!v)
		return call_no_memory(c);
	q_start(&q, c->db, SQL_alias_list, &c->err);
	q_i64(&q, 1, order);
	while ((r = q_step(&q)) == 1 && n < OLD_CODES_MAX) {
		v[n] = order_code(c, q_col(&q, 0));
		if (!v[n++]) {
			r = c->err.code;
			break;
		}
	}
	q_end(&q);
	*ret = (struct text_list){v, n};
	return r < 0 ? r : 0;
}

int alias_add(struct call *c, int64_t code, int64_t order)
{
	struct writer *w = c->writer;
	int r = q_run(c->db, SQL_alias_add, &c->err, 2, (const int64_t[]){code, order});

	if (r >= 0 && code >= w->now.next[TABLE_order] && code < w->now.alias)
		w->now.alias = code;
	return r < 0 ? r : 0;
}

int alias_next(struct db *db, int64_t from, int64_t *ret, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_alias_next, err);
	q_i64(&q, 1, from);
	r = q_step(&q);
	if (r >= 0)
		*ret = r == 1 ? q_col(&q, 0) : INT64_MAX;
	q_end(&q);
	return r < 0 ? r : 0;
}

int alias_made(struct call *c, int64_t order, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_imported_get, &c->err);
	q_i64(&q, 1, order);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r;
}
