/* SPDX-License-Identifier: MIT */
/* Building the sorted runs, a slice at a time. All of it runs in the writer's transactions; what is
 * kept in memory can be thrown away at any time, the store alone says which runs there are. */
#include "core/lookup.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/lookup_state.h"

#define RUN 8192
#define SLICE 512
#define FAN 16
#define RUNS_MAX 256

struct run {
	int64_t run, level, rows, upto;
};

struct pair {
	int64_t hash, orders;
};

/* Persons on their way into a new run: read, sorted, written. */
struct flush {
	bool active, sorted;
	int64_t run, at, upto;
	int n, written;
	struct pair *v; /* room for l->run_size */
};

/* FAN runs on their way into one, by ranges of the hash so that what is written lies together. */
struct merge {
	bool active;
	int first, src;
	int64_t run, rows, total, step, low;
	struct pair last; /* of source src within the range */
};

struct lookup {
	enum lookup_kind kind;
	int run_size, slice;
	bool loaded;
	int64_t next_run;
	struct run runs[RUNS_MAX]; /* by upto */
	int nruns;
	struct flush flush;
	struct merge merge;
	struct pair *buf;   /* a slice on its way; room for it */
	bool garbage;	    /* there may be left-overs */
	int64_t garbage_at; /* looked at all runs below */
};

int64_t lookup_hash(const char *text)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "tix look-up 0001";
	unsigned char out[crypto_shorthash_BYTES];
	char small[256];
	size_t len = strnlen(text, sizeof(small));
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++)
		small[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
	crypto_shorthash(out, (const unsigned char *)small, len, key);
	for (int i = 0; i < 8; i++)
		v |= (uint64_t)out[i] << (8 * i);
	return (int64_t)(v >> 1) == INT64_MAX
		   ? 0
		   : (int64_t)(v >> 1); /* below the end of the last range */
}

int lookup_new(struct lookup **ret, struct err *err)
{
	struct lookup *l = calloc(1, sizeof(*l));

	if (!l)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	l->kind = LOOKUP_email;
	l->run_size = RUN;
	l->slice = SLICE;
	l->buf = reallocarray(NULL, SLICE, sizeof(*l->buf));
	if (!l->buf) {
		lookup_free(l);
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	}
	*ret = l;
	return 0;
}

void lookup_free(struct lookup *l)
{
	if (!l)
		return;
	free(l->flush.v);
	free(l->buf);
	free(l);
}

void lookup_tune(struct lookup *l, int run, int slice)
{
	lookup_undone(l);
	l->run_size = run;
	l->slice = slice < SLICE ? slice : SLICE;
}

void lookup_undone(struct lookup *l)
{
	free(l->flush.v);
	l->flush = (struct flush){0};
	l->merge = (struct merge){0};
	l->loaded = false;
}

static int64_t upto(const struct lookup *l)
{
	return l->nruns > 0 ? l->runs[l->nruns - 1].upto : 0;
}

/* The first of FAN neighbours of one level, -1: none. */
static int mergeable(const struct lookup *l)
{
	int same = 0;

	for (int i = 0; i < l->nruns; i++) {
		same = i > 0 && l->runs[i].level == l->runs[i - 1].level ? same + 1 : 1;
		if (same == FAN)
			return i - FAN + 1;
	}
	return -1;
}

bool lookup_pending(const struct lookup *l, int64_t last)
{
	return !l->loaded || l->flush.active || l->merge.active || l->garbage ||
	       last - upto(l) >= l->run_size || mergeable(l) >= 0;
}

static int load(struct lookup *l, struct db *db, struct err *err)
{
	struct q q;
	int r;

	l->nruns = 0;
	l->next_run = 1;
	q_start(&q, db, SQL_lookup_runs, err);
	q_i64(&q, 1, l->kind);
	while ((r = q_step(&q)) == 1 && l->nruns < RUNS_MAX) {
		struct run *run = &l->runs[l->nruns++];

		*run = (struct run){q_col(&q, 0), q_col(&q, 1), q_col(&q, 2), q_col(&q, 3)};
		if (run->run >= l->next_run)
			l->next_run = run->run + 1;
	}
	q_end(&q);
	if (r == 0) {
		q_start(&q, db, SQL_lookup_last_run, err);
		q_i64(&q, 1, l->kind);
		r = q_step(&q);
		if (r == 1 && q_col(&q, 0) >= l->next_run)
			l->next_run = q_col(&q, 0) + 1;
		q_end(&q);
	}
	l->loaded = r >= 0;
	l->garbage = true;
	l->garbage_at = 0;
	return r < 0 ? r : 1;
}

