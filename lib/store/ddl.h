/* SPDX-License-Identifier: MIT */
/* Migrations are written once for every engine; here is what they share. It knows no engine. */
#ifndef STORE_DDL_H
#define STORE_DDL_H

#include "base/buf.h"

/* Copies the lines of sql that are meant for engine ("sqlite", "postgres"). A line "-- ENGINE:"
 * begins lines for that engine alone, a line "-- all:" ends them; both are left out. */
void ddl_for(const char *sql, const char *engine, struct buf *out);

#endif
