/* SPDX-License-Identifier: MIT */
/* Places in the journal under a name. Records are counted, not clocks read: nothing is missed and nothing comes twice
 * where many things have one time or a clock is set. */
#include "cli/bookmark.h"

#include <string.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/value.h"

bool bookmark_is(const char *since)
{
	return since && since[0] == '@';
}

/* Where it stands; a name that was never used stands before the first record. */
static int look_up(struct cli *c, const char *name, int64_t *ret, struct err *e)
{
	AUTO(json) json_t *params = json_pack("{s:s}", "name", name);
	AUTO(json) json_t *result = NULL;
	int r = call(c, &rpc_methods[RPC_bookmark_show], params, &result, e);

	*ret = json_integer_value(json_object_get(result, "record"));
	if (r == TIX_ENOT_FOUND) {
		err_clear(e);
		r = 0;
	}
	if (r == TIX_EBAD_VALUE || r == TIX_EMISSING) {
		err_set(e, TIX_EBAD_VALUE, NULL, "--since \"@%.60s\": a bookmark is called a-z, 0-9 and -, at most 60",
		    name);
		err_hint(e, "--since @night-export");
	}
	return r;
}

int bookmark_open(struct cli *c, const char *since, struct err *e)
{
	AUTO(json) json_t *none = json_object();
	AUTO(json) json_t *status = NULL;
	int r = look_up(c, since + 1, &c->mark.from, e);

	if (r == 0)
		r = call(c, &rpc_methods[RPC_system_status], none, &status, e);
	if (r < 0)
		return r;
	c->mark.name = since + 1;
	c->mark.upto = json_integer_value(json_object_get(status, "seq"));
	return 0;
}

int bookmark_list(struct cli *c, const struct rpc_method *m, const struct args *a, json_t **ret_bounds, struct err *e)
{
	struct given *since = NULL;
	const char *from = value_field(m->in, "after", 5) ? "after" : "since";
	int r;

	for (size_t i = 0; i < a->ngiven; i++) {
		if (a->given[i].field && strcmp(a->given[i].field->name, "since") == 0 && bookmark_is(a->given[i].value))
			since = &a->given[i];
	}
	if (!since)
		return 0;
	if (!value_field(m->in, "upto", 4)) {
		err_set(e, TIX_EBAD_VALUE, "since", "--since of %s is a time, it cannot go on from a bookmark", m->name);
		err_hint(e, "tix journal list --since %s", since->value);
		return TIX_EBAD_VALUE;
	}
	if (c->limit)
		return err_set(e, TIX_EBAD_VALUE, "since", "--limit would leave out what --since @NAME then passes over");
	r = bookmark_open(c, since->value, e);
	*since = (struct given){.value = since->value};
	if (r == 0)
		*ret_bounds = json_pack("{s:I,s:I}", from, (json_int_t)c->mark.from, "upto", (json_int_t)c->mark.upto);
	return r;
}

int bookmark_close(struct cli *c, int status, struct err *e)
{
	AUTO(json) json_t *params = NULL;
	AUTO(json) json_t *result = NULL;

	if (!c->mark.name || c->dry_run || c->out_failed || (status != 0 && status != 1) ||
	    c->mark.upto <= c->mark.from)
		return 0;
	c->key = NULL; /* it was for another call */
	params = json_pack("{s:s,s:I,s:I}", "name", c->mark.name, "seq", (json_int_t)c->mark.upto, "was",
	    (json_int_t)c->mark.from);
	return call(c, &rpc_methods[RPC_bookmark_set], params, &result, e);
}
