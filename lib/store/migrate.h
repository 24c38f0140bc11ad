/* SPDX-License-Identifier: MIT */
/* Brings a store's tables to the version of this program: forward only, each step in a transaction
 * with the row that says so. A store that is newer, or whose steps were others, is refused. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stdint.h>

#include "store/db.h"

/* The version that this program makes. */
int migrate_version(void);

/* The version of the store: 0 when it is empty. */
int migrate_current(struct db *db, int *ret, struct err *err);

/* db must not be in a transaction. TIX_EVERSION names both versions when the store is newer. */
int migrate(struct db *db, int64_t now, struct err *err);

/* The portable DDL of a whole store, one text after the other from 0; NULL after the last. */
const char *migrate_text(int i);

#endif
