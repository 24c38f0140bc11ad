/* SPDX-License-Identifier: MIT */
/* Requests out, answers to their callbacks, and the connection kept. The wire is that of
 * rpc/client.h, asked only for what is there already. */
#include "tui/link.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rpc/client.h"
#include "rpc/rpc.h"
#include "tui/words.h"

#define DIGEST_MS 20
#define RETRY_FIRST_US 100000
#define RETRY_MAX_US 800000 /* a daemon that is back is noticed within a second */

struct link_call {
	struct link_call *next;
	int64_t id;
	link_answer *answer;
	void *ctx;
};

void link_init(
    struct link *l, const char *path, const char *tz, const struct link_ops *ops, void *ctx)
{
	*l = (struct link){.seq = -1,
	    .ops = ops,
	    .ctx = ctx,
	    .path = path,
	    .tz = tz,
	    .pause_us = RETRY_FIRST_US};
}

static void set_state(struct link *l, enum link_state state)
{
	if (l->state == state)
		return;
	l->state = state;
	l->ops->changed(l->ctx);
}

/* All that were waited for are told; what they call meanwhile is refused, and whom they forget is not
 * told any more. */
static void fail_calls(struct link *l, const struct err *e)
{
	while (l->calls) {
		struct link_call *k = l->calls;

		l->calls = k->next;
		k->answer(k->ctx, NULL, e);
		free(k);
	}
}

static void drop(struct link *l, const struct err *e)
{
	struct err why = *e;
	int64_t now = clock_mono(clock_system());

	if (link_up(l) || l->lost_at == 0)
		l->lost_at = now;
	rpc_client_free(TAKE(l->client));
	l->err = why;
	l->retry_at = now + l->pause_us;
	l->pause_us = l->pause_us * 2 > RETRY_MAX_US ? RETRY_MAX_US : l->pause_us * 2;
	l->state = LINK_DOWN;
	fail_calls(l, &why);
	l->ops->changed(l->ctx);
}

void link_done(struct link *l)
{
	rpc_client_free(TAKE(l->client));
	while (l->calls) {
		struct link_call *k = l->calls;

		l->calls = k->next;
		free(k);
	}
}

bool link_up(const struct link *l)
{
	return l->state == LINK_LIVE || l->state == LINK_STILL;
}

int link_fd(const struct link *l)
{
	return l->client ? rpc_client_fd(l->client) : -1;
}

int link_call(struct link *l, const char *method, json_t *params, link_answer *answer, void *ctx,
    struct err *e)
{
	AUTO(json) json_t *p = params;
	struct link_call *k = l->client ? calloc(1, sizeof(*k)) : NULL;
	int r;

	if (!l->client)
		return err_set(e, TIX_ENO_DAEMON, NULL, "no connection to the daemon");
	if (!k)
		return err_set(e, TIX_EUNAVAILABLE, NULL, "out of memory");
	/* A request is short and the socket's buffer is not: one that does not fit at once means
	 * that nobody reads there. */
	r = rpc_client_send(l->client, method, p, &k->id, e);
	if (r < 0) {
		free(k);
		l->retry_at = -1; /* the next turn gives the connection up */
		return r;
	}
	k->answer = answer;
	k->ctx = ctx;
	k->next = l->calls;
	l->calls = k;
	return 0;
}

void link_forget(struct link *l, const void *ctx)
{
	for (struct link_call **at = &l->calls; *at;) {
		struct link_call *k = *at;

		if (k->ctx == ctx) {
			*at = k->next;
			free(k);
		} else {
			at = &k->next;
		}
	}
}

static unsigned roles_of(const json_t *hello)
{
	const json_t *list = json_object_get(hello, "roles"), *v;
	unsigned roles = 0;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (json_is_string(v))
			roles |= rpc_role_find(json_string_value(v), json_string_length(v));
	}
	return roles;
}

static void follow(struct link *l);

