/* SPDX-License-Identifier: MIT */
/* The time grammar, read from left to right. It never asks a clock: now is given. */
#include "base/when.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/zone.h"

#define COUNT_MAX 1000000 /* of any unit; far beyond the calendar's range in days */

static const struct zone *zone_of(const struct when_ctx *ctx)
{
	return ctx->zone ? ctx->zone : zone_utc0();
}

/* Exactly n digits. */
static bool digits(const char **p, int n, int *ret)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		char c = (*p)[i];

		if (c < '0' || c > '9')
			return false;
		v = v * 10 + (c - '0');
	}
	*p += n;
	*ret = v;
	return true;
}

static bool accept(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool scan_date(const char **p, struct civil *c)
{
	return digits(p, 4, &c->y) && accept(p, '-') && digits(p, 2, &c->m) && accept(p, '-') &&
	       digits(p, 2, &c->d) && c->m >= 1 && c->m <= 12 && c->d >= 1 &&
	       c->d <= civil_month_length(c->y, c->m);
}

/* Digits after the point; beyond microseconds they are dropped. */
static bool scan_fraction(const char **p, int *ret_us)
{
	int scale = 100000, n = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++, n++) {
		*ret_us += (**p - '0') * scale;
		scale /= 10;
	}
	return n > 0 && n <= 9;
}

static bool scan_clock(const char **p, struct civil *c)
{
	if (!digits(p, 2, &c->h) || !accept(p, ':') || !digits(p, 2, &c->mi))
		return false;
	if (accept(p, ':')) {
		if (!digits(p, 2, &c->s))
			return false;
		if (accept(p, '.') && !scan_fraction(p, &c->us))
			return false;
	}
	if (c->h == 24)
		return c->mi == 0 && c->s == 0 && c->us == 0;
	return c->h < 24 && c->mi < 60 && c->s < 60;
}

/* Z or +hh:mm; false when there is something else. *ret_any says whether there was an offset. */
static bool scan_offset(const char **p, bool *ret_any, int *ret_seconds)
{
	int h = 0, m = 0, sign;

	*ret_any = **p != '\0';
	if (!**p)
		return true;
	if (accept(p, 'Z') || accept(p, 'z'))
		return true;
	if (**p != '+' && **p != '-')
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!digits(p, 2, &h) || !accept(p, ':') || !digits(p, 2, &m) || h > 23 || m > 59)
		return false;
	*ret_seconds = sign * (h * 3600 + m * 60);
	return true;
}

/* A date with or without a time. */
static bool absolute(const char *p, const struct when_ctx *ctx, int64_t *ret, bool *echo)
{
	struct civil c = {0};
	bool any = false;
	int offset = 0;

	if (!scan_date(&p, &c))
		return false;
	if (!*p) {
		c.d += ctx->end_of_day;
		zone_utc(zone_of(ctx), &c, ret, echo);
		return true;
	}
	if (!accept(&p, 'T') && !accept(&p, 't') && !accept(&p, ' '))
		return false;
	if (!scan_clock(&p, &c) || !scan_offset(&p, &any, &offset) || *p)
		return false;
	if (any)
		*ret = (civil_seconds(&c) - offset) * USEC_PER_SEC + c.us;
	else
		zone_utc(zone_of(ctx), &c, ret, echo);
	return true;
}

/* Local midnight some days from now's day. */
static void day_from_now(const struct when_ctx *ctx, int days, int64_t *ret, bool *echo)
{
	struct civil c;

	zone_local(zone_of(ctx), ctx->now, &c);
	c.d += days + ctx->end_of_day;
	c.h = c.mi = c.s = c.us = 0;
	zone_utc(zone_of(ctx), &c, ret, echo);
}

/* Move base by n units: days and weeks keep the local time, the others are elapsed time. */
static bool move(
    const struct when_ctx *ctx, int64_t base, int n, char unit, int64_t *ret, bool *echo)
{
	struct civil c;
	int64_t seconds = n;

	switch (unit) {
	case 'd':
	case 'w':
		zone_local(zone_of(ctx), base, &c);
		c.d += unit == 'w' ? n * 7 : n;
		zone_utc(zone_of(ctx), &c, ret, echo);
		return true;
	case 'h':
		seconds *= 3600;
		break;
	case 'm':
		seconds *= 60;
		break;
	case 's':
		break;
	default:
		return false;
	}
	*ret = base + seconds * USEC_PER_SEC;
	return true;
}

static bool anchor(const char *name, const struct when_ctx *ctx, int64_t *ret)
{
	if (!strcmp(name, "start"))
		*ret = ctx->start;
	else if (!strcmp(name, "doors"))
		*ret = ctx->doors;
	else if (!strcmp(name, "end"))
		*ret = ctx->end;
	else
		return false;
	return true;
}

/* "before", "after", each with an optional anchor; the sign and the base that follow from it. */
static bool scan_anchor(const char *p, const struct when_ctx *ctx, int *sign, int64_t *base)
{
	if (!strncmp(p, "before", 6)) {
		*sign = -1;
		p += 6;
	} else if (!strncmp(p, "after", 5)) {
		*sign = 1;
		p += 5;
	} else {
		return false;
	}
	if (!*p) {
		*base = ctx->start;
		return true;
	}
	return accept(&p, ' ') && anchor(p, ctx, base);
}

