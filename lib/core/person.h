/* SPDX-License-Identifier: MIT */
/* What is kept about a person, and its end. Orders, tickets, ledger and journal's chain stay whole.
 */
#ifndef CORE_PERSON_H
#define CORE_PERSON_H

#include "core/call.h"

int person_export(struct call *c, const struct person_in *in, struct person_page *out);
int person_erase(struct call *c, const struct person_erase_in *in, struct person_erased *out);
int person_erased_load(struct call *c, int64_t orders, struct person_erased *out);

#endif
