/* SPDX-License-Identifier: MIT */
/* Going to the journal from another view. */
#ifndef TUI_VIEW_JOURNAL_H
#define TUI_VIEW_JOURNAL_H

#include "tui/app.h"

/* Shows the newest records that have these words, as the journal's filter takes them. */
void journal_show(struct app *app, const char *words);

#endif
