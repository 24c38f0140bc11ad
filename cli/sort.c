/* SPDX-License-Identifier: MIT */
/* Sorting of what a list answers. A row becomes a key whose bytes compare as the columns do, and its
 * JSON; with a bound on the rows only the best so far are kept, in a heap. Memory is bounded: more
 * than that is refused, never cut. */
#include "cli/sort.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/out.h"

#define PAGE_ROWS 1000
#define SORT_BYTES (256u << 20)
#define COUNT_US (USEC_PER_SEC / 3) /* that counting on may take */
#define FOLD_MAX (4u << 20)

struct row {
	size_t key, text; /* lengths */
	char bytes[];	  /* key, then text */
};

struct sort {
	struct cols cols;
	bool down[COLS_MAX];
	struct row **v; /* a heap with the last in order on top, while max bounds it */
	size_t n, cap, max, bytes;
	int64_t seen;
	struct arena *arena; /* to fold one text at a time */
	struct buf key;
};

/* The columns of --sort, and which way. */
static int read_keys(struct cli *c, const struct shape *shape, struct sort *s, struct err *e)
{
	AUTO(buf) struct buf plain = {0};
	const char *fields = c->fields, *p = c->sort;
	size_t n = 0;
	int r;

	buf_init(&plain, 0);
	for (bool more = true; more && n < COLS_MAX; n++) {
		size_t len = strcspn(p, ",");

		s->down[n] = *p == '-';
		buf_printf(&plain, "%s%.*s", n ? "," : "", (int)(len - s->down[n]), p + s->down[n]);
		more = p[len] == ',';
		p += len + more;
	}
	c->fields = buf_str(&plain);
	r = cols_of(c, shape, &s->cols, e);
	c->fields = fields;
	if (r < 0) {
		err_set(e, TIX_EBAD_VALUE, "sort", "--sort \"%.60s\": there is no such field",
		    c->sort);
		err_hint(e, "--fields help");
	}
	return r < 0 ? TIX_EBAD_VALUE : 0;
}

static bool list_sorts(const struct rpc_method *m, const char *sort)
{
	return value_field(m->in, "sort", 4) &&
	       (strcmp(sort, "created") == 0 || strcmp(sort, "-created") == 0);
}

bool sort_wanted(const struct cli *c, const struct rpc_method *m, json_t *params)
{
	if (c->sort && list_sorts(m, c->sort)) {
		json_object_set_new(params, "sort", json_string(c->sort));
		return false;
	}
	return c->sort != NULL;
}

static void put_number(struct buf *b, int64_t n)
{
	uint64_t u = (uint64_t)n ^ (UINT64_C(1) << 63);

	for (int i = 56; i >= 0; i -= 8)
		buf_putc(b, (char)(u >> i));
}

/* Numbers within count as numbers: the length of their digits comes first. The end sorts before any
 * byte. */
static void put_text(struct sort *s, const char *text)
{
	const char *folded;

	arena_reset(s->arena);
	folded = text_fold(s->arena, text);
	for (const char *p = folded ? folded : text; *p;) {
		size_t digits;

		if (*p < '0' || *p > '9') {
			buf_putc(&s->key, *p++);
			continue;
		}
		while (*p == '0' && p[1] >= '0' && p[1] <= '9')
			p++;
		digits = strspn(p, "0123456789");
		buf_putc(&s->key, '0');
		buf_putc(&s->key, (char)(digits < 255 ? digits : 255));
		buf_put(&s->key, p, digits);
		p += digits;
	}
	buf_putc(&s->key, '\0');
}

