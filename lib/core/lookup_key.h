/* SPDX-License-Identifier: MIT */
/* What the look-up index keeps of an address, a name and a number, and when two of them are the
 * same. Keys lie in the store: how they are made is never to be changed. */
#ifndef CORE_LOOKUP_KEY_H
#define CORE_LOOKUP_KEY_H

#include "core/lookup.h"

#define LOOKUP_WORDS_MAX 104 /* of a name of 200 letters */

/* Whether two addresses are the same but for the case of ASCII letters. */
bool lookup_same(const char *a, const char *b);

int64_t lookup_email_key(const char *text);

/* The last eight digits and how many they are; -1: fewer than four. Prefixes of countries and
 * trunks differ by who dials, the end of a number does not. */
int64_t lookup_phone_key(const char *text);

/* The folded words of a name, one blank between them; apostrophes are dropped, other signs part.
 * stars: one at the end of a word stays. NULL without memory. */
char *lookup_words(struct arena *a, const char *name, bool stars);

/* The keys of words that begin with text; of the word itself both are the same. */
void lookup_word_keys(
    const char *text, size_t len, bool prefix, int64_t *ret_low, int64_t *ret_high);

/* Whether each wanted word is one of the name's, or with a star begins one; both as lookup_words
 * makes them. */
bool lookup_words_match(const char *name, const char *wanted);

/* All keys of a text of a kind, LOOKUP_WORDS_MAX at most. Returns how many, -1 without memory. */
int lookup_keys(enum lookup_kind kind, struct arena *a, const char *text, int64_t *ret);

#endif
