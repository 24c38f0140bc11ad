/* SPDX-License-Identifier: MIT */
/* Single values of a field: text of each kind, numbers, words, money. Light checks of form only;
 * whether a thing of that name exists is core's to say. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "rpc/codec_impl.h"

#define TEXTS_MAX 1000
#define MONEY_IN_MAX 40

static const char slug_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char zone_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
static const char base64_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
static const char method_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
/* A comma is refused where its currency is known, so that the hint can be an amount. */
static const char money_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789., ";

bool field_is_text(const struct shape_field *f)
{
	return f->type <= FT_when;
}

static bool only_chars(const char *s, const char *chars)
{
	return s[strspn(s, chars)] == '\0';
}

static bool printable_ascii(const char *s)
{
	for (; *s; s++) {
		if (*s < 0x20 || *s > 0x7E)
			return false;
	}
	return true;
}

/* Puts the path into an error that base made without one. */
static int refuse_as(struct decoder *d, const struct path *p, const struct err *cause)
{
	refuse(d, p, "%s", cause->message);
	if (cause->hint[0])
		err_hint(d->err, "%s", cause->hint);
	return TIX_EBAD_VALUE;
}

static int check_slug(struct decoder *d, const struct path *p, const char *s)
{
	struct buf b;

	if (only_chars(s, slug_chars))
		return 0;
	refuse(d, p, "only a-z, 0-9 and - are allowed");
	buf_init(&b, 0);
	if (text_slug(&b, s) == 0 && !b.failed)
		err_hint(d->err, "did you mean %s?", buf_str(&b));
	buf_done(&b);
	return TIX_EBAD_VALUE;
}

int check_kind(struct decoder *d, const struct path *p, const struct shape_field *f, const char *s)
{
	struct err cause = {0};

	switch (f->type) {
	case FT_slug:
	case FT_event:
	case FT_venue:
	case FT_organizer:
	case FT_category:
	case FT_quota:
		return check_slug(d, p, s);
	case FT_email:
		return text_email_check(s, NULL, &cause) < 0 ? refuse_as(d, p, &cause) : 0;
	case FT_zone:
		if (only_chars(s, zone_chars) && s[0] != '/')
			return 0;
		refuse(d, p, "not the name of a time zone");
		err_hint(d->err, "Europe/Berlin, America/New_York, UTC");
		return TIX_EBAD_VALUE;
	case FT_cursor:
		return only_chars(s, base64_chars) ? 0 : refuse(d, p, "not a cursor of this list");
	case FT_method:
		return only_chars(s, method_chars) ? 0 : refuse(d, p, "not the name of a method");
	case FT_key:
	case FT_code:
		return printable_ascii(s)
			   ? 0
			   : refuse(d, p, "only printable ASCII characters are allowed");
	default:
		return 0;
	}
}

int check_text(struct decoder *d, const struct path *p, const struct shape_field *f, const char *s,
    size_t len, const char **ret_s)
{
	const char *nfc;
	struct err cause = {0};
	int r;

	/* The bound on the raw text only guards the work below; the one that counts is on the NFC
	 * form. */
	if (len > 8 * (size_t)f->max + 64)
		return refuse(d, p, "longer than %" PRId64 " characters", f->max);
	if (text_check(s, len, 0, INT32_MAX, f->type == FT_mtext, NULL, &cause) < 0)
		return refuse_as(d, p, &cause);
	nfc = text_nfc(d->arena, s);
	if (!nfc)
		return refuse_memory(d);
	if (text_check(nfc, nfc == s ? len : strlen(nfc), (int)f->min, (int)f->max,
		f->type == FT_mtext, NULL, &cause) < 0)
		return refuse_as(d, p, &cause);
	r = check_kind(d, p, f, nfc);
	if (r < 0)
		return r;
	*ret_s = nfc;
	return 0;
}

static int decode_doc(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, const char **dst)
{
	struct buf b;
	const char *s;

	if (!json_is_object(v))
		return refuse(d, p, "must be a JSON object");
	buf_init(&b, (size_t)f->max);
	if (doc_write(&b, v, RPC_DOC_DEPTH) < 0) {
		buf_done(&b);
		return refuse(d, p, "nested deeper than %d", RPC_DOC_DEPTH);
	}
	if (b.failed) {
		buf_done(&b);
		return refuse(d, p, "longer than %" PRId64 " bytes", f->max);
	}
	s = arena_strndup(d->arena, buf_str(&b), b.len);
	buf_done(&b);
	if (!s)
		return refuse_memory(d);
	*dst = s;
	return 0;
}

