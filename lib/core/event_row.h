/* SPDX-License-Identifier: MIT */
/* Changing an event: what came in is laid over a row in memory, checked as a whole, then written
 * with its words for the search and its record in the journal. Create, set and import share this.
 */
#ifndef CORE_EVENT_ROW_H
#define CORE_EVENT_ROW_H

#include "core/rows.h"

/* Ids of events stay below this: the search keeps them in 25 bits. */
#define EVENT_ID_MAX ((INT64_C(1) << 25) - 1)

enum event_has {
	EVENT_HAS_name = 1,
	EVENT_HAS_start = 2,
	EVENT_HAS_end = 4,
	EVENT_HAS_doors = 8,
	EVENT_HAS_description = 16,
	EVENT_HAS_type = 32,
	EVENT_HAS_tags = 64,
	EVENT_HAS_doc = 128,
	EVENT_HAS_currency = 256,
	EVENT_HAS_target = 512,
};

struct event_input {
	unsigned has; /* enum event_has */
	const char *name, *start, *end, *doors, *description, *type, *doc, *currency;
	struct text_list tags;
	struct shape_list target;
};

#define EVENT_INPUT(in, shape, ret, field)                                                         \
	do {                                                                                       \
		if (HAS(in, shape, field)) {                                                       \
			(ret)->has |= EVENT_HAS_##field;                                           \
			(ret)->field = (in)->field;                                                \
		}                                                                                  \
	} while (0)
#define EVENT_INPUTS(in, shape, ret)                                                               \
	do {                                                                                       \
		EVENT_INPUT(in, shape, ret, name);                                                 \
		EVENT_INPUT(in, shape, ret, start);                                                \
		EVENT_INPUT(in, shape, ret, end);                                                  \
		EVENT_INPUT(in, shape, ret, doors);                                                \
		EVENT_INPUT(in, shape, ret, description);                                          \
		EVENT_INPUT(in, shape, ret, type);                                                 \
		EVENT_INPUT(in, shape, ret, tags);                                                 \
		EVENT_INPUT(in, shape, ret, doc);                                                  \
		EVENT_INPUT(in, shape, ret, currency);                                             \
		EVENT_INPUT(in, shape, ret, target);                                               \
	} while (0)

/* A row for a new event: draft, nothing in it. */
struct event_row event_row_new(void);

/* The event as the rules of its categories need it. */
struct event_ref event_row_ref(const struct event_row *row);

/* Lays in over row, whose zone is decided already, and checks the times as a whole. row->currency
 * is taken as it is: whether it may change is event_currency_check's business. */
int event_row_apply(struct call *c, const struct event_input *in, struct event_row *row);

/* Whether an event with prices or sales may take another currency. */
int event_currency_check(struct call *c, const struct event_row *was, const char *currency);

/* The venue of a row; NULL clears. */
void event_row_place(struct event_row *row, const struct venue_row *venue);

/* Writes a new event (was NULL) or what differs; as venue_row_write. */
int event_row_write(
    struct call *c, const struct event_row *was, const struct event_row *now);

/* Another state, for the search too; the record is the caller's. */
int event_row_status(struct call *c, struct event_row *row, int status);

/* Writes the search words of all events of a venue again. */
int event_index_venue(struct call *c, int64_t venue);

/* The place of an event in the search, by start. */
int64_t event_fts_row(int64_t start, int64_t id);

#endif
