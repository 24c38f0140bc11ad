/* SPDX-License-Identifier: MIT */
/* Numbers, and names by the same words as the look-up of buyers. */
#include "core/filter.h"

#include <string.h>

#include "base/num.h"
#include "core/lookup_key.h"
#include "core/rows.h"

#define NUMBER_MAX INT64_C(1000000000000)
#define SCRATCH (64U << 10)

int number_filter_read(
    struct call *c, const char *text, const char *field, struct number_filter *ret)
{
	size_t op = text ? strspn(text, "<>=") : 0;
	bool less = op && text[0] == '<', more = op && text[0] == '>';
	bool equal = op == 0 || text[op - 1] == '=';
	int64_t n;

	*ret = (struct number_filter){INT64_MIN, INT64_MAX};
	if (!text)
		return 0;
	if (op > 2 || (op == 2 && !(less || more)) || (op == 2 && !equal) ||
	    num_parse(text + op + strspn(text + op, " "), -NUMBER_MAX, NUMBER_MAX, &n) < 0) {
		err_set(&c->err, TIX_EBAD_VALUE, field, "no whole number, with <, <=, > or >= or not");
		err_hint(&c->err, "7, <10, >=100");
		return TIX_EBAD_VALUE;
	}
	if (!less)
		ret->least = equal ? n : n + 1;
	if (!more)
		ret->most = equal ? n : n - 1;
	return 0;
}

int name_filter_read(struct call *c, const char *text, const char *field, struct name_filter *ret)
{
	*ret = (struct name_filter){0};
	if (!text)
		return 0;
	ret->scratch = arena_new(SCRATCH);
	ret->words = lookup_words(c->arena, text, true);
	if (!ret->scratch || !ret->words)
		return row_no_memory(c);
	if (!ret->words[0])
		return err_set(&c->err, TIX_EBAD_VALUE, field, "there is no word in it");
	return 0;
}

void name_filter_done(struct name_filter *f)
{
	arena_free(f->scratch);
}

int name_filter_matches(struct call *c, const struct name_filter *f, const char *name)
{
	const char *words;

	if (!f->words)
		return 1;
	if (!name)
		return 0;
	arena_reset(f->scratch);
	words = lookup_words(f->scratch, name, false);
	return words ? lookup_words_match(words, f->words) : row_no_memory(c);
}
