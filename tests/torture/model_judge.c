/* SPDX-License-Identifier: MIT */
/* Holds what the daemon answers against the model: lists as a whole, and each round of calls. */
#include "tests/torture/model_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Comparing. */

/* Every item of a list, page by page; how many. Takes params over. */
static int64_t each(
    const char *method, json_t *params, void (*same)(struct model *m, const json_t *j))
{
	const json_t *v, *next;
	int64_t n = 0;
	size_t i;

	json_object_set_new(params, "limit", json_integer(1000));
	for (;;) {
		json_t *page = must(method, json_incref(params));

		json_array_foreach (json_object_get(page, "items"), i, v) {
			same(&run.m, v);
			n++;
		}
		next = json_object_get(page, "next");
		if (json_is_string(next))
			json_object_set_new(params, "cursor", json_string(json_string_value(next)));
		else
			json_object_clear(params);
		json_decref(page);
		if (json_object_size(params) == 0)
			break;
	}
	json_decref(params);
	run.compared += n;
	return n;
}

static void all(
    const char *method, json_t *params, void (*same)(struct model *m, const json_t *j), int64_t want)
{
	int64_t n = each(method, params, same);

	if (n != want)
		fail("%s has %" PRId64 " rows, in the model %" PRId64, method, n, want);
}


static void compare_orders(void)
{
	int64_t held = 0, refunds = 0, payments = 0, *tickets = calloc((size_t)run.m.nevents + 1, sizeof(*tickets));

	for (int i = 0; i < run.m.norders; i++) {
		const struct m_order *o = &run.m.order[i];

		held += o->state == order_state_held;
		refunds += o->nrefunds;
		payments += o->npayments;
		tickets[o->event] += o->ntickets;
	}
	all("order.list", json_object(), same_row, run.m.norders);
	all("hold.list", json_object(), same_hold, held);
	all("payment.list", json_object(), same_receipt, payments);
	all("refund.list", json_object(), same_refund, refunds);
	for (int i = 0; i < run.m.nevents; i++)
		all("ticket.list", json_pack("{s:s}", "event", run.m.event[i].slug), same_pass,
		    tickets[i]);
	free(tickets);
}

static void same_sum(const struct m_order *o, const json_t *j)
{
	const json_t *balance = json_object_get(json_object_get(j, "balance"), "amount");

	if (json_integer_value(balance) != model_balance(o))
		model_differs(o->code, "is explained to a balance of %" JSON_INTEGER_FORMAT
		    ", in the model %" PRId64, json_integer_value(balance), model_balance(o));
}

/* Those that something was done to, or every one. */
static void show_orders(bool every)
{
	for (int i = 0; i < run.m.norders; i++) {
		struct m_order *o = &run.m.order[i];
		json_t *j;

		if (!o->touched && !every)
			continue;
		j = must("order.show", json_pack("{s:s}", "code", o->code));
		same_order(&run.m, j);
		json_decref(j);
		j = must("order.explain", json_pack("{s:s}", "code", o->code));
		same_sum(o, j);
		json_decref(j);
		o->touched = false;
		run.compared++;
	}
}

static void audit(void)
{
	json_t *j = must("audit.run", json_object());

	if (!json_is_true(json_object_get(j, "ok"))) {
		char *text = json_dumps(json_object_get(j, "findings"), JSON_COMPACT);

		fail("the audit finds %.2000s", text ? text : "?");
	}
	json_decref(j);
}

void compare(bool every)
{
	int64_t quotas = 0, categories = 0;

	for (int i = 0; i < run.m.nevents; i++) {
		quotas += run.m.event[i].nquotas;
		categories += run.m.event[i].ncategories;
	}
	all("organizer.list", json_object(), same_organizer, run.m.norganizers);
	all("venue.list", json_object(), same_venue, run.m.nvenues);
	all("event.list", json_object(), same_event, run.m.nevents);
	all("category.list", json_object(), same_category, categories);
	all("quota.list", json_object(), same_quota, quotas);
	compare_orders();
	show_orders(every);
	if (every)
		audit();
}

/* Judging. */

