/* SPDX-License-Identifier: MIT */
/* The program on a terminal: signals, keys and painting, on a screen or as lines. */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <stdbool.h>

struct app;
struct err;

/* Runs until the person leaves or the terminal goes. */
int tty_run(struct app *app, bool mono, struct err *e);
int tty_run_linear(struct app *app, struct err *e);

#endif