int decode_text(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, const char **dst)
{
	const char *s;
	size_t len;
	int r;

	if (!json_is_string(v))
		return refuse(d, p, "must be text");
	s = json_string_value(v);
	len = json_string_length(v);
	if (strlen(s) != len)
		return refuse(d, p, "holds a NUL character");
	r = check_text(d, p, f, s, len, &s);
	if (r < 0)
		return r;
	if (s == json_string_value(v)) /* the JSON tree dies before the struct */
		s = arena_strndup(d->arena, s, len);
	if (!s)
		return refuse_memory(d);
	*dst = s;
	return 0;
}

static int decode_i64(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, int64_t *dst)
{
	json_int_t n = json_integer_value(v);
	bool bounded = f->min || f->max;

	if (!json_is_integer(v))
		return refuse(d, p, "must be an integer");
	if (bounded && n < f->min)
		return refuse(d, p, "at least %" PRId64, f->min);
	if (bounded && n > f->max)
		return refuse(d, p, "at most %" PRId64, f->max);
	*dst = n;
	return 0;
}

static int decode_degrees(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, int64_t *dst)
{
	double x = json_number_value(v);

	if (!json_is_number(v))
		return refuse(d, p, "must be a number of degrees");
	if (!isfinite(x) || x * 1e6 < (double)f->min || x * 1e6 > (double)f->max)
		return refuse(
		    d, p, "between %" PRId64 " and %" PRId64, f->min / 1000000, f->max / 1000000);
	*dst = (int64_t)(x * 1e6 + (x < 0 ? -0.5 : 0.5)); /* rounded without libm */
	return 0;
}

static int read_word(struct decoder *d, const struct path *p, const struct shape_field *f,
    const char *word, size_t word_len, int *dst)
{
	const char *names[64];
	const char *guess;
	char list[200] = "";
	size_t n = 0, len = 0;
	int value = 0;

	value = enum_value(f->set, word, word_len);
	if (value) {
		*dst = value;
		return 0;
	}
	for (const struct enum_word *w = f->set->words; w->word && n < 64; w++) {
		names[n++] = w->word;
		len += (size_t)snprintf(
		    list + len, sizeof(list) - len, "%s%s", len ? ", " : "", w->word);
		if (len >= sizeof(list))
			len = sizeof(list) - 1;
	}
	guess = near_name(word, word_len, names, n);
	refuse(d, p, "no such word");
	if (guess)
		err_hint(d->err, "did you mean %s? One of %s", guess, list);
	else
		err_hint(d->err, "one of %s", list);
	return TIX_EBAD_VALUE;
}

static int decode_enum(
    struct decoder *d, const struct path *p, const struct shape_field *f, const json_t *v, int *dst)
{
	if (!json_is_string(v))
		return refuse(d, p, "must be a word");
	return read_word(d, p, f, json_string_value(v), json_string_length(v), dst);
}

/* WORD or !WORD into one of two sets. */
static int add_word(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, uint64_t *wanted, uint64_t *unwanted)
{
	const char *s = json_string_value(v);
	bool no = s && s[0] == '!';
	int word, r;

	if (!s)
		return refuse(d, p, "must be a word");
	r = read_word(d, p, f, s + no, json_string_length(v) - no, &word);
	if (r == 0)
		*(no ? unwanted : wanted) |= UINT64_C(1) << word;
	return r;
}

/* All words but some; bit 0 is what has no word at all, which is none of those either. */
static uint64_t all_but(const struct enum_set *set, uint64_t unwanted)
{
	uint64_t mask = 1;

	for (const struct enum_word *w = set->words; w->word; w++)
		mask |= UINT64_C(1) << w->value;
	return mask & ~unwanted;
}

