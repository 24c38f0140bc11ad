/* SPDX-License-Identifier: MIT */
/* One table of words and what they mean; the terminal's own colours, no background, no blink. */
#include "cli/style.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static const char *const sgr[] = {
    [STYLE_HEAD] = "\033[1m",
    [STYLE_GOOD] = "\033[32m",
    [STYLE_WARN] = "\033[33m",
    [STYLE_BAD] = "\033[1;31m",
};

/* A word that is not here is neither good nor bad: draft, held, used, ended. */
static const struct {
	const char *word;
	enum style style;
} words[] = {
    {"published", STYLE_GOOD},
    {"selling", STYLE_GOOD},
    {"paid", STYLE_GOOD},
    {"captured", STYLE_GOOD},
    {"valid", STYLE_GOOD},
    {"done", STYLE_GOOD},
    {"ok", STYLE_GOOD},
    {"pending", STYLE_WARN},
    {"unpaid", STYLE_WARN},
    {"partly_paid", STYLE_WARN},
    {"paused", STYLE_WARN},
    {"warning", STYLE_WARN},
    {"draining", STYLE_WARN},
    {"overpaid", STYLE_BAD},
    {"refund_due", STYLE_BAD},
    {"cancelled", STYLE_BAD},
    {"void", STYLE_BAD},
    {"failed", STYLE_BAD},
    {"stopped", STYLE_BAD},
    {"broken", STYLE_BAD},
    {"problem", STYLE_BAD},
    {"NOT OK", STYLE_BAD},
};

enum style style_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, word) == 0)
			return words[i].style;
	}
	return STYLE_PLAIN;
}

void style_begin(struct buf *b, bool color, enum style s)
{
	if (color && s != STYLE_PLAIN)
		buf_puts(b, sgr[s]);
}

void style_end(struct buf *b, bool color, enum style s)
{
	if (color && s != STYLE_PLAIN)
		buf_puts(b, "\033[0m");
}

void style_word(struct buf *b, bool color, const char *word)
{
	enum style s = style_of(word);

	style_begin(b, color, s);
	buf_puts(b, word);
	style_end(b, color, s);
}
