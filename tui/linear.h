/* SPDX-License-Identifier: MIT */
/* The view as lines that can be read aloud: no cursor addressing, no columns, charts as five
 * numbers. Changes are said as the line that has changed, at most one a second; what is under the
 * cursor is said at once. */
#ifndef TUI_LINEAR_H
#define TUI_LINEAR_H

#include <stdint.h>

struct app;
struct buf;
struct m_row;
struct m_section;

/* Scope, clock, the view's sections, message and keys. */
void linear_all(struct app *app, struct buf *out);

/* One row as a sentence, without its end. */
void linear_row(const struct m_section *s, const struct m_row *row, struct buf *out);

/* What was said, so that only what is new is said again. */
struct linear {
	struct said *v;
	unsigned n, cap;
	unsigned next; /* where the next row is looked for */
	int view;	 /* -1: nothing was said yet */
	char chosen[160], message[256];
	char scope[104];
	int asking;
	int64_t said_at; /* by clock_mono */
};

void linear_init(struct linear *l);
void linear_done(struct linear *l);

/* Appends what is to be said now. Returns when there is more to say, INT64_MAX: nothing. */
int64_t linear_say(struct linear *l, struct app *app, int64_t now, struct buf *out);

#endif
