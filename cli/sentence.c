/* SPDX-License-Identifier: MIT */
/* What a person reads of one record, and what to type next. Programs never see this. */
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/out.h"

/* Builds one line of parts with two spaces between them. */
struct words {
	struct cli *c;
	struct buf b;
};

static void part(struct words *l, const char *text)
{
	if (!text || !*text)
		return;
	if (l->b.len > 0)
		buf_puts(&l->b, "  ");
	text_safe(&l->b, text, strlen(text));
}

static const char *text_of(const json_t *record, const char *name)
{
	const char *s = json_string_value(json_object_get(record, name));

	return s ? s : "";
}

/* A field as a table would show it; nothing where it is null. */
static void field(struct words *l, const struct shape *shape, const json_t *record,
    const char *name, const char *before)
{
	const json_t *v = json_object_get(record, name);
	AUTO(buf) struct buf b = {0};

	if (!v || json_is_null(v))
		return;
	buf_init(&b, 0);
	buf_puts(&b, before);
	for (unsigned i = 0; i < shape->nfields; i++) {
		if (strcmp(shape->fields[i].name, name) == 0)
			value_put(&b, &shape->fields[i], v,
			    value_cell_zone(l->c, &shape->fields[i], record));
	}
	part(l, buf_str(&b));
}

static void line_begin(struct words *l, struct cli *c, const json_t *record)
{
	l->c = c;
	buf_init(&l->b, 0);
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
	const char *name = text_of(venue, "name"), *city = text_of(venue, "city");

	buf_init(&b, 0);
	buf_puts(&b, name);
	if (*city)
		buf_printf(&b, "%s%s", *name ? ", " : "", city);
	part(l, buf_str(&b));
}

static void event_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "event"));
	part(l, text_of(r, "status"));
	field(l, m->out, r, "start", "");
	place(l, json_object_get(r, "venue"));
	part(l, text_of(r, "stake"));
	part(l, text_of(r, "job"));
}

static void job_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "job"));
	part(l, text_of(r, "kind"));
	part(l, text_of(r, "event"));
	part(l, text_of(r, "state"));
	field(l, m->out, r, "done", "done ");
	field(l, m->out, r, "failed", "failed ");
	field(l, m->out, r, "skipped", "skipped ");
	field(l, m->out, r, "total", "of ");
}

/* "/1 ga 45.00  /2 ga 45.00" */
static void ticket_parts(struct words *l, const json_t *tickets)
{
	for (size_t i = 0; i < json_array_size(tickets); i++) {
		const json_t *t = json_array_get(tickets, i);
		const char *state = text_of(t, "state");
		AUTO(buf) struct buf b = {0};

		buf_init(&b, 0);
		buf_printf(&b, "%s/%" JSON_INTEGER_FORMAT " %s ", i ? "" : "  ",
		    json_integer_value(json_object_get(t, "n")), text_of(t, "category"));
		value_money(&b, json_object_get(t, "price"), false);
		if (*state && strcmp(state, "valid") != 0)
			buf_printf(&b, " %s", state);
		part(l, buf_str(&b));
	}
}

static void order_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "code"));
	part(l, text_of(r, "state"));
	field(l, m->out, r, "total", "");
	part(l, text_of(r, "pay"));
	if (strcmp(text_of(r, "money"), "paid") != 0)
		part(l, text_of(r, "money"));
	if (strcmp(text_of(r, "state"), "pending") == 0)
		field(l, m->out, r, "expires", "until ");
	ticket_parts(l, json_object_get(r, "tickets"));
}

/* After a change: "costs 15.00 EUR more" and who owes whom. */
static void order_change_line(struct words *l, const json_t *r)
{
	static const char *const what[] = {"difference", "balance"};

	for (size_t i = 0; i < ARRAY_LEN(what); i++) {
		const json_t *m = json_object_get(r, what[i]);
		AUTO(buf) struct buf b = {0};

		buf_init(&b, 0);
		buf_printf(&b, "%s ", what[i]);
		value_money(&b, m, true);
		if (i == 1)
			buf_puts(&b, json_integer_value(json_object_get(m, "amount")) > 0
					 ? ", due to the buyer"
				     : json_integer_value(json_object_get(m, "amount")) < 0
					 ? ", owed by the buyer"
					 : "");
		part(l, buf_str(&b));
	}
}

