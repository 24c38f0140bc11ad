/* SPDX-License-Identifier: MIT */
/* tix.conf: the table of settings, its reader, and the values. A value that is wrong stops the
 * reading: no setting is ever ignored in silence. conf_faults goes on and names all that is wrong. */
#ifndef TIX_BASE_CONF_H
#define TIX_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf;

#define CONF_PEERS_MAX 64
#define CONF_FILE_MAX 65536

enum conf_type {
	CONF_TEXT,
	CONF_INT,
	CONF_SPAN,
	CONF_LEVEL,
	CONF_SLUG,
	CONF_ZONE,
	CONF_FORMAT,
	CONF_COLOR
};

/* The C type of each, by the name in the table. */
struct conf_text {
	char s[192];
};
#define CONF_C_TEXT struct conf_text
#define CONF_C_INT int64_t
#define CONF_C_SPAN int64_t  /* microseconds */
#define CONF_C_LEVEL int64_t /* enum log_level */
#define CONF_C_SLUG struct conf_text
#define CONF_C_ZONE struct conf_text
#define CONF_C_FORMAT struct conf_text
#define CONF_C_COLOR struct conf_text

enum conf_id {
#define CONF(id, section, key, type, def, min, max, reload, doc) CONF_ID_##id,
#include "base/conf.def"
#undef CONF
	CONF_COUNT
};

/* "UID = ROLE[:ORGANIZER[/EVENT]]" of [peers]. Whether the role exists is for the daemon to say. */
struct conf_peer {
	uint32_t uid;
	int line;
	char role[32];
	char organizer[101]; /* empty: all */
	char event[101];     /* empty: all */
};

struct conf {
#define CONF(id, section, key, type, def, min, max, reload, doc) CONF_C_##type id;
#include "base/conf.def"
#undef CONF
	int line[CONF_COUNT]; /* where it was set; 0 = built in, -1 = by conf_set */
	int n_peers;
	struct conf_peer peers[CONF_PEERS_MAX];
};

struct conf_row {
	const char *section, *key;
	enum conf_type type;
	const char *def;
	int64_t min, max;
	bool reloadable;
	const char *doc;
	size_t offset; /* into struct conf */
};

extern const struct conf_row conf_rows[CONF_COUNT];

void conf_defaults(struct conf *ret);

/* Defaults, then the file. TIX_ENOT_FOUND when there is none, else TIX_ECONFIG with file and line.
 */
int conf_read(const char *path, struct conf *ret, struct err *e);

/* The same from memory; name is what messages call it. */
int conf_parse(const char *name, const char *text, size_t len, struct conf *ret, struct err *e);

/* Every fault of a file, from the first line on, CONF_FAULTS_MAX at most: what is wrong in a line
 * is told, and the file read on without that line; without its lines where a section is none. What
 * the rest says is in ret. Returns how many faults there are, < 0 when the file cannot be read at
 * all. */
#define CONF_FAULTS_MAX 50
struct conf_fault {
	int line;
	struct err err;
};
int conf_faults(const char *path, struct conf *ret, struct conf_fault ret_faults[CONF_FAULTS_MAX],
    struct err *e);

/* One value from elsewhere, as a flag gives it. TIX_ECONFIG. */
int conf_set(struct conf *c, enum conf_id id, const char *value, struct err *e);

/* A value as the file would say it. */
void conf_show(const struct conf *c, enum conf_id id, struct buf *b);

#endif
