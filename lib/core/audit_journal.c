/* SPDX-License-Identifier: MIT */
/* The law of the journal: no number is missing, every hash follows from the one before, and every
 * order has the records that its state needs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/audit_law.h"
#include "core/journal.h"
#include "core/rows.h"

/* What the journal says of orders: a byte an order, by id. */
enum { SEEN = 1, PAID = 2, ENDED = 4, CANCELLED = 8, PLACED = 16, EXPIRED = 32 };

struct chain {
	uint8_t prev[32];
	int64_t seq;
	uint8_t *orders;
	int64_t norders;
	int64_t later; /* records of orders that are not their first */
};

/* What an order went through before it came from another store, by its state as it came. */
static uint8_t imported_as(const char *data)
{
	static const struct {
		const char *text;
		uint8_t seen;
	} states[] = {
	    {"\"state\":\"paid\"", PAID},
	    {"\"state\":\"pending\"", PLACED},
	    {"\"state\":\"expired\"", PLACED | EXPIRED},
	    {"\"state\":\"cancelled\"", PAID | CANCELLED},
	};

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (strstr(data, states[i].text))
			return states[i].seen;
	}
	return 0;
}

static int note(struct auditor *a, struct chain *k, const struct journal_entry *e)
{
	char code[ORDER_CODE_SIZE];
	int64_t id;

	/* CODE, CODE/n of a ticket, CODE/rn of a refund */
	snprintf(code, sizeof(code), "%.*s", (int)strcspn(e->subject, "/"), e->subject);
	if (!journal_of_order(e->topic) || order_code_decode(&a->c->core->keys, code, &id, NULL) < 0 ||
	    id < 0)
		return 0;
	if (id >= k->norders) {
		int64_t n = id < (INT64_C(1) << 33) ? (id + 1) * 2 : 0;
		uint8_t *more = n ? realloc(k->orders, (size_t)n) : NULL;

		if (!more)
			return n ? row_no_memory(a->c) : 0;
		memset(more + k->norders, 0, (size_t)(n - k->norders));
		k->orders = more;
		k->norders = n;
	}
	k->later += k->orders[id] & SEEN;
	k->orders[id] |= SEEN;
	if (strcmp(e->topic, "order.imported") == 0)
		k->orders[id] |= imported_as(e->data);
	if (strcmp(e->topic, "order.paid") == 0)
		k->orders[id] |= PAID;
	if (strcmp(e->topic, "order.placed") == 0)
		k->orders[id] |= PLACED;
	if (strcmp(e->topic, "order.expired") == 0)
		k->orders[id] |= EXPIRED;
	if (strcmp(e->topic, "order.cancelled") == 0)
		k->orders[id] |= CANCELLED;
	if (strcmp(e->topic, "hold.expired") == 0 || strcmp(e->topic, "hold.released") == 0)
		k->orders[id] |= ENDED;
	return 0;
}

static int check_entry(struct auditor *a, struct chain *k, const struct journal_entry *e)
{
	uint8_t hash[32], mac[16];
	char subject[32];

	snprintf(subject, sizeof(subject), "%lld", (long long)e->seq);
	if (e->seq != k->seq + 1)
		audit_find(a, audit_severity_broken, subject,
		    "the records from %lld to %lld are missing", (long long)k->seq + 1,
		    (long long)e->seq - 1);
	journal_hash(a->c->core->keys.chain, k->prev, e, hash);
	if (memcmp(hash, e->hash, sizeof(hash)) != 0)
		audit_find(a, audit_severity_broken, subject,
		    "it was changed, or does not follow the record before: %s of %s", e->topic,
		    e->subject);
	if (e->reason) {
		journal_reason_mac(a->c->core->keys.chain, e->reason, mac);
		if (!e->has_reason || memcmp(mac, e->reason_mac, sizeof(mac)) != 0)
			audit_find(a, audit_severity_broken, subject, "its reason was changed");
	}
	/* One fault is one finding: the chain goes on from what is there. */
	memcpy(k->prev, e->hash, sizeof(k->prev));
	k->seq = e->seq;
	a->law->checked++;
	return note(a, k, e);
}

static void fixed_blob(struct q *q, int column, uint8_t *ret, size_t size)
{
	size_t len;
	const void *data = q_blob(q, column, &len);

	if (data && len == size)
		memcpy(ret, data, size);
}

static const char *text_or_none(struct q *q, int column)
{
	const char *text = q_text(q, column);

	return text ? text : "";
}