static void followed(void *ctx, const json_t *result, const struct err *e)
{
	struct link *l = ctx;

	if (result) {
		l->resumed = l->seq >= 0 && l->lost_at != 0;
		l->seq = json_integer_value(json_object_get(result, "seq"));
		l->pause_us = RETRY_FIRST_US;
		set_state(l, LINK_LIVE);
	} else if (e->code == TIX_EBAD_VALUE && l->seq >= 0) {
		/* Another store, or an older one: what was seen before says nothing about it. */
		l->seq = -1;
		follow(l);
	} else if (e->code != TIX_ENO_DAEMON) {
		l->err = *e;
		set_state(l, LINK_STILL);
	}
}

static void follow(struct link *l)
{
	json_t *params = json_pack("{s:i}", "digest_ms", DIGEST_MS);
	struct err e;

	if (l->seq >= 0)
		json_object_set_new(params, "since", json_integer(l->seq));
	link_call(l, "journal.follow", params, followed, l, &e);
}

static void greeted(void *ctx, const json_t *result, const struct err *e)
{
	struct link *l = ctx;
	int64_t now = get_time(result, "now");

	if (!result) {
		/* Whoever refuses now may take it later: another daemon, other settings. */
		if (l->client)
			drop(l, e);
		return;
	}
	snprintf(l->principal, sizeof(l->principal), "%s", get_text(result, "principal"));
	snprintf(l->selling, sizeof(l->selling), "%s", get_text(result, "state"));
	l->roles = roles_of(result);
	if (now != NO_TIME)
		l->offset_us = now - clock_now(clock_system());
	follow(l);
}

static void open_client(struct link *l)
{
	struct err e = {0};
	json_t *hello;

	if (rpc_client_open_within(l->path, 0, &l->client, &e) < 0) {
		drop(l, &e);
		return;
	}
	rpc_client_timeout(l->client, 0);
	l->retry_at = 0;
	hello = json_pack("{s:i}", "api", RPC_API);
	if (l->tz)
		json_object_set_new(hello, "tz", json_string(l->tz));
	set_state(l, LINK_GREETING);
	link_call(l, "system.hello", hello, greeted, l, &e);
}

/* One answer that is here; false when there is none, or no connection any more. */
static bool take_answer(struct link *l)
{
	AUTO(json) json_t *result = NULL;
	struct err e = {0};
	struct link_call *k;
	int64_t id;
	int r = rpc_client_recv(l->client, &id, &result, &e);

	if (id < 0) {
		if (r != TIX_ETIMEOUT)
			drop(l, &e);
		return false;
	}
	for (struct link_call **at = &l->calls; (k = *at) != NULL; at = &k->next) {
		if (k->id != id)
			continue;
		*at = k->next;
		k->answer(k->ctx, r == 0 ? result : NULL, &e);
		free(k);
		break;
	}
	return l->client != NULL;
}

static bool take_note(struct link *l)
{
	AUTO(json) json_t *note = NULL;
	const json_t *params;
	const char *method;
	struct err e = {0};
	int r = rpc_client_next(l->client, 0, &note, &e);

	if (r < 0) {
		if (r != TIX_ETIMEOUT)
			drop(l, &e);
		return false;
	}
	method = json_string_value(json_object_get(note, "method"));
	params = json_object_get(note, "params");
	if (json_is_integer(json_object_get(params, "seq")))
		l->seq = json_integer_value(json_object_get(params, "seq"));
	if (method && strcmp(method, "journal.digest") == 0)
		l->ops->digest(l->ctx, json_object_get(params, "counts"));
	return true;
}

int64_t link_turn(struct link *l, int64_t now)
{
	if (!l->client && now >= l->retry_at)
		open_client(l);
	while (l->client && take_answer(l))
		continue;
	while (l->client && take_note(l))
		continue;
	if (l->client && l->retry_at < 0) {
		struct err e;

		err_set(&e, TIX_ENO_DAEMON, NULL, "the daemon takes nothing");
		drop(l, &e);
	}
	if (!l->client)
		return l->retry_at;
	return rpc_client_pending(l->client) ? now : INT64_MAX;
}
