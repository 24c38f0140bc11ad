/* SPDX-License-Identifier: MIT */
/* db.backup: core makes the backup, this gives it a thread, a pace and an end. It rests as long as
 * it works, and many times as long while much is written, so that a sale keeps its processor and
 * its disk. */
#include "daemon/backup.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/backup.h"
#include "daemon/conn.h"
#include "daemon/dispatch.h"
#include "daemon/methods.h"
#include "daemon/tixd.h"

#define WORK_US 4000 /* at a stretch */
#define REST_MAX_US 500000
#define REST_BUSY 8 /* times what it worked */
#define BUSY_US 1000 /* between two writes: closer together is a sale */

struct backup_run {
	struct tixd *t;
	struct job *job;
	pthread_t thread;
	_Atomic bool stop;
	int64_t began, until; /* monotonic */
	int64_t worked_from;
	int64_t writes, seen_at; /* of the daemon, when it last looked */
	struct backup made;
};

static int64_t mono(const struct backup_run *b)
{
	(void)b;
	return clock_mono(clock_system());
}

/* How long to rest after that much work: what was written meanwhile decides. */
static int64_t rest(struct backup_run *b, int64_t now, int64_t worked)
{
	int64_t writes = b->t->count.writes;
	bool busy = (writes - b->writes) * BUSY_US > now - b->seen_at;
	int64_t us = busy ? worked * REST_BUSY : worked;

	b->writes = writes;
	b->seen_at = now;
	return us > REST_MAX_US ? REST_MAX_US : us;
}

/* Between two pieces of work, on the thread of the backup. */
static int go_on(void *ctx)
{
	struct backup_run *b = ctx;
	int64_t now = mono(b), worked = now - b->worked_from;

	if (b->stop || b->job->conn->gone || now > b->until)
		return 1;
	if (worked < WORK_US)
		return 0;
	nanosleep(&(struct timespec){.tv_nsec = rest(b, now, worked) * 1000}, NULL);
	b->worked_from = mono(b);
	return 0;
}

static const char *hex(struct arena *a, const uint8_t *data, size_t len)
{
	char *text = arena_alloc(a, 2 * len + 1);

	return text ? sodium_bin2hex(text, 2 * len + 1, data, len) : NULL;
}

static int answer(struct call *c, const char *file, const struct backup *b, struct db_backup *out)
{
	const struct archive_mark *m = &b->mark;

	*out = (struct db_backup){.file = file,
	    .bytes = b->bytes,
	    .checksum = hex(c->arena, b->sum, sizeof(b->sum)),
	    .seq = m->seq,
	    .hash = m->seq > 0 ? hex(c->arena, m->hash, sizeof(m->hash)) : NULL,
	    .at = m->seq > 0 ? m->at : TIME_NONE,
	    .schema = m->schema,
	    .store_bytes = m->bytes,
	    .key = arena_printf(
		c->arena, "%s.key", c->core->store_url + strcspn(c->core->store_url, ":") + 1)};
	if (!out->checksum || !out->key || (m->seq > 0 && !out->hash))
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	return 0;
}

/* Says why it was stopped: the pace only knows that it was. */
static void explain(struct backup_run *b, struct err *err)
{
	if (b->stop)
		err_set(err, TIX_EUNAVAILABLE, NULL, "the daemon is about to end");
	else if (mono(b) > b->until)
		err_set(err, TIX_EUNAVAILABLE, NULL,
		    "the backup took longer than backup_max_age allows");
}

static void *make(void *arg)
{
	struct backup_run *b = arg;
	struct job_list one = {0};
	struct call *c = &b->job->call;
	const struct db_backup_in *in = c->in;
	struct pace pace = {go_on, b};
	int rc = backup_make(&b->t->core, in->file, &pace, &b->made, &c->err);

	if (rc == 0)
		rc = answer(c, in->file, &b->made, c->out);
	else
		explain(b, &c->err);
	c->result = rc < 0 ? c->err.code : 0;
	job_push(&one, b->job);
	done_push(&b->t->done, &one, NULL);
	return NULL;
}

static void came_back(struct job *j)
{
	struct tixd *t = j->t;
	struct backup_run *b = j->extra;
	struct conn *c = j->conn;
	struct log_ctx ctx = {.request = j->request,
	    .principal = j->call.who->name,
	    .method = j->method->name,
	    .us = mono(b) - b->began};

	pthread_join(b->thread, NULL);
	if (j->call.result == 0)
		atomic_store(&t->backed_up, clock_now(t->core.clock));
	if (j->call.result == 0)
		log_line(&t->log, LEVEL_NOTICE, &ctx, "the backup %s holds the journal up to %lld",
		    ((const struct db_backup_in *)j->call.in)->file, (long long)b->made.mark.seq);
	else
		log_line(
		    &t->log, LEVEL_WARNING, &ctx, "no backup was made: %s", j->call.err.message);
	pthread_mutex_lock(&t->selling.lock);
	t->backup = NULL;
	t->backup_file[0] = '\0';
	pthread_mutex_unlock(&t->selling.lock);
	free(b);
	t->jobs--;
	dispatch_reply(j);
	conn_call_done(c, false);
}

static int start(struct backup_run *b, const char *file, struct err *err)
{
	struct tixd *t = b->t;

	b->began = b->worked_from = b->seen_at = mono(b);
	b->writes = t->count.writes;
	b->until = b->began + t->conf.backup_max_age;
	b->job->extra = b;
	b->job->done = came_back;
	if (pthread_create(&b->thread, NULL, make, b) != 0)
		return err_set(err, TIX_EUNAVAILABLE, NULL, "no thread for the backup");
	pthread_mutex_lock(&t->selling.lock);
	t->backup = b;
	snprintf(t->backup_file, sizeof(t->backup_file), "%s", file);
	pthread_mutex_unlock(&t->selling.lock);
	b->job->conn->calls++;
	t->jobs++;
	return CALL_LATER;
}

int db_backup(struct call *c, const struct db_backup_in *in, struct db_backup *out)
{
	struct job *j = job_of(c);
	struct tixd *t = j->t;
	struct backup_run *b;
	int rc;

	(void)out;
	if (c->who->organizer[0] || c->who->event[0])
		return err_set(&c->err, TIX_ENOT_PERMITTED, NULL, "a backup is of the whole store");
	if (in->file[0] != '/') {
		err_set(&c->err, TIX_EBAD_VALUE, "file", "file: it must begin with /");
		return TIX_EBAD_VALUE;
	}
	if (t->backup)
		return err_set(
		    &c->err, TIX_EBUSY, NULL, "the backup %s is being made", t->backup_file);
	b = calloc(1, sizeof(*b));
	if (!b)
		return err_set(&c->err, TIX_EUNAVAILABLE, NULL, "no memory");
	b->t = t;
	b->job = j;
	rc = start(b, in->file, &c->err);
	if (rc < 0)
		free(b);
	return rc;
}

void backup_stop(struct tixd *t)
{
	if (t->backup)
		t->backup->stop = true;
}

const char *backup_running(struct tixd *t, char *ret, unsigned size)
{
	pthread_mutex_lock(&t->selling.lock);
	snprintf(ret, size, "%s", t->backup_file);
	pthread_mutex_unlock(&t->selling.lock);
	return ret[0] ? ret : NULL;
}
