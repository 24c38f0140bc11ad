/* SPDX-License-Identifier: MIT */
/* tix watch: the journal as it grows, one line a record. A daemon that goes away is waited for and
 * followed again from the last record that was seen; what was missed, if anything, is said. It ends
 * by ^C, --count or --until. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"
#include "cli/args.h"
#include "cli/bookmark.h"
#include "cli/call.h"
#include "cli/help.h"
#include "cli/leave.h"
#include "cli/odd.h"
#include "cli/out.h"
#include "cli/print.h"
#include "rpc/client.h"
#include "rpc/said.h"

#define CURRENCIES 8
#define PAUSE_US 100000
#define PAUSE_MAX_US 1000000

const struct opt watch_opts[] = {
    {"since", "N", "from the record after this number, a time, or a bookmark, @NAME; from now on without it"},
    {"topic", "A,B", "only these topics; order.* takes all of order"},
    {"subject", "CODE", "only this subject"},
    {"count", "N", "end after so many records"},
    {"until", "TIME", "end then"},
    {NULL, NULL, NULL},
};

struct watch {
	struct cli *c;
	struct print print;
	json_t *params; /* of journal.follow */
	const struct zone *zone;
	int64_t last;  /* newest record that was looked at */
	int64_t left;  /* records to go, INT64_MAX without --count */
	int64_t until; /* INT64_MAX without --until */
	int64_t records, orders, tickets;
	struct money sum[CURRENCIES];
	size_t nsum;
	bool filtered, done;
};

/* "10:00:04" and, with zone, its abbreviation. */
static const char *clock_text(const struct watch *w, int64_t us, bool abbr, char *out, size_t size)
{
	struct civil at;

	zone_local(w->zone, us, &at);
	snprintf(out, size, "%02d:%02d:%02d%s%s", at.h, at.mi, at.s, abbr ? " " : "",
	    abbr ? at.abbr : "");
	return out;
}

static void put_line(struct watch *w, const json_t *record)
{
	struct when_ctx ctx = {.start = WHEN_UNKNOWN, .doors = WHEN_UNKNOWN, .end = WHEN_UNKNOWN};
	const char *at = json_string_value(json_object_get(record, "at"));
	static const char *const names[] = {"topic", "subject"};
	struct buf *out = &w->c->out;
	AUTO(buf) struct buf said = {0};
	char text[40];
	int64_t us;

	if (at && when_parse(at, &ctx, &us, NULL, NULL, NULL) == 0)
		buf_puts(out, clock_text(w, us, true, text, sizeof(text)));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *s = json_string_value(json_object_get(record, names[i]));

		buf_puts(out, "  ");
		out_safe(out, s ? s : "-");
	}
	said_data(&said, json_object_get(record, "data"), w->zone);
	if (said.len > 0) {
		buf_puts(out, "  ");
		out_safe(out, buf_str(&said));
	}
	buf_putc(out, '\n');
}

static void put_record(struct watch *w, json_t *record)
{
	AUTO(json) json_t *one = NULL;

	json_object_del(record, "subscription");
	switch (w->c->mode) {
	case OUT_TABLE:
		put_line(w, record);
		break;
	case OUT_JSON:
	case OUT_JSONL:
		out_json(w->c, &w->c->out, record);
		buf_putc(&w->c->out, '\n');
		break;
	case OUT_TSV:
	case OUT_CSV:
		one = json_pack("[O]", record);
		print_page(&w->print, one, 1);
		break;
	}
}

/* Adds an order that was paid to the sums. */
static void count(struct watch *w, const json_t *record)
{
	const char *topic = json_string_value(json_object_get(record, "topic"));
	const json_t *data = json_object_get(record, "data");
	const char *currency = json_string_value(json_object_get(data, "currency"));
	struct money m = {.amount = json_integer_value(json_object_get(data, "total"))};

	w->records++;
	if (!topic || strcmp(topic, "order.paid") != 0)
		return;
	w->orders++;
	w->tickets += json_integer_value(json_object_get(data, "tickets"));
	snprintf(m.currency, sizeof(m.currency), "%s", currency ? currency : "");
	for (size_t i = 0; currency && i < CURRENCIES; i++) {
		if (i == w->nsum) {
			w->sum[w->nsum++] = m;
			return;
		}
		if (money_add(w->sum[i], m, &w->sum[i]) == 0)
			return;
	}
}