/* One slice of records, checked as they come; nothing of them is kept. Returns how many. */
static int check_slice(struct auditor *a, struct chain *k, int max)
{
	struct q q;
	int n = 0, r;

	q_start(&q, a->c->db, SQL_audit_journal, &a->c->err);
	q_i64(&q, 1, k->seq);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1) {
		struct journal_entry e = {
		    .seq = q_col(&q, 0),
		    .at = q_col(&q, 1),
		    .actor = text_or_none(&q, 2),
		    .topic = text_or_none(&q, 3),
		    .subject = text_or_none(&q, 4),
		    .event_id = q_col(&q, 5),
		    .data = text_or_none(&q, 6),
		    .request = q_text(&q, 7),
		    .reason = q_text(&q, 8),
		    .has_reason = !q_isnull(&q, 9),
		};

		fixed_blob(&q, 9, e.reason_mac, sizeof(e.reason_mac));
		fixed_blob(&q, 10, e.hash, sizeof(e.hash));
		n++;
		r = check_entry(a, k, &e);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : n;
}

static int check_chain(struct auditor *a, struct chain *k)
{
	int max = audit_slice(a), n;

	do {
		n = check_slice(a, k, max);
		audit_pause(a);
	} while (n == max);
	return n < 0 ? n : 0;
}

static int check_recorded(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	const struct chain *k = ctx;
	uint8_t seen = o->id >= 0 && o->id < k->norders ? k->orders[o->id] : 0;
	bool sold = o->state == order_state_paid || o->state == order_state_cancelled;
	bool placed = o->state == order_state_pending ||
		      (o->state == order_state_expired && o->pay != 0) ||
		      (o->state == order_state_cancelled && o->pay == pay_kind_bank && !(seen & PAID));
	bool ended = o->pay == 0 && (o->state == order_state_expired || o->state == order_state_released);
	char code[32];

	(void)rows;
	if (!(seen & SEEN))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "the journal does not know it");
	else if (placed && !(seen & PLACED))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "ordered, but the journal has no order of it");
	else if (o->state == order_state_pending && (seen & EXPIRED))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "it awaits its money, in the journal its time was over");
	else if (sold && !placed && !(seen & PAID))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "sold, but the journal has no sale of it");
	else if (!sold && (seen & PAID))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "the journal has sold it, the store has not");
	else if ((o->state == order_state_cancelled) != ((seen & CANCELLED) != 0))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "cancelled in the journal or in the store, not in both");
	else if ((ended && !(seen & ENDED)) || (placed && o->state == order_state_expired && !(seen & EXPIRED)))
		audit_find(a, audit_severity_broken, audit_order(a, o->id, code),
		    "over, but the journal has no end of it");
	return 0;
}

/* Orders of which records tell that the store does not have. */
static int count_orders(struct auditor *a, void *ctx, const struct walk_order *o,
    const struct walk_rows rows[WALK_KINDS])
{
	struct chain *k = ctx;
	int r = check_recorded(a, ctx, o, rows);

	if (o->id >= 0 && o->id < k->norders)
		k->orders[o->id] = 0;
	return r;
}

static void lost_orders(struct auditor *a, const struct chain *k)
{
	char code[32];

	for (int64_t id = 0; id < k->norders; id++) {
		if (k->orders[id])
			audit_find(a, audit_severity_broken, audit_order(a, id, code),
			    "the journal knows it, the store does not have it");
	}
}

/* Every later record of an order is listed with it. */
static int check_listed(struct auditor *a, const struct chain *k)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_records, &a->c->err);
	r = q_step(&q);
	if (r == 1 && q_col(&q, 0) != k->later)
		audit_find(a, audit_severity_broken, "orders",
		    "%lld later records of orders, the history lists %lld", (long long)k->later,
		    (long long)q_col(&q, 0));
	q_end(&q);
	return r < 0 ? r : 0;
}

/* No reader has come further than the journal. */
static int check_bookmarks(struct auditor *a)
{
	struct q q;
	int r;

	q_start(&q, a->c->db, SQL_audit_bookmarks, &a->c->err);
	q_i64(&q, 1, AUDIT_FINDINGS_MAX);
	while ((r = q_step(&q)) == 1)
		audit_find(a, audit_severity_broken, q_text(&q, 0), "a bookmark beyond the end of the journal");
	q_end(&q);
	return r;
}

int law_journal(struct auditor *a)
{
	static const struct audit_pass pass = {.order = count_orders};
	struct chain k = {.seq = 0};
	struct walker w = {&pass, a->law, a->repair, &k};
	int r = check_chain(a, &k);

	a->chained = r == 0;
	a->head_seq = k.seq;
	memcpy(a->head_hash, k.prev, sizeof(a->head_hash));
	if (r == 0)
		r = audit_walk(a, &w, 1);
	if (r == 0)
		lost_orders(a, &k);
	if (r == 0)
		r = check_listed(a, &k);
	if (r == 0)
		r = check_bookmarks(a);
	free(k.orders);
	return r;
}
