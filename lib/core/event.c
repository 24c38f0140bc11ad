/* SPDX-License-Identifier: MIT */
/* Events: create, change, publish, show. */
#include "core/event.h"

#include <string.h>

#include "core/event_cancel.h"
#include "core/event_row.h"
#include "core/guess.h"
#include "core/redirect.h"
#include "core/scope.h"
#include "core/target.h"
#include "core/venue.h"
#include "core/window.h"
#include "core/writer.h"

int event_out(struct call *c, const struct event_row *row, struct event *out)
{
	int r;

	out->event = row->slug;
	out->status = row->status;
	out->name = row->name;
	out->start = row->start;
	out->end = row->end;
	out->doors = row->doors;
	out->zone = row->zone;
	out->currency = row->currency;
	out->description = row->description;
	out->type = row->type;
	out->doc = row->doc;
	out->organizer = row->organizer_slug;
	out->size = row->size;
	out->sold = row->sold;
	out->held = row->held;
	if (row->venue) {
		out->venue = arena_alloc(c->arena, sizeof(*out->venue));
		if (!out->venue)
			return row_no_memory(c);
		out->venue->slug = row->venue_slug;
		out->venue->name = row->venue_name;
		out->venue->city = row->venue_city;
		out->venue->country = row->venue_country;
	}
	r = target_read(c, row->target, &out->target);
	return r < 0 ? r : tags_read(c, row->tags, &out->tags);
}

static int named(struct call *c, const char *slug, struct event_row *ret)
{
	struct event_row row;
	int r = event_row_find(c, slug, &row);

	if (r < 0)
		return r;
	if (r == 0 || !scope_sees(c->who, row.organizer_slug, row.slug))
		return guess_event(c, slug);
	*ret = row;
	return 0;
}

int event_create(struct call *c, const struct event_create_in *in, struct event *out)
{
	struct event_row row = event_row_new();
	struct event_input input = {0};
	struct venue_row venue;
	int r = scope_organizer(c, in->organizer, &row.organizer, &row.organizer_slug);

	if (r < 0)
		return r;
	r = redirect_check(c, NULL, in->event, "event");
	if (r < 0)
		return r;
	row.slug = in->event;
	if (in->venue) {
		r = venue_named(c, in->venue, "venue", &venue);
		if (r < 0)
			return r;
		event_row_place(&row, &venue);
		row.zone = venue.zone;
	}
	if (in->zone)
		row.zone = in->zone;
	EVENT_INPUTS(in, event_create_in, &input);
	r = event_row_apply(c, &input, &row);
	if (r < 0)
		return r;
	row.id = writer_next_id(c->writer, TABLE_event);
	if (row.id > EVENT_ID_MAX)
		return err_set(&c->err, TIX_ELIMIT, NULL, "a store holds at most %d events",
		    (int)EVENT_ID_MAX);
	r = event_row_write(c, NULL, &row);
	return r < 0 ? r : event_out(c, &row, out);
}

/* A record of its own, of this very form: streams of the event go by it. */
static int renamed(struct call *c, const struct event_row *was, const struct event_row *row)
{
	struct diff d;

	diff_init(&d);
	diff_text(&d, "was", NULL, was->slug);
	return row_changed(
	    c, &(struct changed){"event.renamed", row->slug, row->id, row->id, row->slug}, &d);
}

static int write_set(
    struct call *c, const struct event_row *was, const struct event_row *row, struct event *out)
{
	int64_t before = c->seq;
	int r = 0;

	if (strcmp(was->slug, row->slug) != 0) {
		r = redirect_add(c, was, row->slug);
		if (r == 0)
			r = renamed(c, was, row);
	}
	if (r == 0)
		r = event_row_write(c, was, row);
	if (r >= 0)
		r = window_move(c, row);
	if (r == 0 && c->seq == before)
		r = row_unchanged(c, row->id);
	c->subject = row->id;
	return r < 0 ? r : event_out(c, row, out);
}

int event_set(struct call *c, const struct event_set_in *in, struct event *out)
{
	struct event_input input = {0};
	struct event_row was, row;
	struct venue_row venue;
	int r = named(c, in->event, &was);

	if (r < 0)
		return r;
	row = was;
	if (HAS(in, event_set_in, slug)) {
		r = redirect_check(c, &was, in->slug, "slug");
		if (r < 0)
			return r;
		row.slug = in->slug;
	}
	if (HAS(in, event_set_in, zone) && in->zone)
		row.zone = in->zone;
	EVENT_INPUTS(in, event_set_in, &input);
	r = event_row_apply(c, &input, &row);
	if (r == 0)
		r = event_currency_check(c, &was, row.currency);
	if (r == 0 && HAS(in, event_set_in, venue)) {
		if (in->venue)
			r = venue_named(c, in->venue, "venue", &venue);
		if (r == 0)
			event_row_place(&row, in->venue ? &venue : NULL);
	}
	if (r == 0)
		r = window_check(c, &row);
	return r < 0 ? r : write_set(c, &was, &row, out);
}

