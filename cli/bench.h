/* SPDX-License-Identifier: MIT */
/* tix bench onsale, in parts: prepare and prove the sale, watch the daemon's process, print. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "cli/cli.h"
#include "cli/load.h"

struct bench_options {
	const char *category; /* EVENT/CATEGORY that is sold; NULL: one of our own is made */
	const char *dir;      /* --dir */
	int64_t clients, orders, us, rate, size, tickets, warm, sample, seed;
	int repeat_ppm;
	bool random_keys, figures;
};

struct bench_stock {
	int64_t size, overbook, blocked, held, sold, free;
};

/* What a moment of the daemon's process looks like. */
struct bench_host {
	int64_t cpu_us;		   /* user and system time, -1: not known */
	int64_t rss_kib, peak_kib; /* -1: not known */
	int64_t wal_bytes;
};

struct bench {
	struct cli *c;
	struct bench_options opt;
	char event[101], category[101], quota[101];
	char store[512]; /* path of an SQLite store, "" where it is something else */
	int64_t pid;
	int ticks;
	struct load *load;
	struct load_stats stats;
	struct bench_stock before, after;
	struct bench_host idle, start, end;
	int64_t wal_max, own_cpu_us, fdatasyncs; /* fdatasyncs: a second, -1: not measured */
	int64_t checks, failed;
	char failure[400]; /* the first check that failed */
};

/* bench_sale.c: every call to the daemon. */
int bench_prepare(struct bench *b, struct err *e);
int bench_stock(struct bench *b, struct bench_stock *ret, struct err *e);
int bench_prove(struct bench *b, struct err *e);
void bench_check(struct bench *b, bool good, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* bench_host.c: never fails, what cannot be known stays -1. */
void bench_host(const struct bench *b, struct bench_host *ret);
int64_t bench_wal(const struct bench *b);
int64_t bench_own_cpu(void);
int64_t bench_fdatasync(const struct bench *b); /* a second, in --dir or the store's directory */

/* bench_print.c */
void bench_print(struct bench *b);

#endif
