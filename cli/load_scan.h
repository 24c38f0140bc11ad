/* SPDX-License-Identifier: MIT */
/* Reads just enough of a reply to order.create to check it, without building a tree: the load
 * generator must cost less than what it measures. It is for replies alone and trusts that they are
 * JSON as far as it does not look. */
#ifndef CLI_LOAD_SCAN_H
#define CLI_LOAD_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct load_reply {
	int64_t id;    /* -1 when absent */
	int64_t left;  /* error.data.facts.left, -1 when absent */
	int error;     /* error.code, 0 for a result */
	bool replayed; /* result.replayed */
	char code[16]; /* result.code, "" when absent */
};

/* False when the line is no reply: no object, neither result nor error, a code that does not fit.
 */
bool load_scan(const char *line, size_t len, struct load_reply *ret);

#endif
