/* SPDX-License-Identifier: MIT */
/* Exports as jobs: JSON lines into a file on the daemon's side, the same records that the pages of
 * event.export, order.export and attendee.export give. The file is FILE.part until all is in it;
 * what of it counts is kept with the progress, so a kill neither loses nor doubles a line. */
#ifndef CORE_EXPORT_JOB_H
#define CORE_EXPORT_JOB_H

#include "core/call.h"

struct job_rec;

int export_run(struct call *c, const struct export_run_in *in, struct job_info *out);

/* As struct job_ops has them. */
int export_job_before(struct call *c, struct job_rec *job);
int export_job_after(struct call *c, struct job_rec *job);

#endif
