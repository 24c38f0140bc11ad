/* SPDX-License-Identifier: MIT */
/* Calls of core by method name with JSON, as the table of methods has them, on a private store.
 *Quotes may be written as ': is_int(desk(&d, "event.create",
 *"{'event':'e','name':'E','start':'2026-06-13','currency':'EUR'}"), 0, "..."); is_str(desk_text(&d,
 *"zone"), "UTC", "..."); Reading methods run on a reader, the others through the writer. */
#ifndef TESTS_STORE_DESK_H
#define TESTS_STORE_DESK_H

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/when.h"
#include "core/audit.h"
#include "core/bookmark.h"
#include "core/category.h"
#include "core/change.h"
#include "core/delete.h"
#include "core/doctor.h"
#include "core/event.h"
#include "core/event_clone.h"
#include "core/export.h"
#include "core/frame.h"
#include "core/hold.h"
#include "core/import.h"
#include "core/job.h"
#include "core/export_job.h"
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
#include "core/show.h"
#include "core/target.h"
#include "core/ticket.h"
#include "core/venue.h"
#include "rpc/codec.h"
#include "rpc/rpc.h"
#include "tests/store/temp.h"

#define DESK_NOW (INT64_C(1767225600) * USEC_PER_SEC) /* 2026-01-01T00:00:00Z */

struct desk {
	struct core core;
	struct clock *clock;
	struct writer *writer;
	struct db *reader;
	struct arena *arena;
	struct principal who;
	struct err err; /* of the last call */
	json_t *reply;	/* of the last call; NULL after an error */
};

#define METHOD(id, name, perm, flags, since, in, out, reload, doc, errors)                         \
	static int desk_##id(struct call *c, const void *params, void *result)                     \
	{                                                                                          \
		return id(c, params, result);                                                      \
	}
#include "rpc/methods/catalogue.def"
#include "rpc/methods/stock.def"
#include "rpc/methods/order.def"
#include "rpc/methods/doctor.def"
#include "rpc/methods/job.def"
#include "rpc/methods/inout.def"
#include "rpc/methods/person.def"
#include "rpc/methods/bookmark.def"
METHOD(audit_run, "", 0, 0, 0, 0, 0, 0, "", 0)
METHOD(journal_list, "", 0, 0, 0, 0, 0, 0, "", 0)
#undef METHOD

#define DESK_RELOAD(kind)                                                                          \
	static int desk_reload_##kind(struct call *c, int64_t id, void *out)                       \
	{                                                                                          \
		return kind(c, id, out);                                                           \
	}
DESK_RELOAD(organizer_load)
DESK_RELOAD(venue_load)
DESK_RELOAD(deleted_load)
DESK_RELOAD(event_load)
DESK_RELOAD(event_import_load)
DESK_RELOAD(category_load)
DESK_RELOAD(quota_load)
DESK_RELOAD(hold_load)
DESK_RELOAD(order_load)
DESK_RELOAD(ticket_load)
DESK_RELOAD(payment_load)
DESK_RELOAD(refund_load)
DESK_RELOAD(job_load)
DESK_RELOAD(event_cancel_load)
DESK_RELOAD(export_begin_load)
DESK_RELOAD(order_import_load)
DESK_RELOAD(person_erased_load)
DESK_RELOAD(bookmark_load)
#define desk_reload_none NULL

