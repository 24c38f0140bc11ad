/* SPDX-License-Identifier: MIT */
/* What the doctor found, as a person or a program reads it. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/cli.h"

/* Prints the answer of a method of the doctor's; the exit status is to be 1 when there is more than
 * notes. With -q nothing is said where nothing is wrong. */
int doctor_print(struct cli *c, const struct rpc_method *m, const json_t *result, struct err *e);

#endif
