/* SPDX-License-Identifier: MIT */
/* system.show: core finds what a code stands for and fills its shape, this writes it down as
 * KIND.show would. */
#include "base/buf.h"
#include "core/category.h"
#include "core/event.h"
#include "core/hold.h"
#include "core/job.h"
#include "core/order.h"
#include "core/organizer.h"
#include "core/payment.h"
#include "core/quota.h"
#include "core/refund.h"
#include "core/show.h"
#include "core/ticket.h"
#include "core/venue.h"
#include "daemon/methods.h"
#include "rpc/codec.h"
#include "rpc/rpc.h"

/* Any of the records; the shape tells which. */
union record {
	struct order order;
	struct hold hold;
	struct event event;
	struct category category;
	struct quota quota;
	struct venue venue;
	struct organizer organizer;
	struct receipt payment;
	struct refund refund;
	struct job_info job;
	struct pass ticket;
};

/* What the door may see of an order, which knows its tickets: neither buyer nor note. */
static int show_seats(struct call *c, int64_t id, struct order *out)
{
	int r;

	if (!rpc_may(&rpc_methods[RPC_ticket_show], c->who->roles))
		return err_set(
		    &c->err, TIX_ENOT_PERMITTED, "code", "%s may not see orders", c->who->name);
	r = order_load(c, id, out);
	out->note = NULL;
	return r;
}

/* What not everybody may see who may ask for a code. */
static int check_rights(struct call *c, enum rpc_id method)
{
	const struct rpc_method *m = &rpc_methods[method];

	if (rpc_may(m, c->who->roles))
		return 0;
	err_set(&c->err, TIX_ENOT_PERMITTED, NULL, "%s may not call %s", c->who->name, m->name);
	err_hint(&c->err, "it takes the permission %s", rpc_perms[m->perm].name);
	return TIX_ENOT_PERMITTED;
}

static int load(struct call *c, enum show_kind kind, int64_t id, union record *r,
    const struct shape **ret_shape)
{
	int rc = 0;

	switch (kind) {
	case SHOW_order:
		*ret_shape = &shape_order;
		if (rpc_may(&rpc_methods[RPC_order_show], c->who->roles))
			return order_show_id(c, id, &r->order);
		return show_seats(c, id, &r->order);
	case SHOW_hold:
		*ret_shape = &shape_hold;
		return hold_load(c, id, &r->hold);
	case SHOW_event:
		*ret_shape = &shape_event;
		return event_load(c, id, &r->event);
	case SHOW_category:
		*ret_shape = &shape_category;
		return category_load(c, id, &r->category);
	case SHOW_quota:
		*ret_shape = &shape_quota;
		return quota_load(c, id, &r->quota);
	case SHOW_venue:
		*ret_shape = &shape_venue;
		return venue_load(c, id, &r->venue);
	case SHOW_organizer:
		*ret_shape = &shape_organizer;
		return organizer_load(c, id, &r->organizer);
	case SHOW_payment:
		*ret_shape = &shape_receipt;
		rc = check_rights(c, RPC_payment_show);
		return rc < 0 ? rc : payment_load(c, id, &r->payment);
	case SHOW_refund:
		*ret_shape = &shape_refund;
		rc = check_rights(c, RPC_refund_show);
		return rc < 0 ? rc : refund_load(c, id, &r->refund);
	case SHOW_job:
		*ret_shape = &shape_job_info;
		rc = check_rights(c, RPC_job_show);
		return rc < 0 ? rc : job_load(c, id, &r->job);
	case SHOW_ticket:
		*ret_shape = &shape_pass;
		rc = check_rights(c, RPC_ticket_show);
		return rc < 0 ? rc : ticket_load(c, id, &r->ticket);
	}
	return TIX_EINTERNAL;
}

int system_show(struct call *c, const struct show_in *in, struct show *out)
{
	const struct shape *shape = NULL;
	union record r = {0};
	enum show_kind kind;
	struct buf b;
	int64_t id;
	int rc = show_find(c, in->code, &kind, &id, &out->code);

	if (rc == 0)
		rc = load(c, kind, id, &r, &shape);
	if (rc < 0)
		return rc;
	buf_init(&b, 0);
	rc = rpc_encode(shape, &r, &b);
	out->kind = show_kind_word(kind);
	out->record = rc == 0 ? arena_strdup(c->arena, buf_str(&b)) : NULL;
	buf_done(&b);
	return out->record ? 0 : err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
}
