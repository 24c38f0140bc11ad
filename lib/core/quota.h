/* SPDX-License-Identifier: MIT */
/* Quotas: the seats there are, and who draws on them. */
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include "core/call.h"

int quota_create(struct call *c, const struct quota_create_in *in, struct quota *out);
int quota_set(struct call *c, const struct quota_set_in *in, struct quota *out);
int quota_show(struct call *c, const struct quota_in *in, struct quota *out);
int quota_list(struct call *c, const struct quota_list_in *in, struct quota_page *out);
int quota_block(struct call *c, const struct quota_block_in *in, struct quota *out);
int quota_unblock(struct call *c, const struct quota_unblock_in *in, struct quota *out);
int quota_link(struct call *c, const struct quota_link_in *in, struct quota *out);
int quota_unlink(struct call *c, const struct quota_link_in *in, struct quota *out);
int quota_move(struct call *c, const struct quota_move_in *in, struct quota *out);
int quota_load(struct call *c, int64_t id, struct quota *out);

#endif
