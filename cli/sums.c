/* SPDX-License-Identifier: MIT */
/* Sums in columns: what a refund does before anyone agrees to it, and how an order's total comes
 * about. They only lay out what the daemon reckoned. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/out.h"
#include "cli/sentence.h"

#define PIECES_SHOWN 4 /* more tickets than that are added up */

static int64_t amount_of(const json_t *record, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(record, name), "amount"));
}

/* An amount in the currency of another. */
static void money_put(struct buf *b, int64_t amount, const json_t *like, bool currency)
{
	AUTO(json)
	json_t *m = json_pack("{s:I, s:s}", "amount", (json_int_t)amount, "currency",
	    value_text(like, "currency"));

	value_money(b, m, currency);
}

/* "refund        40.00 EUR  to cash": the amounts end in one column. */
struct row {
	const char *label;
	int64_t amount;
	const char *more;
};

static void rows_put(struct cli *c, const json_t *like, const struct row *rows, size_t n)
{
	AUTO(buf) struct buf text = {0};
	size_t label = 0, width = 0;

	for (size_t i = 0; i < n; i++) {
		buf_clear(&text);
		money_put(&text, rows[i].amount, like, false);
		width = text.len > width ? text.len : width;
		label = text_width(rows[i].label) > label ? text_width(rows[i].label) : label;
	}
	for (size_t i = 0; i < n; i++) {
		buf_clear(&text);
		money_put(&text, rows[i].amount, like, false);
		buf_printf(&c->out, "%s%*s%*s%s\n", rows[i].label,
		    (int)(label - text_width(rows[i].label) + 3), "", (int)width, buf_str(&text),
		    rows[i].more);
	}
}

/* "/1 45.00 + fee 5.00"; many tickets are added up. */
static void kept_put(struct buf *b, const json_t *r)
{
	const json_t *pieces = json_object_get(r, "kept"), *like = json_object_get(r, "keeps");
	size_t n = json_array_size(pieces), tickets = 0;
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *piece = json_array_get(pieces, i);

		if (value_text(piece, "what")[0] == '/') {
			sum += amount_of(piece, "amount");
			tickets++;
		}
	}
	if (tickets > PIECES_SHOWN) {
		buf_printf(b, "%zu tickets ", tickets);
		money_put(b, sum, like, false);
	}
	for (size_t i = 0; i < n; i++) {
		const json_t *piece = json_array_get(pieces, i);
		int64_t amount = amount_of(piece, "amount");

		if (tickets > PIECES_SHOWN && value_text(piece, "what")[0] == '/')
			continue;
		if (amount < 0)
			buf_puts(b, b->len == 0 ? "less " : " less ");
		else
			buf_puts(b, b->len == 0 ? "" : " + ");
		if (strcmp(value_text(piece, "what"), "rest") != 0) {
			out_safe(b, value_text(piece, "what"));
			buf_putc(b, ' ');
		}
		money_put(b, amount < 0 ? -amount : amount, like, false);
	}
}

/* What follows "order keeps": the pieces, and the seats that go back. */
static void keeps_put(struct buf *b, const json_t *r)
{
	AUTO(buf) struct buf kept = {0};
	int64_t seats = json_integer_value(json_object_get(r, "seats"));

	kept_put(&kept, r);
	if (kept.len > 0 || seats > 0)
		buf_puts(b, "      ");
	buf_puts(b, buf_str(&kept));
	if (seats > 0) {
		buf_printf(b, "%s%" PRId64 " seat%s back to ", kept.len ? ";  " : "", seats,
		    seats == 1 ? "" : "s");
		out_safe(b, value_text(r, "category"));
	}
}

static void refund_sums(struct cli *c, const json_t *r)
{
	const json_t *like = json_object_get(r, "amount");
	const char *ticket = strrchr(value_text(r, "ticket"), '/');
	int64_t amount = amount_of(r, "amount"), fee = amount_of(r, "fee");
	AUTO(buf) struct buf of = {0};
	AUTO(buf) struct buf to = {0};
	AUTO(buf) struct buf keeps = {0};
	struct row rows[4];
	size_t n = 0;

	buf_puts(&c->out, "captured ");
	value_money(&c->out, json_object_get(r, "captured"), false);
	buf_puts(&c->out, ", refunded before ");
	value_money(&c->out, json_object_get(r, "refunded_before"), false);
	buf_putc(&c->out, '\n');
	buf_puts(&of, ticket ? "ticket " : "of it");
	out_safe(&of, ticket ? ticket : "");
	buf_printf(&to, " %s  to ", value_text(like, "currency"));
	out_safe(&to, value_text(r, "kind"));
	keeps_put(&keeps, r);
	if (ticket || fee)
		rows[n++] = (struct row){buf_str(&of),
		    json_object_get(r, "price") ? amount_of(r, "price") : amount + fee, ""};
	if (fee)
		rows[n++] = (struct row){"fee kept", -fee, ""};
	rows[n++] = (struct row){"refund", amount, buf_str(&to)};
	rows[n++] = (struct row){"order keeps", amount_of(r, "keeps"), buf_str(&keeps)};
	rows_put(c, like, rows, n);
}

