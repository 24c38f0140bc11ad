/* SPDX-License-Identifier: MIT */
/* What a journal record tells of its change, in a person's words: the command line and the dashboard
 * say the same. The texts are strangers' and not yet made harmless. */
#ifndef TIX_RPC_SAID_H
#define TIX_RPC_SAID_H

#include <jansson.h>
#include <stdbool.h>

struct buf;
struct zone;

/* Appends a text with each time in it, "2026-06-13T18:00:00Z", as a person reads it in the zone. */
void said_text(struct buf *b, const char *text, const struct zone *zone);

/* Appends "120.00" of {"amount", "currency"}, with its currency "120.00 EUR"; nothing of anything else. */
void said_money(struct buf *b, const json_t *money, bool currency);

/* Appends texts, sums and counts of a record's data in their order, two blanks between. */
void said_data(struct buf *b, const json_t *data, const struct zone *zone);

/* Appends one member of it as a value that stands beside its name; nothing of null. */
void said_value(struct buf *b, const json_t *data, const char *key, const struct zone *zone);

#endif
