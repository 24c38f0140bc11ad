/* SPDX-License-Identifier: MIT */
/* Portable DDL in SQLite's words; our own migrations only, line by line. */
#include "store/sqlite.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* One line without its comment, types translated. */
static void put_line(const char *line, size_t len, struct buf *out)
{
	static const struct {
		const char *from, *to;
	} types[] = {{"BIGINT", "INTEGER"}, {"BYTEA", "BLOB"}};
	size_t i = 0;

	while (i < len) {
		size_t n = 0;
		const char *to = NULL;

		while (i + n < len && word_char(line[i + n]))
			n++;
		for (size_t t = 0; n > 0 && t < 2; t++) {
			if (n == strlen(types[t].from) && memcmp(line + i, types[t].from, n) == 0)
				to = types[t].to;
		}
		if (n == 0)
			n = 1;
		if (to)
			buf_puts(out, to);
		else
			buf_put(out, line + i, n);
		i += n;
	}
	buf_putc(out, '\n');
}

static size_t without_comment(const char *line, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (line[i] == '-' && line[i + 1] == '-')
			return i;
	}
	return len;
}

void sqlite_ddl(const char *sql, struct buf *out)
{
	static const char open[] = "CREATE TABLE", mark[] = "-- clustered";
	bool in_table = false, clustered = false;

	for (const char *line = sql; *line;) {
		size_t len = strcspn(line, "\n");

		if (strncmp(line, open, strlen(open)) == 0) {
			in_table = true;
			clustered = memmem(line, len, mark, strlen(mark)) != NULL;
		}
		if (in_table && len == 2 && memcmp(line, ");", 2) == 0) {
			buf_puts(out, clustered ? ") STRICT, WITHOUT ROWID;\n" : ") STRICT;\n");
			in_table = false;
		} else {
			put_line(line, without_comment(line, len), out);
		}
		line += len + (line[len] == '\n');
	}
}
