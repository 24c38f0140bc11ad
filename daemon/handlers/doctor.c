/* SPDX-License-Identifier: MIT */
/* system.doctor: the daemon, its disk and its files, as a reading thread sees them. It repairs
 * nothing. */
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/doctor_note.h"
#include "core/rows.h"
#include "daemon/methods.h"
#include "daemon/tixd.h"
#include "daemon/wal.h"
#include "store/path.h"

#define DISK_LOW (INT64_C(256) << 20)  /* below: a warning */
#define DISK_EMPTY (INT64_C(32) << 20) /* below: the next writes may fail */
#define SWEEP_LATE (5 * USEC_PER_SEC)  /* a hold over for longer than this should be gone */
#define CLOCK_STEP (2 * USEC_PER_SEC)
#define BACKUP_OLD (INT64_C(26) * 3600 * USEC_PER_SEC)
#define LOOKUP_LATE 100000 /* persons that no run holds yet */

struct look {
	struct note note;
	struct tixd *t;
	char store[DB_PATH_MAX];
};

#define TEXT(l, ...) arena_printf((l)->note.c->arena, __VA_ARGS__)

static const char *folder_of(struct look *l)
{
	const char *slash = strrchr(l->store, '/');

	return slash ? TEXT(l, "%.*s", (int)(slash - l->store) + (slash == l->store), l->store)
		     : ".";
}

static void look_at_selling(struct look *l)
{
	char why[256];
	int state = selling_get(l->t, why, sizeof(why));

	note_fact(&l->note,
	    TEXT(l, "%s%s%s", enum_word(&enum_set_sell_state, state), why[0] ? ": " : "", why));
	if (state == sell_state_stopped)
		note_found(&l->note, doctor_severity_problem, "sales",
		    TEXT(l, "sales are stopped: %s", why), "tix audit");
	else if (state == sell_state_selling && why[0])
		note_found(&l->note, doctor_severity_problem, "sales",
		    TEXT(l, "nothing can be written for the moment: %s", why),
		    TEXT(l, "df -h %s", folder_of(l)));
	else if (state == sell_state_draining)
		note_found(&l->note, doctor_severity_warning, "sales", "the daemon is about to end",
		    "systemctl status tixd");
}

static void look_at_disk(struct look *l)
{
	const char *folder = folder_of(l);
	struct statvfs v;
	int64_t left;

	if (!folder || statvfs(folder, &v) < 0) {
		note_found(&l->note, doctor_severity_problem, "disk",
		    TEXT(l, "%s: %s", folder ? folder : "?", strerror(errno)), NULL);
		return;
	}
	left = (int64_t)v.f_bavail * (int64_t)v.f_frsize;
	note_fact(&l->note, TEXT(l, "disk of %s: %" PRId64 " MiB left", folder, left >> 20));
	if (left < DISK_LOW)
		note_found(&l->note,
		    left < DISK_EMPTY ? doctor_severity_problem : doctor_severity_warning, "disk",
		    TEXT(l, "only %" PRId64 " MiB left for the store and its log", left >> 20),
		    TEXT(l, "df -h %s", folder));
}

static void look_at_file(struct look *l, const char *subject, const char *path)
{
	struct stat st;

	if (!path || lstat(path, &st) < 0) {
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "%s: %s", path ? path : "?", strerror(errno)), "tix db status");
		return;
	}
	if (!S_ISREG(st.st_mode))
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "%s is no regular file", path), TEXT(l, "ls -l %s", path));
	else if (st.st_mode & 077)
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(l, "%s can be read by others (mode %04o)", path,
			(unsigned)(st.st_mode & 07777)),
		    TEXT(l, "chmod 600 %s", path));
	if (st.st_uid != geteuid())
		note_found(&l->note, doctor_severity_problem, subject,
		    TEXT(
			l, "%s belongs to user %u, not to the daemon's", path, (unsigned)st.st_uid),
		    TEXT(l, "ls -l %s", path));
}

