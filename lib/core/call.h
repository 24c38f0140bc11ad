/* SPDX-License-Identifier: MIT */
/* A call on its way through core: who asks, when, with what, and where what it makes is kept. A core function
 * int noun_verb(struct call *, const struct IN *, struct OUT *) runs inside a transaction that the frame began and will
 * commit; it checks everything first, then writes, and has no outside effect. Strings and arrays that it puts into
 * OUT live in the call's arena. */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"
#include "model/shape.h"
#include "store/db.h"

struct buf; struct zone; struct writer; /* the writer's state: ids, journal head, caches; NULL on a reader */

/* Who acts. Empty organizer: all organizers; empty event: all events of it. Immutable after start. */
struct principal {
	int64_t id;    /* part of the idempotency key: the uid + 1 */
	char name[64]; /* as the journal shows it, e.g. owner, support.1001 */
	unsigned roles;
	char organizer[101];
	char event[101];
	uint32_t uid;
};

/* What the whole process shares and nobody changes after start. */
struct core {
	const struct clock *clock;
	struct idkeys keys;
	char store_url[512];
	int64_t hold_default, bank_deadline, idem_keep; /* microseconds */
	int64_t hold_max;                               /* microseconds, 0: no bound */
	int (*encode)(const struct shape *s, const void *record, struct buf *out); /* a record, as JSON */
	int (*decode)(const struct shape *s, const char *json, struct arena *a, void *ret, struct err *e); /* a record */
	_Atomic int64_t step; /* the writer tells: the clock of deadlines less the wall clock */
};

struct call;

/* What the frame needs to know of a method: core does not see the method table. */
struct call_op {
	const char *name;
	int (*run)(struct call *c, const void *in, void *out);
	int (*reload)(struct call *c, int64_t subject, void *out); /* NULL: nothing to reload */
	size_t out_size;
	unsigned ix; /* number of the method */
	bool mutates;
};

struct call {
	const struct core *core;
	struct db *db;
	struct writer *writer;
	struct arena *arena;
	const struct principal *who;
	const struct zone *zone; /* the caller's, NULL: UTC */
	const struct call_op *op;
	const void *in;
	void *out;
	struct err err;
	const char *request; /* request id, for log and journal */
	int64_t now;         /* the call's clock, UTC microseconds; set by the frame, the same for a whole batch */
	int64_t due;         /* in a mutating call: the clock of deadlines, as now but deaf to steps of the wall clock */
	uint8_t params[16];  /* hash of method and parameters without key, dry_run and reason; set before the frame runs */
	int64_t subject;     /* set by the core function: internal id that reload takes */
	bool unchanged;      /* set by the core function that found nothing to change */
	struct shape_list odd; /* of struct odd_time: local times that were ambiguous, from call_when */
	int64_t seq;         /* set by journal_append: number of its last record */
	int result;          /* 0 or TIX_E..., set by the frame */
};

/* The event a call names, as far as rules need it. */
struct event_ref {
	int64_t id, organizer;
	int status; /* enum event_status */
	int64_t start, end, doors;
	char slug[101];
	char zone[65];
	char currency[4];
};

/* Finds an event by its slug, or a former one: ret has the present; not_found also when it is not the principal's. */
int call_event(struct call *c, const char *slug, struct event_ref *ret);

/* The time grammar with the event's zone (no event: the caller's) and the call's clock. text NULL gives TIME_NONE. */
int call_when(struct call *c, const struct event_ref *event, const char *text, bool end_of_day,
    const char *field, int64_t *ret);

/* Largest amount of one thing, in minor units: sums of 9,000 of them can still be counted. */
#define CALL_MONEY_MAX INT64_C(1000000000000000)

/* Money in the given currency from what came in. */
int call_money(struct call *c, const struct money_in *in, const char *currency, const char *field,
    struct money *ret);

/* Ends a look-up that found nothing: sets not_found with the field and returns it. */
int call_not_found(struct call *c, const char *field, const char *kind, const char *name);

/* Refuses a dangerous call unless given is what was found now; a dry run needs none. what says what
 * is at stake. */
int call_confirm(struct call *c, const char *given, const char *want, const char *what);

/* A change of state as the table of states must have it. */
struct state_step {
	const char *subject; /* whose state it is, for people */
	const char *field;   /* of the call that names it */
	int from, to;
	const char *method;
};

/* 0, or wrong_state naming both states: the one that is, and the one that the method would make, or those
 * that it wants where it makes no other. */
int call_state(struct call *c, const struct enum_set *machine, const struct state_step *step);

#endif
