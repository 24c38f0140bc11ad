/* SPDX-License-Identifier: MIT */
/* Sells with many clients, kills the daemon at moments that a seed chooses, starts it again and
 * holds it to its word: each acknowledged order is there once, its key answers as at first, the
 * audit finds nothing, and the answer comes soon. Every client writes each acknowledgement to a
 * file of its own, synced, before it asks again; only those files count. usage: killer TIXD DIR
 * SEED CLIENTS KILLS | killer TIXD DIR SEED CLIENTS failpoints The second form kills once at each
 * failpoint instead. DIR must be empty. */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/ids.h"
#include "rpc/client.h"

#define CLIENTS_MAX 256
#define DEADLINE_US (30 * USEC_PER_SEC)
#define RESTART_GOAL_MS 1000
#define RESTART_LIMIT_MS 10000
#define EVENT "torture"
#define SIZE 10000000
#define TICKETS 2

/* One line of a client's file: what was acknowledged. */
#define ACK_FORMAT "%36s %15s %" PRId64 "\n"

struct client {
	struct killer *k;
	pthread_t thread;
	struct rpc_client *rpc;
	struct rng *rng;
	int number, acks; /* acks: file descriptor */
	int64_t next;	  /* number of the next order */
	char key[UUID_SIZE];
	bool pending;  /* key was sent, nobody knows whether it counts */
	off_t checked; /* so much of the file was verified after a kill */
};

