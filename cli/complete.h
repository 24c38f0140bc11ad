/* SPDX-License-Identifier: MIT */
/* Completion: what the files of it share. A word that is offered stands for itself in every shell;
 * one that would need quotes is not offered. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/args.h"

/* The command line up to the word that is being typed. */
struct complete {
	struct cli *c;
	const char *cur;  /* the part of that word which candidates must begin with */
	const char *head; /* what stands before it in the word: "--pay=", "ga:2," */
	const char *event; /* the event that the line names, else of -e or TIX_EVENT; NULL */
};

/* What was read of the line. */
struct typed {
	struct complete w;
	char *const *word;
	int n;	      /* of words, the last is being typed */
	const char *noun, *verb;
	const struct rpc_method *m;
	const struct command *cmd;
	const struct opt *opts;	 /* flags that are no fields; NULL: none */
	const char *flag;	 /* the last word is the value of this one: its name, without dashes */
	int npos;		 /* words before the last that are no flags */
};

/* Offers a word with what it is (may be NULL), if it begins as cur does. forgive: case and dashes
 * do not matter. */
void complete_word(const struct complete *w, const char *word, const char *doc);
void complete_code(const struct complete *w, const char *word, const char *doc);

/* Words of a text, parted by spaces. */
void complete_words(const struct complete *w, const char *words);

/* Files go here; no space follows the word. */
void complete_files(struct complete *w);
void complete_open(struct complete *w);

/* From here on candidates are what follows len bytes of cur. */
void complete_skip(struct complete *w, size_t len);

/* What a field may be given; columns of the method's answer; EVENT/NAME, the field being the name. */
void complete_value(struct typed *l, const struct shape_field *f);
void complete_columns(struct typed *l);
void complete_methods(struct typed *l);
void complete_pair(struct typed *l, const struct shape_field *name);

/* What only the daemon knows; nothing when it does not answer in time. */
void live_events(const struct complete *w, const char *tail);
void live_slugs(const struct complete *w, const char *method, const char *field);
void live_names(const struct complete *w, const char *method, const char *tail);
void live_holds(const struct complete *w);
void live_orders(const struct complete *w);
void live_tickets(const struct complete *w);
void live_jobs(const struct complete *w);
void live_money(const struct complete *w, const char *method, const char *field);

#endif
