/* SPDX-License-Identifier: MIT */
/* The journal's chain: appends, reads back, computes hashes. It knows topics as text only. */
#include "core/journal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/odd.h"
#include "core/order_log.h"
#include "core/page.h"
#include "core/redirect.h"
#include "core/writer_state.h"

#define SCAN_MAX 20000 /* records one page looks at */
#define READ_STEP 200

static void put_i64(crypto_generichash_state *h, int64_t v)
{
	uint8_t raw[8];

	for (int i = 0; i < 8; i++)
		raw[i] = (uint8_t)((uint64_t)v >> (8 * i));
	crypto_generichash_update(h, raw, sizeof(raw));
}

/* Length first, so that no two records have the same bytes; -1 for what is absent. */
static void put_text(crypto_generichash_state *h, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	put_i64(h, text ? (int64_t)len : -1);
	if (len > 0)
		crypto_generichash_update(h, (const unsigned char *)text, len);
}

void journal_hash(
    const uint8_t key[32], const uint8_t prev[32], const struct journal_entry *e, uint8_t ret[32])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, key, 32, 32);
	crypto_generichash_update(&h, prev, 32);
	put_i64(&h, e->seq);
	put_i64(&h, e->at);
	put_text(&h, e->actor);
	put_text(&h, e->topic);
	put_text(&h, e->subject);
	put_i64(&h, e->event_id);
	put_text(&h, e->data);
	put_text(&h, e->request);
	if (e->has_reason)
		crypto_generichash_update(&h, e->reason_mac, sizeof(e->reason_mac));
	crypto_generichash_final(&h, ret, 32);
}

void journal_reason_mac(const uint8_t key[32], const char *reason, uint8_t ret[16])
{
	crypto_generichash(ret, 16, (const unsigned char *)reason, strlen(reason), key, 32);
}

void journal_reset(struct writer *w)
{
	w->now.published = 0;
	w->kept.published = 0;
	arena_reset(w->pub_arena);
}

/* A place for one more record; what is in it belongs to the writer. */
static struct journal_entry *room(struct writer *w)
{
	if (w->now.published == w->published_cap) {
		int cap = w->published_cap ? 2 * w->published_cap : 256;
		struct journal_entry *v = reallocarray(w->published, (size_t)cap, sizeof(*v));

		if (!v)
			return NULL;
		w->published = v;
		w->published_cap = cap;
	}
	return &w->published[w->now.published];
}

static int insert(struct writer *w, const struct journal_entry *e, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, w->db, SQL_journal_add, err);
	q_i64(&q, 1, e->seq);
	q_i64(&q, 2, e->at);
	q_str(&q, 3, e->actor);
	q_str(&q, 4, e->topic);
	q_str(&q, 5, e->subject);
	if (e->event_id)
		q_i64(&q, 6, e->event_id);
	else
		q_null(&q, 6);
	q_str(&q, 7, e->data);
	q_str(&q, 8, e->request);
	q_str(&q, 9, e->reason);
	if (e->has_reason)
		q_mem(&q, 10, e->reason_mac, sizeof(e->reason_mac));
	else
		q_null(&q, 10);
	q_mem(&q, 11, e->hash, sizeof(e->hash));
	r = q_step(&q);
	q_end(&q);
	return r;
}

/* Copies what the record points to; false without memory. */
static bool own(struct writer *w, struct journal_entry *e)
{
	const char **fields[] = {
	    &e->actor, &e->topic, &e->subject, &e->event, &e->data, &e->request, &e->reason};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (*fields[i]) {
			*fields[i] = arena_strdup(w->pub_arena, *fields[i]);
			if (!*fields[i])
				return false;
		}
	}
	return true;
}

int journal_append(struct call *c, const char *topic, const char *subject, int64_t event_id,
    const char *event_slug, const char *data)
{
	struct writer *w = c->writer;
	const struct mut_in *in = c->op && c->op->mutates ? c->in : NULL;
	struct journal_entry *e = room(w);
	int r;

	if (!e)
		return err_set(&c->err, TIX_EUNAVAILABLE, "memory", "out of memory");
	*e = (struct journal_entry){
	    .seq = w->now.seq + 1,
	    .at = c->now,
	    .actor = c->who->name,
	    .topic = topic,
	    .subject = subject,
	    .event = event_slug,
	    .event_id = event_id,
	    .data = data ? data : "{}",
	    .request = c->request,
	    .reason = in && in->reason && *in->reason ? in->reason : NULL,
	};
	if (e->reason) {
		e->has_reason = true;
		journal_reason_mac(c->core->keys.chain, e->reason, e->reason_mac);
	}
	journal_hash(c->core->keys.chain, w->now.hash, e, e->hash);
	if (!own(w, e))
		return err_set(&c->err, TIX_ELIMIT, NULL, "the batch needs too much memory");
	r = insert(w, e, &c->err);
	if (r < 0)
		return r;
	w->now.seq = e->seq;
	memcpy(w->now.hash, e->hash, sizeof(e->hash));
	w->now.published++;
	c->seq = e->seq;
	return 0;
}