bool sums_has(const struct rpc_method *m)
{
	return m->id == RPC_refund_create;
}

void sums_put(struct cli *c, const struct rpc_method *m, const json_t *record)
{
	/* a replay shows the refund as it is, without what was reckoned then */
	if (sums_has(m) && !json_is_true(json_object_get(record, "replayed")))
		refund_sums(c, record);
}

/* One line of an explanation: what, price of one, amount, why. */
struct explained {
	struct buf what, price, amount, why;
};

static void line_done(struct explained *l)
{
	buf_done(&l->what);
	buf_done(&l->price);
	buf_done(&l->amount);
	buf_done(&l->why);
}

static void line_read(struct explained *l, const json_t *row, bool counted)
{
	const json_t *count = json_object_get(row, "count");

	*l = (struct explained){.what = {0}};
	if (json_is_integer(count))
		buf_printf(
		    &l->what, "%" JSON_INTEGER_FORMAT " x ", json_integer_value(count));
	out_safe(&l->what, value_text(row, "what"));
	if (counted)
		value_money(&l->price, json_object_get(row, "price"), false);
	value_money(&l->amount, json_object_get(row, "amount"), false);
	out_safe(&l->why, value_text(row, "why"));
}

/* Widths of the three columns of an explanation. */
struct widths {
	size_t what, price, amount;
};

static size_t wider(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void measure(struct widths *w, const json_t *rows, bool counted)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct explained l;

		line_read(&l, json_array_get(rows, i), counted);
		w->what = wider(w->what, text_width(buf_str(&l.what)));
		w->price = wider(w->price, l.price.len);
		w->amount = wider(w->amount, l.amount.len);
		line_done(&l);
	}
}

/* before: two spaces, or one before the currency of a sum. What is too long for the screen is cut. */
static void line_put(
    struct cli *c, const struct widths *w, const struct explained *l, const char *before)
{
	size_t used = w->what + 2 + w->price + 2 + w->amount + strlen(before);

	buf_puts(&c->out, buf_str(&l->what));
	buf_printf(&c->out, "%*s  %*s  %*s%s", (int)(w->what - text_width(buf_str(&l->what))), "",
	    (int)w->price, buf_str(&l->price), (int)w->amount, buf_str(&l->amount), before);
	text_cut(&c->out, buf_str(&l->why), c->width > used ? c->width - used : 1);
	buf_putc(&c->out, '\n');
}

static void lines_put(struct cli *c, const struct widths *w, const json_t *rows, bool counted)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct explained l;

		line_read(&l, json_array_get(rows, i), counted);
		line_put(c, w, &l, "  ");
		line_done(&l);
	}
}

/* "captured 89.10 cash, refunded 0.00, balance 0.00" */
static void movements_put(struct cli *c, const json_t *r, const char *how)
{
	buf_puts(&c->out, "captured ");
	value_money(&c->out, json_object_get(r, "captured"), false);
	buf_puts(&c->out, *how ? " " : "");
	out_safe(&c->out, how);
	buf_puts(&c->out, ", refunded ");
	value_money(&c->out, json_object_get(r, "refunded"), false);
	buf_puts(&c->out, ", balance ");
	value_money(&c->out, json_object_get(r, "balance"), false);
	buf_putc(&c->out, '\n');
}

void sums_explain(struct cli *c, const json_t *r)
{
	const json_t *items = json_object_get(r, "items"), *money = json_object_get(r, "money");
	const json_t *total = json_object_get(r, "total");
	const char *how = value_text(json_array_get(money, 0), "why");
	bool plain = json_array_size(money) < 2 && !strchr(how, ':');
	struct widths w = {.what = 5, .price = 5, .amount = 6};
	struct explained sum = {.what = {0}};

	measure(&w, items, true);
	if (!plain)
		measure(&w, money, false);
	lines_put(c, &w, items, true);
	buf_puts(&sum.what, "total");
	value_money(&sum.amount, total, false);
	w.amount = wider(w.amount, sum.amount.len);
	out_safe(&sum.why, value_text(total, "currency"));
	line_put(c, &w, &sum, " ");
	if (!plain)
		lines_put(c, &w, money, false);
	movements_put(c, r, plain ? how : "");
	line_done(&sum);
}
