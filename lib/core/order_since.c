/* SPDX-License-Identifier: MIT */
/* From records of the journal to orders. Ids are given in the order of the first records. */
#include "core/order_since.h"

#include <string.h>

#include "core/journal.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/rows.h"

#define STEP ORDER_CHANGED_STEP

struct place {
	int64_t seq, at, order; /* order 0: the record is of no order */
};

static int64_t order_of(struct call *c, const char *topic, const char *subject)
{
	char code[ORDER_CODE_SIZE];
	size_t len = strcspn(subject, "/");
	int64_t id;

	if (!journal_of_order(topic) || len >= sizeof(code))
		return 0;
	memcpy(code, subject, len);
	code[len] = '\0';
	return order_code_decode(&c->core->keys, code, &id, NULL) == 0 ? id : 0;
}

static int read_places(struct call *c, int64_t from, struct place *ret)
{
	struct q q;
	int n = 0, r;

	q_start(&q, c->db, SQL_journal_from, &c->err);
	q_i64(&q, 1, from);
	q_i64(&q, 2, STEP);
	while (n < STEP && (r = q_step(&q)) == 1) {
		ret[n] = (struct place){.seq = q_col(&q, 0),
		    .at = q_col(&q, 1),
		    .order = order_of(c, q_text(&q, 3), q_text(&q, 2))};
		n++;
	}
	q_end(&q);
	return n < STEP && r < 0 ? r : n;
}

static int time_of(struct call *c, int64_t seq, int64_t *ret)
{
	struct q q;
	int r;

	q_start(&q, c->db, SQL_journal_at, &c->err);
	q_i64(&q, 1, seq);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r;
}

/* What is older than the record was made before it; among orders of its very time the records up to it tell. */
int order_made_upto(struct call *c, int64_t seq, int64_t *ret)
{
	struct place v[STEP];
	int64_t at = 0, from = 0;
	int n = STEP, r = seq > 0 ? time_of(c, seq, &at) : 0;

	if (r < 1) {
		*ret = seq > 0 ? ORDER_ID_MAX : 0; /* the journal ends before it */
		return r;
	}
	r = order_made_from(c, at, ret);
	--*ret;
	if (r == 0)
		r = order_log_from(c, at, &from);
	while (r == 0 && n == STEP && from <= seq) {
		n = read_places(c, from, v);
		for (int i = 0; i < n && v[i].seq <= seq; i++) {
			if (v[i].order > *ret)
				*ret = v[i].order;
		}
		from += STEP;
	}
	return r < 0 ? r : n < 0 ? n : 0;
}

/* Whether no later record tells of the order. */
static int is_last(struct call *c, const struct place *p)
{
	struct q q;
	int r;
	bool later = false;

	q_start(&q, c->db, SQL_record_last, &c->err);
	q_i64(&q, 1, p->order);
	r = q_step(&q);
	if (r == 1)
		later = q_col(&q, 0) > p->seq;
	q_end(&q);
	return r < 0 ? r : !later;
}

int order_changed_next(struct call *c, int64_t after, int64_t upto, struct order_changed *ret)
{
	struct place v[STEP];
	int n = read_places(c, after + 1, v);

	ret->n = 0;
	ret->looked = after;
	ret->end = n < STEP;
	for (int i = 0; i < n; i++) {
		int r = 0;

		if (v[i].seq > upto) {
			ret->end = true;
			break;
		}
		if (v[i].order)
			r = is_last(c, &v[i]);
		if (r < 0)
			return r;
		if (r == 1) {
			ret->ids[ret->n] = v[i].order;
			ret->seqs[ret->n++] = v[i].seq;
		}
		ret->looked = v[i].seq;
	}
	return n < 0 ? n : 0;
}