int writer_published(struct writer *w, const struct journal_entry **ret)
{
	*ret = w->published;
	return w->kept.published;
}

static void fixed_blob(struct q *q, int column, uint8_t *ret, size_t size)
{
	size_t len;
	const void *data = q_blob(q, column, &len);

	if (len == size)
		memcpy(ret, data, size);
}

static const char *copied(struct arena *a, struct q *q, int column, bool *failed)
{
	const char *text = q_text(q, column), *copy;

	if (!text)
		return NULL;
	copy = arena_strdup(a, text);
	if (!copy)
		*failed = true;
	return copy;
}

static bool read_row(struct q *q, struct arena *a, struct journal_entry *e)
{
	bool failed = false;

	*e = (struct journal_entry){.seq = q_col(q, 0), .at = q_col(q, 1), .event_id = q_col(q, 5)};
	e->actor = copied(a, q, 2, &failed);
	e->topic = copied(a, q, 3, &failed);
	e->subject = copied(a, q, 4, &failed);
	e->event = copied(a, q, 6, &failed);
	e->data = copied(a, q, 7, &failed);
	e->request = copied(a, q, 8, &failed);
	e->reason = copied(a, q, 9, &failed);
	e->has_reason = !q_isnull(q, 10);
	if (e->has_reason)
		fixed_blob(q, 10, e->reason_mac, sizeof(e->reason_mac));
	fixed_blob(q, 11, e->hash, sizeof(e->hash));
	return !failed;
}

int journal_read(struct db *db, struct arena *arena, int64_t since, int max,
    struct journal_entry **ret, struct err *err)
{
	struct journal_entry *v = arena_array(arena, (size_t)max, sizeof(*v));
	struct q q;
	int n = 0, r;

	if (!v)
		return err_set(err, TIX_ELIMIT, NULL, "the request needs too much memory");
	q_start(&q, db, SQL_journal_read, err);
	q_i64(&q, 1, since);
	q_i64(&q, 2, max);
	while ((r = q_step(&q)) == 1 && n < max) {
		if (!read_row(&q, arena, &v[n++])) {
			r = err_set(err, TIX_ELIMIT, NULL, "the request needs too much memory");
			break;
		}
	}
	q_end(&q);
	if (r < 0)
		return r;
	*ret = v;
	return n;
}

bool journal_topic_match(const struct text_list *topics, const char *topic)
{
	for (size_t i = 0; i < topics->n; i++) {
		size_t len = strlen(topics->v[i]);

		if (len > 0 && topics->v[i][len - 1] == '*'
			? strncmp(topics->v[i], topic, len - 1) == 0
			: strcmp(topics->v[i], topic) == 0)
			return true;
	}
	return topics->n == 0;
}

bool journal_visible(
    const struct principal *who, const struct journal_entry *e, const char *organizer)
{
	if (who->event[0])
		return e->event && strcmp(e->event, who->event) == 0;
	if (who->organizer[0])
		return organizer && strcmp(organizer, who->organizer) == 0;
	return true;
}

/* The slug of the organizer whose event a record belongs to; NULL: none. Only asked for scoped
 * callers. */
static int organizer_of(struct call *c, int64_t event, const char **ret)
{
	struct q q;
	int r;

	*ret = NULL;
	if (!event || !c->who->organizer[0])
		return 0;
	q_start(&q, c->db, SQL_event_organizer_slug, &c->err);
	q_i64(&q, 1, event);
	r = q_step(&q);
	if (r == 1)
		*ret = arena_strdup(c->arena, q_text(&q, 0));
	q_end(&q);
	return r < 0 ? r : 0;
}

static int wanted(struct call *c, const struct journal_list_in *in, const struct journal_entry *e)
{
	const char *organizer;
	int r;

	if (in->event && (!e->event || strcmp(e->event, in->event) != 0))
		return 0;
	if (in->subject && strcmp(e->subject, in->subject) != 0)
		return 0;
	if (!journal_topic_match(&in->topic, e->topic))
		return 0;
	r = organizer_of(c, e->event_id, &organizer);
	return r < 0 ? r : journal_visible(c->who, e, organizer);
}

