/* SPDX-License-Identifier: MIT */
/* The journal: one dense sequence, one hash chain, written in the transaction of what it records.
 * hash = BLAKE2b-256, keyed with the store's chain key, over the hash before and the
 * length-prefixed fields. A reason is people's text and may have to be erased: the chain holds its
 * MAC in its place. */
#ifndef CORE_JOURNAL_H
#define CORE_JOURNAL_H

#include "core/call.h"

struct journal_entry {
	int64_t seq, at;
	const char *actor, *topic, *subject;
	const char *event;   /* slug or NULL */
	int64_t event_id;    /* 0: none */
	const char *data;    /* compact JSON object; no names or addresses of persons */
	const char *request; /* request id or NULL */
	const char *reason;  /* NULL: none, or erased */
	bool has_reason;     /* reason_mac counts */
	uint8_t reason_mac[16];
	uint8_t hash[32];
};

/* Appends a record for the call, with its request id and reason; data is a JSON object or NULL.
 * Sets c->seq. */
int journal_append(struct call *c, const char *topic, const char *subject, int64_t event_id,
    const char *event_slug, const char *data);

/* The hash of a record after prev; used by writer and audit alike. */
void journal_hash(
    const uint8_t key[32], const uint8_t prev[32], const struct journal_entry *e, uint8_t ret[32]);

/* The MAC of a reason. */
void journal_reason_mac(const uint8_t key[32], const char *reason, uint8_t ret[16]);

/* Reads up to max records after since, oldest first, into the arena; returns how many or < 0. */
int journal_read(struct db *db, struct arena *arena, int64_t since, int max,
    struct journal_entry **ret, struct err *err);

/* As the wire shows it; strings stay where they are, the hash becomes hex in the arena. TIX_ELIMIT
 * without memory. */
int journal_to_record(struct arena *a, const struct journal_entry *e, struct journal_record *out);

/* Whether records of a topic are of an order, or of something in one: CODE, CODE/n or CODE/rn is
 * their subject. */
bool journal_of_order(const char *topic);

/* True when there are no topics, or one is the record's; order.* takes all of order. */
bool journal_topic_match(const struct text_list *topics, const char *topic);

/* Whether a principal may see a record; organizer is the slug of its event's organizer, NULL: none.
 */
bool journal_visible(
    const struct principal *who, const struct journal_entry *e, const char *organizer);

int journal_list(struct call *c, const struct journal_list_in *in, struct journal_page *out);

#endif
