/* SPDX-License-Identifier: MIT */
/* Runs the laws that were asked for, each in a snapshot of its own, and gathers what they found. */
#include "core/audit.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "core/audit_law.h"
#include "core/rows.h"

#define SLICE 20000
#define SLICE_GENTLE 2000
#define PAUSE_NS 20000000L
#define PASS_MAX_US (900 * USEC_PER_SEC)
#define PASS_LIMIT "the 15 minutes of a pass of the audit"

static const struct law {
	const char *name;
	int (*run)(struct auditor *a);
	const struct audit_pass *pass; /* those that read orders do it together, in one snapshot */
	const char *repair;
} laws[] = {
    {"stock", NULL, &pass_stock,
	"stop selling the event; compare its orders with the quota, then set the quota by hand"},
    {"holds", law_holds, NULL, "restart tixd: it gives expired holds back as it starts"},
    {"orders", NULL, &pass_orders,
	"compare with the journal of the order; restore the rows from a backup"},
    {"payments", NULL, &pass_payments,
	"compare with the till; record or remove the payment by hand"},
    {"ledger", NULL, &pass_ledger,
	"compare with the order's payments; add the missing posting by hand"},
    {"keys", law_keys, NULL, "delete the key: a repeat of that call would be done again"},
    {"journal", law_journal, NULL,
	"stop; compare with the last head that was noted elsewhere and restore a backup"},
    {"persons", law_persons, NULL, "restore the row from a backup, or erase what is left over"},
    {"codes", NULL, &pass_codes, "restore the row from a backup: no code can stand for it"},
    {"jobs", law_jobs, NULL, "compare its report with the journal; tix job retry what is missing"},
    {"store", law_store, NULL, "stop tixd and restore a backup; until then do not sell"},
};

void audit_find(
    struct auditor *a, enum audit_severity severity, const char *subject, const char *fmt, ...)
{
	struct audit_finding *f;
	char message[300];
	va_list ap;

	a->law->findings++;
	if (a->nfindings == AUDIT_FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	f = &a->findings[a->nfindings];
	f->law = a->law->law;
	f->severity = severity;
	f->subject = arena_strdup(a->c->arena, subject);
	f->message = arena_strdup(a->c->arena, message);
	f->repair = a->repair;
	if (f->subject && f->message)
		a->nfindings++;
	else
		a->no_memory = true;
}

const char *audit_order(const struct auditor *a, int64_t id, char out[32])
{
	if (order_code_encode(&a->c->core->keys, id, out) < 0)
		snprintf(out, 32, "#%lld", (long long)id);
	return out;
}

int audit_slice(const struct auditor *a)
{
	return a->gentle ? SLICE_GENTLE : SLICE;
}

void audit_pause(const struct auditor *a)
{
	if (a->gentle)
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
}

static int choose(struct call *c, const struct audit_run_in *in, const struct law **ret, int *ret_n)
{
	bool chosen[ARRAY_LEN(laws)];

	for (size_t i = 0; i < ARRAY_LEN(laws); i++)
		chosen[i] = in->law.n == 0;
	for (size_t j = 0; j < in->law.n; j++) {
		size_t i = 0;

		while (i < ARRAY_LEN(laws) && strcmp(laws[i].name, in->law.v[j]) != 0)
			i++;
		if (i == ARRAY_LEN(laws)) {
			err_set(&c->err, TIX_EBAD_VALUE, "law", "no law %s", in->law.v[j]);
			err_hint(&c->err,
			    "one of stock, holds, orders, payments, ledger, keys, journal, "
			    "persons, codes, jobs, store");
			return TIX_EBAD_VALUE;
		}
		chosen[i] = true;
	}
	for (size_t i = 0; i < ARRAY_LEN(laws); i++) {
		if (chosen[i])
			ret[(*ret_n)++] = &laws[i];
	}
	return 0;
}

static int read_head(struct auditor *a)
{
	const void *hash;
	struct q q;
	size_t len;
	int r;

	q_start(&q, a->c->db, SQL_journal_head, &a->c->err);
	r = q_step(&q);
	if (r == 1) {
		a->head_seq = q_col(&q, 0);
		hash = q_blob(&q, 1, &len);
		if (len == sizeof(a->head_hash))
			memcpy(a->head_hash, hash, len);
	}
	q_end(&q);
	return r < 0 ? r : 0;
}

/* Each pass may take longer than any other answer, but not for ever. */
static int snapshot(struct auditor *a)
{
	const struct clock *clock = a->c->core->clock;

	db_rollback(a->c->db);
	db_deadline(a->c->db, clock, clock_mono(clock) + PASS_MAX_US, PASS_LIMIT);
	return db_begin(a->c->db, &a->c->err);
}

static void begin_law(struct auditor *a, struct audit_law *out, const char *repair)
{
	a->law = out;
	a->repair = repair;
}

static int run_law(struct auditor *a, const struct law *law, struct audit_law *out)
{
	int r = snapshot(a);

	begin_law(a, out, law->repair);
	return r < 0 ? r : law->run(a);
}

/* The laws among them that read orders. */
static int run_passes(
    struct auditor *a, struct audit_law *results, const struct law *const *picked, int n)
{
	struct walker w[WALKERS_MAX];
	int m = 0, r = snapshot(a);

