/* SPDX-License-Identifier: MIT */
/* Writing quotas and their links; create, set, link and import share this. */
#ifndef CORE_QUOTA_ROW_H
#define CORE_QUOTA_ROW_H

#include "core/rows.h"

/* An empty quota (its id is set) with its record in the journal. */
int quota_row_add(struct call *c, const struct event_ref *event, const struct quota_row *row);

/* Another size or overbooking; checked before with quota_row_fits. */
int quota_row_resize(struct call *c, const struct event_ref *event, const struct quota_row *was,
    const struct quota_row *now);

/* TIX_ELIMIT naming the field when what is sold, held and blocked is more than size and overbook.
 */
int quota_row_fits(struct call *c, const struct quota_row *row, const char *field);

/* The link alone: nothing is counted. */
int quota_link_row(struct call *c, int64_t category, int64_t quota);

/* Whether a category may draw on so many more quotas: TIX_ELIMIT naming the field. category 0 is
 * new. */
int quota_links_fit(struct call *c, int64_t category, size_t more, const char *field);

int quota_is_linked(struct call *c, int64_t category, int64_t quota);

/* What a category's holds and live tickets took so far. */
int quota_taken(
    struct call *c, int64_t event, int64_t category, int64_t *ret_held, int64_t *ret_sold);

/* Checks a link of categories that are not linked yet, and what they bring along; sold_out when it
 * does not fit. */
struct quota_taken {
	int64_t held, sold;
};
int quota_link_check(struct call *c, const struct quota_row *quota, const int64_t *categories,
    size_t n, struct quota_taken *ret);
/* What they bring along alone, for those that leave another quota. */
int quota_room_check(struct call *c, const struct quota_row *quota, const int64_t *categories,
    size_t n, struct quota_taken *ret);
int quota_link_write(struct call *c, int64_t quota, const int64_t *categories, size_t n,
    const struct quota_taken *taken);

#endif
