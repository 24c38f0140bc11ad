/* SPDX-License-Identifier: MIT */
/* A request is a form of fixed length into which four fields are written. Buyers' addresses are in
 * no order, as in life. */
#include "cli/load_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/ids.h"

static uint64_t mix(uint64_t v)
{
	v += UINT64_C(0x9E3779B97F4A7C15);
	v = (v ^ (v >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	v = (v ^ (v >> 27)) * UINT64_C(0x94D049BB133111EB);
	return v ^ (v >> 31);
}

uint64_t load_book_random(struct load_book *b)
{
	uint64_t v;

	rng_bytes(b->rng, &v, sizeof(v));
	return v;
}

/* The offset of a mark in the text; the mark is overwritten later. */
static size_t offset(const char *text, const char *mark)
{
	return (size_t)(strstr(text, mark) - text);
}

static int make_form(
    struct load_form *f, const char *event, const char *category, int tickets, struct err *e)
{
	int len = snprintf(f->text, sizeof(f->text),
	    "{\"jsonrpc\":\"2.0\",\"id\":##########,\"method\":\"order.create\",\"params\":{"
	    "\"event\":\"%s\",\"line\":[{\"category\":\"%s\",\"count\":%d}],\"pay\":\"cash\","
	    "\"name\":\"Bench Buyer "
	    "$$$$$$$$$$\",\"email\":\"b%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%@example.org\","
	    "\"idempotency_key\":\"!!!!!!!!-!!!!-!!!!-!!!!-!!!!!!!!!!!!\"}}\n",
	    event, category, tickets);

	if (len < 0 || (size_t)len >= sizeof(f->text))
		return err_set(
		    e, TIX_EBAD_VALUE, "event", "the names of event and category are too long");
	f->len = (size_t)len;
	f->id = offset(f->text, "##########");
	f->number = offset(f->text, "$$$$$$$$$$");
	f->mail = offset(f->text, "%%%%%%%%%%%%%%%%");
	f->key = offset(f->text, "!!!!!!!!-");
	return 0;
}

int load_book_init(struct load_book *b, const char *event, const char *category, int tickets,
    uint64_t seed, struct err *e)
{
	*b = (struct load_book){.seed = mix(seed), .rng = rng_test_new(seed)};
	if (!b->rng)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "no memory");
	return make_form(&b->form, event, category, tickets, e);
}

void load_book_done(struct load_book *b)
{
	free(b->order);
	rng_test_free(b->rng);
	*b = (struct load_book){0};
}

static void make_key(struct load_book *b, uint8_t key[16])
{
	uuid7_make(clock_system(), b->rng, key);
	if (!b->random_keys)
		return;
	rng_bytes(b->rng, key, 8);
	key[6] = (uint8_t)(0x40 | (key[6] & 0x0F));
}

int load_book_add(struct load_book *b, size_t *ret_n, struct err *e)
{
	struct load_order *o;

	if (b->n == b->room) {
		size_t room = b->room ? b->room * 2 : 65536;

		o = reallocarray(b->order, room, sizeof(*o));
		if (!o)
			return err_set(e, TIX_EUNAVAILABLE, NULL, "no memory for %zu orders", room);
		b->order = o;
		b->room = room;
	}
	o = &b->order[b->n];
	*o = (struct load_order){.state = LOAD_OPEN};
	make_key(b, o->key);
	*ret_n = b->n++;
	return 0;
}

bool load_book_any_sold(struct load_book *b, size_t *ret_n)
{
	for (int tries = 0; b->n > 0 && tries < 16; tries++) {
		size_t n = load_book_random(b) % b->n;

		if (b->order[n].state == LOAD_SOLD) {
			*ret_n = n;
			return true;
		}
	}
	return false;
}

static void put_number(char *text, int64_t v)
{
	for (int i = 9; i >= 0; i--, v /= 10)
		text[i] = (char)('0' + v % 10);
}

static void put_hex(char *text, uint64_t v)
{
	for (int i = 15; i >= 0; i--, v >>= 4)
		text[i] = "0123456789abcdef"[v & 15];
}

size_t load_book_request(const struct load_book *b, size_t n, int64_t id, char *text)
{
	const struct load_form *f = &b->form;
	char key[UUID_SIZE];

	memcpy(text, f->text, f->len);
	put_number(text + f->id, id);
	put_number(text + f->number, (int64_t)n);
	put_hex(text + f->mail, mix(b->seed + n));
	uuid_format(b->order[n].key, key);
	memcpy(text + f->key, key, UUID_SIZE - 1);
	return f->len;
}

void load_book_email(const struct load_book *b, size_t n, char out[LOAD_EMAIL_SIZE])
{
	static const char domain[] = "@example.org";

	out[0] = 'b';
	put_hex(out + 1, mix(b->seed + n));
	memcpy(out + 17, domain, sizeof(domain));
}
