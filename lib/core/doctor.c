/* SPDX-License-Identifier: MIT */
/* Events and categories: the sums of the quotas, and every rule of a sale that says no. */
#include "core/doctor.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"
#include "core/block.h"
#include "core/doctor_note.h"
#include "core/guess.h"
#include "core/offer.h"
#include "core/rows.h"
#include "core/sale.h"

#define CATEGORIES_MAX 200 /* of one event that are looked at */
#define QUOTAS_MAX 400
#define BLOCKS_SHOWN 3

struct look {
	struct note note;
	struct event_ref event;
	struct doctor_quota *quotas; /* room for QUOTAS_MAX */
	int64_t *ids;		     /* theirs */
	size_t nquotas;
};

#define TEXT(l, ...) arena_printf((l)->note.c->arena, __VA_ARGS__)

static int look_open(struct call *c, const char *event, struct look *l)
{
	*l = (struct look){.note = {.c = c}};
	l->quotas = arena_array(c->arena, QUOTAS_MAX, sizeof(*l->quotas));
	l->ids = arena_array(c->arena, QUOTAS_MAX, sizeof(*l->ids));
	if (!l->quotas || !l->ids)
		return row_no_memory(c);
	return call_event(c, event, &l->event);
}

/* The holds that keep seats of a quota, and when the next of them ends. */
static int count_holds(struct look *l, int64_t id, struct doctor_quota *out)
{
	struct q q;
	int r;

	out->next_expiry = TIME_NONE;
	q_start(&q, l->note.c->db, SQL_doctor_holds, &l->note.c->err);
	q_i64(&q, 1, l->event.id);
	q_i64(&q, 2, id);
	while ((r = q_step(&q)) == 1) {
		int64_t expires = q_isnull(&q, 0) ? TIME_NONE : q_col(&q, 0);

		if (out->holds++ == 0)
			out->next_expiry = expires;
		if (expires == out->next_expiry)
			out->next_seats += q_col(&q, 1);
	}
	q_end(&q);
	return r;
}

/* "8 \"press\", organizer.1001; 2 owner": the newest few. NULL without memory. */
static const char *who_blocks(struct look *l, int64_t quota)
{
	struct shape_list list = {0};
	const struct quota_blocked *v;
	const char *text = "";

	if (block_list(l->note.c, quota, &list) < 0)
		return NULL;
	v = list.v;
	for (size_t i = 0; text && i < list.n && i < BLOCKS_SHOWN; i++) {
		const char *reason = v[i].reason ? TEXT(l, " \"%s\",", v[i].reason) : "";

		text = TEXT(l, "%s%s%" PRId64 "%s %s", text, i ? "; " : "", v[i].count,
		    reason ? reason : "", v[i].actor);
	}
	return text && list.n > BLOCKS_SHOWN ? TEXT(l, "%s; and more", text) : text;
}

/* Its place in the list, reading it the first time. */
static int quota_at(struct look *l, int64_t id, size_t *ret)
{
	struct quota_row row;
	struct doctor_quota *q;
	int r;

	for (size_t i = 0; i < l->nquotas; i++) {
		if (l->ids[i] == id) {
			*ret = i;
			return 0;
		}
	}
	if (l->nquotas == QUOTAS_MAX)
		return err_set(&l->note.c->err, TIX_ELIMIT, NULL,
		    "the event has more than %d quotas: ask for one category", QUOTAS_MAX);
	r = quota_row_get(l->note.c, id, &row);
	if (r <= 0)
		return r < 0 ? r : call_not_found(l->note.c, "name", "quota", NULL);
	q = &l->quotas[l->nquotas];
	*q = (struct doctor_quota){.name = row.name,
	    .size = row.size,
	    .overbook = row.overbook,
	    .blocked = row.blocked,
	    .sold = row.sold,
	    .held = row.held,
	    .free = row.size + row.overbook - row.blocked - row.sold - row.held};
	r = count_holds(l, id, q);
	if (r < 0)
		return r;
	if (q->blocked)
		q->blocks = who_blocks(l, id);
	l->ids[l->nquotas] = id;
	*ret = l->nquotas++;
	return 0;
}

