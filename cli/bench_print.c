/* SPDX-License-Identifier: MIT */
/* Figures, for people, as lines `name value unit`, or as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/bench.h"

/* One figure: per_c64 "p99" becomes "p99_c64". doc is what a person reads. */
struct figure {
	const char *name, *unit, *doc;
	double value;
	int decimals;
	bool per_clients, known;
};

#define FIGURES 20

static double seconds(int64_t us)
{
	return (double)us / (double)USEC_PER_SEC;
}

/* How much of one processor, over the measured time. */
static double cores(const struct bench *b, int64_t us)
{
	return b->stats.us > 0 ? (double)us / (double)b->stats.us : 0;
}

static struct figure latency(const struct bench *b, const char *name, int64_t ppm, const char *doc)
{
	return (struct figure){name, "ms", doc, (double)hist_at(&b->stats.sale, ppm) / 1000, 3,
	    true, b->stats.sale.count > 0};
}

static struct figure count(const char *name, int64_t value, const char *unit, const char *doc)
{
	return (struct figure){name, unit, doc, (double)value, 0, false, value >= 0};
}

static struct figure mebi(const char *name, int64_t bytes, const char *doc)
{
	return (struct figure){name, "MiB", doc, (double)bytes / (1 << 20), 1, true, bytes >= 0};
}

static size_t collect(const struct bench *b, struct figure f[FIGURES])
{
	const struct load_stats *s = &b->stats;
	double rate = s->us > 0 ? (double)s->sold / seconds(s->us) : 0;
	bool cpu = b->start.cpu_us >= 0 && b->end.cpu_us >= 0;
	size_t n = 0;

	f[n++] = (struct figure){"onsale", "orders/s", "orders a second", rate, 0, true, true};
	f[n++] = latency(b, "p50", 500000, "half of them within");
	f[n++] = latency(b, "p99", 990000, "99 of 100 within");
	f[n++] = latency(b, "p999", 999000, "999 of 1000 within");
	f[n++] = latency(b, "max", 1000000, "the slowest");
	f[n++] = (struct figure){"cpu", "cores", "processors used by the daemon",
	    cores(b, b->end.cpu_us - b->start.cpu_us), 2, true, cpu};
	f[n++] = (struct figure){"cpu_load", "cores", "processors used by the load itself",
	    cores(b, b->own_cpu_us), 2, true, true};
	f[n++] = mebi("rss", b->end.rss_kib * 1024, "memory of the daemon");
	f[n++] = mebi("rss_peak", b->end.peak_kib * 1024, "at its most");
	f[n++] = mebi("wal", b->wal_max, "largest write-ahead log");
	f[n++] = count("fdatasync", b->fdatasyncs, "1/s", "fdatasync a second on the same disk");
	f[n++] = count("sold", s->sold, "orders", "orders sold");
	f[n++] = count("refused", s->refused, "orders", "refused: sold out");
	f[n++] = count("replayed", s->replayed, "orders", "repeated keys, answered as at first");
	f[n++] = count("retried", s->retried, "orders", "asked again: the daemon was busy");
	f[n++] = count("checks", b->checks, "checks", "checks made");
	f[n++] = count("failed", b->failed, "checks", "checks failed");
	return n;
}

static void put_name(const struct bench *b, struct buf *out, const struct figure *f)
{
	buf_puts(out, f->name);
	if (f->per_clients)
		buf_printf(out, "_c%" PRId64, b->opt.clients);
}

static void put_figures(const struct bench *b, struct buf *out, const struct figure *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!f[i].known)
			continue;
		put_name(b, out, &f[i]);
		buf_printf(out, " %.*f %s\n", f[i].decimals, f[i].value, f[i].unit);
	}
}

static void put_json(const struct bench *b, struct buf *out, const struct figure *f, size_t n)
{
	buf_puts(out, "{\"v\":1,\"event\":");
	buf_json_str(out, b->event);
	buf_printf(out, ",\"ok\":%s,\"failure\":", b->failed ? "false" : "true");
	buf_json_str(out, b->failed ? b->failure : NULL);
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, ",\"");
		put_name(b, out, &f[i]);
		if (f[i].known)
			buf_printf(out, "\":%.*f", f[i].decimals, f[i].value);
		else
			buf_puts(out, "\":null");
	}
	buf_puts(out, "}\n");
}

static void put_table(const struct bench *b, struct buf *out, const struct figure *f, size_t n)
{
	buf_printf(out, "%s/%s, %" PRId64 " clients, %" PRId64 " tickets an order, %.1f s\n",
	    b->event, b->category, b->opt.clients, b->opt.tickets, seconds(b->stats.us));
	for (size_t i = 0; i < n; i++) {
		if (f[i].known)
			buf_printf(out, "  %-38s %12.*f %s\n", f[i].doc, f[i].decimals, f[i].value,
			    f[i].unit);
	}
	if (b->failed) {
		buf_puts(out, "NOT PROVEN: ");
		text_safe(out, b->failure, strlen(b->failure));
		buf_putc(out, '\n');
	} else {
		buf_printf(out,
		    "proven: %" PRId64 " free + %" PRId64 " sold = %" PRId64
		    ", repeats replayed, found by code, ticket, "
		    "e-mail and key\n",
		    b->after.free, b->after.sold + b->after.held + b->after.blocked,
		    b->after.size + b->after.overbook);
	}
}

void bench_print(struct bench *b)
{
	struct figure f[FIGURES];
	size_t n = collect(b, f);

	if (b->c->mode == OUT_JSON || b->c->mode == OUT_JSONL)
		put_json(b, &b->c->out, f, n);
	else if (b->opt.figures || b->c->mode != OUT_TABLE)
		put_figures(b, &b->c->out, f, n);
	else
		put_table(b, &b->c->out, f, n);
}