static int64_t time_of(const char *text)
{
	const struct when_ctx ctx = {
	    .start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	int64_t us = 0;

	when_parse(text, &ctx, &us, NULL, NULL, NULL);
	return us;
}

/* One column as bytes that compare like it. Nothing comes last, whichever way. */
static void put_key(struct sort *s, const struct col *col, bool down, const json_t *record)
{
	const json_t *v = json_object_get(record, col->field->name);
	const struct shape_field *f = col->sub ? col->sub : col->field;
	AUTO(buf) struct buf text = {0};
	size_t from;

	if (col->sub)
		v = json_object_get(v, col->sub->name);
	buf_putc(&s->key, !v || json_is_null(v) ? 1 : 0);
	if (!v || json_is_null(v))
		return;
	from = s->key.len;
	if (f->type == FT_money && !col->part) {
		const char *code = json_string_value(json_object_get(v, "currency"));

		buf_puts(&s->key, code ? code : "");
		put_number(&s->key, json_integer_value(json_object_get(v, "amount")));
	} else if (json_is_integer(v)) {
		put_number(&s->key, json_integer_value(v));
	} else if (json_is_real(v)) {
		put_number(&s->key, (int64_t)(json_real_value(v) * 1e6));
	} else if (json_is_boolean(v)) {
		buf_putc(&s->key, json_is_true(v) ? 1 : 0);
	} else if (f->type == FT_time && json_is_string(v)) {
		put_number(&s->key, time_of(json_string_value(v)));
	} else {
		buf_init(&text, 0);
		value_col(&text, col, record, NULL);
		put_text(s, buf_str(&text));
	}
	for (char *p = s->key.data + from; down && p < s->key.data + s->key.len; p++)
		*p = (char)~*p;
}

static int compare(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
	int r = memcmp(x->bytes, y->bytes, x->key < y->key ? x->key : y->key);

	return r ? r : (x->key > y->key) - (x->key < y->key);
}

static void swap(struct sort *s, size_t i, size_t j)
{
	struct row *row = s->v[i];

	s->v[i] = s->v[j];
	s->v[j] = row;
}

static void sift_up(struct sort *s, size_t i)
{
	for (; i > 0 && compare(&s->v[i], &s->v[(i - 1) / 2]) > 0; i = (i - 1) / 2)
		swap(s, i, (i - 1) / 2);
}

static void sift_down(struct sort *s)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < s->n; i = child) {
		if (child + 1 < s->n && compare(&s->v[child + 1], &s->v[child]) > 0)
			child++;
		if (compare(&s->v[i], &s->v[child]) >= 0)
			return;
		swap(s, i, child);
	}
}

/* Whether the key that was made comes after all rows that can be shown. */
static bool too_late(const struct sort *s)
{
	const struct row *last = s->n && s->n == s->max ? s->v[0] : NULL;
	size_t len = last && last->key < s->key.len ? last->key : s->key.len;

	return last && memcmp(last->bytes, s->key.data, len) <= 0;
}

static int no_memory(struct err *e)
{
	return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
}

static size_t size_of(const struct row *row)
{
	return sizeof(*row) + row->key + row->text;
}

static int too_many(struct err *e)
{
	err_set(e, TIX_ELIMIT, "sort", "these rows are more than the %u MiB that --sort may hold",
	    SORT_BYTES >> 20);
	err_hint(e, "--limit N, or fewer rows by a filter, or | sort");
	return TIX_ELIMIT;
}

static int keep(struct sort *s, const json_t *record, struct err *e)
{
	AUTO(str) char *text = json_dumps(record, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0;
	struct row *row = text ? malloc(sizeof(*row) + s->key.len + len) : NULL;

	if (!row)
		return no_memory(e);
	row->key = s->key.len;
	row->text = len;
	memcpy(row->bytes, s->key.data, row->key);
	memcpy(row->bytes + row->key, text, len);
	s->bytes += size_of(row) + sizeof(row);
	if (s->max && s->n == s->max) {
		s->bytes -= size_of(s->v[0]) + sizeof(row);
		free(s->v[0]);
		s->v[0] = row;
		sift_down(s);
	} else {
		s->v[s->n++] = row;
		if (s->max)
			sift_up(s, s->n - 1);
	}
	return s->bytes > SORT_BYTES ? too_many(e) : 0;
}

static int add(struct sort *s, const json_t *record, struct err *e)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 1024;
		struct row **v = reallocarray(s->v, cap, sizeof(*v));

		if (!v)
			return no_memory(e);
		s->v = v;
		s->cap = cap;
	}
	buf_clear(&s->key);
	for (size_t i = 0; i < s->cols.n; i++)
		put_key(s, &s->cols.v[i], s->down[i], record);
	put_number(&s->key, s->seen++); /* equals stay as they came */
	if (s->key.failed)
		return no_memory(e);
	return too_late(s) ? 0 : keep(s, record, e);
}

