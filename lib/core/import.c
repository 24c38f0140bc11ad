/* SPDX-License-Identifier: MIT */
/* Import, first half: rows to a checked working set. Nothing is written here. */
#include "core/import.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/event_row.h"
#include "core/import_work.h"
#include "core/scope.h"
#include "core/venue.h"
#include "core/writer.h"

int import_prefix(struct call *c, const char *prefix, int index, int code)
{
	char field[160], at[16] = "";

	if (index >= 0)
		snprintf(at, sizeof(at), "[%d]", index);
	snprintf(field, sizeof(field), "%.40s%s%s%s", prefix, at, c->err.field[0] ? "." : "",
	    c->err.field);
	snprintf(c->err.field, sizeof(c->err.field), "%.63s", field);
	return code;
}

bool import_room(struct call *c, void ***v, size_t n, size_t *cap)
{
	size_t more = *cap ? 2 * *cap : 8;
	void **bigger;

	if (n < *cap)
		return true;
	bigger = arena_array(c->arena, more, sizeof(*bigger));
	if (!bigger)
		return false;
	if (n)
		memcpy(bigger, *v, n * sizeof(*bigger));
	*v = bigger;
	*cap = more;
	return true;
}

/* New venues and events belong to it. */
static int organizer_of(struct call *c, struct work *w)
{
	if (w->organizer)
		return 0;
	return scope_organizer(c, w->in->organizer, &w->organizer, &w->organizer_slug);
}

/* The slug of a venue that has none: from name and city; a name without Latin letters gives a
 * number. */
static int venue_slug(struct call *c, const struct import_venue *in, const char **ret)
{
	AUTO(buf) struct buf b;
	const char *text = arena_printf(c->arena, "%s %s", in->name, in->city ? in->city : "");
	uint64_t hash = UINT64_C(14695981039346656037);

	if (!text)
		return row_no_memory(c);
	buf_init(&b, 0);
	if (text_slug(&b, text) < 0) {
		for (const char *s = text; *s; s++)
			hash = (hash ^ (unsigned char)*s) * UINT64_C(1099511628211);
		buf_clear(&b);
		buf_printf(&b, "venue-%016llx", (unsigned long long)hash);
	}
	*ret = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	return *ret ? 0 : row_no_memory(c);
}

/* A venue that the store has and the principal may see, or a new one of the event's organizer. */
static int venue_fill(
    struct call *c, const struct event_row *event, const char *slug, struct work_venue *venue)
{
	struct venue_row row;
	int r = venue_row_find(c, slug, &row);

	if (r == 1) {
		r = venue_named(c, slug, "slug", &row);
		if (r < 0)
			return r;
		venue->exists = true;
		venue->was = row;
		venue->now = row;
		return 0;
	}
	venue->now = (struct venue_row){
	    .organizer = event->organizer,
	    .organizer_slug = event->organizer_slug,
	    .slug = slug,
	    .latitude = TIME_NONE,
	    .longitude = TIME_NONE,
	};
	return r;
}

static int venue_open(struct call *c, struct work *w, const struct event_row *event,
    const char *slug, struct work_venue **ret)
{
	struct work_venue *venue;
	int r;

	for (size_t i = 0; i < w->nvenues; i++) {
		if (strcmp(w->venues[i]->now.slug, slug) == 0) {
			*ret = w->venues[i];
			return 0;
		}
	}
	venue = arena_alloc(c->arena, sizeof(*venue));
	if (!venue)
		return row_no_memory(c);
	r = venue_fill(c, event, slug, venue);
	if (r < 0)
		return r;
	w->venues[w->nvenues++] = venue;
	*ret = venue;
	return 0;
}

#define TAKE_TEXT(in, row, field)                                                                  \
	do {                                                                                       \
		if (HAS(in, import_venue, field))                                                  \
			(row)->field = (in)->field && (in)->field[0] ? (in)->field : NULL;         \
	} while (0)

