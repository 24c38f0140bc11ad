/* SPDX-License-Identifier: MIT */
/* One connection and patience: connecting, keys, repeats. What a method means it does not know. */
#include "cli/call.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/mem.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/shell.h"
#include "rpc/client.h"

#define TRIES 6
#define FIRST_PAUSE_US 50000
#define TICK_MS 100	     /* between looks at the clock while a call takes long */
#define STRANGER_BYTES 12000 /* a request before system.hello may have 16 KiB, with its frame */

void call_key(char out[37])
{
	uint8_t uuid[16];

	uuid7_make(clock_system(), rng_system(), uuid);
	uuid_format(uuid, out);
}

void call_disconnect(struct cli *c)
{
	rpc_client_free(c->client);
	c->client = NULL;
	c->greeted = false;
}

int call_open(struct cli *c, struct rpc_client **ret, struct err *e)
{
	const char *socket;
	char path[128];
	int r;

	if (c->settings_error.code) {
		*e = c->settings_error;
		return e->code;
	}
	socket = settings_socket(c);
	r = rpc_socket_path(*socket ? socket : NULL, path, sizeof(path), e);
	return r < 0 ? r : rpc_client_open(path, ret, e);
}

int call_connect(struct cli *c, struct err *e)
{
	return c->client ? 0 : call_open(c, &c->client, e);
}

/* Microseconds that are left; INT64_MAX without --timeout. */
int64_t call_left(const struct cli *c)
{
	return c->deadline ? c->deadline - clock_mono(clock_system()) : INT64_MAX;
}

bool call_pause(struct cli *c, int64_t us)
{
	int64_t left = call_left(c);
	struct timespec t;

	if (left <= 0)
		return false;
	if (us > left)
		us = left;
	t.tv_sec = us / USEC_PER_SEC;
	t.tv_nsec = us % USEC_PER_SEC * 1000;
	nanosleep(&t, NULL);
	return true;
}

/* The client's own patience: to the end of --timeout; an audit takes as long as it takes. */
static int set_timeout(struct cli *c, const char *method, struct err *e)
{
	int64_t left = call_left(c);
	int ms = strcmp(method, "audit.run") == 0 ? -1 : RPC_CLIENT_TIMEOUT_MS;

	if (left <= 0)
		return err_set(e, TIX_ETIMEOUT, NULL, "no answer within --timeout");
	if (left != INT64_MAX)
		ms = left / 1000 > INT32_MAX ? INT32_MAX : (int)(left / 1000) + 1;
	rpc_client_timeout(c->client, ms);
	return 0;
}

/* Says who we are: then large requests are taken, and times without a zone are read in ours. */
static int greet(struct cli *c, struct err *e)
{
	AUTO(json) json_t *hello = json_pack("{s:i}", "api", RPC_API);
	int r;

	if (cli_tz(c))
		json_object_set_new(hello, "tz", json_string(cli_tz(c)));
	r = rpc_client_call(c->client, "system.hello", hello, NULL, e);
	c->greeted = r == 0;
	return r;
}

static void tick(void *progress)
{
	progress_tick(progress);
}

int call_ready(struct cli *c, const char *method, struct err *e)
{
	int r = call_connect(c, e);

	if (r == 0)
		r = set_timeout(c, method, e);
	if (r == 0)
		rpc_client_idle(c->client, TICK_MS, c->progress ? tick : NULL, c->progress);
	return r == 0 && c->greet && !c->greeted ? greet(c, e) : r;
}

static int try_once(
    struct cli *c, const char *method, const json_t *params, json_t **ret, struct err *e)
{
	int r = call_ready(c, method, e);

	if (r < 0)
		return r;
	c->sent = true;
	return rpc_client_call(c->client, method, params, ret, e);
}

int call_name(struct cli *c, const char *method, const json_t *params, bool again, json_t **ret,
    struct err *e)
{
	int64_t pause = FIRST_PAUSE_US;
	bool was_connected = false;
	int r = 0;

	if (json_dumpb(params, NULL, 0, JSON_COMPACT) > STRANGER_BYTES)
		c->greet = true;
	for (int try = 0; try < TRIES; try++) {
		if (try > 0 && call_left(c) <= 0) /* the daemon's reason says more than the clock */
			break;
		err_clear(e);
		r = try_once(c, method, params, ret, e);
		was_connected |= c->client != NULL;
		if (r == TIX_ENO_DAEMON || r == TIX_ETIMEOUT)
			call_disconnect(c);
		if (r == 0 || r == TIX_ETIMEOUT || !again || !was_connected ||
		    !err_info(r)->retryable)
			return r;
		if (!call_pause(c, pause))
			break;
		pause *= 2;
	}
	return r;
}

/* Times without a zone are read in ours, so the daemon must know it before the first of them. */
static bool has_times(const struct rpc_method *m, const json_t *params)
{
	for (unsigned i = 0; i < m->in->nfields; i++) {
		if (m->in->fields[i].type == FT_when &&
		    json_object_get(params, m->in->fields[i].name))
			return true;
	}
	return false;
}

int call(struct cli *c, const struct rpc_method *m, json_t *params, json_t **ret, struct err *e)
{
	char key[UUID_SIZE];
	int r;

	if (has_times(m, params))
		c->greet = true;
	if ((m->flags & RPC_MUTATES) && !json_object_get(params, "idempotency_key")) {
		if (!c->key)
			call_key(key);
		json_object_set_new(params, "idempotency_key", json_string(c->key ? c->key : key));
	}
	c->sent = false;
	c->sent_key = NULL;
	r = call_name(c, m->name, params, true, ret, e);
	if (r < 0 && c->sent && (m->flags & RPC_MUTATES) &&
	    !json_is_true(json_object_get(params, "dry_run")))
		c->sent_key = arena_strdup(c->arena,
		    json_string_value(json_object_get(params, "idempotency_key")));
	if (r == 0 && c->session)
		shell_note(c->session, m, *ret);
	return r;
}

int call_begin(
    struct cli *c, const struct rpc_method *m, const json_t *params, int64_t *ret_id)
{
	struct err e = {0};
	int r = call_ready(c, m->name, &e);

	if (r == 0)
		r = rpc_client_send(c->client, m->name, params, ret_id, &e);
	if (r < 0)
		*ret_id = -1;
	return r;
}

static int append(const char *data, size_t len, void *b)
{
	buf_put(b, data, len);
	return 0;
}

int call_text(struct cli *c, const struct rpc_method *m, json_t *params, int64_t id,
    struct buf *ret, struct err *e)
{
	AUTO(json) json_t *result = NULL;
	int r = TIX_ENO_DAEMON;

	buf_clear(ret);
	if (id >= 0 && c->client)
		r = rpc_client_recv_text(c->client, id, ret, e);
	if (r == 0)
		return 0;
	if (r == TIX_ENO_DAEMON || r == TIX_ETIMEOUT)
		call_disconnect(c);
	if (r == TIX_ETIMEOUT || !err_info(r)->retryable)
		return r;
	err_clear(e);
	buf_clear(ret);
	r = call(c, m, params, &result, e); /* with its patience */
	if (r == 0 && json_dump_callback(result, append, ret, JSON_COMPACT) < 0)
		r = err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	return r;
}
