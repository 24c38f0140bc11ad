/* SPDX-License-Identifier: MIT */
/* Questions before a change. What is at stake is the daemon's to say: it is what a dry run found.
 */
#include "cli/confirm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/call.h"
#include "cli/out.h"
#include "cli/print.h"

/* What the call would do, for a person to judge: its own reply under dry_run. */
static int show_plan(
    struct cli *c, const struct rpc_method *m, const json_t *params, json_t **ret, struct err *e)
{
	AUTO(json) json_t *trial = json_deep_copy(params);
	struct buf kept = c->out;
	int r;

	json_object_set_new(trial, "dry_run", json_true());
	r = call(c, m, trial, ret, e);
	if (r < 0)
		return r;
	buf_init(&c->out, 0);
	print_sentence(c, m, *ret);
	fputs(buf_str(&c->out), stderr);
	buf_done(&c->out);
	c->out = kept;
	return 0;
}

/* What is dangerous is confirmed by typing what is at stake, money by typing the amount, the rest
 * by y. */
static bool agreed(const struct rpc_method *m, const json_t *plan)
{
	const char *stake = json_string_value(json_object_get(plan, "confirm"));
	AUTO(buf) struct buf want = {0};
	char answer[256];

	buf_init(&want, 0);
	if (m->id == RPC_refund_create)
		value_money(&want, json_object_get(plan, "amount"), false);
	if (stake)
		out_safe(&want, stake);
	if (stake)
		fprintf(stderr, "type %s to go on: ", buf_str(&want));
	else
		fputs(want.len ? "type the amount to refund: " : "go on? [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	answer[strcspn(answer, "\r\n")] = '\0';
	if (want.len)
		return strcmp(answer, buf_str(&want)) == 0;
	return answer[0] == 'y' || answer[0] == 'Y';
}

/* Nobody can be asked: says what is at stake, as it is found now. */
static int refuse(struct cli *c, const struct rpc_method *m, const json_t *params, struct err *e)
{
	AUTO(json) json_t *plan = NULL;
	AUTO(json) json_t *trial = json_deep_copy(params);
	const char *stake = NULL, *word = NULL;

	if (m->flags & RPC_DANGER) {
		int r;

		json_object_set_new(trial, "dry_run", json_true());
		r = call(c, m, trial, &plan, e);
		if (r < 0)
			return r;
		stake = json_string_value(json_object_get(plan, "stake"));
		word = json_string_value(json_object_get(plan, "confirm"));
	}
	err_set(e, TIX_EUNCONFIRMED, NULL,
	    stake ? "%s, stdin is no terminal" : "%s was not confirmed", stake ? stake : m->name);
	err_hint(e, "--dry-run first, then --yes%s%s", word ? " --confirm " : "", word ? word : "");
	return TIX_EUNCONFIRMED;
}

/* UX: CONFIRM and DANGER ask a person, with the sums before the question, and refuse without one
 * unless --yes. Enter alone is no. */
int confirm(struct cli *c, const struct rpc_method *m, json_t *params, struct err *e)
{
	AUTO(json) json_t *plan = NULL;
	json_t *word;
	int r;

	if (!(m->flags & (RPC_CONFIRM | RPC_DANGER)) || c->yes || c->dry_run)
		return 0;
	if (!c->err_tty || !isatty(STDIN_FILENO))
		return refuse(c, m, params, e);
	r = show_plan(c, m, params, &plan, e);
	if (r < 0)
		return r;
	if (!agreed(m, plan)) {
		err_set(e, TIX_EUNCONFIRMED, NULL, "%s was not confirmed", m->name);
		return TIX_EUNCONFIRMED;
	}
	word = json_object_get(plan, "confirm");
	if (m->flags & RPC_DANGER && json_is_string(word))
		json_object_set(params, "confirm", word);
	return 0;
}
