/* SPDX-License-Identifier: MIT */
/* Rows of blocked seats. The counter of the quota is moved elsewhere. */
#include "core/block.h"

#include "core/writer.h"

int block_add(struct call *c, int64_t quota, int64_t count)
{
	const struct mut_in *in = c->in;
	struct q q;

	q_start(&q, c->db, SQL_block_add, &c->err);
	q_i64(&q, 1, writer_next_id(c->writer, TABLE_quota_block));
	q_i64(&q, 2, quota);
	q_i64(&q, 3, count);
	q_str(&q, 4, in->reason && in->reason[0] ? in->reason : NULL);
	q_str(&q, 5, c->who->name);
	q_i64(&q, 6, c->now);
	return q_finish(&q);
}

int block_check(struct call *c, const struct quota_row *quota, int64_t block, int64_t count)
{
	int64_t has = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_block_get, &c->err);
	q_i64(&q, 1, block);
	q_i64(&q, 2, quota->id);
	r = q_step(&q);
	if (r == 1)
		has = q_col(&q, 0);
	q_end(&q);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(&c->err, TIX_ENOT_FOUND, "block", "%s has no block %lld",
		    quota->name, (long long)block);
	if (has >= count)
		return 0;
	err_set(&c->err, TIX_ELIMIT, "count", "block %lld has %lld seats", (long long)block,
	    (long long)has);
	err_fact(&c->err, "blocked", has);
	return TIX_ELIMIT;
}

/* The block to take from next. */
static int newest(struct call *c, int64_t quota, int64_t *ret_block, int64_t *ret_count)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_block_list, &c->err);
	q_i64(&q, 1, quota);
	q_i64(&q, 2, 1);
	r = q_step(&q);
	if (r == 1) {
		*ret_block = q_col(&q, 0);
		*ret_count = q_col(&q, 1);
	}
	q_end(&q);
	if (r == 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL,
		    "blocked seats of quota %lld have no row: run tix audit", (long long)quota);
	return r < 0 ? r : 0;
}

static int take_from(struct call *c, int64_t block, int64_t has, int64_t count)
{
	int r;

	if (has == count) {
		r = writer_keep_ids(c->writer, TABLE_quota_block, &c->err);
		if (r == 0)
			r = q_run(c->db, SQL_block_drop, &c->err, 1, &block);
	} else {
		r = q_run(
		    c->db, SQL_block_less, &c->err, 2, (const int64_t[]){count, block});
	}
	return r < 0 ? r : 0;
}

int block_take(struct call *c, int64_t quota, int64_t block, int64_t count)
{
	int64_t has = 0, at = 0;
	struct q q;
	int r = 0;

	if (block) {
		q_start(&q, c->db, SQL_block_get, &c->err);
		q_i64(&q, 1, block);
		q_i64(&q, 2, quota);
		r = q_step(&q);
		if (r == 1)
			has = q_col(&q, 0);
		q_end(&q);
		return r < 0 ? r : take_from(c, block, has, count);
	}
	while (r == 0 && count > 0) {
		int64_t part;

		r = newest(c, quota, &at, &has);
		part = has < count ? has : count;
		if (r == 0)
			r = take_from(c, at, has, part);
		count -= part;
	}
	return r;
}

int block_list(struct call *c, int64_t quota, struct shape_list *ret)
{
	struct quota_blocked *v = arena_array(c->arena, BLOCKS_MAX, sizeof(*v));
	size_t n = 0;
	struct q q;
	int r;

	if (!v)
		return row_no_memory(c);
	q_start(&q, c->db, SQL_block_list, &c->err);
	q_i64(&q, 1, quota);
	q_i64(&q, 2, BLOCKS_MAX);
	while ((r = q_step(&q)) == 1) {
		struct quota_blocked *b = &v[n++];

		*b = (struct quota_blocked){
		    .block = q_col(&q, 0), .count = q_col(&q, 1), .at = q_col(&q, 4)};
		r = row_text(c, &q, 2, &b->reason);
		if (r == 0)
			r = row_text(c, &q, 3, &b->actor);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}
