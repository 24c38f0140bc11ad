/* SPDX-License-Identifier: MIT */
/* One order with all that hangs on it: buyer, tickets, its explained sum, its history. For any view
 * that has an order under its cursor. */
#ifndef TUI_ORDER_DETAIL_H
#define TUI_ORDER_DETAIL_H

#include "tui/app.h"

struct order_detail {
	char code[64]; /* "": none is open */
	struct query show, explain, history;
	struct m_cursor record, ticket;
};

void order_detail_init(struct view *v, struct order_detail *d);
void order_detail_open(struct app *app, struct order_detail *d, const char *code);
void order_detail_close(struct order_detail *d);

/* Its sections; beside the others where there is room. */
void order_detail_build(struct app *app, struct order_detail *d, struct model *m);

#endif
