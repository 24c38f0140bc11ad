/* SPDX-License-Identifier: MIT */
/* The names of time zones, for completion and for guesses. */
#ifndef CLI_ZONES_H
#define CLI_ZONES_H

#include "cli/cli.h"

/* All names, in the arena; 0 when the system has no list of them. */
size_t zones_list(struct cli *c, const char *const **ret);

/* The zone that was meant: Europe/Berlin for europe/berlin, Berlin or Europe/Berln. NULL: no idea.
 */
const char *zones_near(struct cli *c, const char *word);

#endif
