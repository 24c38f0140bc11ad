/* SPDX-License-Identifier: MIT */
/* What was erased is overwritten in the store by the commit (secure_delete), but the write-ahead
 * log keeps older pages until it is emptied. A mark in the store sees to it that a process which
 * ended in between does so when it starts again. */
#include "core/frame.h"

#include "core/writer.h"
#include "core/writer_state.h"

#define MARK "erased"
#define START_WAIT_MS 1000

static int marked(struct db *db, struct err *err)
{
	struct q q;
	int r;

	q_start(&q, db, SQL_meta_get, err);
	q_str(&q, 1, MARK);
	r = q_step(&q);
	q_end(&q);
	return r;
}

int writer_erased(struct writer *w, struct err *err)
{
	int r = marked(w->db, err);

	if (r == 0) {
		struct q q;

		q_start(&q, w->db, SQL_meta_add, err);
		q_str(&q, 1, MARK);
		q_str(&q, 2, "1");
		r = q_step(&q);
		q_end(&q);
	}
	w->now.erasures++;
	return r < 0 ? r : 0;
}

bool writer_unpurged(const struct writer *w)
{
	return w->kept.erasures != w->purged;
}

int writer_purge(struct writer *w, int wait_ms, struct err *err)
{
	bool done = true;
	int r = writer_unpurged(w) ? db_empty_log(w->db, wait_ms, &done, err) : 0;

	if (r < 0)
		return r;
	if (done)
		w->purged = w->kept.erasures;
	return done;
}

int purge_left_over(struct writer *w, struct err *err)
{
	int r = marked(w->db, err);

	if (r == 1) {
		w->purged = -1;
		r = writer_purge(w, START_WAIT_MS, err);
	}
	return r < 0 ? r : 0;
}
