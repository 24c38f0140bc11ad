/* SPDX-License-Identifier: MIT */
/* tix bench onsale: sells one hot category as fast as the daemon lets it, proves the result, prints
 * figures. */
#include "cli/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/args.h"
#include "cli/call.h"
#include "cli/out.h"
#include "rpc/client.h"

#define ORDERS_MAX 50000000
#define SIZE_MAX_SEATS 100000000
#define WARM_CLIENTS 64

const struct opt bench_opts[] = {
    {"clients", "N", "connections, each with one request under way; 64"},
    {"orders", "N", "orders to ask for; 20000, no limit with --seconds"},
    {"seconds", "N", "sell for so long"},
    {"rate", "N",
	"requests a second, by plan (open loop); without it each client asks when it was answered"},
    {"size", "N", "seats of the category; enough for all when absent"},
    {"tickets", "N", "tickets an order; 2"},
    {"repeat", "PERCENT", "share of requests that repeat an earlier key; 1"},
    {"warm", "N", "sell so many orders first, unmeasured; 0"},
    {"sample", "N", "orders that are looked up afterwards in four ways; 200"},
    {"seed", "N", "of buyers and choices; by chance when absent"},
    {"random-keys", NULL, "idempotency keys without time in them"},
    {"dir", "DIR", "measure fdatasync there; the store's directory when absent"},
    {"figures", NULL, "a line a figure, name value unit, as in a pipe"},
    {NULL, NULL, NULL},
};

static void usage(struct cli *c)
{
	buf_puts(&c->out,
	    "usage: tix bench onsale [EVENT/CATEGORY] [FLAGS]\n"
	    "Sells a category with many clients at once and proves the result: a new event is "
	    "made, or the\n"
	    "named category is sold. Use a store of its own: orders cannot be taken back.\n\n");
	for (const struct opt *o = bench_opts; o->name; o++)
		buf_printf(&c->out, "  --%s%s%-*s %s\n", o->name, o->word ? " " : "",
		    (int)(22 - strlen(o->name) - (o->word != NULL)), o->word ? o->word : "",
		    o->doc);
}

/* PERCENT with at most four decimals and perhaps a percent sign, as millionths. */
static int read_percent(const char *text, int *ret, struct err *e)
{
	char *end;
	int64_t whole = strtoll(text, &end, 10), ppm = 0, unit = 1000;

	if (end != text && *end == '.') {
		for (end++; *end >= '0' && *end <= '9' && unit > 0; end++, unit /= 10)
			ppm += (*end - '0') * unit;
	}
	if (*end == '%')
		end++;
	if (end == text || *end || whole < 0 || whole > 99)
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "--repeat \"%s\": a share like 1%% or 0.5%%", text);
	*ret = (int)(whole * 10000 + ppm);
	return 0;
}

struct number {
	const char *name;
	int64_t min, max, absent;
	size_t offset;
};

#define NUMBER(name, field, min, max, absent)                                                      \
	{                                                                                          \
		name, min, max, absent, offsetof(struct bench_options, field)                      \
	}

