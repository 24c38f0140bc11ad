/* SPDX-License-Identifier: MIT */
/* Times as people mean them: the zone of an event, and what a local time became that happens twice
 * or never. */
#ifndef CLI_ODD_H
#define CLI_ODD_H

#include "cli/cli.h"

/* Tells a person of each local time of a call that was ambiguous, with the offset that was taken,
 * and keeps them in c->odd. */
void odd_say(struct cli *c, const struct rpc_method *m, const json_t *result);

/* The same for a time that tix read by itself. */
void odd_tell(
    struct cli *c, const char *flag, const char *typed, const struct zone *zone, int64_t at);

/* The zone of an event by its slug, asked once for each over a connection of its own; NULL where it
 * cannot be known. */
const struct zone *odd_event_zone(struct cli *c, const char *event);

/* Frees what it kept. */
void odd_done(struct cli *c);

#endif
