/* SPDX-License-Identifier: MIT */
/* Pause, resume, stop, retry. The key that opens a sheet never confirms it. */
#include "tui/job_act.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/mem.h"
#include "rpc/rpc.h"
#include "tui/words.h"

struct job_way {
	enum act act;
	const char *states; /* of jobs that it is for, blanks around each */
	int method;	    /* enum rpc_id */
	const char *title, *does, *verb, *did;
};

static const struct job_way ways[] = {
    {ACT_pause, " running ", RPC_job_pause, "PAUSE",
	"it waits, also over a restart, until it is resumed", "pauses it", "paused"},
    {ACT_pause, " paused ", RPC_job_resume, "RESUME", "it goes on where it stopped", "resumes it",
	"goes on"},
    {ACT_stop, " running paused ", RPC_job_stop, "STOP",
	"it is given up: what is done stays done, the rest is not tried", "stops it", "stopped"},
    {ACT_retry, " done failed stopped ", RPC_job_retry, "RETRY",
	"what failed is tried again, then what was never tried", "tries again", "goes on"},
};

static const struct job_way *way_of(enum act act, const char *state)
{
	char word[24];

	snprintf(word, sizeof(word), " %.20s ", state);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (ways[i].act == act && strstr(ways[i].states, word))
			return &ways[i];
	}
	return NULL;
}

void job_act_open(struct app *app, struct job_act *a, enum act act, const json_t *job)
{
	const char *name = get_text(job, "job"), *state = get_text(job, "state");
	const struct job_way *way = way_of(act, state);
	uint8_t uuid[16];

	if (!way) {
		app_say(app, M_PLAIN, "%s is %s: nothing to %s", name, state, act_info[act].word);
		return;
	}
	job_act_done(a);
	*a = (struct job_act){.app = app, .way = way};
	snprintf(a->job, sizeof(a->job), "%s", name);
	uuid7_make(clock_system(), rng_system(), uuid);
	uuid_format(uuid, a->key);
}

static void answered(void *ctx, const json_t *result, const struct err *e)
{
	struct job_act *a = ctx;

	a->asked = false;
	if (result) {
		app_say(a->app, M_GOOD, "%s %s", a->job, a->way ? a->way->did : "");
		a->way = NULL;
	} else if (e->code == TIX_ENO_DAEMON) {
		snprintf(a->wrong, sizeof(a->wrong), "the daemon went away: it may be done, and asking again does it once");
	} else {
		snprintf(a->wrong, sizeof(a->wrong), "%s: %.200s", err_info(e->code)->name, e->message);
	}
	if (a->wrong[0])
		app_say(a->app, M_BAD, "%s", a->wrong);
	a->app->repaint |= REPAINT_ALL;
}

void job_act_go(struct job_act *a)
{
	struct err e = {0};

	if (!a->way || a->asked)
		return;
	a->wrong[0] = '\0';
	a->asked = true;
	if (link_call(&a->app->link, rpc_methods[a->way->method].name,
		json_pack("{s:s, s:s}", "job", a->job, "idempotency_key", a->key), answered, a, &e) == 0)
		return;
	a->asked = false;
	snprintf(a->wrong, sizeof(a->wrong), "nothing was asked: %.200s", e.message);
	app_say(a->app, M_BAD, "%s", a->wrong);
}

bool job_act_close(struct job_act *a)
{
	bool was = a->way != NULL;

	if (was && a->asked)
		return was; /* the answer closes it */
	a->way = NULL;
	return was;
}

void job_act_done(struct job_act *a)
{
	if (a->app)
		link_forget(&a->app->link, a);
	*a = (struct job_act){0};
}

void job_act_build(const struct job_act *a, struct model *m, const json_t *job)
{
	int64_t total = get_int(job, "total"), done = get_int(job, "done");
	int64_t tried = done + get_int(job, "failed") + get_int(job, "skipped");
	char title[64], one[WORDS_MAX], two[WORDS_MAX];
	struct m_section *s;

	if (!a->way)
		return;
	snprintf(title, sizeof(title), "-- %s %s", a->way->title, a->job);
	s = model_add(m, M_LINES, "sheet", title);
	s->keep = M_KEEP_FIRST;
	s->rows_min = 4;
	model_pair(m, s, "what", M_PLAIN, "%s of %s", get_text(job, "kind"),
	    *get_text(job, "event") ? get_text(job, "event") : "all events");
	model_pair(m, s, "so far", M_PLAIN, "%s of %s done, %lld failed, %s to go", words_count(done, one),
	    words_count(total, two), (long long)get_int(job, "failed"),
	    total > tried ? "more" : "nothing");
	model_pair(m, s, "then", M_TITLE, "%s", a->way->does);
	if (a->asked)
		model_pair(m, s, "", M_DIM, "asked, not yet answered");
	else
		model_pair(m, s, "", a->wrong[0] ? M_BAD : M_PLAIN, "%s%sEnter %s, Esc leaves it", a->wrong,
		    a->wrong[0] ? "; " : "", a->way->verb);
}