static int is_there(struct call *c, enum sql_id sql, int64_t id)
{
	struct q q;
	int r;

	q_start(&q, c->db, sql, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	q_end(&q);
	return r;
}

static int set_status(struct call *c, struct event_row *row, enum event_status status,
    const char *topic, struct event *out)
{
	struct changed what = {topic, row->slug, row->id, row->id, row->slug};
	struct diff d;
	int r = event_row_status(c, row, status);

	if (r < 0)
		return r;
	diff_init(&d);
	diff_text(&d, "status", NULL, enum_word(&enum_set_event_status, status));
	r = row_changed(c, &what, &d);
	return r < 0 ? r : event_out(c, row, out);
}

/* The event, if the method may give it that status. */
static int may(struct call *c, const char *slug, enum event_status to, const char *method,
    struct event_row *ret)
{
	struct state_step step = {.field = "event", .to = to, .method = method};
	int r = named(c, slug, ret);

	if (r < 0)
		return r;
	step.subject = ret->slug;
	step.from = ret->status;
	return call_state(c, &enum_set_event_status, &step);
}

/* wrong_state while tickets are sold or seats held. */
static int must_be_empty(struct call *c, const struct event_row *row, enum event_status to)
{
	int r = is_there(c, SQL_event_alive, row->id);

	if (r <= 0)
		return r;
	err_set(&c->err, TIX_EWRONG_STATE, "event",
	    "%s is %s and tickets are sold or held: it cannot be %s", row->slug,
	    enum_word(&enum_set_event_status, row->status), enum_word(&enum_set_event_status, to));
	err_fact(&c->err, "sold", row->sold);
	err_fact(&c->err, "held", row->held);
	return TIX_EWRONG_STATE;
}

int event_publish(struct call *c, const struct event_act_in *in, struct event *out)
{
	struct event_row row;
	int r = may(c, in->event, event_status_published, "event.publish", &row);

	if (r == 0)
		r = is_there(c, SQL_event_sellable, row.id);
	if (r < 0)
		return r;
	if (r == 0) {
		err_set(&c->err, TIX_EWRONG_STATE, "event",
		    "%s has no category with a quota: nothing to sell", row.slug);
		err_hint(
		    &c->err, "tix category create %s/NAME --price PRICE --size SEATS", row.slug);
		return TIX_EWRONG_STATE;
	}
	return set_status(c, &row, event_status_published, "event.published", out);
}

int event_unpublish(struct call *c, const struct event_act_in *in, struct event *out)
{
	struct event_row row;
	int r = may(c, in->event, event_status_draft, "event.unpublish", &row);

	if (r == 0)
		r = must_be_empty(c, &row, event_status_draft);
	return r < 0 ? r : set_status(c, &row, event_status_draft, "event.unpublished", out);
}

int event_end(struct call *c, const struct event_act_in *in, struct event *out)
{
	struct event_row row;
	int r = may(c, in->event, event_status_ended, "event.end", &row);

	if (r == 0 && c->now < row.start) {
		err_set(&c->err, TIX_EWRONG_STATE, "event",
		    "%s is published and has not begun: it cannot be ended", row.slug);
		err_hint(&c->err, "a category's --sale-to ends its sale before that");
		return TIX_EWRONG_STATE;
	}
	return r < 0 ? r : set_status(c, &row, event_status_ended, "event.ended", out);
}

int event_cancel(struct call *c, const struct event_cancel_in *in, struct event *out)
{
	struct event_stake stake;
	struct event_row row;
	int r = may(c, in->event, event_status_cancelled, "event.cancel", &row);

	if (r == 0)
		r = event_stake(c, in, &row, &stake, out);
	if (r == 0)
		r = set_status(c, &row, event_status_cancelled, "event.cancelled", out);
	return r < 0 ? r : event_cancel_orders(c, in, &row, &stake, out);
}

int event_show(struct call *c, const struct event_in *in, struct event *out)
{
	struct event_row row;
	int r = named(c, in->event, &row);

	return r < 0 ? r : event_out(c, &row, out);
}

int event_load(struct call *c, int64_t id, struct event *out)
{
	struct event_row row;
	int r = event_row_get(c, id, &row);

	if (r < 0)
		return r;
	if (r == 0)
		return call_not_found(c, "event", "event", NULL);
	return event_out(c, &row, out);
}
