/* SPDX-License-Identifier: MIT */
/* Names as filters, by the same words as the look-up of buyers. */
#include "core/filter.h"

#include "core/lookup_key.h"
#include "core/rows.h"

#define SCRATCH (64U << 10)

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
