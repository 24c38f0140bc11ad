/* SPDX-License-Identifier: MIT */
/* Imports as jobs: lines come in as they are, into a job that is paused; once it is resumed, each is
 * done as a call of event.import or order.import with this line alone would. A line is kept until
 * it is done: one that is refused may be tried again. */
#ifndef CORE_IMPORT_JOB_H
#define CORE_IMPORT_JOB_H

#include "core/call.h"

#define JOB_LINES (INT64_C(1) << 32) /* numbers of lines that a job may have */

int import_begin(struct call *c, const struct import_begin_in *in, struct job_info *out);
int import_add(struct call *c, const struct import_add_in *in, struct job_info *out);

#endif
