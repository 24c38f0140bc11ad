/* SPDX-License-Identifier: MIT */
/* The terminal. This module alone calls curses. What it changed of the terminal it gives back: at
 * the end, on suspension, and, by screen_crash, from a signal handler. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>

#include "tui/grid.h"

struct err;

/* mono: no colours whatever the terminal can. */
int screen_open(bool mono, struct err *e);
void screen_close(void);

void screen_size(int *ret_rows, int *ret_cols);
/* Takes the terminal's size anew. */
void screen_resized(void);

/* Shows the grid; all: whatever is believed to be there. */
void screen_paint(const struct grid *g, bool all);

enum screen_event { SCREEN_NOTHING, SCREEN_KEY, SCREEN_PASTE, SCREEN_CLICK, SCREEN_END };

struct screen_input {
	int key;
	int y, x;
	bool twice;
	char paste[4096]; /* valid UTF-8; a longer one is cut */
};

/* What was typed, without waiting. SCREEN_END: the terminal is gone. */
enum screen_event screen_read(struct screen_input *ret);

/* Asks the terminal to take a text into its clipboard (OSC 52); plain ASCII. */
void screen_copy(const char *text);

/* Gives the terminal to the shell and stops; returns when continued. */
void screen_suspend(void);

/* Restores the terminal with async-signal-safe calls only. */
void screen_crash(void);

#endif