static void keep_history(const struct op *o)
{
	AUTO(str) char *in = json_dumps(o->in, JSON_COMPACT);
	char **slot = &run.history[run.nhistory++ % HISTORY];
	const char *code = json_string_value(json_object_get(o->out, "code"));

	free(*slot);
	if (asprintf(slot, "%" PRId64 " %s %s -> %s %s%s", o->seq, o->rule->method, in,
		o->error ? err_info(o->error)->name : o->dry ? "dry" : "ok",
		o->error ? o->message : code ? code : "",
		json_object_get(o->out, "replayed") ? " replayed" : "") < 0)
		abort();
}

static uint32_t ask_model(const struct op *o, bool write)
{
	struct step s = {.m = &run.m, .in = o->in, .out = o->out, .write = write};

	o->rule->apply(&s);
	return s.wrong;
}

static const char *words(uint32_t wrong, char *ret, size_t size)
{
	size_t len = 0;

	ret[0] = '\0';
	for (int i = 1; i < 32; i++) {
		if (wrong >> i & 1 && len < size)
			len += (size_t)snprintf(
			    ret + len, size - len, "%s%s", len ? " or " : "", err_info(-i)->name);
	}
	return wrong ? ret : "none";
}

/* Whether it had an effect: it found something to change, and is not only the echo of one of the
 * same key that did not. */
static bool had_effect(const struct op *v, int n, const struct op *o)
{
	if (o->was.rule || o->error || o->dry || json_object_get(o->out, "unchanged"))
		return false;
	for (int i = 0; i < n && json_object_get(o->out, "replayed"); i++) {
		if (strcmp(v[i].key, o->key) == 0 && json_object_get(v[i].out, "unchanged"))
			return false;
	}
	return true;
}

/* What found nothing to change shows what was asked for; a move shows where that is. */
static void check_unchanged(const struct op *o)
{
	const char *field;
	json_t *v;

	if (strstr(o->rule->method, ".move"))
		return;
	json_object_foreach (o->in, field, v) {
		const json_t *shown = json_object_get(o->out, field);

		if (strcmp(field, "start") == 0 || strcmp(field, "event") == 0 || strncmp(field, "sale_", 5) == 0 ||
		    json_is_array(v) || !shown)
			continue;
		if (!json_equal(v, shown))
			model_differs(o->key, "changed nothing and shows another %s", field);
	}
}

/* Whether the model, as it is now, would answer what an operation without effect got. */
static void excuse(struct op *v, int n)
{
	for (int i = 0; i < n; i++) {
		uint32_t wrong;

		if (v[i].was.rule || v[i].excused || had_effect(v, n, &v[i]))
			continue;
		wrong = ask_model(&v[i], false);
		v[i].excused = v[i].error ? wrong >> -v[i].error & 1 : wrong == 0;
	}
}

static void check_excused(const struct op *v, int n)
{
	for (int i = 0; i < n; i++) {
		char text[200];

		if (v[i].was.rule || v[i].excused || had_effect(v, n, &v[i]))
			continue;
		model_differs(v[i].key, "%s got %s (%s), the model has reasons: %s", v[i].rule->method,
		    v[i].error ? err_info(v[i].error)->name : "worked without effect", v[i].message,
		    words(ask_model(&v[i], false), text, sizeof(text)));
	}
}

/* What the call was about may have been deleted since; another may have its name by now. */
static bool is_gone(const struct op *o)
{
	static const char *const nouns[] = {"event.", "quota.", "category."};

	for (size_t i = 0; i < ARRAY_LEN(nouns); i++) {
		if (strncmp(o->rule->method, nouns[i], strlen(nouns[i])) == 0)
			return run.m.deleted > 0;
	}
	return strncmp(o->rule->method, "venue.", 6) == 0;
}

