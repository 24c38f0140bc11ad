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

/* seq: that of the record. */
int export_begin_load(struct call *c, int64_t seq, struct export_begin *out);

/* The newest record of the journal, as the transaction sees it. */
int export_head(struct call *c, int64_t *ret);

/* Whether a record is the caller's own of this kind and event; bad_value where it is not. */
int export_check(struct call *c, int64_t record, enum export_kind kind, const char *event);

#endif