	for (int i = 0; r == 0 && i < n; i++) {
		if (!picked[i]->pass)
			continue;
		w[m] = (struct walker){picked[i]->pass, &results[i], picked[i]->repair, NULL};
		begin_law(a, w[m].law, w[m].repair);
		if (w[m].pass->begin)
			r = w[m].pass->begin(a, &w[m].ctx);
		m++;
	}
	if (r == 0 && m > 0)
		r = audit_walk(a, w, m);
	for (int i = 0; i < m; i++) {
		begin_law(a, w[i].law, w[i].repair);
		if (r == 0 && w[i].pass->end)
			r = w[i].pass->end(a, w[i].ctx);
		if (w[i].pass->done)
			w[i].pass->done(w[i].ctx);
	}
	return r;
}

static int show(struct auditor *a, struct audit *out)
{
	char *hex = arena_alloc(a->c->arena, 65);
	int r = a->chained ? 0 : read_head(a);

	out->head = arena_alloc(a->c->arena, sizeof(*out->head));
	if (!hex || !out->head)
		return row_no_memory(a->c);
	sodium_bin2hex(hex, 65, a->head_hash, sizeof(a->head_hash));
	out->head->seq = a->head_seq;
	out->head->hash = hex;
	out->findings = (struct shape_list){a->findings, a->nfindings};
	return r;
}

int audit_run(struct call *c, const struct audit_run_in *in, struct audit *out)
{
	struct auditor a = {.c = c, .gentle = in->gentle};
	struct audit_law *results = arena_array(c->arena, ARRAY_LEN(laws), sizeof(*results));
	const struct law *picked[ARRAY_LEN(laws)];
	int n = 0, r;

	if (c->who->organizer[0] || c->who->event[0])
		return err_set(
		    &c->err, TIX_ENOT_PERMITTED, NULL, "the audit is of the whole store");
	r = choose(c, in, picked, &n);
	if (r < 0)
		return r;
	a.findings = arena_array(c->arena, AUDIT_FINDINGS_MAX, sizeof(*a.findings));
	if (!results || !a.findings)
		return row_no_memory(c);
	for (int i = 0; i < n; i++)
		results[i].law = picked[i]->name;
	r = run_passes(&a, results, picked, n);
	for (int i = 0; r == 0 && i < n; i++) {
		if (picked[i]->run)
			r = run_law(&a, picked[i], &results[i]);
	}
	if (r == 0 && a.no_memory)
		r = row_no_memory(c);
	if (r < 0)
		return r;
	out->ok = true;
	for (int i = 0; i < n; i++)
		out->ok = out->ok && results[i].findings == 0;
	out->laws = (struct shape_list){results, (size_t)n};
	return show(&a, out);
}
