/* SPDX-License-Identifier: MIT */
/* Organizers: whose events and venues there are. */
#ifndef CORE_ORGANIZER_H
#define CORE_ORGANIZER_H

#include "core/call.h"

int organizer_create(struct call *c, const struct organizer_create_in *in, struct organizer *out);
int organizer_set(struct call *c, const struct organizer_set_in *in, struct organizer *out);
int organizer_show(struct call *c, const struct organizer_in *in, struct organizer *out);
int organizer_list(struct call *c, const struct organizer_list_in *in, struct organizer_page *out);
int organizer_load(struct call *c, int64_t id, struct organizer *out);

#endif
