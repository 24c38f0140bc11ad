/* SPDX-License-Identifier: MIT */
/* Structs to JSON text, by the table, without a tree in between: every reply passes here, so it is
 * written for speed. It never fails for what a struct holds; what cannot be shown is null. */
#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "base/mem.h"
#include "rpc/codec_impl.h"

#define DAY_US INT64_C(86400000000)
#define TIME_MAX INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

/* buf_put without a call for the many short pieces. */
static inline void put(struct buf *b, const void *mem, size_t len)
{
	if (b->len + len >= b->cap || b->failed || (b->max && b->len + len > b->max)) {
		buf_put(b, mem, len);
		return;
	}
	memcpy(b->data + b->len, mem, len);
	b->len += len;
	b->data[b->len] = '\0';
}

#define PUT(b, literal) put(b, literal, sizeof(literal) - 1)

static inline void put_str(struct buf *b, const char *s)
{
	put(b, s, strlen(s));
}

static void put_text(struct buf *b, const char *s)
{
	if (!s) {
		PUT(b, "null");
		return;
	}
	buf_json_str(b, s);
}

static char *digits(char *p, unsigned v, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		p[i] = (char)('0' + v % 10);
		v /= 10;
	}
	return p + n;
}

/* Year, month and day of a day number since 1970, by counting years from March (the leap day is
 * then the last). */
static char *put_date(char *p, int64_t day)
{
	int64_t z = day + 719468;
	int64_t era = z / 146097;
	unsigned in_era = (unsigned)(z - era * 146097);
	unsigned year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	unsigned in_year = in_era - (365 * year + year / 4 - year / 100);
	unsigned march = (5 * in_year + 2) / 153;
	unsigned month = march < 10 ? march + 3 : march - 9;

	p = digits(p, (unsigned)(year + era * 400) + (month <= 2), 4);
	*p++ = '-';
	p = digits(p, month, 2);
	*p++ = '-';
	return digits(p, in_year - (153 * march + 2) / 5 + 1, 2);
}

static void put_time(struct buf *b, int64_t us)
{
	char s[40];
	char *p = s;
	int64_t day = us / DAY_US;
	int64_t rest = us % DAY_US;
	unsigned sec, frac;

	if (rest < 0) {
		rest += DAY_US;
		day--;
	}
	if (us > TIME_MAX || day < -719162) { /* outside of the years 1 to 9999 */
		PUT(b, "null");
		return;
	}
	sec = (unsigned)(rest / 1000000);
	frac = (unsigned)(rest % 1000000);
	*p++ = '"';
	p = put_date(p, day);
	*p++ = 'T';
	p = digits(p, sec / 3600, 2);
	*p++ = ':';
	p = digits(p, sec / 60 % 60, 2);
	*p++ = ':';
	p = digits(p, sec % 60, 2);
	if (frac) {
		*p++ = '.';
		p = digits(p, frac, 6);
	}
	*p++ = 'Z';
	*p++ = '"';
	put(b, s, (size_t)(p - s));
}

static void put_money(struct buf *b, const struct money *m)
{
	char currency[4];

	if (!m->currency[0]) {
		PUT(b, "null");
		return;
	}
	memcpy(currency, m->currency, 3);
	currency[3] = '\0';
	PUT(b, "{\"amount\":");
	buf_i64(b, m->amount);
	PUT(b, ",\"currency\":");
	put_text(b, currency);
	PUT(b, "}");
}

static void put_money_in(struct buf *b, const struct money_in *m)
{
	if (m->text || !m->money.currency[0])
		put_text(b, m->text);
	else
		put_money(b, &m->money);
}

/* Millionths as a decimal number without trailing zeros; TIME_NONE, the least number there is, is
 * null. */
static void put_degrees(struct buf *b, int64_t v)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char s[8] = ".";
	size_t n = 7;

	if (v == TIME_NONE) {
		PUT(b, "null");
		return;
	}
	if (v < 0)
		PUT(b, "-");
	buf_i64(b, (int64_t)(u / 1000000));
	digits(s + 1, (unsigned)(u % 1000000), 6);
	while (n > 2 && s[n - 1] == '0')
		n--;
	put(b, s, n);
}

