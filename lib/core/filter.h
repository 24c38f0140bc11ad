/* SPDX-License-Identifier: MIT */
/* Names and numbers as filters. Of names the words of one, case and marks forgiven, a last * is a
 * prefix. */
#ifndef CORE_FILTER_H
#define CORE_FILTER_H

#include "core/call.h"

#define FILTER_ALL (INT64_C(1) << 40) /* rows of a query whose rows are looked at one by one */

struct number_filter {
	int64_t least, most;
};

/* "7", "<10", ">=100" (text NULL: any). */
int number_filter_read(
    struct call *c, const char *text, const char *field, struct number_filter *ret);

struct name_filter {
	const char *words; /* NULL: none */
	struct arena *scratch; /* to fold one name at a time */
};

/* text NULL: everything matches. name_filter_done whatever it returns. */
int name_filter_read(
    struct call *c, const char *text, const char *field, struct name_filter *ret);
void name_filter_done(struct name_filter *f);

/* Whether a name (NULL: none) has all the words: 1, else 0. */
int name_filter_matches(struct call *c, const struct name_filter *f, const char *name);

#endif
