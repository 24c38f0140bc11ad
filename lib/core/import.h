/* SPDX-License-Identifier: MIT */
/* Import: many events with all that hangs on them, by slug and name. The rows are laid over what is
 * stored, checked as a whole and compared; only what differs is written. What a row does not
 * mention stays: also quotas, categories and links that it leaves out. Several rows of one slug are
 * one event, the last one wins. */
#ifndef CORE_IMPORT_H
#define CORE_IMPORT_H

#include "core/call.h"

/* Without the record in the journal that an import was made: what each row did has its own. */
int event_import_rows(struct call *c, const struct event_import_in *in, struct event_import *out);

int event_import(struct call *c, const struct event_import_in *in, struct event_import *out);

/* The counts of an import that was done before: they are its subject. */
int event_import_load(struct call *c, int64_t subject, struct event_import *out);

#endif
