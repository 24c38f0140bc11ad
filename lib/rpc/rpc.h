/* SPDX-License-Identifier: MIT */
/* The contract: one constant table of all methods, made from lib/rpc/methods/all.def. Dispatch, validation, permissions, the
 * CLI, describe and the man pages read it. This module describes; it never parses and never runs anything. */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include <stdint.h>

#include "base/err.h"
#include "model/shape.h"

#define RPC_API 1

enum rpc_flag {
	RPC_READ = 1,     /* changes nothing; runs on a reader */
	RPC_MUTATES = 2,  /* changes the store; runs in a batch of the writer; IN begins as struct mut_in */
	RPC_STREAM = 4,   /* opens a stream of notifications */
	RPC_JOB = 8,      /* starts a job */
	RPC_CONFIRM = 16, /* clients ask before they call */
	RPC_DANGER = 32,  /* clients ask for the value to be typed; IN has confirm */
	RPC_LOOP = 64,    /* answered by the loop thread itself, without the store */
	RPC_PAGE = 128,   /* IN has limit and cursor, OUT is {items, next} */
	RPC_TEST = 256,   /* exists only when the daemon runs with --test-clock */
};

enum rpc_role_bit {
#define ROLE(id, doc) RPC_ROLE_IX_##id,
#include "rpc/roles.def"
#undef ROLE
	RPC_ROLE_COUNT
};

enum rpc_role {
#define ROLE(id, doc) RPC_ROLE_##id = 1 << RPC_ROLE_IX_##id,
#include "rpc/roles.def"
#undef ROLE
	RPC_ROLE_ALL = (1 << RPC_ROLE_COUNT) - 1
};

enum rpc_perm {
#define PERM(id, name, roles, doc) RPC_PERM_##id,
#include "rpc/perms.def"
#undef PERM
	RPC_PERM_COUNT
};

enum rpc_id {
#define METHOD(id, name, perm, flags, since, in, out, reload, doc, errors) RPC_##id,
#include "rpc/methods/all.def"
#undef METHOD
	RPC_COUNT
};

struct rpc_method {
	const char *name; /* on the wire: noun.verb */
	const char *doc;
	const struct shape *in;
	const struct shape *out;
	uint64_t errors; /* bit -code of each of its own errors */
	enum rpc_id id;
	enum rpc_perm perm;
	uint16_t flags;
	uint16_t since;
};

struct rpc_perm_info {
	const char *name;
	const char *doc;
	unsigned roles; /* enum rpc_role bits */
};

struct rpc_role_info {
	const char *name;
	const char *doc;
};

extern const struct rpc_method rpc_methods[RPC_COUNT];
extern const struct rpc_perm_info rpc_perms[RPC_PERM_COUNT];
extern const struct rpc_role_info rpc_roles[RPC_ROLE_COUNT];

/* The method of a wire name, NULL when there is none. */
const struct rpc_method *rpc_find(const char *name, size_t len);

/* A method is NOUN.VERB: how long its noun is, and whether it is this one. */
size_t rpc_noun_len(const struct rpc_method *m);
bool rpc_of_noun(const struct rpc_method *m, const char *noun);

/* The role bit of a name, 0 when it is none. */
unsigned rpc_role_find(const char *name, size_t len);

/* Whether the role of a peer, or of each, exists: TIX_ECONFIG with the file's name and line. */
struct conf;
struct conf_peer;
struct err;
int rpc_check_peer(const char *name, const struct conf_peer *p, struct err *err);
int rpc_check_peers(const char *name, const struct conf *conf, struct err *err);

/* True when any of the roles (bits) may call the method. */
bool rpc_may(const struct rpc_method *m, unsigned roles);

/* All errors that it may give (bits as in errors): its own and those of any method of its kind. */
uint64_t rpc_errors(const struct rpc_method *m);

/* What rpc.describe and the manual call a field_type, e.g. "integer". */
const char *rpc_type_name(unsigned type);

/* 16 hex digits over names, types, flags and bounds of the whole table: differs when the contract does. */
const char *rpc_digest(char out[17]);

#endif
