/* SPDX-License-Identifier: MIT */
/* From lines of a report to a curve: each line is added at its day or hour, and between them the
 * curve goes on as it was. */
#include "tui/event_chart.h"

#include <string.h>

#include "base/clock.h"
#include "base/when.h"
#include "base/zone.h"
#include "tui/words.h"

#define HOUR_US (3600 * USEC_PER_SEC)
#define DAY_US (24 * HOUR_US)
#define STEPS_MAX 2000

static const struct {
	const char *name;
	int64_t back; /* how far; 0: to the first sale, and on to the event */
	bool hours;
} ranges[CHART_RANGES] = {
    {"all of it", 0, false},
    {"30 days", 30 * DAY_US, false},
    {"7 days", 7 * DAY_US, false},
    {"48 hours", 48 * HOUR_US, true},
};

struct chart {
	const struct zone *zone;
	bool hours;
	int64_t first, steps; /* number of the first day or hour, and how many are shown */
	int64_t now;	      /* number of the present one */
};

const char *event_chart_range(int range)
{
	return ranges[range].name;
}

json_t *event_chart_params(const struct app *app, const char *event, int range)
{
	json_t *params = json_pack("{s:s, s:s, s:i}", "event", event, "by",
	    ranges[range].hours ? "hour" : "day", "limit", 1000);
	char since[32];
	int64_t from = (app_now(app) / HOUR_US + 1) * HOUR_US - ranges[range].back;

	/* By whole hours, so that the question stays the same for a while. */
	if (ranges[range].back)
		json_object_set_new(
		    params, "since", json_string(when_rfc3339(from, since, sizeof(since))));
	return params;
}

/* The number of the day, or hour, that a time is in, by the event's clock. */
static int64_t number_of(const struct chart *c, int64_t us)
{
	struct civil t;
	int64_t seconds;

	zone_local(c->zone, us, &t);
	seconds = civil_seconds(&t);
	return c->hours ? seconds / 3600 : seconds / 86400;
}

/* And back, to a time in the middle of it. */
static int64_t time_of(const struct chart *c, int64_t number)
{
	struct civil t = {.y = 1970};
	int64_t us;

	civil_from_seconds(number * (c->hours ? 3600 : 86400), &t);
	zone_utc(c->zone, &t, &us, NULL);
	return us;
}

/* Tickets sold by each step's end; nothing beyond now. */
static const int64_t *sold(struct model *m, const struct chart *c, const json_t *lines, int64_t total)
{
	int64_t *v = arena_array(m->arena, (size_t)c->steps, sizeof(*v)), sum = 0;
	const json_t *line;
	size_t i;

	if (!v)
		return NULL;
	json_array_foreach(lines, i, line)
	{
		int64_t at = number_of(c, get_time(line, "from")) - c->first;

		if (at >= 0 && at < c->steps)
			v[at] += get_int(line, "tickets");
		sum += at >= 0 && at < c->steps ? get_int(line, "tickets") : 0;
	}
	sum = total - sum;
	for (int64_t k = 0; k < c->steps; k++) {
		sum += v[k];
		v[k] = c->first + k > c->now ? M_NO_VALUE : sum;
	}
	return v;
}

/* The target so many seconds before the start: straight between its points, as report.pace has it. */
static int64_t target_at(const json_t *points, int64_t before)
{
	const json_t *far = NULL, *near;
	size_t i;

	json_array_foreach(points, i, near)
	{
		int64_t span, days = get_int(near, "days") * 86400;

		if (days < before) {
			if (!far)
				return M_NO_VALUE;
			span = get_int(far, "days") * 86400 - days;
			return get_int(far, "count") + (get_int(near, "count") - get_int(far, "count")) *
							   (get_int(far, "days") * 86400 - before) / span;
		}
		far = near;
	}
	return far ? get_int(far, "count") : M_NO_VALUE;
}

static const int64_t *target(struct model *m, const struct chart *c, const json_t *event)
{
	const json_t *points = json_object_get(event, "target");
	int64_t *v = arena_array(m->arena, (size_t)c->steps, sizeof(*v));
	int64_t start = get_time(event, "start");

	for (int64_t k = 0; v && k < c->steps; k++)
		v[k] = target_at(points, (start - time_of(c, c->first + k + 1)) / USEC_PER_SEC);
	return json_array_size(points) > 0 ? v : NULL;
}

static void plan(struct app *app, struct chart *c, const json_t *event, const json_t *lines, int range)
{
	int64_t now = app_now(app), start = get_time(event, "start"), end;
	const json_t *first = json_array_get(lines, 0);

	c->zone = app_zone(app, zone_of(event, app->home));
	c->hours = ranges[range].hours;
	c->now = number_of(c, now);
	end = c->now;
	if (ranges[range].back) {
		c->first = number_of(c, now - ranges[range].back) + 1;
	} else {
		c->first = first ? number_of(c, get_time(first, "from")) : c->now;
		if (number_of(c, start) > end)
			end = number_of(c, start);
	}
	c->steps = end - c->first + 1;
	if (c->steps > STEPS_MAX) {
		c->first = end - STEPS_MAX + 1;
		c->steps = STEPS_MAX;
	}
}

static void add(struct m_section *s, const char *name, char mark, enum m_class class, const int64_t *v,
    const struct chart *c)
{
	if (v)
		s->series[s->nseries++] = (struct m_series){name, mark, class, v, (size_t)c->steps};
}

void event_chart(struct app *app, struct model *m, const json_t *event, const struct query *sales,
    int64_t total, int range)
{
	const json_t *lines = json_object_get(sales->result, "items");
	struct m_section *s;
	struct chart c;
	char text[WORDS_MAX];

	if (!sales->result || !event)
		return;
	plan(app, &c, event, lines, range);
	if (c.steps < 2)
		return;
	s = model_add(m, M_CHART, "sales", "");
	add(s, "sold", '*', M_GOOD, sold(m, &c, lines, total), &c);
	add(s, "target", '.', M_DIM, target(m, &c, event), &c);
	model_note(m, s, "* sold%s   %s", s->nseries > 1 ? "   . target" : "", ranges[range].name);
	s->rows_min = 5;
	s->rows_max = 16;
	s->stale = !app_live(app);
	s->busy = query_slow(sales, clock_mono(clock_system()));
	s->from = model_text(m, c.hours ? words_day(c.zone, time_of(&c, c.first), text)
					: words_date(c.zone, time_of(&c, c.first), text));
	s->to = model_text(m, c.hours ? words_day(c.zone, time_of(&c, c.first + c.steps - 1), text)
				      : words_date(c.zone, time_of(&c, c.first + c.steps - 1), text));
}
