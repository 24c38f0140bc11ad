/* SPDX-License-Identifier: MIT */
/* Export and end of what is kept about a person. Sums, tickets and the journal's records stay: they
 * name nobody, and the chain holds only a MAC of what a reason said. */
#include "core/person.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/lookup.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/order_part.h"
#include "core/page.h"
#include "core/person_find.h"
#include "core/rows.h"
#include "core/writer.h"

#define ERASE_MAX 10000 /* orders in one call: more would hold up sales */

/* --- export --- */

static int read_person(struct call *c, int64_t id, struct person *out)
{
	const char **fields[] = {
	    &out->name, &out->email, &out->phone, &out->country, &out->postcode, &out->locale};
	struct q q;
	int r;

	q_start(&q, c->db, SQL_person_get, &c->err);
	q_i64(&q, 1, id);
	r = q_step(&q);
	for (int i = 0; r == 1 && i < 6; i++) {
		if (row_text(c, &q, i, fields[i]) < 0)
			r = c->err.code;
	}
	if (r == 1)
		out->erased = q_isnull(&q, 6) ? TIME_NONE : q_col(&q, 6);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int read_holders(
    struct call *c, const struct person_find *f, const struct order_rec *row, struct person *out)
{
	struct person_holder *v = arena_array(c->arena, ORDER_ROWS, sizeof(*v));
	size_t n = 0;
	struct q q;
	int r;

	if (!v)
		return row_no_memory(c);
	q_start(&q, c->db, SQL_holders_of, &c->err);
	order_rows(&q, row->id);
	while ((r = q_step(&q)) == 1 && n < ORDER_ROWS) {
		if (!id_list_has(&f->holders, q_col(&q, 0)))
			continue;
		v[n].ticket =
		    arena_printf(c->arena, "%s/%" PRId64, out->order, q_col(&q, 0) % ORDER_ROWS);
		r = v[n].ticket ? row_text(c, &q, 1, &v[n].name) : row_no_memory(c);
		if (r == 0)
			r = row_text(c, &q, 2, &v[n].email);
		if (r < 0)
			break;
		n++;
	}
	q_end(&q);
	out->holders = (struct shape_list){v, n};
	return r < 0 ? r : 0;
}

static int show(struct call *c, const struct person_find *f, int64_t id, struct person *out)
{
	struct order_rec row;
	int r = order_rec_get(c, id, &row);

	if (r <= 0)
		return r < 0 ? r : call_not_found(c, "who", "order", NULL);
	out->own = id_list_has(&f->orders, id);
	out->order = order_code(c, id);
	out->event = arena_strdup(c->arena, row.event.slug);
	if (!out->order || !out->event)
		return row_no_memory(c);
	out->state = row.state;
	out->created = row.created;
	out->erased = TIME_NONE;
	out->note = out->own ? row.note : NULL;
	r = out->own && row.person ? read_person(c, row.person, out) : 0;
	return r < 0 ? r : read_holders(c, f, &row, out);
}

/* Hands reasons and references to the orders of a page. */
struct gather {
	struct call *c;
	struct person *v;
	const int64_t *ids; /* of v */
	size_t n;
};

static int gather(void *ctx, int64_t id, const char *text, const char *subject)
{
	struct gather *g = ctx;

	for (size_t i = 0; i < g->n; i++) {
		struct text_list *l = &g->v[i].texts;
		size_t len = strlen(g->v[i].order);
		const char **more;

		if (subject ? strncmp(subject, g->v[i].order, len) != 0
			    : id / ORDER_ROWS != g->ids[i])
			continue;
		more = arena_array(g->c->arena, l->n + 1, sizeof(*more));
		if (!more)
			return row_no_memory(g->c);
		if (l->n > 0)
			memcpy(more, l->v, l->n * sizeof(*more));
		l->v = more;
		l->v[l->n] = arena_strdup(g->c->arena, text);
		if (!l->v[l->n++])
			return row_no_memory(g->c);
	}
	return 0;
}

/* Ids of a page, ascending, of own orders and those with tickets for the person. Returns how many,
 * at most max. */
static int next_ids(const struct person_find *f, int64_t after, int max, int64_t *ret)
{
	size_t a = 0, b = 0;
	int n = 0;

	while (n < max) {
		int64_t x = a < f->orders.n ? f->orders.v[a] : INT64_MAX;
		int64_t y = b < f->holders.n ? f->holders.v[b] / ORDER_ROWS : INT64_MAX;
		int64_t id = x < y ? x : y;

		if (id == INT64_MAX)
			break;
		a += x == id;
		b += y == id;
		if (id > after && (n == 0 || ret[n - 1] != id))
			ret[n++] = id;
	}
	return n;
}

static int fill(
    struct call *c, const struct person_find *f, const int64_t *ids, int n, struct person_page *out)
{
	struct person *v = arena_array(c->arena, (size_t)n + 1, sizeof(*v));
	struct gather g = {c, v, ids, (size_t)n};
	int r = v ? 0 : row_no_memory(c);

	for (int i = 0; i < n && r == 0; i++)
		r = show(c, f, ids[i], &v[i]);
	if (r == 0)
		r = person_texts(f, PERSON_REFERENCE, gather, &g);
	if (r == 0)
		r = person_texts(f, PERSON_REASON, gather, &g);
	out->items = (struct shape_list){v, (size_t)n};
	return r;
}

/* A person is of the whole store, not of one organizer. */
static int whole_store(struct call *c)
{
	if (c->who->organizer[0] || c->who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL,
		    "a person's data lies across organizers, and you act for one only");
	return 0;
}

int person_export(struct call *c, const struct person_in *in, struct person_page *out)
{
	int limit = page_limit(in, person_in), n, r = whole_store(c);
	int64_t *ids = arena_array(c->arena, (size_t)limit + 1, sizeof(*ids));
	struct page_key key = {{0, 0}, NULL};
	struct person_find f = {0};
	struct page_filter p;

	page_filter_init(&p, "person.export");
	page_filter_str(&p, in->who);
	if (r == 0 && !ids)
		r = row_no_memory(c);
	if (r == 0)
		r = page_open(c, &p, in->cursor, &key);
	if (r >= 0)
		r = person_find(c, in->who, "who", &f);
	if (r >= 0) {
		n = next_ids(&f, key.n[0], limit + 1, ids);
		r = fill(c, &f, ids, n < limit ? n : limit, out);
		if (r == 0 && n > limit) {
			key.n[0] = ids[limit - 1];
			out->next = page_next(c, &p, &key);
			r = out->next ? 0 : c->err.code;
		}
	}
	person_find_done(&f);
	return r;
}

/* --- erase --- */

struct erasure {
	const struct person_find *f;
	enum person_text kind;
	struct id_list rows[PERSON_TEXTS]; /* of texts, by kind */
};

static int note_row(void *ctx, int64_t id, const char *text, const char *subject)
{
	struct erasure *e = ctx;

	(void)text, (void)subject;
	return id_list_add(e->f->c, &e->rows[e->kind], id);
}

static int find_texts(struct erasure *e)
{
	int r = 0;

	for (int kind = PERSON_NOTE; kind < PERSON_TEXTS && r == 0; kind++) {
		e->kind = (enum person_text)kind;
		r = person_texts(e->f, e->kind, note_row, e);
	}
	return r;
}

static int erase_texts(struct call *c, const struct erasure *e)
{
	static const enum sql_id statements[] = {
	    [PERSON_REFERENCE] = SQL_reference_erase,
	    [PERSON_REASON] = SQL_reason_erase,
	    [PERSON_JOB] = SQL_job_reason_erase,
	    [PERSON_BLOCK] = SQL_block_reason_erase,
	    [PERSON_LINE] = SQL_job_line_erase,
	};
	int r = 0;

	for (size_t i = 0; i < e->rows[PERSON_NOTE].n && r >= 0; i++) {
		struct q q;

		q_start(&q, c->db, SQL_order_set_note, &c->err);
		q_null(&q, 1);
		q_i64(&q, 2, e->rows[PERSON_NOTE].v[i]);
		r = q_finish(&q);
	}
	for (int kind = PERSON_REFERENCE; kind < PERSON_TEXTS; kind++) {
		for (size_t i = 0; i < e->rows[kind].n && r >= 0; i++)
			r = q_run(c->db, statements[kind], &c->err, 1, &e->rows[kind].v[i]);
	}
	return r;
}

static int erase_rows(struct call *c, const struct person_find *f)
{
	int r = 0;

	for (size_t i = 0; i < f->persons.n && r >= 0; i++)
		r = lookup_forget(c, f->persons.v[i]);
	for (size_t i = 0; i < f->persons.n && r >= 0; i++)
		r = q_run(c->db, SQL_person_erase, &c->err, 2,
		    (const int64_t[]){c->now, f->persons.v[i]});
	for (size_t i = 0; i < f->holders.n && r >= 0; i++)
		r = q_run(c->db, SQL_holder_drop, &c->err, 1, &f->holders.v[i]);
	return r;
}

/* Each order that lost something says so in its history. */
static int record(struct call *c, const struct person_find *f)
{
	int64_t last = 0;
	int r = 0, n = 1;

	while (n == 1 && r == 0) {
		struct order_rec row;

		n = next_ids(f, last, 1, &last);
		if (n == 1 && (r = order_rec_get(c, last, &row)) == 1)
			r = order_later(c, &row, "order.erased", order_code(c, last),
			    id_list_has(&f->orders, last) ? "{\"buyer\":true}"
							  : "{\"buyer\":false}");
	}
	return r;
}

/* What is at stake is confirmed by the number of orders; a dry run tells it. */
static int confirmed(struct call *c, const struct person_erase_in *in, const struct person_find *f,
    struct person_erased *out)
{
	const char *want = arena_printf(c->arena, "%zu", f->persons.n);
	const char *what = arena_printf(c->arena,
	    "the buyer of %zu order%s and holder of %zu ticket%s will be erased for good",
	    f->persons.n, f->persons.n == 1 ? "" : "s", f->holders.n, f->holders.n == 1 ? "" : "s");
	int r = want && what ? call_confirm(c, in->confirm, want, what) : row_no_memory(c);

	if (r == 0 && in->dry_run) {
		out->confirm = want;
		out->stake = what;
		SET(out, person_erased, confirm);
		SET(out, person_erased, stake);
	}
	return r;
}

static int check(struct call *c, const struct person_erase_in *in, const struct person_find *f)
{
	if (f->orders.n + f->holders.n > ERASE_MAX) {
		err_set(&c->err, TIX_ELIMIT, "who", "more than %d orders and tickets at once",
		    ERASE_MAX);
		err_hint(
		    &c->err, "erase order by order: tix person export %s --fields order", in->who);
		return TIX_ELIMIT;
	}
	if (person_named(f, in->reason))
		return err_set(&c->err, TIX_EBAD_VALUE, "reason",
		    "reason: it names the person, and would be kept");
	return 0;
}

static int erase(struct call *c, const struct person_find *f, struct person_erased *out)
{
	struct erasure e = {.f = f};
	int r = find_texts(&e);

	if (r == 0)
		r = erase_rows(c, f);
	if (r >= 0)
		r = erase_texts(c, &e);
	if (r >= 0)
		r = record(c, f);
	if (r >= 0)
		r = writer_erased(c->writer, &c->err);
	out->orders = (int64_t)f->persons.n;
	out->holders = (int64_t)f->holders.n;
	for (int kind = 0; kind < PERSON_TEXTS; kind++)
		out->texts += (int64_t)e.rows[kind].n;
	c->subject = out->orders;
	return r;
}

int person_erase(struct call *c, const struct person_erase_in *in, struct person_erased *out)
{
	struct person_find f = {0};
	int r = whole_store(c);

	if (r == 0)
		r = person_find(c, in->who, "who", &f);
	if (r == 0)
		r = check(c, in, &f);
	if (r == 0)
		r = confirmed(c, in, &f, out);
	if (r == 0)
		r = erase(c, &f, out);
	person_find_done(&f);
	return r;
}

/* A repeat finds nobody any more: it says how many orders it was. */
int person_erased_load(struct call *c, int64_t orders, struct person_erased *out)
{
	(void)c;
	out->orders = orders;
	return 0;
}
