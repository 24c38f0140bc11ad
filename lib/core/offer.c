/* SPDX-License-Identifier: MIT */
/* The writer's memory of the catalogue. It never outlives a change: who changes the catalogue says
 * so. */
#include "core/offer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/guess.h"
#include "core/scope.h"
#include "core/writer_state.h"

#define BUCKETS 1024
#define OFFERS_MAX 4096

struct node {
	struct node *next;
	uint64_t hash;
	struct offer offer;
};

struct catalogue {
	struct node *buckets[BUCKETS];
	int n;
};

void catalogue_clear(struct writer *w)
{
	struct catalogue *k = w->catalogue;

	if (!k)
		return;
	for (int i = 0; i < BUCKETS; i++) {
		while (k->buckets[i]) {
			struct node *node = k->buckets[i];

			k->buckets[i] = node->next;
			free(node);
		}
	}
	free(k);
	w->catalogue = NULL;
}

void writer_catalogue_changed(struct writer *w)
{
	catalogue_clear(w);
}

/* Between batches: nothing points into it. */
void catalogue_trim(struct writer *w)
{
	if (w->catalogue && w->catalogue->n > OFFERS_MAX)
		catalogue_clear(w);
}

static uint64_t hash_names(const char *event, const char *category)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (const char *p = event; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	h *= UINT64_C(1099511628211);
	for (const char *p = category; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return h;
}

int offer_quotas(struct call *c, int64_t category, int64_t *ret)
{
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, SQL_offer_quotas, &c->err);
	q_i64(&q, 1, category);
	while ((r = q_step(&q)) == 1) {
		if (n == OFFER_QUOTAS_MAX) {
			r = err_set(&c->err, TIX_ELIMIT, "line", "a category may draw on %d quotas",
			    OFFER_QUOTAS_MAX);
			break;
		}
		ret[n++] = q_col(&q, 0);
	}
	q_end(&q);
	return r < 0 ? r : n;
}

static int64_t time_col(struct q *q, int column)
{
	return q_isnull(q, column) ? TIME_NONE : q_col(q, column);
}

static void take(struct q *q, struct offer *o)
{
	o->event.id = q_col(q, 0);
	o->event.organizer = q_col(q, 1);
	o->event.status = (int)q_col(q, 2);
	o->event.start = q_col(q, 3);
	o->event.end = time_col(q, 4);
	o->event.doors = time_col(q, 5);
	snprintf(o->event.slug, sizeof(o->event.slug), "%s", q_text(q, 6));
	snprintf(o->event.zone, sizeof(o->event.zone), "%s", q_text(q, 7));
	snprintf(o->event.currency, sizeof(o->event.currency), "%s", q_text(q, 8));
	snprintf(o->organizer, sizeof(o->organizer), "%s", q_text(q, 9));
	o->category = q_col(q, 10);
	o->price = q_col(q, 11);
	o->sale_from = time_col(q, 12);
	o->sale_to = time_col(q, 13);
	o->min = q_col(q, 14);
	o->max = q_col(q, 15);
}

/* TIX_ENOT_FOUND without a word when it is not there. */
static int read_offer(struct call *c, const char *event, const char *category, struct offer *o)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_offer_get, &c->err);
	q_str(&q, 1, event);
	q_str(&q, 2, category);
	r = q_step(&q);
	if (r == 1)
		take(&q, o);
	q_end(&q);
	if (r == 0)
		return TIX_ENOT_FOUND;
	if (r == 1) {
		snprintf(o->name, sizeof(o->name), "%s", category);
		r = offer_quotas(c, o->category, o->quotas);
		o->nquotas = r;
	}
	return r < 0 ? r : 0;
}

static int remember(
    struct call *c, const char *event, const char *category, uint64_t hash, struct node **ret)
{
	struct writer *w = c->writer;
	struct node *node = calloc(1, sizeof(*node));
	int r;

	if (!w->catalogue)
		w->catalogue = calloc(1, sizeof(*w->catalogue));
	if (!node || !w->catalogue) {
		free(node);
		return err_set(&c->err, TIX_EUNAVAILABLE, "memory", "out of memory");
	}
	r = read_offer(c, event, category, &node->offer);
	if (r < 0) {
		free(node);
		return r;
	}
	node->hash = hash;
	node->next = w->catalogue->buckets[hash % BUCKETS];
	w->catalogue->buckets[hash % BUCKETS] = node;
	w->catalogue->n++;
	*ret = node;
	return 0;
}

static int find(struct call *c, const char *event, const char *category, struct node **ret)
{
	uint64_t hash = hash_names(event, category);
	struct node *node =
	    c->writer->catalogue ? c->writer->catalogue->buckets[hash % BUCKETS] : NULL;
	int r;

	while (node && (node->hash != hash || strcmp(node->offer.event.slug, event) != 0 ||
			   strcmp(node->offer.name, category) != 0))
		node = node->next;
	if (!node) {
		r = remember(c, event, category, hash, &node);
		if (r < 0)
			return r;
	}
	*ret = node;
	return 0;
}

/* Under the slug that the event has now alone: an old one costs a look-up each time. */
static int find_renamed(struct call *c, const char *event, const char *category, struct node **ret)
{
	struct event_ref ref;
	int r = call_event(c, event, &ref);

	if (r == 0)
		r = strcmp(ref.slug, event) ? find(c, ref.slug, category, ret) : TIX_ENOT_FOUND;
	if (r == TIX_ENOT_FOUND && c->err.code == 0)
		r = guess_category(c, ref.id, "line", category);
	return r;
}

int offer_find(struct call *c, const char *event, const char *category, const struct offer **ret)
{
	struct node *node;
	int r = find(c, event, category, &node);

	if (r == TIX_ENOT_FOUND)
		r = find_renamed(c, event, category, &node);
	if (r < 0)
		return r;
	if (!scope_sees(c->who, node->offer.organizer, node->offer.event.slug))
		return guess_event(c, event);
	*ret = &node->offer;
	return 0;
}
