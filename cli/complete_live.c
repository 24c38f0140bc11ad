/* SPDX-License-Identifier: MIT */
/* Words that only the daemon knows. A person waits between two keys: there is one try, and little
 * time for it. Errors are no words, so none is said. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "cli/call.h"
#include "cli/complete.h"
#include "rpc/client.h"

#define PATIENCE_MS 50
#define WORDS 200 /* more is no help */

static void give_up(int number)
{
	(void)number;
	_exit(0);
}

static int64_t patience_ms(void)
{
	const char *text = getenv("TIX_COMPLETE_MS");
	int64_t ms;

	return text && num_parse(text, 1, 60000, &ms) == 0 ? ms : PATIENCE_MS;
}

/* Ends the program without a word when the daemon takes longer than it may. */
static void be_patient(void)
{
	int64_t ms = patience_ms();
	struct itimerval t = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};
	struct sigaction act = {.sa_handler = give_up};

	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

/* Connects, once. */
static bool reach(const struct complete *w)
{
	struct err e = {0};

	if (w->c->client)
		return true;
	be_patient();
	if (call_connect(w->c, &e) < 0)
		return false;
	rpc_client_timeout(w->c->client, (int)patience_ms());
	return true;
}

/* The items of a list; NULL when there is no answer. params is taken over. */
static json_t *ask(const struct complete *w, const char *method, json_t *params)
{
	AUTO(json) json_t *own = params;
	AUTO(json) json_t *result = NULL;
	struct err e = {0};

	if (!own || !reach(w))
		return NULL;
	if (rpc_client_call(w->c->client, method, own, &result, &e) < 0)
		return NULL;
	return json_incref(json_object_get(result, "items"));
}

static const char *text_of(const json_t *item, const char *field)
{
	return json_string_value(json_object_get(item, field));
}

void live_events(const struct complete *w, const char *tail)
{
	AUTO(json)
	json_t *items = ask(w, "event.complete",
	    json_pack("{s:s, s:i}", "prefix", w->cur, "limit", WORDS));
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *slug = text_of(item, "word");

		if (slug)
			complete_word(w, arena_printf(w->c->arena, "%s%s", slug, tail),
			    text_of(item, "doc"));
	}
}

void live_slugs(const struct complete *w, const char *method, const char *field)
{
	AUTO(json) json_t *items = ask(w, method, json_pack("{s:i}", "limit", 1000));
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
		complete_word(w, text_of(item, field), text_of(item, "name"));
}

void live_names(const struct complete *w, const char *method, const char *tail)
{
	AUTO(json)
	json_t *items = w->event ? ask(w, method,
				       json_pack("{s:s, s:i}", "event", w->event, "limit", 1000))
				 : NULL;
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *name = text_of(item, "name");
		const json_t *free_seats = json_object_get(item, "free");

		if (name)
			complete_word(w, arena_printf(w->c->arena, "%s%s", name, tail),
			    arena_printf(w->c->arena, "%lld free",
				(long long)json_integer_value(free_seats)));
	}
}

void live_holds(const struct complete *w)
{
	json_t *params = json_pack("{s:i}", "limit", WORDS);
	json_t *items;
	const json_t *item;
	size_t i;

	if (params && w->event)
		json_object_set_new(params, "event", json_string(w->event));
	items = ask(w, "hold.list", params);
	json_array_foreach(items, i, item)
		complete_code(w, text_of(item, "code"), text_of(item, "event"));
	json_decref(items);
}

void live_orders(const struct complete *w)
{
	AUTO(json)
	json_t *items = ask(w, "order.complete",
	    json_pack("{s:s, s:i}", "prefix", w->cur, "limit", WORDS));
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
		complete_code(w, text_of(item, "word"), text_of(item, "doc"));
}

/* CODE/1 and so on, once CODE/ stands there; else orders. */
void live_tickets(const struct complete *w)
{
	const char *slash = strchr(w->cur, '/');
	AUTO(json) json_t *result = NULL;
	AUTO(json) json_t *params = NULL;
	const json_t *ticket;
	struct err e = {0};
	size_t i;

	if (!slash) {
		live_orders(w);
		return;
	}
	params = json_pack("{s:s%}", "code", w->cur, (size_t)(slash - w->cur));
	if (!params || !reach(w))
		return;
	if (rpc_client_call(w->c->client, "order.show", params, &result, &e) < 0)
		return;
	json_array_foreach(json_object_get(result, "tickets"), i, ticket) {
		long long n = json_integer_value(json_object_get(ticket, "n"));
		const char *code = arena_printf(w->c->arena, "%s/%lld", text_of(result, "code"), n);

		complete_code(w, code, text_of(ticket, "category"));
	}
}

void live_jobs(const struct complete *w)
{
	AUTO(json) json_t *items = ask(w, "job.list", json_pack("{s:i}", "limit", WORDS));
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item) {
		const char *kind = text_of(item, "kind"), *state = text_of(item, "state");

		complete_word(w, text_of(item, "job"),
		    kind && state ? arena_printf(w->c->arena, "%s, %s", kind, state) : NULL);
	}
}

void live_money(const struct complete *w, const char *method, const char *field)
{
	json_t *params = json_pack("{s:i}", "limit", 1000);
	json_t *items;
	const json_t *item;
	size_t i;

	if (params && strcmp(field, "refund") == 0)
		json_object_set_new(params, "state", json_string("pending"));
	items = ask(w, method, params);
	json_array_foreach(items, i, item)
		complete_code(w, text_of(item, field), text_of(item, "state"));
	json_decref(items);
}
