/* SPDX-License-Identifier: MIT */
/* Zones against the C library at many instants, both ways, and the known odd hours. */
#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "base/tzfile.h"
#include "base/zone.h"

#define SEC INT64_C(1000000)

static const char *const names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
    "Asia/Kolkata", "Asia/Tokyo", "America/Sao_Paulo", "Africa/Casablanca", "Africa/Cairo",
    "America/Nuuk", "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham", "Asia/Kathmandu",
    "America/St_Johns", "Asia/Tehran", "Asia/Gaza", "Antarctica/Troll", "Pacific/Kiritimati",
    "America/Caracas", "Europe/Lisbon", "Asia/Manila", "America/Metlakatla", "Africa/Monrovia",
    "Europe/Istanbul", "America/Santiago", "Etc/GMT+12", "CET", "EST5EDT"};

static bool same_local(const struct zone *z, time_t t, struct civil *c)
{
	struct tm tm;

	zone_local(z, t * SEC + 7, c);
	if (!localtime_r(&t, &tm))
		return false;
	return c->y == tm.tm_year + 1900 && c->m == tm.tm_mon + 1 && c->d == tm.tm_mday &&
	       c->h == tm.tm_hour && c->mi == tm.tm_min && c->s == tm.tm_sec && c->us == 7 &&
	       c->offset == tm.tm_gmtoff && !strcmp(c->abbr, tm.tm_zone);
}

/* Our answer must be the earliest instant that has this local time. */
static bool earliest(const struct zone *z, const struct civil *c, int64_t us)
{
	int64_t back = 0;
	bool odd = false;
	struct civil d;

	zone_utc(z, c, &back, &odd);
	if (back == us)
		return true;
	zone_local(z, back, &d);
	return back < us && odd && d.h == c->h && d.mi == c->mi && d.s == c->s && d.d == c->d;
}

static void against_libc(const char *name)
{
	const struct zone *z = NULL;
	long wrong_local = 0, wrong_back = 0, n = 0;

	if (!ok(zone_get(name, &z, NULL) == 0, "zone %s", name))
		return;
	setenv("TZ", name, 1);
	tzset();
	/* A prime step walks over all hours; 1900 to 2120. */
	for (time_t t = -2208988800; t < 4733510400; t += 172801, n++) {
		struct civil c;

		wrong_local += !same_local(z, t, &c);
		wrong_back += !earliest(z, &c, t * SEC + 7);
	}
	/* Every quarter of an hour of two years: past each change and beyond the tables. */
	for (int k = 0; k < 2; k++) {
		time_t from = k ? 2524608000 : 1767225600;

		for (time_t t = from; t < from + 366 * 86400; t += 900, n++) {
			struct civil c;

			wrong_local += !same_local(z, t, &c);
			wrong_back += !earliest(z, &c, t * SEC + 7);
		}
	}
	ok(wrong_local == 0, "%s: %ld instants as in the C library", name, n);
	ok(wrong_back == 0, "%s: and back", name);
}

static int64_t instant(int y, int m, int d, int h, int mi)
{
	struct civil c = {.y = y, .m = m, .d = d, .h = h, .mi = mi};

	return civil_seconds(&c);
}

static void odd_hours(void)
{
	static const struct {
		const char *zone;
		int y, m, d, h, mi;
		int utc_d, utc_h, utc_mi; /* the expected instant, same year and month */
		bool odd;
	} rows[] = {
	    {"Europe/Berlin", 2026, 3, 29, 1, 59, 29, 0, 59, false},
	    {"Europe/Berlin", 2026, 3, 29, 2, 0, 29, 1, 0, true},
	    {"Europe/Berlin", 2026, 3, 29, 2, 30, 29, 1, 30, true},
	    {"Europe/Berlin", 2026, 3, 29, 3, 0, 29, 1, 0, false},
	    {"Europe/Berlin", 2026, 10, 25, 1, 59, 24, 23, 59, false},
	    {"Europe/Berlin", 2026, 10, 25, 2, 0, 25, 0, 0, true},
	    {"Europe/Berlin", 2026, 10, 25, 2, 59, 25, 0, 59, true},
	    {"Europe/Berlin", 2026, 10, 25, 3, 0, 25, 2, 0, false},
	    {"Europe/Berlin", 2090, 3, 26, 2, 30, 26, 1, 30, true},
	    {"Europe/Berlin", 2090, 10, 29, 2, 30, 29, 0, 30, true},
	    {"Europe/Berlin", 2026, 6, 13, 20, 0, 13, 18, 0, false},
	    {"Europe/Berlin", 2026, 6, 13, 24, 0, 13, 22, 0, false},
	    {"America/New_York", 2026, 3, 8, 2, 30, 8, 7, 30, true},
	    {"America/New_York", 2026, 3, 8, 1, 59, 8, 6, 59, false},
	    {"America/New_York", 2026, 11, 1, 1, 30, 1, 5, 30, true},
	    {"America/New_York", 2026, 11, 1, 2, 0, 1, 7, 0, false},
	    {"Australia/Lord_Howe", 2026, 10, 4, 2, 15, 3, 15, 45, true},
	    {"Australia/Lord_Howe", 2026, 10, 4, 2, 30, 3, 15, 30, false},
	    {"Australia/Lord_Howe", 2026, 4, 5, 1, 45, 4, 14, 45, true},
	    {"Australia/Lord_Howe", 2026, 4, 5, 2, 0, 4, 15, 30, false},
	    {"Pacific/Apia", 2011, 12, 30, 12, 0, 30, 22, 0, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct civil c = {.y = rows[i].y,
		    .m = rows[i].m,
		    .d = rows[i].d,
		    .h = rows[i].h,
		    .mi = rows[i].mi};
		const struct zone *z = NULL;
		int64_t us = 0, want;
		bool odd = false;

		zone_get(rows[i].zone, &z, NULL);
		zone_utc(z, &c, &us, &odd);
		want = instant(c.y, c.m, rows[i].utc_d, rows[i].utc_h, rows[i].utc_mi);
		ok(us == want * SEC && odd == rows[i].odd, "%s %04d-%02d-%02d %02d:%02d",
		    rows[i].zone, c.y, c.m, c.d, c.h, c.mi);
		if (us != want * SEC)
			diag("off by %" PRId64 " s", us / SEC - want);
	}
}

static void names_refused(void)
{
	static const char *const bad[] = {"", "/", "/etc/passwd", "../zoneinfo/UTC",
	    "Europe/../UTC", "Europe//Berlin", "Europe/", "Europe", "right/UTC", "posix/UTC",
	    "zone.tab", "tzdata.zi", "localtime", "Mars/Base", "Europe/Berlin ", "europe\nberlin",
	    "\xFF", "+VERSION",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct zone *z = NULL;

		ok(zone_get(bad[i], &z, NULL) == TIX_EBAD_VALUE && !z, "refused: case %zu", i);
	}
}

static void *get_all(void *arg)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct zone *z = NULL, *again = NULL;

		if (zone_get(names[i], &z, NULL) < 0 || zone_get(names[i], &again, NULL) < 0 ||
		    z != again)
			return arg;
	}
	return NULL;
}

