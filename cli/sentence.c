/* SPDX-License-Identifier: MIT */
/* What a person reads of one record, and what to type next. Programs never see this. */
#include "cli/sentence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/out.h"

#define INDENT "  " /* of what did not fit on the first line */

/* Builds a sentence of parts with two spaces between them. */
struct words {
	struct cli *c;
	struct buf b;
	size_t column; /* cells of the last line */
	bool full;     /* what comes next begins a line */
};

/* A part; on a line of its own where the one before is full. */
static void part(struct words *l, const char *text)
{
	AUTO(buf) struct buf safe = {0};
	size_t width;

	if (!text || !*text)
		return;
	text_safe(&safe, text, strlen(text));
	width = text_width(buf_str(&safe));
	if (l->b.len > 0 && (l->full || l->column + 2 + width > l->c->width)) {
		l->full = false;
		buf_puts(&l->b, "\n" INDENT);
		l->column = strlen(INDENT);
	} else if (l->b.len > 0) {
		buf_puts(&l->b, "  ");
		l->column += 2;
	}
	buf_puts(&l->b, buf_str(&safe));
	l->column += width;
}

/* A field as a table would show it; nothing where it is null. */
static void field(struct words *l, const struct shape *shape, const json_t *record,
    const char *name, const char *before)
{
	const struct shape_field *f = value_field(shape, name, strlen(name));
	const json_t *v = json_object_get(record, name);
	AUTO(buf) struct buf b = {0};

	if (!v || json_is_null(v))
		return;
	buf_init(&b, 0);
	buf_puts(&b, before);
	if (f)
		value_put(&b, f, v, value_cell_zone(l->c, f, record));
	part(l, buf_str(&b));
}

static void line_begin(struct words *l, struct cli *c, const json_t *record)
{
	*l = (struct words){.c = c};
	if (json_is_true(json_object_get(record, "dry_run")))
		part(l, "would");
}

static void line_end(struct words *l)
{
	buf_puts(&l->c->out, buf_str(&l->b));
	buf_putc(&l->c->out, '\n');
	buf_done(&l->b);
}

/* "Town Hall, Berlin" */
static void place(struct words *l, const json_t *venue)
{
	AUTO(buf) struct buf b = {0};
	const char *name = value_text(venue, "name"), *city = value_text(venue, "city");

	buf_init(&b, 0);
	buf_puts(&b, name);
	if (*city)
		buf_printf(&b, "%s%s", *name ? ", " : "", city);
	part(l, buf_str(&b));
}

static void event_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "event"));
	part(l, value_text(r, "status"));
	field(l, m->out, r, "start", "");
	place(l, json_object_get(r, "venue"));
	part(l, value_text(r, "stake"));
	part(l, value_text(r, "job"));
}

static void counted(struct words *l, int64_t n, const char *one, const char *many)
{
	char text[80];

	snprintf(text, sizeof(text), "%" PRId64 " %s", n, n == 1 ? one : many);
	part(l, text);
}

static void job_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	char counts[160];

	(void)m;
	part(l, value_text(r, "job"));
	part(l, value_text(r, "kind"));
	part(l, value_text(r, "event"));
	part(l, value_text(r, "state"));
	snprintf(counts, sizeof(counts),
	    "%" PRId64 " done, %" PRId64 " failed, %" PRId64 " skipped of %" PRId64,
	    value_i64(r, "done"), value_i64(r, "failed"), value_i64(r, "skipped"),
	    value_i64(r, "total"));
	part(l, counts);
}

/* "ga 45.00", and its state where that is no matter of course. */
static void ticket_what(struct buf *b, const json_t *t)
{
	const char *state = value_text(t, "state");

	buf_printf(b, "%s ", value_text(t, "category"));
	value_money(b, json_object_get(t, "price"), false);
	if (*state && strcmp(state, "valid") != 0)
		buf_printf(b, " %s", state);
}

/* Tickets from i on that are alike; at least one. */
static size_t alike(const json_t *tickets, size_t i, const char *what)
{
	size_t n = 1;

	for (; i + n < json_array_size(tickets); n++) {
		AUTO(buf) struct buf b = {0};

		ticket_what(&b, json_array_get(tickets, i + n));
		if (strcmp(buf_str(&b), what) != 0)
			break;
	}
	return n;
}

