/* SPDX-License-Identifier: MIT */
/* The connection to the daemon for a program that never waits: calls are answered by callbacks,
 * the journal is followed in digests, and a daemon that goes away is looked for until it is back and
 * followed on from the last record. It knows no view and no screen. */
#ifndef TUI_LINK_H
#define TUI_LINK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum link_state {
	LINK_DOWN,     /* nobody there; it tries again by itself */
	LINK_GREETING, /* connected, not yet following */
	LINK_LIVE,     /* follows the journal */
	LINK_STILL,    /* connected, but may not read the journal: nothing tells of changes */
};

struct link_ops {
	void (*changed)(void *ctx); /* the state */
	void (*digest)(void *ctx, const json_t *counts);
};

struct link {
	enum link_state state;
	int64_t seq;	   /* of the journal, as far as it was seen; -1: not at all */
	int64_t lost_at;   /* by clock_mono */
	int64_t offset_us; /* the daemon's clock less ours */
	unsigned roles;	   /* enum rpc_role */
	bool resumed;	   /* this connection goes on where the last one broke off */
	char principal[64];
	char selling[16]; /* selling, stopped, draining */
	struct err err; /* why it is down, or still */

	const struct link_ops *ops;
	void *ctx;
	const char *path, *tz;
	struct rpc_client *client;
	struct link_call *calls;
	int64_t retry_at, pause_us;
};

/* result is borrowed; NULL when e says what went wrong. */
typedef void link_answer(void *ctx, const json_t *result, const struct err *e);

/* path and tz live longer than the link. Nothing happens before link_turn. */
void link_init(struct link *l, const char *path, const char *tz, const struct link_ops *ops, void *ctx);
void link_done(struct link *l);

/* Calls are answered: it was greeted, and asked for the journal. */
bool link_up(const struct link *l);

/* What poll shall look at; -1: nothing. */
int link_fd(const struct link *l);

/* Does what can be done without waiting. Returns when it wants to be called again at the latest (by
 * clock_mono), INT64_MAX: when the socket has something. */
int64_t link_turn(struct link *l, int64_t now);

/* A call; params are taken over (NULL: none). The answer comes in a later link_turn, also when it is
 * that the connection is lost. TIX_ENO_DAEMON at once while there is none. */
int link_call(struct link *l, const char *method, json_t *params, link_answer *answer, void *ctx,
    struct err *e);

/* Nothing more is answered to ctx. */
void link_forget(struct link *l, const void *ctx);

#endif
