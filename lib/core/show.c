/* SPDX-License-Identifier: MIT */
/* Any code to what it names, by trying one kind after the other; a slug is tried before an order
 * code, since only a person types either. */
#include "core/show.h"

#include <string.h>

#include "base/text.h"
#include "core/alias.h"
#include "core/guess.h"
#include "core/job_kind.h"
#include "core/order_part.h"
#include "core/payment.h"
#include "core/refund.h"
#include "core/rows.h"
#include "core/scope.h"
#include "core/venue.h"

struct found {
	enum show_kind kind;
	int64_t id;
	const char *code;
};

const char *show_kind_word(enum show_kind kind)
{
	static const char *const words[] = {
	    [SHOW_order] = "order",
	    [SHOW_hold] = "hold",
	    [SHOW_event] = "event",
	    [SHOW_category] = "category",
	    [SHOW_quota] = "quota",
	    [SHOW_venue] = "venue",
	    [SHOW_organizer] = "organizer",
	    [SHOW_payment] = "payment",
	    [SHOW_refund] = "refund",
	    [SHOW_job] = "job",
	    [SHOW_ticket] = "ticket",
	};

	return words[kind];
}

/* 1 found, 0 not found (no error is kept), < 0 an error. */
static int forgive(struct call *c, int r)
{
	if (r == TIX_ENOT_FOUND || r == TIX_EBAD_VALUE) {
		err_clear(&c->err);
		return 0;
	}
	return r < 0 ? r : 1;
}

/* EVENT/NAME. */
static int find_part(struct call *c, const char *code, const char *slash, struct found *ret)
{
	const char *slug = arena_strndup(c->arena, code, (size_t)(slash - code)), *name = slash + 1;
	struct category_row category;
	struct quota_row quota;
	struct event_ref event;
	int r;

	if (!slug)
		return row_no_memory(c);
	r = forgive(c, call_event(c, slug, &event));
	if (r <= 0)
		return r;
	r = category_row_find(c, event.id, name, &category);
	if (r == 1) {
		*ret = (struct found){SHOW_category, category.id, code};
		return 1;
	}
	if (r == 0)
		r = quota_row_find(c, event.id, name, &quota);
	if (r == 1)
		*ret = (struct found){SHOW_quota, quota.id, code};
	return r;
}

static int find_slug(struct call *c, const char *code, struct found *ret)
{
	struct organizer_row organizer;
	struct venue_row venue;
	struct event_ref event;
	int r = forgive(c, call_event(c, code, &event));

	if (r == 1) {
		*ret = (struct found){SHOW_event, event.id, arena_strdup(c->arena, event.slug)};
		return ret->code ? 1 : row_no_memory(c);
	}
	if (r == 0)
		r = forgive(c, venue_named(c, code, "code", &venue));
	if (r == 1) {
		*ret = (struct found){SHOW_venue, venue.id, venue.slug};
		return 1;
	}
	if (r == 0 && !c->who->event[0] &&
	    (!c->who->organizer[0] || strcmp(c->who->organizer, code) == 0))
		r = organizer_row_find(c, code, &organizer);
	if (r == 1)
		*ret = (struct found){SHOW_organizer, organizer.id, organizer.slug};
	return r;
}

/* The order that a decoded id means; a ticket code counts only with its generation. */
static int find_row(
    struct call *c, int64_t id, int64_t ticket, unsigned generation, struct found *ret)
{
	bool seen = false, held = false;
	char code[ORDER_CODE_SIZE];
	struct q q;
	int r;

	q_start(&q, c->db, SQL_show_order, &c->err);
	q_i64(&q, 1, ticket);
	q_i64(&q, 2, id);
	r = q_step(&q);
	if (r == 1) {
		held = q_col(&q, 0) == 0;
		seen = scope_sees(c->who, q_text(&q, 2), q_text(&q, 1)) &&
		       (!ticket || (!q_isnull(&q, 3) && q_col(&q, 3) == generation));
	}
	q_end(&q);
	if (r < 0 || !seen)
		return r < 0 ? r : 0;
	if (order_code_encode(&c->core->keys, id, code) < 0)
		return 0;
	*ret = (struct found){held ? SHOW_hold : SHOW_order, id, arena_strdup(c->arena, code)};
	return ret->code ? 1 : row_no_memory(c);
}

