/* SPDX-License-Identifier: MIT */
/* The method table as constant arrays, and look-ups in it. */
#include "rpc/rpc.h"

#include <string.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/near.h"

#define E(id) (UINT64_C(1) << -(TIX_E##id))
#define METHOD(id_, name_, perm_, flags_, since_, in_, out_, reload_, doc_, errors_)               \
	[RPC_##id_] = { .name = name_, .doc = doc_, .in = &shape_##in_, .out = &shape_##out_,      \
	    .errors = errors_, .id = RPC_##id_, .perm = RPC_PERM_##perm_, .flags = flags_,         \
	    .since = since_ },
const struct rpc_method rpc_methods[RPC_COUNT] = {
#include "rpc/methods/all.def"
};
#undef METHOD
#undef E

#define R(role) RPC_ROLE_##role
#define R_ALL RPC_ROLE_ALL
#define PERM(id, name_, roles_, doc_) [RPC_PERM_##id] = { name_, doc_, roles_ },
const struct rpc_perm_info rpc_perms[RPC_PERM_COUNT] = {
#include "rpc/perms.def"
};
#undef PERM

#define ROLE(id, doc_) [RPC_ROLE_IX_##id] = { #id, doc_ },
const struct rpc_role_info rpc_roles[RPC_ROLE_COUNT] = {
#include "rpc/roles.def"
};
#undef ROLE

const struct rpc_method *rpc_find(const char *name, size_t len)
{
	for (int i = 0; i < RPC_COUNT; i++) {
		if (strlen(rpc_methods[i].name) == len && memcmp(rpc_methods[i].name, name, len) == 0)
			return &rpc_methods[i];
	}
	return NULL;
}

size_t rpc_noun_len(const struct rpc_method *m)
{
	return strcspn(m->name, ".");
}

bool rpc_of_noun(const struct rpc_method *m, const char *noun)
{
	size_t len = rpc_noun_len(m);

	return strlen(noun) == len && memcmp(m->name, noun, len) == 0;
}

unsigned rpc_role_find(const char *name, size_t len)
{
	for (unsigned i = 0; i < RPC_ROLE_COUNT; i++) {
		if (strlen(rpc_roles[i].name) == len && memcmp(rpc_roles[i].name, name, len) == 0)
			return 1u << i;
	}
	return 0;
}

int rpc_check_peer(const char *name, const struct conf_peer *p, struct err *err)
{
	const char *names[RPC_ROLE_COUNT];
	const char *near;

	if (rpc_role_find(p->role, strlen(p->role)))
		return 0;
	for (int i = 0; i < RPC_ROLE_COUNT; i++)
		names[i] = rpc_roles[i].name;
	near = near_name(p->role, strlen(p->role), names, RPC_ROLE_COUNT);
	err_set(err, TIX_ECONFIG, "peers", "%s:%d: there is no role %s", name, p->line, p->role);
	if (near)
		err_hint(err, "did you mean %s?", near);
	else
		err_hint(err, "man tix.conf lists the roles");
	return TIX_ECONFIG;
}

int rpc_check_peers(const char *name, const struct conf *conf, struct err *err)
{
	for (int i = 0; i < conf->n_peers; i++) {
		int r = rpc_check_peer(name, &conf->peers[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

bool rpc_may(const struct rpc_method *m, unsigned roles)
{
	return (rpc_perms[m->perm].roles & roles) != 0;
}
