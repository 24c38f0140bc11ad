/* SPDX-License-Identifier: MIT */
/* The time grammar: what people type, what it becomes, what is refused. */
#include "tests/tap.h"

#include "base/err.h"
#include "base/when.h"
#include "base/zone.h"

struct when_case {
	const char *text;
	const char *want; /* RFC 3339, NULL = refused */
	bool end_of_day, look_back, echo;
};

#define T(t, ...)                                                                                  \
	{                                                                                          \
		.text = (t), .want = __VA_ARGS__                                                   \
	}

/* In Europe/Berlin, now 2026-03-25 12:00 CET, start 2026-03-29 20:00 CEST, doors an hour before. */
static const struct when_case cases[] = {
    T("now", "2026-03-25T11:00:00Z"),
    T("today", "2026-03-24T23:00:00Z"),
    T("today", "2026-03-25T23:00:00Z", .end_of_day = true),
    T("yesterday", "2026-03-23T23:00:00Z"),
    T("tomorrow", "2026-03-25T23:00:00Z"),
    T("2026-06-13", "2026-06-12T22:00:00Z"),
    T("2026-06-13", "2026-06-13T22:00:00Z", .end_of_day = true),
    T("2026-12-31", "2026-12-31T23:00:00Z", .end_of_day = true),
    T("2026-06-13 20:00", "2026-06-13T18:00:00Z"),
    T("2026-06-13 20:00", "2026-06-13T18:00:00Z", .end_of_day = true),
    T("2026-06-13T20:00:30", "2026-06-13T18:00:30Z"),
    T("2026-06-13 24:00", "2026-06-13T22:00:00Z"),
    T("2026-06-13 20:00:00.5", "2026-06-13T18:00:00.500000Z"),
    T("2026-06-13T20:00:00Z", "2026-06-13T20:00:00Z"),
    T("2026-06-13t20:00:00z", "2026-06-13T20:00:00Z"),
    T("2026-06-13T20:00Z", "2026-06-13T20:00:00Z"),
    T("2026-06-13T20:00:00+05:30", "2026-06-13T14:30:00Z"),
    T("2026-06-13T20:00:00-00:00", "2026-06-13T20:00:00Z"),
    T("2026-06-13T20:00:00.123456789-01:00", "2026-06-13T21:00:00.123456Z"),
    T("2028-02-29", "2028-02-28T23:00:00Z"),
    T("+2h", "2026-03-25T13:00:00Z"),
    T("-2h", "2026-03-25T09:00:00Z"),
    T("2h", "2026-03-25T13:00:00Z"),
    T("2h", "2026-03-25T09:00:00Z", .look_back = true),
    T("+2h", "2026-03-25T13:00:00Z", .look_back = true),
    T("+10m", "2026-03-25T11:10:00Z"),
    T("30s", "2026-03-25T11:00:30Z"),
    T("+0s", "2026-03-25T11:00:00Z"),
    T("+7d", "2026-04-01T10:00:00Z"),
    T("+168h", "2026-04-01T11:00:00Z"),
    T("2w", "2026-04-08T10:00:00Z"),
    T("-7d", "2026-03-18T11:00:00Z"),
    T("start", "2026-03-29T18:00:00Z"),
    T("doors", "2026-03-29T17:00:00Z"),
    T("14d before", "2026-03-15T19:00:00Z"),
    T("2h before", "2026-03-29T16:00:00Z"),
    T("30m before doors", "2026-03-29T16:30:00Z"),
    T("1h after start", "2026-03-29T19:00:00Z"),
    T("2026-03-29 02:30", "2026-03-29T01:30:00Z", .echo = true),
    T("2026-10-25 02:30", "2026-10-25T00:30:00Z", .echo = true),
    T("1970-01-01 01:00", "1970-01-01T00:00:00Z"),
    T("9999-12-31 23:00", "9999-12-31T22:00:00Z"),
    T("end", NULL),
    T("1h before end", NULL),
    T("1970-01-01 00:59", NULL),
    T("1969-12-31T23:59:59Z", NULL),
    T("9999-12-31T23:59:59-01:00", NULL),
    T("0000-01-01", NULL),
    T("2026-02-29", NULL),
    T("2026-13-01", NULL),
    T("2026-00-01", NULL),
    T("2026-06-00", NULL),
    T("2026-06-31", NULL),
    T("2026-6-13", NULL),
    T("26-06-13", NULL),
    T("2026-06-13 ", NULL),
    T("2026-06-13 20", NULL),
    T("2026-06-13 20:60", NULL),
    T("2026-06-13 25:00", NULL),
    T("2026-06-13 24:01", NULL),
    T("2026-06-13T20:00:60Z", NULL),
    T("2026-06-13T20:00:00.Z", NULL),
    T("2026-06-13T20:00:00+24:00", NULL),
    T("2026-06-13T20:00:00+0200", NULL),
    T("2026-06-13T20:00:00 Z", NULL),
    T("2026-06-13Z", NULL),
    T("2026-06-13T20:00:00ZZ", NULL),
    T("", NULL),
    T("NOW", NULL),
    T("+", NULL),
    T("+h", NULL),
    T("2", NULL),
    T("2y", NULL),
    T("2h30m", NULL),
    T("+2h before", NULL),
    T("2h beforehand", NULL),
    T("2h before now", NULL),
    T("+1000001d", NULL),
    T("+99999999999999999999s", NULL),
    T("-1000000w", NULL),
    T("-1000000d", NULL),
    T("-1000000h", NULL),
    T("next week", NULL),
    T("\xFF", NULL),
};

