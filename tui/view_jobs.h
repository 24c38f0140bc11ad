/* SPDX-License-Identifier: MIT */
/* Going to a job from another view. */
#ifndef TUI_VIEW_JOBS_H
#define TUI_VIEW_JOBS_H

#include "tui/app.h"

/* Shows the view of jobs with this one chosen, its failed items open. */
void jobs_show(struct app *app, const char *job);

#endif
