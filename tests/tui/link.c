/* SPDX-License-Identifier: MIT */
/* The connection of the dashboard: what its callbacks may do while it is lost. */
#include "tui/link.c"

#include "tests/tap.h"

struct asker {
	struct link *l;
	const struct asker *forgets;
	int answered;
};

static void changed(void *ctx)
{
	*(int *)ctx += 1;
}

static void digest(void *ctx, const json_t *counts)
{
	(void)ctx;
	(void)counts;
}

static const struct link_ops ops = {changed, digest};

static void answer(void *ctx, const json_t *result, const struct err *e)
{
	struct asker *a = ctx;

	a->answered += !result && e->code == TIX_ENO_DAEMON;
	if (a->forgets)
		link_forget(a->l, a->forgets);
}

static void waits(struct link *l, struct asker *a)
{
	struct link_call *k = calloc(1, sizeof(*k));

	a->l = l;
	if (!k)
		return;
	*k = (struct link_call){.next = l->calls, .answer = answer, .ctx = a};
	l->calls = k;
}

static void the_forgotten_are_not_told(void)
{
	struct asker last = {0}, dropped = {0}, first = {.forgets = &dropped};
	struct link l;
	struct err e;
	int changes = 0;

	link_init(&l, "/nonexistent", NULL, &ops, &changes);
	waits(&l, &last);
	waits(&l, &dropped);
	waits(&l, &first);
	err_set(&e, TIX_ENO_DAEMON, NULL, "gone");
	drop(&l, &e);
	ok(first.answered == 1 && last.answered == 1, "all that wait are told that it is lost");
	ok(dropped.answered == 0, "but for one that was forgotten meanwhile");
	ok(!l.calls && l.state == LINK_DOWN && changes == 1, "then nothing is waited for");
	link_done(&l);
}

int main(void)
{
	the_forgotten_are_not_told();
	return done_testing();
}
