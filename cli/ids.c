/* SPDX-License-Identifier: MIT */
/* Words of the command line and of stdin. What an id is it does not know. */
#include "cli/ids.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void ids_open(struct ids *s, const char **pos, size_t npos)
{
	memset(s, 0, offsetof(struct ids, word));
	s->pos = pos;
	s->npos = npos;
}

static bool is_word_end(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

/* One character; true when it ends a word. */
static bool take(struct ids *s, char c)
{
	bool ends = is_word_end(c) && (s->nword > 0 || (c == '\t' && !s->begun)) && !s->skip;

	if (c == '\n') {
		s->skip = s->begun = false;
	} else if (c == '\t') {
		s->skip = s->begun = true;
	} else if (!is_word_end(c) && !s->skip) {
		s->begun = true;
		if (s->nword < IDS_WORD_MAX)
			s->word[s->nword++] = c;
	}
	return ends;
}

static void finish(struct ids *s, const char **ret)
{
	s->word[s->nword] = '\0';
	s->nword = 0;
	*ret = s->word;
}

/* The next of stdin. */
static enum ids_next next_read(struct ids *s, const char **ret)
{
	while (s->got < s->len) {
		if (take(s, s->chunk[s->got++])) {
			finish(s, ret);
			return IDS_WORD;
		}
	}
	if (!s->ended)
		return IDS_WAIT;
	s->reading = false;
	if (s->nword == 0)
		return IDS_END;
	finish(s, ret);
	return IDS_WORD;
}

enum ids_next ids_next(struct ids *s, const char **ret)
{
	for (;;) {
		enum ids_next r = s->reading ? next_read(s, ret) : IDS_END;

		if (r != IDS_END)
			return r;
		if (s->at == s->npos)
			return IDS_END;
		*ret = s->pos[s->at++];
		if (strcmp(*ret, "-") != 0)
			return IDS_WORD;
		s->reading = true;
	}
}

bool ids_stdin(const char *const *pos, size_t npos)
{
	for (size_t i = 0; i < npos; i++) {
		if (strcmp(pos[i], "-") == 0)
			return true;
	}
	return false;
}

int ids_read(struct ids *s, struct err *e)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, which some programs begin with */
	bool first = s->len == 0;
	ssize_t n;

	do
		n = read(STDIN_FILENO, s->chunk, sizeof(s->chunk));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(e, TIX_EBAD_VALUE, NULL, "stdin: %s", strerror(errno));
	s->ended = n == 0;
	s->len = (size_t)n;
	s->got = first && n >= 3 && memcmp(s->chunk, mark, 3) == 0 ? 3 : 0;
	return 0;
}