static void look_at_log(struct look *l)
{
	int64_t bytes = l->t->count.wal_bytes;

	note_fact(&l->note, TEXT(l, "write-ahead log: %" PRId64 " KiB", bytes >> 10));
	if (l->t->count.unpurged)
		note_found(&l->note, doctor_severity_warning, "log",
		    "what was erased of a person is still in the write-ahead log: a reader such as "
		    "a backup keeps it",
		    "tix db status");
	if (bytes > wal_max(l->t->wal))
		note_found(&l->note, doctor_severity_warning, "log",
		    TEXT(l, "the write-ahead log has %" PRId64 " MiB, more than wal_max_mib",
			bytes >> 20),
		    "tix db status");
}

static void look_at_backup(struct look *l)
{
	struct tixd *t = l->t;
	int64_t at = atomic_load(&t->backed_up), now = l->note.c->now;

	if (at)
		note_fact(&l->note, TEXT(l, "last backup %s", note_time(&l->note, at)));
	else
		note_fact(&l->note, "no backup since the daemon began");
	if (now - (at ? at : t->started) > BACKUP_OLD)
		note_found(&l->note, doctor_severity_warning, "backup",
		    at ? TEXT(l, "the last backup is of %s", note_time(&l->note, at))
		       : TEXT(l, "no backup since the daemon began at %s",
			     note_time(&l->note, t->started)),
		    TEXT(l, "tix db backup %s.%.10s.backup", l->store, note_time(&l->note, now)));
}

/* A number of one row and column; 0 where there is none. */
static int one(struct look *l, enum sql_id sql, int64_t *ret)
{
	struct q q;
	int r;

	*ret = 0;
	q_start(&q, l->note.c->db, sql, &l->note.c->err);
	r = q_step(&q);
	if (r == 1)
		*ret = q_col(&q, 0);
	q_end(&q);
	return r < 0 ? r : 0;
}

static int look_at_clocks(struct look *l)
{
	struct call *c = l->note.c;
	int64_t step = atomic_load(&c->core->step), due;
	int r = one(l, SQL_hold_next_due, &due);

	if (step > CLOCK_STEP || step < -CLOCK_STEP)
		note_found(&l->note, doctor_severity_warning, "clock",
		    TEXT(l,
			"the machine's clock was set by %" PRId64
			" s while the daemon ran: deadlines keep to the old one",
			-step / USEC_PER_SEC),
		    "systemctl restart tixd");
	if (r == 0 && due && due + SWEEP_LATE < c->now + step)
		note_found(&l->note, doctor_severity_problem, "sweep",
		    TEXT(l, "a hold that ran out at %s still keeps its seats",
			note_time(&l->note, due)),
		    "tix audit");
	return r;
}

static int look_at_lookup(struct look *l)
{
	int64_t last, upto;
	int r = one(l, SQL_max_person, &last);

	if (r == 0)
		r = one(l, SQL_lookup_behind, &upto);
	if (r < 0)
		return r;
	note_fact(
	    &l->note, TEXT(l, "look-up index: %" PRId64 " persons not in it yet", last - upto));
	if (last - upto > LOOKUP_LATE)
		note_found(&l->note, doctor_severity_warning, "look-up",
		    TEXT(l, "the look-up index is %" PRId64 " persons behind: searches are slow",
			last - upto),
		    "tix status");
	return 0;
}

int system_doctor(struct call *c, const struct none *in, struct doctor *out)
{
	struct look l = {.note = {.c = c}, .t = tixd_of(c)};
	int r = db_path(c->core->store_url, l.store, &c->err);

	(void)in;
	if (r < 0)
		return r;
	look_at_selling(&l);
	look_at_disk(&l);
	look_at_file(&l, "store", TEXT(&l, "%s", l.store));
	look_at_file(&l, "key", TEXT(&l, "%s.key", l.store));
	look_at_log(&l);
	look_at_backup(&l);
	r = look_at_clocks(&l);
	if (r == 0)
		r = look_at_lookup(&l);
	if (r < 0)
		return r;
	out->kind = "daemon";
	out->subject = TEXT(&l, "%s", l.store);
	out->free = TIME_NONE;
	return out->subject ? note_end(&l.note, out) : row_no_memory(c);
}
