/* SPDX-License-Identifier: MIT */
/* A copy of a store to rehearse with: a key of its own, so that no code or ticket of the one is
 * good in the other; times moved; names, addresses and notes of people replaced. */
#ifndef CORE_CLONE_H
#define CORE_CLONE_H

#include <stdbool.h>

#include "core/call.h"

struct clone {
	const char *to;	   /* path of the new store; neither it nor its key may exist */
	int64_t shift;	   /* microseconds, whole seconds */
	bool keep_persons; /* leave them as they are */
	int64_t records;   /* done: of the journal */
};

/* Copies the store of core, which a daemon may be using, and proves the copy by the whole audit.
 * core->keys are those of the store. What happened stays in the past: nothing that was done is
 * moved beyond now. */
int clone_run(struct clone *k, const struct core *core, struct err *err);

#endif
