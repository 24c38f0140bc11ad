/* SPDX-License-Identifier: MIT */
/* Finding a person. Free text is compared folded, as the search of names does, so that another
 * spelling of the same name is found too. */
#include "core/person_find.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/order_part.h"
#include "core/order_rec.h"
#include "core/rows.h"

#define SHORT 4	       /* a word of fewer bytes counts only where it stands alone */
#define NUMBER_LEAST 6 /* a telephone number of fewer is found in any text */
#define SCRATCH (1U << 20)

int id_list_add(struct call *c, struct id_list *l, int64_t id)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 16;
		int64_t *v = arena_array(c->arena, cap, sizeof(*v));

		if (!v)
			return row_no_memory(c);
		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = id;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool id_list_has(const struct id_list *l, int64_t id)
{
	return l->n > 0 && bsearch(&id, l->v, l->n, sizeof(id), by_id) != NULL;
}

/* Ascending, each once. */
static void id_list_sort(struct id_list *l)
{
	size_t n = 0;

	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_id);
	for (size_t i = 0; i < l->n; i++) {
		if (i == 0 || l->v[i] != l->v[i - 1])
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

static int add_word(struct person_find *f, const char *text, size_t least)
{
	struct call *c = f->c;
	const char *word = text && strlen(text) >= least ? text_fold(c->arena, text) : NULL;

	if (!word || !*word)
		return 0;
	for (size_t i = 0; i < f->nwords; i++) {
		if (strcmp(f->words[i], word) == 0)
			return 0;
	}
	if (f->nwords == f->words_cap) {
		size_t cap = f->words_cap ? 2 * f->words_cap : 8;
		const char **v = arena_array(c->arena, cap, sizeof(*v));

		if (!v)
			return row_no_memory(c);
		if (f->nwords > 0)
			memcpy(v, f->words, f->nwords * sizeof(*v));
		f->words = v;
		f->words_cap = cap;
	}
	f->words[f->nwords++] = word;
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static bool stands_alone(const char *text, const char *at, size_t len)
{
	return (at == text || !is_letter(at[-1])) && !is_letter(at[len]);
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		if (len >= SHORT || stands_alone(text, at, len))
			return true;
	}
	return false;
}

bool person_named(const struct person_find *f, const char *text)
{
	const char *folded;

	if (!text || !*text)
		return false;
	arena_reset(f->scratch);
	folded = text_fold(f->scratch, text);
	if (!folded)
		return true; /* what cannot be read may name anybody */
	for (size_t i = 0; i < f->nwords; i++) {
		if (has_word(folded, f->words[i]))
			return true;
	}
	return false;
}

/* An address or a number, which nobody else has. */
static bool is_sure(const char *word)
{
	return strchr(word, '@') || word[strspn(word, "0123456789 +-()/.")] == '\0';
}

/* Whether a line of an import is about the person. Others of the same name have lines of their own,
 * so the name counts only of a person of whom no more is known. */
static bool line_named(const struct person_find *f, const char *text)
{
	const char *folded;
	bool sure = false;

	arena_reset(f->scratch);
	folded = text_fold(f->scratch, text);
	if (!folded)
		return true;
	for (size_t i = 0; i < f->nwords; i++)
		sure = sure || is_sure(f->words[i]);
	for (size_t i = 0; i < f->nwords; i++) {
		const char *word = f->words[i];

		if (sure && !is_sure(word))
			continue;
		for (const char *at = strstr(folded, word); at; at = strstr(at + 1, word)) {
			if (stands_alone(folded, at, strlen(word)))
				return true;
		}
	}
	return false;
}

/* Whether a subject of the journal is one of the person's orders or belongs to it. */
static bool person_subject(const struct person_find *f, const char *subject)
{
	char code[ORDER_CODE_SIZE];
	size_t len = strcspn(subject, "/");
	int64_t id;

	if (len >= sizeof(code))
		return false;
	memcpy(code, subject, len);
	code[len] = '\0';
	return order_code_decode(&f->c->core->keys, code, &id, NULL) == 0 &&
	       id_list_has(&f->orders, id);
}

static int find_buyers(struct person_find *f, const char *email)
{
	struct q q;
	int r;

	q_start(&q, f->c->db, SQL_buyers_by_email, &f->c->err);
	q_str(&q, 1, email);
	while ((r = q_step(&q)) == 1) {
		r = id_list_add(f->c, &f->persons, q_col(&q, 0));
		if (r == 0)
			r = id_list_add(f->c, &f->orders, q_col(&q, 1));
		if (r == 0)
			r = add_word(f, q_text(&q, 2), 1);
		if (r == 0)
			r = add_word(f, q_text(&q, 3), NUMBER_LEAST);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

static int find_holders(struct person_find *f, const char *email)
{
	struct q q;
	int r;

	q_start(&q, f->c->db, SQL_holder_by_email, &f->c->err);
	q_str(&q, 1, email);
	while ((r = q_step(&q)) == 1) {
		r = id_list_add(f->c, &f->holders, q_col(&q, 0));
		if (r == 0)
			r = add_word(f, q_text(&q, 1), 1);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r;
}

/* The buyer of one order. */
static int find_buyer(struct person_find *f, int64_t order, int64_t person)
{
	struct q q;
	int r;

	q_start(&q, f->c->db, SQL_person_of_order, &f->c->err);
	q_i64(&q, 1, person);
	r = q_step(&q);
	if (r == 1) {
		r = id_list_add(f->c, &f->persons, person);
		if (r == 0)
			r = id_list_add(f->c, &f->orders, order);
		if (r == 0)
			r = add_word(f, q_text(&q, 1), 1);
		if (r == 0)
			r = add_word(f, q_text(&q, 2), 1);
		if (r == 0)
			r = add_word(f, q_text(&q, 3), NUMBER_LEAST);
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* Tickets of the person's own orders that are for somebody of that name or address. */
static int find_own_holders(struct person_find *f)
{
	int r = 0;

	for (size_t i = 0; i < f->orders.n && r >= 0; i++) {
		struct q q;

		q_start(&q, f->c->db, SQL_holders_of, &f->c->err);
		order_rows(&q, f->orders.v[i]);
		while ((r = q_step(&q)) == 1) {
			if (!person_named(f, q_text(&q, 1)) && !person_named(f, q_text(&q, 2)))
				continue;
			r = id_list_add(f->c, &f->holders, q_col(&q, 0));
			if (r == 0)
				r = add_word(f, q_text(&q, 1), 1);
			if (r == 0)
				r = add_word(f, q_text(&q, 2), 1);
			if (r < 0)
				break;
		}
		q_end(&q);
	}
	return r < 0 ? r : 0;
}

static int find_order(struct person_find *f, const char *code, const char *field)
{
	struct order_rec row;
	int n = 0, r = order_rec_find(f->c, code, field, &row, &n);

	if (r < 0)
		return r;
	if (n > 0)
		return err_set(&f->c->err, TIX_EBAD_VALUE, field,
		    "this is a ticket: name its order, or the address");
	return row.person ? find_buyer(f, row.id, row.person) : 0;
}

static int seen(void *ctx, int64_t id, const char *text, const char *subject)
{
	(void)id, (void)text, (void)subject;
	*(bool *)ctx = true;
	return 0;
}

/* An address may be in lines of an import alone. */
static int find_lines(struct person_find *f, const char *who)
{
	bool found = false;
	int r = strchr(who, '@') ? person_texts(f, PERSON_LINE, seen, &found) : 0;

	return r < 0 ? r : found;
}

int person_find(struct call *c, const char *who, const char *field, struct person_find *ret)
{
	struct person_find *f = ret;
	int r;

	*f = (struct person_find){.c = c, .scratch = arena_new(SCRATCH)};
	if (!f->scratch)
		return row_no_memory(c);
	if (strchr(who, '@')) {
		r = add_word(f, who, 1);
		if (r == 0)
			r = find_buyers(f, who);
		if (r == 0)
			r = find_holders(f, who);
	} else {
		r = find_order(f, who, field);
	}
	id_list_sort(&f->orders);
	if (r == 0)
		r = find_own_holders(f);
	id_list_sort(&f->holders);
	if (r < 0 || f->persons.n + f->holders.n > 0)
		return r;
	r = find_lines(f, who);
	if (r == 0)
		return err_set(&c->err, TIX_ENOT_FOUND, field, "nothing is kept about %s", who);
	return r < 0 ? r : 0;
}

void person_find_done(struct person_find *f)
{
	arena_free(f->scratch);
	f->scratch = NULL;
}

static bool is_own(
    const struct person_find *f, enum person_text kind, int64_t id, const char *subject)
{
	switch (kind) {
	case PERSON_NOTE:
		return id_list_has(&f->orders, id);
	case PERSON_REFERENCE:
		return id_list_has(&f->orders, id / ORDER_ROWS);
	case PERSON_REASON:
		return person_subject(f, subject);
	case PERSON_JOB:
	case PERSON_BLOCK:
	case PERSON_LINE:
		return false;
	}
	return false;
}

int person_texts(const struct person_find *f, enum person_text kind,
    int (*each)(void *ctx, int64_t id, const char *text, const char *subject), void *ctx)
{
	static const enum sql_id statements[] = {
	    [PERSON_NOTE] = SQL_notes_all,
	    [PERSON_REFERENCE] = SQL_references_all,
	    [PERSON_REASON] = SQL_reasons_all,
	    [PERSON_JOB] = SQL_job_reasons_all,
	    [PERSON_BLOCK] = SQL_block_reasons_all,
	    [PERSON_LINE] = SQL_job_lines_all,
	};
	struct q q;
	int r;

	q_start(&q, f->c->db, statements[kind], &f->c->err);
	while ((r = q_step(&q)) == 1) {
		const char *text = q_text(&q, 1);
		const char *subject = kind == PERSON_REASON ? q_text(&q, 2) : NULL;
		int64_t id = q_col(&q, 0);

		if (kind == PERSON_LINE ? !line_named(f, text)
					: !is_own(f, kind, id, subject) && !person_named(f, text))
			continue;
		r = each(ctx, id, text, subject);
		if (r < 0)
			break;
	}
	q_end(&q);
	return r < 0 ? r : 0;
}
