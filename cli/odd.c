/* SPDX-License-Identifier: MIT */
/* Zones of events, and the hours when clocks are put forward or back. It never fails a command:
 * where it cannot ask, times are shown in the zone of the run. */
#include "cli/odd.h"

#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "base/zone.h"
#include "cli/call.h"
#include "cli/out.h"
#include "cli/params.h"
#include "cli/value.h"
#include "rpc/client.h"

#define ZONES_MAX 1000 /* events that are asked for */
#define ANSWER_MS 2000

struct odd_zone {
	struct odd_zone *next;
	const struct zone *zone; /* NULL: not known */
	char event[];
};

struct odd_zones {
	struct odd_zone *first, *last; /* last: what was asked for before */
	struct rpc_client *client;
	int n;
};

static void tell(
    struct cli *c, const char *flag, const char *typed, const char *taken, const char *other)
{
	if (other && *other)
		out_hint(c, "%s \"%s\" happens twice: taken as %s; the other is %s", flag, typed,
		    taken, other);
	else
		out_hint(c, "%s \"%s\" never happens, clocks skip it: taken as %s", flag, typed, taken);
}

void odd_tell(
    struct cli *c, const char *flag, const char *typed, const struct zone *zone, int64_t at)
{
	char taken[WHEN_TEXT_MAX], other[WHEN_TEXT_MAX] = "";
	int64_t again;

	if (zone_again(zone, at, &again))
		when_rfc3339_local(zone, again, other, sizeof(other));
	tell(c, flag, typed, when_rfc3339_local(zone, at, taken, sizeof(taken)), other);
}

void odd_say(struct cli *c, const struct rpc_method *m, const json_t *result)
{
	json_t *odd = json_object_get(result, "odd_times");

	if (!odd || json_equal(c->odd, odd))
		return; /* said already, as of the id before */
	json_decref(c->odd);
	c->odd = json_incref(odd);

	for (size_t i = 0; i < json_array_size(odd); i++) {
		const json_t *o = json_array_get(odd, i);

		tell(c, params_name(c, m->in, value_text(o, "field")), value_text(o, "typed"),
		    value_text(o, "taken"), value_text(o, "other"));
	}
}

static const struct zone *ask(struct cli *c, struct odd_zones *zones, const char *event)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "event", event);
	AUTO(json) json_t *result = NULL;
	const struct zone *zone = NULL;
	struct err ignored = {0};

	if (!zones->client && call_open(c, &zones->client, &ignored) == 0)
		rpc_client_timeout(zones->client, ANSWER_MS);
	if (zones->client &&
	    rpc_client_call(zones->client, "event.show", params, &result, &ignored) == 0)
		zone_get(value_text(result, "zone"), &zone, NULL);
	return zone;
}

const struct zone *odd_event_zone(struct cli *c, const char *event)
{
	struct odd_zones *zones = c->zones;
	struct odd_zone *z;

	if (!zones)
		c->zones = zones = arena_alloc(c->arena, sizeof(*zones));
	if (!zones)
		return NULL;
	if (zones->last && strcmp(zones->last->event, event) == 0)
		return zones->last->zone;
	for (z = zones->first; z; z = z->next) {
		if (strcmp(z->event, event) == 0) {
			zones->last = z;
			return z->zone;
		}
	}
	z = zones->n < ZONES_MAX ? arena_alloc(c->arena, sizeof(*z) + strlen(event) + 1) : NULL;
	if (!z)
		return NULL;
	memcpy(z->event, event, strlen(event) + 1);
	z->zone = ask(c, zones, event);
	z->next = zones->first;
	zones->first = zones->last = z;
	zones->n++;
	return z->zone;
}

void odd_done(struct cli *c)
{
	json_decref(c->odd);
	c->odd = NULL;
	if (c->zones)
		rpc_client_free(c->zones->client);
}
