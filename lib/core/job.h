/* SPDX-License-Identifier: MIT */
/* Jobs: long work that is done in slices by the writer, beside the sales, and that goes on after a
 * kill where its last slice was committed. What a job does is the business of its kind
 * (core/job_kind.h). */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core/call.h"

/* What a job is begun with. */
struct job_plan {
	int kind;      /* enum job_kind */
	int64_t event; /* 0: of none */
	const char *event_slug;
	const char *params; /* JSON object, for the kind */
	int64_t total;	    /* items, as far as known */
	int64_t rate;	    /* items a second, 0: as fast as it goes */
	bool paused;	    /* it waits to be resumed */
};

/* Begins a job as the call's principal, with the call's reason. It runs once the batch is
 * committed. */
int job_start(struct call *c, const struct job_plan *plan, int64_t *ret_id);

/* j31, in the arena; NULL without memory. */
const char *job_name(struct call *c, int64_t id);

int job_show(struct call *c, const struct job_in *in, struct job_info *out);
int job_list(struct call *c, const struct job_list_in *in, struct job_page *out);
int job_report(struct call *c, const struct job_report_in *in, struct job_item_page *out);
int job_pause(struct call *c, const struct job_act_in *in, struct job_info *out);
int job_resume(struct call *c, const struct job_act_in *in, struct job_info *out);
int job_stop(struct call *c, const struct job_act_in *in, struct job_info *out);
int job_retry(struct call *c, const struct job_retry_in *in, struct job_info *out);
int job_load(struct call *c, int64_t id, struct job_info *out);

#endif