/* "/1 ga 45.00  /2 ga 45.00", or "/1-20 ga 45.00". */
static void ticket_list(struct words *l, const json_t *tickets, bool grouped)
{
	size_t n;

	for (size_t i = 0; i < json_array_size(tickets); i += n) {
		const json_t *t = json_array_get(tickets, i);
		AUTO(buf) struct buf what = {0};
		AUTO(buf) struct buf b = {0};

		ticket_what(&what, t);
		n = grouped ? alike(tickets, i, buf_str(&what)) : 1;
		/* tickets stand apart from what is said of the order */
		buf_printf(&b, "%s/%" PRId64, i > 0 || grouped ? "" : INDENT, value_i64(t, "n"));
		if (n > 1)
			buf_printf(
			    &b, "-%" PRId64, value_i64(json_array_get(tickets, i + n - 1), "n"));
		buf_printf(&b, " %s", buf_str(&what));
		part(l, buf_str(&b));
	}
}

/* All on the line, or below it with those that are alike together. */
static void ticket_parts(struct words *l, const json_t *tickets)
{
	size_t before = l->b.len;

	ticket_list(l, tickets, false);
	if (!memchr(buf_str(&l->b) + before, '\n', l->b.len - before))
		return;
	l->b.len = before;
	l->full = true;
	ticket_list(l, tickets, true);
}

/* After a change or the end of an order: what it costs more, and who owes whom. */
static void order_change_line(struct words *l, const json_t *r)
{
	int64_t left = value_i64(json_object_get(r, "balance"), "amount");
	AUTO(buf) struct buf b = {0};

	field(l, &shape_order, r, "difference", "difference ");
	buf_puts(&b, "balance ");
	value_money(&b, json_object_get(r, "balance"), true);
	if (left != 0)
		buf_puts(&b, left > 0 ? ", due to the buyer" : ", owed by the buyer");
	part(l, buf_str(&b));
}

static void order_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "code"));
	part(l, value_text(r, "state"));
	field(l, m->out, r, "total", "");
	part(l, value_text(r, "pay"));
	if (strcmp(value_text(r, "money"), "paid") != 0)
		part(l, value_text(r, "money"));
	if (strcmp(value_text(r, "state"), "pending") == 0)
		field(l, m->out, r, "expires", "until ");
	ticket_parts(l, json_object_get(r, "tickets"));
	if (m->id == RPC_order_change || m->id == RPC_order_cancel) {
		l->full = true;
		order_change_line(l, r);
	}
}

/* "4 x ga 46.00" */
static void line_parts(struct words *l, const json_t *lines)
{
	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		AUTO(buf) struct buf b = {0};

		buf_printf(
		    &b, "%" PRId64 " x %s ", value_i64(line, "count"), value_text(line, "category"));
		value_money(&b, json_object_get(line, "price"), false);
		part(l, buf_str(&b));
	}
}

static void hold_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "code"));
	part(l, value_text(r, "state"));
	field(l, m->out, r, "total", "");
	line_parts(l, json_object_get(r, "line"));
	if (strcmp(value_text(r, "state"), "held") == 0)
		field(l, m->out, r, "expires", "until ");
}

static void in_event(struct words *l, const json_t *r)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	buf_printf(&b, "%s/%s", value_text(r, "event"), value_text(r, "name"));
	part(l, buf_str(&b));
}

static void category_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	in_event(l, r);
	field(l, m->out, r, "price", "");
	field(l, m->out, r, "free", "free ");
	field(l, m->out, r, "quotas", "of ");
	if (json_is_true(json_object_get(r, "hidden")))
		part(l, "hidden");
}

static void quota_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	in_event(l, r);
	field(l, m->out, r, "size", "size ");
	if (value_i64(r, "overbook") > 0)
		field(l, m->out, r, "overbook", "overbook ");
	field(l, m->out, r, "blocked", "blocked ");
	field(l, m->out, r, "held", "held ");
	field(l, m->out, r, "sold", "sold ");
	field(l, m->out, r, "free", "free ");
	if (json_array_size(json_object_get(r, "categories")) > 0)
		field(l, m->out, r, "categories", "for ");
}