static void one(const struct when_case *c, struct when_ctx ctx)
{
	int64_t us = 42;
	bool echo = false;
	struct err e = {0};
	char out[WHEN_TEXT_MAX];
	int r;

	ctx.end_of_day = c->end_of_day;
	ctx.look_back = c->look_back;
	r = when_parse(c->text, &ctx, &us, &echo, "start", &e);
	if (!c->want) {
		ok(r == TIX_EBAD_VALUE && us == 42 && !strcmp(e.field, "start"), "refused: \"%s\"",
		    c->text);
		return;
	}
	is_int(r, 0, c->text);
	is_str(when_rfc3339(us, out, sizeof(out)), c->want, c->text);
	is_int(echo, c->echo, "echo");
}

/* Where clocks go forward and back in 2027; now is noon UTC of the given day. */
struct odd_case {
	const char *zone, *now, *text;
	const char *taken; /* local, with its offset */
	const char *other; /* NULL: it never happens, or just once where sure */
	bool end_of_day, sure;
};

#define O(z, n, t, ...)                                                                            \
	{                                                                                          \
		.zone = (z), .now = (n), .text = (t), .taken = __VA_ARGS__                         \
	}

static const struct odd_case odd_cases[] = {
    /* 02:00 to 03:00 is missing on 28 March, and comes twice on 31 October */
    O("Europe/Berlin", "2027-03-27", "2027-03-28 01:59:59", "2027-03-28T01:59:59+01:00",
	.sure = true),
    O("Europe/Berlin", "2027-03-27", "2027-03-28 02:00", "2027-03-28T03:00:00+02:00"),
    O("Europe/Berlin", "2027-03-27", "2027-03-28 02:30", "2027-03-28T03:30:00+02:00"),
    O("Europe/Berlin", "2027-03-27", "2027-03-28T02:59:59.5", "2027-03-28T03:59:59.500000+02:00"),
    O("Europe/Berlin", "2027-03-27", "2027-03-28 03:00", "2027-03-28T03:00:00+02:00", .sure = true),
    O("Europe/Berlin", "2027-10-30", "2027-10-31 01:59:59", "2027-10-31T01:59:59+02:00",
	.sure = true),
    O("Europe/Berlin", "2027-10-30", "2027-10-31 02:00", "2027-10-31T02:00:00+02:00",
	.other = "2027-10-31T02:00:00+01:00"),
    O("Europe/Berlin", "2027-10-30", "2027-10-31 02:59:59", "2027-10-31T02:59:59+02:00",
	.other = "2027-10-31T02:59:59+01:00"),
    O("Europe/Berlin", "2027-10-30", "2027-10-31 03:00", "2027-10-31T03:00:00+01:00", .sure = true),
    O("Europe/Berlin", "2027-10-30", "2027-10-31T02:30:00+01:00", "2027-10-31T02:30:00+01:00",
	.sure = true),
    O("Europe/Berlin", "2027-10-30", "2027-10-31", "2027-10-31T00:00:00+02:00", .sure = true),
    O("Europe/Berlin", "2027-10-30", "2027-10-31", "2027-11-01T00:00:00+01:00", .end_of_day = true,
	.sure = true),
    O("Europe/Berlin", "2027-10-30", "+1d", "2027-10-31T14:00:00+01:00", .sure = true),
    O("Europe/Berlin", "2027-10-30", "+24h", "2027-10-31T13:00:00+01:00", .sure = true),
    /* 02:00 to 03:00 on 14 March; 01:00 to 02:00 twice on 7 November */
    O("America/New_York", "2027-03-13", "2027-03-14 02:00", "2027-03-14T03:00:00-04:00"),
    O("America/New_York", "2027-03-13", "2027-03-14 02:59:59", "2027-03-14T03:59:59-04:00"),
    O("America/New_York", "2027-03-13", "2027-03-14 03:00", "2027-03-14T03:00:00-04:00",
	.sure = true),
    O("America/New_York", "2027-11-06", "2027-11-07 01:00", "2027-11-07T01:00:00-04:00",
	.other = "2027-11-07T01:00:00-05:00"),
    O("America/New_York", "2027-11-06", "2027-11-07 01:59:59", "2027-11-07T01:59:59-04:00",
	.other = "2027-11-07T01:59:59-05:00"),
    O("America/New_York", "2027-11-06", "2027-11-07 02:00", "2027-11-07T02:00:00-05:00",
	.sure = true),
    /* half an hour: 02:00 to 02:30 on 3 October; 01:30 to 02:00 twice on 4 April */
    O("Australia/Lord_Howe", "2027-10-02", "2027-10-03 01:59:59", "2027-10-03T01:59:59+10:30",
	.sure = true),
    O("Australia/Lord_Howe", "2027-10-02", "2027-10-03 02:00", "2027-10-03T02:30:00+11:00"),
    O("Australia/Lord_Howe", "2027-10-02", "2027-10-03 02:15", "2027-10-03T02:45:00+11:00"),
    O("Australia/Lord_Howe", "2027-10-02", "2027-10-03 02:29:59", "2027-10-03T02:59:59+11:00"),
    O("Australia/Lord_Howe", "2027-10-02", "2027-10-03 02:30", "2027-10-03T02:30:00+11:00",
	.sure = true),
    O("Australia/Lord_Howe", "2027-04-03", "2027-04-04 01:29:59", "2027-04-04T01:29:59+11:00",
	.sure = true),
    O("Australia/Lord_Howe", "2027-04-03", "2027-04-04 01:30", "2027-04-04T01:30:00+11:00",
	.other = "2027-04-04T01:30:00+10:30"),
    O("Australia/Lord_Howe", "2027-04-03", "2027-04-04 01:59:59", "2027-04-04T01:59:59+11:00",
	.other = "2027-04-04T01:59:59+10:30"),
    O("Australia/Lord_Howe", "2027-04-03", "2027-04-04 02:00", "2027-04-04T02:00:00+10:30",
	.sure = true),
};

