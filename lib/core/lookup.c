/* SPDX-License-Identifier: MIT */
/* Building the sorted runs, a slice at a time. All of it runs in the writer's transactions; what is
 * kept in memory can be thrown away at any time, the store alone says which runs there are. */
#include "core/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "core/lookup_key.h"
#include "core/writer_state.h"

#define SLICE 512
#define FAN 16
#define RUNS_MAX 256
#define RUNS_MANY 64	      /* from which on they are merged before more are made */
#define KEY_ARENA (64U << 10) /* to fold one name */

/* Persons in a run: names are folded to be searched in their rows, so those wait less long. */
static const int run_sizes[LOOKUP_KINDS] = {8192, 2048, 2048};

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
	int n, written, cap;
	struct pair *v;
};

/* FAN runs on their way into one, by ranges of the hash so that what is written lies together. */
struct merge {
	bool active;
	int first, src;
	int64_t run, rows, total, step, low;
	struct pair last; /* of source src within the range */
};

/* One kind. */
struct index {
	enum lookup_kind kind;
	int run_size, slice;
	bool loaded;
	int64_t next_run;
	struct run runs[RUNS_MAX]; /* by upto */
	int nruns;
	struct flush flush;
	struct merge merge;
	struct pair *buf;    /* a slice on its way; room for SLICE, shared by all kinds */
	struct arena *arena; /* shared too */
	bool garbage;	     /* there may be left-overs */
	int64_t garbage_at;  /* looked at all runs below */
};

struct lookup {
	struct index v[LOOKUP_KINDS];
};

static void undone(struct index *l)
{
	free(l->flush.v);
	l->flush = (struct flush){0};
	l->merge = (struct merge){0};
	l->loaded = false;
}

static int64_t upto(const struct index *l)
{
	return l->nruns > 0 ? l->runs[l->nruns - 1].upto : 0;
}

/* The first of FAN neighbours of one level, -1: none. */
static int mergeable(const struct index *l)
{
	int same = 0;

	for (int i = 0; i < l->nruns; i++) {
		same = i > 0 && l->runs[i].level == l->runs[i - 1].level ? same + 1 : 1;
		if (same == FAN)
			return i - FAN + 1;
	}
	return -1;
}

static bool pending(const struct index *l, int64_t last)
{
	return !l->loaded || l->flush.active || l->merge.active || l->garbage ||
	       last - upto(l) >= l->run_size || mergeable(l) >= 0;
}

static int load(struct index *l, struct db *db, struct err *err)
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
    struct index *l, struct db *db, int64_t run, const struct pair *p, struct err *err)
{
	int64_t values[] = {l->kind, run, p->hash, p->orders};

	return q_run(db, SQL_lookup_add, err, 4, values);
}

static int add_run(struct index *l, struct db *db, const struct run *run, struct err *err)
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

static int flush_start(struct index *l, struct err *err)
{
	if (l->nruns == RUNS_MAX)
		return err_set(err, TIX_EINTERNAL, NULL, "too many runs of the look-up index");
	l->flush.active = true;
	l->flush.run = l->next_run++;
	l->flush.at = upto(l);
	l->flush.upto = l->flush.at + l->run_size;
	return 1;
}

/* The keys of one person. */
static int flush_take(struct index *l, const char *text, int64_t orders, struct err *err)
{
	struct flush *f = &l->flush;
	int64_t keys[LOOKUP_WORDS_MAX];
	int n;

	arena_reset(l->arena);
	n = lookup_keys(l->kind, l->arena, text, keys);
	if (n >= 0 && f->n + n > f->cap) {
		int cap = 2 * f->cap + l->run_size + n;
		struct pair *v = reallocarray(f->v, (size_t)cap, sizeof(*v));

		f->v = v ? v : f->v;
		f->cap = v ? cap : f->cap;
		n = v ? n : -1;
	}
	if (n < 0)
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	for (int i = 0; i < n; i++)
		f->v[f->n++] = (struct pair){keys[i], orders};
	return 0;
}

static int flush_read(struct index *l, struct db *db, struct err *err)
{
	struct flush *f = &l->flush;
	int n = 0, r;
	struct q q;

	q_start(&q, db, SQL_lookup_persons, err);
	q_i64(&q, 1, f->at);
	q_i64(&q, 2, f->upto);
	q_i64(&q, 3, l->slice);
	while ((r = q_step(&q)) == 1) {
		const char *text = q_text(&q, 1 + (int)l->kind);

		f->at = q_col(&q, 0);
		n++;
		r = text ? flush_take(l, text, q_col(&q, 1), err) : 0;
		if (r < 0)
			break;
	}
	q_end(&q);
	if (r < 0)
		return r;
	if (n < l->slice) {
		if (f->n > 0)
			qsort(f->v, (size_t)f->n, sizeof(*f->v), by_hash);
		f->sorted = true;
	}
	return 1;
}

static int flush_write(struct index *l, struct db *db, struct err *err)
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

static void merge_start(struct index *l, int first)
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
static int merge_copy(struct index *l, struct db *db, int max, struct err *err)
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

static int merge_end(struct index *l, struct db *db, struct err *err)
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

static int merge_slice(struct index *l, struct db *db, struct err *err)
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

static bool in_use(const struct index *l, int64_t run)
{
	bool used =
	    (l->flush.active && l->flush.run == run) || (l->merge.active && l->merge.run == run);

	for (int i = 0; !used && i < l->nruns; i++)
		used = l->runs[i].run == run;
	return used;
}