static void hold_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "code"));
	part(l, text_of(r, "state"));
	field(l, m->out, r, "total", "");
	field(l, m->out, r, "line", "");
	field(l, m->out, r, "expires", "until ");
}

static void in_event(struct words *l, const json_t *r)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	buf_printf(&b, "%s/%s", text_of(r, "event"), text_of(r, "name"));
	part(l, buf_str(&b));
}

static void category_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	in_event(l, r);
	field(l, m->out, r, "price", "");
	field(l, m->out, r, "free", "free ");
	field(l, m->out, r, "quotas", "of ");
}

static void quota_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	in_event(l, r);
	field(l, m->out, r, "size", "size ");
	field(l, m->out, r, "overbook", "overbook ");
	field(l, m->out, r, "blocked", "blocked ");
	field(l, m->out, r, "held", "held ");
	field(l, m->out, r, "sold", "sold ");
	field(l, m->out, r, "free", "free ");
}

static void venue_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	(void)m;
	part(l, text_of(r, "venue"));
	place(l, r);
	part(l, text_of(r, "country"));
	part(l, text_of(r, "zone"));
}

static void organizer_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "organizer"));
	part(l, text_of(r, "name"));
	field(l, m->out, r, "events", "events ");
}

/* "captured 90.00, refunded before 0.00", then the sum line by line. */
static void refund_sums(struct cli *c, const json_t *r)
{
	static const struct {
		const char *name, *before, *after;
	} rows[] = {
	    {"captured", "captured ", ", "},
	    {"refunded_before", "refunded before ", "\n"},
	    {"fee", "fee kept        ", "\n"},
	    {"amount", "refund          ", "\n"},
	    {"keeps", "order keeps     ", "\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_puts(&c->out, rows[i].before);
		value_money(&c->out, json_object_get(r, rows[i].name), false);
		buf_puts(&c->out, rows[i].after);
	}
}

static void refund_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "refund"));
	part(l, text_of(r, "state"));
	field(l, m->out, r, "amount", "");
	part(l, text_of(r, "kind"));
	field(l, m->out, r, "ticket", "of ");
	if (json_integer_value(json_object_get(r, "seats")) > 0)
		field(l, m->out, r, "seats", "seats back ");
}

static void receipt_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "payment"));
	field(l, m->out, r, "amount", "");
	part(l, text_of(r, "kind"));
	part(l, text_of(r, "reference"));
	part(l, "order");
	part(l, text_of(r, "order_state"));
	part(l, text_of(r, "money"));
	field(l, m->out, r, "balance", "balance ");
	field(l, m->out, r, "refund", "given back by ");
}

static void pass_line(struct words *l, const struct rpc_method *m, const json_t *r)
{
	part(l, text_of(r, "ticket"));
	part(l, text_of(r, "state"));
	part(l, text_of(r, "category"));
	field(l, m->out, r, "price", "");
	part(l, text_of(r, "name"));
	part(l, text_of(r, "code"));
}

/* "2 x ga  45.00   90.00  the price of that day", in columns. */
static void explain_rows(struct cli *c, const json_t *rows, bool counted)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *count = json_object_get(row, "count");
		AUTO(buf) struct buf what = {0};
		AUTO(buf) struct buf price = {0};
		AUTO(buf) struct buf amount = {0};
		AUTO(buf) struct buf why = {0};

		buf_init(&what, 0);
		buf_init(&price, 0);
		buf_init(&amount, 0);
		buf_init(&why, 0);
		if (json_is_integer(count))
			buf_printf(&what, "%" JSON_INTEGER_FORMAT " x ", json_integer_value(count));
		text_safe(&what, text_of(row, "what"), strlen(text_of(row, "what")));
		if (counted)
			value_money(&price, json_object_get(row, "price"), false);
		value_money(&amount, json_object_get(row, "amount"), false);
		text_safe(&why, text_of(row, "why"), strlen(text_of(row, "why")));
		buf_printf(&c->out, "%-18s %9s %10s  %s\n", buf_str(&what), buf_str(&price),
		    buf_str(&amount), buf_str(&why));
	}
}

