/* SPDX-License-Identifier: MIT */
/* What is longer than the screen goes through a pager, the one of the settings or else less -FIRX.
 * It is started when the screen is full and not before; without such a program all is printed as
 * it is. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include "cli/cli.h"

/* From here on what a command prints may go through a pager, if stdout is a terminal and a table.
 * For commands that print at once what they know; never for what is followed live. */
void pager_allow(struct cli *c);

/* Whether what is buffered is to wait for more, to see whether it fits the screen. Starts the pager
 * where it does not; at the end of the output (last) nothing waits. */
bool pager_holds(struct cli *c, bool last);

/* True when the pager was left, or ^C was typed: nothing more is wanted. */
bool pager_left(const struct cli *c);

/* Lets the person read to the end. Returns the exit status in place of status. */
int pager_end(struct cli *c, int status);

#endif
