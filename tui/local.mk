# SPDX-License-Identifier: MIT
# tix-dash: the dashboard; no database, network or event loop library. A view adds its own line.
bin_PROGRAMS += tix-dash
tix_dash_SOURCES = tui/main.c tui/app.c tui/app.h tui/app_keys.c tui/chrome.c tui/chrome.h tui/grid.c tui/grid.h \
	tui/keys.c tui/keys.h tui/linear.c tui/linear.h tui/link.c tui/link.h tui/model.c tui/model.h \
	tui/paint.c tui/paint.h tui/paint_chart.c tui/paint_table.c tui/query.c tui/query.h \
	tui/screen.c tui/screen.h tui/section.h tui/script.c tui/script.h tui/tty.c tui/tty.h tui/view.h \
	tui/words.c tui/words.h
tix_dash_SOURCES += tui/view_overview.c tui/view_overview.h tui/view_overview_alerts.c
tix_dash_SOURCES += tui/view_event.c tui/event_chart.c tui/event_chart.h
tix_dash_SOURCES += tui/view_orders.c tui/view_orders.h tui/order_detail.c tui/order_detail.h
tix_dash_SOURCES += tui/view_jobs.c tui/view_jobs.h tui/job_act.c tui/job_act.h
tix_dash_SOURCES += tui/view_journal.c tui/view_journal.h
tix_dash_SOURCES += tui/view_help.c

tix_dash_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS)
tix_dash_LDADD = $(tix_libs) $(CURSES_LIBS)
