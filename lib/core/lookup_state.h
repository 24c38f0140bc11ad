/* SPDX-License-Identifier: MIT */
/* The look-up index from inside: what its two halves, building and searching, share. */
#ifndef CORE_LOOKUP_STATE_H
#define CORE_LOOKUP_STATE_H

#include "core/lookup.h"

/* 63 bits of the folded text. Kept in the store: never to be changed. */
int64_t lookup_hash(const char *text);

#endif