static void venue_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	(void)m;
	part(l, value_text(r, "venue"));
	place(l, r);
	part(l, value_text(r, "country"));
	part(l, value_text(r, "zone"));
}

static void organizer_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	(void)m;
	part(l, value_text(r, "organizer"));
	part(l, value_text(r, "name"));
	counted(l, value_i64(r, "events"), "event", "events");
}

/* refund.create says the rest in its sums. */
static void refund_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "refund"));
	part(l, value_text(r, "state"));
	field(l, m->out, r, "amount", "");
	if (m->id == RPC_refund_create)
		return;
	part(l, value_text(r, "kind"));
	field(l, m->out, r, "ticket", "of ");
}

static void receipt_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "payment"));
	field(l, m->out, r, "amount", "");
	part(l, value_text(r, "kind"));
	part(l, value_text(r, "reference"));
	field(l, m->out, r, "order_state", "order ");
	if (strcmp(value_text(r, "order_state"), value_text(r, "money")) != 0)
		part(l, value_text(r, "money"));
	field(l, m->out, r, "balance", "balance ");
	field(l, m->out, r, "refund", "given back by ");
}

static void pass_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "ticket"));
	part(l, value_text(r, "state"));
	part(l, value_text(r, "category"));
	field(l, m->out, r, "price", "");
	part(l, value_text(r, "name"));
	part(l, value_text(r, "code"));
}

static void deleted_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	(void)m;
	part(l, value_text(r, "name"));
	part(l, value_text(r, "kind"));
	part(l, "deleted");
}

static void erased_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	(void)m;
	part(l, "erased");
	counted(l, value_i64(r, "orders"), "order", "orders");
	counted(l, value_i64(r, "holders"), "holder", "holders");
	counted(l, value_i64(r, "texts"), "text", "texts");
	if (!json_is_true(json_object_get(r, "log_clean")) &&
	    !json_is_true(json_object_get(r, "dry_run")))
		part(l, "the log follows");
}

static void import_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	char text[120];

	if (m->out == &shape_event_import)
		snprintf(text, sizeof(text),
		    "%" PRId64 " created, %" PRId64 " changed, %" PRId64 " same",
		    value_i64(r, "created"), value_i64(r, "changed"), value_i64(r, "same"));
	else
		snprintf(text, sizeof(text), "%" PRId64 " created, %" PRId64 " same",
		    value_i64(r, "created"), value_i64(r, "same"));
	part(l, text);
}

static void export_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	field(l, m->out, r, "kind", "export of ");
	part(l, value_text(r, "event"));
	field(l, m->out, r, "record", "record ");
}

static void bookmark_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, value_text(r, "name"));
	field(l, m->out, r, "record", "at record ");
}

static void clock_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	field(l, m->out, r, "now", "clock ");
}

/* A line of an order that begins with a word. */
static void more_begin(struct words *l, struct cli *c, const char *word)
{
	char text[32];

	line_begin(l, c, NULL);
	snprintf(text, sizeof(text), "%-7s", word);
	part(l, text);
}

static void order_origin(struct cli *c, const json_t *r)
{
	struct words l;

	more_begin(&l, c, "event");
	part(&l, value_text(r, "event"));
	field(&l, &shape_order, r, "created", "since ");
	part(&l, value_text(r, "channel"));
	line_end(&l);
}

static void order_buyer(struct cli *c, const json_t *buyer)
{
	struct words l;

	if (!json_is_object(buyer))
		return;
	more_begin(&l, c, "buyer");
	part(&l, value_text(buyer, "name"));
	part(&l, value_text(buyer, "email"));
	part(&l, value_text(buyer, "phone"));
	line_end(&l);
}

static void order_payment(struct cli *c, const json_t *order, const json_t *p)
{
	/* its time is told in the zone of the event, which only the order names */
	AUTO(json)
	json_t *at = json_pack("{s:O?, s:O?}", "at", json_object_get(p, "at"), "event",
	    json_object_get(order, "event"));
	struct words l;

	more_begin(&l, c, "payment");
	part(&l, value_text(p, "kind"));
	field(&l, &shape_payment, p, "amount", "");
	part(&l, value_text(p, "state"));
	field(&l, &shape_payment, at, "at", "");
	part(&l, value_text(p, "reference"));
	line_end(&l);
}