/* A stored document goes out as it is when it is plainly harmless, else spelled anew. */
static void put_doc(struct buf *b, const char *s)
{
	AUTO(json) json_t *v = NULL;
	size_t len = s ? strlen(s) : 0;
	size_t before = b->len;

	if (len && doc_is_plain(s, len)) {
		put(b, s, len);
		return;
	}
	if (!len || json_parse_strict(s, len, RPC_DOC_DEPTH, &v, NULL) < 0 ||
	    doc_write(b, v, RPC_DOC_DEPTH) < 0) {
		b->len = before;
		PUT(b, "null");
	}
}

static void put_word(struct buf *b, const struct enum_set *set, int value)
{
	const char *word = value ? enum_word(set, value) : NULL;

	if (!word) {
		PUT(b, "null");
		return;
	}
	PUT(b, "\"");
	put_str(b, word);
	PUT(b, "\"");
}

static void put_words(struct buf *b, const struct enum_set *set, uint64_t mask)
{
	bool first = true;

	PUT(b, "[");
	for (const struct enum_word *w = set->words; w->word; w++) {
		if (!(mask >> w->value & 1))
			continue;
		if (!first)
			PUT(b, ",");
		first = false;
		put_word(b, set, w->value);
	}
	PUT(b, "]");
}

static void put_texts(struct buf *b, const struct text_list *list)
{
	PUT(b, "[");
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			PUT(b, ",");
		put_text(b, list->v[i]);
	}
	PUT(b, "]");
}

static void put_object(struct buf *b, const struct shape *shape, const void *in);

static void put_list(struct buf *b, const struct shape *sub, const struct shape_list *list)
{
	const char *item = list->v;

	PUT(b, "[");
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			PUT(b, ",");
		put_object(b, sub, item + i * sub->size);
	}
	PUT(b, "]");
}

static void put_value(struct buf *b, const struct shape_field *f, const void *src)
{
	switch (f->type) {
	case FT_doc:
		put_doc(b, *(const char *const *)src);
		break;
	case FT_i64:
		/* As of times and degrees, the least number is none. */
		if (*(const int64_t *)src == TIME_NONE)
			PUT(b, "null");
		else
			buf_i64(b, *(const int64_t *)src);
		break;
	case FT_bool:
		put_str(b, *(const bool *)src ? "true" : "false");
		break;
	case FT_degrees:
		put_degrees(b, *(const int64_t *)src);
		break;
	case FT_time:
		put_time(b, *(const int64_t *)src);
		break;
	case FT_money_in:
		put_money_in(b, src);
		break;
	case FT_money:
		put_money(b, src);
		break;
	case FT_enum:
		put_word(b, f->set, *(const int *)src);
		break;
	case FT_enums:
		put_words(b, f->set, *(const uint64_t *)src);
		break;
	case FT_texts:
		put_texts(b, src);
		break;
	case FT_obj:
		put_object(b, f->sub, *(const void *const *)src);
		break;
	case FT_list:
		put_list(b, f->sub, src);
		break;
	default:
		put_text(b, *(const char *const *)src);
		break;
	}
}

static void put_member(struct buf *b, const struct shape_field *f, const void *in, bool first)
{
	char name[72];
	size_t len = strlen(f->name);

	if (!first)
		PUT(b, ",");
	name[0] = '"';
	memcpy(name + 1, f->name, len);
	memcpy(name + 1 + len, "\":", 2);
	put(b, name, len + 3);
	put_value(b, f, (const char *)in + f->offset);
}

static void put_object(struct buf *b, const struct shape *shape, const void *in)
{
	uint64_t optional = 0, present;
	bool first = true;

	if (!in) {
		PUT(b, "null");
		return;
	}
	memcpy(&present, in, sizeof(present));
	PUT(b, "{");
	for (unsigned i = 0; i < shape->nfields; i++) {
		if (shape->fields[i].flags & FF_OPT) {
			optional |= UINT64_C(1) << i;
			continue;
		}
		put_member(b, &shape->fields[i], in, first);
		first = false;
	}
	for (optional &= present; optional; optional &= optional - 1) {
		put_member(b, &shape->fields[__builtin_ctzll(optional)], in, first);
		first = false;
	}
	PUT(b, "}");
}

int rpc_encode(const struct shape *shape, const void *in_struct, struct buf *out)
{
	put_object(out, shape, in_struct);
	return out->failed ? TIX_EUNAVAILABLE : 0;
}
