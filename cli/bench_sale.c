/* SPDX-License-Identifier: MIT */
/* The sale's surroundings: an event to sell, its stock before and after, and the proof that each
 * acknowledged order is there. */
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/mem.h"
#include "cli/bench.h"
#include "cli/call.h"

static int64_t int_at(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

static const char *text_at(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

void bench_check(struct bench *b, bool good, const char *fmt, ...)
{
	va_list ap;

	b->checks++;
	if (good || b->failed++ > 0)
		return;
	va_start(ap, fmt);
	vsnprintf(b->failure, sizeof(b->failure), fmt, ap);
	va_end(ap);
}

/* Takes params over. A change gets a key of its own. */
static int ask(
    struct bench *b, const char *method, bool change, json_t *params, json_t **ret, struct err *e)
{
	char key[UUID_SIZE];
	int r;

	if (!params)
		return err_set(e, TIX_EINTERNAL, NULL, "out of memory");
	if (change) {
		call_key(key);
		json_object_set_new(params, "idempotency_key", json_string(key));
	}
	r = call_name(b->c, method, params, true, ret, e);
	json_decref(params);
	return r;
}

static int change(struct bench *b, const char *method, json_t *params, struct err *e)
{
	return ask(b, method, true, params, NULL, e);
}

static int read_status(struct bench *b, struct err *e)
{
	AUTO(json) json_t *status = NULL;
	const char *store;
	int r = ask(b, "system.status", false, json_object(), &status, e);

	if (r < 0)
		return r;
	b->pid = int_at(status, "pid");
	store = text_at(status, "store");
	if (strncmp(store, "sqlite:", 7) == 0)
		snprintf(b->store, sizeof(b->store), "%s", store + 7);
	return 0;
}

/* An event of our own, on sale. */
static int make_event(struct bench *b, struct err *e)
{
	uint8_t uuid[16];
	char text[UUID_SIZE];
	int r;

	call_key(text);
	uuid_parse(text, uuid);
	snprintf(b->event, sizeof(b->event), "bench-%.8s%.4s-%.4s", text, text + 9, text + 32);
	snprintf(b->category, sizeof(b->category), "hot");
	snprintf(b->quota, sizeof(b->quota), "hot");
	r = change(b, "event.create",
	    json_pack("{s:s, s:s, s:s, s:s}", "event", b->event, "name", "Bench: one hot category",
		"start", "+30d", "currency", "EUR"),
	    e);
	if (r == 0)
		r = change(b, "category.create",
		    json_pack("{s:s, s:s, s:s, s:I}", "event", b->event, "name", b->category,
			"price", "45.00", "size", (json_int_t)b->opt.size),
		    e);
	if (r == 0)
		r = change(b, "event.publish", json_pack("{s:s}", "event", b->event), e);
	return r;
}

/* EVENT/CATEGORY that exists: its first quota is the one that is counted. */
static int find_category(struct bench *b, struct err *e)
{
	AUTO(json) json_t *category = NULL;
	const char *slash = strchr(b->opt.category, '/');
	const char *quota;
	int r;

	if (!slash || (size_t)(slash - b->opt.category) >= sizeof(b->event) ||
	    strlen(slash + 1) >= sizeof(b->category))
		return err_set(
		    e, TIX_EBAD_VALUE, NULL, "\"%s\": EVENT/CATEGORY is wanted", b->opt.category);
	snprintf(
	    b->event, sizeof(b->event), "%.*s", (int)(slash - b->opt.category), b->opt.category);
	snprintf(b->category, sizeof(b->category), "%s", slash + 1);
	r = ask(b, "category.show", false,
	    json_pack("{s:s, s:s}", "event", b->event, "name", b->category), &category, e);
	if (r < 0)
		return r;
	quota = json_string_value(json_array_get(json_object_get(category, "quotas"), 0));
	if (!quota)
		return err_set(e, TIX_EWRONG_STATE, NULL,
		    "%s draws on no quota: there is nothing to sell", b->opt.category);
	snprintf(b->quota, sizeof(b->quota), "%s", quota);
	return 0;
}

int bench_stock(struct bench *b, struct bench_stock *ret, struct err *e)
{
	AUTO(json) json_t *quota = NULL;
	int r = ask(b, "quota.show", false,
	    json_pack("{s:s, s:s}", "event", b->event, "name", b->quota), &quota, e);

	if (r < 0)
		return r;
	*ret = (struct bench_stock){
	    .size = int_at(quota, "size"),
	    .overbook = int_at(quota, "overbook"),
	    .blocked = int_at(quota, "blocked"),
	    .held = int_at(quota, "held"),
	    .sold = int_at(quota, "sold"),
	    .free = int_at(quota, "free"),
	};
	return 0;
}

int bench_prepare(struct bench *b, struct err *e)
{
	int r = read_status(b, e);

	if (r == 0)
		r = b->opt.category ? find_category(b, e) : make_event(b, e);
	return r == 0 ? bench_stock(b, &b->before, e) : r;
}

/* The orders that a filter finds: exactly one, with this code. */
static int prove_list(
    struct bench *b, const char *filter, const char *value, const char *code, struct err *e)
{
	AUTO(json) json_t *page = NULL;
	const json_t *items;
	int r = ask(b, "order.list", false, json_pack("{s:s}", filter, value), &page, e);

	if (r < 0)
		return r;
	items = json_object_get(page, "items");
	bench_check(b,
	    json_array_size(items) == 1 &&
		strcmp(text_at(json_array_get(items, 0), "code"), code) == 0,
	    "looking for %s %s does not find order %s alone", filter, value, code);
	return 0;
}

static int prove_show(
    struct bench *b, const char *code, const char *email, char ticket[64], struct err *e)
{
	AUTO(json) json_t *order = NULL;
	const json_t *tickets;
	int r = ask(b, "order.show", false, json_pack("{s:s}", "code", code), &order, e);

	if (r < 0)
		return r;
	tickets = json_object_get(order, "tickets");
	bench_check(b,
	    strcmp(text_at(order, "code"), code) == 0 &&
		strcmp(text_at(order, "state"), "paid") == 0,
	    "order %s is not shown as sold", code);
	bench_check(b, (int64_t)json_array_size(tickets) == b->opt.tickets,
	    "order %s has %zu tickets", code, json_array_size(tickets));
	bench_check(b, strcmp(text_at(json_object_get(order, "buyer"), "email"), email) == 0,
	    "order %s is not %s's", code, email);
	snprintf(ticket, 64, "%s", text_at(json_array_get(tickets, 0), "code"));
	return 0;
}

static int prove_ticket(struct bench *b, const char *ticket, const char *code, struct err *e)
{
	AUTO(json) json_t *order = NULL;
	int r = ask(b, "order.show", false, json_pack("{s:s}", "code", ticket), &order, e);

	if (r == 0)
		bench_check(b, strcmp(text_at(order, "code"), code) == 0,
		    "ticket %s does not lead to order %s", ticket, code);
	return r;
}

/* By code, by ticket, by e-mail, by key. What is not found is a failed check, everything else an
 * error. */
static int prove_order(struct bench *b, const struct load_order *o, size_t n, struct err *e)
{
	char key[UUID_SIZE], email[LOAD_EMAIL_SIZE], ticket[64];
	int r;

	load_key(o, key);
	load_email(b->load, n, email);
	r = prove_show(b, o->code, email, ticket, e);
	if (r == 0)
		r = prove_ticket(b, ticket, o->code, e);
	if (r == 0)
		r = prove_list(b, "email", email, o->code, e);
	if (r == 0)
		r = prove_list(b, "key", key, o->code, e);
	if (r != TIX_ENOT_FOUND)
		return r;
	bench_check(b, false, "order %s: %s", o->code, e->message);
	err_clear(e);
	return 0;
}

/* Evenly spread over all orders; the last acknowledged one is always among them. */
static int prove_sample(struct bench *b, struct err *e)
{
	const struct load_order *orders;
	size_t n, step, taken = 0;
	int r = 0;

	orders = load_orders(b->load, &n);
	step = b->opt.sample > 0 ? n / (size_t)b->opt.sample + 1 : n + 1;
	for (size_t i = n; r == 0 && b->opt.sample > 0 && i-- > 0;) {
		if (orders[i].state != LOAD_SOLD || (taken > 0 && i % step != 0))
			continue;
		r = prove_order(b, &orders[i], i, e);
		taken++;
	}
	return r;
}

static int64_t count_sold(const struct bench *b)
{
	size_t n;
	const struct load_order *orders = load_orders(b->load, &n);
	int64_t sold = 0;

	for (size_t i = 0; i < n; i++)
		sold += orders[i].state == LOAD_SOLD;
	return sold;
}

int bench_prove(struct bench *b, struct err *e)
{
	const struct bench_stock *s = &b->after;
	int64_t sold = count_sold(b) * b->opt.tickets;
	int r = bench_stock(b, &b->after, e);

	if (r < 0)
		return r;
	bench_check(b, s->sold - b->before.sold == sold,
	    "the quota counts %" PRId64 " tickets sold, acknowledged are %" PRId64,
	    s->sold - b->before.sold, sold);
	bench_check(b,
	    s->free + s->sold + s->held + s->blocked == s->size + s->overbook && s->free >= 0,
	    "stock and sold are not the size: %" PRId64 " free, %" PRId64 " sold of %" PRId64,
	    s->free, s->sold, s->size);
	bench_check(b, b->stats.refused == 0 || s->free < b->opt.tickets,
	    "orders were refused, but %" PRId64 " are free", s->free);
	return prove_sample(b, e);
}