static int read_numbers(const struct args *a, struct bench_options *o, struct err *e)
{
	static const struct number numbers[] = {
	    NUMBER("clients", clients, 1, LOAD_CLIENTS_MAX, 64),
	    NUMBER("orders", orders, 1, ORDERS_MAX, 0),
	    NUMBER("seconds", us, 1, 86400, 0),
	    NUMBER("rate", rate, 1, 1000000, 0),
	    NUMBER("size", size, 1, SIZE_MAX_SEATS, 0),
	    NUMBER("tickets", tickets, 1, LOAD_TICKETS_MAX, 2),
	    NUMBER("warm", warm, 0, ORDERS_MAX, 0),
	    NUMBER("sample", sample, 0, ORDERS_MAX, 200),
	    NUMBER("seed", seed, 0, INT64_MAX, -1),
	};
	char what[32];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct number *n = &numbers[i];
		const char *text = args_opt(a, n->name);
		int64_t *field = (int64_t *)(void *)((char *)o + n->offset);
		int r = 0;

		*field = n->absent;
		snprintf(what, sizeof(what), "--%s", n->name);
		if (text)
			r = args_i64(text, n->min, n->max, what, field, e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_options(const struct args *a, struct bench_options *o, struct err *e)
{
	const char *repeat = args_opt(a, "repeat");
	int r = read_numbers(a, o, e);

	if (r == 0)
		r = read_percent(repeat ? repeat : "1%", &o->repeat_ppm, e);
	if (r < 0)
		return r;
	o->us *= USEC_PER_SEC;
	if (o->orders == 0 && o->us == 0)
		o->orders = 20000;
	if (o->size == 0)
		o->size =
		    o->orders && o->us == 0 ? (o->warm + o->orders) * o->tickets : SIZE_MAX_SEATS;
	if (o->size > SIZE_MAX_SEATS)
		return err_set(e, TIX_EBAD_VALUE, NULL, "more than %d seats", SIZE_MAX_SEATS);
	if (o->seed < 0) {
		random_bytes(&o->seed, sizeof(o->seed));
		o->seed &= INT64_MAX;
	}
	o->category = a->npos > 1 ? a->pos[1] : NULL;
	o->dir = args_opt(a, "dir");
	o->random_keys = args_opt(a, "random-keys") != NULL;
	o->figures = args_opt(a, "figures") != NULL;
	return 0;
}

/* Ten times a second: the size of the log, and once a second a word to the person who waits. */
static void tick(void *ctx, const struct load_stats *s)
{
	struct bench *b = ctx;
	int64_t wal = bench_wal(b);

	if (wal > b->wal_max)
		b->wal_max = wal;
	if (++b->ticks % 10 == 0 && s->us > 0)
		out_hint(b->c, "%" PRId64 " sold, %" PRId64 " orders/s", s->sold,
		    s->sold * USEC_PER_SEC / s->us);
}

static int run_load(
    struct bench *b, int64_t clients, int64_t orders, int64_t us, int64_t rate, struct err *e)
{
	struct load_plan plan = {.clients = (int)clients,
	    .orders = orders,
	    .us = us,
	    .rate = rate,
	    .tick = tick,
	    .ctx = b};
	int r = load_run(b->load, &plan, &b->stats, e);

	if (r < 0)
		return r;
	bench_check(
	    b, b->stats.wrong == 0, "%" PRId64 " wrong replies: %s", b->stats.wrong, e->message);
	err_clear(e);
	return 0;
}

static int sell(struct bench *b, struct err *e)
{
	const struct bench_options *o = &b->opt;
	int64_t own;
	int r = 0;

	if (o->warm > 0)
		r = run_load(
		    b, o->clients > WARM_CLIENTS ? o->clients : WARM_CLIENTS, o->warm, 0, 0, e);
	if (r < 0)
		return r;
	bench_host(b, &b->start);
	own = bench_own_cpu();
	r = run_load(b, o->clients, o->orders, o->us, o->rate, e);
	b->own_cpu_us = bench_own_cpu() - own;
	bench_host(b, &b->end);
	if (b->end.wal_bytes > b->wal_max)
		b->wal_max = b->end.wal_bytes;
	return r;
}

static int onsale(struct bench *b, struct err *e)
{
	char path[128];
	int r = rpc_socket_path(b->c->socket, path, sizeof(path), e);

	if (r == 0)
		r = bench_prepare(b, e);
	if (r < 0)
		return r;
	out_hint(b->c, "selling %s/%s, seed %" PRId64, b->event, b->category, b->opt.seed);
	r = load_new(path, b->event, b->category, (int)b->opt.tickets, b->opt.repeat_ppm,
	    (uint64_t)b->opt.seed, &b->load, e);
	if (r < 0)
		return r;
	load_random_keys(b->load, b->opt.random_keys);
	r = sell(b, e);
	if (r == 0)
		r = bench_prove(b, e);
	if (r == 0)
		b->fdatasyncs = bench_fdatasync(b);
	return r;
}

int cmd_bench(struct cli *c, int argc, char **argv)
{
	struct bench b = {.c = c, .wal_max = -1, .fdatasyncs = -1};
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "tix bench onsale", NULL, bench_opts, &a, &e);

	out_setup(c);
	if (r == 0 && a.help) {
		usage(c);
		return 0;
	}
	if (r == 0 && (a.npos < 1 || a.npos > 2 || strcmp(a.pos[0], "onsale") != 0))
		r = err_set(
		    &e, TIX_EMISSING, NULL, "usage: tix bench onsale [EVENT/CATEGORY] [FLAGS]");
	if (r == 0)
		r = read_options(&a, &b.opt, &e);
	if (r == 0)
		r = onsale(&b, &e);
	load_free(b.load);
	if (r < 0)
		return out_error(c, &e);
	bench_print(&b);
	if (b.failed > 0)
		out_say(c, "tix: not proven: %s", b.failure);
	return b.failed > 0;
}