/* Who owes whom; nothing where it is even. */
static void order_balance(struct cli *c, const json_t *r)
{
	int64_t left = value_i64(json_object_get(r, "balance"), "amount");
	struct words l;

	if (left == 0)
		return;
	more_begin(&l, c, "balance");
	field(&l, &shape_order, r, "balance", "");
	part(&l, left > 0 ? "due to the buyer" : "owed by the buyer");
	line_end(&l);
}

static void order_ticket(struct cli *c, const json_t *t)
{
	char number[32];
	struct words l;

	snprintf(number, sizeof(number), "/%" PRId64, value_i64(t, "n"));
	more_begin(&l, c, number);
	part(&l, value_text(t, "code"));
	part(&l, value_text(t, "state"));
	line_end(&l);
}

/* What the desk wrote down, in whole. */
static void order_note(struct cli *c, const json_t *r)
{
	AUTO(buf) struct buf b = {0};
	const char *note = value_text(r, "note");

	if (!*note)
		return;
	buf_init(&b, 0);
	buf_puts(&b, "note     ");
	text_safe(&b, note, strlen(note));
	buf_puts(&c->out, buf_str(&b));
	buf_putc(&c->out, '\n');
}

/* Where an order that is shown belongs, its buyer, money, ticket codes and note. */
static void order_more(struct cli *c, const json_t *r)
{
	const json_t *payments = json_object_get(r, "payments");
	const json_t *tickets = json_object_get(r, "tickets");

	order_origin(c, r);
	order_buyer(c, json_object_get(r, "buyer"));
	for (size_t i = 0; i < json_array_size(payments); i++)
		order_payment(c, r, json_array_get(payments, i));
	order_balance(c, r);
	for (size_t i = 0; i < json_array_size(tickets); i++)
		order_ticket(c, json_array_get(tickets, i));
	order_note(c, r);
}

/* The sentence, and what comes next: on the same line where both fit. */
static void put_line(
    struct cli *c, const struct rpc_method *m, const json_t *r, const struct words *l)
{
	AUTO(buf) struct buf next = {0};
	bool beside;

	if (c->err_tty && !c->quiet && c->mode == OUT_TABLE)
		next_put(c, m, r, &next);
	beside = c->out_tty && next.len > 0 &&
		 l->column + strlen("  next: ") + text_width(buf_str(&next)) <= c->width;
	buf_puts(&c->out, buf_str(&l->b));
	if (!beside)
		buf_putc(&c->out, '\n');
	if (next.len > 0)
		out_hint(c, "%snext: %s", beside ? "  " : "", buf_str(&next));
}

/* Shapes that have a sentence. */
static const struct sentence {
	const struct shape *shape;
	void (*put)(struct words *l, const struct rpc_method *m, const json_t *r);
} sentences[] = {
    {&shape_event, event_line},
    {&shape_order, order_line},
    {&shape_hold, hold_line},
    {&shape_category, category_line},
    {&shape_quota, quota_line},
    {&shape_venue, venue_line},
    {&shape_organizer, organizer_line},
    {&shape_pass, pass_line},
    {&shape_refund, refund_line},
    {&shape_receipt, receipt_line},
    {&shape_job_info, job_line},
    {&shape_deleted, deleted_line},
    {&shape_person_erased, erased_line},
    {&shape_event_import, import_line},
    {&shape_order_import, import_line},
    {&shape_export_begin, export_line},
    {&shape_clock_out, clock_line},
    {&shape_bookmark, bookmark_line},
};

bool print_sentence(struct cli *c, const struct rpc_method *m, const json_t *record)
{
	const struct sentence *s = NULL;
	struct words l;

	if (m->id == RPC_order_explain) {
		sums_explain(c, record);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(sentences) && !s; i++) {
		if (sentences[i].shape == m->out)
			s = &sentences[i];
	}
	if (!s || (!(m->flags & RPC_MUTATES) && m->id != RPC_order_show && m->id != RPC_hold_show))
		return false;
	if (!c->asked)
		sums_put(c, m, record);
	line_begin(&l, c, record);
	s->put(&l, m, record);
	put_line(c, m, record, &l);
	buf_done(&l.b);
	if (m->id == RPC_order_show)
		order_more(c, record);
	return true;
}
