/* SPDX-License-Identifier: MIT */
/* Cursors. They hold no secret and grant nothing: a forged one only names another place in the
 * caller's own list. */
#include "core/page.h"

#include <string.h>

#define CURSOR_VERSION 1
#define DIGEST 8
#define HEAD (1 + DIGEST + 16)
#define TEXT_MAX 200
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

void page_filter_init(struct page_filter *f, const char *method)
{
	crypto_generichash_init(&f->state, NULL, 0, crypto_generichash_BYTES_MIN);
	page_filter_str(f, method);
}

void page_filter_str(struct page_filter *f, const char *text)
{
	int64_t len = text ? (int64_t)strlen(text) : -1;

	page_filter_i64(f, len);
	if (len > 0)
		crypto_generichash_update(
		    &f->state, (const unsigned char *)text, (unsigned long long)len);
}

void page_filter_i64(struct page_filter *f, int64_t value)
{
	crypto_generichash_update(&f->state, (const unsigned char *)&value, sizeof(value));
}

static void digest(const struct page_filter *f, uint8_t ret[DIGEST])
{
	crypto_generichash_state state = f->state;
	uint8_t full[crypto_generichash_BYTES_MIN];

	crypto_generichash_final(&state, full, sizeof(full));
	memcpy(ret, full, DIGEST);
}

int page_open(struct call *c, const struct page_filter *f, const char *cursor, struct page_key *ret)
{
	uint8_t raw[HEAD + TEXT_MAX], want[DIGEST];
	const char *end;
	size_t len;
	char *text;

	if (!cursor)
		return 0;
	if (sodium_base642bin(
		raw, sizeof(raw), cursor, strlen(cursor), NULL, &len, &end, VARIANT) != 0 ||
	    *end != '\0' || len < HEAD || raw[0] != CURSOR_VERSION)
		return err_set(&c->err, TIX_EBAD_VALUE, "cursor", "this is no cursor of ours");
	digest(f, want);
	if (memcmp(raw + 1, want, DIGEST) != 0) {
		err_set(&c->err, TIX_EBAD_VALUE, "cursor",
		    "the cursor belongs to another list or other filters");
		err_hint(&c->err, "leave it out to begin again");
		return TIX_EBAD_VALUE;
	}
	text = arena_strndup(c->arena, (const char *)raw + HEAD, len - HEAD);
	if (!text)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	memcpy(ret->n, raw + 1 + DIGEST, sizeof(ret->n));
	ret->text = text;
	return 1;
}

const char *page_next(struct call *c, const struct page_filter *f, const struct page_key *last)
{
	uint8_t raw[HEAD + TEXT_MAX];
	size_t len = last->text ? strlen(last->text) : 0;
	size_t size;
	char *out;

	if (len > TEXT_MAX)
		len = TEXT_MAX;
	raw[0] = CURSOR_VERSION;
	digest(f, raw + 1);
	memcpy(raw + 1 + DIGEST, last->n, sizeof(last->n));
	if (len > 0)
		memcpy(raw + HEAD, last->text, len);
	size = sodium_base64_encoded_len(HEAD + len, VARIANT);
	out = arena_alloc(c->arena, size);
	if (!out) {
		err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
		return NULL;
	}
	return sodium_bin2base64(out, size, raw, HEAD + len, VARIANT);
}
