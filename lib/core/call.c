/* SPDX-License-Identifier: MIT */
/* What every core function needs of a call: the event it names, times and money as core understands
 * them. It reads, it never writes. */
#include "core/call.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"
#include "core/guess.h"
#include "core/odd.h"
#include "core/redirect.h"
#include "core/scope.h"
#include "model/states.h"

int call_not_found(struct call *c, const char *field, const char *kind, const char *name)
{
	bool named = name && *name;

	return err_set(&c->err, TIX_ENOT_FOUND, field, "no %s%s%s", kind, named ? " " : "",
	    named ? name : "");
}

static int64_t time_col(struct q *q, int column)
{
	return q_isnull(q, column) ? TIME_NONE : q_col(q, column);
}

static void take_ref(struct q *q, struct event_ref *ret)
{
	*ret = (struct event_ref){
	    .id = q_col(q, 0),
	    .organizer = q_col(q, 1),
	    .status = (int)q_col(q, 2),
	    .start = q_col(q, 3),
	    .end = time_col(q, 4),
	    .doors = time_col(q, 5),
	};
	snprintf(ret->slug, sizeof(ret->slug), "%s", q_text(q, 6));
	snprintf(ret->zone, sizeof(ret->zone), "%s", q_text(q, 7));
	snprintf(ret->currency, sizeof(ret->currency), "%s", q_text(q, 8));
}

/* 1: it is there; *ret_seen: it may be seen, and is in ret. */
static int find_ref(struct call *c, const char *slug, struct event_ref *ret, bool *ret_seen)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_event_ref, &c->err);
	q_str(&q, 1, slug);
	r = q_step(&q);
	if (r == 1) {
		*ret_seen = scope_sees(c->who, q_text(&q, 9), q_text(&q, 6));
		if (*ret_seen)
			take_ref(&q, ret);
	}
	q_end(&q);
	return r;
}

int call_event(struct call *c, const char *slug, struct event_ref *ret)
{
	bool seen = false;
	const char *now;
	int r = find_ref(c, slug, ret, &seen);

	if (r == 0) {
		r = redirect_find(c, slug, &now);
		if (r == 1)
			r = find_ref(c, now, ret, &seen);
	}
	if (r < 0)
		return r;
	return seen ? 0 : guess_event(c, slug);
}

/* How an event that exists gets the time that another refers to. */
static void hint_anchor(struct call *c, const struct event_ref *event, const char *text)
{
	if (!event || !event->id)
		return;
	if (event->doors == TIME_NONE && strstr(text, "doors"))
		err_hint(&c->err, "tix event set %s --doors TIME", event->slug);
	else if (event->end == TIME_NONE && strstr(text, "end"))
		err_hint(&c->err, "tix event set %s --end TIME", event->slug);
}

int call_when(struct call *c, const struct event_ref *event, const char *text, bool end_of_day,
    const char *field, int64_t *ret)
{
	struct when_ctx ctx = {
	    .now = c->now,
	    .start = event ? event->start : WHEN_UNKNOWN,
	    .doors = event ? event->doors : WHEN_UNKNOWN,
	    .end = event ? event->end : WHEN_UNKNOWN,
	    .end_of_day = end_of_day,
	    .look_back = field && (strcmp(field, "since") == 0 || strcmp(field, "until") == 0),
	};
	bool odd = false;
	int r;

	if (!text) {
		*ret = TIME_NONE;
		return 0;
	}
	if (!event)
		ctx.zone = c->zone;
	else if (event->zone[0]) {
		r = zone_get(event->zone, &ctx.zone, &c->err);
		if (r < 0)
			return r;
	}
	r = when_parse(text, &ctx, ret, &odd, field, &c->err);
	if (r < 0)
		hint_anchor(c, event, text);
	return r == 0 && odd && field ? odd_keep(c, ctx.zone, text, field, *ret) : r;
}

int call_money(struct call *c, const struct money_in *in, const char *currency, const char *field,
    struct money *ret)
{
	struct money m = in->money;
	int r = 0;

	if (in->text)
		r = money_parse(in->text, currency, &m, &c->err, field);
	else if (strcmp(in->money.currency, currency) != 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, field, "an amount in %s, but this is in %s",
		    in->money.currency, currency);
	else if (in->money.amount < 0)
		r = err_set(&c->err, TIX_EBAD_VALUE, field, "must not be negative");
	if (r == 0 && m.amount > CALL_MONEY_MAX)
		r = err_set(&c->err, TIX_EBAD_VALUE, field, "too large");
	if (r == 0)
		*ret = m;
	return r;
}

int call_confirm(struct call *c, const char *given, const char *want, const char *what)
{
	const struct mut_in *in = c->in;

	if (in->dry_run || (given && strcmp(given, want) == 0))
		return 0;
	if (given)
		err_set(&c->err, TIX_EUNCONFIRMED, "confirm", "%s; \"%.60s\" does not confirm that",
		    what, given);
	else
		err_set(&c->err, TIX_EUNCONFIRMED, "confirm", "%s", what);
	err_hint(&c->err, "--dry-run first, then --yes --confirm %s", want);
	return TIX_EUNCONFIRMED;
}

/* Whether a method makes a state at all. */
static bool state_leads(const struct enum_set *machine, int to, const char *method)
{
	for (const struct enum_word *w = machine->words; w->word; w++) {
		if (w->value != to && state_may(machine, w->value, to, method))
			return true;
	}
	return false;
}

/* The states from which a method may start, as people list them. */
static void list_starts(const struct enum_set *machine, const char *method, struct buf *out)
{
	const char *last = NULL;

	for (const struct enum_word *w = machine->words; w->word; w++) {
		if (!state_starts(machine, w->value, method))
			continue;
		if (last)
			buf_printf(out, "%s%s", out->len ? ", " : "", last);
		last = w->word;
	}
	if (last)
		buf_printf(out, "%s%s", out->len ? " or " : "", last);
}

int call_state(struct call *c, const struct enum_set *machine, const struct state_step *step)
{
	AUTO(buf) struct buf starts;

	buf_init(&starts, 0);
	if (state_may(machine, step->from, step->to, step->method))
		return 0;
	if (step->to != step->from || state_leads(machine, step->to, step->method))
		return err_set(&c->err, TIX_EWRONG_STATE, step->field,
		    "%s is %s: %s cannot make it %s", step->subject,
		    state_word(machine, step->from), step->method, state_word(machine, step->to));
	list_starts(machine, step->method, &starts);
	return err_set(&c->err, TIX_EWRONG_STATE, step->field, "%s is %s: %s wants it %s",
	    step->subject, state_word(machine, step->from), step->method, buf_str(&starts));
}
