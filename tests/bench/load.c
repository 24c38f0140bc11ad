/* SPDX-License-Identifier: MIT */
/* The load generator against the plain server, which can be told to lie: what is counted, and what
 * must be noticed. */
#include "tests/tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/load.h"
#include "rpc/client.h"

static char dir[] = "/tmp/tix-load-XXXXXX";
static char store[64], path[64], program[4096];
static struct load_stats stats;
static struct err err;

/* Starts the server and waits for its first line, which says that it is ready. */
static pid_t start(const char *fault)
{
	int out[2];
	char line[256];
	pid_t pid;

	unlink(store);
	if (pipe2(out, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(out[1], 2);
		execl(program, "raw_socket", store, path, "4096", "0", fault, NULL);
		_exit(127);
	}
	close(out[1]);
	if (read(out[0], line, sizeof(line)) <= 0)
		diag("%s does not start", program);
	close(out[0]);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

static json_int_t sold_by_stock(void)
{
	struct rpc_client *client = NULL;
	json_t *params = json_pack("{s:s, s:s}", "event", "e", "name", "hot"), *quota = NULL;
	json_int_t sold = -1;

	if (rpc_client_open(path, &client, &err) == 0 &&
	    rpc_client_call(client, "quota.show", params, &quota, &err) == 0)
		sold = json_integer_value(json_object_get(quota, "sold"));
	json_decref(quota);
	json_decref(params);
	rpc_client_free(client);
	return sold;
}

static void make_stock(int64_t size)
{
	struct rpc_client *client = NULL;
	json_t *params =
	    json_pack("{s:s, s:s, s:I}", "event", "e", "name", "hot", "size", (json_int_t)size);

	ok(rpc_client_open(path, &client, &err) == 0 &&
		rpc_client_call(client, "category.create", params, NULL, &err) == 0,
	    "a stock of %" PRId64, size);
	json_decref(params);
	rpc_client_free(client);
}

/* A run on a fresh server with the given stock; the caller frees *ret. */
static int run(const char *fault, int64_t size, const struct load_plan *plan, struct load **ret)
{
	pid_t pid = start(fault);
	int r;

	make_stock(size);
	r = load_new(path, "e", "hot", 2, 100000, 7, ret, &err);
	if (r == 0)
		r = load_run(*ret, plan, &stats, &err);
	if (r == 0 && fault[0] == '\0')
		is_int(sold_by_stock(), 2 * stats.sold, "acknowledged and stock agree");
	stop(pid);
	return r;
}

static void check_closed(void)
{
	struct load_plan plan = {.clients = 16, .orders = 2000};
	const struct load_order *orders;
	struct load *load = NULL;
	char email[LOAD_EMAIL_SIZE];
	size_t n, good = 0;

	is_int(run("", 100000, &plan, &load), 0, "closed loop");
	is_int(stats.sold, 2000, "all sold");
	is_int((int64_t)stats.sale.count, 2000, "each has its latency");
	ok(stats.replayed > 100 && stats.replayed < 400, "a tenth was repeated: %" PRId64,
	    stats.replayed);
	is_int(stats.wrong, 0, "nothing wrong");
	orders = load_orders(load, &n);
	for (size_t i = 0; i < n; i++)
		good += orders[i].state == LOAD_SOLD && orders[i].code[0] != '\0';
	is_int((int64_t)good, 2000, "every order has its code");
	load_email(load, 3, email);
	is_int((int64_t)strlen(email), LOAD_EMAIL_SIZE - 1, "an address");
	load_free(load);
}

static void check_open(void)
{
	struct load_plan plan = {.clients = 4, .us = 300000, .rate = 1000};
	struct load *load = NULL;

	is_int(run("", 100000, &plan, &load), 0, "open loop");
	ok(stats.sold + stats.replayed >= 150 && stats.sold + stats.replayed <= 310,
	    "as many as planned: %" PRId64, stats.sold + stats.replayed);
	load_free(load);
}

static void check_sold_out(void)
{
	struct load_plan plan = {.clients = 16, .orders = 500};
	struct load *load = NULL;

	is_int(run("", 401, &plan, &load), 0, "less stock than demand");
	is_int(stats.sold, 200, "sold to the last pair");
	is_int(stats.refused, 300, "the others are refused");
	is_int(stats.left_max, 1, "with what is left");
	is_int(stats.wrong, 0, "nothing wrong");
	load_free(load);
}

static void check_lies(void)
{
	struct load_plan plan = {.clients = 4, .orders = 500};
	struct load *load = NULL;

	is_int(run("twice", 100000, &plan, &load), 0, "a server that sells repeats again");
	ok(stats.wrong > 0 && stats.replayed == 0, "is found out: %s", err.message);
	load_free(load);
	load = NULL;
	is_int(run("mute", 401, &plan, &load), 0, "a server that does not say what is left");
	ok(stats.wrong == stats.refused, "is found out: %s", err.message);
	load_free(load);
}

static void check_failures(void)
{
	struct load_plan plan = {.clients = 2, .orders = 10};
	struct load *load = NULL;

	is_int(load_new(path, "e", "hot", 2, 0, 7, &load, &err), 0, "nobody listens");
	is_int(load_run(load, &plan, &stats, &err), TIX_ENO_DAEMON, "is no run");
	load_free(load);
	load = NULL;
	ok(run("", 100000, &(struct load_plan){.clients = 1, .orders = 1}, &load) == 0,
	    "one order");
	load_free(load);
}

int main(void)
{
	const char *build = getenv("top_builddir");

	snprintf(program, sizeof(program), "%s/tests/bench/raw_socket", build ? build : ".");
	if (!mkdtemp(dir))
		return 1;
	snprintf(store, sizeof(store), "%s/db", dir);
	snprintf(path, sizeof(path), "%s/sock", dir);
	check_closed();
	check_open();
	check_sold_out();
	check_lies();
	check_failures();
	unlink(store);
	rmdir(dir);
	return done_testing();
}
