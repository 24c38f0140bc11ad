/* SPDX-License-Identifier: MIT */
/* What a doctor writes down: facts and findings, in the call's arena. An error is kept and comes
 * out of note_end, so that who looks need not ask each time. */
#ifndef CORE_DOCTOR_NOTE_H
#define CORE_DOCTOR_NOTE_H

#include "core/call.h"

struct note {
	struct call *c;
	struct doctor_finding *findings;
	const char **facts;
	size_t nfindings, findings_cap, nfacts, facts_cap;
	int failed; /* 0 or TIX_E..., with c->err filled */
};

/* Texts come from arena_printf: NULL is taken as no memory, but for hint, where it means none. */
void note_fact(struct note *n, const char *text);
void note_found(
    struct note *n, int severity, const char *subject, const char *what, const char *hint);

/* The same, for what the sums of the quotas say too. */
void note_stock(
    struct note *n, int severity, const char *subject, const char *what, const char *hint);

/* Fills what was found into out, the worst first; ok is set when there is nothing worse than a note. */
int note_end(struct note *n, struct doctor *out);

/* A time as messages show it, in the arena. */
const char *note_time(struct note *n, int64_t at);

#endif