/* One ticket of an order that was found; of a hold there are none. */
static int take_ticket(struct call *c, int64_t id, struct found *ret)
{
	if (ret->kind != SHOW_order)
		return 1;
	*ret = (struct found){SHOW_ticket, id, order_part_name(c, id, PART_TICKET)};
	return ret->code ? 1 : row_no_memory(c);
}

/* CODE/n, whose code was decoded. */
static int find_numbered(struct call *c, const char *code, struct found *ret)
{
	struct order_rec order;
	int n = 0, r = order_rec_find(c, code, "code", &order, &n);

	if (r == 0)
		r = find_row(c, order.id, 0, 0, ret);
	return r == 1 ? take_ticket(c, order.id * ORDER_ROWS + n, ret) : r;
}

/* CODE/p1 or CODE/r1: what money came or goes back. */
static int find_money(struct call *c, const char *code, const char *slash, struct found *ret)
{
	bool pays = (slash[1] | 0x20) == 'p';
	int64_t id = 0;
	int r = forgive(c, pays ? payment_find(c, code, &id) : refund_find(c, code, &id));

	if (r <= 0)
		return r;
	*ret = (struct found){pays ? SHOW_payment : SHOW_refund, id,
	    order_part_name(c, id, pays ? PART_PAYMENT : PART_REFUND)};
	return ret->code ? 1 : c->err.code;
}

static int find_job(struct call *c, const char *code, struct found *ret)
{
	struct job_rec job;
	int r = forgive(c, job_rec_find(c, code, &job));

	if (r <= 0)
		return r;
	*ret = (struct found){SHOW_job, job.id, job_name(c, job.id)};
	return ret->code ? 1 : row_no_memory(c);
}

static int find_code(struct call *c, const char *code, struct found *ret)
{
	unsigned generation = 0;
	uint64_t ticket;
	int64_t id;
	int sub, r;

	if (order_code_decode(&c->core->keys, code, &id, &sub) == 0) {
		if (sub > 0)
			return find_numbered(c, code, ret);
		r = alias_find(c, id, &id);
		return r < 0 ? r : find_row(c, id, 0, 0, ret);
	}
	if (ticket_code_decode(&c->core->keys, code, &ticket, &generation) < 0)
		return 0;
	r = find_row(c, (int64_t)(ticket / ORDER_ROWS), (int64_t)ticket, generation, ret);
	return r == 1 ? take_ticket(c, (int64_t)ticket, ret) : r;
}

/* Nothing is it: an event or a category may be what was meant. */
static int unknown(struct call *c, const char *code, const char *slash)
{
	const char *slug = slash ? arena_strndup(c->arena, code, (size_t)(slash - code)) : code;
	const char *guess;
	struct event_ref event;
	int r = slug ? call_event(c, slug, &event) : row_no_memory(c);

	if (r == 0 && slash)
		r = guess_category(c, event.id, "code", slash + 1);
	if (r < 0 && r != TIX_ENOT_FOUND)
		return r;
	if (r == 0 || !strstr(c->err.message, "did you mean"))
		return err_set(&c->err, TIX_ENOT_FOUND, "code", "nothing is called %s", code);
	guess = arena_strdup(c->arena, c->err.message);
	return guess ? err_set(&c->err, TIX_ENOT_FOUND, "code", "%s", guess) : row_no_memory(c);
}

int show_find(struct call *c, const char *code, enum show_kind *ret_kind, int64_t *ret_id,
    const char **ret_code)
{
	const char *slash = strchr(code, '/');
	struct found found = {SHOW_order, 0, NULL};
	int r = slash ? find_part(c, code, slash, &found) : find_slug(c, code, &found);

	if (r == 0)
		r = find_code(c, code, &found);
	if (r == 0)
		r = slash ? find_money(c, code, slash, &found) : find_job(c, code, &found);
	if (r < 0)
		return r;
	if (r == 0)
		return unknown(c, code, slash);
	*ret_kind = found.kind;
	*ret_id = found.id;
	*ret_code = found.code;
	return 0;
}