static const struct desk_method {
	const char *name;
	int (*run)(struct call *c, const void *in, void *out);
	int (*reload)(struct call *c, int64_t id, void *out);
} desk_methods[] = {
#define METHOD(id, name, perm, flags, since, in, out, reload, doc, errors)                         \
	{name, desk_##id, desk_reload_##reload},
#include "rpc/methods/catalogue.def"
#include "rpc/methods/stock.def"
#include "rpc/methods/order.def"
#include "rpc/methods/doctor.def"
#include "rpc/methods/job.def"
#include "rpc/methods/inout.def"
#include "rpc/methods/person.def"
#include "rpc/methods/bookmark.def"
#undef METHOD
    {"audit.run", desk_audit_run, NULL},
    {"journal.list", desk_journal_list, NULL},
};

__attribute__((unused)) static bool desk_open(struct desk *d, const char *name)
{
	*d = (struct desk){.clock = clock_test_new(DESK_NOW), .arena = arena_new(256u << 20)};
	d->core.clock = d->clock;
	d->core.decode = rpc_decode_text;
	d->core.encode = rpc_encode;
	d->core.hold_default = 600 * USEC_PER_SEC;
	d->core.bank_deadline = 7 * 86400 * USEC_PER_SEC;
	d->core.idem_keep = 7 * 86400 * USEC_PER_SEC;
	temp_url(d->core.store_url, name);
	d->who = (struct principal){.id = 1, .name = "owner", .roles = ~0U};
	if (writer_open(&d->core, true, &d->writer, &d->err) < 0 ||
	    reader_open(&d->core, &d->reader, &d->err) < 0) {
		diag("%s: %s", name, d->err.message);
		return false;
	}
	return true;
}

__attribute__((unused)) static void desk_close(struct desk *d)
{
	json_decref(d->reply);
	db_close(d->reader);
	writer_free(d->writer);
	arena_free(d->arena);
	clock_test_free(d->clock);
}

/* Acts as somebody bound to an organizer, or to one event of it; both NULL: the owner. */
__attribute__((unused)) static void desk_as(
    struct desk *d, const char *organizer, const char *event)
{
	snprintf(d->who.organizer, sizeof(d->who.organizer), "%s", organizer ? organizer : "");
	snprintf(d->who.event, sizeof(d->who.event), "%s", event ? event : "");
}

static int desk_run(
    struct desk *d, const struct rpc_method *m, const struct desk_method *fn, void *in)
{
	struct call_op op = {
	    .name = m->name,
	    .run = fn->run,
	    .reload = fn->reload,
	    .out_size = m->out->size,
	    .ix = m->id,
	    .mutates = m->flags & RPC_MUTATES,
	};
	struct call c = {
	    .core = &d->core,
	    .db = d->reader,
	    .arena = d->arena,
	    .who = &d->who,
	    .op = &op,
	    .in = in,
	    .request = "r1",
	};
	struct call *calls[] = {&c};
	struct buf b;

	c.out = arena_alloc(d->arena, m->out->size);
	if (op.mutates)
		writer_batch(d->writer, calls, 1);
	else
		reader_run(&c);
	d->err = c.err;
	if (c.result < 0)
		return c.result;
	buf_init(&b, 0);
	if (rpc_encode(m->out, c.out, &b) < 0 ||
	    json_parse_strict(buf_str(&b), b.len, 64, &d->reply, &d->err) < 0)
		diag("%s: the reply is no JSON: %s", m->name, buf_str(&b));
	buf_done(&b);
	return 0;
}

/* One call; 0 or its error. An error that a test did not want shows in the log. */
__attribute__((unused)) static int desk_json(
    struct desk *d, const char *method, const json_t *params)
{
	const struct rpc_method *m = rpc_find(method, strlen(method));
	const struct desk_method *fn = NULL;
	void *in;
	int r;

	arena_reset(d->arena);
	json_decref(d->reply);
	d->reply = NULL;
	err_clear(&d->err);
	for (size_t i = 0; i < sizeof(desk_methods) / sizeof(desk_methods[0]); i++) {
		if (strcmp(desk_methods[i].name, method) == 0)
			fn = &desk_methods[i];
	}
	if (!m || !fn) {
		diag("no method %s", method);
		return TIX_EUNKNOWN_METHOD;
	}
	in = arena_alloc(d->arena, m->in->size);
	r = rpc_decode(m->in, params, d->arena, in, &d->err);
	if (r == 0)
		r = desk_run(d, m, fn, in);
	if (r < 0)
		diag("%s: %s [%s] %s", method, err_info(r)->name, d->err.field, d->err.message);
	return r;
}

__attribute__((unused)) static int desk(struct desk *d, const char *method, const char *params)
{
	char *text = strdup(params);
	json_t *j = NULL;
	int r;

	for (char *s = text; *s; s++)
		*s = *s == '\'' ? '"' : *s;
	r = json_parse_strict(text, strlen(text), 64, &j, &d->err);
	if (r < 0)
		diag("%s: params: %s", method, d->err.message);
	else
		r = desk_json(d, method, j);
	json_decref(j);
	free(text);
	return r;
}

/* A value of the reply by path, e.g. items.0.venue.city; NULL when it is not there. */
__attribute__((unused)) static const json_t *desk_at(const struct desk *d, const char *path)
{
	const json_t *at = d->reply;
	char part[64];

	while (at && *path) {
		size_t len = strcspn(path, ".");

		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(part, NULL, 10))
				       : json_object_get(at, part);
		path += len + (path[len] == '.');
	}
	return at;
}

__attribute__((unused)) static const char *desk_text(const struct desk *d, const char *path)
{
	return json_string_value(desk_at(d, path));
}

__attribute__((unused)) static int64_t desk_int(const struct desk *d, const char *path)
{
	const json_t *v = desk_at(d, path);

	return json_is_boolean(v)   ? json_is_true(v)
	       : json_is_integer(v) ? json_integer_value(v)
				    : INT64_MIN;
}

__attribute__((unused)) static int desk_count(const struct desk *d, const char *path)
{
	return (int)json_array_size(desk_at(d, path));
}

/* Behind the back of core. */
__attribute__((unused)) static void desk_sql(struct desk *d, const char *sql)
{
	struct db *db = NULL;
	struct err err;

	if (db_open(d->core.store_url, DB_WRITER, false, &db, &err) < 0 ||
	    db_exec(db, "pragma foreign_keys = off; pragma ignore_check_constraints = on", &err) <
		0 ||
	    db_exec(db, sql, &err) < 0)
		ok(false, "%s: %s", sql, err.message);
	db_close(db);
}

/* The same with parameters from a format. */
static inline int desk_f(struct desk *d, const char *method, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static inline int desk_f(struct desk *d, const char *method, const char *fmt, ...)
{
	char params[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(params, sizeof(params), fmt, ap);
	va_end(ap);
	return desk(d, method, params);
}

/* The audit has nothing to say; what: after what. */
__attribute__((unused)) static void desk_clean(struct desk *d, const char *what)
{
	is_int(desk(d, "audit.run", "{}"), 0, what);
	if (!is_int(desk_count(d, "findings"), 0, "nothing is wrong"))
		diag("%s: %s", desk_text(d, "findings.0.subject"),
		    desk_text(d, "findings.0.message"));
}

#endif
