/* SPDX-License-Identifier: MIT */
/* Bookmarks: how far a reader has come in the journal, one name a place, each principal's own. Moving one changes
 * nothing that anybody sells or sees, and is not a record of the journal: else a reader would find its own tracks. */
#ifndef CORE_BOOKMARK_H
#define CORE_BOOKMARK_H

#include "core/call.h"

int bookmark_set(struct call *c, const struct bookmark_set_in *in, struct bookmark *out);
int bookmark_show(struct call *c, const struct bookmark_in *in, struct bookmark *out);
int bookmark_list(struct call *c, const struct page_in *in, struct bookmark_page *out);
int bookmark_load(struct call *c, int64_t id, struct bookmark *out);

#endif
