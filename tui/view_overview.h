/* SPDX-License-Identifier: MIT */
/* What the files of the overview share: the events it shows, and what of the store needs a person. */
#ifndef TUI_VIEW_OVERVIEW_H
#define TUI_VIEW_OVERVIEW_H

#include "tui/model.h"
#include "tui/query.h"

#define EVENTS_MAX 200

struct app;
struct view;

/* An event: its row of the list, read again by itself when it sells. */
struct overview_event {
	char slug[104];
	struct query show, pace, sales;
};

struct overview {
	struct query events, refunds, due, waiting, quotas, doctor;
	struct query hour; /* orders of the last hour, asked once: then they are counted */
	bool hour_taken;
	const json_t *listed; /* the answer that v was made of */
	struct overview_event *v[EVENTS_MAX];
	size_t n;
	bool more; /* there are events beyond */
	bool all;  /* also drafts, ended ones and those of the past */
	struct m_cursor cursor;
};

/* Of an event that is on sale: its row; NULL: it is not shown. */
const json_t *overview_row(const struct overview *o, const char *slug);

/* NEEDS YOU: the section, where there is something. */
void overview_alerts(struct app *app, const struct overview *o, struct model *m);

#endif
