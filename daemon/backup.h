/* SPDX-License-Identifier: MIT */
/* Backups of the running store: one at a time, on a thread of its own. Loop thread only. */
#ifndef DAEMON_BACKUP_H
#define DAEMON_BACKUP_H

struct tixd;

/* Tells a backup that runs to give up; its caller gets an answer. */
void backup_stop(struct tixd *t);

/* The file of the backup that runs, NULL when there is none. May be called from any thread; size of
 * ret at least 2. */
const char *backup_running(struct tixd *t, char *ret, unsigned size);

#endif
