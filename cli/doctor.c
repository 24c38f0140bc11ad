/* SPDX-License-Identifier: MIT */
/* tix doctor: what stands in the way of a sale, an order or the daemon, with the command that
 * helps. Exit status 1 when there is more than notes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/doctor.h"
#include "cli/help.h"
#include "cli/out.h"
#include "cli/pager.h"
#include "cli/print.h"
#include "rpc/said.h"

/* A time of this day is told by its hour alone. */
static void soon(struct cli *c, const json_t *when, const json_t *now, const struct zone *zone)
{
	static const struct shape_field field = {.type = FT_time};
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	const char *text = json_string_value(when), *today = json_string_value(now);
	AUTO(buf) struct buf b = {0};
	struct civil at, ref;
	int64_t us, now_us;

	if (text && today && when_parse(text, &ctx, &us, NULL, NULL, NULL) == 0 &&
	    when_parse(today, &ctx, &now_us, NULL, NULL, NULL) == 0) {
		zone_local(zone, us, &at);
		zone_local(zone, now_us, &ref);
		if (at.y == ref.y && at.m == ref.m && at.d == ref.d) {
			buf_printf(&c->out, "%02d:%02d", at.h, at.mi);
			return;
		}
	}
	value_put(&b, &field, when, zone);
	out_safe(&c->out, buf_str(&b));
}

/* "held: 3 holds, next expiry 20:17 (2 seats); blocked: 8 "press", organizer1" */
static void kept_back(
    struct cli *c, const json_t *q, const json_t *now, const struct zone *zone)
{
	bool held = json_is_string(json_object_get(q, "next_expiry"));
	const char *blocks = value_text(q, "blocks");
	int64_t n = value_i64(q, "holds"), seats = value_i64(q, "next_seats");

	if (held) {
		buf_printf(&c->out, "held: %" PRId64 " hold%s, next expiry ", n, n == 1 ? "" : "s");
		soon(c, json_object_get(q, "next_expiry"), now, zone);
		buf_printf(&c->out, " (%" PRId64 " seat%s)", seats, seats == 1 ? "" : "s");
	}
	if (*blocks) {
		buf_puts(&c->out, held ? "; blocked: " : "blocked: ");
		out_safe(&c->out, blocks);
	}
	if (held || *blocks)
		buf_putc(&c->out, '\n');
}

/* The sums of a quota; with several, each after its name. */
static void quota(struct cli *c, const json_t *q, bool name)
{
	if (name) {
		out_safe(&c->out, value_text(q, "name"));
		buf_puts(&c->out, json_is_true(json_object_get(q, "decides")) ? " *  " : "  ");
	}
	buf_printf(&c->out,
	    "size %" PRId64 " + overbook %" PRId64 " - blocked %" PRId64 " - sold %" PRId64
	    " - held %" PRId64 " = free %" PRId64 "\n",
	    value_i64(q, "size"), value_i64(q, "overbook"), value_i64(q, "blocked"),
	    value_i64(q, "sold"), value_i64(q, "held"), value_i64(q, "free"));
}

static void next(struct cli *c, const char *hint)
{
	buf_puts(&c->out, "next: ");
	out_safe(&c->out, hint);
	buf_putc(&c->out, '\n');
}

/* What the daemon says, with its times in the event's zone. */
static void sentence(struct cli *c, const char *text, const struct zone *zone)
{
	AUTO(buf) struct buf b = {0};

	buf_init(&b, 0);
	said_text(&b, text ? text : "", zone);
	out_safe(&c->out, buf_str(&b));
}

static void finding(
    struct cli *c, const json_t *f, const char *subject, const struct zone *zone)
{
	const char *about = value_text(f, "subject"), *hint = value_text(f, "hint");

	buf_printf(&c->out, "%s: ", value_text(f, "severity"));
	if (strcmp(about, subject) != 0) {
		out_safe(&c->out, about);
		buf_puts(&c->out, ": ");
	}
	sentence(c, value_text(f, "what"), zone);
	buf_putc(&c->out, '\n');
	if (*hint)
		next(c, hint);
}

/* What the sums above say already leaves only what helps most. */
static void stock_finding(struct cli *c, const json_t *f, bool *told)
{
	const char *hint = value_text(f, "hint");

	if (*told || !*hint)
		return;
	next(c, hint);
	*told = true;
}

/* One quota, that of a category: its sums are the reason. */
static bool is_simple(const json_t *result)
{
	return strcmp(value_text(result, "kind"), "category") == 0 &&
	       json_array_size(json_object_get(result, "quotas")) == 1;
}