static void threads(void)
{
	pthread_t t[4];
	void *bad = NULL;
	int mark;

	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, get_all, &mark);
	for (int i = 0; i < 4; i++) {
		void *r;

		pthread_join(t[i], &r);
		bad = bad ? bad : r;
	}
	ok(!bad, "four threads fill the cache");
}

/* Cut and broken files are refused, never read beyond their end. */
static void broken_files(void)
{
	FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
	uint8_t data[8192];
	struct tz_data tz;
	size_t len;
	bool cut_ok = true;
	uint32_t x = 5;

	if (!ok(f != NULL, "a zone file"))
		return;
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy =
		    malloc(n ? n : 1); /* exact size: a sanitizer sees each step too far */

		memcpy(copy, data, n);
		cut_ok = cut_ok && tz_parse(copy, n, &tz) < 0;
		free(copy);
	}
	ok(cut_ok, "each shorter file is refused");
	for (int i = 0; i < 20000; i++) {
		uint8_t *copy = malloc(len);

		memcpy(copy, data, len);
		for (int k = 0; k < 3; k++) {
			x = x * 1664525U + 1013904223U;
			copy[(x >> 8) % (i % 2 ? 100 : len)] = (uint8_t)(x >> 24);
		}
		if (tz_parse(copy, len, &tz) == 0) {
			tz_type_at(&tz, 1781373600);
			tz_type_at(&tz, 4000000000);
			tz_done(&tz);
		}
		free(copy);
	}
	ok(true, "20000 damaged files do no harm");
}

static void rules(void)
{
	static const char *const good[] = {"", "UTC0", "<+03>-3", "CET-1CEST,M3.5.0,M10.5.0/3",
	    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EST5EDT,0/0,J365/25", "IST-1GMT0,M10.5.0,M3.5.0/1",
	    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"};
	static const char *const bad[] = {"U0", "UTC", "CET-1CEST", "CET-1CEST,M3.5.0",
	    "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
	    "CET-1CEST,J0,J365", "<+03-3", "UTC0x", "CET-99", "CET-1CEST,M3.5.0/200,M10.5.0",
	    "CET-1CEST,366,J1"};
	struct tz_rule r;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		is_int(tz_rule_parse(good[i], &r), 0, good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(tz_rule_parse(bad[i], &r), -1, bad[i]);
}

/* J60 is the first of March in every year, J59 the day before it or two; 59 counts the leap day. */
static void rule_days(void)
{
	static const struct {
		const char *text;
		int year, m, d;
	} rows[] = {
	    {"AAA0BBB,J60/0,J365", 2028, 3, 1},
	    {"AAA0BBB,J60/0,J365", 2027, 3, 1},
	    {"AAA0BBB,J59/0,J365", 2028, 2, 28},
	    {"AAA0BBB,59/0,J365", 2028, 2, 29},
	    {"AAA0BBB,59/0,J365", 2027, 3, 1},
	    {"AAA0BBB,M2.5.2/0,J365", 2028, 2, 29},
	    {"AAA0BBB,M2.5.2/0,J365", 2100, 2, 23},
	    {"AAA0BBB,M6.1.0/0,J365", 2025, 6, 1},
	};
	struct tz_rule r;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t on = 0, off = 0;

		tz_rule_parse(rows[i].text, &r);
		tz_rule_year(&r, rows[i].year, &on, &off);
		is_int(on, civil_days(rows[i].year, rows[i].m, rows[i].d) * 86400, rows[i].text);
	}
}

int main(void)
{
	struct civil c;
	int64_t us = 0;

	threads();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		against_libc(names[i]);
	odd_hours();
	names_refused();
	broken_files();
	rules();
	rule_days();
	zone_local(zone_utc0(), -1, &c);
	ok(c.y == 1969 && c.s == 59 && c.us == 999999, "before 1970");
	zone_utc(zone_utc0(), &c, &us, NULL);
	is_int(us, -1, "and back");
	is_str(zone_name(zone_utc0()), "UTC", "name");
	return done_testing();
}
