/* SPDX-License-Identifier: MIT */
/* tixd db VERB: what is done to a store while no daemon runs, and to its backups. */
#ifndef DAEMON_ADMIN_H
#define DAEMON_ADMIN_H

/* argv[0] is "db". Prints, and returns the exit status. */
int admin_main(int argc, char **argv);

#endif
