/* SPDX-License-Identifier: MIT */
/* Picks the lines of a migration that one engine shall see. It never looks into them. */
#include "store/ddl.h"

#include <stdbool.h>
#include <string.h>

/* The length of the word in a line "-- word:", 0 for any other line. */
static size_t section(const char *line, size_t len)
{
	size_t word;

	if (len < 5 || memcmp(line, "-- ", 3) != 0)
		return 0;
	word = strspn(line + 3, "abcdefghijklmnopqrstuvwxyz");
	return len == word + 4 && line[3 + word] == ':' ? word : 0;
}

static bool same(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(word, text, len) == 0;
}

void ddl_for(const char *sql, const char *engine, struct buf *out)
{
	bool wanted = true;

	for (const char *line = sql; *line;) {
		size_t len = strcspn(line, "\n"), word = section(line, len);

		if (word > 0)
			wanted = same(line + 3, word, "all") || same(line + 3, word, engine);
		else if (wanted)
			buf_put(out, line, len);
		if (wanted && word == 0 && line[len])
			buf_putc(out, '\n');
		line += len + (line[len] == '\n');
	}
}
