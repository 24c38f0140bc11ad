/* SPDX-License-Identifier: MIT */
/* Quotas and links as rows. Counters move by guarded updates; a CHECK of the store is the last
 * guard. */
#include "core/quota_row.h"

#include "core/offer.h"
#include "core/writer.h"

static const char *subject_of(struct call *c, const struct event_ref *event, const char *name)
{
	return arena_printf(c->arena, "%s/%s", event->slug, name);
}

static int record(struct call *c, const struct event_ref *event, const struct quota_row *row,
    const char *topic, struct diff *d)
{
	struct changed what = {
	    topic, subject_of(c, event, row->name), row->id, event->id, event->slug};

	if (!what.subject) {
		diff_done(d);
		return row_no_memory(c);
	}
	return row_changed(c, &what, d);
}

int quota_row_add(struct call *c, const struct event_ref *event, const struct quota_row *row)
{
	struct diff d;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_add, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, event->id);
	q_str(&q, 3, row->name);
	q_i64(&q, 4, row->size);
	q_i64(&q, 5, row->overbook);
	q_i64(&q, 6, c->now);
	r = q_finish(&q);
	if (r < 0)
		return r;
	diff_init(&d);
	diff_i64(&d, "size", -1, row->size);
	diff_i64(&d, "overbook", 0, row->overbook);
	diff_i64(&d, "blocked", 0, row->blocked);
	return record(c, event, row, "quota.created", &d);
}

int quota_row_fits(struct call *c, const struct quota_row *row, const char *field)
{
	int64_t taken = row->held + row->sold + row->blocked;

	if (taken <= row->size + row->overbook)
		return 0;
	err_set(&c->err, TIX_ELIMIT, field, "%lld seats of %s are sold, held or blocked already",
	    (long long)taken, row->name);
	err_fact(&c->err, "sold", row->sold);
	err_fact(&c->err, "held", row->held);
	err_fact(&c->err, "blocked", row->blocked);
	err_fact(&c->err, "least", taken - row->overbook > 0 ? taken - row->overbook : 0);
	return TIX_ELIMIT;
}

int quota_row_resize(struct call *c, const struct event_ref *event, const struct quota_row *was,
    const struct quota_row *now)
{
	struct diff d;
	int r = q_run(c->db, SQL_quota_resize, &c->err, 3,
	    (const int64_t[]){now->size, now->overbook, now->id});

	if (r < 0)
		return r;
	if (r == 0)
		return err_set(
		    &c->err, TIX_EINTERNAL, NULL, "quota %s changed meanwhile", now->name);
	diff_init(&d);
	diff_i64(&d, "size", was->size, now->size);
	diff_i64(&d, "overbook", was->overbook, now->overbook);
	return record(c, event, now, "quota.changed", &d);
}

int quota_link_row(struct call *c, int64_t category, int64_t quota)
{
	int r = q_run(c->db, SQL_quota_link_add, &c->err, 2, (const int64_t[]){category, quota});

	return r < 0 ? r : 0;
}

int quota_links_fit(struct call *c, int64_t category, size_t more, const char *field)
{
	int64_t quotas[OFFER_QUOTAS_MAX];
	int n = category ? offer_quotas(c, category, quotas) : 0;

	if (n < 0 || more <= (size_t)(OFFER_QUOTAS_MAX - n))
		return n < 0 ? n : 0;
	err_set(
	    &c->err, TIX_ELIMIT, field, "a category draws on at most %d quotas", OFFER_QUOTAS_MAX);
	err_fact(&c->err, "max", OFFER_QUOTAS_MAX);
	return TIX_ELIMIT;
}

int quota_is_linked(struct call *c, int64_t category, int64_t quota)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_linked, &c->err);
	q_i64(&q, 1, category);
	q_i64(&q, 2, quota);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int count(struct call *c, enum sql_id sql, int64_t event, int64_t category, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, event);
	q_i64(&q, 2, category);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

int quota_taken(
    struct call *c, int64_t event, int64_t category, int64_t *ret_held, int64_t *ret_sold)
{
	int r = count(c, SQL_quota_taken_held, event, category, ret_held);

	return r < 0 ? r : count(c, SQL_quota_taken_sold, event, category, ret_sold);
}

int quota_link_check(struct call *c, const struct quota_row *quota, const int64_t *categories,
    size_t n, struct quota_taken *ret)
{
	for (size_t i = 0; i < n; i++) {
		int r = quota_links_fit(c, categories[i], 1, "categories");

		if (r < 0)
			return r;
	}
	return quota_room_check(c, quota, categories, n, ret);
}

int quota_room_check(struct call *c, const struct quota_row *quota, const int64_t *categories,
    size_t n, struct quota_taken *ret)
{
	struct quota_taken sum = {0, 0};
	int64_t left;

	for (size_t i = 0; i < n; i++) {
		int64_t held = 0, sold = 0;
		int r = quota_taken(c, quota->event, categories[i], &held, &sold);

		if (r < 0)
			return r;
		sum.held += held;
		sum.sold += sold;
	}
	left = quota->size + quota->overbook - quota->blocked - quota->held - quota->sold;
	if (sum.held + sum.sold > left) {
		err_set(&c->err, TIX_ESOLD_OUT, "categories",
		    "they took %lld seats already, %s has %lld left",
		    (long long)(sum.held + sum.sold), quota->name, (long long)left);
		err_fact(&c->err, "left", left);
		err_fact(&c->err, "taken", sum.held + sum.sold);
		return TIX_ESOLD_OUT;
	}
	*ret = sum;
	return 0;
}

int quota_link_write(struct call *c, int64_t quota, const int64_t *categories, size_t n,
    const struct quota_taken *taken)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = quota_link_row(c, categories[i], quota);
	if (r < 0 || (taken->held == 0 && taken->sold == 0))
		return r;
	r = q_run(
	    c->db, SQL_quota_take, &c->err, 3, (const int64_t[]){taken->held, taken->sold, quota});
	if (r == 0)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "the quota changed meanwhile");
	return r < 0 ? r : 0;
}
