/* SPDX-License-Identifier: MIT */
/* Where a store lives: the file that a url names. */
#ifndef STORE_PATH_H
#define STORE_PATH_H

#include "base/err.h"

#define DB_PATH_MAX 4096

/* The file of "sqlite:FILE" with its folder made absolute and free of symbolic links. The folder
 * must exist. */
int db_path(const char *url, char ret[DB_PATH_MAX], struct err *err);

#endif