static int add_pair(
    struct lookup *l, struct db *db, int64_t run, const struct pair *p, struct err *err)
{
	int64_t values[] = {l->kind, run, p->hash, p->orders};

	return q_run(db, SQL_lookup_add, err, 4, values);
}

static int add_run(struct lookup *l, struct db *db, const struct run *run, struct err *err)
{
	int64_t values[] = {l->kind, run->run, run->level, run->rows, run->upto};

	return q_run(db, SQL_lookup_run_add, err, 5, values);
}

static int by_hash(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->orders > y->orders) - (x->orders < y->orders);
}

static int flush_start(struct lookup *l, struct err *err)
{
	if (l->nruns == RUNS_MAX)
		return err_set(err, TIX_EINTERNAL, NULL, "too many runs of the look-up index");
	l->flush.v = reallocarray(NULL, (size_t)l->run_size, sizeof(*l->flush.v));
	if (!l->flush.v)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	l->flush.active = true;
	l->flush.run = l->next_run++;
	l->flush.at = upto(l);
	l->flush.upto = l->flush.at + l->run_size;
	return 1;
}

static int flush_read(struct lookup *l, struct db *db, struct err *err)
{
	struct flush *f = &l->flush;
	int n = 0, r;
	struct q q;

	q_start(&q, db, SQL_lookup_persons, err);
	q_i64(&q, 1, f->at);
	q_i64(&q, 2, f->upto);
	q_i64(&q, 3, l->slice);
	while ((r = q_step(&q)) == 1) {
		const char *text = q_text(&q, 2);

		f->at = q_col(&q, 0);
		if (text && f->n < l->run_size)
			f->v[f->n++] = (struct pair){lookup_hash(text), q_col(&q, 1)};
		n++;
	}
	q_end(&q);
	if (r < 0)
		return r;
	if (n < l->slice) {
		qsort(f->v, (size_t)f->n, sizeof(*f->v), by_hash);
		f->sorted = true;
	}
	return 1;
}

static int flush_write(struct lookup *l, struct db *db, struct err *err)
{
	struct flush *f = &l->flush;
	struct run run = {f->run, 0, f->n, f->upto};
	int r = 0;

	for (int i = 0; r >= 0 && i < l->slice && f->written < f->n; i++) {
		const struct pair *p = &f->v[f->written++];

		if (f->written > 1 && by_hash(p, p - 1) == 0)
			continue;
		r = add_pair(l, db, f->run, p, err);
	}
	if (r < 0 || f->written < f->n)
		return r < 0 ? r : 1;
	r = add_run(l, db, &run, err);
	if (r < 0)
		return r;
	l->runs[l->nruns++] = run;
	free(f->v);
	*f = (struct flush){0};
	return 1;
}

static void merge_start(struct lookup *l, int first)
{
	struct merge *m = &l->merge;

	*m = (struct merge){.active = true, .first = first, .run = l->next_run++, .last = {0, -1}};
	for (int i = first; i < first + FAN; i++)
		m->total += l->runs[i].rows;
	m->step = m->total < l->slice ? INT64_MAX : INT64_MAX / (m->total / l->slice + 1) + 1;
}

static int64_t range_end(const struct merge *m)
{
	return m->low > INT64_MAX - m->step ? INT64_MAX : m->low + m->step;
}

/* Copies up to max rows of the range from the current source. Returns how many or < 0; fewer than
 * max: no more. */
static int merge_copy(struct lookup *l, struct db *db, int max, struct err *err)
{
	struct merge *m = &l->merge;
	struct q q;
	int n = 0, r;

	q_start(&q, db, SQL_lookup_range, err);
	q_i64(&q, 1, l->kind);
	q_i64(&q, 2, l->runs[m->first + m->src].run);
	q_i64(&q, 3, m->last.hash);
	q_i64(&q, 4, m->last.orders);
	q_i64(&q, 5, range_end(m));
	q_i64(&q, 6, max);
	while ((r = q_step(&q)) == 1)
		l->buf[n++] = (struct pair){q_col(&q, 0), q_col(&q, 1)};
	q_end(&q);
	for (int i = 0; r >= 0 && i < n; i++)
		r = add_pair(l, db, m->run, &l->buf[i], err);
	if (n > 0)
		m->last = l->buf[n - 1];
	m->rows += n;
	return r < 0 ? r : n;
}

