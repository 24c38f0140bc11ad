/* SPDX-License-Identifier: MIT */
/* What one does to a job: a sheet that says what it comes to, and the call once it is confirmed. */
#ifndef TUI_JOB_ACT_H
#define TUI_JOB_ACT_H

#include "tui/app.h"

struct job_way;

struct job_act {
	struct app *app;
	const struct job_way *way; /* NULL: no sheet is open */
	char job[32];
	char key[40];  /* of the call, the same for each try */
	char wrong[256]; /* why it did not work; "": nothing was wrong yet */
	bool asked;
};

/* Opens the sheet of a key for a job (a row of job.list), or says why there is none. */
void job_act_open(struct app *app, struct job_act *a, enum act act, const json_t *job);

/* Confirmed: calls. */
void job_act_go(struct job_act *a);

/* Closes the sheet; true: there was one. What was asked for already is still done. */
bool job_act_close(struct job_act *a);

/* Nothing is answered to it any more. */
void job_act_done(struct job_act *a);

/* The sheet; job: as it is now, NULL: unknown. */
void job_act_build(const struct job_act *a, struct model *m, const json_t *job);

#endif
