/* SPDX-License-Identifier: MIT */
/* Where a person is kept: rows of buyers and holders, and the words by which free text names the
 * person. It looks, it never writes. All of it lives in the call's arena. */
#ifndef CORE_PERSON_FIND_H
#define CORE_PERSON_FIND_H

#include "core/call.h"

struct id_list {
	int64_t *v;
	size_t n, cap;
};

/* One more; TIX_ELIMIT without memory. */
int id_list_add(struct call *c, struct id_list *l, int64_t id);
bool id_list_has(const struct id_list *l, int64_t id); /* of a sorted one */

struct person_find {
	struct call *c;
	struct id_list orders;	/* whose buyer the person is, ascending */
	struct id_list persons; /* those buyers' rows, one for each order */
	struct id_list holders; /* tickets that are for the person, ascending */
	const char **words;	/* folded: addresses, names, numbers */
	size_t nwords, words_cap;
	struct arena *scratch; /* for texts that are looked at */
};

/* who: an address, for all orders, or the code of one order. not_found when nothing is kept. End
 * with person_find_done, also after an error. */
int person_find(struct call *c, const char *who, const char *field, struct person_find *ret);
void person_find_done(struct person_find *f);

/* Whether a text names the person. */
bool person_named(const struct person_find *f, const char *text);

/* Free texts that name the person or belong to an order of the person's: id of the row (order,
 * payment, record, job, block or line of an import) and text, which lives until the next. each returns < 0 to end. */
enum person_text { PERSON_NOTE, PERSON_REFERENCE, PERSON_REASON, PERSON_JOB, PERSON_BLOCK, PERSON_LINE };
#define PERSON_TEXTS 6
int person_texts(const struct person_find *f, enum person_text kind,
    int (*each)(void *ctx, int64_t id, const char *text, const char *subject), void *ctx);

#endif
