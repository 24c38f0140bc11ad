/* SPDX-License-Identifier: MIT */
/* The Tab key of the shell: what "tix __complete" offers, put into the line or listed below it. */
#ifndef CLI_SHELL_TAB_H
#define CLI_SHELL_TAB_H

#include <histedit.h>

/* For EL_ADDFN. before: lines typed before this one, of the same command. */
unsigned char shell_tab(EditLine *el, int ch);
void shell_tab_after(const char *before);

#endif
