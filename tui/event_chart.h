/* SPDX-License-Identifier: MIT */
/* The chart of an event: tickets sold by now, day by day or hour by hour, beside those aimed at. */
#ifndef TUI_EVENT_CHART_H
#define TUI_EVENT_CHART_H

#include <jansson.h>

#include "tui/app.h"

#define CHART_RANGES 4

/* "all of it", "30 days" ... */
const char *event_chart_range(int range);

/* What report.sales is to be asked for it. */
json_t *event_chart_params(const struct app *app, const char *event, int range);

/* event: its row; sales: the answer to those params; total: tickets sold in all. */
void event_chart(struct app *app, struct model *m, const json_t *event, const struct query *sales,
    int64_t total, int range);

#endif