static void summary(struct watch *w)
{
	AUTO(buf) struct buf b = {0};
	char text[MONEY_TEXT_MAX];

	if (w->c->quiet)
		return;
	buf_init(&b, 0);
	if (leave_signal() == SIGINT && w->c->err_tty)
		buf_putc(&b, ' '); /* after the ^C that the terminal shows */
	if (w->orders == 0)
		buf_printf(&b, "%" PRId64 " record%s", w->records, w->records == 1 ? "" : "s");
	else
		buf_printf(&b, "%" PRId64 " order%s, %" PRId64 " ticket%s", w->orders,
		    w->orders == 1 ? "" : "s", w->tickets, w->tickets == 1 ? "" : "s");
	for (size_t i = 0; i < w->nsum; i++)
		buf_printf(
		    &b, ", %s %s", money_format(w->sum[i], text, sizeof(text)), w->sum[i].currency);
	out_say(w->c, "%s", buf_str(&b));
}

static void take_note(struct watch *w, const json_t *note)
{
	const char *method = json_string_value(json_object_get(note, "method"));
	json_t *params = json_object_get(note, "params");
	int64_t seq = json_integer_value(json_object_get(params, "seq"));

	if (!method || seq <= 0)
		return;
	if (strcmp(method, "journal.record") == 0) {
		if (!w->filtered && seq != w->last + 1)
			out_say(w->c, "-- missing: %" PRId64 " to %" PRId64, w->last + 1, seq - 1);
		count(w, params);
		put_record(w, params);
		out_some(w->c);
		w->done = --w->left == 0;
	}
	if (seq > w->last)
		w->last = seq;
}

/* Waits for the socket, a signal or --until. */
static void wait_for_more(struct watch *w)
{
	struct pollfd p = {.fd = rpc_client_fd(w->c->client), .events = POLLIN};
	int64_t left =
	    w->until == INT64_MAX ? USEC_PER_SEC * 60 : w->until - clock_now(clock_system());
	int64_t patience = call_left(w->c);

	if (left > 0 && !leave_signal())
		leave_wait(&p, 1, patience < left ? patience : left);
	if (left <= 0 || leave_signal())
		w->done = true;
}

/* Until the end, or until the connection is lost. */
static int pump(struct watch *w, struct err *e)
{
	while (!w->done && !w->c->out_failed) {
		AUTO(json) json_t *note = NULL;
		int r = rpc_client_next(w->c->client, 0, &note, e);

		if (r == 0) {
			take_note(w, note);
		} else if (r == TIX_ETIMEOUT) {
			out_flush(w->c);
			if (call_left(w->c) <= 0)
				return err_set(e, TIX_ETIMEOUT, NULL, "the watch is over after --timeout");
			wait_for_more(w);
		} else {
			return r;
		}
	}
	return 0;
}

static int follow(struct watch *w, struct err *e)
{
	AUTO(json) json_t *result = NULL;
	int r = call_name(w->c, "journal.follow", w->params, false, &result, e);

	if (r == 0)
		w->last = json_integer_value(json_object_get(result, "seq"));
	return r;
}

/* Waits for the daemon to be back, and says what that meant. */
static int resume(struct watch *w, struct err *e)
{
	int64_t gone = clock_now(clock_system()), after = w->last, pause = PAUSE_US;
	char from[40], to[40];
	int r;

	json_object_set_new(w->params, "since", json_integer(after));
	call_disconnect(w->c);
	call_pause(w->c, pause); /* also spares a daemon that takes connections only to drop them */
	while ((r = follow(w, e)) < 0) {
		call_disconnect(w->c);
		if (!err_info(r)->retryable)
			return r;
		if (leave_pending() || clock_now(clock_system()) >= w->until) {
			w->done = true;
			return 0;
		}
		if (!call_pause(w->c, pause))
			return err_set(e, TIX_ETIMEOUT, NULL, "the daemon is not back within --timeout");
		pause = pause * 2 > PAUSE_MAX_US ? PAUSE_MAX_US : pause * 2;
	}
	clock_text(w, gone, false, from, sizeof(from));
	clock_text(w, clock_now(clock_system()), false, to, sizeof(to));
	if (w->last == after)
		out_say(w->c,
		    "-- daemon gone %s, back %s, resumed after %" PRId64 ": nothing missed", from,
		    to, after);
	else
		out_say(w->c,
		    "-- daemon gone %s, back %s, resumed after %" PRId64 " in place of %" PRId64,
		    from, to, w->last, after);
	return 0;
}

/* One member of a list of topics each. */
static void put_topics(json_t *params, const struct args *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->ngiven; i++) {
		const char *s = a->given[i].value;

		if (!a->given[i].opt || strcmp(a->given[i].opt->name, "topic") != 0)
			continue;
		for (size_t len; *s; s += len + (s[len] == ',')) {
			len = strcspn(s, ",");
			json_array_append_new(list, json_stringn(s, len));
		}
	}
	if (json_array_size(list) > 0)
		json_object_set(params, "topic", list);
	json_decref(list);
}

