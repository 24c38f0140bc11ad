/* SPDX-License-Identifier: MIT */
/* Named places where a test can make the program die, fail or wait. They exist only in a build with
 * --enable-failpoints; elsewhere FAILPOINT is the constant 0.
 *
 *     r = FAILPOINT("batch.committed");
 *     if (r < 0)
 *             return r;
 *
 * TIX_FAILPOINT=name:nth:action[;...] is read once: at the nth time (from 1) that the name is
 * passed, kill raises SIGKILL, err gives TIX_EINTERNAL, sleep takes 100 ms. nth 0 means each time.
 */
#ifndef TIX_BASE_FAILPOINT_H
#define TIX_BASE_FAILPOINT_H

#include <stddef.h>

#ifdef TIX_FAILPOINTS
#define FAILPOINT(name) failpoint_hit(name)
#else
#define FAILPOINT(name) ((void)(name), 0)
#endif

/* 0, or TIX_EINTERNAL. Aborts for a name that is not in failpoint.def, and for a setting that makes
 * no sense: both are mistakes of a test. Safe from any thread. */
int failpoint_hit(const char *name);

/* The i-th name of the table, NULL after the last; with or without failpoints in the build. */
const char *failpoint_name(size_t i);

/* Forget counts and read TIX_FAILPOINT again; for tests of one process. */
void failpoint_reset(void);

#endif