static bool relative(const char *p, const struct when_ctx *ctx, int64_t *ret, bool *echo)
{
	int sign = ctx->look_back ? -1 : 1;
	bool has_sign = *p == '+' || *p == '-';
	int64_t base = ctx->now;
	int n = 0, count = 0;
	char unit;

	if (has_sign)
		sign = *p++ == '-' ? -1 : 1;
	for (; *p >= '0' && *p <= '9' && n <= COUNT_MAX; p++, count++)
		n = n * 10 + (*p - '0');
	if (count == 0 || n > COUNT_MAX || !*p)
		return false;
	unit = *p++;
	if (*p && (has_sign || !accept(&p, ' ') || !scan_anchor(p, ctx, &sign, &base)))
		return false;
	if (base == WHEN_UNKNOWN) {
		*ret = WHEN_UNKNOWN;
		return strchr("smhdw", unit) != NULL;
	}
	return move(ctx, base, sign * n, unit, ret, echo);
}

static bool word(const char *text, const struct when_ctx *ctx, int64_t *ret, bool *echo)
{
	static const char *const days[] = {"yesterday", "today", "tomorrow"};

	if (!strcmp(text, "now")) {
		*ret = ctx->now;
		return true;
	}
	for (int i = 0; i < 3; i++) {
		if (!strcmp(text, days[i])) {
			day_from_now(ctx, i - 1, ret, echo);
			return true;
		}
	}
	return anchor(text, ctx, ret);
}

int when_parse(const char *text, const struct when_ctx *ctx, int64_t *ret_us, bool *ret_echo,
    const char *field, struct err *e)
{
	int64_t us = 0;
	bool echo = false;

	if (!word(text, ctx, &us, &echo) && !absolute(text, ctx, &us, &echo) &&
	    !relative(text, ctx, &us, &echo)) {
		err_set(e, TIX_EBAD_VALUE, field, "\"%.60s\": no time", text);
		err_hint(e, "2026-06-13, \"2026-06-13 20:00\", RFC 3339, now, today, +2h, -7d, "
			    "\"14d before\"");
		return TIX_EBAD_VALUE;
	}
	if (us == WHEN_UNKNOWN && ctx->start != WHEN_UNKNOWN)
		return err_set(e, TIX_EBAD_VALUE, field, "\"%.60s\": the event does not say when %s",
		    text, strstr(text, "doors") ? "its doors open" : "it ends");
	if (us == WHEN_UNKNOWN)
		return err_set(e, TIX_EBAD_VALUE, field,
		    "\"%.60s\": no event here that has this time", text);
	if (us < 0 || us > WHEN_MAX)
		return err_set(
		    e, TIX_EBAD_VALUE, field, "\"%.60s\": not within the years 1970 to 9999", text);
	*ret_us = us;
	if (ret_echo)
		*ret_echo = echo;
	return 0;
}

bool when_follows_event(const char *text)
{
	struct when_ctx ctx = {0};
	int64_t at;

	return anchor(text, &ctx, &at) || strstr(text, " before") || strstr(text, " after");
}

/* v as n digits. */
static char *put_digits(char *out, int v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		out[i] = (char)('0' + v % 10);
	return out + n;
}

const char *when_rfc3339_local(const struct zone *zone, int64_t us, char *out, size_t size)
{
	struct civil c;
	char part[16] = "";
	int minutes;

	zone_local(zone ? zone : zone_utc0(), us, &c);
	minutes = (c.offset < 0 ? -c.offset : c.offset) / 60;
	if (c.us)
		snprintf(part, sizeof(part), ".%06d", c.us);
	snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", c.y, c.m, c.d, c.h, c.mi,
	    c.s, part, c.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return out;
}

/* Without printf: every reply has some of these. */
const char *when_rfc3339(int64_t us, char *out, size_t size)
{
	char tmp[WHEN_TEXT_MAX] = "0000-00-00T00:00:00";
	char *p = tmp + 19;
	struct civil c;

	zone_local(zone_utc0(), us, &c);
	put_digits(tmp, c.y, 4);
	put_digits(tmp + 5, c.m, 2);
	put_digits(tmp + 8, c.d, 2);
	put_digits(tmp + 11, c.h, 2);
	put_digits(tmp + 14, c.mi, 2);
	put_digits(tmp + 17, c.s, 2);
	if (c.us) {
		*p++ = '.';
		p = put_digits(p, c.us, 6);
	}
	*p++ = 'Z';
	*p++ = '\0';
	if ((size_t)(p - tmp) <= size)
		memcpy(out, tmp, (size_t)(p - tmp));
	else if (size > 0)
		out[0] = '\0';
	return out;
}

const char *when_show(const struct zone *zone, int64_t us, char *out, size_t size)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c;

	zone_local(zone ? zone : zone_utc0(), us, &c);
	snprintf(out, size, "%s %d %s %d %02d:%02d %s",
	    days[civil_weekday(civil_days(c.y, c.m, c.d))], c.d, months[c.m - 1], c.y, c.h, c.mi,
	    c.abbr);
	return out;
}
