/* SPDX-License-Identifier: MIT */
/* Lines, bounds and stock. The guarded update decides whether there is enough; all else is
 * explanation. */
#include "core/sale.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/when.h"
#include "base/zone.h"

#define HINT_LOOKS 300

#define EVENT_DAY (INT64_C(86400) * USEC_PER_SEC)

int64_t sale_over(const struct event_ref *event)
{
	return event->end != TIME_NONE ? event->end : event->start + EVENT_DAY;
}

static int check_over(struct call *c, const struct event_ref *event)
{
	int64_t end = sale_over(event);
	char text[WHEN_TEXT_MAX];

	if (c->now < end)
		return 0;
	err_set(&c->err, TIX_EWRONG_STATE, "event", "the event %s is over since %s", event->slug,
	    when_rfc3339(end, text, sizeof(text)));
	err_hint(&c->err, "tix event set %s --end TIME, if it lasts longer", event->slug);
	return TIX_EWRONG_STATE;
}

int sale_published(struct call *c, const struct event_ref *event)
{
	if (event->status == event_status_published)
		return check_over(c, event);
	err_set(&c->err, TIX_EWRONG_STATE, "event", "the event %s is %s, not on sale", event->slug,
	    enum_word(&enum_set_event_status, event->status));
	if (event->status == event_status_draft)
		err_hint(&c->err, "tix event publish %s", event->slug);
	return TIX_EWRONG_STATE;
}

static int check_window(struct call *c, const struct offer *o)
{
	char text[WHEN_TEXT_MAX];

	if (o->sale_from != TIME_NONE && c->now < o->sale_from)
		return err_set(&c->err, TIX_EWRONG_STATE, "line", "%s is sold from %s on", o->name,
		    when_rfc3339(o->sale_from, text, sizeof(text)));
	if (o->sale_to != TIME_NONE && c->now >= o->sale_to)
		return err_set(&c->err, TIX_EWRONG_STATE, "line", "%s was sold until %s", o->name,
		    when_rfc3339(o->sale_to, text, sizeof(text)));
	return 0;
}

int sale_offer(
    struct call *c, const char *event, const char *category, const struct offer **ret)
{
	const struct offer *o;
	int r = offer_find(c, event, category, &o);

	if (r == 0)
		r = sale_published(c, &o->event);
	if (r == 0)
		r = check_window(c, o);
	if (r < 0)
		return r;
	*ret = o;
	return 0;
}

int sale_bounds(struct call *c, const struct offer *o, int64_t count)
{
	if (count < o->min) {
		err_set(&c->err, TIX_ELIMIT, "line", "at least %lld of %s in one order",
		    (long long)o->min, o->name);
		err_fact(&c->err, "min", o->min);
		err_hint(&c->err, "tix category show %s/%s", o->event.slug, o->name);
		return TIX_ELIMIT;
	}
	if (o->max > 0 && count > o->max) {
		err_set(&c->err, TIX_ELIMIT, "line", "at most %lld of %s in one order",
		    (long long)o->max, o->name);
		err_fact(&c->err, "max", o->max);
		err_hint(&c->err, "tix category show %s/%s", o->event.slug, o->name);
		return TIX_ELIMIT;
	}
	if (o->nquotas > 0)
		return 0;
	err_set(&c->err, TIX_ESOLD_OUT, "line", "%s draws on no quota", o->name);
	err_fact(&c->err, "left", 0);
	err_hint(&c->err, "tix quota create %s/NAME --size N --categories %s", o->event.slug, o->name);
	return TIX_ESOLD_OUT;
}

int sale_need(struct call *c, struct sale *s, const int64_t *quotas, int n, int64_t count)
{
	for (int i = 0; i < n; i++) {
		int at = 0;

		while (at < s->nneeds && s->needs[at].quota < quotas[i])
			at++;
		if (at < s->nneeds && s->needs[at].quota == quotas[i]) {
			s->needs[at].count += count;
			continue;
		}
		if (s->nneeds == SALE_NEEDS_MAX)
			return err_set(&c->err, TIX_ELIMIT, "line",
			    "an order may draw on %d quotas", SALE_NEEDS_MAX);
		memmove(&s->needs[at + 1], &s->needs[at],
		    (size_t)(s->nneeds - at) * sizeof(s->needs[0]));
		s->needs[at] = (struct sale_need){quotas[i], count};
		s->nneeds++;
	}
	return 0;
}

