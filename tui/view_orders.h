/* SPDX-License-Identifier: MIT */
/* Going to an order from another view. */
#ifndef TUI_VIEW_ORDERS_H
#define TUI_VIEW_ORDERS_H

#include "tui/app.h"

/* Shows the view of orders with this one, of the newest, open. */
void orders_show(struct app *app, const char *code);

/* The same for any order, by a search for its code. */
void orders_find(struct app *app, const char *code);

#endif
