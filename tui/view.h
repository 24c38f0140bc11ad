/* SPDX-License-Identifier: MIT */
/* A view: what it asks the daemon, what its keys do, and what it shows as labelled values. State
 * changes in enter, on_key and on_message only; build reads it and draws nothing: painters do. Both
 * handlers say what is to be painted again. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "tui/keys.h"
#include "tui/model.h"
#include "tui/query.h"

struct app;

/* Parts of the screen, as bits. */
enum repaint {
	REPAINT_NOTHING = 0,
	REPAINT_HEAD = 1, /* lines 1 and 2 */
	REPAINT_BODY = 2,
	REPAINT_FOOT = 4, /* message and keys */
	REPAINT_ALL = 7,
};

enum view_id {
#define VIEW(name, digit) VIEW_##name,
#include "tui/views.def"
#undef VIEW
	VIEW_COUNT
};

/* Beginnings of topics, as queries take them: what touches the stock and sale of an event, and what
 * touches an order. */
#define SALE_TOPICS "order. hold. quota. category. event. ticket. refund. payment."
#define ORDER_TOPICS "order. ticket. refund. payment. hold."

/* A key of a view beside those of all views. method: the one whose right it needs, RPC_COUNT: none;
 * without the right the key is not there. */
struct view_key {
	enum act act;
	const char *word; /* for the last line; NULL: the table's */
	int method;	  /* enum rpc_id */
};

struct view {
	const struct view_ops *ops;
	enum view_id id;
	int digit;
	void *state;
	bool shown, ready;
	char focus[32]; /* section of the cursor; "": the first that has one */
};

struct view_ops {
	const char *title;
	size_t size;		     /* of the state, zeroed */
	const struct view_key *keys; /* ends with ACT_NONE; NULL: none of its own */

	/* In place of keys while the state wants others, as under a sheet; NULL: keys. May be NULL. */
	const struct view_key *(*keys_now)(const struct view *v);

	/* Once, before the first enter: view_query for what it will ask. */
	void (*init)(struct app *app, struct view *v);
	/* It is shown, or the daemon is there (again): query_ask. */
	void (*enter)(struct app *app, struct view *v);
	void (*done)(struct view *v);
	unsigned (*on_key)(struct app *app, struct view *v, enum act act);
	/* counts as in journal.digest; NULL: an answer of a query has come. May be NULL. */
	unsigned (*on_message)(struct app *app, struct view *v, const json_t *counts);
	/* The text behind / as it is typed, for a view that searches by itself; NULL: the rows of its
	 * filtered sections are searched. */
	unsigned (*on_find)(struct app *app, struct view *v, const char *text);
	/* The cursor is on another row. May be NULL. */
	void (*on_move)(struct app *app, struct view *v);
	/* The key for back; true: it was something of the view's own that was closed. May be NULL. */
	bool (*on_back)(struct app *app, struct view *v);
	void (*build)(struct app *app, const struct view *v, struct model *m);
};

#define VIEW(name, digit) extern const struct view_ops view_##name##_ops;
#include "tui/views.def"
#undef VIEW

/* Makes a query of a view: it rests while the view is not shown. */
void view_query(struct view *v, struct query *q, const char *method, const char *topics);

/* The keys of its own that work now. */
const struct view_key *keys_of(const struct view *v);

#endif