static void odd_one(const struct odd_case *k)
{
	struct when_ctx utc = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	struct when_ctx ctx = utc;
	char now[32], out[WHEN_TEXT_MAX];
	int64_t us = 0, again = 0;
	bool echo = false;

	zone_get(k->zone, &ctx.zone, NULL);
	snprintf(now, sizeof(now), "%sT12:00:00Z", k->now);
	when_parse(now, &utc, &ctx.now, NULL, "x", NULL);
	ctx.end_of_day = k->end_of_day;
	is_int(when_parse(k->text, &ctx, &us, &echo, "x", NULL), 0, k->text);
	is_int(echo, !k->sure, "told or not");
	is_str(when_rfc3339_local(ctx.zone, us, out, sizeof(out)), k->taken, k->text);
	if (k->sure)
		return;
	is_int(zone_again(ctx.zone, us, &again), k->other != NULL, "it comes again or not");
	if (k->other)
		is_str(
		    when_rfc3339_local(ctx.zone, again, out, sizeof(out)), k->other, "the other");
}

int main(void)
{
	const struct zone *berlin = NULL, *howe = NULL;
	struct when_ctx ctx = {.end = WHEN_UNKNOWN};
	struct when_ctx utc = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t us = 0;
	char out[WHEN_TEXT_MAX];

	zone_get("Europe/Berlin", &berlin, NULL);
	zone_get("Australia/Lord_Howe", &howe, NULL);
	when_parse("2026-03-25T11:00:00Z", &utc, &ctx.now, NULL, "x", NULL);
	when_parse("2026-03-29T18:00:00Z", &utc, &ctx.start, NULL, "x", NULL);
	when_parse("2026-03-29T17:00:00Z", &utc, &ctx.doors, NULL, "x", NULL);
	ctx.zone = berlin;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		one(&cases[i], ctx);
	for (size_t i = 0; i < sizeof(odd_cases) / sizeof(odd_cases[0]); i++)
		odd_one(&odd_cases[i]);
	is_int(when_parse("9999-12-31", &utc, &us, NULL, "x", NULL), 0, "the last day");
	utc.end_of_day = true;
	is_int(when_parse("9999-12-31", &utc, &us, NULL, "x", NULL), TIX_EBAD_VALUE,
	    "but not its end");
	is_int(when_parse("14d before", &utc, &us, NULL, "x", NULL), TIX_EBAD_VALUE,
	    "no event, no start");
	is_str(when_show(berlin, INT64_C(1781373600000000), out, sizeof(out)),
	    "Sat 13 Jun 2026 20:00 CEST", "shown");
	is_str(when_show(howe, INT64_C(1781373600000000), out, sizeof(out)),
	    "Sun 14 Jun 2026 04:30 +1030", "shown elsewhere");
	is_str(when_show(NULL, 0, out, sizeof(out)), "Thu 1 Jan 1970 00:00 UTC", "shown in UTC");
	is_str(when_rfc3339(1, out, sizeof(out)), "1970-01-01T00:00:00.000001Z", "microseconds");
	is_str(when_rfc3339(-1, out, sizeof(out)), "1969-12-31T23:59:59.999999Z", "before 1970");
	return done_testing();
}