int decode_enums(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, uint64_t *dst)
{
	uint64_t wanted = 0, unwanted = 0;
	int r;

	if (json_is_string(v)) {
		r = add_word(d, p, f, v, &wanted, &unwanted);
		if (r == 0)
			*dst = unwanted ? all_but(f->set, unwanted) : wanted;
		return r;
	}
	if (!json_is_array(v))
		return refuse(d, p, "must be a word or a list of words");
	if (json_array_size(v) == 0)
		return refuse(d, p, "must not be empty");
	for (size_t i = 0; i < json_array_size(v); i++) {
		struct path at = {.up = p, .index = (long)i};

		r = add_word(d, &at, f, json_array_get(v, i), &wanted, &unwanted);
		if (r < 0)
			return r;
	}
	if (wanted && unwanted) {
		refuse(d, p, "either all words with ! or none");
		err_hint(d->err, "!cancelled,!expired is all but these two");
		return TIX_EBAD_VALUE;
	}
	*dst = unwanted ? all_but(f->set, unwanted) : wanted;
	return 0;
}

int decode_texts(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, struct text_list *dst)
{
	size_t n = json_is_string(v) ? 1 : json_array_size(v);
	const char **list;

	if (!json_is_string(v) && !json_is_array(v))
		return refuse(d, p, "must be text or a list of texts");
	if (n == 0 && (f->flags & FF_REQ))
		return refuse(d, p, "must not be empty");
	if (n > TEXTS_MAX)
		return refuse(d, p, "has %zu members, at most %d are taken", n, TEXTS_MAX);
	list = arena_array(d->arena, n, sizeof(*list));
	if (!list)
		return refuse_memory(d);
	for (size_t i = 0; i < n; i++) {
		struct path at = {.up = p, .index = json_is_string(v) ? -1 : (long)i};
		int r =
		    decode_text(d, &at, f, json_is_string(v) ? v : json_array_get(v, i), &list[i]);

		if (r < 0)
			return r;
	}
	*dst = (struct text_list){list, n};
	return 0;
}

static int decode_money_object(
    struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, struct money_in *dst)
{
	const json_t *amount = json_object_get(v, "amount"),
		     *currency = json_object_get(v, "currency");
	struct path at_amount = {.up = p, .name = "amount", .index = -1};
	struct path at_currency = {.up = p, .name = "currency", .index = -1};
	struct money_in m = {0};

	if (json_object_size(v) != 2 || !amount || !currency)
		return refuse(d, p, "an object of amount and currency, nothing else");
	if (!json_is_integer(amount))
		return refuse(d, &at_amount, "must be an integer of minor units");
	if (json_integer_value(amount) < 0 && f->min >= 0)
		return refuse(d, &at_amount, "must not be negative");
	if (!json_is_string(currency) || json_string_length(currency) != 3 ||
	    currency_exponent(json_string_value(currency)) < 0)
		return refuse(d, &at_currency, "not an ISO 4217 currency code");
	m.money.amount = json_integer_value(amount);
	memcpy(m.money.currency, json_string_value(currency), sizeof(m.money.currency));
	*dst = m;
	return 0;
}

static int decode_money(
    struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, struct money_in *dst)
{
	const char *s = json_string_value(v);
	size_t len = json_string_length(v);

	if (json_is_object(v))
		return decode_money_object(d, p, f, v, dst);
	if (!s)
		refuse(d, p, "must be text or an object of amount and currency");
	else if (len == 0 || len > MONEY_IN_MAX || strlen(s) != len || !only_chars(s, money_chars))
		refuse(d, p, "not an amount");
	else
		return (dst->text = arena_strndup(d->arena, s, len)) ? 0 : refuse_memory(d);
	err_hint(d->err, "\"45.00\", \"EUR 45.00\" or {\"amount\": 4500, \"currency\": \"EUR\"}");
	return TIX_EBAD_VALUE;
}

int decode_scalar(struct decoder *d, const struct path *p, const struct shape_field *f,
    const json_t *v, void *dst)
{
	switch (f->type) {
	case FT_doc:
		return decode_doc(d, p, f, v, dst);
	case FT_i64:
		return decode_i64(d, p, f, v, dst);
	case FT_bool:
		if (!json_is_boolean(v))
			return refuse(d, p, "must be true or false");
		*(bool *)dst = json_is_true(v);
		return 0;
	case FT_degrees:
		return decode_degrees(d, p, f, v, dst);
	case FT_money_in:
		return decode_money(d, p, f, v, dst);
	case FT_enum:
		return decode_enum(d, p, f, v, dst);
	default: /* FT_time and FT_money only go out */
		return refuse(d, p, "cannot be given");
	}
}
