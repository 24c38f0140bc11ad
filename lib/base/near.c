/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest name of a list. It only compares. */
#include "base/near.h"

#include <string.h>

#define WORD_MAX 64U

/* Edits (insert, delete, replace) from a to b, both at most WORD_MAX long. */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[WORD_MAX + 1];

	for (unsigned j = 0; j <= nb; j++)
		row[j] = j;
	for (unsigned i = 1; i <= na; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= nb; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

const char *near_name(const char *word, size_t len, const char *const *names, size_t n)
{
	return near_within(word, len, names, n, WORD_MAX);
}

const char *near_within(
    const char *word, size_t len, const char *const *names, size_t n, unsigned most)
{
	const char *best = NULL;
	unsigned least = len < 4 ? 2 : len < 9 ? 3 : 4; /* from here on it is another word */

	if (least > most)
		least = most + 1;
	if (len == 0 || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t nlen = names[i] ? strlen(names[i]) : 0;
		unsigned d;

		if (nlen == 0 || nlen > WORD_MAX)
			continue;
		d = distance(word, len, names[i], nlen);
		if (d < least && d < nlen) {
			least = d;
			best = names[i];
		}
	}
	return best;
}
