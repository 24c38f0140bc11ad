/* SPDX-License-Identifier: MIT */
/* Failpoints: parsed once, counted under a lock. Only builds for tests have more than the names. */
#include "base/failpoint.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"

static const char *const names[] = {
#define FP(name, doc) name,
#include "base/failpoint.def"
#undef FP
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

const char *failpoint_name(size_t i)
{
	return i < N_NAMES ? names[i] : NULL;
}

#ifdef TIX_FAILPOINTS

enum action { ACT_KILL, ACT_ERR, ACT_SLEEP };

struct armed {
	size_t point;
	uint64_t nth; /* 0 = each time */
	enum action action;
};

#define ARMED_MAX 16

/* The state of one process under test; nothing of it exists in other builds. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool loaded;
static struct armed armed[ARMED_MAX];
static size_t n_armed;
static uint64_t counts[N_NAMES];

static size_t find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return i;
	abort();
}

static enum action parse_action(const char *s, size_t len)
{
	static const char *const words[] = {"kill", "err", "sleep"};

	for (int i = 0; i < 3; i++)
		if (strlen(words[i]) == len && !memcmp(words[i], s, len))
			return (enum action)i;
	abort();
}

/* One "name:nth:action"; end is behind its last byte. */
static void parse_one(const char *s, const char *end)
{
	const char *colon = memchr(s, ':', (size_t)(end - s));
	struct armed a = {0};
	char *after;

	if (!colon || n_armed == ARMED_MAX)
		abort();
	a.point = find(s, (size_t)(colon - s));
	a.nth = strtoull(colon + 1, &after, 10);
	if (after == colon + 1 || after >= end || *after != ':')
		abort();
	a.action = parse_action(after + 1, (size_t)(end - after - 1));
	armed[n_armed++] = a;
}

static void load(void)
{
	const char *s = getenv("TIX_FAILPOINT");

	loaded = true;
	n_armed = 0;
	memset(counts, 0, sizeof(counts));
	while (s && *s) {
		const char *end = strchr(s, ';');

		if (!end)
			end = s + strlen(s);
		if (end > s)
			parse_one(s, end);
		s = *end ? end + 1 : end;
	}
}

/* What to do now, -1 for nothing. */
static int count(size_t point)
{
	int action = -1;

	pthread_mutex_lock(&lock);
	if (!loaded)
		load();
	counts[point]++;
	for (size_t i = 0; i < n_armed; i++)
		if (armed[i].point == point && (!armed[i].nth || armed[i].nth == counts[point]))
			action = (int)armed[i].action;
	pthread_mutex_unlock(&lock);
	return action;
}

int failpoint_hit(const char *name)
{
	int action = count(find(name, strlen(name)));

	if (action == ACT_KILL)
		kill(getpid(), SIGKILL);
	if (action == ACT_SLEEP)
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	return action == ACT_ERR ? TIX_EINTERNAL : 0;
}

void failpoint_reset(void)
{
	pthread_mutex_lock(&lock);
	loaded = false;
	pthread_mutex_unlock(&lock);
}

#else

int failpoint_hit(const char *name)
{
	(void)name;
	return TIX_OK;
}

void failpoint_reset(void)
{
}

#endif