static void check_repeat(const struct op *o)
{
	const struct past *p = &o->was;
	const char *code = json_string_value(json_object_get(o->out, "code"));

	if (o->other) {
		if (o->error != TIX_EKEY_REUSED)
			model_differs(o->key, "was used for %s and works for %s", p->rule->method,
			    o->rule->method);
		return;
	}
	if (o->error == TIX_ENOT_FOUND && is_gone(o))
		return;
	if (o->error)
		model_differs(o->key, "was acknowledged as %" PRId64 " and is refused: %s", p->seq,
		    o->message);
	if (!json_is_true(json_object_get(o->out, "replayed")) || o->seq != p->seq)
		model_differs(o->key, "was acknowledged as %" PRId64 " and is %" PRId64 " now",
		    p->seq, o->seq);
	if (strncmp(o->rule->method, "ticket.", 7) != 0 && code && strcmp(code, p->code) != 0)
		model_differs(o->key, "was acknowledged as %s and is %s now", p->code, code);
}

static void remember(const struct op *o)
{
	struct past *p = &run.past[run.npast < PAST ? run.npast : model_chance(&run.m, PAST)];
	const char *code = json_string_value(json_object_get(o->out, "code"));

	if (run.npast < PAST)
		run.npast++;
	json_decref(p->in);
	*p = (struct past){.rule = o->rule, .in = json_deep_copy(o->in), .seq = o->seq};
	snprintf(p->key, sizeof(p->key), "%s", o->key);
	snprintf(p->code, sizeof(p->code), "%s", code ? code : "");
}

/* The order that a reply is about was touched. */
static void touch(const json_t *out)
{
	static const char *const fields[] = {"code", "order", "ticket"};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		int n;
		struct m_order *o = model_order(
		    &run.m, json_string_value(json_object_get(out, fields[i])), &n);

		if (o)
			o->touched = true;
	}
}

static void apply(struct op *o)
{
	bool replayed = json_is_true(json_object_get(o->out, "replayed"));
	uint32_t wrong = ask_model(o, true);
	char text[200];

	if (wrong)
		model_differs(o->key, "%s worked, the model refuses it: %s", o->rule->method,
		    words(wrong, text, sizeof(text)));
	if (!replayed)
		o->rule->same(&run.m, o->out);
	touch(o->out);
	run.ok[o->rule - rules]++;
	remember(o);
}

static int by_seq(const void *a, const void *b)
{
	const struct op *x = *(const struct op *const *)a, *y = *(const struct op *const *)b;
	bool late = json_is_true(json_object_get(x->out, "replayed"));

	return x->seq != y->seq ? (x->seq < y->seq ? -1 : 1) : late ? 1 : -1;
}

static void count(const struct op *v, int n)
{
	for (int i = 0; i < n; i++) {
		run.refused += v[i].error != 0;
		run.dry += v[i].dry;
		run.repeated += v[i].was.rule != NULL;
		if (v[i].dry && !v[i].error && v[i].seq)
			model_differs(v[i].key, "was only tried and has a number");
		if (!v[i].was.rule && json_object_get(v[i].out, "unchanged"))
			check_unchanged(&v[i]);
	}
}

void judge(struct op *v, int n, bool killed)
{
	struct op *order[ROUND_MAX];
	int k = 0;

	for (int i = 0; i < n; i++) {
		keep_history(&v[i]);
		if (had_effect(v, n, &v[i]))
			order[k++] = &v[i];
	}
	count(v, n);
	qsort(order, (size_t)k, sizeof(struct op *), by_seq);
	excuse(v, n);
	for (int i = 0; i < k; i++) {
		bool replayed = json_is_true(json_object_get(order[i]->out, "replayed"));

		if (i > 0 && order[i]->seq == order[i - 1]->seq) {
			bool same = strcmp(order[i]->key, order[i - 1]->key) == 0;

			/* after a kill one may have found nothing to change */
			if (!same && replayed && killed)
				apply(order[i]);
			else if (!same || !replayed)
				model_differs(order[i]->key, "and %s are both number %" PRId64,
				    order[i - 1]->key, order[i]->seq);
			continue;
		}
		if (replayed && !killed)
			model_differs(order[i]->key, "is a repeat of nothing");
		apply(order[i]);
		excuse(v, n);
	}
	check_excused(v, n);
	for (int i = 0; i < n; i++) {
		if (v[i].was.rule)
			check_repeat(&v[i]);
	}
}