static void print_table(struct cli *c, const json_t *result)
{
	const json_t *quotas = json_object_get(result, "quotas");
	const json_t *facts = json_object_get(result, "facts");
	const json_t *findings = json_object_get(result, "findings");
	const struct zone *zone = value_zone(c, result);
	bool simple = is_simple(result), told = false;

	for (size_t i = 0; i < json_array_size(quotas); i++) {
		const json_t *q = json_array_get(quotas, i);

		quota(c, q, json_array_size(quotas) > 1);
		kept_back(c, q, json_object_get(result, "at"), zone);
	}
	for (size_t i = 0; i < json_array_size(facts) && !simple; i++) {
		sentence(c, json_string_value(json_array_get(facts, i)), zone);
		buf_putc(&c->out, '\n');
	}
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *f = json_array_get(findings, i);

		if (simple && json_is_true(json_object_get(f, "stock")))
			stock_finding(c, f, &told);
		else
			finding(c, f, value_text(result, "subject"), zone);
	}
	if (json_is_true(json_object_get(result, "ok")))
		buf_puts(&c->out, "ok: nothing stands in the way\n");
}

int doctor_print(struct cli *c, const struct rpc_method *m, const json_t *result, struct err *e)
{
	bool ok = json_is_true(json_object_get(result, "ok"));
	struct print p;
	int r;

	c->answer = ok ? 0 : 1;
	if (c->quiet && ok)
		return 0;
	switch (c->mode) {
	case OUT_JSON:
	case OUT_JSONL:
		return print_record(c, m, result, e);
	case OUT_TABLE:
		print_table(c, result);
		return 0;
	case OUT_TSV:
	case OUT_CSV:
		r = print_open(&p, c, &shape_doctor_finding, e);
		if (r < 0)
			return r;
		print_page(&p, json_object_get(result, "findings"), SIZE_MAX);
		print_end(&p, NULL);
		return 0;
	}
	return 0;
}

/* Which method a code means, with its parameters. */
static int aim(
    struct cli *c, const char *code, const struct rpc_method **ret_m, json_t **ret, struct err *e)
{
	AUTO(json) json_t *ask = json_pack("{s:s}", "code", code);
	AUTO(json) json_t *found = NULL;
	const char *kind, *own, *slash;
	int r = call(c, &rpc_methods[RPC_system_show], ask, &found, e);

	if (r == TIX_ENOT_FOUND && c->event && !strchr(code, '/')) {
		err_clear(e);
		json_object_set_new(ask, "code", json_sprintf("%s/%s", c->event, code));
		r = call(c, &rpc_methods[RPC_system_show], ask, &found, e);
	}
	if (r < 0)
		return r;
	kind = value_text(found, "kind");
	own = value_text(found, "code");
	slash = strchr(own, '/');
	if (strcmp(kind, "event") == 0) {
		*ret_m = &rpc_methods[RPC_event_doctor];
		*ret = json_pack("{s:s}", "event", own);
	} else if (strcmp(kind, "category") == 0 && slash) {
		*ret_m = &rpc_methods[RPC_category_doctor];
		*ret = json_pack(
		    "{s:s%, s:s}", "event", own, (size_t)(slash - own), "name", slash + 1);
	} else if (strcmp(kind, "order") == 0 || strcmp(kind, "hold") == 0) {
		*ret_m = &rpc_methods[RPC_order_doctor];
		*ret = json_pack("{s:s}", "code", own);
	} else if (slash && (strcmp(kind, "ticket") == 0 || strcmp(kind, "payment") == 0 ||
				strcmp(kind, "refund") == 0)) {
		*ret_m = &rpc_methods[RPC_order_doctor];
		*ret = json_pack("{s:s%}", "code", own, (size_t)(slash - own));
	} else if (strcmp(kind, "job") == 0) {
		err_set(e, TIX_EBAD_VALUE, "code", "%s is a job", own);
		err_hint(e, "tix job show %s", own);
		return TIX_EBAD_VALUE;
	} else {
		err_set(e, TIX_EBAD_VALUE, "code", "%s is a %s: it is sold by its categories", own,
		    kind);
		err_hint(e, "tix doctor EVENT, EVENT/CATEGORY or an order's code");
		return TIX_EBAD_VALUE;
	}
	return 0;
}

static int run(struct cli *c, const char *code, struct err *e)
{
	const struct rpc_method *m = &rpc_methods[RPC_system_doctor];
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *result = NULL;
	int r = code ? aim(c, code, &m, &params, e) : 0;

	if (!code)
		params = json_object();
	if (r == 0)
		r = call(c, m, params, &result, e);
	return r < 0 ? r : doctor_print(c, m, result, e);
}

int cmd_doctor(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "doctor", NULL, NULL, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "doctor");
		return 0;
	}
	if (r == 0 && a.npos > 1)
		r = err_set(
		    &e, TIX_EBAD_VALUE, NULL, "\"%.60s\" is one argument too many", a.pos[1]);
	out_setup(c);
	pager_allow(c);
	if (r == 0)
		r = run(c, a.npos ? a.pos[0] : NULL, &e);
	return r < 0 ? out_error(c, &e) : c->answer;
}
