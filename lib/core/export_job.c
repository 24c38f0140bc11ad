/* SPDX-License-Identifier: MIT */
/* One item of an export is one event or order: its line, or those of its tickets, go to the end of
 * the file. A slice begins by cutting the file to what counts. */
#include "core/export_job.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "core/export.h"
#include "core/job_kind.h"
#include "core/rows.h"
#include "core/writer_state.h"
#include "store/path.h"

/* What a job of this kind is about; AUTO. */
struct target {
	json_t *params;
	enum export_kind kind;
	const char *file;
	char part[DB_PATH_MAX + 8];
};

static void auto_target(struct target *t)
{
	json_decref(t->params);
}

static int target_of(struct call *c, const struct job_rec *job, struct target *ret)
{
	const char *kind;
	int r = json_parse_strict(
	    job->params, strlen(job->params), JSON_DEPTH_DEFAULT, &ret->params, &c->err);

	if (r < 0)
		return r;
	kind = json_string_value(json_object_get(ret->params, "kind"));
	ret->file = json_string_value(json_object_get(ret->params, "file"));
	if (!kind || !ret->file)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "the job does not say what it exports");
	ret->kind = (enum export_kind)enum_value(&enum_set_export_kind, kind, strlen(kind));
	snprintf(ret->part, sizeof(ret->part), "%s.part", ret->file);
	return 0;
}

static int cannot(struct call *c, const char *what, const char *file)
{
	return err_set(&c->err, TIX_EUNAVAILABLE, "file", "cannot %s %.300s: %s", what, file,
	    strerrordesc_np(errno));
}

static int check_file(struct call *c, const char *file)
{
	struct stat st;
	char part[DB_PATH_MAX + 8];

	if (file[0] != '/')
		return err_set(&c->err, TIX_EBAD_VALUE, "file", "file: it must begin with /");
	if (strlen(file) >= DB_PATH_MAX)
		return err_set(&c->err, TIX_EBAD_VALUE, "file", "the path is too long");
	snprintf(part, sizeof(part), "%s.part", file);
	if (lstat(file, &st) == 0 || lstat(part, &st) == 0)
		return err_set(&c->err, TIX_EEXISTS, "file", "%.300s exists already",
		    lstat(file, &st) == 0 ? file : part);
	return 0;
}

static const char *params_of(struct call *c, const struct export_run_in *in)
{
	AUTO(buf) struct buf b;
	const char *text;

	buf_init(&b, 0);
	buf_printf(&b, "{\"kind\":\"%s\",\"file\":", enum_word(&enum_set_export_kind, in->kind));
	buf_json_str(&b, in->file);
	buf_putc(&b, '}');
	text = b.failed ? NULL : arena_strdup(c->arena, buf_str(&b));
	if (!text)
		row_no_memory(c);
	return text;
}

/* It is put on record as any export is. */
static int begin(struct call *c, const struct export_run_in *in, struct job_plan *plan)
{
	struct export_begin_in what = {.kind = in->kind, .event = in->event};
	struct export_begin begun = {.present = 0};
	struct event_ref event = {.id = 0};
	int r = export_begin(c, &what, &begun);

	if (r == 0 && begun.event)
		r = call_event(c, begun.event, &event);
	plan->event = event.id;
	plan->event_slug = begun.event;
	return r;
}

int export_run(struct call *c, const struct export_run_in *in, struct job_info *out)
{
	struct job_plan plan = {.kind = job_kind_export};
	int64_t id = 0;
	int r = check_file(c, in->file);

	if (HAS(in, export_run_in, rate))
		plan.rate = in->rate;
	plan.params = r == 0 ? params_of(c, in) : NULL;
	if (!plan.params)
		return c->err.code;
	r = begin(c, in, &plan);
	if (r == 0)
		r = job_start(c, &plan, &id);
	c->subject = id;
	return r < 0 ? r : job_load(c, id, out);
}

static int64_t counted(const struct job_rec *job)
{
	AUTO(json) json_t *mark = NULL;
	struct err err = {0};

	if (!job->mark ||
	    json_parse_strict(job->mark, strlen(job->mark), JSON_DEPTH_DEFAULT, &mark, &err) < 0)
		return 0;
	return json_integer_value(json_object_get(mark, "bytes"));
}

/* A file that has its name already goes on under the other: items are tried again, or the daemon was
 * killed between the two. */
