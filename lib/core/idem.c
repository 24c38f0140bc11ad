/* SPDX-License-Identifier: MIT */
/* One key, one effect: the rows that remember keys of calls. No reply is kept, only what it was
 * about. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/writer_state.h"

#define SLICE 512
#define SWEEP_EVERY (INT64_C(3600) * USEC_PER_SEC)

size_t idem_bytes(const char *text, uint8_t ret[200])
{
	size_t len = strlen(text);

	if (len == UUID_SIZE - 1 && uuid_parse(text, ret) == 0)
		return 16;
	if (len > 200)
		len = 200;
	memcpy(ret, text, len);
	if (len == 16)
		ret[len++] = '\0'; /* no UUID has 17 bytes, and no text a NUL */
	return len;
}

static int found(struct call *c, struct q *q)
{
	size_t len;
	const void *params = q_blob(q, 0, &len);

	if (len != sizeof(c->params) || memcmp(params, c->params, len) != 0) {
		err_set(&c->err, TIX_EKEY_REUSED, "idempotency_key",
		    "the key was used with other parameters");
		err_hint(&c->err, "take a new key for a new request");
		return TIX_EKEY_REUSED;
	}
	c->subject = q_col(q, 1);
	c->seq = q_col(q, 2);
	return 1;
}

int idem_find(struct call *c, bool *ret_replayed)
{
	const struct mut_in *in = c->in;
	uint8_t key[200];
	struct q q;
	int r;

	*ret_replayed = false;
	if (!c->op->mutates || !in->idempotency_key)
		return 0;
	q_start(&q, c->db, SQL_idem_get, &c->err);
	q_i64(&q, 1, c->who->id);
	q_mem(&q, 2, key, idem_bytes(in->idempotency_key, key));
	r = q_step(&q);
	if (r == 1)
		r = found(c, &q);
	q_end(&q);
	if (r == 1) {
		*ret_replayed = true;
		r = 0;
	}
	return r;
}

int idem_keep(struct call *c)
{
	const struct mut_in *in = c->in;
	uint8_t key[200];
	struct q q;
	int r;

	if (!c->op->mutates || !in->idempotency_key)
		return 0;
	q_start(&q, c->db, SQL_idem_add, &c->err);
	q_i64(&q, 1, c->who->id);
	q_mem(&q, 2, key, idem_bytes(in->idempotency_key, key));
	q_mem(&q, 3, c->params, sizeof(c->params));
	q_i64(&q, 4, c->subject);
	q_i64(&q, 5, c->seq ? c->seq : c->writer->now.seq);
	r = q_step(&q);
	q_end(&q);
	return r;
}

/* The first record that is young enough: keys of older ones may go. at never runs backwards with
 * seq. */
static int cutoff(struct writer *w, int64_t *ret, struct err *err)
{
	int64_t limit = w->clock - w->core->idem_keep, low = 1, high = w->now.seq + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		struct q q;
		int r;
		bool old;

		q_start(&q, w->db, SQL_journal_at, err);
		q_i64(&q, 1, middle);
		r = q_step(&q);
		old = r == 1 && q_col(&q, 0) < limit;
		q_end(&q);
		if (r < 0)
			return r;
		if (old)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return 0;
}

struct idem_key {
	int64_t principal, seq;
	size_t len;
	uint8_t key[200];
};

/* Reads the keys of one slice after where the sweep is, and moves it on. */
static int scan(struct writer *w, struct idem_key *v, struct err *err)
{
	struct idem_sweep *s = &w->idem;
	struct q q;
	int n = 0, r;

	q_start(&q, w->db, SQL_idem_scan, err);
	q_i64(&q, 1, s->principal);
	q_mem(&q, 2, s->key, s->key_len);
	q_i64(&q, 3, SLICE);
	while ((r = q_step(&q)) == 1 && n < SLICE) {
		const void *key = q_blob(&q, 1, &v[n].len);

		if (v[n].len > sizeof(v[n].key))
			v[n].len = sizeof(v[n].key);
		if (v[n].len > 0)
			memcpy(v[n].key, key, v[n].len);
		v[n].principal = q_col(&q, 0);
		v[n].seq = q_col(&q, 2);
		n++;
	}
	q_end(&q);
	if (n > 0) {
		s->principal = v[n - 1].principal;
		s->key_len = v[n - 1].len;
		memcpy(s->key, v[n - 1].key, v[n - 1].len);
	}
	return r < 0 ? r : n;
}

static int drop(struct writer *w, const struct idem_key *k, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, w->db, SQL_idem_drop, err);
	q_i64(&q, 1, k->principal);
	q_mem(&q, 2, k->key, k->len);
	q_i64(&q, 3, w->idem.cutoff);
	r = q_step(&q);
	q_end(&q);
	return r;
}

int idem_slice(struct writer *w, struct err *err)
{
	AUTO(str) char *mem = malloc(SLICE * sizeof(struct idem_key));
	struct idem_key *v = (struct idem_key *)(void *)mem;
	int n, r;

	if (!v)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	if (!w->idem.active) {
		w->idem =
		    (struct idem_sweep){.principal = INT64_MIN, .next_at = w->clock + SWEEP_EVERY};
		r = cutoff(w, &w->idem.cutoff, err);
		if (r < 0 || w->idem.cutoff <= 1)
			return r;
		w->idem.active = true;
	}
	n = scan(w, v, err);
	for (int i = 0; i < n; i++) {
		r = v[i].seq < w->idem.cutoff ? drop(w, &v[i], err) : 0;
		if (r < 0)
			return r;
	}
	if (n < SLICE)
		w->idem.active = false;
	return n < 0 ? n : n == SLICE;
}
