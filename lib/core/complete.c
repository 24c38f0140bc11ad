/* SPDX-License-Identifier: MIT */
/* Words that could be typed next: slugs and codes by their beginning. Bounded in what it looks at,
 * for a person waits between two keys; what the caller may not see is no candidate. */
#include <stdio.h>
#include <string.h>

#include "core/event.h"
#include "core/order.h"
#include "core/order_rec.h"
#include "core/page.h"
#include "core/scope.h"

#define SLUG_MAX 100
#define CODE_BITS 40	   /* of an order code */
#define LOOKS 2000	   /* rows that are read */
#define WORK_MAX (1 << 17) /* codes that are reckoned */
#define TIME_MAX_US 20000  /* whichever comes first */

struct words {
	struct call *c;
	struct word *v;
	struct shape_list *list;
	int max, looks;
	int64_t until; /* by clock_mono */
};

/* limit, and no cursor, since there is no second page. */
static int start(
    struct call *c, int limit, const char *cursor, struct shape_list *list, struct words *ret)
{
	if (cursor)
		return err_set(&c->err, TIX_EBAD_VALUE, "cursor", "cursor: there are no further pages");
	*ret = (struct words){.c = c, .list = list, .max = limit};
	ret->until = clock_mono(c->core->clock) + TIME_MAX_US;
	ret->v = arena_array(c->arena, (size_t)limit, sizeof(*ret->v));
	list->v = ret->v;
	list->n = 0;
	return ret->v ? 0 : call_no_memory(c);
}

static int add(struct words *w, const char *word, const char *doc)
{
	struct word one = {.word = arena_strdup(w->c->arena, word), .doc = arena_strdup(w->c->arena, doc)};

	if (!one.word || !one.doc)
		return call_no_memory(w->c);
	w->v[w->list->n++] = one;
	return 0;
}

static bool is_full(const struct words *w)
{
	return (int)w->list->n >= w->max;
}

int event_complete(struct call *c, const struct event_complete_in *in, struct word_page *out)
{
	const char *prefix = in->prefix ? in->prefix : "";
	char high[SLUG_MAX * 4 + 2];
	struct words w;
	struct q q;
	int r = start(c, page_limit(in, event_complete_in), in->cursor, &out->items, &w);

	if (r < 0)
		return r;
	snprintf(high, sizeof(high), "%s{", prefix); /* after every letter of a slug */
	q_start(&q, c->db, SQL_event_near, &c->err);
	q_str(&q, 1, prefix);
	q_str(&q, 2, high);
	q_i64(&q, 3, LOOKS);
	while (!is_full(&w) && (r = q_step(&q)) == 1) {
		if (scope_sees(c->who, q_text(&q, 1), q_text(&q, 0)) &&
		    (r = add(&w, q_text(&q, 0), q_text(&q, 2))) < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* The beginning of a code: its value and its length in bits. */
struct beginning {
	uint64_t value;
	int bits;
};

/* False: no code begins so. */
static bool read_prefix(const char *text, struct beginning *ret)
{
	struct beginning b = {0, 0};

	for (; *text; text++) {
		int value = b32_value(*text);

		if (*text == '-')
			continue;
		if (value < 0 || b.bits == CODE_BITS)
			return false;
		b.value = b.value << 5 | (uint64_t)value;
		b.bits += 5;
	}
	*ret = b;
	return true;
}

/* An order that is there, that the caller sees and that is no hold becomes a word. */
static int look(struct words *w, const char *event, int64_t id)
{
	char code[ORDER_CODE_SIZE];
	struct q q;
	int r;

	if (order_code_encode(&w->c->core->keys, id, code) < 0)
		return 0;
	q_start(&q, w->c->db, SQL_show_order, &w->c->err);
	q_i64(&q, 1, 0);
	q_i64(&q, 2, id);
	r = q_step(&q);
	if (r == 1 && q_col(&q, 0) != 0 && scope_sees(w->c->who, q_text(&q, 2), q_text(&q, 1)) &&
	    (!event || strcmp(event, q_text(&q, 1)) == 0))
		r = add(w, code, q_text(&q, 1));
	q_end(&q);
	w->looks++;
	return r < 0 ? r : 0;
}

/* Enough was found or done. */
static bool is_over(const struct words *w, int64_t step)
{
	return is_full(w) || w->looks == LOOKS || step == WORK_MAX ||
	       (step > 0 && step % 256 == 0 && clock_mono(w->c->core->clock) > w->until);
}

/* Few codes can begin so: each of them is decoded. */
static int by_code(struct words *w, const char *event, const struct beginning *b, int64_t newest)
{
	int free = CODE_BITS - b->bits, r = 0;

	for (int64_t i = 0; r == 0 && i < INT64_C(1) << free && !is_over(w, i); i++) {
		uint64_t code = b->value << free | (uint64_t)i;
		uint64_t id = feistel_decode(w->c->core->keys.code, CODE_BITS / 2, code);

		if (id <= (uint64_t)newest)
			r = look(w, event, (int64_t)id);
	}
	return r;
}

/* Many codes begin so: the newest orders are gone through. */
static int by_order(struct words *w, const char *event, const struct beginning *b, int64_t newest)
{
	int free = CODE_BITS - b->bits, r = 0;

	for (int64_t i = 0; r == 0 && i < newest && !is_over(w, i); i++) {
		uint64_t id = (uint64_t)(newest - i);

		if (feistel_encode(w->c->core->keys.code, CODE_BITS / 2, id) >> free == b->value)
			r = look(w, event, (int64_t)id);
	}
	return r;
}

int order_complete(struct call *c, const struct order_complete_in *in, struct word_page *out)
{
	struct event_ref event = {0};
	struct beginning b = {0, 0};
	const char *slug = NULL;
	int64_t newest = 0;
	struct words w;
	int r = start(c, page_limit(in, order_complete_in), in->cursor, &out->items, &w);

	if (r == 0 && in->event) {
		r = call_event(c, in->event, &event);
		slug = event.slug;
	}
	if (r == 0)
		r = order_newest(c, &newest);
	if (r < 0 || !read_prefix(in->prefix ? in->prefix : "", &b))
		return r;
	if (INT64_C(1) << (CODE_BITS - b.bits) < newest)
		return by_code(&w, slug, &b, newest);
	return by_order(&w, slug, &b, newest);
}
