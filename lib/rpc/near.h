/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest name of a list, for what was mistyped. */
#ifndef RPC_NEAR_H
#define RPC_NEAR_H

#include <stddef.h>

/* The name nearest to a mistyped word of n names (NULL ones are skipped), or NULL when none is
 * near. */
const char *near_name(const char *word, size_t len, const char *const *names, size_t n);

#endif
