/* SPDX-License-Identifier: MIT */
/* The file of what was typed: one line each, oldest first, readable by its owner alone. Nothing here
 * fails a session: without a file there is no history. */
#ifndef CLI_SHELL_HISTORY_H
#define CLI_SHELL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#define SHELL_HISTORY_LINES 10000

/* $XDG_STATE_HOME/tix/history, else below ~/.local/state; false when neither is known. Makes the
 * folders. */
bool shell_history_path(char *out, size_t size);

/* Whether a line may be kept: not with a blank before it, nor with what looks like a secret. */
bool shell_history_keeps(const char *line);

/* Gives the newest lines to fn, oldest first, and shortens a file that is too long. */
void shell_history_load(const char *path, void (*fn)(void *arg, const char *line), void *arg);

void shell_history_add(const char *path, const char *line);

#endif