/* What keeps seats of a quota that has none left, and what would free some. */
static void explain_full(struct look *l, const char *subject, const struct doctor_quota *q)
{
	const char *event = l->event.slug;
	const char *more =
	    TEXT(l, "tix quota set %s/%s --size %" PRId64, event, q->name, q->size + 1);

	note_stock(&l->note, doctor_severity_problem, subject,
	    TEXT(l,
		"sold out: quota %s has none left (%" PRId64 " sold, %" PRId64 " held, %" PRId64
		" blocked)",
		q->name, q->sold, q->held, q->blocked),
	    q->blocked || q->held ? NULL : more);
	if (q->blocked)
		note_stock(&l->note, doctor_severity_note, subject,
		    TEXT(l, "%" PRId64 " seats of %s are blocked: %s", q->blocked, q->name,
			q->blocks ? q->blocks : "-"),
		    TEXT(l, "tix quota unblock %s/%s %" PRId64, event, q->name, q->blocked));
	if (q->holds && q->next_expiry != TIME_NONE)
		note_stock(&l->note, doctor_severity_note, subject,
		    TEXT(l,
			"%" PRId64 " seats of %s are in %" PRId64 " holds; %" PRId64
			" come back at %s",
			q->held, q->name, q->holds, q->next_seats,
			note_time(&l->note, q->next_expiry)),
		    TEXT(l, "tix hold list %s", event));
}

/* A quota of the same name may be there, and drawn on no longer. */
static int explain_no_quota(struct look *l, const struct category_row *row, const char *subject)
{
	const char *event = l->event.slug, *name = row->name;
	struct quota_row quota;
	int r = quota_row_find(l->note.c, l->event.id, name, &quota);

	if (r < 0)
		return r;
	note_found(&l->note, doctor_severity_problem, subject, "it draws on no quota",
	    r == 1 ? TEXT(l, "tix quota link %s/%s --categories %s", event, name, name)
		   : TEXT(l, "tix quota create %s/%s --size 100 --categories %s", event, name, name));
	return 0;
}

/* The quotas of a category: the one with the least left decides. */
static int look_at_quotas(struct look *l, const struct category_row *row, const char *subject)
{
	int64_t ids[OFFER_QUOTAS_MAX];
	size_t at[OFFER_QUOTAS_MAX], least = 0;
	int n = offer_quotas(l->note.c, row->id, ids), r = n < 0 ? n : 0;

	for (int i = 0; i < n && r == 0; i++) {
		r = quota_at(l, ids[i], &at[i]);
		if (r == 0 && l->quotas[at[i]].free < l->quotas[at[least]].free)
			least = (size_t)i;
	}
	if (r < 0)
		return r;
	if (n == 0)
		return explain_no_quota(l, row, subject);
	l->quotas[at[least]].decides = true;
	if (row->free <= 0)
		explain_full(l, subject, &l->quotas[at[least]]);
	for (int i = 0; i < n && row->free <= 0; i++) {
		const struct doctor_quota *q = &l->quotas[at[i]];

		if (q->free > 0)
			note_found(&l->note, doctor_severity_note, subject,
			    TEXT(l, "quota %s still has %" PRId64 ", but %s decides", q->name,
				q->free, l->quotas[at[least]].name),
			    TEXT(l, "tix quota show %s/%s", l->event.slug, q->name));
	}
	return 0;
}

static void look_at_window(struct look *l, const struct category_row *row, const char *subject)
{
	int64_t now = l->note.c->now;

	if (row->sale_from != TIME_NONE && now < row->sale_from)
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "not sold before %s", note_time(&l->note, row->sale_from)),
		    TEXT(l, "tix category set %s --sale-from now", subject));
	if (row->sale_to != TIME_NONE && now >= row->sale_to)
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "its sale ended at %s", note_time(&l->note, row->sale_to)),
		    TEXT(l, "tix category set %s --no-sale-to", subject));
	if (row->hidden)
		note_found(&l->note, doctor_severity_note, subject, "hidden: buyers do not see it",
		    TEXT(l, "tix category set %s --no-hidden", subject));
	if (row->free > 0 && row->free < row->min)
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "%" PRId64 " left, but an order takes at least %" PRId64, row->free,
			row->min),
		    TEXT(l, "tix category set %s --min %" PRId64, subject, row->free));
	if (row->max && row->max < row->min)
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "an order takes at least %" PRId64 " and at most %" PRId64, row->min,
			row->max),
		    TEXT(l, "tix category set %s --max %" PRId64, subject, row->min));
}

