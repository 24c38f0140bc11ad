/* SPDX-License-Identifier: MIT */
/* The working set of one import: what is stored and what it shall become. Lives in the call's
 * arena. */
#ifndef CORE_IMPORT_WORK_H
#define CORE_IMPORT_WORK_H

#include "core/rows.h"

struct work_venue {
	struct venue_row was, now;
	bool exists;  /* was is what the store holds */
	bool changed; /* filled while writing */
};

struct work_quota {
	struct quota_row was, now; /* now counts what links will bring along */
	const struct import_block *blocks; /* of a new one */
	int64_t *block_at;
	size_t nblocks;
	bool exists;
};

struct work_link {
	struct work_quota *quota;
	int64_t held, sold; /* what the category took before */
};

struct work_category {
	struct category_row was, now;
	struct work_link *links; /* new ones */
	size_t nlinks, links_cap;
	bool exists;
};

struct work_event {
	struct event_row was, now;
	struct work_venue *venue;
	struct work_quota **quotas;
	struct work_category **categories;
	size_t nquotas, ncategories, quotas_cap, categories_cap;
	int64_t next_position;
	const char **slugs; /* former ones that are new here */
	size_t nslugs;
	size_t row; /* the last that spoke of it */
	bool exists;
};

struct work {
	struct work_event **events;
	struct work_venue **venues;
	size_t nevents, nvenues, rows;
	int64_t organizer; /* of what is new; 0: not looked up yet */
	const char *organizer_slug;
	const struct event_import_in *in;
	int64_t zoned;
};

/* Lays a row's quotas and categories over the event's. Errors name fields below the row. */
int import_stock(struct call *c, struct work_event *event, const struct import_event *in);

/* Lays a row's former slugs that are not the event's own yet; nobody else may have one. */
int import_slugs(struct call *c, struct work_event *event, const struct text_list *in);

/* No slug, present or former, is that of two events of the import. */
int import_slugs_agree(struct call *c, struct work *w);

/* Puts "prefix." before the field of the call's error. */
int import_prefix(struct call *c, const char *prefix, int index, int code);

/* Room for one more pointer in an arena array that doubles; false without memory. */
bool import_room(struct call *c, void ***v, size_t n, size_t *cap);

/* Writes what differs and counts it. */
int import_write(struct call *c, struct work *w, struct event_import *out);

#endif
