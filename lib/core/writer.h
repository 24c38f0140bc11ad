/* SPDX-License-Identifier: MIT */
/* What core functions need of the writer: new ids and a word when the catalogue changes. c->writer
 * is not NULL in a mutating call. What is taken here is given back when the batch is rolled back.
 */
#ifndef CORE_WRITER_H
#define CORE_WRITER_H

#include "core/call.h"

enum writer_table {
	TABLE_organizer,
	TABLE_venue,
	TABLE_event,
	TABLE_category,
	TABLE_quota,
	TABLE_person,
	TABLE_order,
	TABLE_job,
	TABLE_quota_block,
	TABLE_COUNT
};

/* The next id of a table: dense, never used before. */
int64_t writer_next_id(struct writer *w, enum writer_table table);

/* To be called when a row of a table is deleted: its id is not given again, after a restart either. */
int writer_keep_ids(struct writer *w, enum writer_table table, struct err *err);

/* To be called after each change of organizers, events, categories, quotas' sizes or links: forgets
 * what sales remember of them. */
void writer_catalogue_changed(struct writer *w);

/* What was kept of a person has been overwritten: the log still has it, and is to be emptied after
 * the commit. */
int writer_erased(struct writer *w, struct err *err);

#endif