int sale_add(struct call *c, struct sale *s, const struct sale_line *line)
{
	int64_t sum;

	if (s->nlines == SALE_LINES_MAX)
		return err_set(
		    &c->err, TIX_ELIMIT, "line", "an order has at most %d lines", SALE_LINES_MAX);
	if (__builtin_mul_overflow(line->price, line->count, &sum) ||
	    __builtin_add_overflow(s->total, sum, &s->total) || s->total > CALL_MONEY_MAX)
		return err_set(&c->err, TIX_ELIMIT, "line", "the total is too large");
	s->tickets += line->count;
	if (s->tickets > SALE_TICKETS_MAX) {
		err_set(&c->err, TIX_ELIMIT, "line", "an order has at most %d tickets",
		    SALE_TICKETS_MAX);
		err_fact(&c->err, "max", SALE_TICKETS_MAX);
		return TIX_ELIMIT;
	}
	s->lines[s->nlines++] = *line;
	return 0;
}

static int plan_line(
    struct call *c, const char *event, const struct line_in *in, bool free, struct sale *s)
{
	const struct offer *o;
	struct sale_line line;
	int r = sale_offer(c, event, in->category, &o);

	if (r < 0)
		return r;
	for (int i = 0; i < s->nlines; i++) {
		if (s->lines[i].category == o->category)
			return err_set(
			    &c->err, TIX_EBAD_VALUE, "line", "%s is there twice", o->name);
	}
	s->event = o->event;
	r = sale_bounds(c, o, in->count);
	line = (struct sale_line){o->category, in->count, free ? 0 : o->price, o->name};
	if (r == 0)
		r = sale_add(c, s, &line);
	return r < 0 ? r : sale_need(c, s, o->quotas, o->nquotas, in->count);
}

int sale_plan(
    struct call *c, const char *event, const struct shape_list *line, bool free, struct sale *ret)
{
	const struct line_in *v = line->v;
	int r = 0;

	ret->nlines = ret->nneeds = 0;
	ret->tickets = ret->total = 0;
	if (line->n == 0)
		return err_set(
		    &c->err, TIX_EMISSING, "line", "say what: at least one category and count");
	for (size_t i = 0; i < line->n && r == 0; i++)
		r = plan_line(c, event, &v[i], free, ret);
	return r;
}

static int left_of(struct call *c, int64_t quota, int64_t *ret_left, int64_t *ret_held)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_quota_left, &c->err);
	q_i64(&q, 1, quota);
	r = q_step(&q);
	*ret_left = r == 1 ? q_col(&q, 0) : 0;
	*ret_held = r == 1 ? q_col(&q, 1) : 0;
	q_end(&q);
	return r < 0 ? r : 0;
}

/* What there is too little of. */
struct lack {
	const struct sale_need *need; /* NULL: nothing lacks */
	int64_t left, held;
};

/* 20:17, with the day where it is not today: of the event. */
static const char *clock_text(
    struct call *c, const struct event_ref *event, int64_t at, char *out, size_t size)
{
	const struct zone *zone = zone_utc0();
	struct civil now, then;

	if (event->zone[0])
		zone_get(event->zone, &zone, NULL);
	zone_local(zone, c->now, &now);
	zone_local(zone, at, &then);
	if (now.y == then.y && now.m == then.m && now.d == then.d)
		snprintf(out, size, "%02d:%02d", then.h, then.mi);
	else
		snprintf(out, size, "%04d-%02d-%02d %02d:%02d", then.y, then.m, then.d, then.h,
		    then.mi);
	return out;
}

/* The next end of what is held of the event, if it is among the next ends of all events: a hint is
 * not worth more looks. */
static void hint_held(struct call *c, const struct event_ref *event, const char *name, int64_t held)
{
	char text[80];
	bool found = false;
	struct q q;

	q_start(&q, c->db, SQL_hold_next_ends, NULL);
	q_i64(&q, 1, HINT_LOOKS);
	while (!found && q_step(&q) == 1) {
		found = q_col(&q, 1) == event->id;
		if (found)
			err_hint(&c->err, "%lld are held, next expiry %s; tix doctor %s%s%s",
			    (long long)held,
			    clock_text(c, event, q_col(&q, 0), text, sizeof(text)), event->slug,
			    name ? "/" : "", name ? name : "");
	}
	q_end(&q);
}

/* The first line that draws on the quota. NULL: none does any more. */
static const struct sale_line *line_of(struct call *c, const struct sale *s, int64_t quota)
{
	for (int i = 0; i < s->nlines && s->nlines > 1; i++) {
		const struct offer *o;

		if (offer_find(c, s->event.slug, s->lines[i].name, &o) < 0)
			break;
		for (int k = 0; k < o->nquotas; k++) {
			if (o->quotas[k] == quota)
				return &s->lines[i];
		}
	}
	err_clear(&c->err);
	return s->nlines == 1 ? &s->lines[0] : NULL;
}