struct killer {
	const char *tixd, *dir;
	char store[512], socket[512], log[512];
	struct rng *rng;
	int nclients;
	struct client client[CLIENTS_MAX];
	pid_t pid;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	int life;	    /* counts starts; under lock, with turn */
	bool selling, stop; /* under lock */
	int waiting;	    /* clients that wait for the next life; under lock */
	int arrived;	    /* of them that began this life; under lock */
	_Atomic int64_t acked;
	int64_t verified, worst_ms;
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail(
    struct killer *k, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("killer: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	if (k->pid > 0)
		kill(k->pid, SIGKILL);
	_exit(1);
}

static int64_t mono(void)
{
	return clock_mono(clock_system());
}

static void pause_us(int64_t us)
{
	struct timespec ts = {us / USEC_PER_SEC, us % USEC_PER_SEC * 1000};

	nanosleep(&ts, NULL);
}

static int64_t chance(struct rng *rng, int64_t below)
{
	uint64_t v;

	rng_bytes(rng, &v, sizeof(v));
	return (int64_t)(v % (uint64_t)below);
}

/* The daemon. */

static void spawn_tixd(struct killer *k, const char *failpoint)
{
	char store[600];

	snprintf(store, sizeof(store), "sqlite:%s", k->store);
	k->pid = fork();
	if (k->pid == 0) {
		int log = open(k->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		dup2(log, 2);
		if (failpoint)
			setenv("TIX_FAILPOINT", failpoint, 1);
		else
			unsetenv("TIX_FAILPOINT");
		execl(k->tixd, "tixd", "--store", store, "--socket", k->socket, NULL);
		_exit(127);
	}
	if (k->pid < 0)
		fail(k, "cannot fork");
}

/* True when the daemon is gone; it must have been killed, not have ended. */
static bool is_dead(struct killer *k, bool wait)
{
	int status;
	pid_t pid = waitpid(k->pid, &status, wait ? 0 : WNOHANG);

	if (pid == 0)
		return false;
	k->pid = 0;
	if (pid < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail(k, "the daemon ended by itself (status %x), see %s", (unsigned)status, k->log);
	return true;
}

/* A connection that answered, or NULL when the daemon died first. */
static struct rpc_client *first_answer(struct killer *k, int64_t start)
{
	struct rpc_client *rpc = NULL;
	struct err e = {0};

	for (;;) {
		if (rpc_client_open(k->socket, &rpc, &e) == 0) {
			if (rpc_client_call(rpc, "system.status", NULL, NULL, &e) == 0)
				return rpc;
			rpc_client_free(rpc);
			rpc = NULL;
		}
		if (is_dead(k, false))
			return NULL;
		if (mono() - start > DEADLINE_US)
			fail(k, "the daemon does not answer: %s", e.message);
		pause_us(1000);
	}
}

/* Starts the daemon; a control connection, NULL when a failpoint was faster. */
static struct rpc_client *start(struct killer *k, const char *failpoint, bool measure)
{
	int64_t begin = mono(), ms;
	struct rpc_client *rpc;

	spawn_tixd(k, failpoint);
	rpc = first_answer(k, begin);
	ms = (mono() - begin) / 1000;
	if (rpc && measure) {
		if (ms > k->worst_ms)
			k->worst_ms = ms;
		if (ms > RESTART_LIMIT_MS)
			fail(k, "the daemon needed %" PRId64 " ms to answer again", ms);
	}
	return rpc;
}

/* Calls of the control connection must work. Takes params over. */
static json_t *must(struct killer *k, struct rpc_client *rpc, const char *method, json_t *params)
{
	json_t *result = NULL;
	struct err e = {0};

	if (rpc_client_call(rpc, method, params, &result, &e) < 0)
		fail(k, "%s: %s", method, e.message);
	json_decref(params);
	return result;
}

/* The sale. */

static json_t *order_params(const char *key, int client, int64_t n)
{
	char email[64];

	snprintf(email, sizeof(email), "c%d-%" PRId64 "@example.org", client, n);
	return json_pack("{s:s, s:[{s:s, s:i}], s:s, s:s, s:s, s:s}", "event", EVENT, "line",
	    "category", "ga", "count", TICKETS, "pay", "cash", "name", "A. Buyer", "email", email,
	    "idempotency_key", key);
}

/* On disk before anything else happens. */
static void keep_ack(struct client *c, const char *code)
{
	char line[80];
	int len = snprintf(line, sizeof(line), ACK_FORMAT, c->key, code, c->next);

	if (strlen(code) > 15 || write(c->acks, line, (size_t)len) != len || fdatasync(c->acks) < 0)
		fail(c->k, "cannot keep an acknowledgement");
	c->pending = false;
	c->next++;
	atomic_fetch_add(&c->k->acked, 1);
}

static void new_key(struct client *c)
{
	uint8_t uuid[16];

	uuid7_make(clock_system(), c->rng, uuid);
	uuid_format(uuid, c->key);
	c->pending = true;
}

/* Now and then seats are only held. */
static int hold(struct client *c)
{
	json_t *params = json_pack(
	    "{s:s, s:[{s:s, s:i}]}", "event", EVENT, "line", "category", "ga", "count", 1);
	int r = rpc_client_call(c->rpc, "hold.create", params, NULL, NULL);

	json_decref(params);
	return r;
}

/* One order, perhaps one whose fate is open. 0, or why it must be asked again. */
static int sell(struct client *c)
{
	json_t *params, *order = NULL;
	struct err e = {0};
	int r;

	if (!c->pending)
		new_key(c);
	params = order_params(c->key, c->number, c->next);
	r = rpc_client_call(c->rpc, "order.create", params, &order, &e);
	json_decref(params);
	if (r == 0)
		keep_ack(c, json_string_value(json_object_get(order, "code")));
	else if (r != TIX_ENO_DAEMON && r != TIX_ETIMEOUT && !err_info(r)->retryable)
		fail(c->k, "order.create: %s", e.message);
	json_decref(order);
	return r;
}

/* Waits for a life after the given one; false when the sale is over. */
static bool next_life(struct client *c, int *life)
{
	struct killer *k = c->k;
	bool go;

	pthread_mutex_lock(&k->lock);
	k->waiting++;
	pthread_cond_broadcast(&k->turn);
	while (!k->stop && k->life == *life)
		pthread_cond_wait(&k->turn, &k->lock);
	k->waiting--;
	k->arrived++;
	*life = k->life;
	go = !k->stop;
	pthread_mutex_unlock(&k->lock);
	return go;
}

static bool goes_on(struct killer *k)
{
	bool selling;

	pthread_mutex_lock(&k->lock);
	selling = k->selling;
	pthread_mutex_unlock(&k->lock);
	return selling;
}

static void *client_main(void *arg)
{
	struct client *c = arg;
	int life = 0;

	while (next_life(c, &life)) {
		int r = rpc_client_open(c->k->socket, &c->rpc, NULL);

		/* At the end of the sale what is open is asked until it is known. */
		while (r == 0 && (c->pending || goes_on(c->k))) {
			r = sell(c);
			if (r == 0 && chance(c->rng, 16) == 0)
				r = hold(c);
			if (r < 0 && r != TIX_ENO_DAEMON)
				r = 0;
		}
		rpc_client_free(c->rpc);
		c->rpc = NULL;
	}
	return NULL;
}

/* Lets all clients sell in a new life. */
static void open_sale(struct killer *k)
{
	pthread_mutex_lock(&k->lock);
	k->life++;
	k->arrived = 0;
	k->selling = true;
	pthread_cond_broadcast(&k->turn);
	pthread_mutex_unlock(&k->lock);
}

/* Waits until every client took part and none is under way: what was open before is known then, if
 * the daemon lives. */
static void close_sale(struct killer *k)
{
	pthread_mutex_lock(&k->lock);
	k->selling = false;
	while (k->arrived < k->nclients || k->waiting < k->nclients)
		pthread_cond_wait(&k->turn, &k->lock);
	pthread_mutex_unlock(&k->lock);
}

/* The proof. */

static void check_replay(struct killer *k, struct rpc_client *rpc, int client, const char *key,
    const char *code, int64_t n)
{
	json_t *order = must(k, rpc, "order.create", order_params(key, client, n));
	const char *got = json_string_value(json_object_get(order, "code"));

	if (!got || strcmp(got, code) != 0)
		fail(k, "key %s was acknowledged as %s and is now %s", key, code,
		    got ? got : "nothing");
	if (!json_is_true(json_object_get(order, "replayed")))
		fail(k, "key %s was acknowledged as %s, and had to be sold again", key, code);
	json_decref(order);
	k->verified++;
}

/* Replays what a client's file says since the last time. */
static void check_acks(struct killer *k, struct rpc_client *rpc, struct client *c)
{
	char path[600], key[37], code[16];
	int64_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/acks.%d", k->dir, c->number);
	f = fopen(path, "re");
	if (!f || fseeko(f, c->checked, SEEK_SET) < 0)
		fail(k, "cannot read %s", path);
	while (fscanf(f, ACK_FORMAT, key, code, &n) == 3)
		check_replay(k, rpc, c->number, key, code, n);
	c->checked = ftello(f);
	fclose(f);
}

static void check_audit(struct killer *k, struct rpc_client *rpc)
{
	json_t *audit = must(k, rpc, "audit.run", json_object());

	if (!json_is_true(json_object_get(audit, "ok"))) {
		char *text = json_dumps(json_object_get(audit, "findings"), JSON_COMPACT);

		fail(k, "the audit finds: %.2000s", text ? text : "");
	}
	json_decref(audit);
}

static void verify(struct killer *k, struct rpc_client *rpc)
{
	rpc_client_timeout(rpc, 300000);
	for (int i = 0; i < k->nclients; i++)
		check_acks(k, rpc, &k->client[i]);
	check_audit(k, rpc);
}

/* Orders that the daemon lists as sold. */
static int64_t count_listed(struct killer *k, struct rpc_client *rpc)
{
	json_t *cursor = NULL;
	int64_t n = 0;

	do {
		json_t *params = json_pack(
			   "{s:s, s:[s], s:i}", "event", EVENT, "state", "paid", "limit", 1000),
		       *page;

		if (cursor)
			json_object_set_new(params, "cursor", cursor);
		page = must(k, rpc, "order.list", params);
		n += (int64_t)json_array_size(json_object_get(page, "items"));
		cursor = json_incref(json_object_get(page, "next"));
		json_decref(page);
	} while (json_is_string(cursor));
	json_decref(cursor);
	return n;
}

/* After the last order: every acknowledged order once, and none that nobody knows of. */
static void check_totals(struct killer *k, struct rpc_client *rpc)
{
	json_t *quota =
	    must(k, rpc, "quota.show", json_pack("{s:s, s:s}", "event", EVENT, "name", "ga"));
	int64_t sold = json_integer_value(json_object_get(quota, "sold")),
		acked = atomic_load(&k->acked);
	int64_t listed = count_listed(k, rpc);

	if (sold != acked * TICKETS)
		fail(k, "%" PRId64 " tickets are sold, %" PRId64 " were acknowledged", sold,
		    acked * TICKETS);
	if (listed != acked)
		fail(k, "%" PRId64 " orders are there, %" PRId64 " were acknowledged", listed,
		    acked);
	if (acked != k->verified)
		fail(k, "%" PRId64 " of %" PRId64 " acknowledged orders were verified", k->verified,
		    acked);
	json_decref(quota);
}

/* The run. */

static void make_event(struct killer *k, struct rpc_client *rpc)
{
	json_decref(must(k, rpc, "event.create",
	    json_pack("{s:s, s:s, s:s, s:s}", "event", EVENT, "name", "Torture", "start", "+30d",
		"currency", "EUR")));
	json_decref(must(k, rpc, "category.create",
	    json_pack("{s:s, s:s, s:s, s:i}", "event", EVENT, "name", "ga", "price", "45.00",
		"size", SIZE)));
	json_decref(must(k, rpc, "event.publish", json_pack("{s:s}", "event", EVENT)));
}

/* Sells until at least so many were acknowledged in this life. */
static void sell_some(struct killer *k, int64_t orders)
{
	int64_t want = atomic_load(&k->acked) + orders, begin = mono();

	open_sale(k);
	while (atomic_load(&k->acked) < want) {
		if (mono() - begin > DEADLINE_US)
			fail(k, "the sale does not get on");
		pause_us(1000);
	}
}

/* Back after a death: answers soon and kept its word. */
static void come_back(struct killer *k, const char *what)
{
	int64_t before = k->verified;
	struct rpc_client *rpc = start(k, NULL, true);

	if (!rpc)
		fail(k, "the daemon does not start after %s", what);
	verify(k, rpc);
	printf("%s: %" PRId64 " orders verified\n", what, k->verified - before);
	fflush(stdout);
	rpc_client_free(rpc);
}

/* Killed from outside, while selling. */
static void kill_once(struct killer *k, int n)
{
	char what[64];

	sell_some(k, 1 + chance(k->rng, 1000));
	pause_us(chance(k->rng, 100000));
	snprintf(what, sizeof(what), "kill %d", n);
	kill(k->pid, SIGKILL);
	is_dead(k, true);
	close_sale(k);
	come_back(k, what);
}

static void stop_daemon(struct killer *k)
{
	kill(k->pid, SIGKILL);
	is_dead(k, true);
}

/* Dies by itself at the nth time that it passes the failpoint. The daemon is down at first, and up
 * afterwards. */
static void kill_at(struct killer *k, const char *name)
{
	int64_t begin = mono();
	char setting[128], what[160];
	struct rpc_client *rpc;

	/* The migration is passed once, by a daemon on a fresh store. */
	snprintf(setting, sizeof(setting), "%s:%d:kill", name,
	    strcmp(name, "migrate") == 0 ? 1 : 1 + (int)chance(k->rng, 40));
	snprintf(what, sizeof(what), "failpoint %s", setting);
	rpc = start(k, setting, false);
	rpc_client_free(rpc);
	if (rpc) {
		open_sale(k);
		while (!is_dead(k, false)) {
			if (mono() - begin > DEADLINE_US)
				fail(k, "%s was not reached", what);
			pause_us(1000);
		}
		close_sale(k);
	}
	come_back(k, what);
}

static void all_failpoints(struct killer *k)
{
	const char *name;

	for (size_t i = 0; (name = failpoint_name(i)) != NULL; i++) {
		if (strcmp(name, "migrate") == 0 || strncmp(name, "job.", 4) == 0)
			continue; /* no sale passes these */
		stop_daemon(k);
		kill_at(k, name);
	}
}

static void open_clients(struct killer *k, uint64_t seed)
{
	char path[600];

	for (int i = 0; i < k->nclients; i++) {
		struct client *c = &k->client[i];

		*c = (struct client){
		    .k = k, .number = i, .rng = rng_test_new(seed + 1 + (uint64_t)i)};
		snprintf(path, sizeof(path), "%s/acks.%d", k->dir, i);
		c->acks = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (c->acks < 0 || !c->rng || pthread_create(&c->thread, NULL, client_main, c) != 0)
			fail(k, "cannot make client %d", i);
	}
}

static void close_clients(struct killer *k)
{
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_cond_broadcast(&k->turn);
	pthread_mutex_unlock(&k->lock);
	for (int i = 0; i < k->nclients; i++) {
		pthread_join(k->client[i].thread, NULL);
		close(k->client[i].acks);
		rng_test_free(k->client[i].rng);
	}
}

/* A last sale whose end every client knows, then the sums. */
static void finish(struct killer *k)
{
	struct rpc_client *rpc = NULL;
	struct err e = {0};

	sell_some(k, 1);
	close_sale(k);
	if (rpc_client_open(k->socket, &rpc, &e) < 0)
		fail(k, "%s", e.message);
	verify(k, rpc);
	check_totals(k, rpc);
	rpc_client_free(rpc);
	close_clients(k);
	stop_daemon(k);
	printf("%" PRId64 " orders acknowledged, all there once; slowest restart %" PRId64
	       " ms%s\n",
	    atomic_load(&k->acked), k->worst_ms,
	    k->worst_ms > RESTART_GOAL_MS ? " (goal: 1000)" : "");
}

int main(int argc, char **argv)
{
	static struct killer k = {
	    .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER};
	bool failpoints = argc == 6 && strcmp(argv[5], "failpoints") == 0;
	struct rpc_client *rpc;
	uint64_t seed;

	if (argc != 6) {
		fputs("usage: killer TIXD DIR SEED CLIENTS KILLS|failpoints\n", stderr);
		return 2;
	}
	k.tixd = argv[1];
	k.dir = argv[2];
	seed = strtoull(argv[3], NULL, 10);
	k.nclients = (int)strtol(argv[4], NULL, 10);
	if (k.nclients < 1 || k.nclients > CLIENTS_MAX)
		return 2;
	snprintf(k.store, sizeof(k.store), "%s/tix.db", k.dir);
	snprintf(k.socket, sizeof(k.socket), "%s/sock", k.dir);
	snprintf(k.log, sizeof(k.log), "%s/log", k.dir);
	k.rng = rng_test_new(seed);
	printf("seed %" PRIu64 ", %d clients\n", seed, k.nclients);
	fflush(stdout);
	signal(SIGPIPE, SIG_IGN);
	open_clients(&k, seed);
	if (failpoints)
		kill_at(&k, "migrate");
	rpc = failpoints ? NULL : start(&k, NULL, false);
	if (failpoints && rpc_client_open(k.socket, &rpc, NULL) < 0)
		fail(&k, "nobody listens");
	make_event(&k, rpc);
	rpc_client_free(rpc);
	if (failpoints)
		all_failpoints(&k);
	else
		for (int i = 1; i <= strtol(argv[5], NULL, 10); i++)
			kill_once(&k, i);
	finish(&k);
	rng_test_free(k.rng);
	return 0;
}
