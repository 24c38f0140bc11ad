/* SPDX-License-Identifier: MIT */
/* What a person would type next. Only commands that would do something now: where the record does
 * not say so, the daemon is asked. */
#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/out.h"
#include "cli/sentence.h"

static int64_t balance_of(const json_t *r)
{
	return json_integer_value(json_object_get(json_object_get(r, "balance"), "amount"));
}

static void put(struct buf *b, const char *command, const json_t *r, const char *field)
{
	buf_puts(b, command);
	out_safe(b, value_text(r, field));
}

/* A category is to be sold: unless that is so already. */
static void publish(struct cli *c, const json_t *r, struct buf *b)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "event", value_text(r, "event"));
	AUTO(json) json_t *event = NULL;
	struct err e = {0};

	if (call(c, &rpc_methods[RPC_event_show], params, &event, &e) == 0 &&
	    strcmp(value_text(event, "status"), "draft") == 0)
		put(b, "tix event publish ", r, "event");
}

/* The money that is missing comes in, or what is there too much goes back. */
static void settle(const json_t *r, const char *code, struct buf *b)
{
	const json_t *balance = json_object_get(r, "balance");
	AUTO(json) json_t *missing = NULL;
	AUTO(buf) struct buf amount = {0};

	if (balance_of(r) > 0)
		put(b, "tix refund create ", r, code);
	if (balance_of(r) >= 0)
		return;
	missing = json_pack("{s:I, s:s}", "amount", (json_int_t)-balance_of(r), "currency",
	    value_text(balance, "currency"));
	value_money(&amount, missing, false);
	put(b, "tix payment record ", r, code);
	buf_printf(b, " --amount %s --kind ", buf_str(&amount));
	out_safe(b, *value_text(r, "kind")			    ? value_text(r, "kind")
		    : strcmp(value_text(r, "pay"), "cash") == 0 ? "cash"
							     : "bank");
}

/* A job that went well to its end needs nothing more; what failed its follower told. */
static void job(const json_t *r, struct buf *b)
{
	const char *state = value_text(r, "state");
	int64_t total = json_integer_value(json_object_get(r, "total"));

	if (strcmp(state, "running") == 0)
		put(b, "tix job show --wait ", r, "job");
	else if (strcmp(state, "paused") == 0 && total > 0)
		put(b, "tix job resume ", r, "job");
	else if (strcmp(state, "stopped") == 0)
		put(b, "tix job report ", r, "job");
}

static void of_order(const struct rpc_method *m, const json_t *r, struct buf *b)
{
	bool pending = strcmp(value_text(r, "state"), "pending") == 0;

	if (m->id == RPC_order_change || m->id == RPC_order_cancel || pending)
		settle(r, "code", b);
}

static void of_event(const struct rpc_method *m, const json_t *r, struct buf *b)
{
	switch (m->id) {
	case RPC_event_create:
		put(b, "tix category create ", r, "event");
		buf_puts(b, "/ga --price 45.00 --size 500");
		break;
	case RPC_event_clone:
		put(b, "tix category list ", r, "event");
		break;
	case RPC_event_publish:
		put(b, "tix watch ", r, "event");
		break;
	case RPC_event_cancel:
		if (*value_text(r, "job")) {
			put(b, "tix refund list ", r, "event");
			buf_puts(b, " --state pending");
		}
		break;
	default: /* what else is done to an event leads nowhere by itself */
		break;
	}
}

static void of_refund(const struct rpc_method *m, const json_t *r, struct buf *b)
{
	if (m->id == RPC_refund_create && strcmp(value_text(r, "state"), "pending") == 0)
		put(b, "tix refund confirm ", r, "refund");
}

void next_put(struct cli *c, const struct rpc_method *m, const json_t *r, struct buf *b)
{
	if (!(m->flags & RPC_MUTATES) || json_is_true(json_object_get(r, "dry_run")))
		return;
	if (m->out == &shape_event) {
		of_event(m, r, b);
	} else if (m->id == RPC_category_create) {
		publish(c, r, b);
	} else if (m->out == &shape_hold && strcmp(value_text(r, "state"), "held") == 0) {
		put(b, "tix order create --hold ", r, "code");
		buf_puts(b, " --pay cash");
	} else if (m->out == &shape_order) {
		of_order(m, r, b);
	} else if (m->out == &shape_receipt) {
		if (*value_text(r, "refund"))
			put(b, "tix refund confirm ", r, "refund");
		else
			settle(r, "order", b);
	} else if (m->out == &shape_refund) {
		of_refund(m, r, b);
	} else if (m->out == &shape_job_info) {
		job(r, b);
	}
}
