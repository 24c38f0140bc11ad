/* SPDX-License-Identifier: MIT */
/* The table of uids that are connected, and their principals. It never asks for anything but the
 * uid: a pid can be taken over by another process, so nothing is decided by one. */
#include "daemon/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rpc/rpc.h"

struct peers {
	struct peer *list;
	const struct conf *conf;
	int conns;
};

struct peers *peers_new(const struct conf *conf)
{
	struct peers *p = calloc(1, sizeof(*p));

	if (p)
		p->conf = conf;
	return p;
}

void peers_free(struct peers *p)
{
	struct peer *next;

	if (!p)
		return;
	for (struct peer *x = p->list; x; x = next) {
		next = x->next;
		free(x);
	}
	free(p);
}

static const struct conf_peer *find_row(const struct conf *conf, uint32_t uid)
{
	for (int i = 0; i < conf->n_peers; i++) {
		if (conf->peers[i].uid == uid)
			return &conf->peers[i];
	}
	return NULL;
}

static int principal_of(const struct conf *conf, uint32_t uid, struct principal *ret)
{
	const struct conf_peer *row = find_row(conf, uid);

	if (uid == (uint32_t)geteuid()) {
		*ret = (struct principal){.name = "owner", .roles = RPC_ROLE_owner | RPC_ROLE_ops};
	} else if (row) {
		*ret = (struct principal){.roles = rpc_role_find(row->role, strlen(row->role))};
		snprintf(ret->name, sizeof(ret->name), "%s.%u", row->role, uid);
		snprintf(ret->organizer, sizeof(ret->organizer), "%s", row->organizer);
		snprintf(ret->event, sizeof(ret->event), "%s", row->event);
	} else {
		return TIX_ENOT_PERMITTED;
	}
	ret->id = (int64_t)uid + 1;
	ret->uid = uid;
	return 0;
}

static struct peer *find(const struct peers *p, uint32_t uid)
{
	for (struct peer *x = p->list; x; x = x->next) {
		if (x->who.uid == uid && !x->stale)
			return x;
	}
	return NULL;
}

static int too_many(const struct peers *p, const struct peer *x, uint32_t uid, struct err *err)
{
	bool own = uid == (uint32_t)geteuid();
	int most = (int)p->conf->max_connections - (own ? 0 : PEER_RESERVE);

	if (p->conns >= most)
		return err_set(err, TIX_ELIMIT, NULL,
		    "the daemon has %d connections and takes no more", p->conns);
	if (!own && x && x->conns >= p->conf->connections_per_user)
		return err_set(err, TIX_ELIMIT, NULL,
		    "user %u has %d connections and may have no more", uid, x->conns);
	return 0;
}

int peer_enter(struct peers *p, uint32_t uid, struct peer **ret, struct err *err)
{
	struct peer *x = find(p, uid);
	struct principal who;
	int rc;

	if (!x && principal_of(p->conf, uid, &who) < 0) {
		err_set(err, TIX_ENOT_PERMITTED, NULL, "user %u is unknown here", uid);
		err_hint(err, "the operator can name it under [peers] in tix.conf");
		return TIX_ENOT_PERMITTED;
	}
	rc = too_many(p, x, uid, err);
	if (rc < 0)
		return rc;
	if (!x) {
		x = calloc(1, sizeof(*x));
		if (!x)
			return err_set(err, TIX_EUNAVAILABLE, NULL, "no memory");
		x->who = who;
		x->next = p->list;
		p->list = x;
	}
	x->conns++;
	p->conns++;
	*ret = x;
	return 0;
}

void peer_leave(struct peers *p, struct peer *peer)
{
	struct peer **at = &p->list;

	p->conns--;
	if (--peer->conns > 0)
		return;
	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	free(peer);
}

void peers_reload(struct peers *p, const struct conf *conf)
{
	struct principal who;

	p->conf = conf;
	for (struct peer *x = p->list; x; x = x->next) {
		if (principal_of(conf, x->who.uid, &who) < 0 || who.roles != x->who.roles ||
		    strcmp(who.organizer, x->who.organizer) != 0 ||
		    strcmp(who.event, x->who.event) != 0)
			x->stale = true;
	}
}

int peer_role_names(const struct principal *who, const char **ret_names)
{
	int n = 0;

	for (unsigned i = 0; i < RPC_ROLE_COUNT; i++) {
		if (who->roles & (1u << i))
			ret_names[n++] = rpc_roles[i].name;
	}
	return n;
}