/* The zone of the event; also the place where a misspelt one is noticed. */
static int event_zone(struct watch *w, const char *event, struct err *e)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "event", event);
	AUTO(json) json_t *result = NULL;
	int r = call(w->c, &rpc_methods[RPC_event_show], params, &result, e);

	if (r == 0)
		w->zone = value_zone(w->c, result);
	return r;
}

/* A number of a record, or a time: then the last record before it. */
static int read_since(
    struct watch *w, const char *since, const char *event, int64_t *ret, struct err *e)
{
	const struct rpc_method *list = &rpc_methods[RPC_journal_list];
	AUTO(json)
	json_t *params = json_pack("{s:s, s:i, s:s*}", "from", since, "limit", 1, "event", event);
	AUTO(json) json_t *none = json_object();
	AUTO(json) json_t *result = NULL;
	AUTO(json) json_t *status = NULL;
	const json_t *first;
	int r;

	if (since[strspn(since, "0123456789")] == '\0')
		return args_i64(since, 0, INT64_MAX, "--since", ret, e);
	r = call(w->c, &rpc_methods[RPC_system_status], none, &status, e);
	if (r == 0)
		r = call(w->c, list, params, &result, e);
	if (r < 0)
		return r;
	odd_say(w->c, list, result);
	first = json_array_get(json_object_get(result, "items"), 0);
	*ret = first ? json_integer_value(json_object_get(first, "seq")) - 1
		     : json_integer_value(json_object_get(status, "seq"));
	return 0;
}

static int setup(struct watch *w, const struct args *a, struct err *e)
{
	const char *event = a->npos > 0 ? a->pos[0] : w->c->event;
	const char *since = args_opt(a, "since"), *subject = args_opt(a, "subject");
	const char *number = args_opt(a, "count"), *until = args_opt(a, "until");
	struct when_ctx ctx = {.zone = cli_zone(w->c),
	    .now = clock_now(clock_system()),
	    .start = WHEN_UNKNOWN,
	    .doors = WHEN_UNKNOWN,
	    .end = WHEN_UNKNOWN,
	    .end_of_day = true};
	int64_t from;
	bool odd = false;
	int r =
	    a->npos > 1 ? err_set(e, TIX_EBAD_VALUE, NULL, "watch follows one EVENT, or all") : 0;

	w->params = json_object();
	w->zone = ctx.zone;
	w->left = w->until = INT64_MAX;
	if (r == 0 && bookmark_is(since)) {
		r = bookmark_open(w->c, since, e);
		json_object_set_new(w->params, "since", json_integer(w->c->mark.from));
	} else if (r == 0 && since && (r = read_since(w, since, event, &from, e)) == 0) {
		json_object_set_new(w->params, "since", json_integer(from));
	}
	if (r == 0 && number)
		r = args_i64(number, 1, INT64_MAX, "--count", &w->left, e);
	if (r == 0 && until)
		r = when_parse(until, &ctx, &w->until, &odd, "until", e);
	if (r == 0 && odd)
		odd_tell(w->c, "--until", until, ctx.zone ? ctx.zone : zone_utc0(), w->until);
	if (event)
		json_object_set_new(w->params, "event", json_string(event));
	if (subject)
		json_object_set_new(w->params, "subject", json_string(subject));
	put_topics(w->params, a);
	w->filtered = event || subject || json_object_get(w->params, "topic");
	if (r == 0)
		r = print_open(&w->print, w->c, &shape_journal_record, e);
	if (r == 0 && event)
		r = event_zone(w, event, e);
	return r;
}

int cmd_watch(struct cli *c, int argc, char **argv)
{
	struct err e = {0};
	struct watch w = {.c = c};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "watch", NULL, watch_opts, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "watch");
		return 0;
	}
	out_setup(c);
	if (r == 0) {
		leave_at_once(); /* before anything was told there is nothing to sum up */
		r = setup(&w, &a, &e);
	}
	if (r == 0)
		r = follow(&w, &e);
	if (r == 0)
		leave_later();
	while (r == 0 && !w.done && !c->out_failed) {
		r = pump(&w, &e);
		if (r == TIX_ENO_DAEMON)
			r = resume(&w, &e);
	}
	json_decref(w.params);
	if (r < 0)
		return out_error(c, &e);
	c->mark.upto = w.last;
	summary(&w);
	return 0;
}