/* zone: what a new venue takes that has none of its own. */
static int venue_lay(
    struct call *c, const struct import_venue *in, const char *zone, struct work_venue *venue)
{
	struct venue_row *row = &venue->now;

	row->name = in->name;
	TAKE_TEXT(in, row, address);
	TAKE_TEXT(in, row, city);
	TAKE_TEXT(in, row, country);
	if (HAS(in, import_venue, latitude))
		row->latitude = in->latitude;
	if (HAS(in, import_venue, longitude))
		row->longitude = in->longitude;
	if (in->zone)
		row->zone = in->zone;
	else if (!row->zone)
		row->zone = zone;
	return venue_row_check(c, row);
}

/* The organizer of a new event: its own, else that of the import. */
static int whose(struct call *c, struct work *w, const char *organizer, struct work_event *event)
{
	int r;

	if (organizer)
		return scope_organizer(
		    c, organizer, &event->now.organizer, &event->now.organizer_slug);
	r = organizer_of(c, w);
	event->now.organizer = w->organizer;
	event->now.organizer_slug = w->organizer_slug;
	return r;
}

static int event_fill(struct call *c, struct work *w, const char *slug, const char *organizer,
    struct work_event *event)
{
	struct event_row row;
	int r = event_row_find(c, slug, &row);

	if (r == 1) {
		if (!scope_sees(c->who, row.organizer_slug, row.slug))
			return err_set(&c->err, TIX_EEXISTS, "event", "the slug %s is taken", slug);
		event->exists = true;
		event->was = row;
		event->now = row;
		return 0;
	}
	event->now = event_row_new();
	if (r == 0)
		r = whose(c, w, organizer, event);
	event->now.slug = slug;
	event->now.currency = "EUR";
	event->now.zone = NULL;
	event->next_position = -1;
	return r;
}

static int event_open(
    struct call *c, struct work *w, const struct import_event *in, struct work_event **ret)
{
	struct work_event *event;
	int r;

	for (size_t i = 0; i < w->nevents; i++) {
		if (strcmp(w->events[i]->now.slug, in->event) == 0) {
			*ret = w->events[i];
			return 0;
		}
	}
	event = arena_alloc(c->arena, sizeof(*event));
	if (!event)
		return row_no_memory(c);
	r = event_fill(c, w, in->event, in->organizer, event);
	if (r < 0)
		return r;
	/* A former slug of one that is here already. */
	for (size_t i = 0; event->exists && i < w->nevents; i++) {
		if (w->events[i]->exists && w->events[i]->was.id == event->was.id) {
			*ret = w->events[i];
			return 0;
		}
	}
	w->events[w->nevents++] = event;
	*ret = event;
	return 0;
}

/* Which zone a row's times are in: its own, its venue's, the import's, what is stored, UTC. */
static const char *zone_of(struct work *w, const struct import_event *in,
    const struct work_event *event, const struct work_venue *venue)
{
	const char *stored = HAS(in, import_event, zone) ? NULL : event->now.zone;

	if (in->zone)
		return in->zone;
	if (in->venue && in->venue->zone)
		return in->venue->zone;
	if (venue && venue->now.zone)
		return venue->now.zone;
	w->zoned++;
	if (w->in->zone)
		return w->in->zone;
	return stored ? stored : "UTC";
}

static int lay_venue(
    struct call *c, struct work *w, const struct import_event *in, struct work_event *event)
{
	struct work_venue *venue = NULL;
	const char *slug, *zone;
	int r;

	if (!HAS(in, import_event, venue) || !in->venue) {
		if (HAS(in, import_event, venue)) {
			event->venue = NULL;
			event_row_place(&event->now, NULL);
		}
		event->now.zone = zone_of(w, in, event, NULL);
		return 0;
	}
	slug = in->venue->slug;
	r = slug ? 0 : venue_slug(c, in->venue, &slug);
	if (r == 0)
		r = venue_open(c, w, &event->now, slug, &venue);
	if (r < 0)
		return import_prefix(c, "venue", -1, r);
	zone = zone_of(w, in, event, venue);
	r = venue_lay(c, in->venue, zone, venue);
	if (r < 0)
		return import_prefix(c, "venue", -1, r);
	event->venue = venue;
	event->now.zone = zone;
	return 0;
}