int journal_to_record(struct arena *a, const struct journal_entry *e, struct journal_record *out)
{
	char *hex = arena_alloc(a, 65);

	if (!hex)
		return TIX_ELIMIT;
	*out = (struct journal_record){
	    .seq = e->seq,
	    .at = e->at,
	    .actor = e->actor,
	    .topic = e->topic,
	    .subject = e->subject,
	    .event = e->event,
	    .data = e->data,
	    .reason = e->reason,
	    .request = e->request,
	    .hash = sodium_bin2hex(hex, 65, e->hash, sizeof(e->hash)),
	};
	return 0;
}

static void list_filter(const struct journal_list_in *in, struct page_filter *f)
{
	page_filter_init(f, "journal.list");
	page_filter_str(f, in->event);
	page_filter_str(f, in->subject);
	page_filter_str(f, in->from);
	page_filter_str(f, in->until);
	page_filter_i64(f, HAS(in, journal_list_in, upto) ? in->upto : INT64_MAX);
	for (size_t i = 0; i < in->topic.n; i++)
		page_filter_str(f, in->topic.v[i]);
}

static size_t bytes_of(const struct journal_entry *e)
{
	return strlen(e->data) + (e->reason ? strlen(e->reason) : 0);
}

/* Fills out from the records after *since; moves *since to the last one looked at. 1: there may be
 * more. */
static int fill(struct call *c, const struct journal_list_in *in, int limit, int64_t *since,
    struct journal_page *out)
{
	struct journal_record *items = out->items.v;
	size_t bytes = 0;
	int64_t upto = HAS(in, journal_list_in, upto) ? in->upto : INT64_MAX;
	int scanned = 0;

	while (scanned < SCAN_MAX && arena_used(c->arena) < PAGE_MEMORY_MAX) {
		struct journal_entry *v;
		int n = journal_read(c->db, c->arena, *since, READ_STEP, &v, &c->err);

		if (n <= 0)
			return n;
		for (int i = 0; i < n; i++) {
			int r;

			if (v[i].seq > upto)
				return 0;
			r = wanted(c, in, &v[i]);
			if (r < 0)
				return r;
			bytes += r == 1 ? bytes_of(&v[i]) : 0;
			if (r == 1 && (out->items.n == (size_t)limit ||
					  (out->items.n > 0 && bytes > PAGE_TEXT_MAX)))
				return 1;
			*since = v[i].seq;
			if (r == 1 &&
			    journal_to_record(c->arena, &v[i], &items[out->items.n++]) < 0)
				return err_set(
				    &c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
		}
		scanned += n;
	}
	return 1;
}

/* Times as numbers of records, in the zone of the event if one is meant. */
static int bound_times(struct call *c, struct journal_list_in *in)
{
	struct event_ref event;
	const struct event_ref *zone = in->event && (in->from || in->until) ? &event : NULL;
	int64_t at, seq;
	int r = zone ? call_event(c, in->event, &event) : 0;

	if (r == 0)
		r = call_when(c, zone, in->from, false, "since", &at);
	if (r == 0 && in->from) {
		r = order_log_from(c, at, &seq);
		in->since = seq > in->since ? seq - 1 : in->since;
	}
	if (r == 0)
		r = call_when(c, zone, in->until, true, "until", &at);
	if (r == 0 && in->until) {
		r = order_log_from(c, at, &seq);
		if (!HAS(in, journal_list_in, upto) || seq - 1 < in->upto)
			in->upto = seq - 1;
		SET(in, journal_list_in, upto);
	}
	return r;
}

int journal_list(struct call *c, const struct journal_list_in *given, struct journal_page *out)
{
	struct journal_list_in mine = *given, *in = &mine;
	int limit = page_limit(in, journal_list_in);
	struct page_filter f;
	struct page_key key;
	int r;

	list_filter(in, &f);
	r = bound_times(c, in);
	if (r == 0 && in->event)
		r = redirect_find(c, in->event, &in->event);
	if (r < 0)
		return r;
	ODD_TELL(c, out, journal_page);
	key = (struct page_key){{in->since, 0}, NULL};
	r = page_open(c, &f, in->cursor, &key);
	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, (size_t)limit, sizeof(struct journal_record));
	if (!out->items.v)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	r = fill(c, in, limit, &key.n[0], out);
	if (r == 1) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}

bool journal_of_order(const char *topic)
{
	static const char *const starts[] = {"order.", "hold.", "ticket.", "payment.", "refund."};

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (strncmp(topic, starts[i], strlen(starts[i])) == 0)
			return true;
	}
	return false;
}
