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
#include "cli/sentence.h"

/* What the call would do, for a person to judge: its own reply under dry_run. */
static int show_plan(
    struct cli *c, const struct rpc_method *m, const json_t *params, json_t **ret, struct err *e)
{
	AUTO(json) json_t *trial = json_deep_copy(params);
	struct buf kept = c->out;
	int r;

	json_object_set_new(trial, "dry_run", json_true());
	r = call(c, m, trial, ret, e);
	if (r < 0 || json_is_true(json_object_get(*ret, "replayed")))
		return r;
	buf_init(&c->out, 0);
	if (sums_has(m))
		sums_put(c, m, *ret);
	else
		print_sentence(c, m, *ret);
	fputs(buf_str(&c->out), stderr);
	buf_done(&c->out);
	c->out = kept;
	return 0;
}

/* Whether agreeing moves money: then its amount is typed. */
static bool moves_money(const struct rpc_method *m)
{
	return m->id == RPC_refund_create || m->id == RPC_refund_confirm;
}

/* Reads an answer. False at the end of the input, where the line is left for what is said next. */
static bool ask(const char *question, char *answer, size_t size)
{
	fputs(question, stderr);
	fflush(stderr);
	if (!fgets(answer, (int)size, stdin)) {
		fputc('\n', stderr);
		return false;
	}
	answer[strcspn(answer, "\r\n")] = '\0';
	return true;
}

/* What is dangerous is confirmed by typing what is at stake, money by typing the amount, the rest
 * by y. Nothing is confirmed by Enter alone. */
static bool agreed(const struct rpc_method *m, const json_t *plan)
{
	const char *stake = json_string_value(json_object_get(plan, "confirm"));
	AUTO(buf) struct buf want = {0};
	AUTO(buf) struct buf question = {0};
	char answer[256];

	if (stake) {
		buf_puts(&want, stake);
		buf_puts(&question, "type ");
		out_safe(&question, stake);
		buf_puts(&question, " to go on: ");
	} else if (moves_money(m)) {
		value_money(&want, json_object_get(plan, "amount"), false);
		buf_printf(&question, "type the amount %s: ",
		    m->id == RPC_refund_create ? "to refund" : "that was paid out");
	} else {
		buf_puts(&question, "go on? [y/N] ");
	}
	if (!ask(buf_str(&question), answer, sizeof(answer)))
		return false;
	if (want.len > 0)
		return strcmp(answer, buf_str(&want)) == 0;
	return strcmp(answer, "y") == 0 || strcmp(answer, "Y") == 0 || strcmp(answer, "yes") == 0;
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

/* CONFIRM and DANGER ask a person, with the sums before the question, and refuse without one unless
 * --yes. What was done before under this key is shown again, not asked again. */
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
	if (r < 0 || json_is_true(json_object_get(plan, "replayed")))
		return r;
	if (!agreed(m, plan)) {
		err_set(e, TIX_EUNCONFIRMED, NULL, "%s was not confirmed: nothing was done", m->name);
		return TIX_EUNCONFIRMED;
	}
	c->asked = true;
	word = json_object_get(plan, "confirm");
	if (m->flags & RPC_DANGER && json_is_string(word))
		json_object_set(params, "confirm", word);
	return 0;
}
