/* SPDX-License-Identifier: MIT */
/* The one place where requests become calls. The jump table is made from the rows of the methods: a
 * row without its function does not link, one with a function of another shape does not compile. */
#include "daemon/dispatch.h"

#include <string.h>

#include "base/mem.h"
#include "core/audit.h"
#include "core/bookmark.h"
#include "core/category.h"
#include "core/change.h"
#include "core/delete.h"
#include "core/doctor.h"
#include "core/event.h"
#include "core/event_clone.h"
#include "core/export.h"
#include "core/export_job.h"
#include "core/hold.h"
#include "core/import.h"
#include "core/job.h"
#include "core/import_job.h"
#include "core/import_order.h"
#include "core/journal.h"
#include "core/order.h"
#include "core/order_log.h"
#include "core/organizer.h"
#include "core/person.h"
#include "core/quota.h"
#include "core/payment.h"
#include "core/pending.h"
#include "core/refund.h"
#include "core/report.h"
#include "core/sales.h"
#include "core/ticket.h"
#include "core/target.h"
#include "core/venue.h"
#include "daemon/methods.h"
#include "daemon/peer.h"
#include "daemon/readers.h"
#include "daemon/trace.h"
#include "daemon/writer_thread.h"

/* What rows name that have nothing to reload. */
static int none(struct call *c, int64_t subject, void *out)
{
	(void)c, (void)subject, (void)out;
	return 0;
}

#define METHOD(id, name, perm, flags, since, in_, out_, load, doc, errors)                         \
	static int run_##id(struct call *c, const void *in, void *out)                             \
	{                                                                                          \
		const struct in_ *i = in;                                                          \
		struct out_ *o = out;                                                              \
		return id(c, i, o);                                                                \
	}                                                                                          \
	static int reload_##id(struct call *c, int64_t subject, void *out)                         \
	{                                                                                          \
		struct out_ *o = out;                                                              \
		return load(c, subject, o);                                                        \
	}
#include "rpc/methods/all.def"
#undef METHOD

#define METHOD(id, name_, perm, flags, since, in_, out_, load, doc, errors)                        \
	[RPC_##id] = {.name = name_,                                                               \
	    .run = run_##id,                                                                       \
	    .reload = reload_##id,                                                                 \
	    .out_size = sizeof(struct out_),                                                       \
	    .ix = RPC_##id,                                                                        \
	    .mutates = ((flags)&RPC_MUTATES) != 0},
const struct call_op dispatch_ops[RPC_COUNT] = {
#include "rpc/methods/all.def"
};
#undef METHOD

/* What is wrong with the disk has been logged once, by whoever met it: not for each call that must
 * be refused for it. */
static bool logged(const struct job *j, const struct err *err)
{
	return err->code == TIX_ESTOPPED ||
	       (j->method && (j->method->flags & RPC_MUTATES) && err->code == TIX_EUNAVAILABLE &&
		   strcmp(err->field, "disk") == 0);
}

static void log_failure(struct job *j, const struct err *err)
{
	struct log_ctx ctx = {.request = j->request,
	    .principal = j->call.who->name,
	    .method = j->method ? j->method->name : NULL,
	    .error = err_info(err->code)->name};

	if (err->code == TIX_EINTERNAL ||
	    (err->code == TIX_EUNAVAILABLE && !j->conn->closed && !logged(j, err)))
		log_line(&j->t->log, LEVEL_ERROR, &ctx, "%s", err->message);
}

static void encode_answer(struct job *j, struct buf *out)
{
	struct call *k = &j->call;
	size_t before = out->len;

	if (k->result == 0 && rpc_encode_reply(out, j->id, j->method->out, k->out) < 0) {
		k->result = err_set(&k->err, TIX_EUNAVAILABLE, NULL, "the reply does not fit");
		log_failure(j, &k->err);
	}
	if (k->result < 0) {
		atomic_fetch_add_explicit(&j->t->count.refused, 1, memory_order_relaxed);
		rpc_encode_error(out, j->id, &k->err, j->request);
	}
	trace_reply(j->t->trace, j->method, k->result < 0 ? k->err.code : 0, out->data + before,
	    out->len - before);
}

