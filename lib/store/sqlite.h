/* SPDX-License-Identifier: MIT */
/* What only the SQLite driver needs: portable DDL in its own words. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "base/buf.h"

/* BIGINT becomes INTEGER and BYTEA BLOB; tables become STRICT, and WITHOUT ROWID where the line of
 * CREATE TABLE ends with the comment "-- clustered". A table ends with a line ");". Comments go. */
void sqlite_ddl(const char *sql, struct buf *out);

#endif