static int look_at_category(struct look *l, const struct category_row *row)
{
	const char *subject = TEXT(l, "%s/%s", l->event.slug, row->name);

	if (!subject)
		return row_no_memory(l->note.c);
	look_at_window(l, row, subject);
	return look_at_quotas(l, row, subject);
}

static void look_at_status(struct look *l)
{
	const struct event_ref *e = &l->event;
	const char *slug = TEXT(l, "%s", e->slug); /* the look ends before its reply */
	int64_t over = sale_over(e);

	note_fact(&l->note,
	    TEXT(l, "event %s is %s, starts %s", e->slug,
		enum_word(&enum_set_event_status, e->status), note_time(&l->note, e->start)));
	if (e->status == event_status_draft)
		note_found(&l->note, doctor_severity_problem, slug,
		    "the event is a draft: not on sale", TEXT(l, "tix event publish %s", e->slug));
	else if (e->status != event_status_published)
		note_found(&l->note, doctor_severity_problem, slug,
		    TEXT(l, "the event is %s: nothing more is sold",
			enum_word(&enum_set_event_status, e->status)),
		    TEXT(l, "tix journal list --event %s --topic 'event.*'", e->slug));
	else if (l->note.c->now >= over)
		note_found(&l->note, doctor_severity_warning, slug,
		    TEXT(l, "the event is over since %s: nothing more is sold", note_time(&l->note, over)),
		    TEXT(l, "tix event end %s", e->slug));
}

static int look_end(struct look *l, const char *kind, const char *subject, struct doctor *out)
{
	out->kind = kind;
	out->subject = subject;
	out->zone = TEXT(l, "%s", l->event.zone);
	out->quotas = (struct shape_list){l->quotas, l->nquotas};
	if (!out->subject || !out->zone)
		return row_no_memory(l->note.c);
	return note_end(&l->note, out);
}

int category_doctor(struct call *c, const struct category_in *in, struct doctor *out)
{
	struct category_row row = {0};
	struct look l;
	int r = look_open(c, in->event, &l);

	if (r == 0)
		r = category_row_find(c, l.event.id, in->name, &row);
	if (r == 0)
		return guess_category(c, l.event.id, "name", in->name);
	if (r < 0)
		return r;
	look_at_status(&l);
	r = look_at_category(&l, &row);
	if (r < 0)
		return r;
	out->free = row.free;
	return look_end(&l, "category", TEXT(&l, "%s/%s", l.event.slug, row.name), out);
}

/* All categories of the event; *ret_n stays below CATEGORIES_MAX when there are no more. */
static int read_categories(struct look *l, struct category_row *v, size_t *ret_n)
{
	struct call *c = l->note.c;
	size_t n = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_category_list_event, &c->err);
	q_i64(&q, 1, l->event.id);
	q_i64(&q, 2, INT64_MIN);
	q_i64(&q, 3, 0);
	q_i64(&q, 4, 0);
	q_i64(&q, 5, l->event.id);
	q_i64(&q, 6, CATEGORIES_MAX);
	while ((r = q_step(&q)) == 1) {
		r = category_row_read(c, &q, &v[n++]);
		if (r < 0)
			break;
	}
	q_end(&q);
	*ret_n = n;
	return r < 0 ? r : 0;
}

int event_doctor(struct call *c, const struct event_in *in, struct doctor *out)
{
	struct category_row *v = arena_array(c->arena, CATEGORIES_MAX, sizeof(*v));
	struct look l;
	size_t n = 0;
	int r = v ? look_open(c, in->event, &l) : row_no_memory(c);

	if (r == 0)
		r = read_categories(&l, v, &n);
	if (r < 0)
		return r;
	look_at_status(&l);
	for (size_t i = 0; i < n && r == 0; i++)
		r = look_at_category(&l, &v[i]);
	if (r < 0)
		return r;
	if (n == 0)
		note_found(&l.note, doctor_severity_problem, TEXT(&l, "%s", l.event.slug),
		    "the event has no category: there is nothing to sell",
		    TEXT(&l, "tix category create %s/ga --price 10.00 --size 100", l.event.slug));
	if (n == CATEGORIES_MAX)
		note_fact(&l.note, TEXT(&l, "only the first %d categories", CATEGORIES_MAX));
	out->free = TIME_NONE;
	return look_end(&l, "event", TEXT(&l, "%s", l.event.slug), out);
}
