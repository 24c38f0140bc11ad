/* SPDX-License-Identifier: MIT */
/* The process as a whole: its state, its loop, its end. It knows no method and no statement. */
#include "daemon/tixd.h"

#include <stdio.h>

struct tixd *tixd_of(const struct call *c)
{
	return (struct tixd *)((char *)(uintptr_t)c->core - offsetof(struct tixd, core));
}

void selling_set(struct tixd *t, int state, const char *why)
{
	struct selling *s = &t->selling;

	pthread_mutex_lock(&s->lock);
	if (s->state != sell_state_stopped) {
		snprintf(s->why, sizeof(s->why), "%s", why);
		s->state = state;
	}
	pthread_mutex_unlock(&s->lock);
}

void selling_failing(struct tixd *t, const char *why)
{
	struct selling *s = &t->selling;

	pthread_mutex_lock(&s->lock);
	if (s->state == sell_state_selling)
		snprintf(s->why, sizeof(s->why), "%s", why);
	pthread_mutex_unlock(&s->lock);
}

void selling_stop(struct tixd *t, const char *why)
{
	struct selling *s = &t->selling;
	bool first;

	pthread_mutex_lock(&s->lock);
	first = s->state != sell_state_stopped;
	if (first)
		snprintf(s->why, sizeof(s->why), "%s", why);
	s->state = sell_state_stopped;
	pthread_mutex_unlock(&s->lock);
	if (first)
		log_line(&t->log, LEVEL_ERROR, NULL, "sales are stopped: %s", why);
}

bool selling_stopped(const struct tixd *t)
{
	return atomic_load(&t->selling.state) == sell_state_stopped;
}

int selling_get(struct tixd *t, char *ret_why, size_t size)
{
	struct selling *s = &t->selling;
	int state;

	pthread_mutex_lock(&s->lock);
	state = s->state;
	if (ret_why)
		snprintf(ret_why, size, "%s", s->why);
	pthread_mutex_unlock(&s->lock);
	return state;
}
