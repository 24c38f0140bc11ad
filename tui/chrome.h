/* SPDX-License-Identifier: MIT */
/* The screen around a view, and the model of the view that is shown. */
#ifndef TUI_CHROME_H
#define TUI_CHROME_H

#include "tui/app.h"

/* Makes the model anew, filtered, with its cursors on their rows. */
void app_build(struct app *app);

/* Draws those parts of the screen (enum repaint) into the grid. */
void app_compose(struct app *app, unsigned parts);

/* Line 1. */
void app_head(const struct app *app, char *out, size_t size);

/* The section that the cursor is in; NULL: nothing can be chosen. */
struct m_section *app_focus(struct app *app);

/* The keys that work here now, as in the last line: "Enter open". */
void app_key_words(struct app *app, struct buf *out);
bool app_key_works(const struct app *app, const struct view_key *k);

#endif
