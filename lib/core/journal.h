/* SPDX-License-Identifier: MIT */
/* The journal: one dense sequence, one hash chain, written in the transaction of what it records.
 * hash = BLAKE2b-256, keyed with the store's chain key, over the hash before and the length-prefixed fields. */
#ifndef CORE_JOURNAL_H
#define CORE_JOURNAL_H

#include "core/call.h"

struct journal_entry {
	int64_t seq, at;
	const char *actor, *topic, *subject;
	const char *event; /* slug or NULL */
	int64_t event_id;  /* 0: none */
	const char *data;  /* compact JSON object; no names or addresses of persons */
	uint8_t hash[32];
};

/* Appends a record for the call; data is a JSON object or NULL. Sets c->seq. */
int journal_append(struct call *c, const char *topic, const char *subject, int64_t event_id,
    const char *event_slug, const char *data);

/* The hash of a record after prev; used by writer and audit alike. */
void journal_hash(const uint8_t key[32], const uint8_t prev[32], const struct journal_entry *e,
    uint8_t ret[32]);

/* Reads up to max records after since, oldest first, into the arena; returns how many or < 0. */
int journal_read(struct db *db, struct arena *arena, int64_t since, int max,
    struct journal_entry **ret, struct err *err);

int journal_list(struct call *c, const struct journal_list_in *in, struct journal_page *out);

#endif
