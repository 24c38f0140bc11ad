/* SPDX-License-Identifier: MIT */
/* The table that the system keeps beside its zones: country, place, name, each line a zone. It is a
 * help for people only: what a zone is, base/zone decides. */
#include "cli/zones.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/near.h"

#define TABLE "/usr/share/zoneinfo/zone.tab"
#define ZONES_MAX 1024

/* The third column of a line; NULL for a comment. */
static char *name_of(char *line)
{
	char *place = line[0] == '#' ? NULL : strchr(line, '\t');
	char *name = place ? strchr(place + 1, '\t') : NULL;

	if (!name)
		return NULL;
	name++;
	name[strcspn(name, "\t\n")] = '\0';
	return name;
}

size_t zones_list(struct cli *c, const char *const **ret)
{
	const char **names = arena_alloc(c->arena, (ZONES_MAX + 1) * sizeof(*names));
	FILE *f = names ? fopen(TABLE, "re") : NULL;
	char line[256];
	size_t n = 0;

	*ret = names;
	if (!f)
		return 0;
	names[n++] = "UTC";
	while (n < ZONES_MAX && fgets(line, sizeof(line), f)) {
		const char *name = name_of(line);

		names[n] = name ? arena_strdup(c->arena, name) : NULL;
		n += names[n] != NULL;
	}
	fclose(f);
	return n;
}

/* A place alone, "Berlin", is the end of a name. */
static bool is_place(const char *name, const char *word)
{
	const char *place = strrchr(name, '/');

	return place && strcasecmp(place + 1, word) == 0;
}

const char *zones_near(struct cli *c, const char *word)
{
	const char *const *names;
	size_t n = zones_list(c, &names);

	for (size_t i = 0; i < n; i++) {
		if (strcasecmp(names[i], word) == 0 || is_place(names[i], word))
			return names[i];
	}
	return near_name(word, strlen(word), names, n);
}
