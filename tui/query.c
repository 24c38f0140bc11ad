/* SPDX-License-Identifier: MIT */
/* When to ask again: at once when there is nothing yet, else after a pause that grows with what the
 * answer costs. */
#include "tui/query.h"

#include <string.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tui/link.h"

#define UNDER_WAY_MAX 8
#define GAP_US 50000
#define GAP_SHARE 20	  /* of the time that the answer took */
#define COST_STEPS 16
#define GAP_MAX_US 10000000
#define SLOW_US 300000

static void register_query(struct queries *all, struct query *q)
{
	if (q->all)
		return;
	q->all = all;
	q->next = all->first;
	all->first = q;
}

void query_ask(struct queries *all, struct query *q, json_t *params, const char *event)
{
	register_query(all, q);
	if (q->params && json_equal(q->params, params)) {
		json_decref(params);
		return;
	}
	json_decref(q->params);
	q->params = params;
	snprintf(q->event, sizeof(q->event), "%s", event ? event : "");
	if (q->asked) {
		/* The answer on its way is to another question. */
		link_forget(all->link, q);
		q->asked = false;
		all->under_way--;
	}
	q->fresh = false;
	q->took_us = 0;
	q->dirty = true;
}

void query_give(struct queries *all, struct query *q, json_t *params, const char *event,
    const json_t *result)
{
	query_ask(all, q, params, event);
	json_decref(q->result);
	q->result = json_incref((json_t *)(uintptr_t)result);
	q->fresh = true;
	q->dirty = false;
}

void query_drop(struct query *q)
{
	if (!q->all)
		return;
	if (q->asked)
		q->all->under_way--;
	link_forget(q->all->link, q);
	for (struct query **at = &q->all->first; *at; at = &(*at)->next) {
		if (*at == q) {
			*at = q->next;
			break;
		}
	}
	json_decref(q->params);
	json_decref(q->result);
	*q = (struct query){.method = q->method, .topics = q->topics, .every_us = q->every_us,
	    .awake = q->awake};
}

bool query_slow(const struct query *q, int64_t now)
{
	return q->asked && now - q->asked_at >= SLOW_US;
}

static bool topic_touches(const char *topics, const char *topic)
{
	for (const char *p = topics; p && *p;) {
		size_t len = strcspn(p, " ");

		if (len > 0 && strncmp(p, topic, len) == 0)
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

void queries_digest(struct queries *all, const json_t *counts)
{
	const json_t *one;
	size_t i;

	json_array_foreach(counts, i, one)
	{
		const char *topic = json_string_value(json_object_get(one, "topic"));
		const char *event = json_string_value(json_object_get(one, "event"));

		for (struct query *q = all->first; q && topic; q = q->next) {
			if (topic_touches(q->topics, topic) &&
			    (!q->event[0] || (event && strcmp(event, q->event) == 0)))
				q->dirty = true;
		}
	}
}

void queries_all_dirty(struct queries *all)
{
	for (struct query *q = all->first; q; q = q->next)
		q->dirty = true;
}

/* What it costs is what it takes when nothing is in its way: a slow answer says little, several do. */
static void learn_cost(struct query *q, int64_t took)
{
	if (!q->took_us || took < q->took_us)
		q->took_us = took > 0 ? took : 1;
	else
		q->took_us += (took - q->took_us) / COST_STEPS;
}

static void answered(void *ctx, const json_t *result, const struct err *e)
{
	struct query *q = ctx;

	q->asked = false;
	q->all->under_way--;
	q->answered_at = clock_mono(clock_system());
	learn_cost(q, q->answered_at - q->asked_at);
	if (result) {
		json_decref(q->result);
		q->result = json_incref((json_t *)(uintptr_t)result);
		q->err = (struct err){0};
		q->fresh = true;
	} else if (e->code == TIX_ENO_DAEMON) {
		q->dirty = true;
	} else {
		q->err = *e;
		q->fresh = true;
	}
	q->all->answered(q->all->ctx, q);
}

static int64_t due_at(const struct query *q)
{
	int64_t gap = q->took_us * GAP_SHARE;

	if (!q->took_us)
		return 0;
	if (gap < GAP_US)
		gap = GAP_US;
	if (gap > GAP_MAX_US)
		gap = GAP_MAX_US;
	if (gap < q->every_us)
		gap = q->every_us;
	return q->asked_at + gap;
}

static bool can_ask(const struct queries *all, const struct query *q)
{
	return link_up(all->link) && (!q->awake || *q->awake);
}

static void send(struct queries *all, struct query *q, int64_t now)
{
	struct err e;

	q->dirty = false;
	q->asked = true;
	q->told = false;
	q->asked_at = now;
	all->under_way++;
	if (link_call(all->link, q->method, json_incref(q->params), answered, q, &e) < 0) {
		q->asked = false;
		q->dirty = true;
		all->under_way--;
	}
}

int64_t queries_turn(struct queries *all, int64_t now)
{
	struct query *slow = NULL;
	int64_t next = INT64_MAX;

	for (struct query *q = all->first; q; q = q->next) {
		int64_t at = INT64_MAX;

		if (query_slow(q, now) && !q->told)
			slow = q;
		if (q->asked && now - q->asked_at < SLOW_US)
			at = q->asked_at + SLOW_US;
		else if (q->dirty && !q->asked && can_ask(all, q))
			at = due_at(q);
		else if (q->again_us && q->result && !q->asked && can_ask(all, q))
			at = q->answered_at + q->again_us;
		if (at <= now && all->under_way < UNDER_WAY_MAX) {
			send(all, q, now);
			at = now + SLOW_US;
		}
		if (at < next && (at > now || all->under_way < UNDER_WAY_MAX))
			next = at;
	}
	if (!slow)
		return next;
	slow->told = true;
	all->answered(all->ctx, slow);
	return now;
}

bool queries_settled(const struct queries *all)
{
	if (all->under_way > 0)
		return false;
	for (const struct query *q = all->first; q; q = q->next) {
		if (q->dirty && can_ask(all, q))
			return false;
	}
	return true;
}
