/* SPDX-License-Identifier: MIT */
/* Zones by name and conversions. The cache below is the one piece of state: filled under a lock,
 * its entries never change or go away afterwards. Names are bounded by the files that exist. */
#include "base/zone.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/tzfile.h"

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_NAME_MAX 48
#define ZONE_FILE_MAX 65536
#define WINDOW 93600 /* no offset is further from UTC */

struct zone {
	struct zone *next;
	struct tz_data tz;
	char name[ZONE_NAME_MAX];
};

static const struct zone utc = {
    .name = "UTC",
    .tz.rule = {.present = true, .std = {0, "UTC"}},
};

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *cache;

const struct zone *zone_utc0(void)
{
	return &utc;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* Letters, digits, _ + - in parts between single slashes; no dots, so no way out of the directory.
 * "right/" counts leap seconds, "posix/" repeats the rest, "localtime" is another zone elsewhere.
 */
static bool name_ok(const char *s)
{
	char last = '/';
	size_t n = 0;

	if (!strncmp(s, "right/", 6) || !strncmp(s, "posix/", 6) || !strcmp(s, "localtime"))
		return false;
	for (; s[n]; n++) {
		char c = s[n];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';

		if (n + 1 >= ZONE_NAME_MAX)
			return false;
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '+' && c != '-' &&
		    c != '/')
			return false;
		if (c == '/' && last == '/')
			return false;
		last = c;
	}
	return n > 0 && last != '/';
}

/* Read at most size bytes; -1 on error, also when the file is larger. */
static ssize_t read_file(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -1;
	while (len < size && (n = read(fd, out + len, size - len)) > 0)
		len += (size_t)n;
	close(fd);
	return n < 0 || len == size ? -1 : (ssize_t)len;
}

static struct zone *load(const char *name)
{
	char path[sizeof(ZONE_DIR) + ZONE_NAME_MAX];
	struct zone *z = calloc(1, sizeof(*z));
	char *file = malloc(ZONE_FILE_MAX);
	ssize_t len = -1;

	snprintf(path, sizeof(path), "%s%s", ZONE_DIR, name);
	if (z && file)
		len = read_file(path, file, ZONE_FILE_MAX);
	if (!z || len < 0 || tz_parse(file, (size_t)len, &z->tz) < 0) {
		free(file);
		free(z);
		return NULL;
	}
	free(file);
	memcpy(z->name, name, strlen(name) + 1);
	return z;
}

static struct zone *find_or_load(const char *name)
{
	struct zone *z;

	pthread_mutex_lock(&cache_lock);
	for (z = cache; z; z = z->next)
		if (!strcmp(z->name, name))
			break;
	if (!z) {
		z = load(name);
		if (z) {
			z->next = cache;
			cache = z;
		}
	}
	pthread_mutex_unlock(&cache_lock);
	return z;
}

int zone_get(const char *name, const struct zone **ret, struct err *e)
{
	const struct zone *z = NULL;

	if (!strcmp(name, "UTC")) {
		*ret = &utc;
		return 0;
	}
	if (name_ok(name))
		z = find_or_load(name);
	if (!z) {
		if (access(ZONE_DIR, X_OK) < 0)
			return err_set(
			    e, TIX_EUNAVAILABLE, "zone", "no zone files on this machine");
		err_set(e, TIX_EBAD_VALUE, "zone", "\"%.60s\": no such time zone", name);
		err_hint(e, "a name like Europe/Berlin or UTC");
		return TIX_EBAD_VALUE;
	}
	*ret = z;
	return 0;
}

static int64_t floor_seconds(int64_t us)
{
	return us / USEC_PER_SEC - (us % USEC_PER_SEC < 0);
}

void zone_local(const struct zone *z, int64_t utc_us, struct civil *ret)
{
	int64_t t = floor_seconds(utc_us);
	const struct tz_type *type = tz_type_at(&z->tz, t);

	civil_from_seconds(t + type->offset, ret);
	ret->us = (int)(utc_us - t * USEC_PER_SEC);
	ret->offset = type->offset;
	memcpy(ret->abbr, type->abbr, sizeof(ret->abbr));
}

/* Changes of the zone within [from, to], unsorted; returns how many of at most max. */
static int changes(const struct tz_data *tz, int64_t from, int64_t to, int64_t *at, int max)
{
	struct civil c;
	int n = 0;

	for (size_t i = tz->n_at; i > 0 && tz->at[i - 1] >= from && n < max; i--)
		if (tz->at[i - 1] <= to)
			at[n++] = tz->at[i - 1];
	if (!tz->rule.has_dst || (tz->n_at && to < tz->at[tz->n_at - 1]))
		return n;
	civil_from_seconds(from, &c);
	for (int year = c.y - 1; year <= c.y + 1; year++) {
		int64_t t[2];

		tz_rule_year(&tz->rule, year, &t[0], &t[1]);
		for (int k = 0; k < 2; k++)
			if (t[k] >= from && t[k] <= to && n < max)
				at[n++] = t[k];
	}
	return n;
}

void zone_utc(const struct zone *z, const struct civil *c, int64_t *ret_us, bool *ret_odd)
{
	int64_t local = civil_seconds(c);
	int64_t at[16];
	int n = changes(&z->tz, local - WINDOW, local + WINDOW, at, 16);
	int64_t first = local - tz_type_at(&z->tz, local - WINDOW)->offset;
	bool twice = false, gap = false;

	/* Without a change nearby the offset is the same everywhere around. Else each change may
	 * put the time into a gap, or make it happen again. */
	bool found = tz_type_at(&z->tz, first)->offset == local - first;
	for (int i = 0; i < n; i++) {
		int before = tz_type_at(&z->tz, at[i] - 1)->offset;
		int after = tz_type_at(&z->tz, at[i])->offset;
		int64_t t = local - after;

		if (local >= at[i] + before && local < at[i] + after) {
			first = local - before;
			gap = found = true;
			break;
		}
		if (tz_type_at(&z->tz, t)->offset != after || (found && t == first))
			continue;
		twice = found;
		if (!found || t < first)
			first = t;
		found = true;
	}
	if (ret_odd)
		*ret_odd = twice || gap;
	*ret_us = first * USEC_PER_SEC + c->us;
}

bool zone_again(const struct zone *z, int64_t utc_us, int64_t *ret)
{
	int64_t t = floor_seconds(utc_us), at[16];
	int offset = tz_type_at(&z->tz, t)->offset;
	int n = changes(&z->tz, t + 1, t + WINDOW, at, 16);

	for (int i = 0; i < n; i++) {
		int after = tz_type_at(&z->tz, at[i])->offset;
		int64_t again = t + offset - after;

		if (again >= at[i] && tz_type_at(&z->tz, again)->offset == after) {
			*ret = utc_us + (int64_t)(offset - after) * USEC_PER_SEC;
			return true;
		}
	}
	return false;
}
