/* SPDX-License-Identifier: MIT */
/* Sums in minor units are said in the currency that their record names; without one they are not
 * said at all: minor units of what? */
#include "rpc/said.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"

void said_money(struct buf *b, const json_t *money, bool currency)
{
	struct money m = {.amount = json_integer_value(json_object_get(money, "amount"))};
	const char *code = json_string_value(json_object_get(money, "currency"));
	char text[MONEY_TEXT_MAX];

	if (!code)
		return;
	snprintf(m.currency, sizeof(m.currency), "%s", code);
	if (currency_exponent(m.currency) < 0)
		buf_i64(b, m.amount);
	else
		buf_puts(b, money_format(m, text, sizeof(text)));
	if (currency)
		buf_printf(b, " %s", code);
}

/* How long the time is that a text begins with, "2026-06-13T18:00:00Z"; 0 for none. */
static size_t time_length(const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	size_t i = 0;

	for (; form[i]; i++) {
		if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return 0;
	}
	if (s[i] == '.')
		i += 1 + strspn(s + i + 1, "0123456789");
	return s[i] == 'Z' ? i + 1 : 0;
}

static void put_time(struct buf *b, const char *text, const struct zone *zone)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	char shown[WHEN_TEXT_MAX];
	int64_t at;

	if (!zone || when_parse(text, &ctx, &at, NULL, NULL, NULL) < 0)
		buf_puts(b, text);
	else
		buf_puts(b, when_show(zone, at, shown, sizeof(shown)));
}

void said_text(struct buf *b, const char *text, const struct zone *zone)
{
	while (*text) {
		size_t len = time_length(text);
		char at[40];

		if (len == 0 || len >= sizeof(at)) {
			buf_putc(b, *text++);
			continue;
		}
		memcpy(at, text, len);
		at[len] = 0;
		put_time(b, at, zone);
		text += len;
	}
}

/* What is plain from the topic is said without its name. */
static bool is_plain_sum(const char *key)
{
	return strcmp(key, "total") == 0 || strcmp(key, "price") == 0 || strcmp(key, "amount") == 0;
}

static bool is_sum(const char *key)
{
	return is_plain_sum(key) || strcmp(key, "fee") == 0 || strcmp(key, "credited") == 0 ||
	       strcmp(key, "difference") == 0;
}

/* A sum in minor units, in the currency that the record names. */
static bool put_sum(struct buf *b, const json_t *data, const char *key, const json_t *v)
{
	const char *currency = json_string_value(json_object_get(data, "currency"));
	struct money m = {.amount = json_integer_value(v)};
	char text[MONEY_TEXT_MAX];

	if (!currency || !is_sum(key))
		return false;
	snprintf(m.currency, sizeof(m.currency), "%s", currency);
	if (currency_exponent(m.currency) < 0)
		return false;
	buf_printf(b, "%s%s%s %s", is_plain_sum(key) ? "" : key, is_plain_sum(key) ? "" : " ",
	    money_format(m, text, sizeof(text)), m.currency);
	return true;
}

/* A member of a record's data; nothing for what says nothing to a person. */
static void put_member(
    struct buf *b, const json_t *data, const char *key, const json_t *v, const struct zone *zone)
{
	if (strcmp(key, "currency") == 0 || (strcmp(key, "channel") == 0 && json_is_string(v) &&
						strcmp(json_string_value(v), "box-office") == 0))
		return;
	if (strcmp(key, "price") == 0 && !json_object_get(data, "currency"))
		return; /* minor units of what? */
	if (strcmp(key, "fee") == 0 && json_is_integer(v) && json_integer_value(v) == 0)
		return;
	if (json_is_string(v)) {
		said_text(b, json_string_value(v), zone);
	} else if (json_is_integer(v) && strcmp(key, "tickets") == 0) {
		buf_printf(b, "%" JSON_INTEGER_FORMAT " ticket%s", json_integer_value(v),
		    json_integer_value(v) == 1 ? " " : "s");
	} else if (json_is_integer(v)) {
		AUTO(buf) struct buf sum = {0};

		buf_init(&sum, 0);
		/* sums of one sale stand below those of another */
		if (put_sum(&sum, data, key, v))
			buf_printf(b, "%*s", strcmp(key, "total") == 0 ? 10 : 0, buf_str(&sum));
		else
			buf_printf(b, "%s %" JSON_INTEGER_FORMAT, key, json_integer_value(v));
	} else if (json_is_true(v)) {
		buf_puts(b, key);
	} else if (json_object_get(v, "amount") && json_object_get(v, "currency")) {
		said_money(b, v, true);
	}
}

void said_data(struct buf *b, const json_t *data, const struct zone *zone)
{
	size_t first = b->len;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)data, key, v)
	{
		AUTO(buf) struct buf text = {0};

		buf_init(&text, 0);
		put_member(&text, data, key, v, zone);
		if (text.len == 0)
			continue;
		if (b->len > first)
			buf_puts(b, "  ");
		buf_puts(b, buf_str(&text));
	}
}

void said_value(struct buf *b, const json_t *data, const char *key, const struct zone *zone)
{
	const json_t *v = json_object_get(data, key);

	if (json_is_string(v)) {
		said_text(b, json_string_value(v), zone);
	} else if (json_is_integer(v)) {
		if (!put_sum(b, data, key, v))
			buf_i64(b, json_integer_value(v));
	} else if (json_is_boolean(v)) {
		buf_puts(b, json_is_true(v) ? "yes" : "no");
	} else if (json_object_get(v, "amount") && json_object_get(v, "currency")) {
		said_money(b, v, true);
	} else if (json_is_object(v) || json_is_array(v)) {
		char *text = json_dumps(v, JSON_COMPACT);

		buf_puts(b, text ? text : "");
		free(text);
	}
}
