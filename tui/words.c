/* SPDX-License-Identifier: MIT */
/* Numbers and times as people read them on a screen. */
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/when.h"
#include "base/zone.h"

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

const char *get_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

int64_t get_int(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

int64_t get_time(const json_t *o, const char *key)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	const char *s = get_text(o, key);
	int64_t us;

	return *s && when_parse(s, &ctx, &us, NULL, NULL, NULL) == 0 ? us : NO_TIME;
}

/* Commas into the digits before the point. */
static const char *group(const char *plain, char out[WORDS_MAX])
{
	size_t sign = *plain == '-', whole = strcspn(plain, ".") - sign, n = 0;

	for (size_t i = 0; plain[i] && n < WORDS_MAX - 2; i++) {
		size_t done = i - sign;

		if (i > sign && done < whole && (whole - done) % 3 == 0)
			out[n++] = ',';
		out[n++] = plain[i];
	}
	out[n] = '\0';
	return out;
}

const char *words_amount(int64_t amount, const char *currency, bool whole, char out[WORDS_MAX])
{
	struct money m = {.amount = amount};
	char text[MONEY_TEXT_MAX];

	snprintf(m.currency, sizeof(m.currency), "%s", currency);
	if (currency_exponent(m.currency) < 0) {
		snprintf(out, WORDS_MAX, "-");
		return out;
	}
	money_format(m, text, sizeof(text));
	if (whole)
		text[strcspn(text, ".")] = '\0';
	return group(text, out);
}

const char *words_money(const json_t *money, bool whole, char out[WORDS_MAX])
{
	return words_amount(get_int(money, "amount"), get_text(money, "currency"), whole, out);
}

const char *words_count(int64_t n, char out[WORDS_MAX])
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	return group(text, out);
}

const char *words_permille(int64_t permille, char out[WORDS_MAX])
{
	int64_t percent = (permille + (permille < 0 ? -5 : 5)) / 10;

	snprintf(out, WORDS_MAX, "%+lld%%", (long long)percent);
	return out;
}

static const char *none(char out[WORDS_MAX])
{
	out[0] = '-';
	out[1] = '\0';
	return out;
}

static const char *weekday(const struct civil *c)
{
	return days[civil_weekday(civil_days(c->y, c->m, c->d))];
}

const char *words_clock(const struct zone *z, int64_t us, char out[WORDS_MAX])
{
	struct civil c;

	zone_local(z, us, &c);
	snprintf(out, WORDS_MAX, "%s %02d %s %d %02d:%02d:%02d %s", weekday(&c), c.d, months[c.m - 1],
	    c.y, c.h, c.mi, c.s, c.abbr);
	return out;
}

const char *words_day(const struct zone *z, int64_t us, char out[WORDS_MAX])
{
	struct civil c;

	if (us == NO_TIME)
		return none(out);
	zone_local(z, us, &c);
	snprintf(out, WORDS_MAX, "%s %02d %s %02d:%02d", weekday(&c), c.d, months[c.m - 1], c.h, c.mi);
	return out;
}

const char *words_second(const struct zone *z, int64_t us, char out[WORDS_MAX])
{
	struct civil c;

	if (us == NO_TIME)
		return none(out);
	zone_local(z, us, &c);
	snprintf(out, WORDS_MAX, "%02d:%02d:%02d", c.h, c.mi, c.s);
	return out;
}

const char *words_minute(const struct zone *z, int64_t us, char out[WORDS_MAX])
{
	struct civil c;

	zone_local(z, us, &c);
	snprintf(out, WORDS_MAX, "%02d:%02d", c.h, c.mi);
	return out;
}

const char *words_date(const struct zone *z, int64_t us, char out[WORDS_MAX])
{
	struct civil c;

	zone_local(z, us, &c);
	snprintf(out, WORDS_MAX, "%d %s", c.d, months[c.m - 1]);
	return out;
}

const char *words_distance(int64_t us, char out[WORDS_MAX])
{
	int64_t min = (us < 0 ? -us : us) / (60 * USEC_PER_SEC), h = min / 60, d = h / 24;
	const char *in = us < 0 ? "" : "in ", *ago = us < 0 ? " ago" : "";

	if (d > 0)
		snprintf(out, WORDS_MAX, "%s%lld d %lld h%s", in, (long long)d, (long long)h % 24, ago);
	else if (h > 0)
		snprintf(out, WORDS_MAX, "%s%lld h %lld min%s", in, (long long)h, (long long)min % 60, ago);
	else
		snprintf(out, WORDS_MAX, "%s%lld min%s", in, (long long)min, ago);
	return out;
}

const char *words_status(const char *status)
{
	return strcmp(status, "published") == 0 ? "on sale" : status;
}

const struct zone *zone_of(const json_t *o, const struct zone *otherwise)
{
	const struct zone *z;

	return zone_get(get_text(o, "zone"), &z, NULL) == 0 ? z : otherwise;
}
