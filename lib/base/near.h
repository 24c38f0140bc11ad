/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest name of a list, for what was mistyped. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

/* The name nearest to a mistyped word of n names (NULL ones are skipped), or NULL when none is
 * near. */
const char *near_name(const char *word, size_t len, const char *const *names, size_t n);

/* The same, at most so many edits away. */
const char *near_within(
    const char *word, size_t len, const char *const *names, size_t n, unsigned most);

#endif
