/* SPDX-License-Identifier: MIT */
/* Notes and history of orders. A note is people's text: the journal knows only its length. */
#include "core/order_log.h"

#include <string.h>

#include "core/journal.h"
#include "core/order.h"
#include "core/page.h"
#include "core/rows.h"

#define FIRST_STEP 512 /* records looked at for the first of an order, at a time */
#define RECORDS_MAX 1000

int order_later_seq(struct call *c, int64_t order)
{
	int r = q_run(c->db, SQL_record_add, &c->err, 2, (const int64_t[]){order, c->seq});

	return r < 0 ? r : 0;
}

int order_later(struct call *c, const struct order_rec *row, const char *topic, const char *subject,
    const char *data)
{
	int r;

	if (!subject || !data)
		return call_no_memory(c);
	r = journal_append(c, topic, subject, row->event.id, row->event.slug, data);
	return r < 0 ? r : order_later_seq(c, row->id);
}

int order_note(struct call *c, const struct order_note_in *in, struct order *out)
{
	struct order_rec row;
	const char *code = NULL, *data;
	struct q q;
	int n, r = order_rec_find(c, in->code, "code", &row, &n);

	if (r < 0)
		return r;
	if (same_text(row.note, in->note)) {
		row_unchanged(c, row.id);
		return order_load(c, row.id, out);
	}
	q_start(&q, c->db, SQL_order_set_note, &c->err);
	q_str(&q, 1, in->note);
	q_i64(&q, 2, row.id);
	r = q_finish(&q);
	c->subject = row.id;
	if (r >= 0)
		code = order_code(c, row.id);
	data = arena_printf(c->arena, "{\"bytes\":%zu}", in->note ? strlen(in->note) : 0);
	if (r < 0 || !code || !data)
		return r < 0 ? r : call_no_memory(c);
	r = order_later(c, &row, "order.noted", code, data);
	return r < 0 ? r : order_load(c, row.id, out);
}

/* By halving: at never runs backwards with seq. */
int order_log_from(struct call *c, int64_t at, int64_t *ret)
{
	int64_t low = 1, high = 1;
	struct q q;
	int r;

	q_start(&q, c->db, SQL_journal_head, &c->err);
	r = q_step(&q);
	if (r == 1)
		high = q_col(&q, 0) + 1;
	q_end(&q);
	while (r >= 0 && low < high) {
		int64_t middle = low + (high - low) / 2;
		bool early;

		q_start(&q, c->db, SQL_journal_at, &c->err);
		q_i64(&q, 1, middle);
		r = q_step(&q);
		early = r == 1 && q_col(&q, 0) < at;
		q_end(&q);
		if (early)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return r < 0 ? r : 0;
}

/* The record that made the order: one of those of its time. 1 found. */
static int first_record(struct call *c, const struct order_rec *row, const char *code, int64_t *ret)
{
	int64_t from, at = row->created;
	int n = FIRST_STEP, r = order_log_from(c, row->created, &from);

	while (r >= 0 && n == FIRST_STEP && at == row->created) {
		bool found = false;
		struct q q;

		q_start(&q, c->db, SQL_journal_from, &c->err);
		q_i64(&q, 1, from);
		q_i64(&q, 2, FIRST_STEP);
		for (n = 0; !found && at == row->created && (r = q_step(&q)) == 1; n++) {
			*ret = q_col(&q, 0);
			at = q_col(&q, 1);
			found = at == row->created && strcmp(q_text(&q, 2), code) == 0;
		}
		q_end(&q);
		if (found)
			return 1;
		from = *ret + 1;
	}
	return r < 0 ? r : 0;
}

/* Numbers of the records after one, oldest first; how many. */
static int record_seqs(struct call *c, const struct order_rec *row, const char *code, int64_t after,
    int max, int64_t *ret)
{
	struct q q;
	int n = 0, r = 0;

	if (after == 0) {
		r = first_record(c, row, code, &ret[0]);
		n = r == 1;
	}
	if (r < 0)
		return r;
	q_start(&q, c->db, SQL_record_list, &c->err);
	q_i64(&q, 1, row->id);
	q_i64(&q, 2, after);
	q_i64(&q, 3, max);
	r = q_ids(&q, max - n, ret + n);
	return r < 0 ? r : n + r;
}

/* only: of a ticket, CODE/n, with what the order as a whole went through, code; NULL: all. */
static int read_records(struct call *c, const int64_t *seqs, int n, const char *code, const char *only,
    struct page_key *last, struct journal_page *out)
{
	struct journal_record *items = out->items.v;
	size_t start = arena_used(c->arena);

	for (int i = 0; i < n; i++) {
		struct journal_entry *e;
		int r;

		if (arena_used(c->arena) - start > PAGE_TEXT_MAX)
			return 1;
		r = journal_read(c->db, c->arena, seqs[i] - 1, 1, &e, &c->err);
		if (r == 1 && only && strcmp(e->subject, only) != 0 && strcmp(e->subject, code) != 0)
			r = 0;
		if (r == 1 && journal_to_record(c->arena, e, &items[out->items.n++]) < 0)
			return call_no_memory(c);
		if (r < 0)
			return r;
		last->n[0] = seqs[i];
	}
	return 0;
}

/* field: what names it; of_ticket: the ticket's records and its order's. */
static int history(struct call *c, const struct order_history_in *in, const char *field, bool of_ticket,
    struct journal_page *out)
{
	struct page_key key = {{0, 0}, NULL};
	int64_t seqs[RECORDS_MAX + 1];
	struct order_rec row;
	struct page_filter f;
	const char *code = NULL, *only = NULL;
	int limit = page_limit(in, order_history_in), n = 0;
	int r = order_rec_find(c, in->code, field, &row, &n);

	if (r == 0 && of_ticket && n == 0)
		return err_set(&c->err, TIX_EBAD_VALUE, field, "a ticket is like %.40s/1", in->code);

	page_filter_init(&f, "order.history");
	page_filter_i64(&f, r == 0 ? row.id : 0);
	page_filter_i64(&f, of_ticket ? n : 0);
	if (r == 0)
		r = page_open(c, &f, in->cursor, &key);
	if (r >= 0 && !(code = order_code(c, row.id)))
		r = c->err.code;
	if (r >= 0 && of_ticket && !(only = arena_printf(c->arena, "%s/%d", code, n)))
		r = call_no_memory(c);
	if (r < 0)
		return r;
	out->items.v = arena_array(c->arena, (size_t)limit, sizeof(struct journal_record));
	if (!out->items.v)
		return call_no_memory(c);
	n = record_seqs(c, &row, code, key.n[0], limit + 1, seqs);
	if (n < 0)
		return n;
	r = read_records(c, seqs, n < limit ? n : limit, code, only, &key, out);
	if (r == 1 || (r == 0 && n > limit)) {
		out->next = page_next(c, &f, &key);
		r = out->next ? 0 : c->err.code;
	}
	return r;
}

int order_history(struct call *c, const struct order_history_in *in, struct journal_page *out)
{
	return history(c, in, "code", false, out);
}

int ticket_history(struct call *c, const struct ticket_history_in *in, struct journal_page *out)
{
	struct order_history_in order = {.code = in->ticket, .limit = in->limit, .cursor = in->cursor};

	if (HAS(in, ticket_history_in, limit))
		SET(&order, order_history_in, limit);
	return history(c, &order, "ticket", true, out);
}
