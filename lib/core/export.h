/* SPDX-License-Identifier: MIT */
/* Export: records as another store's import takes them, in pages by id. Whoever exports orders or
 * attendees puts that on record first; every page names the record and who made it. */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include "core/call.h"

int export_begin(struct call *c, const struct export_begin_in *in, struct export_begin *out);
int event_export(struct call *c, const struct event_export_in *in, struct event_export *out);
int order_export(struct call *c, const struct order_export_in *in, struct order_export *out);
int attendee_export(struct call *c, const struct order_export_in *in, struct attendee_export *out);

/* One of them by its id: 1, or 0 when it is none or not the principal's. */
int export_event_one(struct call *c, int64_t id, struct export_event *ret);
int export_order_one(struct call *c, int64_t id, struct export_order *ret);
int export_attendees_one(struct call *c, int64_t order, struct attendee_export *ret);

/* Ids of events or orders above one, of an event or of all (0); returns how many. */
int export_ids(
    struct call *c, enum export_kind kind, int64_t event, int64_t after, int max, int64_t *ret);

/* seq: that of the record. */
int export_begin_load(struct call *c, int64_t seq, struct export_begin *out);

/* The newest record of the journal, as the transaction sees it. */
int export_head(struct call *c, int64_t *ret);

/* Whether a record is the caller's own of this kind and event; bad_value where it is not. */
int export_check(struct call *c, int64_t record, enum export_kind kind, const char *event);

/* The same of orders. */
int export_order_ids(struct call *c, int64_t event, int64_t after, int max, int64_t *ret);

#endif