static int refuse(struct call *c, const struct sale *s, const struct lack *lack)
{
	int64_t left = lack->left < 0 ? 0 : lack->left;
	const struct sale_line *line = line_of(c, s, lack->need->quota);
	const char *name = line ? line->name : NULL;

	err_set(&c->err, TIX_ESOLD_OUT, "line", "%s%s%s has %lld left, %lld asked",
	    s->event.slug[0] ? s->event.slug : "it", name ? "/" : "", name ? name : "",
	    (long long)left, (long long)lack->need->count);
	err_fact(&c->err, "left", left);
	err_fact(&c->err, "asked", lack->need->count);
	if (lack->held > 0)
		hint_held(c, &s->event, name, lack->held);
	return TIX_ESOLD_OUT;
}

/* Whether every quota has enough: 1 yes, 0 no with the one that has least. */
static int enough(struct call *c, const struct sale *s, struct lack *ret)
{
	*ret = (struct lack){NULL, 0, 0};
	for (int i = 0; i < s->nneeds; i++) {
		int64_t left, held;
		int r = left_of(c, s->needs[i].quota, &left, &held);

		if (r < 0)
			return r;
		if (left < s->needs[i].count && (!ret->need || left < ret->left))
			*ret = (struct lack){&s->needs[i], left, held};
	}
	return ret->need == NULL;
}

static int move_one(struct call *c, const struct sale_need *need, enum sale_move move)
{
	static const enum sql_id statements[] = {
	    [SALE_HOLD] = SQL_quota_hold,
	    [SALE_SELL] = SQL_quota_sell,
	    [SALE_CONVERT] = SQL_quota_convert,
	    [SALE_UNHOLD] = SQL_quota_unhold,
	    [SALE_UNSELL] = SQL_quota_unsell,
	    [SALE_KEEP] = SQL_quota_keep,
	};
	int64_t values[] = {need->count, need->quota};

	return q_run(c->db, statements[move], &c->err, 2, values);
}

static int move_all(struct call *c, const struct sale *s, enum sale_move move)
{
	for (int i = 0; i < s->nneeds; i++) {
		int r = move_one(c, &s->needs[i], move);

		if (r < 0)
			return r;
		if (r == 0)
			return err_set(&c->err, TIX_EINTERNAL, NULL,
			    "the counters of quota %lld are wrong: run tix audit",
			    (long long)s->needs[i].quota);
	}
	return 0;
}

/* Taking one quota is one guarded update; several are looked at first, so that a refusal writes
 * nothing. 1: taken. */
static int try_take(struct call *c, const struct sale *s, enum sale_move move, struct lack *ret)
{
	int r;

	if (s->nneeds == 1) {
		r = move_one(c, &s->needs[0], move);
		if (r == 0 && enough(c, s, ret) < 0)
			r = c->err.code;
		return r;
	}
	r = enough(c, s, ret);
	if (r <= 0)
		return r;
	r = move_all(c, s, move);
	return r < 0 ? r : 1;
}

int sale_take(struct call *c, const struct sale *s, enum sale_move move)
{
	struct lack lack = {&s->needs[0], 0, 0};
	int r;

	if (move != SALE_HOLD && move != SALE_SELL)
		return move_all(c, s, move);
	r = try_take(c, s, move, &lack);
	if (r == 0)
		return refuse(c, s, &lack);
	return r < 0 ? r : 0;
}

int sale_write_lines(struct call *c, const struct sale *s, int64_t order)
{
	for (int i = 0; i < s->nlines; i++) {
		const struct sale_line *l = &s->lines[i];
		int64_t values[] = {order * ORDER_ROWS + i + 1, l->category, l->count, l->price};
		int r = q_run(c->db, SQL_line_add, &c->err, 4, values);

		if (r < 0)
			return r;
	}
	return 0;
}

struct money sale_money(const struct event_ref *event, int64_t amount)
{
	struct money m = {.amount = amount};

	memcpy(m.currency, event->currency, sizeof(m.currency));
	return m;
}

int sale_show_lines(struct call *c, const struct sale *s, struct shape_list *ret)
{
	struct line *v = arena_array(c->arena, (size_t)s->nlines, sizeof(*v));

	if (!v)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	for (int i = 0; i < s->nlines; i++) {
		v[i].category = arena_strdup(c->arena, s->lines[i].name);
		v[i].count = s->lines[i].count;
		v[i].price = sale_money(&s->event, s->lines[i].price);
		if (!v[i].category)
			return err_set(
			    &c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	}
	*ret = (struct shape_list){v, (size_t)s->nlines};
	return 0;
}
