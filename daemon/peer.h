/* SPDX-License-Identifier: MIT */
/* Who is at the other end: the kernel's word for a uid becomes a principal by the configuration,
 * and the number of connections is bounded per uid. Loop thread only. */
#ifndef DAEMON_PEER_H
#define DAEMON_PEER_H

#include "core/call.h"
#include "base/conf.h"

#define PEER_RESERVE 64 /* connections that only the daemon's own uid may take */

struct peers;

/* One uid with its connections. The principal is constant for as long as a connection has it. */
struct peer {
	struct principal who;
	struct peer *next;
	int conns;
	bool stale; /* the configuration has changed: its connections end */
};

struct peers *peers_new(const struct conf *conf);
void peers_free(struct peers *p);

/* Takes a connection's place; not_permitted for a uid that nobody named, limit when there are too
 * many. */
int peer_enter(struct peers *p, uint32_t uid, struct peer **ret, struct err *err);
void peer_leave(struct peers *p, struct peer *peer);

/* Compares with a new configuration; what a changed uid has is stale from then on. */
void peers_reload(struct peers *p, const struct conf *conf);

/* The roles of a principal in words, for hello; returns how many, at most RPC_ROLE_COUNT. */
int peer_role_names(const struct principal *who, const char **ret_names);

#endif