static int merge_end(struct lookup *l, struct db *db, struct err *err)
{
	struct merge *m = &l->merge;
	struct run *sources = &l->runs[m->first];
	struct run run = {m->run, sources[0].level + 1, m->rows, sources[FAN - 1].upto};
	int r = add_run(l, db, &run, err);

	for (int i = 0; r >= 0 && i < FAN; i++) {
		int64_t values[] = {l->kind, sources[i].run};

		r = q_run(db, SQL_lookup_run_drop, err, 2, values);
	}
	if (r < 0)
		return r;
	sources[0] = run;
	memmove(sources + 1, sources + FAN, (size_t)(l->nruns - m->first - FAN) * sizeof(*sources));
	l->nruns -= FAN - 1;
	*m = (struct merge){0};
	l->garbage = true;
	l->garbage_at = 0;
	return 1;
}

static int merge_slice(struct lookup *l, struct db *db, struct err *err)
{
	struct merge *m = &l->merge;
	int left = l->slice;

	while (left > 0) {
		int n = merge_copy(l, db, left, err);

		if (n < 0)
			return n;
		if (n == left)
			break; /* there may be more of this source */
		left -= n;
		if (++m->src == FAN) {
			if (range_end(m) == INT64_MAX)
				return merge_end(l, db, err);
			m->src = 0;
			m->low = range_end(m);
		}
		m->last = (struct pair){m->low, -1};
	}
	return 1;
}

static bool in_use(const struct lookup *l, int64_t run)
{
	bool used =
	    (l->flush.active && l->flush.run == run) || (l->merge.active && l->merge.run == run);

	for (int i = 0; !used && i < l->nruns; i++)
		used = l->runs[i].run == run;
	return used;
}

/* Deletes a slice of a run that nobody names. */
static int drop_slice(struct lookup *l, struct db *db, int64_t run, struct err *err)
{
	int64_t values[] = {l->kind, run, 0, 0};
	struct q q;
	int r;

	q_start(&q, db, SQL_lookup_range, err);
	q_i64(&q, 1, l->kind);
	q_i64(&q, 2, run);
	q_i64(&q, 3, 0);
	q_i64(&q, 4, -1);
	q_i64(&q, 5, INT64_MAX);
	q_i64(&q, 6, l->slice);
	while ((r = q_step(&q)) == 1) {
		values[2] = q_col(&q, 0);
		values[3] = q_col(&q, 1);
	}
	q_end(&q);
	return r < 0 ? r : q_run(db, SQL_lookup_drop, err, 4, values);
}

static int garbage_slice(struct lookup *l, struct db *db, struct err *err)
{
	int64_t run = 0;
	struct q q;
	int r;

	q_start(&q, db, SQL_lookup_next_run, err);
	q_i64(&q, 1, l->kind);
	q_i64(&q, 2, l->garbage_at);
	r = q_step(&q);
	if (r == 1)
		run = q_col(&q, 0);
	q_end(&q);
	if (r == 0)
		l->garbage = false;
	if (r <= 0)
		return r < 0 ? r : 1;
	if (in_use(l, run)) {
		l->garbage_at = run;
		return 1;
	}
	r = drop_slice(l, db, run, err);
	return r < 0 ? r : 1;
}

int lookup_slice(struct lookup *l, struct db *db, int64_t last, struct err *err)
{
	int first;

	if (!l->loaded)
		return load(l, db, err);
	if (l->flush.active)
		return l->flush.sorted ? flush_write(l, db, err) : flush_read(l, db, err);
	if (last - upto(l) >= l->run_size)
		return flush_start(l, err);
	if (l->merge.active)
		return merge_slice(l, db, err);
	first = mergeable(l);
	if (first >= 0) {
		merge_start(l, first);
		return 1;
	}
	return l->garbage ? garbage_slice(l, db, err) : 0;
}