static int open_part(struct call *c, const struct target *t, int64_t bytes, int *ret)
{
	int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
	struct stat st;

	*ret = open(t->part, flags);
	if (*ret < 0 && errno == ENOENT && lstat(t->file, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size == bytes && rename(t->file, t->part) == 0)
		*ret = open(t->part, flags);
	else if (*ret < 0 && errno == ENOENT && bytes == 0)
		*ret = open(t->part, flags | O_CREAT | O_EXCL, 0600);
	return *ret < 0 ? cannot(c, "open", t->part) : 0;
}

int export_job_before(struct call *c, struct job_rec *job)
{
	AUTO(target) struct target t = {.params = NULL};
	AUTO(fd) int fd = -1;
	int64_t bytes = counted(job);
	struct stat st;
	int r = target_of(c, job, &t);

	if (r == 0)
		r = open_part(c, &t, bytes, &fd);
	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < bytes)
		return err_set(&c->err, TIX_EUNAVAILABLE, "file",
		    "%.300s lacks what was written to it", t.part);
	return ftruncate(fd, bytes) < 0 ? cannot(c, "cut", t.part) : 0;
}

int export_job_after(struct call *c, struct job_rec *job)
{
	AUTO(target) struct target t = {.params = NULL};
	AUTO(fd) int fd = -1;
	struct stat st;
	int r = target_of(c, job, &t);

	if (r < 0)
		return r;
	fd = open(t.part, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : cannot(c, "open", t.part); /* it has its name */
	if (fstat(fd, &st) < 0)
		return cannot(c, "write", t.part);
	job->mark = arena_printf(c->arena, "{\"bytes\":%" PRId64 "}", (int64_t)st.st_size);
	return job->mark ? 0 : row_no_memory(c);
}

/* All is in it, and lasts. */
static int give_name(struct call *c, const struct target *t)
{
	AUTO(fd) int fd = open(t->part, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fdatasync(fd) < 0)
		return cannot(c, "write", t->part);
	if (renameat2(AT_FDCWD, t->part, AT_FDCWD, t->file, RENAME_NOREPLACE) < 0)
		return cannot(c, "give its name to", t->part);
	return store_sync_folder(t->file, &c->err);
}

int export_job_next(struct call *c, const struct job_rec *job, int64_t after, int max, int64_t *ret)
{
	AUTO(target) struct target t = {.params = NULL};
	int n = 0, r = target_of(c, job, &t);

	if (r == 0)
		r = n = export_ids(c, t.kind, job->event, after, max, ret);
	if (r == 0 && job->failed == 0)
		r = give_name(c, &t);
	return r < 0 ? r : n;
}

static int encode(struct call *c, const struct shape *shape, const void *record, struct buf *b)
{
	int r;

	if (!c->core->encode)
		return err_set(&c->err, TIX_EINTERNAL, NULL, "nothing writes records here");
	r = c->core->encode(shape, record, b);
	buf_putc(b, '\n');
	return r < 0 || b->failed ? row_no_memory(c) : 0;
}

/* 1: lines for the file, 0: nothing of it belongs there. */
static int lines_of(struct call *c, enum export_kind kind, int64_t id, struct buf *b)
{
	struct export_event event;
	struct export_order order;
	struct attendee_export tickets = {.present = 0};
	int r = 0, w = 0;

	switch (kind) {
	case export_kind_events:
		r = export_event_one(c, id, &event);
		if (r == 1)
			w = encode(c, &shape_export_event, &event, b);
		break;
	case export_kind_orders:
		r = export_order_one(c, id, &order);
		if (r == 1)
			w = encode(c, &shape_export_order, &order, b);
		break;
	case export_kind_attendees:
		r = export_attendees_one(c, id, &tickets);
		for (size_t i = 0; r == 1 && w == 0 && i < tickets.items.n; i++)
			w = encode(c, &shape_attendee,
			    &((const struct attendee *)tickets.items.v)[i], b);
		break;
	}
	return w < 0 ? w : r;
}

/* All of it or nothing. */
static int write_lines(struct call *c, int fd, const struct buf *b, const char *file)
{
	off_t start = lseek(fd, 0, SEEK_END);
	size_t done = 0;

	while (start >= 0 && done < b->len) {
		ssize_t n = write(fd, (const char *)b->data + done, b->len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (start >= 0 && done == b->len)
		return 0;
	cannot(c, "write", file);
	if (start >= 0 && ftruncate(fd, start) < 0)
		return cannot(c, "cut", file);
	return c->err.code;
}

int export_job_run(struct call *c, const struct job_rec *job, int64_t subject)
{
	AUTO(target) struct target t = {.params = NULL};
	AUTO(buf) struct buf b;
	AUTO(fd) int fd = -1;
	int r;

	buf_init(&b, 0);
	r = target_of(c, job, &t);
	if (r == 0)
		r = lines_of(c, t.kind, subject, &b);
	if (r <= 0)
		return r < 0 ? r : JOB_SKIPPED;
	fd = open(t.part, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return cannot(c, "open", t.part);
	return write_lines(c, fd, &b, t.part);
}