void dispatch_reply(struct job *j)
{
	struct conn *c = j->conn;

	atomic_fetch_add_explicit(&j->t->count.calls, 1, memory_order_relaxed);
	if (j->call.result < 0 && j->call.err.code == 0)
		err_set(&j->call.err, j->call.result, NULL, NULL);
	if (j->call.result < 0)
		log_failure(j, &j->call.err); /* also when nobody waits for it any more */
	if (!c->closed && j->id[0] != '\0') {
		encode_answer(j, &c->out);
		conn_touch(c);
	}
	job_end(j);
}

/* A call that another thread has run. */
static void came_back(struct job *j)
{
	struct conn *c = j->conn;
	bool read = !j->call.op->mutates;

	j->t->jobs--;
	dispatch_reply(j);
	conn_call_done(c, read);
}

static void run_read(struct job *j, struct db *db)
{
	j->call.db = db;
	reader_run(&j->call);
}

static int check_rights(const struct job *j, struct err *err)
{
	const struct rpc_method *m = j->method;

	if (rpc_may(m, j->call.who->roles))
		return 0;
	err_set(err, TIX_ENOT_PERMITTED, NULL, "%s may not call %s", j->call.who->name, m->name);
	err_hint(err, "it takes the permission %s", rpc_perms[m->perm].name);
	return TIX_ENOT_PERMITTED;
}

static int check_state(struct job *j, struct err *err)
{
	char why[256];
	int state;

	if ((j->method->flags & RPC_TEST) && !j->t->test_clock)
		return rpc_unknown_method(j->method->name, strlen(j->method->name), false, err);
	if (!j->call.op->mutates)
		return 0;
	state = selling_get(j->t, why, sizeof(why));
	if (state == sell_state_stopped)
		return err_set(err, TIX_ESTOPPED, NULL, "sales are stopped: %s", why);
	return 0;
}

/* Parses, permits, decodes. On success the job's call is ready to run. */
static int prepare(struct job *j, const char *line, size_t len)
{
	struct call *k = &j->call;
	struct rpc_request r;
	int rc = rpc_parse(line, len, j->arena, &r, &k->err);

	if (!r.notification || rc == TIX_EINVALID_REQUEST)
		memcpy(j->id, r.id, sizeof(j->id));
	j->method = r.method;
	if (r.method)
		k->op = &dispatch_ops[r.method->id];
	if (rc == 0)
		rc = check_rights(j, &k->err);
	if (rc == 0)
		rc = check_state(j, &k->err);
	if (rc == 0) {
		void *in = r.in;

		rc = in ? 0 : rpc_request_decode(&r, j->arena, &in, &k->err);
		k->in = in;
	}
	rpc_request_done(&r);
	return rc;
}

static int make_room(struct job *j)
{
	struct call *k = &j->call;
	const struct mut_in *in = k->in;

	k->out = arena_alloc(j->arena, k->op->out_size);
	if (!k->out)
		return err_set(&k->err, TIX_EUNAVAILABLE, NULL, "no memory");
	if (k->op->mutates && in->idempotency_key)
		return rpc_params_hash(j->method, k->in, k->params);
	return 0;
}

static void run_here(struct job *j)
{
	struct call *k = &j->call;
	int rc;

	k->now = clock_now(j->t->core.clock);
	rc = k->op->run(k, k->in, k->out);
	if (rc == CALL_LATER)
		return; /* the job is another thread's now */
	k->result = rc;
	dispatch_reply(j);
}

static void run(struct job *j)
{
	struct tixd *t = j->t;

	if (j->method->flags & RPC_LOOP) {
		run_here(j);
		return;
	}
	j->done = came_back;
	j->conn->calls++;
	t->jobs++;
	if (j->call.op->mutates) {
		job_push(&t->writes, j);
		return;
	}
	j->conn->reads++;
	j->work = run_read;
	readers_submit(t->readers, j);
}

static bool is_blank(const char *line, size_t len)
{
	return len == 0 || (len == 1 && line[0] == '\r');
}

bool dispatch_line(struct conn *c, const char *line, size_t len)
{
	struct job *j = is_blank(line, len) ? NULL : job_new(c->t);
	int rc;

	if (!j) {
		if (!is_blank(line, len))
			conn_close(c);
		return false;
	}
	j->conn = c;
	j->call.who = &c->peer->who;
	j->call.zone = c->zone;
	rc = prepare(j, line, len);
	if (rc == 0)
		rc = make_room(j);
	if (rc == 0 && j->id[0] != '\0') {
		run(j);
		return true;
	}
	j->call.result = rc;
	dispatch_reply(j);
	return rc == 0;
}
