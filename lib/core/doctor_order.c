/* SPDX-License-Identifier: MIT */
/* Orders and holds: what is owed either way, what is about to end, and what can be done next. */
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "base/money.h"
#include "core/doctor.h"
#include "core/doctor_note.h"
#include "core/order.h"
#include "core/order_part.h"
#include "core/order_rec.h"
#include "core/rows.h"
#include "core/writer.h"

struct look {
	struct note note;
	struct order_rec row;
	const char *code;
	int64_t paid, pending; /* captured; refunds decided but not paid out */
	int64_t tickets, dead; /* all of them; void ones */
};

#define TEXT(l, ...) arena_printf((l)->note.c->arena, __VA_ARGS__)

static const char *amount(struct look *l, int64_t value)
{
	char text[MONEY_TEXT_MAX];

	money_format(sale_money(&l->row.event, value), text, sizeof(text));
	return TEXT(l, "%s %s", text, l->row.event.currency);
}

static int count_tickets(struct look *l)
{
	struct q q;
	int r;

	q_start(&q, l->note.c->db, SQL_order_tickets, &l->note.c->err);
	order_rows(&q, l->row.id);
	while ((r = q_step(&q)) == 1) {
		l->tickets++;
		l->dead += q_col(&q, 4) == ticket_state_void;
	}
	q_end(&q);
	return r;
}

static int look_at_refunds(struct look *l)
{
	struct q q;
	int r;

	q_start(&q, l->note.c->db, SQL_order_refunds, &l->note.c->err);
	order_rows(&q, l->row.id);
	while ((r = q_step(&q)) == 1) {
		int64_t n = q_col(&q, 0) % ORDER_ROWS;

		if (q_col(&q, 4) != refund_state_pending)
			continue;
		l->pending += q_col(&q, 1);
		note_found(&l->note, doctor_severity_warning, l->code,
		    TEXT(l, "refund /r%" PRId64 " of %s is decided but not paid out", n,
			amount(l, q_col(&q, 1))),
		    TEXT(l, "tix refund confirm %s/r%" PRId64, l->code, n));
	}
	q_end(&q);
	return r;
}

/* Whether the last that happened to it is that its seats could not be given back. */
static bool parked(struct look *l)
{
	bool yes = false;
	struct q q;

	q_start(&q, l->note.c->db, SQL_doctor_last_topic, &l->note.c->err);
	q_i64(&q, 1, l->row.id);
	if (q_step(&q) == 1)
		yes = strcmp(q_text(&q, 0), "hold.parked") == 0;
	q_end(&q);
	return yes;
}

static void look_at_hold(struct look *l)
{
	struct call *c = l->note.c;
	const char *until = note_time(&l->note, l->row.expires);

	if (l->row.expires <= c->now + atomic_load(&c->core->step)) {
		note_found(&l->note, doctor_severity_warning, l->code,
		    TEXT(l, "the hold ran out at %s and waits to be swept", until), "tix doctor");
		return;
	}
	if (parked(l)) {
		note_found(&l->note, doctor_severity_problem, l->code,
		    TEXT(l, "its seats could not be given back; that is tried again at %s", until),
		    "tix audit");
		return;
	}
	note_found(&l->note, doctor_severity_note, l->code,
	    TEXT(l, "held, not sold: the seats come back at %s", until),
	    TEXT(l, "tix order create --hold %s --pay cash", l->code));
}

/* What it owes is told apart. */
static void look_at_pending(struct look *l)
{
	if (l->row.event.status == event_status_cancelled) {
		note_found(&l->note, doctor_severity_problem, l->code,
		    "its event was called off: no money sells it any more",
		    TEXT(l, "tix order cancel %s", l->code));
		return;
	}
	note_found(&l->note, doctor_severity_note, l->code,
	    TEXT(l, "it awaits its money: without it the seats come back at %s",
		note_time(&l->note, l->row.expires)),
	    TEXT(l, "tix order extend %s", l->code));
}

static void look_at_balance(struct look *l)
{
	int64_t balance = order_balance(&l->row, l->paid);

	if (balance > 0)
		note_found(&l->note, doctor_severity_warning, l->code,
		    l->row.state == order_state_cancelled
			? TEXT(l, "called off, but %s is still here", amount(l, balance))
			: TEXT(l, "%s more is here than the order costs", amount(l, balance)),
		    TEXT(l, "tix refund create %s", l->code));
	if (balance < 0)
		note_found(&l->note, doctor_severity_warning, l->code,
		    TEXT(l, "the buyer owes %s", amount(l, -balance)),
		    TEXT(l, "tix order explain %s", l->code));
}

static void look_at_tickets(struct look *l)
{
	if (l->row.state != order_state_paid)
		return;
	if (l->dead > 0)
		note_found(&l->note,
		    l->dead == l->tickets ? doctor_severity_warning : doctor_severity_note, l->code,
		    TEXT(l, "%" PRId64 " of %" PRId64 " tickets %s void", l->dead, l->tickets,
			l->dead == 1 ? "is" : "are"),
		    l->dead == l->tickets ? TEXT(l, "tix order cancel %s", l->code)
					  : TEXT(l, "tix order history %s", l->code));
	if (l->row.event.status == event_status_cancelled)
		note_found(&l->note, doctor_severity_problem, l->code, "its event was called off",
		    TEXT(l, "tix order cancel %s", l->code));
}

static int look_at(struct look *l)
{
	bool sold = l->row.state == order_state_paid || l->row.state == order_state_cancelled;
	int r = order_paid(l->note.c, l->row.id, &l->paid);

	if (r == 0)
		r = count_tickets(l);
	if (r == 0)
		r = look_at_refunds(l);
	if (r < 0)
		return r;
	if (l->row.state == order_state_held)
		look_at_hold(l);
	else if (l->row.state == order_state_pending)
		look_at_pending(l);
	else if (!sold)
		note_found(&l->note, doctor_severity_note, l->code,
		    TEXT(l, "it is %s: its seats went back",
			enum_word(&enum_set_order_state, l->row.state)),
		    TEXT(l, "tix doctor %s", l->row.event.slug));
	look_at_balance(l);
	look_at_tickets(l);
	note_fact(&l->note,
	    TEXT(l, "%s, %" PRId64 " ticket%s, total %s, captured %s, refunded %s, balance %s",
		enum_word(&enum_set_order_state, l->row.state), l->row.tickets,
		l->row.tickets == 1 ? "" : "s",
		amount(l, l->row.total), amount(l, l->paid), amount(l, l->row.refunded),
		amount(l, order_balance(&l->row, l->paid))));
	return 0;
}

int order_doctor(struct call *c, const struct order_in *in, struct doctor *out)
{
	struct look l = {.note = {.c = c}};
	int n, r = order_rec_find(c, in->code, "code", &l.row, &n);

	if (r < 0)
		return r;
	l.code = order_code(c, l.row.id);
	if (!l.code)
		return c->err.code;
	r = look_at(&l);
	if (r < 0)
		return r;
	out->kind = "order";
	out->subject = l.code;
	out->free = TIME_NONE;
	return note_end(&l.note, out);
}