static void explain_sum(struct cli *c, const char *what, const json_t *money)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	value_money(&b, money, false);
	buf_printf(
	    &c->out, "%-18s %9s %10s  %s\n", what, "", buf_str(&b), text_of(money, "currency"));
}

static void explain_block(struct cli *c, const json_t *r)
{
	explain_rows(c, json_object_get(r, "items"), true);
	explain_sum(c, "total", json_object_get(r, "total"));
	explain_rows(c, json_object_get(r, "money"), false);
	explain_sum(c, "balance", json_object_get(r, "balance"));
}

/* The buyer, payments and ticket codes below an order that is shown. */
static void order_more(struct cli *c, const json_t *r)
{
	const json_t *buyer = json_object_get(r, "buyer"),
		     *payments = json_object_get(r, "payments");
	const json_t *tickets = json_object_get(r, "tickets");
	struct words l;

	line_begin(&l, c, NULL);
	part(&l, "buyer  ");
	part(&l, text_of(buyer, "name"));
	part(&l, text_of(buyer, "email"));
	part(&l, text_of(buyer, "phone"));
	if (json_is_object(buyer))
		line_end(&l);
	else
		buf_done(&l.b);
	for (size_t i = 0; i < json_array_size(payments); i++) {
		const json_t *p = json_array_get(payments, i);

		line_begin(&l, c, NULL);
		part(&l, "payment");
		part(&l, text_of(p, "kind"));
		field(&l, &shape_payment, p, "amount", "");
		part(&l, text_of(p, "state"));
		field(&l, &shape_payment, p, "at", "");
		part(&l, text_of(p, "reference"));
		line_end(&l);
	}
	for (size_t i = 0; i < json_array_size(tickets); i++) {
		const json_t *t = json_array_get(tickets, i);
		char number[32];

		line_begin(&l, c, NULL);
		snprintf(number, sizeof(number), "/%" JSON_INTEGER_FORMAT "     ",
		    json_integer_value(json_object_get(t, "n")));
		part(&l, number);
		part(&l, text_of(t, "code"));
		part(&l, text_of(t, "state"));
		line_end(&l);
	}
}

static void next_step(struct cli *c, const struct rpc_method *m, const json_t *r)
{
	if (json_is_true(json_object_get(r, "dry_run")))
		return;
	switch (m->id) {
	case RPC_event_create:
		out_hint(c, "next: tix category create %s/ga --price 45.00 --size 500",
		    text_of(r, "event"));
		break;
	case RPC_category_create:
		out_hint(c, "next: tix event publish %s", text_of(r, "event"));
		break;
	case RPC_order_create:
		if (strcmp(text_of(r, "state"), "pending") == 0)
			out_hint(c, "next: tix payment record %s, once the money is here",
			    text_of(r, "code"));
		break;
	case RPC_payment_record:
		if (json_is_string(json_object_get(r, "refund")))
			out_hint(c, "next: tix refund confirm %s, once it is paid out",
			    text_of(r, "refund"));
		break;
	case RPC_hold_create:
		out_hint(c, "next: tix order create --hold %s --pay cash", text_of(r, "code"));
		break;
	case RPC_refund_create:
		out_hint(
		    c, "next: tix refund confirm %s, once it is paid out", text_of(r, "refund"));
		break;
	default: /* every other method: nothing suggests itself */
		break;
	}
}

bool print_sentence(struct cli *c, const struct rpc_method *m, const json_t *record)
{
	static const struct {
		const struct shape *shape;
		void (*put)(struct words *l, const struct rpc_method *m, const json_t *r);
	} rows[] = {
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
	};
	struct words l;

	if (m->id == RPC_order_explain) {
		explain_block(c, record);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].shape != m->out)
			continue;
		if (!(m->flags & RPC_MUTATES) && m->id != RPC_order_show && m->id != RPC_hold_show)
			return false;
		if (m->id == RPC_refund_create)
			refund_sums(c, record);
		line_begin(&l, c, record);
		rows[i].put(&l, m, record);
		line_end(&l);
		if (m->id == RPC_order_change && json_object_get(record, "difference")) {
			line_begin(&l, c, NULL);
			order_change_line(&l, record);
			line_end(&l);
		}
		if (m->id == RPC_order_show)
			order_more(c, record);
		next_step(c, m, record);
		return true;
	}
	return false;
}