static int read_all(
    struct cli *c, const struct rpc_method *m, json_t *params, struct sort *s, struct err *e)
{
	AUTO(json) json_t *next = NULL;
	int r = 0;

	json_object_set_new(params, "limit", json_integer(PAGE_ROWS));
	do {
		AUTO(json) json_t *result = NULL;
		const json_t *items;

		if (next)
			json_object_set(params, "cursor", next);
		r = call(c, m, params, &result, e);
		items = r == 0 ? json_object_get(result, "items") : NULL;
		for (size_t i = 0; r == 0 && i < json_array_size(items); i++)
			r = add(s, json_array_get(items, i), e);
		json_decref(next);
		next = json_incref(json_object_get(result, "next"));
	} while (r == 0 && json_is_string(next));
	return r;
}

static int print_all(struct sort *s, struct print *p, struct err *e)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), compare);
	for (size_t i = 0; i < s->n;) {
		AUTO(json) json_t *items = json_array();

		for (; i < s->n && json_array_size(items) < PAGE_ROWS; i++) {
			const struct row *row = s->v[i];
			json_t *record =
			    json_loadb(row->bytes + row->key, row->text, JSON_DECODE_ANY, NULL);

			if (!record)
				return no_memory(e);
			json_array_append_new(items, record);
		}
		print_page(p, items, json_array_size(items));
	}
	return 0;
}

int sort_pages(struct cli *c, const struct rpc_method *m, json_t *params, struct print *p,
    int64_t max, int64_t *ret_all, struct err *e)
{
	struct sort *s = arena_alloc(c->arena, sizeof(*s));
	struct arena *arena = arena_new(FOLD_MAX);
	int r = s && arena ? read_keys(c, m->out->fields[0].sub, s, e) : no_memory(e);

	if (r == 0) {
		s->arena = arena;
		s->max = max < INT32_MAX ? (size_t)max : 0;
		buf_init(&s->key, 1 << 20);
		r = read_all(c, m, params, s, e);
		if (r == 0)
			r = print_all(s, p, e);
		*ret_all = s->seen;
		for (size_t i = 0; i < s->n; i++)
			free(s->v[i]);
		free(s->v);
		buf_done(&s->key);
	}
	arena_free(arena);
	return r;
}

/* How many come from next on; *next is where counting stopped, null at the end. */
static int64_t count_on(struct cli *c, const struct rpc_method *m, json_t *params, json_t **next)
{
	int64_t until = clock_mono(clock_system()) + COUNT_US, n = 0;

	json_object_set_new(params, "limit", json_integer(PAGE_ROWS));
	while (json_is_string(*next) && clock_mono(clock_system()) < until) {
		AUTO(json) json_t *result = NULL;
		struct err ignored = {0};

		json_object_set(params, "cursor", *next);
		if (call(c, m, params, &result, &ignored) < 0)
			break;
		n += (int64_t)json_array_size(json_object_get(result, "items"));
		json_decref(*next);
		*next = json_incref(json_object_get(result, "next"));
	}
	return n;
}

void sort_tell(struct cli *c, const struct rpc_method *m, json_t *params, const json_t *next,
    int64_t shown, int64_t all)
{
	AUTO(json) json_t *at = json_incref((json_t *)next);
	char some[NUM_GROUPED_MAX], many[NUM_GROUPED_MAX];

	if (!c->out_tty || !c->err_tty || c->quiet || c->mode != OUT_TABLE)
		return;
	if (all < 0 && json_is_string(at)) {
		out_flush(c); /* nobody waits for the rows meanwhile */
		all = shown + count_on(c, m, params, &at);
	} else if (all < 0) {
		all = shown;
	}
	if (all > shown || json_is_string(at))
		out_hint(c, "%s of %s%s", num_grouped(shown, some),
		    json_is_string(at) ? "more than " : "", num_grouped(all, many));
}