/* A status that differs, as far as an import may set it. */
static int lay_status(struct call *c, struct work_event *event, int status)
{
	struct state_step step = {
	    .subject = event->now.slug,
	    .field = "status",
	    .from = event->exists ? event->was.status : 0,
	    .to = status,
	    .method = "event.import",
	};
	int r = status == step.from ? 0 : call_state(c, &enum_set_event_status, &step);

	event->now.status = status;
	return r;
}

static int lay_event(struct call *c, struct work *w, const struct import_event *in, size_t row)
{
	struct event_input input = {0};
	struct work_event *event = NULL;
	int r = event_open(c, w, in, &event);

	if (r == 0)
		r = lay_venue(c, w, in, event);
	if (r < 0)
		return r;
	event->row = row;
	EVENT_INPUTS(in, import_event, &input);
	r = event_row_apply(c, &input, &event->now);
	if (r == 0 && in->old_slugs.n > 0)
		r = import_slugs(c, event, &in->old_slugs);
	if (r == 0 && in->status)
		r = lay_status(c, event, in->status);
	if (r == 0 && event->exists)
		r = event_currency_check(c, &event->was, event->now.currency);
	return r < 0 ? r : import_stock(c, event, in);
}

static int make_work(struct call *c, const struct event_import_in *in, struct work *w)
{
	const struct import_event *rows = in->events.v;
	int r = 0;

	*w = (struct work){.in = in, .rows = in->events.n};
	w->events = arena_array(c->arena, w->rows, sizeof(struct work_event *));
	w->venues = arena_array(c->arena, w->rows, sizeof(struct work_venue *));
	if (!w->events || !w->venues)
		return row_no_memory(c);
	for (size_t i = 0; r == 0 && i < w->rows; i++) {
		r = lay_event(c, w, &rows[i], i);
		if (r < 0)
			import_prefix(c, "events", (int)i, r);
	}
	return r == 0 ? import_slugs_agree(c, w) : r;
}

/* Ten bits a count: a call has at most 500 rows. */
#define COUNT_BITS 10
#define COUNT_MASK ((1 << COUNT_BITS) - 1)

int event_import_load(struct call *c, int64_t subject, struct event_import *out)
{
	(void)c;
	out->created = subject & COUNT_MASK;
	out->changed = subject >> COUNT_BITS & COUNT_MASK;
	out->same = subject >> 2 * COUNT_BITS & COUNT_MASK;
	out->zoned = subject >> 3 * COUNT_BITS & COUNT_MASK;
	return 0;
}

int event_import_rows(struct call *c, const struct event_import_in *in, struct event_import *out)
{
	struct event_import counts = {0};
	struct work w;
	int r = make_work(c, in, &w);

	if (r < 0)
		return r;
	r = import_write(c, &w, &counts);
	if (r < 0)
		return r;
	out->created = counts.created;
	out->changed = counts.changed;
	out->same = counts.same;
	out->zoned = w.zoned;
	return 0;
}

int event_import(struct call *c, const struct event_import_in *in, struct event_import *out)
{
	struct diff d;
	int r = event_import_rows(c, in, out);

	if (r < 0)
		return r;
	diff_init(&d);
	diff_i64(&d, "created", -1, out->created);
	diff_i64(&d, "changed", -1, out->changed);
	diff_i64(&d, "same", -1, out->same);
	r = row_changed(c, &(struct changed){"event.imported", "import", 0, 0, NULL}, &d);
	if (r < 0)
		return r;
	c->subject = out->created | out->changed << COUNT_BITS | out->same << 2 * COUNT_BITS |
		     out->zoned << 3 * COUNT_BITS;
	return 0;
}