/* Deletes a slice of a run that nobody names. */
static int drop_slice(struct index *l, struct db *db, int64_t run, struct err *err)
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

static int garbage_slice(struct index *l, struct db *db, struct err *err)
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

static int slice(struct index *l, struct db *db, int64_t last, struct err *err)
{
	int first;

	if (!l->loaded)
		return load(l, db, err);
	if (l->flush.active)
		return l->flush.sorted ? flush_write(l, db, err) : flush_read(l, db, err);
	first = mergeable(l);
	if (last - upto(l) >= l->run_size &&
	    (l->nruns < RUNS_MANY || (!l->merge.active && first < 0)))
		return flush_start(l, err);
	if (l->merge.active)
		return merge_slice(l, db, err);
	if (first >= 0) {
		merge_start(l, first);
		return 1;
	}
	return l->garbage ? garbage_slice(l, db, err) : 0;
}

int lookup_new(struct lookup **ret, struct err *err)
{
	struct lookup *l = calloc(1, sizeof(*l));
	struct pair *buf = reallocarray(NULL, SLICE, sizeof(*buf));
	struct arena *arena = arena_new(KEY_ARENA);

	if (!l || !buf || !arena) {
		free(l);
		free(buf);
		arena_free(arena);
		return err_set(err, TIX_EUNAVAILABLE, "memory", "out of memory");
	}
	for (int i = 0; i < LOOKUP_KINDS; i++)
		l->v[i] = (struct index){.kind = LOOKUP_email + (unsigned)i,
		    .run_size = run_sizes[i],
		    .slice = SLICE,
		    .buf = buf,
		    .arena = arena};
	*ret = l;
	return 0;
}

void lookup_free(struct lookup *l)
{
	if (!l)
		return;
	for (int i = 0; i < LOOKUP_KINDS; i++)
		free(l->v[i].flush.v);
	free(l->v[0].buf);
	arena_free(l->v[0].arena);
	free(l);
}

void lookup_tune(struct lookup *l, int run, int slice_rows)
{
	lookup_undone(l);
	for (int i = 0; i < LOOKUP_KINDS; i++) {
		l->v[i].run_size = run;
		l->v[i].slice = slice_rows < SLICE ? slice_rows : SLICE;
	}
}

void lookup_undone(struct lookup *l)
{
	for (int i = 0; i < LOOKUP_KINDS; i++)
		undone(&l->v[i]);
}

static int kinds(bool resting)
{
	return resting ? LOOKUP_KINDS : 1;
}

bool lookup_pending(const struct lookup *l, int64_t last, bool resting)
{
	bool any = false;

	for (int i = 0; !any && i < kinds(resting); i++)
		any = pending(&l->v[i], last);
	return any;
}

int lookup_slice(struct lookup *l, struct db *db, int64_t last, bool resting, struct err *err)
{
	int r = 0;

	for (int i = 0; r == 0 && i < kinds(resting); i++) {
		if (pending(&l->v[i], last))
			r = slice(&l->v[i], db, last, err);
	}
	return r;
}

/* One key of an order out of all runs of a kind, complete or not. */
static int forget_key(struct call *c, int64_t kind, const struct pair *key)
{
	int64_t run = -1;
	int r;

	do {
		int64_t values[] = {kind, run, key->hash, key->orders};
		struct q q;

		q_start(&q, c->db, SQL_lookup_next_run, &c->err);
		q_i64(&q, 1, kind);
		q_i64(&q, 2, run);
		r = q_step(&q);
		if (r == 1)
			values[1] = run = q_col(&q, 0);
		q_end(&q);
		if (r == 1 && q_run(c->db, SQL_lookup_forget, &c->err, 4, values) < 0)
			r = c->err.code;
	} while (r == 1);
	return r;
}

static int forget_text(struct call *c, enum lookup_kind kind, const char *text, int64_t orders)
{
	int64_t keys[LOOKUP_WORDS_MAX];
	int n = text ? lookup_keys(kind, c->arena, text, keys) : 0, r = 0;

	if (n < 0)
		return err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	for (int i = 0; r >= 0 && i < n; i++)
		r = forget_key(c, kind, &(struct pair){keys[i], orders});
	return r;
}

int lookup_forget(struct call *c, int64_t person)
{
	char *text[LOOKUP_KINDS] = {0};
	int64_t orders = 0;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_lookup_persons, &c->err);
	q_i64(&q, 1, person - 1);
	q_i64(&q, 2, person);
	q_i64(&q, 3, 1);
	r = q_step(&q);
	for (int i = 0; r == 1 && i < LOOKUP_KINDS; i++) {
		const char *s = q_text(&q, 2 + i);

		orders = q_col(&q, 1);
		text[i] = s ? arena_strdup(c->arena, s) : NULL;
		if (s && !text[i])
			r = err_set(&c->err, TIX_ELIMIT, NULL, "the request needs too much memory");
	}
	q_end(&q);
	for (int i = 0; r >= 0 && i < LOOKUP_KINDS; i++)
		r = forget_text(c, LOOKUP_email + (unsigned)i, text[i], orders);
	/* A run under way may hold them in memory: it begins again. */
	lookup_undone(c->writer->lookup);
	return r < 0 ? r : 0;
}
