/* SPDX-License-Identifier: MIT */
/* What is on offer, as sales remember it: a category with its event, price and quotas, read once
 * and kept by the writer until the catalogue changes or a batch is rolled back. */
#ifndef CORE_OFFER_H
#define CORE_OFFER_H

#include "core/call.h"

/* More are refused when they are linked, so that a hold can always be given back. */
#define OFFER_QUOTAS_MAX 32

struct offer {
	struct event_ref event;
	char organizer[101];
	char name[101];
	int64_t category, price;
	int64_t sale_from, sale_to; /* TIME_NONE: no bound */
	int64_t min, max;	    /* max 0: no bound */
	int nquotas;
	int64_t quotas[OFFER_QUOTAS_MAX]; /* ascending */
};

/* The offer of a category; not_found also when the event is not the principal's. Valid until the
 * call ends. */
int offer_find(struct call *c, const char *event, const char *category, const struct offer **ret);

/* Quotas that a category draws on now, ascending; ret has room for OFFER_QUOTAS_MAX. Returns how
 * many or < 0. */
int offer_quotas(struct call *c, int64_t category, int64_t *ret);

#endif
